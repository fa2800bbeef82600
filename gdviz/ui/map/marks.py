"""Marks of a size in pixels at and beside points of the map, and the place of a grid's picture."""

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gdviz.base.geometry import Range
from gdviz.ui.toolkit.plots.curve_item import pixel_size, with_room

_DISC, _AWAY = 16.0, 11.0  #: pixels: a mark's disc, and how far it is from the point on each axis
_INK, _PAPER = QColor("#1d2329"), QColor("#ffffff")


def cells_rect(extent: Range, count: int) -> QRectF:
    """Return what the cells around a grid's points cover: half of one more on each side."""
    half_a, half_b = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low]) / (
        2 * (count - 1)
    )
    corner = QPointF(extent.a_low - half_a, extent.b_low - half_b)
    return QRectF(corner, QPointF(extent.a_high + half_a, extent.b_high + half_b))


class Marks(QGraphicsItem):
    """Short words in discs, each beside its point, and if need be a cross at the point itself.

    The view box cuts off what lies beyond its edges, where the worst or the best of a map often
    is. So a cross there is drawn as far inwards as it takes to be whole, and a disc on that side
    of its point where there is room.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        Where they are drawn.
    cross : float, default 0
        Pixels across a cross; 0 draws none.
    """

    def __init__(self, view_box: pg.ViewBox, cross: float = 0.0) -> None:
        super().__init__()
        self._view_box = view_box
        self._cross = cross
        self._marks: list[tuple[QPointF, str]] = []
        self._bounds = QRectF()
        view_box.addItem(self, ignoreBounds=True)

    def set_marks(self, marks: list[tuple[QPointF, str]]) -> None:
        """Take points and what is written beside them: a word or two letters each, or nothing."""
        self.prepareGeometryChange()
        self._marks = marks
        a, b = ([xy(point) for point, _ in marks] or [0.0] for xy in (QPointF.x, QPointF.y))
        box = QRectF(QPointF(min(a), min(b)), QPointF(max(a), max(b)))
        # A disc stands out on all sides; how far that is in data, only the view knows.
        room = _AWAY + _DISC + self._cross
        self._bounds = with_room(box, room, pixel_size(self.sceneTransform()))
        self.update()

    def points(self) -> list[tuple[float, float]]:
        """Return the points (a, b) that are marked; none while the marks are hidden."""
        return [point.toTuple() for point, _ in self._marks] if self.isVisible() else []

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        place = painter.worldTransform()
        view = place.mapRect(self._view_box.viewRect()).adjusted(-1.0, -1.0, 1.0, 1.0)
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        font = QFont(painter.font())
        font.setPixelSize(11)
        font.setBold(True)
        painter.setFont(font)
        for point, text in self._marks:
            at = place.map(point)
            is_seen = view.contains(at)
            if self._cross:
                at = _within(at, view, self._cross / 2 + 2.0) if is_seen else at
                self._paint_cross(painter, at)
            if text:
                away = _way_inwards(at, view) if is_seen else QPointF(1.0, -1.0)
                self._paint_disc(painter, at + away * _AWAY, text)

    def _paint_cross(self, painter: QPainter, at: QPointF) -> None:
        painter.save()
        painter.translate(at)
        painter.scale(self._cross, self._cross)
        painter.setPen(pg.mkPen(_INK))  # cosmetic: a pixel wide at any scale
        painter.setBrush(_PAPER)
        painter.drawPath(Symbols["x"])
        painter.restore()

    @staticmethod
    def _paint_disc(painter: QPainter, centre: QPointF, text: str) -> None:
        painter.setPen(_PAPER)
        painter.setBrush(_INK)
        painter.drawEllipse(centre, _DISC / 2, _DISC / 2)
        place = QRectF(centre.x() - _DISC, centre.y() - _DISC, 2 * _DISC, 2 * _DISC)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _within(at: QPointF, view: QRectF, reach: float) -> QPointF:
    """Return the point nearest to another around which there is room in a view."""
    inner = view.adjusted(reach, reach, -reach, -reach)
    return QPointF(
        min(max(at.x(), inner.left()), inner.right()), min(max(at.y(), inner.top()), inner.bottom())
    )


def _way_inwards(at: QPointF, view: QRectF) -> QPointF:
    """Return in which direction a disc lies: to the upper right, as far as there is room."""
    reach = _AWAY + _DISC / 2 + 1.0
    return QPointF(
        1.0 if at.x() + reach <= view.right() else -1.0,
        -1.0 if at.y() - reach >= view.top() else 1.0,
    )
