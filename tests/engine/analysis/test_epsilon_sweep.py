"""The sweep: the numbers of the descent, laws of truncation and round-off, and C4's figures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.epsilon_sweep import Curve, Sweep, estimates_on, steps, sweep_epsilon
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import SURFACES

UNIT = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})
AT = (0.7, 1.3)
U = {"float64": 2.0**-53, "float32": 2.0**-24}

# No exp, sin …: there NumPy and math may differ in the last bit.
RATIONAL = ("a^2*b - a/b", "(1 - a)^2 + 100*(b - a^2)^2", "sqrt(a*a + b^2)", "abs(a) + max(a, b)")
FORMULAS = (
    *RATIONAL, "b*sigmoid(a)", "softplus(-a*b)", "exp(a)*sin(b) + cos(a)^3", "a^2.5*log(b)",
    "relu(a - b)*tanh(b) + min(a, b)^3", "sign(a)*heaviside(b) + step(b) + tan(a) + atan(b)",
    "(-a)^3 + (-b)^(4 + 1)", "3 + 0*a",
)  # fmt: skip


def curve(result: Sweep, estimate: str, precision: str = "float64") -> Curve:
    (found,) = [c for c in result.curves if (c.estimate, c.precision) == (estimate, precision)]
    return found


def at(result: Sweep, values: Any, epsilon: float) -> float:
    """Return the value at the sample next to an ε."""
    return float(values[np.abs(np.log(result.epsilon / epsilon)).argmin()])


def slope(result: Sweep, values: Any, low: float, high: float) -> float:
    within = (result.epsilon >= low) & (result.epsilon <= high)
    return float(np.polyfit(np.log(result.epsilon[within]), np.log(values[within]), 1)[0])


def by_scalars(
    objective: FormulaObjective, point: tuple[float, float], name: str, precision: Any, grid: Any,
    representable: bool = False,
) -> Any:  # fmt: skip
    """Return the errors one ε at a time, as the descent gets them."""
    counted = CountedObjective(objective, precision)
    a, b = counted.real(point[0]), counted.real(point[1])
    exact = objective.gradient(a, b)
    errors = []
    with np.errstate(all="ignore"):
        for epsilon in grid:
            try:
                estimate = ESTIMATES[name].bind(counted, counted.real(epsilon), representable)
                gradient = estimate(a, b)
            except ZeroDivisionError:
                gradient = (math.nan, math.nan)
            errors.append(
                np.hypot(*(np.float64(g) - e for g, e in zip(gradient, exact, strict=True)))
            )
    return np.array(errors)


# -- the same numbers as the descent's


def is_exact(formula: str, name: str, precision: str) -> bool:
    """Tell whether arrays and scalars have the same bits.

    NumPy's exp is not the one of ``math``, and its products of complex arrays are fused where
    those of scalars are not.
    """
    return name != "complex-step" and (precision == "float32" or formula in RATIONAL)


@pytest.mark.parametrize("representable", [False, True], ids=["epsilon", "representable"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_the_errors_are_those_of_the_descent(
    formula: str, precision: Any, representable: bool
) -> None:
    objective, grid = FormulaObjective.from_text(formula), steps(120)
    result = sweep_epsilon(
        objective, AT, epsilon=grid, precisions=[precision], representable_step=representable
    )
    for name in estimates_on("rosenbrock"):
        swept = curve(result, name, precision)
        expected = by_scalars(objective, AT, name, precision, grid, representable)
        if is_exact(formula, name, precision):
            np.testing.assert_array_equal(swept.error, expected, err_msg=name)
            continue
        # A difference divides by ε what two values are off by: some units in the last place.
        size = math.hypot(*objective.gradient(*AT)) + expected
        allowed = 8 * np.nan_to_num(swept.round_off) + 8 * U[precision] * size
        close = np.abs(swept.error - expected) <= allowed
        assert (close | (np.isnan(swept.error) & np.isnan(expected))).all(), name


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_mistaken_shortcut_is_the_descents(precision: Any) -> None:
    grid = steps(60)
    result = sweep_epsilon(UNIT, AT, epsilon=grid, estimates=["mistaken"], precisions=[precision])
    (swept,) = result.curves
    np.testing.assert_allclose(
        swept.error, by_scalars(UNIT, AT, "mistaken", precision, grid), rtol=4 * U[precision]
    )
    tiny = grid < 1e-4
    np.testing.assert_allclose(swept.error[tiny], AT[1] / (2 * grid[tiny]), rtol=1e-3)
    assert np.isnan(swept.truncation).all()
    assert np.isnan(swept.round_off).all()


def test_the_error_is_that_at_the_point_as_float32_has_it() -> None:
    """As along a float32 path: 0.1 is not 0.1 there, and that is no error of the estimate."""
    objective = FormulaObjective.from_text("1e6*a^2")
    (swept,) = sweep_epsilon(
        objective, (0.1, 0.0), estimates=["complex-step"], precisions=["float32"], epsilon=[1e-8]
    ).curves
    assert swept.error[0] <= 2 * U["float32"] * 2e5


# -- claim C4


def test_the_figures_of_claim_c4() -> None:
    result = sweep_epsilon(UNIT, AT)
    forward, central = curve(result, "forward"), curve(result, "central")
    assert 1e-9 < np.median(forward.error[_near(result, 1e-8)]) < 2e-8
    assert 1e-12 < np.median(central.error[_near(result, 1e-5)]) < 3e-11
    assert 1e-9 < result.epsilon[forward.best] < 1e-7
    assert 1e-6 < result.epsilon[central.best] < 1e-4
    assert 2e-9 < forward.expected[forward.best] < 1e-8
    assert 3e-12 < central.expected[central.best] < 1e-11

    single = curve(result, "forward", "float32")
    assert 3e-5 < np.median(single.error[_near(result, 1e-3)]) < 3e-4
    assert 1e-4 < result.epsilon[single.best] < 1e-2
    # The difference is exactly zero, and so the error is the gradient itself.
    norm = math.hypot(*UNIT.gradient(*map(np.float32, AT)))
    for name in ("forward", "backward", "central"):
        lost = curve(result, name, "float32").error[result.epsilon <= 1e-8]
        np.testing.assert_array_equal(lost, norm)

    for precision, unit in U.items():
        tiny = result.epsilon < math.sqrt(unit) / 10
        assert curve(result, "complex-step", precision).error[tiny].max() < 4 * unit


def _near(result: Sweep, epsilon: float) -> Any:
    """Return the samples within half a decade."""
    return np.abs(np.log10(result.epsilon / epsilon)) < 0.5


# -- the asymptotes


@pytest.mark.parametrize(
    ("name", "order"), [("forward", 1), ("backward", 1), ("central", 2), ("complex-step", 2)]
)
def test_truncation_has_the_closed_form_of_the_sigmoid_unit(name: str, order: int) -> None:
    """z = b·σ(ax) is linear in b; in a its derivatives are those of σ."""
    x, (a, b) = 1.5, AT
    objective = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": x})
    s = 1.0 / (1.0 + math.exp(-a * x))
    second = b * x**2 * s * (1 - s) * (1 - 2 * s)
    third = b * x**3 * s * (1 - s) * (1 - 6 * s + 6 * s**2)
    result = sweep_epsilon(objective, AT)
    swept = curve(result, name)
    expected = abs(second) / 2 * result.epsilon if order == 1 else abs(third) / 6
    if order == 2:
        expected = expected * result.epsilon**2
    np.testing.assert_allclose(swept.truncation, expected, rtol=1e-12)
    assert slope(result, swept.truncation, 1e-10, 1.0) == pytest.approx(order, abs=1e-9)
    # The errors themselves have that slope, where round-off is far below.
    assert slope(result, swept.error, 1e-4, 1e-2) == pytest.approx(order, abs=0.01)
    assert at(result, swept.error / swept.truncation, 1e-3) == pytest.approx(1.0, abs=0.01)


def test_truncation_of_an_extrapolated_difference_is_a_480th_of_the_fifth_derivative() -> None:
    (a, b), grid = AT, steps()
    result = sweep_epsilon(FormulaObjective.from_text("b*sigmoid(a) + b^5"), AT)
    s = 1.0 / (1.0 + math.exp(-a))
    in_a = b * s * (1 - s) * (1 - 30 * s + 150 * s**2 - 240 * s**3 + 120 * s**4)
    swept = curve(result, "richardson")
    np.testing.assert_allclose(swept.truncation, math.hypot(in_a, 120.0) / 480 * grid**4, rtol=1e-9)
    assert slope(result, swept.error, 0.02, 0.2) == pytest.approx(4, abs=0.01)
    assert at(result, swept.error / swept.truncation, 0.1) == pytest.approx(1.0, abs=0.01)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", SURFACES)
def test_asymptotes_meet_the_errors_on_every_surface(name: str) -> None:
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    result = sweep_epsilon(objective, (surface.start[0] + 0.0123, surface.start[1] - 0.0371))
    assert result.sentence == ""
    for swept in result.curves:
        truncation = np.nan_to_num(swept.truncation)
        steep = (truncation > 100 * swept.round_off) & (result.epsilon < 1e-2)
        if steep.any():
            assert np.median(swept.error[steep] / truncation[steep]) == pytest.approx(1, abs=0.05)
        if swept.estimate == "complex-step":
            # A bound on what is exact but for the last bits; cancellation may take some of them.
            flat = truncation < swept.round_off / 100
            assert (swept.error[flat] < 100 * swept.round_off[flat]).all()
            continue
        noisy = (swept.round_off > 30 * truncation) & (result.epsilon > 1e3 * U[swept.precision])
        if noisy.any():
            ratio = float(np.median(swept.error[noisy] / swept.round_off[noisy]))
            assert 0.15 < ratio < 1.5, swept.estimate


def test_the_representable_step_takes_the_rounding_of_the_sum_away() -> None:
    plain, kept = (
        curve(
            sweep_epsilon(FormulaObjective.from_text("a"), (0.3, 1.0), representable_step=flag),
            "forward",
        )
        for flag in (False, True)
    )
    rounded = slice(50, 300)
    assert np.median(plain.error[rounded] / plain.round_off[rounded]) == pytest.approx(1, abs=0.8)
    assert (kept.error[rounded] == 0.0).all()
    assert (kept.round_off == 0.0).all()


def test_what_a_linear_function_has_no_truncation_of() -> None:
    result = sweep_epsilon(FormulaObjective.from_text("2*a - b"), AT)
    assert all(np.isnan(swept.truncation).all() for swept in result.curves)
    central = curve(sweep_epsilon(FormulaObjective.from_text("a^2"), AT), "central")
    assert np.isnan(central.truncation).all()


def test_cancellation_on_the_way_to_f_counts_as_round_off() -> None:
    """F = 1e6 + a − 1e6 is of order one, but rounded where it was a million."""
    result = sweep_epsilon(
        FormulaObjective.from_text("(a + 1e6) - 1e6"), (1.0, 1.0), representable_step=True
    )
    forward = curve(result, "forward")
    assert at(result, forward.round_off, 1e-6) == pytest.approx(
        2 * 1e6 * U["float64"] / math.sqrt(3) / 1e-6, rel=0.05
    )
    middle = (result.epsilon > 1e-9) & (result.epsilon < 1e-4)
    assert 0.1 < np.median(forward.error[middle] / forward.round_off[middle]) < 3


# -- the samples and the best of them


def test_each_power_of_ten_is_a_step() -> None:
    grid = steps()
    assert (grid[0], grid[-1]) == (1e-16, 10.0)
    np.testing.assert_allclose(grid[::24], 10.0 ** np.arange(-16, 2), rtol=1e-12)


def test_a_step_is_short_to_write() -> None:
    assert all(float(f"{epsilon:.2e}") == epsilon for epsilon in steps())


def errors_at(objective: FormulaObjective, points: Any, swept: Curve, epsilon: Any) -> Any:
    """Return ‖ĝ − ∇f‖ of a curve's estimate, shape (points, ε)."""
    counted = CountedObjective(objective, swept.precision, arrays=True)
    a, b = (counted.real(x)[:, None] for x in points.T)
    exact = objective.gradients(a, b)
    with np.errstate(all="ignore"):
        bound = ESTIMATES[swept.estimate].bind(counted, epsilon.astype(swept.precision), False)
        parts = zip(bound(a, b), exact, strict=True)
        return np.hypot(*(np.asarray(g, float) - e for g, e in parts))


