"""The estimates: closed forms, error slopes, counted calls, and ε too large or too small."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdviz.base.types import Precision
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES, YOURS, yours
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.language.backends import MATH
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

#: The sigmoid unit where the issues measure it: C4.
A, B, X = 0.7, 1.3, 1.0
UNIT = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": X})
DIFFERENCES = ("forward", "backward", "central")

#: The slip of the question: a for x, once.
SLIP = ("b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))", "sigmoid(a*x)")
#: The table, with a gradient that somebody derived, and without what needs data.
COMPLETE = {**ESTIMATES, YOURS.name: yours(CandidateGradient.parse(UNIT, SLIP).parts)}
del COMPLETE["mini-batch"]


def estimate(
    name: str,
    epsilon: float,
    point: tuple[float, float] = (A, B),
    *,
    objective: FormulaObjective = UNIT,
    precision: Precision = "float64",
    representable: bool = False,
) -> tuple[float, float]:
    counted = CountedObjective(objective, precision)
    real = counted.real
    with np.errstate(all="ignore"):
        estimate = COMPLETE[name].bind(counted, real(epsilon), representable)
        g_a, g_b = estimate(real(point[0]), real(point[1]))
    if precision == "float32":
        assert isinstance(g_a, np.float32)
        assert isinstance(g_b, np.float32)
    return float(g_a), float(g_b)


def closed_form(a: float, b: float, x: float) -> tuple[float, float]:
    """C5: ∇z = (b·x·σ(ax)(1 − σ(ax)), σ(ax)), with 40 digits."""
    with mp.workdps(40):
        s = 1 / (1 + mp.exp(-mp.mpf(a) * mp.mpf(x)))
        return float(b * x * s * (1 - s)), float(s)


def error(name: str, epsilon: float, **options: Any) -> float:
    return math.dist(estimate(name, epsilon, **options), closed_form(A, B, X))


# -- the exact one


@pytest.mark.parametrize("x", [1.0, -2.5, 0.0])
@pytest.mark.parametrize(("a", "b"), [(A, B), (-3.2, 2.6), (5.0, -4.0), (0.0, 1.0), (40.0, 1.0)])
def test_the_analytic_gradient_of_the_sigmoid_unit(a: float, b: float, x: float) -> None:
    objective = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": x})
    expected = closed_form(a, b, x)
    for epsilon in (1e-20, 1.0):
        ours = estimate("analytic", epsilon, (a, b), objective=objective)
        assert ours == pytest.approx(expected, rel=1e-15, abs=0)


def test_the_slip_in_the_question_is_another_number() -> None:
    """C5: with the aside's factor a in it the derivative would be off by far."""
    s = 1 / (1 + math.exp(-A))
    slip = B * s * (1 - A * s)
    assert abs(slip - estimate("analytic", 1.0)[0]) > 0.1


# -- what the differences are, written out


@pytest.mark.parametrize("epsilon", [2.0, 0.5, 2.0**-10])
def test_each_difference_is_its_formula(epsilon: float) -> None:
    def z(a: float, b: float) -> float:
        return b / (1.0 + math.exp(-a))

    h, here = epsilon, z(A, B)
    expected = {
        "forward": ((z(A + h, B) - here) / h, (z(A, B + h) - here) / h),
        "backward": ((here - z(A - h, B)) / h, (here - z(A, B - h)) / h),
        "central": (
            (z(A + h, B) - z(A - h, B)) / (2 * h),
            (z(A, B + h) - z(A, B - h)) / (2 * h),
        ),
        "mistaken": (B / (1.0 + math.exp(-h)) / h, 1.0 / (1.0 + math.exp(-A))),
    }
    for name, components in expected.items():
        assert estimate(name, epsilon) == pytest.approx(components, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"), [("forward", 7.0), ("backward", 5.0), ("central", 6.0)]
)
def test_differences_of_a_square_by_hand(name: str, expected: float) -> None:
    """(a ± 1)² around a = 3: 16 − 9, 9 − 4, (16 − 4)/2; the b-component is linear."""
    objective = FormulaObjective.from_text("a^2 + 4*b")
    assert estimate(name, 1.0, (3.0, 2.0), objective=objective) == (expected, 4.0)


