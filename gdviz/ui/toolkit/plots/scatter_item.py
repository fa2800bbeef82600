"""Marks that show something and are not asked about."""

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent


class ScatterItem(pg.ScatterPlotItem):
    """A set of marks that leaves clicks to what lies below it.

    At a click pyqtgraph's own makes an object for each of its marks, which holds the array that
    holds it. Python's collector does not look into arrays: none of them would ever be freed.
    """

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        event.ignore()