def test_whoever_takes_the_best_step_gets_about_the_least_error_nearby() -> None:
    """At 20 other points within 1 % of each map, against the best of all ε for those points."""
    random = np.random.default_rng(4)
    factors, honest = [], []
    for surface in SURFACES.values():
        objective, home = FormulaObjective.of(surface), surface.home
        sides = np.array([home.a_high - home.a_low, home.b_high - home.b_low])
        result = sweep_epsilon(objective, surface.start, extent=home)
        points = surface.start + 0.01 * sides * random.uniform(-1, 1, (20, 2))
        size = float(np.hypot(*objective.gradients(*points.T)).mean())
        for swept in result.curves:
            assert swept.best is not None
            assert result.epsilon[swept.best] <= sides.min()
            others = result.epsilon[result.epsilon <= sides.min()][::5]
            tried = np.append(result.epsilon[swept.best], others)
            got = np.sqrt(np.mean(errors_at(objective, points, swept, tried) ** 2, axis=0))
            rounding = U[swept.precision] / math.sqrt(3) * size  # of ∇f itself
            factors.append(max(got[0], rounding) / max(got.min(), rounding))
            honest.append(max(got[0], rounding) / swept.expected[swept.best])
    assert len(factors) == 28 * 5 * 2
    assert np.median(factors) < 1.5
    assert max(factors) < 10
    assert 0.2 < min(honest) < max(honest) < 5
    assert 0.8 < np.median(honest) < 1.2


