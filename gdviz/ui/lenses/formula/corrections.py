"""What may have been meant by a text that is no formula, on buttons."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.build import row
from gdviz.ui.toolkit.text import as_caption, as_tip
from gdviz.ui.toolkit.widgets.elided_button import ElidedButton

_MOST = 3


class Corrections(QWidget):
    """A button for each text that may be meant; nothing where there is none.

    Attributes
    ----------
    chosen : Signal(str)
        The text that the person means.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: tuple[str, ...] | None = None
        self.buttons = [ElidedButton(self) for _ in range(_MOST)]
        for place, button in enumerate(self.buttons):
            # A click must not take the focus from the field, which would read its text once more.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._choose, place))
        row(*((button, 1) for button in self.buttons), inside=self, spacing=6)
        self.offer(())

    def _choose(self, place: int) -> None:
        if self._texts:
            self.chosen.emit(self._texts[place])

    def offer(self, texts: tuple[str, ...]) -> None:
        """Offer texts, at most three of them, or none."""
        if texts == self._texts:
            return
        self._texts = texts[:_MOST]
        for button, text in zip(self.buttons, (*self._texts, "", "", ""), strict=False):
            button.setText(as_caption(text))
            says = f"Write {text or 'what may be meant'}"
            button.setToolTip(as_tip(says))
            button.setAccessibleName(says)
            button.setVisible(bool(text))
        self.setVisible(bool(texts))
