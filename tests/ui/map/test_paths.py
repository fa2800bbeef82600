"""Paths on the map: those on top of each other are told apart."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gdviz.experiment.guided.guides import guides
from gdviz.scene.palette import path_color
from gdviz.ui.map import paths as module
from gdviz.ui.toolkit.sizes import Sizes


def near(picture, at, reach):
    """Return the colours of the pixels around one, shape (n, 3)."""
    return np.array([
        QColor(picture.pixel(at.x() + x, at.y() + y)).getRgb()[:3]
        for x in range(-reach, reach + 1)
        for y in range(-reach, reach + 1)
    ])  # fmt: skip


def rgb(run):
    return np.array(QColor(path_color(run.method, run.index)).getRgb()[:3])


def test_two_against_three_shows_three(ui):
    (guide,) = (guide for guide in guides() if guide.title == "Two against three")
    ui.show(guide.experiment)
    theta = [run.path.theta for run in ui.scene.runs]
    assert len(theta) == 3
    pixel = np.array(ui.window.map_view.box.viewPixelSize())
    assert max(np.abs((path - theta[0]) / pixel).max() for path in theta) < 0.1  # as one path
    picture = ui.viewport.grab().toImage()
    for step in (5, 12, 20):  # between two dots, and at one
        for point in (theta[0][step], theta[0][step : step + 2].mean(axis=0)):
            at = ui.pixel(*point)
            around = near(picture, at, 7)
            for run in ui.scene.runs:
                seen = np.abs(around - rgb(run)).max(axis=1) < 40
                assert seen.sum() >= 3, (run.label, step)


def test_the_mark_of_the_current_step_is_a_ring_of_each_path(ui):
    (guide,) = (guide for guide in guides() if guide.title == "Two against three")
    ui.show(guide.experiment)
    ui.window.timeline.set_step(10)
    at = ui.pixel(*ui.scene.runs[0].path.theta[10])
    around = near(ui.viewport.grab().toImage(), at, 9)
    for run in ui.scene.runs:
        assert (np.abs(around - rgb(run)).max(axis=1) < 40).sum() >= 8
    ui.window.timeline.last()


@pytest.mark.parametrize("shown", [1, 3])
def test_the_lower_a_path_the_wider_it_is(ui, shown):
    (guide,) = (guide for guide in guides() if guide.title == "Two against three")
    ui.show(guide.experiment.replace(methods=guide.experiment.methods[:shown]))
    paths = ui.window.map_view._paths
    widths = [line.pen.widthF() for line in paths._lines.lines]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == shown
    assert widths[-1] == pytest.approx(2.2)
    assert paths._halos.zValue() < paths._lines.zValue()  # all halos lie under all paths


def test_steps_have_dots_where_the_window_has_room_for_them(open_window, monkeypatch):
    ui = open_window(size=(1280, 560))
    ui.settle()
    paths, run = ui.window.map_view._paths, ui.scene.runs[1]

    def apart():
        pixel = np.array(ui.window.map_view.box.viewPixelSize())
        return float(np.median(np.hypot(*(np.diff(run.path.theta, axis=0) / pixel).T)))

    def at_height(height):
        before = apart()
        ui.window.resize(1280, height)
        ui.qtbot.waitUntil(lambda: (apart() > before) == (height == 760))
        return apart()

    low = apart()
    high = at_height(760)
    monkeypatch.setattr(module, "_MARK_DISTANCE", (low + high) / 2)
    for height, has_dots in ((560, False), (760, True), (560, False)):
        at_height(height)
        ui.qtbot.waitUntil(lambda has_dots=has_dots: paths._marks[1].isVisible() == has_dots)


def test_larger_dots_are_as_large_as_there_is_room_and_never_none(open_window, monkeypatch):
    """Somebody who chooses them saw the dots of all paths vanish."""
    ui = open_window(size=(1280, 700))
    ui.settle()
    paths, run = ui.window.map_view._paths, ui.scene.runs[1]
    pixel = np.array(ui.window.map_view.box.viewPixelSize())
    apart = float(np.median(np.hypot(*(np.diff(run.path.theta, axis=0) / pixel).T)))
    usual = paths._marks[1].opts["size"]
    for room, chosen, scale in (
        (2.0, 1.5, 1.5),
        (2.0, 3.0, 2.0),
        (0.9, 3.0, 0.0),
        (0.9, 0.75, 0.75),
    ):
        monkeypatch.setattr(module, "_MARK_DISTANCE", apart / room)
        paths.set_sizes(Sizes(dots=chosen))
        assert paths._marks[1].isVisible() == (scale > 0)
        if scale:
            assert paths._marks[1].opts["size"] == pytest.approx(usual * scale)
