"""The map says what is not to be seen on it."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt

from gdviz.engine.objectives.data import Data
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


def test_paths_over_some_rows_are_said_to_be_that(ui, notice):
    x = np.linspace(-2.0, 2.0, 5_000)
    data = Data.of_arrays({"x": x, "y": np.sin(3 * x)}, "large.csv")
    ui.show(Experiment(function=FormulaFunction("mean((b*sigmoid(a*x) - y)^2)", data=data)))
    window = ui.window
    drawn, lines = [], window.map_view._paths._lines
    window.store.preview_changed.connect(
        lambda preview: drawn.append((preview, notice.text(), lines.lines[0].x.copy()))
    )
    assert window.store.change(start=(2.5, 1.5))
    ui.settle()
    [(preview, said, a)] = drawn
    assert said == "Paths over 1,000 of 5,000 rows, chosen at random; all rows follow."
    np.testing.assert_array_equal(a, preview.runs[0].path.theta[:, 0])
    assert notice.text() == ""
    np.testing.assert_array_equal(lines.lines[0].x, ui.scene.runs[0].path.theta[:, 0])
    # Those that do not come go, and the picture before is back.
    window.store.preview_changed.emit(preview)
    assert window.map_view._is_preview
    assert notice.isVisible()
    window.store.preview_changed.emit(None)
    assert not window.map_view._is_preview
    assert notice.text() == ""
    np.testing.assert_array_equal(lines.lines[0].x, ui.scene.runs[0].path.theta[:, 0])


def test_a_new_map_over_some_rows_is_drawn_unveiled_and_said(ui, notice):
    window = ui.window
    before, item = ui.scene, window.map_view.ground.image
    x = np.linspace(-2.0, 2.0, 5_000)
    data = Data.of_arrays({"x": x, "y": np.sin(3 * x)}, "large.csv")
    drawn = []

    def note(preview):
        if preview is not None:
            window.stale_picture._look()  # as once the picture before has stood for long
            veils = [veil.sentence() for veil in window.stale_picture._veils]
            drawn.append((preview, ui.window.store.scene, notice.text(), veils, item.image.copy()))

    window.store.preview_changed.connect(note)
    ui.show(Experiment(function=FormulaFunction("mean((b*sigmoid(a*x) - y)^2)", data=data)))
    [(preview, scene, said, (of_map, *of_lenses), pixels)] = drawn
    assert scene is before  # which lenses and exports go on to have
    assert said == "Map and paths over 1,000 of 5,000 rows, chosen at random; all rows follow."
    assert of_map == ""
    assert len(of_lenses) > 2
    assert all("is being computed" in sentence for sentence in of_lenses)
    assert pixels.shape[:2] == preview.landscape.grid.values.shape
    assert notice.text() == ""
    assert window.map_view.ground.landscape is ui.scene.landscape
    # One that does not come goes, and the map before is back.
    window.store.preview_changed.emit(preview)
    assert window.map_view.ground.landscape is preview.landscape
    window.store.preview_changed.emit(None)
    assert window.map_view.ground.landscape is ui.scene.landscape
