"""Data in raw units: said to be ill-conditioned, and standardised with the same line as before."""

import numpy as np
import pytest

from gdviz.base.format import number
from gdviz.engine.objectives.data import Data
from gdviz.experiment.change_function import on_data, on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.raw_units import conditioning, standardised
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
