"""Formulas: derivatives against mpmath's, sharing, growth, constants, threads."""

import functools
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdviz.engine.language.autodiff import differentiate
from gdviz.engine.language.backends import MATH, NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.language.parser import parse
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.language.mpmath_reference import evaluate

CONSTANTS = {"x": 1.3, "t": -0.4}
FORMULAS = [
    "b*sigmoid(a*x)",
    "(b*sigmoid(a*x) - t)^2/2",
    "sigmoid(b*sigmoid(a*x))",
    "sigmoid(b*sigmoid(a*sigmoid(b*x)))",
    "(1 - a)^2 + 100*(b - a^2)^2",
    "(a^2 + b - 11)^2 + (a + b^2 - 7)^2",
    "-20*exp(-0.2*sqrt((a^2 + b^2)/2)) - exp((cos(2*pi*a) + cos(2*pi*b))/2) + e + 20",
    "20 + a^2 + b^2 - 10*(cos(2*pi*a) + cos(2*pi*b))",
    "a*sin(b) + b*sin(a) + a^2 + b^2",
    "a^3 - 3*a*b^2",
    "log(1 + exp(-(a*x + b*t)))",
    "softplus(-(a*x + b*t)) + softplus(a*b)",
    "exp(-a^2 - b^2)*(a - b)",
    "1/(1 + a^2 + b^2)",
    "a/b + b/a",
    "a/(b/(a/(b + 3)))",
    "(a - b)/(a^2 + b^2 + 1)",
    "sqrt(a^2 + b^2 + 1)",
    "sqrt(abs(a*b) + 1)",
    "abs(a)^3*abs(b)",
    "log(a^2 + 1)*log10(b^2 + 2)",
    "(a^2 + 1)^b",
    "(a^2 + 1)^(b/2 - 1)",
    "2^a + e^b - pi^(a*b)",
    "(a^2 + b^2)^1.5",
    "(a^2 + b^2 + 1)^-0.75",
    "a^5 - b^7 + a^4*b^3",
    "(a + b)^-2",
    "tan(a/3)*atan(b)",
    "asin(a/5)*acos(b/5)",
    "sinh(a)*cosh(b) - tanh(a*b)",
    "tanh(a)^2 + tanh(b)^3",
    "relu(a)*relu(-b) + relu(a*b + 2)^2",
    "max(a, b)^2 + min(a, b)*a",
    "max(a, b, a*b, 1)",
    "min(sin(a), cos(b), a)",
    "sin(cos(sin(cos(a*b))))",
    "x^a*abs(t)^b",
    "(a*x - t)^2/(1 + (b*x)^2)",
    "-(-(-a))*-b - +a",
    "((a))*(((b)))^2",
    "a",
    "3*b",
]
POINTS = [(0.7, 1.3), (-1.25, 0.85), (2.1, -0.6)]


@functools.cache
def reference(text: str, a: float, b: float) -> tuple[list[float], list[float]]:
    """Return (gradient, Hessian) from mpmath's differences with some hundred digits."""
    tree = parse(text, tuple(CONSTANTS))
    constants = {name: mp.mpf(value) for name, value in CONSTANTS.items()}

    def f(u: Any, v: Any) -> Any:
        return evaluate(tree, {**constants, "a": u, "b": v})

    with mp.workdps(40):
        orders = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
        values = [float(mp.diff(f, (mp.mpf(a), mp.mpf(b)), order)) for order in orders]
    return values[:2], values[2:]


@pytest.mark.parametrize("text", FORMULAS)
def test_derivatives_against_mpmath(text: str) -> None:
    objective = FormulaObjective.from_text(text, CONSTANTS)
    counted = CountedObjective(objective, "float64")
    for a, b in POINTS:
        with mp.workdps(40):
            value = evaluate(parse(text, tuple(CONSTANTS)), {"a": mp.mpf(a), "b": mp.mpf(b),
                             **{k: mp.mpf(v) for k, v in CONSTANTS.items()}})  # fmt: skip
        gradient, hessian = reference(text, a, b)
        scale = max(1e-3, *map(abs, gradient), *map(abs, hessian))
        for ours, theirs in (
            (objective.value(a, b), float(value)),
            (counted.value(a, b), float(value)),
            (counted.complex_value(complex(a), complex(b)).real, float(value)),
            *zip(objective.gradient(a, b), gradient, strict=True),
            *zip(counted.gradient(a, b), gradient, strict=True),
            *zip(objective.hessian(a, b), hessian, strict=True),
        ):
            assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-13 * scale)


