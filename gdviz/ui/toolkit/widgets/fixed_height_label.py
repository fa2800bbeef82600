"""A label for what changes with every frame."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.text import PlainLabel, RichLabel


class FixedHeightLabel(QWidget):
    """Text in a place of so many lines, whatever it says.

    A QLabel in a layout has the whole window laid out again with each new text, which takes a
    millisecond or two; and what stands below it must not jump while something is dragged.

    Parameters
    ----------
    lines : int, default 1
        How many there is room for; what is longer is cut off.
    muted : bool, default False
        Whether it is a note beside the thing itself.
    rich : bool, default False
        Whether it is markup, in which all that others wrote is escaped.
    parent : QWidget, optional
    """

    def __init__(
        self,
        lines: int = 1,
        muted: bool = False,
        rich: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = RichLabel(self) if rich else PlainLabel(self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._label.setWordWrap(lines > 1)
        if muted:
            self._label.setProperty("muted", True)
        self._lines = lines
        self._fit()

    def _fit(self) -> None:
        # The rows of a table stand a little further apart than lines.
        self.setFixedHeight(self._lines * (self.fontMetrics().lineSpacing() + 3))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def text(self) -> str:
        """Return what it says."""
        return self._label.text()

    def setText(self, text: str) -> None:
        """Say something."""
        self._label.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label.resize(self.size())
