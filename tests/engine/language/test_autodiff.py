"""Derivatives on the graph: how they grow, and that they are right where they are long."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from gdviz.engine.language.autodiff import differentiate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective


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


def test_a_derivative_with_respect_to_what_is_not_there_is_zero() -> None:
    formula = Formula.parse("a^2", ("x",))
    nodes = differentiate(formula.graph, formula.output, ["b", "x"])
    assert [formula.graph[node].value for node in nodes] == [0.0, 0.0]
    assert FormulaObjective(formula, (1.0,)).gradient(3.0, 0.0)[0] == 6.0


#: Where each is constant, in a point's neighbourhood or in one parameter.
FLAT = {
    "sqrt(relu(a)) + b": (-1, 2), "sqrt(max(a, 0))*b": (-1, 2), "relu(a)^0.5": (-1, 1),
    "exp(-1/relu(a))": (-1, 1), "atan(1/relu(a))": (-1, 1), "sqrt(sqrt(relu(a)))": (-1, 0),
    "a^max(2, b)": (-3, 1), "a^relu(b)": (-3, -1), "sqrt(relu(a)^2 + relu(b)^2)": (-1, -2),
    "asin(max(a, 1))": (-2, 0), "acos(min(a, 1))": (2, 0), "sqrt(relu(-a - b))*b": (1, 1),
    "sqrt(relu(a)*b)": (-1, 1), "sqrt(b*step(a))": (-1, 1), "sqrt(relu(a)/b)": (-1, 1),
    "sqrt(abs(b*relu(a)))": (-1, 1), "sqrt(min(a, 0))*b": (1, 3),
    "sqrt(log(step(a))/(a + b))": (1, 1), "acos(heaviside(log(b))^relu(a*b))": (-2, 2),
    "log10(1 + sqrt(b*asin(sign(a) - 1)))": (2, 3), "acos((1 + step(-a))^b)": (1, 2),
    "cos(asin((a - b)^relu(a)))": (-1, 1), "acos((2 + a*b)^step(a))": (-1, 1),
}  # fmt: skip
SLOPES = {"sqrt(relu(a)) + b": (0, 1), "a^max(2, b)": (-6, 0)}


@pytest.mark.parametrize("text", FLAT)
def test_what_is_constant_has_derivatives_zero(text: str) -> None:
    """Not 0·∞, on floats and on arrays."""
    objective, point = FormulaObjective.from_text(text), FLAT[text]
    expected = SLOPES.get(text, (0, 0))
    assert objective.gradient(*point) == expected
    assert CountedObjective(objective, "float64").gradient(*map(float, point)) == expected
    with np.errstate(all="ignore"):
        single = CountedObjective(objective, "float32").gradient(*map(np.float32, point))
    assert single == expected
    assert objective.hessian(*point) == ((2, 0, 0) if text == "a^max(2, b)" else (0, 0, 0))
    on_array = objective.gradients(np.full(3, point[0]), np.full(3, point[1]))
    assert np.transpose(on_array).tolist() == [list(expected)] * 3


@pytest.mark.parametrize(
    "text",
    [
        "acos(1 - a^2) + b", "relu(1 + acos(1 - a^2))*b", "max(-1, acos(1 - a^2))",
        "step(b)*acos(1 - a^2)", "acos(1 - a^(1 + step(b)))", "asin((1 - a^2)^step(b))",
        "acos(1 - abs(a)^max(2, b))",
    ],
)  # fmt: skip
def test_a_zero_that_is_not_meant_is_none(text: str) -> None:
    """√2·|a| has a kink, though 2a is zero, also within what is flat elsewhere."""
    objective = FormulaObjective.from_text(text)
    with np.errstate(all="ignore"):
        assert math.isnan(objective.gradient(0.0, 1.0)[0])
        assert math.isnan(objective.gradients(np.zeros(2), np.ones(2))[0][1])


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("a^b", (0.0, 2.0), (0.0, 0.0)),
        ("(a^2)^b", (0.0, 1.0), (0.0, 0.0)),
        ("(a^2 + b^2)^(1 + b^2)", (0.0, 0.0), (0.0, 0.0)),
        ("(a - 1)^k", (1.0, 0.0), (0.0, 0.0)),
        ("b^(a^2 + 1)", (1.0, 0.0), (0.0, 0.0)),
        ("0^(a*b)", (1.0, 2.0), (0.0, 0.0)),
        ("(-a)^(0^b)", (2.0, 1.0), (0.0, 0.0)),
        ("(a - 3)^(b - b)", (1.0, 2.0), (0.0, 0.0)),
        ("asin(b/b) + sqrt(a - a)", (1.0, 2.0), (0.0, 0.0)),
        ("sqrt(tan(-a + a)*b)", (1.0, 2.0), (0.0, 0.0)),
        ("sqrt(b + -b)^exp(a)", (1.0, 2.0), (0.0, 0.0)),
        ("(-(a - a))^((b - b)^(-b))", (1.0, -2.0), (0.0, 0.0)),
        ("(-a)^((b - b)^(3 - b))", (2.0, 1.0), (0.0, 0.0)),
        ("acos((a/a)^b - 1 + cos(b - b))", (2.0, 3.0), (0.0, 0.0)),
        ("acos(b/(-b)) + asin((a - b)/(b - a))", (2.0, 3.0), (0.0, 0.0)),
        ("b*log(2 + (a - a)) - b*log(3)*(a - a)", (2.0, 3.0), (0.0, math.log(2))),
    ],
)
def test_what_is_constant_by_its_form(
    text: str, point: tuple[float, float], expected: tuple[float, ...]
) -> None:
    """u^v·log(u) is 0 where u is, and v·u^(v − 1) where v is; u − u and u/u are constant."""
    objective = FormulaObjective.from_text(text, {"k": 0.0})
    assert objective.gradient(*point) == expected
    assert CountedObjective(objective, "float64").gradient(*point) == expected
