"""Marks that show something and are not asked about."""

from typing import Any

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter


class ScatterItem(pg.ScatterPlotItem):
    """A set of marks that leaves clicks to what lies below it.

    At a click pyqtgraph's own makes an object for each of its marks, which holds the array that
    holds it. Python's collector does not look into arrays: none of them would ever be freed.
    """

    def boundingRect(self) -> QRectF:
        """Return an empty rectangle where there are no marks: pyqtgraph's is a mark's, around 0."""
        return super().boundingRect() if self._has_marks() else QRectF()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the marks, if there are any: none takes pyqtgraph 0.2 ms where 0 is painted."""
        if self._has_marks():
            super().paint(painter, *_)

    def _has_marks(self) -> bool:
        return len(self.data) > 0  # type: ignore[arg-type]  # an array

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        event.ignore()
