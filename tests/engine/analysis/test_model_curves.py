"""What is fitted: points, curves and boundaries against what the model says by hand."""

import math
from typing import Any

import numpy as np
import pytest

from gdviz.engine.analysis.model_curves import Fitting, fitting, widened
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

LINE, CLASSES = DATASETS["line"], DATASETS["two-classes"]


def on_surface(name: str) -> Fitting:
    surface = SURFACES[name]
    return fitting(DATASETS[surface.data], surface.model, {}, surface.target, surface.labels)


def test_a_line_is_a_line() -> None:
    prepared = on_surface("linear-regression")
    fit = prepared.at(0.7, -0.2)
    assert prepared.axes == ("x", "y")
    assert not prepared.is_plane
    np.testing.assert_array_equal(prepared.x, LINE.columns["x"])
    np.testing.assert_array_equal(prepared.y, LINE.columns["y"])
    np.testing.assert_allclose(fit.y, 0.7 * fit.x - 0.2)
    assert len(fit.x) == 200
    assert fit.x[0] < min(LINE.columns["x"]) < max(LINE.columns["x"]) < fit.x[-1]
    assert fit.sentence == ""
    assert not fit.wrong.any()


@pytest.mark.parametrize("name", ["linear-regression", "sigmoid-regression"])
def test_the_residuals_are_what_the_loss_is_made_of(name: str) -> None:
    surface = SURFACES[name]
    fit = on_surface(name).at(1.3, 0.4)
    assert np.mean(fit.deviations**2) == pytest.approx(FormulaObjective.of(surface).value(1.3, 0.4))
    target = np.array(DATASETS[surface.data].columns["y"])
    np.testing.assert_allclose(fit.predictions + fit.deviations, target)


def test_the_margins_are_what_the_loss_is_made_of() -> None:
    fit = on_surface("logistic-regression").at(0.9, -0.4)
    loss = np.sum(np.log1p(np.exp(-fit.deviations)))
    assert loss == pytest.approx(
        FormulaObjective.of(SURFACES["logistic-regression"]).value(0.9, -0.4)
    )
    np.testing.assert_array_equal(fit.wrong, fit.deviations <= 0)


@pytest.mark.parametrize(("a", "b"), [(1.4, 0.8), (-2.0, 1.0), (0.0, 1.0), (3.0, 0.0)])
def test_a_linear_boundary_is_exact(a: float, b: float) -> None:
    prepared = on_surface("logistic-regression")
    assert prepared.is_plane
    assert prepared.axes == ("x1", "x2")
    assert prepared.level == 0
    np.testing.assert_array_equal(prepared.above, np.array(CLASSES.columns["y"]) == 1)
    fit = prepared.at(a, b)
    assert len(fit.x) > 1
    assert np.abs(a * fit.x + b * fit.y).max() < 1e-12
    low, high = widened(prepared.x if abs(b) > abs(a) else prepared.y)
    along = fit.x if abs(b) > abs(a) else fit.y
    assert (along.min(), along.max()) == pytest.approx((low, high), abs=0.2)


def test_wrong_is_the_other_side_of_the_boundary() -> None:
    data = Data({"x1": (1.0, -1.0, 2.0, 0.0), "x2": (0.0,) * 4, "y": (1.0, 1.0, -1.0, 1.0)})
    fit = fitting(data, "a*x1 + b*x2", {}, "y").at(2.0, 1.0)
    np.testing.assert_array_equal(fit.deviations, [2, -2, -4, 0])
    np.testing.assert_array_equal(fit.wrong, [False, True, True, True])


def test_a_curved_boundary_in_two_pieces() -> None:
    data = Data({"u": (-2.0, 2.0, 0.0), "v": (-1.0, 1.0, 0.0), "y": (1.0, 1.0, -1.0)})
    fit = fitting(data, "a*u^2 + b", {}, "y").at(1.0, -1.0)
    assert fit.sentence == ""  # one column in the model: a curve, and no boundary
    fit = fitting(data, "a*u^2 + b + 0*v + v*0.001", {}, "y").at(1.0, -1.0)
    gaps = np.isnan(fit.x)
    assert gaps.sum() == 1
    assert set(np.sign(fit.x[~gaps])) == {-1.0, 1.0}
    assert np.abs(fit.x[~gaps]) == pytest.approx(1.0, abs=1e-2)


