"""The best direction: closed forms, denser samples on every surface, counts, and odd circles."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gdviz.engine.analysis.best_direction import ENOUGH, FEWEST, best_direction
from gdviz.engine.descent.rules.circle_sampling import MOST
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES, Surface

EPS = float(np.finfo(np.float64).eps)
#: Ten thousand angles, none of them one of the search's own.
ANGLES = np.linspace(-np.pi, np.pi, 10_000, endpoint=False) + 1e-4
ALL = [pytest.param(surface, id=name) for name, surface in SURFACES.items()]


def size_of(surface: Surface) -> float:
    a_low, a_high, b_low, b_high = surface.home
    return max(a_high - a_low, b_high - b_low)


def around(objective: FormulaObjective, at: Any, eta: float, angles: Any = ANGLES) -> Any:
    return objective.values(at[0] + eta * np.cos(angles), at[1] + eta * np.sin(angles))


def cases(surface: Surface, count: int) -> Any:
    """Yield points, every other one beside a stationary one, and step lengths."""
    random = np.random.default_rng(len(surface.name))
    a_low, a_high, b_low, b_high = surface.home
    largest = math.log10(size_of(surface))
    for i in range(count):
        at = random.uniform(a_low, a_high), random.uniform(b_low, b_high)
        if surface.points and i % 2:
            point = surface.points[random.integers(len(surface.points))]
            off = 10 ** random.uniform(-9, -1) * random.normal(size=2)
            at = point.a + off[0], point.b + off[1]
        yield at, (10**largest if i == 0 else 10 ** random.uniform(-6, largest))


# -- claim D2


@pytest.mark.sampled(9)
@pytest.mark.parametrize("surface", ALL)
def test_no_direction_is_lower(surface: Surface) -> None:
    objective = FormulaObjective.of(surface)
    for at, eta in cases(surface, 40):
        circle = best_direction(objective, at, eta)
        assert circle.best_loss <= circle.steepest_loss or math.isnan(circle.steepest_loss)
        others = around(objective, at, eta)
        # Round-off of f, which is that of the numbers it is made of: some ten in all surfaces.
        allowed = 16 * EPS * max(abs(circle.best_loss), abs(objective.value(*at)), 10.0)
        assert circle.best_loss <= others.min() + allowed, (at, eta)
        assert circle.best_loss == pytest.approx(objective.value(*circle.best_point), rel=4 * EPS)


def test_rastrigin_has_many_valleys_on_a_large_circle() -> None:
    surface = SURFACES["rastrigin"]
    circle = best_direction(FormulaObjective.of(surface), (0.2, -0.3), 5.0)
    valleys = (circle.losses < np.roll(circle.losses, 1)) & (
        circle.losses < np.roll(circle.losses, -1)
    )
    assert valleys.sum() >= 20
    assert circle.best_loss <= around(FormulaObjective.of(surface), (0.2, -0.3), 5.0).min()


@pytest.mark.parametrize("eta", [1e-4, 0.3, 4.0, 30.0])
def test_a_quadratic_has_the_solution_of_the_secular_equation(eta: float) -> None:
    """The minimum of ½θᵀHθ on a circle solves (H + μI)d = −g with H + μI ⪰ 0 and ‖d‖ = η.

    J. J. Moré and D. C. Sorensen, "Computing a trust region step", SIAM Journal on Scientific
    and Statistical Computing 4 (1983) 553–572.
    """
    a, b, kappa = 3.0, 2.0, 7.0
    hessian, gradient = np.diag([1.0, kappa]), np.array([a, kappa * b])
    low, high = -1.0 + 1e-12, 1e9
    for _ in range(300):  # ‖d‖ falls as μ grows
        mu = (low + high) / 2 if high < 4 * (low + 2) else math.sqrt((low + 2) * (high + 2)) - 2
        d = -np.linalg.solve(hessian + mu * np.eye(2), gradient)
        low, high = (mu, high) if np.hypot(*d) > eta else (low, mu)
    circle = best_direction(FormulaObjective.from_text("(a^2 + 7*b^2)/2"), (a, b), eta)
    assert circle.best_angle == pytest.approx(math.atan2(d[1], d[0]), abs=1e-9)
    assert circle.steepest_angle == pytest.approx(math.atan2(-gradient[1], -gradient[0]))
    assert circle.sentence == ""


@pytest.mark.parametrize("name", ["quadratic", "rosenbrock", "himmelblau", "peaks", "sigmoid-unit"])
def test_the_angle_shrinks_in_proportion_to_the_step(name: str) -> None:
    surface = SURFACES[name]
    objective, at = FormulaObjective.of(surface), surface.start
    gradient = np.array(objective.gradient(*at))
    aa, ab, bb = objective.hessian(*at)
    down = -gradient / np.hypot(*gradient)
    across = np.array([-down[1], down[0]])
    curl = across @ np.array([[aa, ab], [ab, bb]]) @ down
    # Shorter, and what the best direction gains drowns in round-off: it is of order η³.
    etas = np.geomspace(1e-4, 3e-3, 7) / max(1.0, abs(curl) / np.hypot(*gradient))
    angles = np.radians([best_direction(objective, at, eta).angle_between for eta in etas])
    assert np.polyfit(np.log(etas), np.log(angles), 1)[0] == pytest.approx(1.0, abs=0.01)
    # To first order the angle is η·|tᵀHd|/‖∇f‖, with d along −∇f and t across it.
    np.testing.assert_allclose(angles, etas * abs(curl) / np.hypot(*gradient), rtol=0.02)


def test_on_a_sphere_the_gradient_is_the_best_direction() -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    for eta in (1e-3, 0.5, 3.0):
        circle = best_direction(objective, (-2.0, 1.5), eta)
        assert circle.angle_between < 1e-7
        assert circle.best_loss == pytest.approx((2.5 - eta) ** 2)


def test_angles_are_those_of_the_move() -> None:
    for text, angle in (("a", math.pi), ("-a", 0.0), ("-b", math.pi / 2), ("b", -math.pi / 2)):
        circle = best_direction(FormulaObjective.from_text(text), (0.3, -0.7), 0.5)
        assert circle.steepest_angle == angle
        assert math.cos(circle.best_angle - angle) == pytest.approx(1.0)
        assert circle.best_loss == pytest.approx(circle.steepest_loss)
    assert circle.steepest_point == pytest.approx((0.3, -1.2))
    assert circle.best_point == pytest.approx((0.3, -1.2))


# -- what it costs


def test_every_value_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    plain, of_numbers = FormulaObjective.values, FormulaObjective.counted

    def counting(objective: FormulaObjective, a: Any, b: Any) -> Any:
        taken.append(np.size(a))
        return plain(objective, a, b)

    def counting_numbers(objective: FormulaObjective, *rest: Any) -> Any:
        value = of_numbers(objective, *rest)

        def one(a: float, b: float) -> Any:
            taken.append(1)
            return value(a, b)

        return one

    monkeypatch.setattr(FormulaObjective, "values", counting)
    monkeypatch.setattr(FormulaObjective, "counted", counting_numbers)
    for name in ("sphere", "rastrigin", "ackley"):
        taken.clear()
        objective = FormulaObjective.of(SURFACES[name])
        circle = best_direction(objective, (1.3, 2.1), 4.0)
        # Beside the search: whether f is defined at the point itself, and does not jump there.
        assert sum(taken) == circle.evaluations + (1 if objective.is_smooth else 9)
    assert (
        best_direction(FormulaObjective.from_text("a^2 + b^2"), (1.0, 2.0), 0.1).evaluations < 200
    )


def test_samples_follow_the_function() -> None:
    counts = [
        len(best_direction(FormulaObjective.from_text(f"sin({k}*a) + b^2"), (0.1, 0.2), 1.0).angles)
        for k in (1, 30, 100, 300, 1000)
    ]
    assert counts == sorted(counts)
    assert counts[0] == FEWEST
    assert counts[-1] > 1000
    circle = best_direction(FormulaObjective.from_text("sin(1000*a) + b^2"), (0.1, 0.2), 1.0)
    assert (
        circle.best_loss
        <= around(FormulaObjective.from_text("sin(1000*a) + b^2"), (0.1, 0.2), 1).min()
    )
    assert circle.sentence == ""


def test_the_curve_is_the_loss_around_the_point() -> None:
    objective = FormulaObjective.of(SURFACES["himmelblau"])
    circle = best_direction(objective, (1.0, 2.0), 1.5)
    assert circle.angles[0] == -math.pi
    np.testing.assert_allclose(np.diff(circle.angles), math.tau / len(circle.angles))
    np.testing.assert_array_equal(circle.losses, around(objective, (1.0, 2.0), 1.5, circle.angles))


# -- odd circles


def test_where_part_of_the_circle_is_undefined() -> None:
    circle = best_direction(FormulaObjective.from_text("log(a) + (b - 1)^2"), (1.0, 0.0), 1.5)
    outside = np.cos(circle.angles) < -1 / 1.5
    np.testing.assert_array_equal(np.isnan(circle.losses), outside)
    assert "f is not finite on 0.27 of the circle of radius 1.5 around (1, 0)" in circle.sentence
    assert circle.best_loss <= np.nanmin(circle.losses)
    assert math.isfinite(circle.best_loss)
    # Beyond a step of this length f is not defined where −∇f leads.
    assert math.isfinite(circle.steepest_loss)


def test_infinite_losses_are_never_chosen() -> None:
    circle = best_direction(FormulaObjective.from_text("-1/a^400"), (1.0, 0.0), 1.0)
    assert math.isfinite(circle.best_loss)
    assert np.isnan(circle.losses).any()


def test_where_nothing_is_finite() -> None:
    circle = best_direction(FormulaObjective.from_text("log(-a^2 - b^2)"), (1.0, 0.0), 0.5)
    assert "f is undefined at (1, 0)" in circle.sentence
    assert "f is not finite anywhere on the circle of radius 0.5" in circle.sentence
    assert np.isnan(circle.losses).all()
    assert np.isnan([circle.best_angle, circle.best_loss, circle.steepest_angle]).all()
    assert np.isnan([circle.steepest_loss, circle.angle_between, *circle.best_point]).all()
    assert circle.evaluations == ENOUGH


@pytest.mark.parametrize(
    ("text", "at", "sentence"),
    [
        ("a^2 - b^2", (0.0, 0.0), "∇f is zero at (0, 0): no direction is steepest"),
        ("sqrt(a^2 + b^2)", (0.0, 0.0), "the gradient jumps at (0, 0)"),
        ("abs(a) + b", (0.0, 1.0), "the gradient jumps at (0, 1)"),
        ("log(a) + 0*b", (-1.0, 0.0), "f is undefined at (−1, 0)"),
    ],
)
def test_without_a_steepest_direction_there_is_a_best_one(
    text: str, at: tuple[float, float], sentence: str
) -> None:
    circle = best_direction(FormulaObjective.from_text(text), at, 2.0)
    assert sentence in circle.sentence
    assert np.isnan([circle.steepest_angle, circle.steepest_loss, circle.angle_between]).all()
    assert math.isfinite(circle.best_angle)
    assert circle.best_loss <= np.nanmin(circle.losses)


def test_at_a_saddle_the_best_direction_is_downwards() -> None:
    circle = best_direction(FormulaObjective.from_text("a^2 - b^2"), (0.0, 0.0), 2.0)
    assert abs(math.sin(circle.best_angle)) == pytest.approx(1.0)
    assert circle.best_loss == pytest.approx(-4.0)


@pytest.mark.parametrize("eta", [1e-16, 1e-17, 1e-300])
def test_a_step_too_small_to_tell(eta: float) -> None:
    circle = best_direction(FormulaObjective.from_text("(a^2 + 7*b^2)/2"), (3.0, 2.0), eta)
    assert "directions cannot be told apart" in circle.sentence
    assert "round-off" in circle.sentence
    assert circle.best_loss <= circle.steepest_loss


def test_where_the_gain_is_round_off() -> None:
    circle = best_direction(FormulaObjective.from_text("(a^2 + 7*b^2)/2"), (3.0, 2.0), 1e-7)
    assert circle.sentence == "up to round-off, f is just as low along −∇f"
    assert circle.angle_between < 1e-4


def test_where_round_off_is_all_there_is_of_f() -> None:
    """Beside Rastrigin's minimum f is what is left of 20 − 20."""
    circle = best_direction(FormulaObjective.of(SURFACES["rastrigin"]), (1e-9, 0.0), 1e-9)
    assert "round-off" in circle.sentence


