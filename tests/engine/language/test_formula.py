"""Formulas: derivatives against mpmath's, sharing, growth, constants, threads."""

import functools
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.formula import Formula, FormulaError
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
    assert two.value(0.4, 1.0) == pytest.approx(1 / (1 + np.exp(-1.0)))
    nodes = len(one.formula.graph)
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


# -- caching and threads


def test_a_formula_is_kept() -> None:
    assert Formula.parse("a + 17*b") is Formula.parse("a + 17*b")
    assert Formula.parse("a + 17*b") is not Formula.parse("a + 17*b", ("x",))


def test_a_refusal_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(FormulaError):
            Formula.parse("a +")
