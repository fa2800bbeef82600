"""A small card of text that floats over a picture."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

_OFFSET = 14  # pixels between the point and the card


class Card(QLabel):
    """Rich text on a quiet ground, which never takes the mouse and stays inside its parent.

    Parameters
    ----------
    parent : QWidget
        What it floats over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("card", True)  # the theme's style sheet knows it by this
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, point: QPoint, html: str) -> None:
        """Show text beside a point of the parent, on the side where there is room."""
        if html != self.text():
            self.setText(html)
        self.adjustSize()
        parent = self.parentWidget()
        x, y = point.x() + _OFFSET, point.y() + _OFFSET
        if x + self.width() > parent.width():
            x = point.x() - _OFFSET - self.width()
        if y + self.height() > parent.height():
            y = point.y() - _OFFSET - self.height()
        self.move(max(0, x), max(0, y))
        self.show()
        self.raise_()
