"""The colour bar beside the map."""

from functools import cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.theme import Theme

_BAR, _TICK, _GAP = 12, 4, 3  # pixels: width of the bar, length of a tick, space to its label

_TIP = "The loss that a colour stands for"


@cache
def color_table(name: str) -> NDArray[np.uint8]:
    """Return a colour map of pyqtgraph's from the lowest to the highest: RGBA, shape (256, 4)."""
    table: NDArray[np.uint8] = pg.colormap.get(name).getLookupTable(nPts=256, alpha=True)
    return table


class ColorBar(QWidget):
    """Which loss a colour stands for.

    Parameters
    ----------
    colors : str
        The name of the colour map.
    parent : QWidget, optional
    """

    def __init__(self, colors: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = color_table(colors)[::-1, None, :].copy()
        self._image = QImage(column.data, 1, 256, 4, QImage.Format.Format_RGBA8888).copy()
        self._ends = QColor(*column[-1, 0].tolist()), QColor(*column[0, 0].tolist())
        self._ticks: list[tuple[float, str]] = []
        self._span = (0, 0)
        self._axis = self._text = QColor()
        self._is_faded = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._beyond = (False, False)
        self.setToolTip(_TIP)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of axis and text."""
        self._axis, self._text = QColor(theme.axis), QColor(theme.muted)
        self.update()

    def set_scale(self, scale: ColorScale) -> None:
        """Show the ticks of a scale."""
        self._ticks = scale.ticks()
        self._beyond = (scale.least is not None, scale.greatest is not None)
        self.setToolTip(as_tip(f"{_TIP}. {scale.note}." if scale.note else _TIP))
        self.updateGeometry()
        self.update()

    def set_faded(self, faded: bool) -> None:
        """Step back while other colours lie on the map."""
        self._is_faded = faded
        self.update()

    def set_span(self, top: int, bottom: int) -> None:
        """Align the bar's ends with the map's, in pixels from the top."""
        if (top, bottom) != self._span:
            self._span = (top, bottom)
            self.update()

    def sizeHint(self) -> QSize:
        # A fixed width: labels that change while the map is panned must not move the map. Only
        # losses that differ in their last digits alone take more.
        labels = "−0.00e−8", *(label for _, label in self._ticks)
        digits = max(map(self.fontMetrics().horizontalAdvance, labels))
        return QSize(_BAR + _TICK + 2 * _GAP + digits, 100)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        top, bottom = self._span
        if bottom <= top:
            return
        painter = QPainter(self)
        painter.setOpacity(0.25 if self._is_faded else 1.0)
        painter.drawImage(QRectF(0, top, _BAR, bottom - top), self._image)
        self._draw_arrows(painter, top, bottom)
        height = self.fontMetrics().height()
        for place, label in self._ticks:
            y = bottom - place * (bottom - top)
            painter.setPen(self._axis)
            painter.drawLine(_BAR, round(y), _BAR + _TICK, round(y))
            painter.setPen(self._text)
            left = _BAR + _TICK + _GAP
            text = QRectF(left, y - height / 2, self.width() - left, height)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, label)
        painter.end()

    def _draw_arrows(self, painter: QPainter, top: int, bottom: int) -> None:
        """Draw a tip on each end beyond which there are losses of the same colour."""
        painter.setPen(Qt.PenStyle.NoPen)
        for is_beyond, y, way, color in zip(
            self._beyond, (bottom, top), (1, -1), self._ends, strict=True
        ):
            if is_beyond:
                painter.setBrush(color)
                corners = (0, y), (_BAR, y), (_BAR / 2, y + way * _BAR * 0.8)
                painter.drawPolygon([QPointF(*corner) for corner in corners])