def test_a_function_that_no_samples_resolve() -> None:
    circle = best_direction(FormulaObjective.from_text("sin(1e6*a) + b"), (0.3, 0.4), 1.0)
    assert circle.sentence == (
        "the circle of radius 1 around (0.3, 0.4) is too long to be searched completely, given how "
        "finely f varies on it: there may be a lower direction"
    )
    # What is kept to be drawn is every eighth sample.
    assert circle.evaluations > MOST
    assert len(circle.angles) == len(circle.losses) == ENOUGH
    np.testing.assert_allclose(np.diff(circle.angles), math.tau / ENOUGH)


@pytest.mark.parametrize(("diagonals", "said"), [(8, False), (20, False), (100, True)])
def test_a_long_circle_is_searched_or_it_is_said(diagonals: int, said: bool) -> None:
    objective, eta = FormulaObjective.of(SURFACES["ackley"]), diagonals * math.hypot(10.0, 10.0)
    angles = np.linspace(-np.pi, np.pi, int(40 * math.tau * eta), endpoint=False) + 1e-4
    for at in np.random.default_rng(5).uniform(-5, 5, (4, 2)).tolist():
        circle = best_direction(objective, at, eta)
        assert ("too long" in circle.sentence) is said
        if not said:
            assert circle.best_loss <= around(objective, at, eta, angles).min() + 1e-12


