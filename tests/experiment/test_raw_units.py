"""Data in raw units: said to be ill-conditioned, and standardised with the same line as before."""

import numpy as np
import pytest

from gdviz.base.format import number
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import (
    experiment_on,
    on_data,
    on_formula,
    on_surface,
    reset,
)
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.raw_units import conditioning, faintness, standardised
from gdviz.experiment.validation import ExperimentError
from gdviz.scene.scene import build_scene

X = (5.7, 8.1, 11.5, 12.6, 20.0, 25.4, 33.0, 38.9, 42.4, 59.0)
Y = (155.0, 200.0, 247.0, 241.0, 345.0, 377.0, 454.0, 541.0, 579.0, 767.0)
MEAN, DEVIATION = float(np.mean(X)), float(np.std(X))
RAW = on_data(Experiment(), Data({"x": X, "y": Y}, "raw.csv"))


def test_raw_units_are_said_to_be_ill_conditioned() -> None:
    """The condition number is that of AᵀA, with columns x and 1."""
    matrix = np.column_stack([X, np.ones(len(X))])
    condition = number(np.linalg.cond(matrix.T @ matrix), 2)
    said = conditioning(RAW.objective())
    assert said.startswith(f"the loss is a paraboloid that curves {condition} times as much across")


def test_standardised_it_is_the_same_line_round_and_all_paths_arrive() -> None:
    made, sentence = standardised(RAW)
    assert made.function.data.source == "raw.csv, standardised"
    column = np.array(made.function.data.columns["x"])
    assert (column.mean(), column.std()) == pytest.approx((0.0, 1.0), abs=1e-12)
    assert made.function.data.columns["y"] == Y
    assert conditioning(made.objective()) == ""
    slope, level = np.polyfit(X, Y, 1)
    best = slope * DEVIATION, level + slope * MEAN
    assert made.objective().value(*best) == pytest.approx(RAW.objective().value(slope, level))
    assert made.map_range.contains(*best)
    for run in build_scene(made, resolution=16).runs:
        assert run.path.theta[-1] == pytest.approx(best, rel=0.01)
    assert sentence.startswith(
        f"standardised: x is now (x − {MEAN:.4g})/{DEVIATION:.4g}; a is {DEVIATION:.4g} times"
    )
    assert "b what the line has at its mean" in sentence


@pytest.mark.parametrize("scale", [1.0, 1e-3, 200.0])
def test_data_for_a_surface_is_seen_where_the_surface_fits_it(scale: float) -> None:
    """As a line that is fitted to it: the surface's own map is that of its own data."""
    x = scale * np.array(X)
    slope, level = np.polyfit(x, Y, 1)
    surface = on_surface(Experiment(), SURFACES["linear-regression"])
    seen = on_data(surface, Data({"x": tuple(x.tolist()), "y": Y}))
    assert seen.function.name == "linear-regression"
    assert seen.map_range.contains(slope, level)
    assert seen.map_range.contains(*seen.start)
    losses = build_scene(seen, resolution=2).runs[0].path.loss
    assert losses[-1] < 0.5 * losses[0]  # it does not diverge
    again = reset(seen.replace(start=(0.0, 0.0), range=(-1.0, 1.0, -1.0, 1.0)))
    assert again.map_range.contains(slope, level)
    made, _ = standardised(seen)
    assert made.map_range.contains(slope * float(np.std(x)), float(np.mean(Y)))


def test_data_like_that_before_leaves_the_map_as_it_is() -> None:
    surface = on_surface(Experiment(), SURFACES["linear-regression"])
    own = surface.function.data_set
    assert own is not None
    moved = tuple(y + 0.1 for y in own.columns["y"])
    seen = on_data(surface, Data({**own.columns, "y": moved}))
    assert (seen.map_range, seen.start, seen.alpha) == (
        surface.map_range, surface.start, surface.alpha,
    )  # fmt: skip


def test_what_cannot_be_standardised_is_refused() -> None:
    with pytest.raises(ExperimentError, match="no data of your own"):
        standardised(Experiment())
    with pytest.raises(ExperimentError, match="standardised already"):
        standardised(standardised(RAW)[0])
    constant = on_data(Experiment(), Data({"x": (2.0, 2.0), "y": (1.0, 3.0)}))
    with pytest.raises(ExperimentError, match="or constant"):
        standardised(constant)


def test_what_is_no_paraboloid_is_not_said_to_be_one() -> None:
    assert conditioning(on_formula(Experiment(), "(1 - a)^2 + 100*(b - a^2)^2").objective()) == ""


@pytest.mark.parametrize(
    ("low", "high", "middle", "scale"),
    [(90, 170, 130, 8), (1900, 2000, 1950, 10), (0, 1e4, 5e3, 1e3), (-5, 5, 0, 1.5)],
)
def test_a_cross_entropy_over_raw_units_is_seen_around_its_minimum(
    low: float, high: float, middle: float, scale: float
) -> None:
    """Where x is large, probabilities are 0 and 1 nearly everywhere, and f has no value there."""
    rng = np.random.default_rng(5)
    x = rng.uniform(low, high, 60)
    y = (rng.random(60) < 1 / (1 + np.exp(-(x - middle) / scale))).astype(float)
    t, best = (x - x.mean()) / x.std(), np.zeros(2)
    columns = np.column_stack([t, np.ones(60)])
    for _ in range(30):  # Newton's method on standardised x
        p = 1 / (1 + np.exp(-columns @ best))
        hessian = (columns.T * (p * (1 - p))) @ columns
        best += np.linalg.solve(hessian, columns.T @ (y - p))
    minimum = best[0] / x.std(), best[1] - best[0] * x.mean() / x.std()
    text = "-mean(y*log(sigmoid(a*x + b)) + (1 - y)*log(1 - sigmoid(a*x + b)))"
    seen = experiment_on(text, data=Data({"x": tuple(x.tolist()), "y": tuple(y.tolist())}))
    assert seen.map_range.contains(*minimum)
    assert seen.map_range.contains(*seen.start)
    losses = build_scene(seen, resolution=2).runs[0].path.loss
    assert losses[-1] < 0.7 * losses[0]


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (1.6e-19, 1.0, "∂f/∂a is about 10⁻¹⁷ where it is large, and a gradient of 10⁻¹⁰ counts"),
        (1.0, 1.6e-19, "∂f/∂b is about 3·10⁻¹⁸ where it is large, and a gradient of 10⁻¹⁰ counts"),
        (1.0, 1.0, ""), (1e-3, 1.0, ""), (1e-3, 1e3, ""), (1.0, 1e-4, ""), (1.0, 1e-8, ""),
    ],
)  # fmt: skip
def test_slopes_that_count_as_zero_are_said(x: float, y: float, said: str) -> None:
    """Charges in coulombs: paths end where nothing has been reached."""
    data = Data({"x": tuple(x * k for k in range(1, 9)), "y": tuple(y * k for k in range(8, 16))})
    found = faintness(FormulaObjective.from_text("mean((a*x + b - y)^2)", data=data))
    assert found.startswith(said) if said else not found
