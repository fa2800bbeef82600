"""Text that others wrote, shown word for word: in labels, tooltips, buttons, titles and messages.

Qt takes what looks like markup for markup, and rich text loads the files that it names; in the
texts of buttons and menus an ampersand is the key that presses them; and what does not print may
turn round what stands beside it. Whoever shows text goes through this module:
``tests/ui/toolkit/test_text.py`` looks at the source.
"""

import re
from collections.abc import Sequence, Set
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel, QMessageBox, QWidget

from gdviz.base.format import printable, printable_lines

_TIP = 80  #: characters in a line of a tooltip, which Qt does not wrap
#: Words as a line has room for, or a piece of one: textwrap takes 15 ms for the tips of a window.
_ROW = re.compile(rf"(.{{1,{_TIP}}})(?: +|$)|(.{{{_TIP}}})")


class PlainLabel(QLabel):
    """Text word for word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Say something, in which what does not print is shown as it is written."""
        super().setText(printable_lines(text))


class RichLabel(QLabel):
    """Markup of this program; names and sentences of others are escaped in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)

    def setText(self, text: str) -> None:
        """Say something, in which what does not print is shown as it is written."""
        super().setText(printable_lines(text))


@lru_cache(1024)  # views are told again what they say already
def as_tip(text: str) -> str:
    """Return a text as a tooltip that shows it word for word, in lines that can be read."""
    lines = printable_lines(text).split("\n")
    text = "\n".join(
        _ROW.sub(r"\1\2\n", line).rstrip("\n") if len(line) > _TIP else line for line in lines
    )
    return QtText.convertFromPlainText(text) if QtText.mightBeRichText(text) else text


def as_caption(text: str) -> str:
    """Return a text as a button or the entry of a menu shows it word for word."""
    return printable(text).replace("&", "&&")


def as_title(text: str) -> str:
    """Return a text as a window's title shows it word for word."""
    # One alone is the place of the sign that something is not saved.
    return printable(text).replace("[*]", "[*][*]")


class MessageBox(QMessageBox):
    """A question, or what is told, of which each button has a letter that presses it with Alt."""

    def showEvent(self, event: QShowEvent) -> None:
        check = self.checkBox()
        give_letters([*self.buttons(), *([check] if check else [])])
        super().showEvent(event)


class DialogButtons(QDialogButtonBox):
    """The buttons at the foot of a dialog, of which each has a letter that presses it with Alt."""

    def showEvent(self, event: QShowEvent) -> None:
        give_letters(self.buttons())
        super().showEvent(event)


def give_letters(buttons: Sequence[QAbstractButton]) -> None:
    """Give letters to those buttons that have none: Qt's own have some on some desktops alone."""
    taken = {QKeySequence.mnemonic(button.text()).toString() for button in buttons}
    for button in buttons:
        if QKeySequence.mnemonic(button.text()).isEmpty():
            button.setText(_with_letter(button.text(), taken))
            taken.add(QKeySequence.mnemonic(button.text()).toString())


def _with_letter(text: str, taken: Set[str]) -> str:
    """Return a caption with the first letter marked that none has, that of a word if possible."""
    letters = [k for k, letter in enumerate(text) if letter.isalpha()]
    for k in sorted(letters, key=lambda k: k > 0 and text[k - 1] != " "):
        marked = f"{text[:k]}&{text[k:]}"
        if QKeySequence.mnemonic(marked).toString() not in taken:
            return marked
    return text


def message_box(
    parent: QWidget, text: str, title: str = "gdviz", *, rich: bool = False
) -> MessageBox:
    """Return a dialog with a text, which may be copied: it may hold a command.

    Parameters
    ----------
    parent : QWidget
        Whose dialog it is; it keeps the dialog until that is deleted.
    text : str
        What it says.
    title : str, default "gdviz"
        The window's title.
    rich : bool, default False
        Whether it is markup, in which all that others wrote is escaped.
    """
    box = MessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    box.setText(text if rich else printable_lines(text))
    by_mouse = Qt.TextInteractionFlag.TextSelectableByMouse
    box.setTextInteractionFlags(box.textInteractionFlags() | by_mouse)
    return box


def tell(parent: QWidget, text: str) -> None:
    """Show a sentence in a dialog, and wait until it has been read."""
    box = message_box(parent, text)
    box.setIcon(QMessageBox.Icon.Warning)
    box.exec()
    box.deleteLater()  # else the window would keep it
