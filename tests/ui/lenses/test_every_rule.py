"""Every update rule in every lens: what is shown of one is shown of all, without complaint."""

import pytest

from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_every_lens_shows_a_rule(ui, rule):
    methods = (Method("analytic", rule), Method("forward", rule, epsilon=1e-3))
    experiment = on_surface(Experiment(methods=methods), SURFACES["himmelblau"])
    ui.show(experiment.replace(alpha=0.01, methods=methods))
    tabs = ui.window.right
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        ui.settle()
    path = ui.scene.runs[0].path
    ui.point_at(*path.theta[1])
    ui.frame()
    assert len(ui.scene.runs) == 2
    assert ui.window.methods_box._rows[0]._price.text()
    tabs.setCurrentIndex(0)
