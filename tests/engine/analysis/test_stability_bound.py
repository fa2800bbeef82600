"""The bound on α: 2/λmax at the minimum that a path nears, and why there is none elsewhere."""

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.stability_bound import rate_bound
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

MAP = Range(-6.0, 6.0, -6.0, 6.0)


def path(objective, start, alpha, steps=2000):
    return run_method(
        objective, "analytic", "gd", start=start, alpha=alpha, epsilon=1e-6,
        steps=steps, bounds=MAP,
    )  # fmt: skip


def bound_on(name, start=None, alpha=None, steps=40, **constants):
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface, constants)
    walked = path(objective, start or surface.start, alpha or surface.alpha, steps)
    return rate_bound(objective, surface.minima, walked, surface.remark)


def test_rosenbrocks_is_the_known_one():
    bound = bound_on("rosenbrock")
    assert bound.rate == pytest.approx(2 / 1001.6006, rel=1e-6)
    assert "(1, 1)" in bound.sentence


def test_a_quadratics_is_two_over_kappa_and_sharp():
    assert bound_on("quadratic").rate == 2 / 25
    objective = FormulaObjective.of(SURFACES["quadratic"])
    assert path(objective, (5.0, 2.0), 0.0799, steps=10_000).loss[-1] < 1e-18
    assert path(objective, (5.0, 2.0), 0.0801, steps=10_000).status is Status.DIVERGED


def test_the_nearest_minimum_counts():
    rates = {bound_on("himmelblau", (a, b)).rate for a, b in ((3, 2.1), (-2.8, 3), (3.6, -1.9))}
    assert len(rates) == 3


def test_a_path_that_converged_elsewhere_is_bounded_there():
    objective = FormulaObjective.from_text("2*(a - 1)^2 + b^2")
    walked = path(objective, (0.0, 0.0), 0.2)
    assert walked.status is Status.GRADIENT_VANISHED
    bound = rate_bound(objective, (), walked)
    assert bound.rate == 0.5
    assert "the point where the path ended (1, 0)" in bound.sentence
    # On Rastrigin's function only the lowest of many minima is listed.
    assert "the point where the path ended" in bound_on("rastrigin", steps=2000).sentence


@pytest.mark.parametrize(
    ("bound", "why"),
    [
        (bound_on("sigmoid-unit"), "f = b·σ(ax) has no minimum"),
        (bound_on("ackley"), "∇f is"),
        (bound_on("quadratic", kappa=-1.0), "does not curve upwards"),
    ],
)
def test_where_there_is_none_it_is_said(bound, why):
    assert bound.rate is None
    assert why in bound.sentence


def test_a_listed_minimum_of_another_function_bounds_nothing():
    moved = FormulaObjective.from_text("(a - 1)^2 + b^2")
    walked = path(moved, (3.0, 3.0), 0.01, steps=5)
    bound = rate_bound(moved, SURFACES["quadratic"].minima, walked)
    assert bound.rate is None
    assert "not level" in bound.sentence


def test_converged_at_a_saddle_there_is_none():
    objective = FormulaObjective.from_text("a^2 - b^2")
    bound = rate_bound(objective, (), path(objective, (1.0, 0.0), 0.2))
    assert bound.rate is None
    assert "does not curve upwards" in bound.sentence


@pytest.mark.parametrize("alpha", [0.01, 0.4, 0.49, 0.4999, 0.5001, 0.7, 3.0])
def test_the_bound_of_a_formula_of_ones_own_is_there_on_both_sides_of_it(alpha: float) -> None:
    """F = 2(a − 1)² + b² has λmax = 4, whether the path converges, creeps or diverges."""
    objective = FormulaObjective.from_text("2*(a - 1)^2 + b^2")
    path = run_method(
        objective, "analytic", "gd", start=(0.0, 0.0), alpha=alpha, epsilon=1e-6,
        steps=300, bounds=Range(-5.0, 5.0, -5.0, 5.0),
    )  # fmt: skip
    assert rate_bound(objective, (), path).rate == pytest.approx(0.5)


@pytest.mark.parametrize("start", [(2.9, 1.9), (0.0, 0.0)])
def test_it_stays_the_same_when_alpha_makes_the_path_diverge(start) -> None:
    bounds = {bound_on("himmelblau", start, alpha, 200) for alpha in (0.01, 0.02, 0.03, 0.05, 0.5)}
    (bound,) = bounds
    assert "(3, 2)" in bound.sentence


@pytest.mark.parametrize("text", ["max(a^2, b^2)", "relu(a)^2 + b^2"])
def test_where_the_hessian_jumps_there_is_none(text: str) -> None:
    objective = FormulaObjective.from_text(text)
    bound = rate_bound(objective, (), path(objective, (0.7, 0.3), 0.5))
    assert bound.rate is None
    assert "f has a kink there" in bound.sentence


def test_a_formula_with_a_root_may_be_smooth_where_it_matters() -> None:
    objective = FormulaObjective.from_text("sqrt(a^2 + b^2 + 1)")
    assert rate_bound(objective, (), path(objective, (0.7, 0.3), 0.5)).rate == pytest.approx(2.0)


@pytest.mark.parametrize("text", ["a*b", "a^3 - 3*a*b^2", "b*sigmoid(a)", "a - b", "exp(a) + b^2"])
def test_where_there_is_no_minimum_below_a_path_there_is_no_bound(text: str) -> None:
    objective = FormulaObjective.from_text(text)
    path = run_method(
        objective, "analytic", "gd", start=(0.5, 0.25), alpha=0.1, epsilon=1e-6,
        steps=30, bounds=Range(-5.0, 5.0, -5.0, 5.0),
    )  # fmt: skip
    assert rate_bound(objective, (), path).rate is None
