"""A disc of a colour as an icon: what a path looks like in lists."""

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

#: Pixels to a point of usual displays: Qt scales what it finds with ragged edges.
_RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


@cache
def color_icon(color: str, size: int = 12) -> QIcon:
    """Return a disc of a colour."""
    icon = QIcon()
    for ratio in _RATIOS:
        icon.addPixmap(_disc(color, size, ratio))
    return icon


def _disc(color: str, size: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(ratio * size), round(ratio * size))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(color))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(0, 0, size, size)
    painter.end()
    return pixmap
