"""Kinds of stationary points: closed forms, functions without a minimum, and valleys of minima."""

import math
from collections.abc import Iterator

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.stationary_points import eigensystem, isolated_kinds, stationary_kind
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

STARTS = (1.0, 1.0), (-1.0, 0.5), (-8.0, 1.0), (0.3, -0.2), (-20.0, 0.0), (0.0, 0.0)
#: One class for x < 0 and one for x ≥ 0: a loss of logistic regression falls for ever.
X = np.linspace(-2.0, 2.0, 9)
SEPARABLE = Data({"x": tuple(X.tolist()), "y": tuple(np.where(X < 0.0, -1.0, 1.0).tolist())})
#: Of charges in coulombs: the loss curves 10³⁶ times as much in b as in a.
CHARGES = Data(
    {"x": tuple(((2 * X + 9.0) * 1.6e-19).tolist()), "y": tuple((3.0 * X + X**2).tolist())}
)
COLLINEAR = Data({"x": (0.0, 1.0, 2.0), "y": (0.0, 1.0, 2.0)})

WITHOUT_MINIMUM = (
    "exp(a) + b^2", "a^2 + exp(-b)", "tanh(a) + b^2", "a^2 + b^3", "a^3 + b^3", "a - sin(a) + b^2",
    "-cos(a) + b^3", "softplus(-a) + b^2", "sigmoid(a) + b^2", "atan(a) + b^2", "exp(-a^2) + b^2",
    "a/sqrt(1 + a^2) + b^2", "(1 - a*b)^2 + a^2", "a^5 + b^2", "a^2 + b^5", "a^7 + b^2",
    "a + sin(a) + b^2", "a^2 - b^2", "a*b", "a^3 - 3*a*b^2", "(b - a^2)*(b - 3*a^2)",
    "(b - a^2)*(b - 2*a^2)", "exp(a) + exp(b)", "exp(-a) + exp(-b)", "log(1 + exp(-a - b))",
    "a^4 - b^4", "b^2 + a^3 + a^5", "b^2 - log(1 + a^2)", "softplus(a) + softplus(b)",
    "b*sigmoid(a)", "sinh(a) + b^2", "a + b", "exp(a)*(1 + b^2)", "(a - b)^2 + exp(a)",
    "(a - b)^2 + exp(-a - b)", "(a - b)^2 + tanh(a + b)", "a*exp(-a) + b^2",
    "sigmoid(b*sigmoid(a))", "(a - b)^2 + b", "tanh(a)^3 + b^2", "1000*b^2 + exp(-a)",
    "b^2/1000 + exp(a)", "exp(a/10) + 100*b^2", "1/(1 + a^2) + b^2", "exp(exp(a)) + b^2",
    "b^2 - sqrt(1 + a^2)", "softplus(a)*softplus(b)", "a*b*abs(a)", "step(a) + a^2 + b^2",
    "mean(log(1 + exp(-y*(a*x + b))))", "sum(softplus(-y*(a*x + b)))",
    "mean(log(1 + exp(-y*a*x))) + b^2", "a^5 + b^4", "a - sin(a) + b^4", "a^3*b + b^3",
)  # fmt: skip
#: And with one, at a point.
WITH_MINIMUM = {
    "a^2 + b^2": (0, 0), "(a - 1)^2 + 25*b^2": (1, 0), "(1 - a)^2 + 100*(b - a^2)^2": (1, 1),
    "cosh(a) + cosh(b)": (0, 0), "a^2 + a*b + b^2": (0, 0), "sqrt(1 + a^2 + b^2)": (0, 0),
    "log(1 + a^2 + b^2)": (0, 0), "-exp(-a^2 - b^2)": (0, 0),
    "cos(a) + cos(b)": (math.pi, -math.pi), "sin(a) + b^2": (-math.pi / 2, 0),
    "exp(a) - a + b^2": (0, 0), "softplus(a) - a/2 + b^2": (0, 0),
    "(a^2 + b - 11)^2 + (a + b^2 - 7)^2": (3, 2), "(a^2 + b^2)/10^12": (0, 0),
    "10^6*a^2 + b^2": (0, 0), "a^4 - a^2 + b^2": (math.sqrt(0.5), 0), "a*atan(a) + b^2": (0, 0),
    "a^2/10^9 + b^2": (0, 0), "exp(a + 3*b) + exp(a - 3*b) + exp(-a)": (-math.log(2) / 2, 0),
    "(1.5 - a + a*b)^2 + (2.25 - a + a*b^2)^2 + (2.625 - a + a*b^3)^2": (3, 0.5),
    "b^2 - sigmoid(a)*(1 - sigmoid(a))": (0, 0), "-1/(1 + a^2 + b^2)": (0, 0),
    "tanh(a)^2 + tanh(b)^2": (0, 0), "a^2/(1 + a^2) + b^2": (0, 0), "10^8 + a^2 + b^2": (0, 0),
    "a^2*(1 + b^2) + b^2": (0, 0), "(a^2 + b^2)^2 + a^2 + b^2": (0, 0),
    "abs(a^2 + 1) + b^2": (0, 0), "max(a^2 + b^2, -1)": (0, 0),
    "100*(a - 7)^2 + (b + 1000)^2": (7, -1000),
    # With a singular Hessian: from higher order.
    "a^4 + b^2": (0, 0), "a^6 + b^2": (0, 0), "(a - b)^2 + (a + b - 2)^4": (1, 1),
    "(a - b^2)^2 + b^4": (0, 0),
}  # fmt: skip


