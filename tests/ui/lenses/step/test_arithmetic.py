"""The Step lens writes ∇f as the Formula lens does."""

import pytest

from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import SurfaceFunction
from gdviz.ui.lenses.formula import derivatives
from gdviz.ui.lenses.step import arithmetic
from gdviz.ui.tasks.task import Job


@pytest.mark.sampled(9)
@pytest.mark.parametrize("name", SURFACES)
def test_both_lenses_spell_the_gradient_alike(name):
    experiment = Experiment(function=SurfaceFunction(name))
    constants, data = experiment.function.constants, experiment.function.data_set
    columns = data.names if data else ()
    names = experiment.function.parameters
    key = experiment.function.text, tuple(sorted(constants)), columns, names
    _, *there = derivatives._lines_of(Job(), key)
    lines = arithmetic._gradient_lines(
        Job(), experiment.function.text, constants, (0.7, 1.3), columns, names, (1.0, 2.0)
    )
    is_long = len(experiment.function.text) > 80  # and is not written out with numbers
    assert len(lines) == (0 if is_long else 4)
    for line, component, (latex, _) in zip(lines[::2], "ab", there[:2], strict=False):
        assert line.latex == (
            rf"\hat{{g}}_{component} = \frac{{\partial f}}{{\partial {component}}} = {latex}"
        )
