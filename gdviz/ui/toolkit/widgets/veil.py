"""A veil over what is out of date: it is still to be seen, and not taken for what is chosen."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.ui.toolkit.text import PlainLabel

_OPACITY = 0.65  #: as that of derivatives that are those of the formula before


class Veil(QWidget):
    """Lies over a widget, lets the mouse through, and says what is below if there is room.

    Parameters
    ----------
    covered : QWidget
        What it lies over.
    speaks : bool, default False
        Whether a sentence stands in the middle.
    """

    def __init__(self, covered: QWidget, speaks: bool = False) -> None:
        super().__init__(covered)
        self._covered = covered
        self._sentence = PlainLabel(self)
        self._sentence.setProperty("card", True)
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setVisible(speaks)
        column = QVBoxLayout(self)
        column.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        covered.installEventFilter(self)

    def show_sentence(self, sentence: str) -> None:
        """Lie over the widget and say why, or let it be seen where there is nothing to say."""
        self._sentence.setText(sentence)
        self._sentence.setMinimumWidth(min(320, self._covered.width() - 40))
        self.setVisible(bool(sentence))
        self._cover()

    def sentence(self) -> str:
        """Return what is said of what it lies over; empty where it does not."""
        return self._sentence.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # What is made meanwhile would lie over it.
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        if self.sentence():
            self.setGeometry(self._covered.rect())
            self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(_OPACITY)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.end()
