"""Right, wrong or undecided: a sign that is told by its shape as well as by its colour."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.theme import Theme

_SIZE = 18
_RIGHT = {"light": "#1a7f37", "dark": "#3fb950"}
_NAMES = {True: "right", False: "wrong", None: "undecided"}


class VerdictMark(QWidget):
    """A disc with a tick, a square with a cross, or a ring with a question mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._right: bool | None = None
        self._theme: Theme | None = None
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(_NAMES[None])

    def set_theme(self, theme: Theme) -> None:
        """Take the colours."""
        self._theme = theme
        self.update()

    def set_verdict(self, right: bool | None) -> None:
        """Say that something is right or wrong; None is neither."""
        self._right = right
        self._name()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._name()

    def _name(self) -> None:
        name = _NAMES[self._right]
        self.setAccessibleName(name if self.isEnabled() else f"{name}, out of date")

    def sizeHint(self) -> QSize:
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        if theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.35)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ink = QPen(QColor(theme.panel), 2.0)
        ink.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._right is None:
            painter.setPen(QPen(QColor(theme.muted), 1.6))
            painter.drawEllipse(area.adjusted(1, 1, -1, -1))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "?")
        elif self._right:
            painter.setBrush(QColor(_RIGHT[theme.name]))
            painter.drawEllipse(area)
            painter.setPen(ink)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(_polygon((5, 9.5), (8, 12.5), (13, 6)))
        else:
            painter.setBrush(QColor(theme.error))
            painter.drawRoundedRect(area, 3, 3)
            painter.setPen(ink)
            painter.drawLine(QPointF(6, 6), QPointF(12, 12))
            painter.drawLine(QPointF(12, 6), QPointF(6, 12))
        painter.end()


def _polygon(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])
