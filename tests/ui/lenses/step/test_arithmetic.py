"""The Step lens writes ∇f as the Formula lens does."""

import pytest

from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import SurfaceFunction
from gdviz.scene.step_text import step_report
from gdviz.ui.lenses.formula import derivatives
from gdviz.ui.lenses.step import arithmetic
from gdviz.ui.tasks.task import Job
from gdviz.ui.toolkit.widgets.math_label import MathLabel


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


@pytest.mark.sampled(1)
@pytest.mark.parametrize("options", [{}, {"clip": 0.5, "noise": 0.1}])
def test_the_whole_update_is_shown(ui, options):
    window = ui.window
    window.right.setCurrentWidget(window.step_lens)
    ui.show(Experiment(methods=(Method("analytic", "adam", options),)))
    window.timeline.set_step(1)
    page = window.step_lens.page("arithmetic")
    shown = [x.accessibleName() for x in page.findChildren(MathLabel) if x.isVisibleTo(page)]
    update = [line.plain for line in step_report(ui.scene.objective, ui.scene.runs[0], 1).update]
    assert len(update) == 3 + bool(options)
    assert shown[-len(update) :] == update
    window.right.setCurrentIndex(0)