@pytest.mark.parametrize("text", FORMULAS)
def test_scalars_arrays_and_float32_agree(text: str) -> None:
    objective = FormulaObjective.from_text(text, CONSTANTS)
    a, b = np.array(POINTS).T
    np.testing.assert_allclose(
        objective.values(a, b), [objective.value(*point) for point in POINTS], rtol=1e-14
    )
    table = objective.values(a, b[:, None])
    assert table.shape == (3, 3)
    assert table[2, 1] == pytest.approx(objective.value(a[1], b[2]), rel=1e-14)
    single = CountedObjective(objective, "float32")
    for point, value in zip(POINTS, objective.values(a, b), strict=True):
        here = np.float32(point[0]), np.float32(point[1])
        result = single.value(*here)
        assert type(result) is np.float32
        scale = max(1.0, abs(float(value)))
        exact = objective.value(*map(float, here))
        assert float(result) == pytest.approx(exact, rel=1e-3, abs=1e-4 * scale)


# -- constants are arguments


def test_turning_a_constant_derives_nothing_again() -> None:
    one = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})
    two = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 2.5})
    assert one.formula is two.formula
    assert one != two
    assert one == FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})
    assert one.formula.compiled("gradient", NUMPY) is two.formula.compiled("gradient", NUMPY)
    nodes = len(one.formula.graph)
    assert two.value(0.4, 1.0) == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert one.value(0.4, 1.0) == pytest.approx(1 / (1 + np.exp(-0.4)))
    assert len(one.formula.graph) == nodes


def test_constants_go_by_name() -> None:
    objective = FormulaObjective.from_text("a*t - b/x", {"x": 4.0, "t": 3.0})
    assert objective.value(5.0, 8.0) == 13.0
    assert objective.gradient(5.0, 8.0) == (3.0, -0.25)


def test_constants_that_are_not_in_the_formula() -> None:
    assert FormulaObjective.from_text("a - b", {"z": 1.0, "y": 2.0}).value(3.0, 1.0) == 2.0


def test_a_constant_may_be_called_like_an_argument_of_the_tables() -> None:
    """The derivatives are written in u and v; a constant of that name is not meant by them."""
    objective = FormulaObjective.from_text("u*a^2*v + exp(v*b)", {"u": 3.0, "v": 2.0})
    assert objective.gradient(5.0, 0.0) == (60.0, 2.0)


# -- the graph


def operations(formula: Formula, outputs: list[int]) -> Counter[str]:
    return Counter(formula.graph[i].operation for i in formula.graph.reachable(outputs))


def test_shared_subexpressions_are_one_node() -> None:
    formula = Formula.parse("exp(a*b) + exp(a*b)^2 + sin(exp(b*a))")
    counts = operations(formula, [formula.output])
    assert counts["exp"] == 1
    assert counts["mul"] == 1  # a*b and b*a


def test_the_sigmoid_unit_shares_its_exponential() -> None:
    """C8: y = σ(ax) is computed once for the value and for both components."""
    formula = Formula.parse("b*sigmoid(a*x)", ("x",))
    counts = operations(formula, [formula.output, *formula.gradient_nodes])
    assert counts["sigmoid"] == 1
    assert counts["exp"] == 0


def test_numbers_are_folded_and_neutral_ones_vanish() -> None:
    graph = Graph()
    a = graph.name("a")
    for text in ("a", "a*1", "1*a", "a + 0", "0 + a", "a - 0", "a/1", "a^1", "--a", "a*(3 - 2)",
                 "a^(2/2)", "a + 0*b"):  # fmt: skip
        assert lower(parse(text), graph) == a
    for text in ("1", "a^0", "1^a", "sin(0) + 1", "cos(0*b)", "2^-1*2"):
        assert lower(parse(text), graph) == graph.number(1.0)
    assert lower(parse("-1*a"), graph) == lower(parse("0 - a"), graph) == lower(parse("-a"), graph)