@pytest.mark.parametrize("name", SURFACES)
def test_no_complex_step_is_told_to_be_long(name: str) -> None:
    result = sweep_epsilon(FormulaObjective.of(SURFACES[name]), SURFACES[name].start)
    for swept in result.curves:
        if swept.estimate == "complex-step":
            assert result.epsilon[swept.best] < 1e-12
            assert swept.expected[swept.best] > 0.0


def test_where_the_third_derivatives_vanish_at_the_point_alone() -> None:
    """At Himmelblau's (0, 0) a central difference has no truncation error, and beside it it has."""
    surface = SURFACES["himmelblau"]
    result = sweep_epsilon(FormulaObjective.of(surface), (0.0, 0.0), extent=surface.home)
    central = curve(result, "central")
    assert 1e-6 < result.epsilon[central.best] < 1e-3
    assert math.isnan(central.optimum)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_optimum_in_theory_has_its_closed_form(precision: Any) -> None:
    """F = e^a + e^b is 2 at the origin, and each of its derivatives 1 in both parameters."""
    result = sweep_epsilon(FormulaObjective.from_text("exp(a) + exp(b)"), (0.0, 0.0))
    eps = float(np.finfo(precision).eps)
    for name in ("forward", "backward"):
        optimum = curve(result, name, precision).optimum
        assert optimum == pytest.approx(2 * math.sqrt(2 * eps))
    assert curve(result, "central", precision).optimum == pytest.approx((3 * 2 * eps) ** (1 / 3))
    fifth = curve(result, "richardson", precision).optimum
    assert fifth == pytest.approx((360 * 2 * eps) ** 0.2)
    assert math.isnan(curve(result, "complex-step", precision).optimum)
    for name in ("forward", "central", "richardson"):
        swept = curve(result, name, precision)
        assert 0.2 < result.epsilon[swept.best] / swept.optimum < 2