def test_a_floor_is_not_narrowed() -> None:
    """On most of this circle f is 0, or 1 to its last digit."""
    circle = best_direction(FormulaObjective.of(SURFACES["nested-sigmoid"]), (1.0, 2.0), 1500.0)
    assert circle.evaluations < MOST + 1000


def test_kinks_on_the_circle() -> None:
    circle = best_direction(FormulaObjective.from_text("abs(a - 0.5) + abs(b)"), (0.0, 0.0001), 2.0)
    assert circle.best_loss == pytest.approx(1.5, rel=1e-3)
    assert (
        circle.best_loss
        <= around(FormulaObjective.from_text("abs(a - 0.5) + abs(b)"), (0.0, 0.0001), 2.0).min()
    )


@pytest.mark.parametrize("text", ["3", "a", "1e300*a^2", "exp(300*a)", "1e-300*a*b", "1/a"])
@pytest.mark.parametrize("eta", [1e-12, 1.0, 1e200])
def test_odd_functions_make_no_trouble(text: str, eta: float) -> None:
    circle = best_direction(FormulaObjective.from_text(text), (0.9, 1.1), eta)
    assert circle.evaluations >= FEWEST
    assert circle.angles.shape == circle.losses.shape


@pytest.mark.parametrize("eta", [0.0, -1.0, math.inf, math.nan])
def test_a_step_needs_a_length(eta: float) -> None:
    with pytest.raises(ValueError, match="must be positive and finite"):
        best_direction(FormulaObjective.from_text("a"), (0.0, 0.0), eta)


def test_noise_is_said_and_not_taken_for_waves(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    plain = FormulaObjective.values

    def noisy(objective: FormulaObjective, a: Any, b: Any) -> Any:
        return plain(objective, a, b) + 0.05 * random.normal(size=np.shape(a))

    monkeypatch.setattr(FormulaObjective, "values", noisy)
    circle = best_direction(FormulaObjective.from_text("a + b"), (0.3, 0.4), 1.0)
    assert circle.sentence == (
        "part of the variation of f on the circle of radius 1 around (0.3, 0.4) is round-off or "
        "other noise"
    )
    assert circle.evaluations < 10_000
