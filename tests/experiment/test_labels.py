"""Labels that a typed loss takes, against losses of hand-turned labels."""

import pytest

from gdviz.engine.objectives.data import Data
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.experiment.json_file import from_json, to_json

X = (-2.0, -1.0, -0.5, 0.2, 1.0, 2.0)
BITS = (0.0, 0.0, 1.0, 0.0, 1.0, 1.0)
SIGNS = tuple(2 * y - 1 for y in BITS)
MARGIN = "mean(log(1 + exp(-y*(a*x + b))))"
ENTROPY = "mean(softplus(a*x + b) - y*(a*x + b))"


def function(text: str, labels: tuple[float, ...], name: str = "y") -> FormulaFunction:
    data = Data({"x": X, name: labels}, "my.csv")
    found = on_formula(Experiment(), text, data=data, constants={}).function
    assert isinstance(found, FormulaFunction)
    return found


@pytest.mark.parametrize(
    "text", [MARGIN, "-mean(log(sigmoid(y*(a*x + b))))", "mean(max(0, 1 - y*(a*x + b)))"]
)
def test_zeros_and_ones_become_the_signs_that_margins_have(text: str) -> None:
    turned, signs = function(text, BITS), function(text, SIGNS)
    assert turned.data_note == "the labels 0 and 1 of y are read as −1 and 1"
    assert signs.data_note == ""
    assert turned.objective().value(0.7, -0.3) == signs.objective().value(0.7, -0.3)
    assert turned.model == signs.model == "a*x + b"


def test_of_the_two_forms_of_the_logistic_loss_each_gets_its_labels() -> None:
    values = [
        function(text, labels).objective().value(0.7, -0.3)
        for text in (MARGIN, ENTROPY)
        for labels in (BITS, SIGNS)
    ]
    assert values == pytest.approx([values[0]] * 4, rel=1e-14)
    assert function(ENTROPY, SIGNS).data_note == "the labels −1 and 1 of y are read as 0 and 1"


def test_another_formula_over_the_same_data_has_them_as_they_were() -> None:
    margin = function(MARGIN, BITS)
    assert margin.data is not None
    assert margin.data.columns["y"] == BITS
    squares = margin.replace(text="mean((a*x + b - y)^2)")
    assert squares.data_set is not None
    assert squares.data_set.columns["y"] == BITS
    assert squares.data_note == ""


def test_a_surface_hands_them_on_as_they_were() -> None:
    data = Data({"x1": X, "x2": X[::-1], "y": BITS}, "my.csv")
    surface = Experiment(function=SurfaceFunction("logistic-regression", data=data))
    typed = on_formula(surface, "mean((a*x1 + b*x2 - y)^2)").function
    assert typed.data == data


def test_what_is_both_stays_and_is_said() -> None:
    both = function("mean((1 + y)*softplus(-y*(a*x + b)))", BITS)
    assert both.data_set == both.data
    assert both.data_note == (
        "the column y holds 0 and 1, and stands in a margin, where rows with 0 count nothing, as "
        "well as elsewhere, so it was left as it is: 2*y - 1 is −1 and 1"
    )


def test_labels_need_not_be_the_column_that_would_be_fitted() -> None:
    data = Data({"label": BITS, "x": X})
    text = "mean(log(1 + exp(-label*(a*x + b))))"
    found = on_formula(Experiment(), text, data=data, constants={}).function
    assert found.data_note == "the labels 0 and 1 of label are read as −1 and 1"


def test_a_feature_of_zeros_and_ones_is_no_label() -> None:
    data = Data({"x": BITS, "y": SIGNS})
    text = "mean(exp(-y*a*x))*b"
    found = on_formula(Experiment(), text, data=data, constants={}).function
    assert (found.data_set, found.data_note) == (data, "")


def test_an_experiment_file_holds_them_as_the_person_had_them() -> None:
    experiment = Experiment(function=function(MARGIN, BITS))
    again = from_json(to_json(experiment)).function
    assert again == experiment.function
    assert again.data_note == "the labels 0 and 1 of y are read as −1 and 1"