# -- error slopes


@pytest.mark.parametrize(
    ("name", "slope"),
    [("forward", 1), ("backward", 1), ("central", 2), ("complex-step", 2)],
)
@pytest.mark.parametrize("surface", ["sigmoid-unit", "rosenbrock", "mccormick", "peaks"])
def test_error_slopes(name: str, slope: int, surface: str) -> None:
    """log–log regression where truncation dominates."""
    row = SURFACES[surface]
    objective = FormulaObjective.of(row)
    point = (0.7, 0.45)
    exact = objective.gradient(*point)
    epsilons = np.logspace(-3.5, -2.0, 12)
    errors = [math.dist(estimate(name, h, point, objective=objective), exact) for h in epsilons]
    fitted = np.polyfit(np.log(epsilons), np.log(errors), 1)[0]
    assert fitted == pytest.approx(slope, abs=0.04)


def test_the_leading_error_terms() -> None:
    """ε/2·f″ forward, −ε/2·f″ backward, ε²/6·f‴ central, −ε²/6·f‴ complex step."""
    s = 1 / (1 + math.exp(-A))
    second = B * s * (1 - s) * (1 - 2 * s)
    third = B * s * (1 - s) * (1 - 6 * s + 6 * s * s)
    exact = closed_form(A, B, X)[0]
    h = 1e-3
    expected = {
        "forward": h / 2 * second,
        "backward": -h / 2 * second,
        "central": h * h / 6 * third,
        "complex-step": -h * h / 6 * third,
    }
    for name, term in expected.items():
        assert estimate(name, h)[0] - exact == pytest.approx(term, rel=2e-2)


def test_the_b_component_has_no_truncation_error() -> None:
    """C7: z is linear in b, so that its difference is σ(ax) for any ε, to round-off."""
    exact = closed_form(A, B, X)[1]
    for name in (*DIFFERENCES, "complex-step", "mistaken"):
        for epsilon in np.logspace(-6, 2, 33):
            round_off = 8 * 2.2e-16 * (1 + B / epsilon)
            assert abs(estimate(name, epsilon)[1] - exact) <= round_off
    # and the a-component has plenty:
    assert error("forward", 1.0) > 0.01


# -- the mistaken shortcut


def test_the_mistaken_shortcut_is_what_it_says() -> None:
    """C6: b·σ(εx)/ε, for any x."""
    for x in (1.0, -2.0, 0.5):
        objective = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": x})
        for epsilon in (1e-12, 1e-6, 1e-2, 1.0, 50.0):
            ours = estimate("mistaken", epsilon, (A, B), objective=objective)
            expected = B / (1 + math.exp(-epsilon * x)) / epsilon, 1 / (1 + math.exp(-A * x))
            assert ours == pytest.approx(expected, rel=1e-13)


def test_the_mistaken_shortcut_grows_as_epsilon_shrinks() -> None:
    """C6: like b/(2ε), slope −1 and the constant too."""
    epsilons = np.logspace(-12, -4, 17)
    components = np.array([estimate("mistaken", epsilon)[0] for epsilon in epsilons])
    slope, intercept = np.polyfit(np.log(epsilons), np.log(components), 1)
    assert slope == pytest.approx(-1.0, abs=1e-5)
    assert math.exp(intercept) == pytest.approx(B / 2, rel=1e-4)
    np.testing.assert_allclose(components, B / (2 * epsilons), rtol=1e-4)


def test_the_mistaken_shortcut_is_for_the_sigmoid_unit_only() -> None:
    assert {name for name, row in ESTIMATES.items() if row.only_on} == {"mistaken"}
    assert ESTIMATES["mistaken"].only_on == "sigmoid-unit"
    assert SURFACES["sigmoid-unit"].formula == "b*sigmoid(a*x)"


# -- ε too large and too small: C4


