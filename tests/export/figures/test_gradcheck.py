"""The check of a gradient as a figure, also where there is little to draw."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.export.figures.gradcheck import draw_check
from gdviz.export.options import FigureOptions

if TYPE_CHECKING:
    from collections.abc import Callable

SLIP = "b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))", "sigmoid(a*x)"
SMALL = FigureOptions(size=(6.0, 4.5), dpi=40)

# Formula, constants, candidate.
ODD: dict[str, tuple[str, tuple[str, str]]] = {
    "nothing to compare": ("log(-1 - a^2) + b", ("2*a/(1 + a^2)", "1")),
    "undefined candidate": ("a*b", ("log(-1 - a^2)", "sqrt(a)")),
    "a flat function": ("0*a + 3", ("0", "0")),
    "wrong by a constant": ("a + b", ("2", "1")),
    "on a half": ("log(a)*b", ("b/a^2", "log(a)")),
    "largest": ("1e304*a*b", ("1e304*b", "1e303*a")),
    "smallest": ("1e-300*a*b", ("1e-300*b", "2e-300*a")),
}


def checked(experiment: Experiment) -> GradientCheck:
    assert experiment.function.candidate_gradient is not None
    return check_gradient(
        experiment.function.formula_objective(),
        experiment.function.candidate_gradient,
        experiment.map_range,
        resolution=17,
        seconds=0.0,
    )


def test_the_slip_in_words_and_colours(file_of: Callable[..., bytes]) -> None:
    experiment = Experiment(function=SurfaceFunction(candidate_gradient=SLIP))
    svg = file_of(SMALL, "svg", draw_check, checked(experiment), experiment).decode()
    for word in ("∂f/∂a: wrong", "∂f/∂b: right", "−24.8642", "2.02·10⁵ %"):
        assert f"<!-- {word}" in svg or word in svg
    assert "#d55e00" in svg.lower()


@pytest.mark.sampled(1)
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_odd_ones_are_drawn(name: str, file_of: Callable[..., bytes]) -> None:
    formula, candidate = ODD[name]
    experiment = Experiment(function=FormulaFunction(formula, candidate_gradient=candidate))
    png = file_of(SMALL, "png", draw_check, checked(experiment), experiment)
    assert Image.open(io.BytesIO(png)).size == SMALL.pixels


@pytest.mark.slow
@pytest.mark.sampled(1)
@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_check_makes_the_same_file(form: str, file_of: Callable[..., bytes]) -> None:
    experiment = Experiment(function=SurfaceFunction(candidate_gradient=SLIP))
    check = checked(experiment)
    files = {file_of(SMALL, form, draw_check, check, experiment) for _ in range(2)}
    assert len(files) == 1
