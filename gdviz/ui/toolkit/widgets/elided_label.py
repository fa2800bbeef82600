"""Text that ends in … where there is no room for it."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.ui.toolkit.text import PlainLabel


class ElidedLabel(PlainLabel):
    """Plain text that takes the width it is given; what is cut off, the tooltip says in full.

    Parameters
    ----------
    parent : QWidget, optional
    lines : int, default 1
        How many it has room for, whatever it says.
    """

    def __init__(self, parent: QWidget | None = None, lines: int = 1) -> None:
        super().__init__(parent)
        self._lines = lines
        self._fit()

    def _fit(self) -> None:
        if self._lines > 1:
            self.setFixedHeight(self._lines * self.fontMetrics().lineSpacing())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def is_elided(self) -> bool:
        """Return whether part of the text does not fit."""
        return self._shown() != self.text()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = int(self.alignment()) | int(self._wrapping())
        painter.drawText(self.contentsRect(), flags, self._shown())
        painter.end()

    def event(self, event: QEvent) -> bool:
        is_asked = event.type() == QEvent.Type.ToolTip and self.is_elided()
        if is_asked and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), Qt.convertFromPlainText(self.text()), self)
            return True
        return super().event(event)

    def _wrapping(self) -> Qt.TextFlag:
        return Qt.TextFlag.TextWordWrap if self._lines > 1 else Qt.TextFlag.TextSingleLine

    def _shown(self) -> str:
        metrics, width, text = self.fontMetrics(), self.contentsRect().width(), self.text()
        if self._lines > 1:
            room = QRect(0, 0, width, 0)
            if metrics.boundingRect(room, self._wrapping(), text).height() <= self.height():
                return text
            width = round((self._lines - 0.4) * width)  # words do not fill a line
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
