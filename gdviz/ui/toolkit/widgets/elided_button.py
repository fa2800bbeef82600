"""A button whose text ends in an ellipsis where there is no room for all of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter


class ElidedButton(QPushButton):
    """A button that may be narrower than its text; one with a menu ends in an arrow."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionButton.ButtonFeature.HasMenu
        inside = self.style().subElementRect(
            QStyle.SubElement.SE_PushButtonContents, option, self
        )  # fmt: skip
        arrow = " ▾" if self.menu() else ""
        room = inside.width() - self.fontMetrics().horizontalAdvance(arrow)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        option.text = text + arrow
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
