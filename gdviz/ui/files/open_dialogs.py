"""What is asked before a file is opened: may code run, what is a table, where is a matrix."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from gdviz.base.files import shown
from gdviz.engine.objectives.code_ref import Code
from gdviz.experiment.referenced_data import DataNeeded
from gdviz.experiment.validation import BOUNDS
from gdviz.files.file_kinds import As
from gdviz.ui.toolkit.build import label
from gdviz.ui.toolkit.text import DialogButtons, as_caption, as_tip, message_box
from gdviz.ui.toolkit.widgets.message_label import MessageLabel, as_sentence
from gdviz.ui.toolkit.widgets.number_field import NumberField

_ENDS = (("a_low", "a from"), ("a_high", "a to"), ("b_low", "b from"), ("b_high", "b to"))


def may_run(code: Code, changed: bool, window: QWidget) -> bool:
    """Ask whether code that an experiment names may be run.

    Parameters
    ----------
    code : Code
        Which code.
    changed : bool
        Whether its file holds something else than when the experiment was saved.
    window : QWidget
        The dialog's parent.
    """
    about = f"This experiment uses Python code:\n\n{code.path}"
    box = message_box(window, about, "Run Python code?")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setInformativeText(
        ("It has changed since the experiment was saved. " if changed else "")
        + "To show it, gdviz must run the file as your own program, with all your permissions. Run "
        "it only if you trust where it comes from."
    )
    run = box.addButton("Run", QMessageBox.ButtonRole.AcceptRole)
    leave = box.addButton("Don't Open", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leave)
    box.setEscapeButton(leave)
    box.exec()
    allowed = box.clickedButton() is run
    box.deleteLater()  # else the window would keep it
    return allowed


def ask_data(needed: DataNeeded, window: QWidget) -> Literal["read", "look"] | None:
    """Ask whether the data file that an experiment tells may be read, or is looked for.

    Parameters
    ----------
    needed : DataNeeded
        The file, and what is the matter.
    window : QWidget
        The dialog's parent.

    Returns
    -------
    "read", "look" or None
        None if the person gives up.
    """
    box = message_box(window, as_sentence(needed.message), "Open the data?")
    box.setIcon(QMessageBox.Icon.Question if needed.is_asked else QMessageBox.Icon.Warning)
    box.setInformativeText(
        "The experiment is about it. It is read as a table of numbers, if it is as it was when the "
        "experiment was saved; nothing in it is run."
    )
    role = QMessageBox.ButtonRole.AcceptRole
    read = box.addButton("Open", role) if needed.is_asked else None
    look = box.addButton("Look for It…", role)
    box.setDefaultButton(read or look)
    box.setEscapeButton(box.addButton("Don't Open", QMessageBox.ButtonRole.RejectRole))
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()  # else the window would keep it
    if read is not None and clicked is read:
        return "read"
    return "look" if clicked is look else None


#: What a table can be read as: the button's text.
_AS: dict[As, str] = {
    "landscape": "Loss Landscape", "data": "Data to Fit", "trajectory": "Path on This Surface",
}  # fmt: skip


def choose_kind(name: str, why: str, choices: Sequence[As], window: QWidget) -> As | None:
    """Ask what a table is, where it can be read in several ways; None if the person gives up.

    Parameters
    ----------
    name : str
        The file's name.
    why : str
        What leaves the doubt, in a sentence; may be empty.
    choices : sequence of str
        What it can be, the likeliest first.
    window : QWidget
        The dialog's parent.
    """
    about = f"{shown(name)} can be read in more than one way. Open it as which?"
    reason = f"\n\n{as_sentence(why)}" if why else ""
    box = message_box(window, about + reason, "What is this table?")
    box.setIcon(QMessageBox.Icon.Question)
    role = QMessageBox.ButtonRole.AcceptRole
    buttons = {box.addButton(as_caption(_AS[kind]), role): kind for kind in choices}
    box.setDefaultButton(next(iter(buttons)))
    box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    chosen = next((kind for button, kind in buttons.items() if button is box.clickedButton()), None)
    box.deleteLater()  # else the window would keep it
    return chosen


class RangeDialog(QDialog):
    """Asks where a matrix without coordinates lies; what is refused keeps the button disabled.

    Parameters
    ----------
    name : str
        The file's name.
    hint : str, default ""
        What is known of where its losses lie.
    parent : QWidget, optional
    """

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Range of the losses")
        about = label(
            f"{shown(name)} holds losses, but not their coordinates. Over which range of a and b "
            "were they computed?",
            parent=self,
        )
        about.setMinimumWidth(380)
        low, high = BOUNDS["range"]
        self.fields = {
            end: NumberField(
                title, -1.0 if end.endswith("low") else 1.0, minimum=low, maximum=high, parent=self
            )
            for end, title in _ENDS
        }
        grid = QGridLayout()
        for place, (end, title) in enumerate(_ENDS):
            row, column = divmod(place, 2)
            field = self.fields[end]
            field.setToolTip(as_tip(f"Where the outermost losses lie: {title}"))
            grid.addWidget(label(title, wraps=False, parent=self), row, 2 * column)
            grid.addWidget(field, row, 2 * column + 1)
            for changed in (field.value_edited, field.rejected, field.accepted):
                changed.connect(self._check)
        self._error = MessageLabel(self)
        self._buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Open")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        rows = QVBoxLayout(self)
        for part in (about, self._error, self._buttons):
            rows.addWidget(part)
        rows.insertLayout(1, grid)
        if hint:
            rows.insertWidget(1, label(as_sentence(hint), parent=self))

    def extent(self) -> tuple[float, float, float, float]:
        """Return a_low, a_high, b_low, b_high."""
        a_low, a_high, b_low, b_high = (self.fields[end].value() for end, _ in _ENDS)
        return a_low, a_high, b_low, b_high

    def _check(self, _what: object = None) -> None:
        sentence = next(filter(None, (field.error() for field in self.fields.values())), "")
        a_low, a_high, b_low, b_high = self.extent()
        if not sentence and not (a_low < a_high and b_low < b_high):
            sentence = "Each axis must run from a lower to a higher number."
        self._error.say(sentence, error=bool(sentence))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not sentence)
