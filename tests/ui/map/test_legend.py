"""The map's legend: what it makes room for, and how it folds; and marks that the edges spare."""

import numpy as np
import pytest
from pyqtgraph import PlotWidget
from PySide6.QtCore import QEvent, QPointF, QRect, QSize
from PySide6.QtGui import QEnterEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.scene.map.gradient_error import ErrorDrawing
from gdviz.ui.map.legend import MapLegend
from gdviz.ui.map.marks import Marks

AREA = QRect(50, 10, 400, 600)
NONE = np.empty((0, 2))


@pytest.fixture
def place(qtbot):
    widget = QWidget()
    widget.resize(500, 700)
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def legend(place):
    found = MapLegend(place)
    found.set_basins("<br>".join(["a line of words"] * 10))
    found.go_home(AREA)
    found.set_wanted(True)
    return found


def keep_clear(legend, marks, others=NONE, points=NONE):
    marks, others = (np.array(each, float).reshape(-1, 2) for each in (marks, others))
    legend.keep_clear(AREA, marks, others, lambda: np.array(points, float).reshape(-1, 2))


def corner(legend):
    return legend.y() > 300, legend.x() > 200


TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT, BOTTOM_LEFT = (430, 30), (70, 30), (430, 590), (70, 590)


def test_it_stays_at_the_top_right_where_it_covers_nothing(legend):
    keep_clear(legend, [TOP_LEFT, BOTTOM_LEFT, BOTTOM_RIGHT])
    assert corner(legend) == (False, True)


def test_where_it_has_no_room_it_is_folded(legend):
    narrow = QRect(AREA.topLeft(), legend.size() - QSize(1, 0))
    legend.go_home(narrow)
    assert legend.is_folded
    assert narrow.contains(legend._button.geometry())
    legend.keep_clear(
        narrow, NONE, NONE, lambda: NONE
    )  # nor does it unfold where it covers nothing
    assert legend.is_folded
    legend.go_home(AREA)
    assert not legend.is_folded


def test_it_goes_to_the_one_corner_that_is_free(legend):
    keep_clear(legend, [TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT])
    assert corner(legend) == (True, False)
    assert legend.isVisible()
    keep_clear(legend, [TOP_LEFT])  # and does not come back before it has to
    assert corner(legend) == (True, False)


def test_it_gives_way_to_other_starts_and_does_not_fold_for_them(legend):
    keep_clear(legend, [], others=[TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT])
    assert corner(legend) == (True, False)
    keep_clear(legend, [], others=[TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT, BOTTOM_LEFT])
    assert corner(legend) == (True, False)
    assert not legend.is_folded


def test_with_other_numbers_it_stays_in_its_corner(legend):
    def edges():
        place = legend.geometry()
        return place.left(), place.right(), place.top(), place.bottom()

    assert not legend.set_basins("a longer line of other words<br>and another line")
    assert edges()[1] == AREA.right() - 8
    assert edges()[2] == AREA.top() + 8
    keep_clear(legend, [TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT])
    before, size = edges(), legend.size()
    assert not legend.set_basins("short")
    assert legend.width() < size.width()
    assert legend.height() < size.height()
    assert (edges()[0], edges()[3]) == (before[0], before[3])
    assert legend.set_basins("")


def test_without_a_free_corner_it_folds_and_unfolds_again(legend):
    marks = [TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT, BOTTOM_LEFT]
    keep_clear(legend, marks)
    assert legend.is_folded
    assert not legend.isVisible()
    assert legend._button.isVisible()
    assert AREA.contains(legend._button.geometry())
    # A mark at the border of its place: folded it takes a clear one to unfold.
    width, height = legend.width(), legend.height()
    beside = 50 + 8 + width + 25, 10 + 8 + height // 2
    keep_clear(legend, [TOP_RIGHT, beside, BOTTOM_RIGHT, BOTTOM_LEFT])
    assert legend.is_folded
    keep_clear(legend, [TOP_RIGHT, (beside[0] + 30, beside[1]), BOTTOM_RIGHT, BOTTOM_LEFT])
    assert corner(legend) == (False, False)
    assert legend.isVisible()
    assert not legend._button.isVisible()