def objective(text: str) -> FormulaObjective:
    return FormulaObjective.from_text(text, data=SEPARABLE)


def paths(text: str) -> Iterator[Path]:
    for start in STARTS:
        for rule, alpha in (("gd", 0.5), ("newton", 1.0), ("l-bfgs", 1.0)):
            yield run_method(
                objective(text), "analytic", rule, start=start, alpha=alpha, epsilon=1e-6,
                steps=300, bounds=Range(-30.0, 30.0, -30.0, 30.0),
            )  # fmt: skip


def test_an_eigensystem() -> None:
    high, low, c, s = eigensystem(2.0, 2.0, 5.0)
    assert (high, low) == pytest.approx((6.0, 1.0))
    assert (c, s) == pytest.approx((1 / math.sqrt(5), 2 / math.sqrt(5)))
    assert eigensystem(3.0, 0.0, 3.0)[:2] == (3.0, 3.0)


@pytest.mark.parametrize(
    ("hessian", "kind"),
    [
        ((2.0, 0.0, 3.0), "minimum"),
        ((2.0, 1.9, 2.0), "minimum"),
        ((2.0, 2.1, 2.0), "saddle"),
        ((-2.0, 0.0, -3.0), "maximum"),
        ((2.0, 0.0, -3.0), "saddle"),
        ((0.0, 1.0, 0.0), "saddle"),
        ((2.0, 0.0, 1e-9), "minimum"),
        ((1e-12, 0.0, 1e-12), "minimum"),
        ((0.0, 0.0, 0.0), "flat"),
        ((2.0, 2.0, 2.0), "valley"),
        ((-2.0, 2.0, -2.0), "flat"),
        ((math.inf, 0.0, 1.0), "flat"),
    ],
)
def test_the_kinds_of_quadratics(hessian: tuple[float, float, float], kind: str) -> None:
    names = dict(zip(("aa", "ab", "bb"), hessian, strict=True))
    quadratic = FormulaObjective.from_text("aa*a^2/2 + ab*a*b + bb*b^2/2", names)
    assert stationary_kind(quadratic, 0.0, 0.0) == kind


@pytest.mark.sampled(18)
@pytest.mark.parametrize("text", WITHOUT_MINIMUM)
def test_where_there_is_no_minimum_none_is_told_of(text: str) -> None:
    """Wherever a method ends, by f that falls on as by one that is level where it rests."""
    for path in paths(text):
        end = path.theta[-1].tolist()
        if np.isfinite([*end, path.loss[-1]]).all():
            assert stationary_kind(objective(text), *end) not in ("minimum", "valley")
        assert "minima" not in path.sentence
        assert "a minimum" not in path.sentence.replace("tell a minimum", "")


@pytest.mark.parametrize("text", ["atan(a) + b^2", "a/sqrt(1 + a^2) + b^2"])
def test_a_slope_that_is_level_to_rounding_far_away_is_no_valley(text: str) -> None:
    assert stationary_kind(objective(text), -1e15, 1e-9) == "flat"


@pytest.mark.parametrize("text", WITH_MINIMUM)
def test_where_there_is_one_it_is_proved(text: str) -> None:
    function, (a, b) = objective(text), WITH_MINIMUM[text]
    assert stationary_kind(function, a, b) == "minimum"
    # From beside it as well, as a method stops there, but not from somewhere else.
    near, far = 1e-6 * max(1.0, math.hypot(a, b)), 0.03 * max(1.0, math.hypot(a, b))
    assert stationary_kind(function, a + near, b - near) == "minimum"
    assert stationary_kind(function, a + far, b - far) == "flat"


@pytest.mark.parametrize("name", [name for name in SURFACES if name != "ackley"])
def test_the_listed_points_of_the_surfaces(name: str) -> None:
    function = FormulaObjective.of(SURFACES[name])
    for point in SURFACES[name].points:
        expected = "flat" if point.degenerate and point.kind != "minimum" else point.kind
        assert stationary_kind(function, point.a, point.b) == expected