def test_without_labels_the_level_is_the_middle_of_the_target() -> None:
    data = Data({"u": (-1.0, 1.0), "v": (0.0, 1.0), "y": (0.0, 1.0)})
    prepared = fitting(data, "sigmoid(a*u + b*v)", {}, "y")
    assert not prepared.labels
    assert prepared.level == 0.5
    np.testing.assert_array_equal(prepared.above, [False, True])
    fit = prepared.at(1.0, 2.0)
    assert np.abs(fit.x + 2 * fit.y).max() < 0.01
    assert fit.deviations[1] == pytest.approx(1 - 1 / (1 + math.exp(-3)))


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (0.0, 0.0, "the model is on neither side of 0"),
        (math.nan, 1.0, "no finite value"),
        (math.inf, 0.0, "no finite value"),
        (1e308, 1e308, ""),
    ],
)
def test_no_boundary_is_a_sentence(a: float, b: float, words: str) -> None:
    fit = on_surface("logistic-regression").at(a, b)
    assert words in fit.sentence
    assert bool(fit.sentence) == (fit.x.size == 0)
    assert len(fit.predictions) == CLASSES.rows


def test_a_boundary_out_of_view() -> None:
    data = Data({"u": (1.0, 2.0), "v": (1.0, 2.0), "y": (1.0, -1.0)})
    prepared = fitting(data, "a*u + b*v", {}, "y")
    assert "the model is above 0 everywhere" in prepared.at(1.0, 1.0).sentence
    assert "the model is below 0 everywhere" in prepared.at(-1.0, -1.0).sentence


def test_what_is_not_finite_leaves_a_hole() -> None:
    fit = fitting(LINE, "a*log(x) + b", {}, "y").at(1.0, 0.0)
    assert fit.sentence == ""
    np.testing.assert_array_equal(np.isnan(fit.y), fit.x <= 0)
    assert np.isnan(fit.predictions[0])
    fit = fitting(LINE, "a*exp(1000*x) + b", {}, "y").at(1.0, 0.0)
    assert not np.isinf(fit.y).any()
    assert np.isinf(fit.predictions[-1])
    assert fitting(LINE, "a*x + b", {}, "y").at(math.inf, 0.0).sentence != ""


def test_a_model_without_columns_is_level() -> None:
    fit = fitting(LINE, "a + b", {}, "y").at(1.0, 2.0)
    assert set(fit.y) == {3.0}
    assert set(fit.predictions) == {3.0}


def test_constants_and_the_number_of_rows() -> None:
    fit = fitting(LINE, "k*a*x + b/n + c", {"k": 2.0, "c": 1.0}, "y").at(0.5, 20.0)
    np.testing.assert_allclose(fit.y, fit.x + 2)


THREE = Data({"u": (0.0, 1.0), "v": (1.0, 0.0), "w": (1.0, 1.0), "y": (1.0, -1.0)})
ALONE = Data({"y": (3.0, 4.0)})


@pytest.mark.parametrize(
    ("data", "model", "words", "axes"),
    [
        (LINE, "", "is unknown", ("x", "y")),
        (CLASSES, "", "is unknown", ("x1", "x2")),
        (THREE, "a*u + b*v + w", "3 columns", ("u", "v")),
        (LINE, "a*x + b*y", "uses y", ("x", "y")),
        (LINE, "a*x + mean(y)", "sums over all rows", ("x", "y")),
        (LINE, "a*x +", "ends at column 6", ("x", "y")),
        (LINE, "a*x + 1/0", "no finite result", ("x", "y")),
        (ALONE, "", "is unknown", ("", "y")),
    ],
)
def test_points_only_and_why(data: Data, model: str, words: str, axes: Any) -> None:
    prepared = fitting(data, model, {}, "y")
    assert prepared.axes == axes
    assert len(prepared.x) == len(prepared.y) == data.rows
    fit = prepared.at(1.0, 2.0)
    assert words in fit.sentence
    assert fit.x.size == fit.y.size == 0
    assert len(fit.predictions) == (data.rows if prepared.has_model else 0)
    assert len(fit.deviations) == len(fit.predictions)


def test_a_mean_in_the_model_still_predicts() -> None:
    fit = fitting(LINE, "a*x + mean(y)", {}, "y").at(0.0, 0.0)
    assert fit.predictions == pytest.approx(np.mean(LINE.columns["y"]))


def test_one_row_has_room_around_it() -> None:
    fit = fitting(Data({"x": (2.0,), "y": (1.0,)}), "a*x + b", {}, "y").at(1.0, 0.0)
    assert fit.x[0] < 2.0 < fit.x[-1]


def test_one_column_and_the_number_of_the_row() -> None:
    prepared = fitting(ALONE, "a", {}, "y")
    np.testing.assert_array_equal(prepared.x, [1, 2])
    assert set(prepared.at(5.0, 0.0).y) == {5.0}
