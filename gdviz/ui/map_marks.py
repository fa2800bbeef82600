"""Marks of a size in pixels beside points of the map, and the place of a grid's picture."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGraphicsItem

from gdviz.engine.surfaces import Range

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
    """Short words in discs, each beside its point."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: list[tuple[QPointF, str]] = []
        self._inwards: QPointF | None = None
        self._bounds = QRectF()

    def set_marks(self, marks: list[tuple[QPointF, str]], inwards: QPointF | None = None) -> None:
        """Take points and what is written beside them.

        Parameters
        ----------
        marks : list of (QPointF, str)
            The points, and a word or two letters each.
        inwards : QPointF, optional
            On whose side of the points the discs are; by default they are at the upper right.
        """
        self.prepareGeometryChange()
        self._marks, self._inwards = marks, inwards
        a, b = ([xy(point) for point, _ in marks] or [0.0] for xy in (QPointF.x, QPointF.y))
        box = QRectF(QPointF(min(a), min(b)), QPointF(max(a), max(b)))
        # A disc stands out on all sides; how far that is in data, only the view knows.
        pixel = self.sceneTransform()
        room_x, room_y = (
            (_AWAY + _DISC) / max(abs(scale), 1e-300) for scale in (pixel.m11(), pixel.m22())
        )
        self._bounds = box.adjusted(-room_x, -room_y, room_x, room_y)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter, _option, _widget=None) -> None:
        centres = [
            (painter.worldTransform().map(point) + self._way(point) * _AWAY, text)
            for point, text in self._marks
        ]
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        font = QFont(painter.font())
        font.setPixelSize(11)
        font.setBold(True)
        painter.setFont(font)
        for centre, text in centres:
            painter.setPen(_PAPER)
            painter.setBrush(_INK)
            painter.drawEllipse(centre, _DISC / 2, _DISC / 2)
            place = QRectF(centre.x() - _DISC, centre.y() - _DISC, 2 * _DISC, 2 * _DISC)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _way(self, point: QPointF) -> QPointF:
        """Return in which direction of the screen a mark lies from its point."""
        if self._inwards is None:
            return QPointF(1.0, -1.0)
        way = self._inwards - point
        return QPointF(1.0 if way.x() > 0.0 else -1.0, -1.0 if way.y() > 0.0 else 1.0)
