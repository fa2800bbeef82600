"""A line of text that ends in … where there is no room for it."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QToolTip

from gdviz.ui.toolkit.text import PlainLabel


class ElidedLabel(PlainLabel):
    """Plain text that takes the width it is given; what is cut off, the tooltip says in full."""

    def is_elided(self) -> bool:
        """Return whether part of the text does not fit."""
        return self._shown() != self.text()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self._shown())
        painter.end()

    def event(self, event: QEvent) -> bool:
        is_asked = event.type() == QEvent.Type.ToolTip and self.is_elided()
        if is_asked and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), Qt.convertFromPlainText(self.text()), self)
            return True
        return super().event(event)

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