@pytest.mark.parametrize(
    ("formula", "point"),
    [
        ("sigmoid(1e10*a)", (1e-10, 0.0)),
        ("sigmoid(1e10*a) + b^2", (1e-10, 1.0)),
        ("cos(1e10*a) + sin(b)", (0.0, 1.0)),
    ],
)
def test_the_steps_follow_the_functions_scale(formula: str, point: tuple[float, float]) -> None:
    result = sweep_epsilon(FormulaObjective.from_text(formula), point)
    forward = curve(result, "forward")
    assert 1e-19 < result.epsilon[forward.best] < 1e-16
    assert 1e-16 < result.epsilon[curve(result, "central").best] < 1e-13
    assert (result.epsilon[0], result.epsilon[-1]) == (1e-24, 10.0)


def test_a_wide_function_has_longer_steps() -> None:
    objective = FormulaObjective.from_text("exp(-(1e-5*a)^2)*(1 + 1e-6*b)")
    result = sweep_epsilon(objective, (5e4, 0.0), extent=Range(-1e6, 1e6, -1e6, 1e6))
    assert result.epsilon[-1] == 100.0
    assert 1e-4 < result.epsilon[curve(result, "forward").best] < 1e-2
    assert 0.1 < result.epsilon[curve(result, "central").best] < 10


def test_what_is_exact_has_no_error_to_expect() -> None:
    swept = curve(sweep_epsilon(FormulaObjective.from_text("3 + 0*a"), AT), "forward")
    assert swept.expected[swept.best] == 0.0


def test_it_ends_when_it_is_no_longer_wanted() -> None:
    asked = []
    with pytest.raises(Cancelled):
        sweep_epsilon(UNIT, AT, cancelled=lambda: asked.append(1) or len(asked) > 2)
    assert len(asked) == 3


# -- functions whose gradient nobody knows