def typical(name: str, exponent: float, precision: Precision) -> float:
    """Return the median error around ε = 10^exponent; one ε alone may be lucky."""
    epsilons = np.logspace(exponent - 0.4, exponent + 0.4, 41)
    return float(np.median([error(name, epsilon, precision=precision) for epsilon in epsilons]))


@pytest.mark.parametrize(
    ("name", "precision", "best", "bottom"),
    [
        ("forward", "float64", -8, 5e-9),
        ("backward", "float64", -8, 5e-9),
        ("central", "float64", -5, 8e-12),
        ("forward", "float32", -3, 1e-4),
    ],
)
def test_the_error_is_a_valley(name: str, precision: Precision, best: int, bottom: float) -> None:
    exponents = best + np.arange(-6, 7) / 2
    errors = [typical(name, exponent, precision) for exponent in exponents]
    lowest = int(np.argmin(errors))
    assert abs(exponents[lowest] - best) <= 0.5
    assert bottom / 2 < errors[lowest] < bottom * 2
    # Round-off grows to the left like 1/ε and truncation to the right like ε or ε².
    for side in (-1, 1):
        decades = [
            typical(name, exponents[lowest] + side * decade, precision) for decade in range(4)
        ]
        assert all(further > 3 * nearer for nearer, further in itertools.pairwise(decades))


@pytest.mark.parametrize("name", DIFFERENCES)
@pytest.mark.parametrize("epsilon", [1e-8, 1e-10, 1e-20])
def test_float32_differences_of_tiny_steps_are_exactly_zero(name: str, epsilon: float) -> None:
    assert estimate(name, epsilon, precision="float32") == (0.0, 0.0)


@pytest.mark.parametrize("surface", list(SURFACES))
def test_the_complex_step_has_no_cancellation(surface: str) -> None:
    row = SURFACES[surface]
    objective = FormulaObjective.of(row)
    for point in (row.start, (0.7, 0.45), (-1.3, 0.2)):
        exact = objective.gradient(*point)
        ours = estimate("complex-step", 1e-20, point, objective=objective)
        scale = max(map(abs, exact))
        assert ours == pytest.approx(exact, rel=1e-13, abs=1e-14 * scale)


def test_the_complex_step_in_float32() -> None:
    assert estimate("complex-step", 1e-20, precision="float32") == pytest.approx(
        closed_form(A, B, X), rel=5e-7
    )


# -- the step that is really taken


def test_nominal_and_representable_steps_by_hand() -> None:
    """float32 knows 1 and 1 + 2⁻²³ and nothing between: ε = 10⁻⁷ becomes 2⁻²³ ≈ 1.19·10⁻⁷.

    Below 1 the numbers lie twice as close: 1 − 10⁻⁷ becomes 1 − 2⁻²³ as well (10⁻⁷ is 1.68 of
    those steps).
    """
    objective = FormulaObjective.from_text("a + b")
    step, epsilon = 2.0**-23, float(np.float32(1e-7))
    for name in DIFFERENCES:
        options: dict[str, Any] = {"objective": objective, "precision": "float32"}
        # b = 0 makes θ_b ± ε exact, and the sum a + (0 ± ε) is rounded like a ± ε.
        nominal = estimate(name, 1e-7, (1.0, 0.0), **options)
        taken = estimate(name, 1e-7, (1.0, 0.0), representable=True, **options)
        assert nominal == pytest.approx((step / epsilon, step / epsilon), rel=1e-6)
        assert taken == pytest.approx((1.0, step / epsilon), rel=1e-6)
        assert taken[0] == 1.0


def test_representable_steps_in_float64() -> None:
    """1 + 1.5·10⁻¹⁶ is 1 + 2⁻⁵², and 1 + 10⁻¹⁶ is 1: then there is no step to divide by."""
    objective = FormulaObjective.from_text("a^1 + 0*b")
    options: dict[str, Any] = {"objective": objective, "representable": True}
    assert estimate("forward", 1.5e-16, (1.0, 0.0), **options)[0] == 1.0
    nominal = estimate("forward", 1.5e-16, (1.0, 0.0), objective=objective)[0]
    assert nominal == 2.0**-52 / 1.5e-16
    with pytest.raises(ZeroDivisionError):
        estimate("forward", 1e-16, (1.0, 0.0), **options)
    assert estimate("forward", 1e-16, (1.0, 0.0), objective=objective)[0] == 0.0


