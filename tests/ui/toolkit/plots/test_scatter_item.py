"""Marks that are not there take nothing to paint."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from gdviz.ui.toolkit.plots.scatter_item import ScatterItem


def test_no_marks_are_not_painted(qapp, qtbot, monkeypatch):
    painted = []
    monkeypatch.setattr(pg.ScatterPlotItem, "paint", lambda item, *_: painted.append(item))
    plot, marks = pg.PlotWidget(), ScatterItem(pxMode=True, size=9)
    qtbot.addWidget(plot)
    plot.setRange(xRange=(-1, 1), yRange=(-1, 1))
    plot.addItem(marks)
    plot.show()
    for points in ([], [(0.0, 0.0)], []):
        marks.setData(pos=np.array(points).reshape(-1, 2))
        QApplication.processEvents()
        painted.clear()
        plot.viewport().repaint()
        assert bool(painted) == bool(points)
        assert marks.boundingRect().isEmpty() == (not points)
