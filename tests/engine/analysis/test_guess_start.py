"""Starting values, against functions whose curvature is known."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.guess_start import first_view, guess_start, quadratic
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.gradient_estimates import ESTIMATES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.descent.update_rules import RULES
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, SURFACES
from gdviz.experiment.experiment import Experiment
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


@pytest.mark.parametrize("text", ["3", "a", "log(a)*log(b)", "sqrt(a - 100)", "1e300*a^2", "1/a"])
def test_odd_functions_have_a_start_too(text: str) -> None:
    begin = guess_start(FormulaObjective.from_text(text), HOME)
    assert HOME.contains(*begin.start)
    assert 1e-12 <= begin.alpha <= 1e3


# -- quadratic functions, which are known exactly


def a_line(seed: int) -> tuple[FormulaObjective, np.ndarray]:
    """Return a line fitted to random data in raw units, and the least squares by NumPy."""
    random = np.random.default_rng(seed)
    top = random.choice([30.0, 100.0, 300.0, 1000.0])
    x = random.uniform(0.0 if seed % 3 else 0.6 * top, top, 20)
    y = random.normal(0, 5) * x + random.normal(0, 50) + random.normal(0, 3, 20)
    data = Data({"x": tuple(x.tolist()), "y": tuple(y.tolist())})
    best = np.linalg.lstsq(np.column_stack([x, np.ones(20)]), y, rcond=None)[0]
    return FormulaObjective.from_text("mean((a*x + b - y)^2)", None, data), best


@pytest.mark.parametrize("estimate", ["analytic", "forward", "central"])
def test_lines_in_raw_units_are_seen_with_their_minimum_and_paths_that_arrive(
    estimate: str,
) -> None:
    for seed in range(60):
        line, best = a_line(seed)
        view = first_view(line)
        assert view.range.contains(*best)
        half = np.array(
            [view.range.a_high - view.range.a_low, view.range.b_high - view.range.b_low]
        )
        settings = RunSettings(
            ESTIMATES[estimate], RULES["gd"], alpha=view.alpha, epsilon=view.epsilon,
            steps=Experiment().steps, bounds=view.range,
        )  # fmt: skip
        path = descend(line, settings, view.start)
        assert (np.abs(path.theta[-1] - best) < 0.005 * half).all(), seed
        assert path.loss[-1] - line.value(*best) < 1e-3 * path.loss[0]
        assert (np.abs(np.array(view.start) - best) > 0.02 * half).any()


def test_a_quadratic_is_known_from_its_derivatives() -> None:
    known = quadratic(FormulaObjective.from_text("(a - 7)^2 + 1e6*(b - a/2)^2"))
    assert known is not None
    assert known.minimum == pytest.approx((7.0, 3.5), rel=1e-12)
    assert known.hessian == pytest.approx((2 + 0.5e6, -1e6, 2e6))
    assert known.condition == pytest.approx(1.5625e6, rel=1e-4)
    line, best = a_line(3)
    known = quadratic(line)
    assert known is not None
    assert known.minimum == pytest.approx(tuple(best), rel=1e-9)


@pytest.mark.parametrize("text", ["a^4 + b^2", "a^2", "a*b", "abs(a)^2 + b^2", "(a + b)^2", "3"])
def test_what_is_no_paraboloid_with_a_minimum_is_none(text: str) -> None:
    assert quadratic(FormulaObjective.from_text(text)) is None


def test_a_valley_of_minima_is_no_quadratic_with_one() -> None:
    data = Data({"x": (0.0, 1.0, 2.0), "y": (0.0, 1.0, 2.0)})
    assert quadratic(FormulaObjective.from_text("mean((a*x + b*x - y)^2)", None, data)) is None
    assert first_view(FormulaObjective.from_text("mean((a*x + b*x - y)^2)", None, data)).alpha > 0


def test_the_usual_paraboloid_keeps_the_usual_map() -> None:
    assert first_view(FormulaObjective.from_text("a^2 + b^2")).range == DEFAULT_RANGE


# -- fits that are not quadratic


def a_fit(text: str) -> FormulaObjective:
    random = np.random.default_rng(1)
    x = random.uniform(0, 300, 25)
    columns = {
        "x": x, "y": 4 * x + 70 + random.normal(0, 5, 25),
        "z": 200 * np.exp(-x / 100) + random.normal(0, 2, 25),
        "s": np.where(x + random.normal(0, 40, 25) > 150, 1.0, -1.0),
    }  # fmt: skip
    data = Data({name: tuple(column.tolist()) for name, column in columns.items()})
    return FormulaObjective.from_text(text, None, data)


@pytest.mark.parametrize(
    ("text", "minimum"),
    [("mean(sqrt(1 + (a*x + b - y)^2))", (4.013042, 67.565504)),
     ("mean((b*exp(-a*x) - z)^2)", (0.010033, 199.876503)),
     ("mean((a*exp(-x/b) - z)^2)", (199.876503, 99.669272)),
     ("mean(log(1 + exp(-s*(a*x + b))))", (0.029181, -5.095370)),
     ("mean(abs(a*x + b - y))", (4.0142, 67.2735))],
)  # fmt: skip
def test_other_fits_in_raw_units_are_seen_with_their_minimum(
    text: str, minimum: tuple[float, float]
) -> None:
    """The minima are SciPy's, by the simplex method of Nelder and Mead."""
    fit = a_fit(text)
    view = first_view(fit)
    assert view.range.contains(*minimum)
    assert view.range.contains(*view.start)
    settings = RunSettings(ESTIMATES["analytic"], RULES["gd"], alpha=view.alpha, steps=40)
    path = descend(fit, settings, view.start)
    assert path.loss[-1] < path.loss[0]
    assert view.range.contains(*path.theta[-1])


def test_where_nothing_curves_a_step_stays_on_the_map() -> None:
    """|a + b| has no curvature but at its kink, where it is what the spacing makes of it."""
    begin = guess_start(FormulaObjective.from_text("1000*abs(a + b)"), HOME)
    assert begin.alpha * 1000 <= 0.25 * 10