def test_the_representable_step_changes_nothing_where_the_step_is_exact() -> None:
    for name in COMPLETE:
        one, two = (estimate(name, 2.0**-20, (0.5, 0.25), representable=r) for r in (False, True))
        assert one == two


def test_richardson_has_order_4_and_the_constant_of_its_fifth_derivative() -> None:
    """−ε⁴/480·f⁽⁵⁾: at exp it is the value itself, of b there is nothing."""
    objective = FormulaObjective.from_text("exp(a) + b^4")  # exact up to fourth powers
    for epsilon in (0.5, 0.25, 0.125):
        in_a, in_b = estimate("richardson", epsilon, (0.0, 1.0), objective=objective)
        assert in_a - 1.0 == pytest.approx(-(epsilon**4) / 480, rel=0.02)
        assert in_b == pytest.approx(4.0, rel=1e-13)


# -- counting


@dataclass
class Spy:
    """An objective of our own that writes down where it is asked for what."""

    calls: list[tuple[str, Any, Any]] = field(default_factory=list)
    real: Callable[[Any], Any] = float

    def value(self, a: Any, b: Any) -> Any:
        self.calls.append(("value", a, b))
        return b * math.tanh(a)

    def gradient(self, a: Any, b: Any) -> tuple[Any, Any]:
        self.calls.append(("gradient", a, b))
        return b / math.cosh(a) ** 2, math.tanh(a)

    def complex_value(self, a: Any, b: Any) -> Any:
        self.calls.append(("complex", a, b))
        return b * np.tanh(a)


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("analytic", [("gradient", 1.0, 2.0)]),
        ("forward", [("value", 1.0, 2.0), ("value", 1.5, 2.0), ("value", 1.0, 2.5)]),
        ("backward", [("value", 1.0, 2.0), ("value", 0.5, 2.0), ("value", 1.0, 1.5)]),
        (
            "central",
            [("value", 1.5, 2.0), ("value", 0.5, 2.0), ("value", 1.0, 2.5), ("value", 1.0, 1.5)],
        ),
        ("complex-step", [("complex", 1.0 + 0.5j, 2.0 + 0j), ("complex", 1.0 + 0j, 2.0 + 0.5j)]),
        ("mistaken", [("value", 0.5, 2.0), ("value", 1.0, 1.0)]),
    ],
)
@pytest.mark.parametrize("representable", [False, True])
def test_what_an_estimate_asks_for(
    name: str, calls: list[tuple[str, Any, Any]], representable: bool
) -> None:
    spy = Spy()
    ESTIMATES[name].bind(spy, 0.5, representable)(1.0, 2.0)  # type: ignore[arg-type]
    assert sorted(spy.calls, key=repr) == sorted(calls, key=repr)


@pytest.mark.parametrize(
    ("name", "evaluations"),
    [
        ("analytic", 2),
        ("forward", 3),
        ("backward", 3),
        ("central", 4),
        ("complex-step", 2),
        ("richardson", 8),
        ("forward-mode", 2),
        ("forward-gradient", 1),
        ("mistaken", 2),
        ("yours", 2),
    ],
)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_counted_evaluations(name: str, evaluations: int, precision: Precision) -> None:
    counted = CountedObjective(UNIT, precision)
    estimate = COMPLETE[name].bind(counted, counted.real(0.1), False)
    for k in range(1, 4):
        estimate(counted.real(A), counted.real(B))
        assert counted.evaluations == k * evaluations
    values, gradients, hessians = counted.calls
    assert (gradients > 0) == (name in ("analytic", "yours"))
    assert (values > 0) + (gradients > 0) == (not name.startswith("forward-"))
    assert hessians == 0


