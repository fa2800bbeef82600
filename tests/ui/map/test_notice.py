"""The map says what is not to be seen on it."""

import msgspec
import pytest
from PySide6.QtCore import Qt

from gdviz.experiment.experiment import Experiment
from gdviz.ui.map.notice import MapNotice


@pytest.fixture
def notice(ui):
    return ui.window.map_place.findChild(MapNotice)


def test_a_start_off_the_map_is_said_until_it_is_back(ui, notice):
    ui.show(Experiment())
    assert not notice.isVisible()
    ui.show(Experiment(start=(30.0, 2.0)))
    assert notice.isVisible()
    assert notice.text().startswith("The start, (30, 2), is off this map")
    assert ui.window.map_view.rect().contains(notice.geometry())
    assert notice.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    ui.show(Experiment())
    assert not notice.isVisible()


def test_methods_that_are_computing_are_not_said_to_be_hidden(ui, notice):
    shown = Experiment(precision="float32", steps=9_000)
    methods = tuple(msgspec.structs.replace(m, shown=False) for m in shown.methods)
    ui.show(shown.replace(methods=methods))
    assert notice.text() == "No method is shown: tick one on the left."
    said = []
    ui.window.store.scene_changed.connect(lambda scene: said.append(notice.text()))
    ui.show(shown)
    assert said[0] == "No path yet: 3 methods still to be computed."
    assert said[-1] == ""
