"""Of several plots that show something else, the window is painted once."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gdviz.ui.toolkit.plots.one_paint import OnePaint


class Window(QWidget):
    """Three plots; counts how often it is painted."""

    def __init__(self):
        super().__init__()
        self.paints = 0
        self.plots = [pg.PlotWidget(self) for _ in range(3)]
        self.lines = [plot.plot([0, 1], [0, 1]) for plot in self.plots]
        layout = QHBoxLayout(self)
        for plot in self.plots:
            layout.addWidget(plot)
            plot.disableAutoRange()

    def event(self, event):
        if event.type() == QEvent.Type.UpdateRequest:
            self.paints += 1
        return super().event(event)


@pytest.fixture
def window(qtbot):
    window = Window()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def show(qapp, window, value, one_paint=None):
    """Change all plots, and return how often the window was painted for that."""
    while window.paints:
        window.paints = 0
        qapp.processEvents()
    for line in window.lines:
        line.setData([0, 1], [0, value])
    if one_paint:
        one_paint.wait()
        one_paint.wait()  # as when there is another picture before the first is painted
    qapp.processEvents()
    assert all(np.array_equal(line.getData()[1], [0, value]) for line in window.lines)
    return window.paints


def test_plots_that_change_together_are_painted_together(qapp, window):
    assert show(qapp, window, 2) == 3  # what Qt does
    one_paint = OnePaint(window)
    for value in (3, 4):
        assert show(qapp, window, value, one_paint) == 1
    assert show(qapp, window, 5) == 3  # whoever does not ask is not kept waiting


def test_where_nothing_changed_nothing_is_painted(qapp, window):
    show(qapp, window, 2)
    one_paint = OnePaint(window)
    window.paints = 0
    one_paint.wait()
    qapp.processEvents()
    assert window.paints == 0


class Passing(QObject):
    """Counts the paints that a window is asked for and that nobody keeps back."""

    def __init__(self, window):
        super().__init__(window)
        self.paints = 0
        window.installEventFilter(self)  # those that come to it later are asked before

    def eventFilter(self, watched, event):
        self.paints += event.type() == QEvent.Type.UpdateRequest
        return False


def test_a_frame_of_a_drag_is_one_paint(ui, qapp):
    passing, paints = Passing(ui.window), []
    for k in range(8):
        ui.window.store.change(start=(1.0 + 0.1 * k, 1.0))
        passing.paints = 0
        qapp.processEvents()
        paints.append(passing.paints)
        qapp.processEvents()
    # One more where what was computed beside it is there already.
    assert min(paints) == 1
    ui.window.removeEventFilter(passing)
