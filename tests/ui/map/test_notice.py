"""The map says what is not to be seen on it."""

import msgspec
import pytest
from PySide6.QtCore import Qt

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
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


def test_that_there_is_no_surface_is_said_in_three_dimensions_alone(ui, notice, monkeypatch):
    """Where f has a value on a line alone the map shows it, and three dimensions nothing."""
    place = ui.window.map_place
    line = FormulaFunction("sqrt(1e-20 - a^2) + b", home=(0.0, 1.0, 0.0, 1.0))
    ui.show(Experiment(function=line, start=(0.0, 0.5), range=(0.0, 1.0, 0.0, 1.0)))
    assert notice.text() == ""
    monkeypatch.setattr(type(place), "draws_relief", property(lambda self: self.shows_relief))
    for is_shown in (True, False):
        place.set_relief_shown(is_shown)
        assert ("single points or along lines" in notice.text()) == is_shown
        assert notice.isVisible() == is_shown


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