def test_without_a_gradient_the_errors_are_against_an_extrapolated_difference() -> None:
    known = FormulaObjective.from_text("exp(a)*sin(b) + a^3")
    blind = Objective.from_callable(known.values, vectorized=True)
    options: dict[str, Any] = {"precisions": ["float64"], "epsilon": steps(137)}
    found, exact = (sweep_epsilon(f, AT, **options) for f in (blind, known))
    assert exact.uncertainty == 0.0
    assert 0.0 < found.uncertainty < 1e-11
    assert found.sentence == ""
    for name in ("forward", "central"):
        one, other = curve(found, name), curve(exact, name)
        np.testing.assert_allclose(one.error, other.error, rtol=1e-6, atol=3 * found.uncertainty)
        assert one.best is not None
        assert one.expected[one.best] == pytest.approx(other.expected[other.best], rel=0.5)
        assert math.isnan(one.optimum)
    assert len(sweep_epsilon(blind, AT).epsilon) == 17 * 8 + 1  # fewer: it may take its time


def test_without_a_gradient_a_kink_is_said() -> None:
    result = sweep_epsilon(Objective.from_callable(lambda a, b: abs(a) + b * b), (0.0, 1.0))
    assert "differences along a are −1 on one side and 1 on the other at (0, 1)" in result.sentence
    assert all(swept.best is None for swept in result.curves)


def test_which_estimates_a_surface_has() -> None:
    ours = ("forward", "backward", "central", "richardson", "complex-step")
    assert estimates_on("sphere") == estimates_on("") == ours
    assert estimates_on("sigmoid-unit") == (*ours, "mistaken")


# -- where a sweep means nothing


@pytest.mark.parametrize(
    ("formula", "point", "sentence"),
    [
        ("abs(a)", (0, 1), "the gradient jumps at (0, 1): ∂f/∂a is −1 on one side and 1"),
        ("abs(3*a - 0.3) + b^2", (0.1, 1), "∂f/∂a is −3 on one side and 3 on the other"),
        ("relu(b)*a", (2, 0), "the gradient jumps at (2, 0): ∂f/∂b is 0 on one side and 2"),
        ("max(a, b)", (1, 1), "the gradient jumps at (1, 1)"),
        ("min(a - 1000, 0)", (1000, 1), "the gradient jumps at (1000, 1)"),
        ("step(a*b)+b", (0, 2), "f jumps at (0, 2) from 2 to 3"),
        ("log(a)", (-1, 0), "f is undefined at (−1, 0)"),
        ("1/a", (0, 0), "f is infinite at (0, 0)"),
        ("sqrt(a^2 + b^2)", (0, 0), "the gradient jumps at (0, 0): ∂f/∂a is −1"),
        ("sqrt(a)", (0, 0), "∇f is infinite at (0, 0)"),
        ("relu(a)^2 + abs(b)^1.5", (0, 0), ""),
        ("min(a, b) + max(a, b)", (1, 1), ""),
        ("abs(a) + b", (1e-3, 0), ""),
        ("sigmoid(1e9*a) + abs(b)", (0, 1), ""),
    ],
)
def test_the_sentence(formula: str, point: tuple[float, float], sentence: str) -> None:
    result = sweep_epsilon(FormulaObjective.from_text(formula), point)
    assert sentence in result.sentence
    assert bool(result.sentence) == bool(sentence)
    assert result.is_empty == bool(sentence)


def test_at_a_kink_no_estimate_is_charged_with_an_error() -> None:
    result = sweep_epsilon(FormulaObjective.from_text("abs(a)"), (0.0, 1.0))
    for name in ("forward", "central", "complex-step"):
        assert np.isnan(curve(result, name).error).all()


def test_at_kinks_that_cancel_there_are_errors() -> None:
    """½ is the derivative from the left and from the right, and central differences give it."""
    text = "log(1 + exp(-abs(a))) + relu(a) + b^2"
    result = sweep_epsilon(FormulaObjective.from_text(text), (0.0, 0.0))
    at = abs(np.log10(result.epsilon) + 5).argmin()
    assert result.sentence == ""
    for name in ("central", "complex-step"):
        assert curve(result, name).error[at] < 1e-9
    # f(ε) − f(0) is ε/2 + ε²/8
    assert curve(result, "forward").error[at] == pytest.approx(result.epsilon[at], rel=1)


@pytest.mark.parametrize("formula", ["3", "a", "exp(300*a)", "1e300*a^2*b", "1e-300*a*b", "a^0.5"])
def test_odd_functions_make_no_trouble(formula: str) -> None:
    result = sweep_epsilon(FormulaObjective.from_text(formula), (0.9, 1.1))
    assert result.sentence == ""
    assert all(swept.error.shape == result.epsilon.shape for swept in result.curves)
