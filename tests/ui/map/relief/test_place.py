"""The map's place: without OpenGL, as the tests are, one sentence stands there and that is all."""

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from gdviz.ui.map.notice import MapNotice
from gdviz.ui.map.relief import place as place_module
from gdviz.ui.map.relief.place import no_opengl
from gdviz.ui.map.relief.probe import platform_without


@pytest.fixture
def place(ui):
    return ui.window.map_place


@pytest.fixture
def action(ui, place):
    return ui.window.menus[ui.window.view.show_relief]


def test_the_entry_has_a_key_and_says_what_it_does(action):
    assert action.shortcut().toString() == "3"
    assert action.isCheckable()
    assert not action.isChecked()
    assert "three dimensions" in action.toolTip()


def test_without_opengl_a_sentence_stands_in_the_views_place(ui, place, action):
    before = ui.scene.landscape
    action.trigger()
    assert place.shows_relief
    assert place.view is None
    sentence = place.sentence()
    assert sentence == no_opengl("Qt's platform offscreen has none")
    assert "OpenGL" in sentence
    assert "Export Picture" in sentence  # what helps
    assert ui.scene.landscape is before
    action.trigger()
    assert not place.shows_relief
    assert place.sentence() == ""
    assert place.currentWidget() is ui.window.map_view


def test_the_rest_goes_on_without_it(ui, place, action):
    action.trigger()
    ui.change(start=(-2.0, 2.0), alpha=0.2)
    ui.window.timeline.set_step(3)
    for name in ("contours", "minima", "others", "trajectory", "legend"):
        toggle = ui.window.menus[getattr(ui.window.view, f"show_{name}")]
        toggle.trigger()
        toggle.trigger()
    ui.theming.choose("dark")
    action.trigger()
    assert ui.scene.experiment.start == (-2.0, 2.0)
    ui.click(1.0, 1.0)
    assert ui.experiment.start == pytest.approx((1.0, 1.0), abs=0.05)


def test_the_key_works_while_the_map_has_the_focus(ui, place):
    ui.window.map_view.setFocus()
    QTest.keyClick(ui.viewport, Qt.Key.Key_3)
    assert place.shows_relief
    QTest.keyClick(ui.window, Qt.Key.Key_3)
    assert not place.shows_relief


@pytest.mark.parametrize("why", ["its driver fails", "no context can be made"])
def test_what_another_process_found_out_is_said(ui, place, action, monkeypatch, why):
    monkeypatch.setattr(place_module, "platform_without", lambda _: "")
    monkeypatch.setattr(place, "_has_failed", False)
    monkeypatch.setattr(place._trying, "request", lambda: place._take_answer(why))
    action.trigger()
    assert place.sentence() == no_opengl(why)


def test_an_opengl_that_fails_here_after_all_is_said(ui, place, action, monkeypatch):
    """Bindings and drivers fail in ways of their own, on import as well."""
    monkeypatch.setattr(place_module, "platform_without", lambda _: "")
    monkeypatch.setattr(place, "_has_failed", False)
    monkeypatch.setattr(place._trying, "request", lambda: place._take_answer(""))
    monkeypatch.setitem(sys.modules, "gdviz.ui.map.relief.view", None)
    action.trigger()
    assert place.view is None
    assert place.sentence() == no_opengl("PyOpenGL, or the library that it calls, cannot be loaded")
    ui.change(alpha=0.3)


def test_platforms_that_have_none():
    assert platform_without("offscreen") == "Qt's platform offscreen has none"
    assert platform_without("xcb") == ""


def test_a_camera_that_moves_is_no_step_and_undo_leaves_it_alone(ui):
    ui.change(alpha=0.2)
    depth = ui.window.history.depth()
    camera = Camera(azimuth=10.0, elevation=20.0)
    ui.change(camera=camera)
    ui.change(camera=Camera(azimuth=11.0, elevation=21.0))
    assert ui.window.history.depth() == depth
    ui.window.history.begin_step()
    ui.change(alpha=0.3)
    ui.window.commands.undo()
    assert (ui.experiment.alpha, ui.experiment.camera.azimuth) == (0.2, 11.0)
    ui.window.commands.undo()
    assert ui.experiment.alpha == Experiment().alpha
    assert ui.experiment.camera.azimuth == 11.0
    ui.window.commands.redo()
    assert (ui.experiment.alpha, ui.experiment.camera.azimuth) == (0.2, 11.0)


def test_a_moved_camera_computes_nothing_anew(ui):
    before = ui.scene
    ui.change(camera=Camera(azimuth=1.0))
    after = ui.scene
    assert after.landscape is before.landscape
    assert all(one.path is other.path for one, other in zip(after.runs, before.runs, strict=True))
    assert after.experiment.camera.azimuth == 1.0


def test_a_click_in_the_view_means_what_one_on_the_map_does(ui):
    view, added, picked = ui.window.map_view, [], []
    view.start_added.connect(lambda *at: added.append(at))
    view.picked.connect(lambda *at: picked.append(at))
    view.click_at((0.5, 0.25), False)
    assert ui.experiment.start == (0.5, 0.25)
    view.click_at((1.5, 0.25), True)
    view.set_picking(True)
    view.click_at((2.5, 0.25), False)
    view.set_picking(False)
    assert (added, picked) == ([(1.5, 0.25)], [(2.5, 0.25)])
    assert ui.experiment.start == (0.5, 0.25)


def test_where_nothing_is_to_be_seen_the_maps_notice_stands_in_the_views_place_as_well(ui, place):
    """A page that comes to the front covers all that was there."""
    (notice,) = place.findChildren(MapNotice)
    ui.change(function=FormulaFunction("log(-1 - a^2)"))
    assert "no value anywhere" in notice.text()
    stand_in = QWidget(place)
    place.addWidget(stand_in)
    for page in (stand_in, place.map_view):
        place.setCurrentWidget(page)
        children = [each for each in place.children() if isinstance(each, QWidget)]
        assert children[-1] is notice
