"""A choice of a few, side by side in one control."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from gdviz.ui.toolkit.build import row
from gdviz.ui.toolkit.text import as_tip


class Segments(QWidget):
    """Buttons of which one is down.

    Parameters
    ----------
    choices : mapping of str to (str, str)
        By name: what is written on the button, and its tooltip. The first is down at first.
    parent : QWidget, optional

    Attributes
    ----------
    chosen : Signal(str)
        The person chose another one: its name.
    """

    chosen = Signal(str)

    def __init__(
        self, choices: Mapping[str, tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._names = list(choices)
        for index, (text, tip) in enumerate(choices.values()):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(as_tip(tip))
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button, index)
        row(*self._group.buttons(), inside=self, spacing=0)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._click)

    def choice(self) -> str:
        """Return the name of the one that is down."""
        return self._names[self._group.checkedId()]

    def choose(self, name: str) -> None:
        """Put one down."""
        self._group.button(self._names.index(name)).setChecked(True)

    def _click(self, index: int) -> None:
        self.chosen.emit(self._names[index])
