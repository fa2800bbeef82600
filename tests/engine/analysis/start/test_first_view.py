"""What a fit is first seen with: its minimum, and paths that arrive."""

import numpy as np
import pytest

from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE
from gdviz.experiment.change_function import experiment_on
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.open_file import with_data
from gdviz.scene.scene import build_scene
from tests.engine.analysis.start.raw_lines import a_line


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


def test_the_usual_paraboloid_keeps_the_usual_map() -> None:
    assert first_view(FormulaObjective.from_text("a^2 + b^2")).range == DEFAULT_RANGE


#: Columns x and y of tables as they are published, made from a line.
UNITS = {
    "population by year": (range(1950, 1990), 23456.0, -4.4e7),
    "life expectancy by gross domestic product": ([2.7e9, 3.4e10, 1.8e11, 7.1e11], 1.2e-11, 60.0),
    "price in yen by rooms": ([1, 2, 3, 4, 5], 8e6, 5e6),
    "absorbance by thickness in metres": ([1e-9, 2e-9, 4e-9, 5e-9], 1e8, 0.01),
    "stopping potential by frequency": ([4.3e14, 5.5e14, 6.4e14, 7.9e14], 4.1e-15, -2.0),
    "kilograms of stars": ([1, 2, 3, 4], 2e30, 0.0),
}


@pytest.mark.parametrize("name", UNITS)
def test_no_unit_is_too_large_or_too_small(name: str) -> None:
    x, slope, intercept = UNITS[name]
    x = np.array(x, float)
    off = np.resize([1.0, -1.0, -1.0, 1.0], len(x)) * 0.01 * np.std(slope * x)
    data = Data({"x": tuple(x.tolist()), "y": tuple((slope * x + intercept + off).tolist())})
    best = np.polyfit(x, data.columns["y"], 1)
    experiment = with_data(Experiment(), data)
    line = experiment.objective()
    assert experiment.map_range.contains(*best)
    low_a, high_a, low_b, high_b = experiment.map_range
    half = np.array([high_a - low_a, high_b - low_b]) / 2
    assert (np.abs(best) >= 0.2 * half).any()  # and is not lost in the middle of a far larger map
    (path, *_) = [run.path for run in build_scene(experiment, resolution=9).runs]
    assert line.value(*path.theta[-1]) < 1e-3 * path.loss[0]


def test_a_map_lies_where_the_line_is_even_if_its_gradients_count_as_zero() -> None:
    x = np.arange(1.0, 12.0) * 1e-19  # coulombs, of which y holds as many
    off = np.resize([1.0, -1.0, -1.0, 1.0], len(x)) * 1e-20
    y = 2.0 * x + 1e-19 + off
    data = Data({"x": tuple(x.tolist()), "y": tuple(y.tolist())})
    low_a, high_a, low_b, high_b = with_data(Experiment(), data).map_range
    slope, intercept = np.polyfit(x / 1e-19, y / 1e-19, 1)
    assert low_a < slope < high_a < 10.0
    assert low_b < intercept * 1e-19 < high_b < 1e-17


@pytest.mark.parametrize(
    "text", ["1e200*a^2 + b^2", "1e-200*a^2 + b^2", "(a - 1e9)^2 + (b + 3e8)^2"]
)
def test_numbers_of_any_size_in_a_formula_have_a_map(text: str) -> None:
    view = first_view(FormulaObjective.from_text(text))
    assert view.range.contains(*((1e9, -3e8) if "1e9" in text else (0.0, 0.0)))
    experiment_on(text)


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


@pytest.mark.parametrize("form", ["mean", "sum"])
def test_a_view_on_many_rows_is_that_on_some_of_them_and_alpha_is_for_all(form: str) -> None:
    noise = np.random.default_rng(5)
    x = noise.normal(size=20_000)
    labels = np.sign(2 * x + 1 + noise.logistic(size=len(x)))
    f = FormulaObjective.from_text(
        f"{form}(log(1 + exp(-y*(a*x + b))))", {}, Data.of_arrays({"x": x, "y": labels})
    )
    view, of_some = first_view(f), first_view(f.over_some_rows(2_000))
    assert view.range == of_some.range
    assert view.start == of_some.start
    times = 10 if form == "sum" else 1
    assert view.alpha * times == pytest.approx(of_some.alpha, rel=0.6)  # of one digit