@pytest.mark.parametrize("surface", SURFACES)
def test_forward_mode_is_the_gradient_to_rounding(surface: str) -> None:
    home, objective = SURFACES[surface].home, FormulaObjective.of(SURFACES[surface])
    tangents, exact = (
        ESTIMATES[name].bind(CountedObjective(objective, "float64"), 1e-6, False)
        for name in ("forward-mode", "analytic")
    )
    points = np.random.default_rng(5).uniform(home[::2], home[1::2], (60, 2)).tolist()
    with np.errstate(all="ignore"):
        pairs = [(exact(*at), tangents(*at)) for at in points]
    defined = [(e, t) for e, t in pairs if np.isfinite(e).all()]
    assert len(defined) > 40
    for e, t in defined:
        assert np.abs(np.subtract(e, t)).max() <= 2e-13 * np.abs(e).max()


def test_a_call_that_python_refuses_counts_once() -> None:
    """Where Python floats raise, the call is repeated on NumPy: still one evaluation."""
    counted = CountedObjective(FormulaObjective.from_text("1/a + log(b)"), "float64")
    with np.errstate(all="ignore"):
        assert counted.value(0.0, 1.0) == math.inf
        assert math.isnan(counted.value(1.0, -1.0))
        assert counted.gradient(0.0, 1.0) == (-math.inf, 1.0)
    assert counted.calls == (2, 1, 0)


# -- the table


def test_the_table() -> None:
    assert list(ESTIMATES) == [
        "analytic", "forward", "backward", "central", "richardson", "adaptive", "complex-step",
        "forward-mode", "forward-gradient", "spsa", "gaussian", "evolution", "random-coordinate",
        "mini-batch", "mistaken", "yours",
    ]  # fmt: skip
    assert all(row.name == name for name, row in ESTIMATES.items())
    without = {name for name, row in ESTIMATES.items() if not row.uses_epsilon}
    assert without == {
        "analytic", "adaptive", "forward-mode", "forward-gradient", "mini-batch", "yours"
    }  # fmt: skip
    assert {name for name, row in ESTIMATES.items() if row.differences} == {
        *DIFFERENCES, "richardson", "spsa", "gaussian", "evolution", "random-coordinate"
    }  # fmt: skip
    assert {name for name, row in ESTIMATES.items() if row.is_random} == {
        "forward-gradient", "spsa", "gaussian", "evolution", "random-coordinate", "mini-batch"
    }  # fmt: skip


def test_epsilon_matters_where_the_table_says_so() -> None:
    for name, row in COMPLETE.items():
        assert (estimate(name, 0.5) != estimate(name, 0.25)) == row.uses_epsilon


def test_a_gradient_of_ones_own_is_taken_as_it_stands() -> None:
    s = 1.0 / (1.0 + math.exp(-A))
    slipped = B * s * (1.0 - A * s)
    assert estimate("yours", 1.0) == pytest.approx((slipped, s), rel=1e-15)
    assert estimate("yours", 1.0, precision="float32") == pytest.approx((slipped, s), rel=1e-6)
    on_arrays = COMPLETE["yours"].bind(CountedObjective(UNIT, "float64", arrays=True), 1.0, False)
    for found, expected in zip(on_arrays(np.array([A]), np.array([B])), (slipped, s), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_a_gradient_of_ones_own_raises_no_more_than_a_formula_does() -> None:
    """Python's floats raise at 1/0 and log(0), once or in both components."""
    parts = CandidateGradient.parse(UNIT, ("1/(a - a)", "log(b - b)")).parts
    counted = CountedObjective(UNIT, "float64")
    with np.errstate(all="ignore"):
        assert yours(parts).bind(counted, 1.0, False)(A, B) == (math.inf, -math.inf)
    assert counted.calls == (0, 1, 0)


def test_no_gradient_has_been_derived() -> None:
    with pytest.raises(ValueError, match="no gradient has been derived"):
        YOURS.bind(CountedObjective(UNIT, "float64"), 1.0, False)


def test_the_gradient_is_derived_from_the_formula() -> None:
    formula = Formula.parse("b*sigmoid(a*x)", ("x",))
    assert formula.compiled("gradient", MATH)(0.0, 2.0, 1.0) == (0.5, 0.5)