def test_the_arithmetic_stays_the_one_that_was_written() -> None:
    """Nothing is reassociated: (a + 1e16) − 1e16 loses a's digits, as it does in any program."""
    objective = FormulaObjective.from_text("(a + 1e16) - 1e16")
    assert objective.value(0.3, 0.0) == 0.0
    assert FormulaObjective.from_text("a + (1e16 - 1e16)").value(0.3, 0.0) == 0.3


def test_minus_zero_is_zero() -> None:
    graph = Graph()
    assert graph.number(-0.0) == graph.number(0.0)
    assert str(graph[graph.number(-0.0)].value) == "0.0"


def test_names() -> None:
    formula = Formula.parse("a*x + 0*b", ("t", "x"))
    assert set(formula.graph.names([formula.output])) == {"a", "x"}


def sizes(text: str) -> tuple[int, int, int]:
    formula = Formula.parse(text)
    return (
        len(formula.graph.reachable([formula.output])),
        len(formula.graph.reachable(formula.gradient_nodes)),
        len(formula.graph.reachable(formula.hessian_nodes)),
    )


def product(count: int) -> str:
    return "*".join(f"(a + {i}*b)" for i in range(1, count + 1))


def nested(count: int) -> str:
    text = "a"
    for i in range(count):
        text = f"{('sin', 'tanh', 'exp')[i % 3]}({text}*b/9)"
    return text


@pytest.mark.parametrize(("family", "count"), [(product, 40), (nested, 24)])
def test_derivatives_grow_linearly(family: Callable[[int], str], count: int) -> None:
    """SymPy's grow like the cube: these two took it 10 s and 4 s."""
    value, gradient, hessian = sizes(family(count))
    assert gradient < 5 * value
    assert hessian < 25 * value
    half = sizes(family(count // 2))
    for small, large in zip(half, (value, gradient, hessian), strict=True):
        assert large < 2.3 * small


def test_the_derivative_of_a_long_product() -> None:
    objective = FormulaObjective.from_text(product(40))
    a, b = 0.5, -0.01
    factors = [a + i * b for i in range(1, 41)]
    in_a = np.prod(factors) * sum(1 / factor for factor in factors)
    in_b = np.prod(factors) * sum(i / factor for i, factor in enumerate(factors, 1))
    assert objective.gradient(a, b) == pytest.approx((in_a, in_b), rel=1e-11)


def test_a_gradient_costs_a_constant_number_of_nodes_a_node() -> None:
    """Griewank's bound, for the worst single operation of the table."""
    for name, row in OPERATIONS.items():
        graph = Graph()
        names = "ab"[: row.arity]
        output = graph.apply(name, *map(graph.name, names))
        differentiate(graph, output, names)
        assert len(graph) <= 16


# -- caching and threads


def test_a_formula_is_kept() -> None:
    assert Formula.parse("a + 17*b") is Formula.parse("a + 17*b")
    assert Formula.parse("a + 17*b") is not Formula.parse("a + 17*b", ("x",))


def test_a_refusal_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(FormulaError):
            Formula.parse("a +")


def test_threads_may_add_nodes_at_once() -> None:
    """A worker compiles for the grid while the window derives the path's gradient."""
    graph = Graph()
    count, workers = 4000, 6
    barrier = threading.Barrier(workers)
    results: list[list[tuple[float, int]]] = []

    def work(worker: int) -> None:
        numbers = [1.0 + (7 * i + worker) % count for i in range(count)]
        barrier.wait()
        results.append([(number, graph.number(number)) for number in numbers])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert len(results) == workers
    assert len(graph) == count
    assert all(graph[index].value == number for result in results for number, index in result)


def test_code_is_generated_for_what_is_asked() -> None:
    formula = Formula.parse("exp(a) + sin(b)")
    exponential = formula.graph[formula.output].arguments[0]
    function = generate(formula.graph, [exponential], ("a", "b"), MATH)
    assert "sin" not in function.__code__.co_names
    assert function(0.0, 5.0) == 1.0
