"""The map's view box: pyqtgraph's, that stays where it is when it can zoom no further."""

import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from gdviz.experiment import BOUNDS

#: The smallest width and height that floats can tell apart well.
SMALLEST = 1e-6
#: The farthest that one event turns the wheel, in eighths of a degree: four notches.
_MOST = 480


class MapBox(pg.ViewBox):
    """Zooms with the wheel, within the bounds of an experiment's range."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        low, high = BOUNDS["range"]
        self.setLimits(
            xMin=low, xMax=high, yMin=low, yMax=high, minXRange=SMALLEST, minYRange=SMALLEST
        )
        self.setDefaultPadding(0.0)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zoom; where a side is as short as it gets, pyqtgraph would move the map instead."""
        event.setDelta(max(-_MOST, min(event.delta(), _MOST)))
        ranges = self.viewRange()
        shortest = min(high - low for low, high in ranges)
        if event.delta() > 0 and shortest <= SMALLEST * 1.001:
            event.accept()
            return
        super().wheelEvent(event, axis)
