"""Starting values, against functions whose curvature is known."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.start.guess_start import guess_start
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

HOME = Range(-5.0, 5.0, -5.0, 5.0)


def test_on_a_quadratic_by_hand() -> None:
    """F = 2a² + b²/2 has λ = 4: half of 2/λ times ½ is 1/8, and 0.1 with one digit."""
    begin = guess_start(FormulaObjective.from_text("2*a^2 + b^2/2"), HOME)
    assert begin.alpha == 0.1
    assert begin.epsilon == 0.01
    # 70 % of the inner points are lower than the start.
    a, b = np.meshgrid(np.linspace(-5, 5, 33)[2:-2], np.linspace(-5, 5, 33)[2:-2])
    f = 2 * begin.start[0] ** 2 + begin.start[1] ** 2 / 2
    assert (2 * a**2 + b**2 / 2 < f).mean() == pytest.approx(0.7, abs=0.02)


def test_the_mixed_derivative_counts() -> None:
    """F = 10ab has the eigenvalues ±10, and nothing along the axes: 0.05."""
    assert guess_start(FormulaObjective.from_text("10*a*b"), HOME).alpha == 0.05


@pytest.mark.parametrize("name", SURFACES)
def test_most_descents_that_begin_there_fall(name: str) -> None:
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    begin = guess_start(objective, surface.home)
    assert surface.home.contains(*begin.start)
    path = run_method(
        objective, "central", "gd", start=begin.start, alpha=begin.alpha,
        epsilon=begin.epsilon, steps=40, bounds=surface.home,
    )  # fmt: skip
    assert path.loss[-1] < path.loss[0]


@pytest.mark.parametrize(
    "text",
    ["3", "a", "log(a)*log(b)", "sqrt(a - 100)", "1e300*a^2", "1/a", "1.7e308*sin(a)*cos(b)"],
)
def test_odd_functions_have_a_start_too(text: str) -> None:
    begin = guess_start(FormulaObjective.from_text(text), HOME)
    assert HOME.contains(*begin.start)
    assert 1e-60 <= begin.alpha <= 1e3


def test_where_nothing_curves_a_step_stays_on_the_map() -> None:
    """|a + b| has no curvature but at its kink, where it is what the spacing makes of it."""
    begin = guess_start(FormulaObjective.from_text("1000*abs(a + b)"), HOME)
    assert begin.alpha * 1000 <= 0.25 * 10


@pytest.mark.parametrize("text", ["a^2 + b^2", "1e-4*(a^2 + b^2)", "1e-9*(a^2 + b^2)"])
def test_alpha_follows_the_curvature_however_small_it_is(text: str) -> None:
    """By hand: of c·(a² + b²) λ is 2c, and half of 1/λ is 1/(4c), less for the digit."""
    factor = FormulaObjective.from_text(text).value(1.0, 0.0)
    assert (
        0.15 / factor < guess_start(FormulaObjective.from_text(text), HOME).alpha <= 0.25 / factor
    )


def test_alpha_does_not_follow_what_rounding_leaves_of_a_curvature() -> None:
    assert guess_start(FormulaObjective.from_text("1e6 + 1e-12*(a^2 + b^2)"), HOME).alpha <= 1e3


@pytest.mark.parametrize(
    ("text", "bound"),
    [("log(1 + a^2 + b^2)", 1.0), ("1 - 1/(1 + a^2 + b^2)", 1.0), ("tanh(a)^2 + tanh(b)^2", 1.0)],
)
def test_alpha_is_below_the_bound_at_the_minimum(text: str, bound: float) -> None:
    """Each is a² + b² to second order, of which 2/λmax is 1; most of the map curves less."""
    assert 0.5 * bound <= guess_start(FormulaObjective.from_text(text), HOME).alpha < bound


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("1 - exp(-((a-8)^2 + (b-9)^2)*50)", Range(7.0, 9.0, 8.0, 10.0)),
        ("-cos(a)*cos(b)*exp(-((a-pi)^2 + (b-pi)^2))", HOME),
        ("tanh(3*(a+b))", HOME),
        ("-exp(-((a-2)^2 + (b+3)^2)/0.1)", HOME),
    ],
)
def test_on_a_plateau_one_begins_where_something_is_seen(text: str, extent: Range) -> None:
    objective = FormulaObjective.from_text(text)
    begin = guess_start(objective, extent)
    path = run_method(
        objective, "analytic", "gd", start=begin.start, alpha=begin.alpha, epsilon=begin.epsilon,
        steps=40, bounds=extent,
    )  # fmt: skip
    width = extent.a_high - extent.a_low
    assert 0.01 * width < np.abs(path.theta[-1] - path.theta[0]).max() < width
    assert path.loss[-1] < path.loss[0]
    assert extent.contains(*path.theta[-1])
