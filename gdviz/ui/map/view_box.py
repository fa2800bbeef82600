"""The map's view box: pyqtgraph's, with a ground for holes, and an end to zooming."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QCursor
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from gdviz.experiment.validation import BOUNDS, least_span
from gdviz.ui.toolkit.theme import Theme

#: The farthest that one event turns the wheel, in eighths of a degree: four notches.
_MOST = 480
#: Of the least that a range spans: from where on that would be too far.
_SHORTEST = 4.0


class MapViewBox(pg.ViewBox):
    """Zooms with the wheel, within the bounds of an experiment's range.

    Attributes
    ----------
    pointer : QPointF or None
        Where the cursor rests in the scene; None where it is not on the map.
    moved_under : Signal(object)
        (a, b) under the cursor that rests, where the map moves or takes another place in the
        window; None where it rests beside the map then.
    """

    moved_under = Signal(object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.pointer: QPointF | None = None
        self.sigRangeChanged.connect(self._look_again)
        self.sigResized.connect(self._find_pointer)
        low, high = BOUNDS["range"]
        self.setLimits(
            xMin=low,
            xMax=high,
            yMin=low,
            yMax=high,
            minXRange=least_span(0.0, 0.0),
            minYRange=least_span(0.0, 0.0),
        )
        self.setDefaultPadding(0.0)
        self._hatching = QBrush()
        self._has_ground = False

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of the hatching."""
        self._hatching = QBrush(QColor(theme.muted), Qt.BrushStyle.BDiagPattern)
        self._paint_ground()

    def show_ground(self, visible: bool) -> None:
        """Show the hatched ground, or save the time to paint what nobody sees."""
        if visible != self._has_ground:
            self._has_ground = visible
            self._paint_ground()

    def _look_again(self) -> None:
        if self.pointer is None:
            return
        point = self.mapSceneToView(self.pointer)
        is_on_map = self.sceneBoundingRect().contains(self.pointer)
        self.moved_under.emit((point.x(), point.y()) if is_on_map else None)

    def _find_pointer(self) -> None:
        """Look where the cursor is now: the window may have moved under it as well."""
        if self.pointer is not None:
            view = self.getViewWidget()
            self.pointer = view.mapToScene(view.viewport().mapFromGlobal(QCursor.pos()))
            self._look_again()

    def _paint_ground(self) -> None:
        self.setBackgroundColor(self._hatching if self._has_ground else None)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zoom in no further than floats can tell points apart."""
        event.setDelta(max(-_MOST, min(event.delta(), _MOST)))
        is_shortest = any(
            high - low <= _SHORTEST * least_span(low, high) for low, high in self.viewRange()
        )
        if event.delta() > 0 and is_shortest:
            event.accept()
            return
        super().wheelEvent(event, axis)
