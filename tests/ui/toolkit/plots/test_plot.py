"""The one plot of all lenses: its axes, its curves, and what it says where there are none."""

import gc
import weakref

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.axes import ValueAxis
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import AXIS_WIDTH, Plot, log10
from gdviz.ui.toolkit.theme import DARK, LIGHT

LOOK = pen("#123456", 2.0)


@pytest.fixture
def plot(qtbot):
    shown = Plot("Loss", "step", "f")
    qtbot.addWidget(shown)
    shown.resize(400, 300)
    shown.show()
    return shown


def curve(y):
    return Curve(np.arange(len(y), dtype=float), np.array(y, float), LOOK)


def height(plot):
    return tuple(plot.box.viewRange()[1])


# ---------------------------------------------------------------- axes


def test_the_axes_have_room_for_what_is_finite(plot):
    plot.fit((0.0, 9.0), [1.0, np.nan, 3.0, np.inf, -1e301])
    assert plot.box.viewRange()[0] == [0.0, 9.0]
    assert height(plot) == pytest.approx((1.0 - 0.12, 3.0 + 0.12))  # 6 % of 2
    assert plot.top == pytest.approx(3.12)


@pytest.mark.parametrize(
    ("values", "least_span", "expected"),
    [
        ([5.0, 5.0], 0.0, (4.95, 5.05)),  # a hundredth above and below
        ([0.0], 0.0, (-1e-11, 1e-11)),
        ([], 0.0, (-0.06, 1.06)),
        ([2.0, 2.1], 1.0, (2.05 - 0.56, 2.05 + 0.56)),
    ],
)
def test_a_flat_line_has_an_axis(plot, values, least_span, expected):
    plot.fit((0.0, 1.0), values, least_span)
    assert height(plot) == pytest.approx(expected)


def test_an_axis_stays_while_the_values_fill_most_of_it(plot):
    plot.fit((0.0, 1.0), [0.0, 1.0])
    first = height(plot)
    plot.fit((0.0, 1.0), [0.2, 0.9])  # 0.7 of it
    assert height(plot) == first
    plot.fit((0.0, 1.0), [0.2, 0.7])
    assert height(plot) == pytest.approx((0.17, 0.73))
    plot.fit((0.0, 1.0), [0.2, 0.8])  # beyond it
    assert height(plot) == pytest.approx((0.164, 0.836))
    plot.left.set_log(True)  # the same numbers are others now
    plot.fit((0.0, 1.0), [0.25, 0.75])
    assert height(plot) == pytest.approx((0.22, 0.78))
    plot.fit((0.0, 2.0), [0.3, 0.7])
    assert plot.box.viewRange()[0] == [0.0, 2.0]


def test_the_grid_is_at_the_labelled_ticks(plot):
    plot.add_grid()
    plot.fit((0.0, 10.0), [0.0, 1.0])
    x, y = plot._grid.getData()
    size = plot.box.size()
    across = plot.bottom.tickValues(0.0, 10.0, size.width())[0][1]
    up = plot.left.tickValues(*height(plot), size.height())[0][1]
    assert len(x) == 2 * (len(across) + len(up)) > 8
    assert set(x) == {*across, 0.0, 10.0}
    assert set(y) == {*up, *height(plot)}


# ---------------------------------------------------------------- curves


def test_curves_take_the_place_of_those_before(plot):
    plot.show_curves([curve([1, 2, 3]), curve([3, 2])])
    plot.show_curves([curve([4, np.nan, 1e301])])
    ((x, y),) = plot.curves()
    assert x.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(y, [4, np.nan, np.nan])  # no painter counts so far
    plot.show_curves([curve([1, 2]), curve([3, 4])])
    assert len(plot.curves()) == 2


def test_later_curves_lie_over_earlier_ones_and_marks_over_all(plot):
    marks = plot.add_marks(9)
    plot.show_curves([curve([k, k]) for k in range(40)])
    assert [line.y.tolist() for line in plot._curves.lines] == [[k, k] for k in range(40)]
    assert plot._curves.zValue() < marks.zValue()


def test_a_sentence_takes_the_place_of_axes_and_curves(plot):
    plot.show_curves([curve([1, 2])])
    plot.show_legend("━ f")
    plot.say("a < b: nothing to draw.")
    assert plot.curves() == []
    assert (plot.plot.isVisible(), plot.legend.isVisible()) == (False, False)
    assert plot._sentence.isVisible()
    assert plot._sentence.textFormat() == Qt.TextFormat.PlainText  # "<" is no markup
    plot.say("No value.", keep_axes=True)
    QApplication.processEvents()
    assert plot._sentence.geometry().left() >= AXIS_WIDTH  # beside the axis, and not over it
    assert plot.plot.isVisible()
    plot.show_curves([curve([1, 2])])
    assert not plot._sentence.isVisible()
    assert len(plot.curves()) == 1


