"""A small card of text that floats over a picture."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.text import RichLabel

_OFFSET = 14  # pixels between the point and the card


class Card(RichLabel):
    """Rich text on a quiet ground, which never takes the mouse and stays inside the window.

    Parameters
    ----------
    place : QWidget
        What it floats over. A card that needs more room may reach beyond.
    """

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._place = place
        self.setProperty("card", True)  # the theme's style sheet knows it by this
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, point: QPoint, html: str) -> None:
        """Show text beside a point of its place, on the side where there is room."""
        window = self._place.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        point = self._place.mapTo(window, point)
        if html != self.text():
            self.setText(html)
        self.adjustSize()
        x, y = point.x() + _OFFSET, point.y() + _OFFSET
        if x + self.width() > window.width():
            x = point.x() - _OFFSET - self.width()
        if y + self.height() > window.height():
            y = point.y() - _OFFSET - self.height()
        self.move(max(0, x), max(0, y))
        self.show()
        self.raise_()
