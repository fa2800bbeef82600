"""Basins on the map: the picture under contours and paths, and numbers beside the ends."""

from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGraphicsItem

from gdviz.basins_picture import end_looks, step_span
from gdviz.engine.surfaces import Range
from gdviz.ui.basins_job import BasinsDrawing

_MOST_MARKS = 12  #: numbers on the map; more would hide it
_DISC, _AWAY = 16.0, 11.0  #: pixels: a number's disc, and how far it is from the end on each axis
_INK, _PAPER = QColor("#1d2329"), QColor("#ffffff")
#: Squares filled as the hatches fill them.
_GLYPHS = {"": "■", "/": "▨", "x": "▩", "|": "▥", "-": "▤", "+": "▦", ".": "▣"}


class BasinsOverlay:
    """Draws basins into the map's view box.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setZValue(2)
        self._marks = _Marks()
        self._marks.setZValue(32)  # above the paths, which end there
        for item in (self._image, self._marks):
            item.hide()
            view_box.addItem(item, ignoreBounds=True)

    def show_drawing(self, drawing: BasinsDrawing | None) -> None:
        """Draw basins, or none."""
        self._image.setVisible(drawing is not None)
        self._marks.setVisible(drawing is not None and len(drawing.basins) == 1)
        if drawing is None:
            return
        basins = drawing.basins[0]
        self._image.setImage(drawing.pixels, autoLevels=False, levels=None)
        self._image.setRect(_cells(basins.range, len(basins.a)))
        marks = [
            (QPointF(end.a, end.b), look.mark)
            for look, end in zip(end_looks(basins), basins.ends, strict=True)
            if look.mark
        ]
        self._marks.set_marks(marks[:_MOST_MARKS])


def legend_html(drawing: BasinsDrawing | None, sentence: str) -> str:
    """Return the lines of the map's legend; empty where there are no basins.

    Parameters
    ----------
    drawing : BasinsDrawing or None
        What is drawn.
    sentence : str
        Why there is nothing, where there is not.
    """
    if drawing is None:
        return escape(sentence)
    rows = []
    for row in drawing.legend:
        look = row.look
        glyph = f"<span style='color:{look.color}'>{_GLYPHS[look.hatch]}</span>&nbsp; "
        mark = f"<b>{look.mark}</b>&nbsp; " if look.mark else ""
        rows.append(f"{glyph if look.color else '&nbsp;' * 5}{mark}{escape(row.text)}")
    basins = drawing.basins[-1]
    if len(drawing.basins) == 1:
        rows.insert(0, f"<b>Basins</b> of {escape(drawing.titles[0])}")
        if span := step_span(basins):
            rows.append(f"the darker, the more steps: {span[0]} … {span[1]}")
    if basins.stride > 1:
        rows.append(f"so far 1 start in {basins.stride**2}")
    return "<br>".join(rows)


def _cells(extent: Range, count: int) -> QRectF:
    """Return what the squares around the starts cover: half of one more on each side."""
    half_a, half_b = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low]) / (
        2 * (count - 1)
    )
    corner = QPointF(extent.a_low - half_a, extent.b_low - half_b)
    return QRectF(corner, QPointF(extent.a_high + half_a, extent.b_high + half_b))


class _Marks(QGraphicsItem):
    """Numbers in discs of a size in pixels, each beside its point."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: list[tuple[QPointF, str]] = []
        self._bounds = QRectF()

    def set_marks(self, marks: list[tuple[QPointF, str]]) -> None:
        """Take points and what is written beside them."""
        self.prepareGeometryChange()
        self._marks = marks
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
            (painter.worldTransform().map(point) + QPointF(_AWAY, -_AWAY), text)
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