def test_log10_puts_zero_half_a_decade_below_the_rest():
    np.testing.assert_allclose(
        log10([1e-4, 0.0, -1.0, 100.0, np.inf, np.nan]), [-4, -4.5, -4.5, 2, np.nan, np.nan]
    )
    assert log10([0.0]) == -18


# ---------------------------------------------------------------- colours


def test_the_theme_reaches_all_that_has_colours_of_it(plot):
    line = plot.add_line(lambda theme: pen(theme.text))
    told = []
    plot.color(told.append, lambda theme: theme.error)
    assert (line.pen.color().name(), told) == (LIGHT.text, [LIGHT.error])
    plot.set_theme(DARK)
    assert (line.pen.color().name(), told[-1]) == (DARK.text, DARK.error)
    assert plot.plot.backgroundBrush().color().name() == DARK.panel


# ---------------------------------------------------------------- the mouse


def test_the_cursor_is_told_of_and_a_card_stands_beside_the_crosshair(plot, monkeypatch):
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", -1)
    plot.fit((0.0, 10.0), [0.0, 1.0])
    pointed = []
    plot.pointed_at.connect(pointed.append)
    pixel = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(4.0, 0.5)))
    QTest.mouseMove(plot.plot.viewport(), pixel)
    assert pointed[-1] == pytest.approx(4.0, abs=0.05)
    QTest.mouseMove(plot.plot.viewport(), QPoint(5, 5))  # over the axis
    assert pointed[-1] is None
    plot.show_crosshair(4.0, "<b>step 4</b>")
    assert plot._cross.isVisible()
    assert plot._card.isVisible()
    assert plot._cross.value() == 4.0
    plot.show_crosshair(5.0)
    assert (plot._cross.isVisible(), plot._card.isVisible()) == (True, False)
    plot.show_crosshair(None)
    assert not plot._cross.isVisible()


def test_the_handle_tells_of_the_hand_alone_and_stays_between_its_ends(plot):
    plot.add_handle(-3.0, 1.0)
    dragged = []
    plot.dragged.connect(dragged.append)
    plot.set_handle(-2.0)
    assert (plot._handle.value(), dragged) == (-2.0, [])
    plot._handle.setPos(5.0)  # as a hand does
    assert dragged == [1.0]


def test_an_axis_spells_its_numbers_one_way(qtbot) -> None:
    axis = ValueAxis(0, "left")
    axis.setRange(0.0, 2e6)
    assert axis.tickStrings([-1e6, 0.0, 1e6], 1.0, 1e6) == ["−10⁶", "0", "10⁶"]
    values = [1234567.5, 1234568.0]
    assert axis.tickStrings(values, 1.0, 0.5) == ["1234567.5", "1234568"]
    axis.set_log(True)
    axis.setRange(-4.0, 2.0)
    assert axis.tickStrings([-4.0, -2.0, 0.0, 2.0], 1.0, 2.0) == ["10⁻⁴", "10⁻²", "1", "10²"]
    axis.setRange(-2.0, 2.0)
    assert axis.tickStrings([-2.0, 0.0, 2.0], 1.0, 2.0) == ["0.01", "1", "100"]


def test_marks_that_were_clicked_are_freed(qtbot):
    plot = Plot("Loss")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    marks = plot.add_marks(15)
    plot.set_range((0.0, 1.0), (0.0, 1.0))
    marks.setData([0.5], [0.5], brush="r")
    plot.show()
    at = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(0.5, 0.5)))
    QTest.mouseMove(plot.plot.viewport(), at)
    QTest.mouseClick(plot.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    array = weakref.ref(marks.data)
    marks.setData([0.1], [0.1])
    gc.collect()
    assert array() is None


def test_a_name_at_the_bottom_is_seen_below_the_line_as_well(plot):
    plot.set_label("bottom", "weight_kg")
    QApplication.processEvents()
    axis = plot.plot.getAxis("bottom")
    label = axis.label
    below = label.mapRectToItem(axis, label.boundingRect()).bottom()
    assert below - label.document().documentMargin() <= axis.size().height()


def test_a_name_at_the_left_is_in_the_middle_from_the_beginning(plot):
    axis = plot.plot.getAxis("left")
    plot.set_label("left", "a name that is somewhat longer")
    width = axis.label.boundingRect().width()
    assert axis.label.pos().y() == int(axis.size().height() / 2 + width / 2)


@pytest.mark.parametrize("is_log", [False, True])
def test_a_plot_without_a_height_takes_a_range(qtbot, is_log):
    """One that has not been laid out; an exception in a showEvent ends the process."""
    plot = Plot("f", "step", log_y=is_log)
    qtbot.addWidget(plot)
    plot.add_grid()
    for height in (1, 0):
        plot.plot.setFixedHeight(height)
        plot.show()
        assert plot.box.size().height() == 0.0
        plot.fit((0.0, 10.0 + height), [0.0, 3.0])
        assert plot.top >= 3.0