@pytest.mark.parametrize("a", [2e-10, 1e-8, 1e-6, 1e-3])
def test_a_hessian_that_vanishes_near_by_tells_nothing(a: float) -> None:
    """Positive definite here, and many times as large all around, but for the minimum itself."""
    function = FormulaObjective.from_text("a^4 + b^4")
    assert isolated_kinds(function, np.array([a + 1j * a])).tolist() == ["flat"]


def test_the_tip_of_a_cone_is_none_that_a_hessian_tells_of() -> None:
    assert stationary_kind(FormulaObjective.of(SURFACES["ackley"]), 0.0, 0.0) == "flat"


@pytest.mark.parametrize("text", ["abs(a) + a^2 + b^2", "a^2 + b^2 - abs(a)", "max(a^2, b^2)"])
def test_a_kink_is_no_smooth_minimum(text: str) -> None:
    """By convention its gradient is zero on the kink, and its Hessian that of a² + b²."""
    assert stationary_kind(FormulaObjective.from_text(text), 0.0, 0.0) == "flat"


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("(a + b)^2", 3.0, -3.0),
        ("(a*b - 1)^2", 2.0, 0.5),
        ("(a^2 + b^2 - 1)^2", 0.6, 0.8),
        ("(100*(a^2 + b^2) - 1)^2", 0.06, 0.08),
        ("(a - b^2)^2 + 5", 1.0, -1.0),
        ("sin(a)^2 + 0*b", math.pi, 8.0),
        ("a^2*exp(-b)", 0.0, 1.0),
        ("a*b^2", 1.0, 0.0),  # up to a = 0
        ("(log(a) - b)^2", 1.0, 0.0),  # where a > 0
        ("mean((a*x + b*x - y)^2)", 0.25, 0.75),
        ("mean((a*x + b*x - y)^2) + 3", 20.0, -19.0),
    ],
)
def test_a_valley_of_minima(text: str, a: float, b: float) -> None:
    function = FormulaObjective.from_text(text, data=COLLINEAR)
    assert stationary_kind(function, a, b) == "valley"
    assert stationary_kind(function, a + 1e-7, b + 1e-7) == "valley"


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("tanh(a) + b^2", -25.0, 0.0),  # constant, as rounded, from here to −∞
        ("tanh(a) + b^2", -12.0, 0.0),
        ("exp(-a) + b^2", 70.0, 0.0),
        ("exp(-a) + b^2", 800.0, 0.0),  # e⁻⁸⁰⁰ is zero
        ("a^3 + b^2", 1e-9, 0.0),
        ("a^9 + b^2", 0.0, 0.0),
        ("b^2 - a^4", 0.0, 0.0),
        ("relu(a)^2 + b^2", 0.0, 0.0),
        ("-(a + b)^2", 0.0, 0.0),
        ("0*a", 1.0, 1.0),
        # Rounding hides the slope to either side of where it begins.
        ("1e6 + 1e3*((2*a - b)^5 + log(1 + (2*b + a)^2))", 0.0, 0.0),
        ("1e10 + (2*a - b)^5 + (2*b + a)^2", 0.0, 0.0),
    ],
)
def test_what_is_level_for_a_while_is_no_valley(text: str, a: float, b: float) -> None:
    assert stationary_kind(FormulaObjective.from_text(text), a, b) == "flat"


@pytest.mark.parametrize("a", [-0.4, 0.0, 3.0])
def test_a_line_through_data_in_tiny_units_has_one_minimum_and_no_valley(a: float) -> None:
    """Along a the loss is level to rounding over all that is near, and yet far from least."""
    objective = FormulaObjective.from_text("mean((a*x + b - y)^2)", data=CHARGES)
    x, y = CHARGES.arrays["x"], CHARGES.arrays["y"]
    slope, level = np.polyfit(x / 1.6e-19, y, 1)
    assert stationary_kind(objective, slope / 1.6e-19, level) == "minimum"
    best = float(np.mean(y - a * x))
    assert objective.value(a, best) > 8 * objective.value(slope / 1.6e-19, level)
    assert stationary_kind(objective, a, best) == "flat"
    path = run_method(objective, "analytic", "gd", start=(a, best + 1.0), alpha=0.4)
    assert "a minimum, f" not in path.sentence
    assert "valley" not in path.sentence
    assert "cannot tell a minimum from flat ground" in path.sentence


def test_a_valley_of_a_quadratic_is_one_still() -> None:
    for text, b in (("(a - b)^2", 0.5), ("b^2", 0.0), ("(2*a + b - 1)^2", 0.0)):
        assert stationary_kind(FormulaObjective.from_text(text), 0.5, b) == "valley"
    assert stationary_kind(FormulaObjective.from_text("1e-20*a^2 + b^2"), 3.0, 0.0) == "flat"
