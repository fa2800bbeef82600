"""A sentence beside what it is about: a note, or what is wrong."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.format import capitalized
from gdviz.ui.toolkit.text import PlainLabel


class MessageLabel(PlainLabel):
    """Plain text over as many lines as it takes, quiet or in the colour of refused input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setProperty("muted", True)

    def say(self, sentence: str, *, error: bool = False) -> None:
        """Say something, or nothing."""
        if sentence != self.text():
            self.setText(sentence)
        if bool(self.property("error")) != error:
            self.setProperty("error", error)
            self.setProperty("muted", not error)
            # Style sheets look at a dynamic property only when a widget is polished.
            self.style().unpolish(self)
            self.style().polish(self)

    def is_error(self) -> bool:
        """Return whether it says what is wrong."""
        return bool(self.property("error"))


def as_sentence(message: str) -> str:
    """Return a message with a capital letter, unless a name begins it, and a full stop."""
    end = "" if message.endswith((".", "?", "!", "…")) else "."
    # An article here, where it is taken for a symbol elsewhere.
    begun = f"A{message[1:]}" if message.startswith("a ") else capitalized(message)
    return f"{begun}{end}"
