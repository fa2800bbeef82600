"""What is wrong with some number fields, in sentences beside them."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.text import PlainLabel
from gdviz.ui.toolkit.widgets.number_field import NumberField


class FieldErrors(PlainLabel):
    """The sentences of the fields that refuse what was typed; hidden while there is none.

    Parameters
    ----------
    parent : QWidget, optional
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[NumberField, ...] = ()
        self.setProperty("error", True)
        self.setWordWrap(True)
        self.hide()

    def watch(self, fields: Iterable[NumberField]) -> None:
        """Speak for these fields, and no longer for those before."""
        self._fields = tuple(fields)
        for field in self._fields:
            field.rejected.connect(self.refresh)
            field.accepted.connect(self.refresh)
        self.refresh()

    def refresh(self, _sentence: str = "") -> None:
        """Say what is wrong now, which one field's correction does not change for another."""
        self.say("\n".join(field.error() for field in self._fields if field.error()))

    def say(self, sentence: str) -> None:
        """Say something else, until the next correction or refusal."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