def test_folded_it_is_seen_while_the_cursor_or_the_focus_is_on_the_button(legend, place):
    keep_clear(legend, [TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT, BOTTOM_LEFT])
    at = QPointF(3, 3)
    QApplication.sendEvent(legend._button, QEnterEvent(at, at, at))
    assert legend.isVisible()
    assert AREA.contains(legend.geometry())
    assert legend.geometry().contains(legend._button.geometry())
    QApplication.sendEvent(legend._button, QEvent(QEvent.Type.Leave))
    assert not legend.isVisible()
    place.activateWindow()
    legend._button.setFocus()
    assert legend.isVisible()
    legend._button.clearFocus()
    assert not legend.isVisible()


def test_hidden_it_has_no_button_either(legend):
    keep_clear(legend, [TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT, BOTTOM_LEFT])
    legend.set_wanted(False)
    assert not legend._button.isVisible()
    legend.set_wanted(True)
    assert legend._button.isVisible()


def covered(ui, points):
    """Return those of some points (a, b) that the legend lies on."""
    view = ui.window.map_view
    rect = view.legend.geometry()
    return [p for p in points if rect.contains(ui.viewport.mapTo(view.plot, ui.pixel(*p)))]


def test_basins_legend_hides_no_minimum_number_start_or_end(ui):
    ui.show(on_surface(Experiment(), SURFACES["himmelblau"]))
    ui.action("show_basins").trigger()
    view = ui.window.map_view
    ui.qtbot.waitUntil(lambda: len(view._basins.marked()) == 4, timeout=20_000)
    ui.qtbot.waitUntil(lambda: not ui.window.basins.task.is_running(), timeout=20_000)
    for start in ((0.0, 0.0), (4.5, 4.5), (-4.5, -4.5), (4.5, -4.5), (-4.5, 4.5)):
        ui.change(start=start)
        ends = [tuple(run.path.theta[-1]) for run in ui.scene.runs]
        minima = [(point.a, point.b) for point in ui.scene.minima]
        if not view.legend.is_folded:
            assert covered(ui, [start, *ends, *minima, *view._basins.marked()]) == []
    ui.action("show_basins").trigger()


def test_the_legend_steps_aside_for_the_worst_place(ui):
    ui.change(start=(0.0, 0.0))
    view = ui.window.map_view
    for _ in range(2):  # which places it anew
        ui.action("show_legend").trigger()
    place = view.legend.pos()
    view.show_error(ErrorDrawing(ui.experiment.map_range, None, ((5.5, 4.7, "∂a"),)))
    assert view.legend.pos() != place
    assert covered(ui, [(5.5, 4.7)]) == []
    view.show_error(None)


# ---------------------------------------------------------------- marks


@pytest.fixture
def plot(qtbot):
    """A plain grey map of 0 … 1."""
    plot = PlotWidget(background="#808080")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
    plot.show()
    return plot


def drawn(plot, *where, text=""):
    """Count the pixels that a mark changes."""
    bare = picture(plot)
    marks = Marks(plot.getViewBox(), cross=12.0)
    marks.set_marks([(QPointF(*where), text)])
    count = (picture(plot) != bare).any(axis=-1).sum()
    plot.getViewBox().removeItem(marks)
    return count


def picture(plot):
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8)
    return pixels.reshape(image.height(), image.width(), 4).copy()


@pytest.mark.parametrize("text", ["", "∂a"])
@pytest.mark.parametrize("where", [(1, 1), (1, 0), (0, 1), (0, 0), (1, 0.5), (0.5, 1), (0.99, 0.5)])
def test_a_mark_at_the_edge_is_whole(plot, text, where):
    inside = drawn(plot, 0.5, 0.5, text=text)
    assert inside > 60
    # Cut off it would be half of that, or a quarter; where it lies between pixels is a few.
    assert drawn(plot, *where, text=text) == pytest.approx(inside, rel=0.15)


def test_marks_that_are_not_on_the_map_stay_where_they_are(plot):
    """Zoomed in, a mark beyond the edge does not stick to it."""
    assert drawn(plot, 1.3, 0.5, text="∂a") == 0
