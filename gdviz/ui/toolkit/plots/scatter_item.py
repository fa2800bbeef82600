"""Marks that show something and are not asked about."""

from typing import Any

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtGui import QPainter


class ScatterItem(pg.ScatterPlotItem):
    """A set of marks that leaves clicks to what lies below it.

    At a click pyqtgraph's own makes an object for each of its marks, which holds the array that
    holds it. Python's collector does not look into arrays: none of them would ever be freed.
    """

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the marks, if there are any: none takes pyqtgraph 0.2 ms where 0 is painted."""
        if len(self.data):  # type: ignore[arg-type]  # an array
            super().paint(painter, *_)

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        event.ignore()
