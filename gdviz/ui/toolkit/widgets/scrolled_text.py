"""Text that is scrolled where there is no room for all of its lines."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_LEAST = 3  # lines


class ScrolledText(QScrollArea):
    """As tall as the wrapped text in it, where there is room; else scrolled, and no line is cut.

    Parameters
    ----------
    content : QWidget
        Labels, whose height follows from their width.
    parent : QWidget
    """

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_bar()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # another text
            self.updateGeometry()
            self._show_bar()
        return super().eventFilter(watched, event)

    def _show_bar(self) -> None:
        """Have a scroll bar only where the text does not fit without one.

        Qt keeps one that is there as long as the text does not fit beside it.
        """
        fits = self._content.heightForWidth(self.width()) <= self.height()
        policy = (
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    def sizeHint(self) -> QSize:
        # As wide as without a scroll bar: else its coming and going would change the height.
        return QSize(0, self._content.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(_LEAST * self.fontMetrics().lineSpacing(), self.sizeHint().height()))
