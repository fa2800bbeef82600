"""What a formula fits, against what a reader says it does."""

import pytest

from gdviz.engine.analysis.infer_model import fitted_model, labels_of
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_formula, on_surface
from gdviz.experiment.experiment import Experiment


def fitted(text: str, **options: object) -> str:
    formula = Formula.parse(text, ("k",), ("x", "y", "w"))
    return fitted_model(formula, "y", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("mean((a*x + b - y)^2)", "a*x + b"),
        ("mean((y - a*x - b)^2)", "a*x + b"),
        ("mean(abs(a*x^2 + b - y))", "a*x^2 + b"),
        ("mean((k*sigmoid(a*x) - y)^2) + 0.1*(a^2 + b^2)", "k*sigmoid(a*x)"),
        ("sum(w*(y - (a - b*x))^2)/sum(w)", "a - b*x"),
        ("mean(-(y - a)^2)", "a"),
    ],
)
def test_the_model_is_what_the_target_is_compared_with(text: str, model: str) -> None:
    assert fitted(text) == model


@pytest.mark.parametrize(
    "text",
    [
        "a^2 + b^2",  # no target
        "mean(x)*a",
        "a*mean((y - x)^2)",  # compared with what does not move
        "mean((a*x + y*b - y)^2)",  # the target on both sides
        "mean((2*y - a*x)^2)",
        "mean((a*x - y)^2) + mean((b*x - y)^2)",  # two of them
        "sum(log(1 + exp(-y*(a*x + b))))",  # y is not known to hold labels
    ],
)
def test_where_that_cannot_be_said_there_is_none(text: str) -> None:
    assert fitted(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "-mean(y*log(sigmoid(a*x + b)) + (1 - y)*log(1 - sigmoid(a*x + b)))",
        "mean(-y*log(sigmoid(a*x + b)) - (1 - y)*log(1 - sigmoid(a*x + b)))",
        "mean((1 - y)*softplus(a*x + b) + y*softplus(-(a*x + b)))",
        "mean(softplus(a*x + b) - y*(a*x + b))",
        "mean(log(1 + exp(a*x + b)) - y*(a*x + b))",
    ],
)
def test_of_a_cross_entropy_it_is_the_probability(text: str) -> None:
    assert fitted(text, before="a*x + b") == "sigmoid(a*x + b)"


def test_a_probability_may_be_written_out() -> None:
    text = "mean(y*log(1 + exp(-a*x)) + (1 - y)*(a*x + log(1 + exp(-a*x))))"
    assert fitted(text) == "sigmoid(a*x)"


def test_labels_are_multiplied() -> None:
    assert fitted("sum(log(1 + exp(-y*(a*x + b))))", margins=True) == "a*x + b"
    assert fitted("mean(max(0, 1 - y*(a*x - b)))", margins=True) == "a*x - b"


def test_a_model_that_was_given_stays_as_long_as_it_is_in_the_formula() -> None:
    text = "sum(log(1 + exp(-y*(a*x + b))))"
    assert fitted(text, before="a*x + b") == "a*x + b"
    assert fitted(text, before="a*x") == "a*x"
    assert fitted(text, before="b*x") == ""
    assert fitted(text, before="q*x") == ""


@pytest.mark.parametrize("name", [s.name for s in SURFACES.values() if s.data])
def test_the_surfaces_fit_what_the_table_says(name: str) -> None:
    surface = SURFACES[name]
    own = on_formula(on_surface(Experiment(), surface), f"{surface.formula} + 0.1*a^2")
    assert own.function.model == surface.model


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("mean(log(1+exp(-y*(a*x+b))))", "signs"),
        ("mean(softplus(-y*(a*x+b))) + 0.1*(a^2 + b^2)", "signs"),
        ("-mean(log(sigmoid(y*(a*x+b))))", "signs"),
        ("mean(max(0, 1-y*(a*x+b)))", "signs"),
        ("mean(relu(k-y*(a*x+b))^2)", "signs"),
        ("sum(exp(-y*a*x - y*b))/n", "signs"),
        ("mean(logaddexp(0, -y*(a*x+b)))", "signs"),
        ("mean((1 - y*(a*x+b))^2)", "signs"),
        ("-mean(y*log(sigmoid(a*x+b)) + (1-y)*log(1-sigmoid(a*x+b)))", "bits"),
        ("mean(softplus(a*x+b) - y*(a*x+b))", "bits"),
        ("mean(softplus(-y*(a*x+b))) + mean((y-a)^2)", "both"),
        ("mean((1+y)*softplus(-y*(a*x+b)))", "both"),
        ("mean(softplus(-(2*y-1)*(a*x+b)))", None),  # which turns them itself
        ("mean((a*x + b - y)^2)", None),
        ("mean(y*(a*x + b - w)^2)", None),  # a weight
        ("mean((y*(a*x + b - w))^2)", None),
        ("mean((a*y + b - w)^2)", None),  # a feature
        ("mean(exp(a*y + b) - w*(a*y + b))", None),
    ],
)
def test_labels_are_those_that_a_loss_takes(text: str, labels: str | None) -> None:
    assert labels_of(Formula.parse(text, ("k",), ("x", "y", "w")), "y") == labels
