"""Asking where to save a file."""

from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QCheckBox, QFileDialog, QMessageBox, QWidget

from gdviz.base.files import file_type, shown
from gdviz.ui.store.untitled import OFTEN, Place
from gdviz.ui.toolkit.text import message_box

#: What becomes of changes that are not saved; what is kept is there at the next launch.
Answer = Literal["save", "keep", "discard", "cancel"]


_PLACES: dict[Place, str] = {
    "waits": "It waits for the next launch.",
    "kept": "gdviz can keep it for the next launch.",
    "taken": "Another one is kept for the next launch already.",
    "too large": "It is too large to be kept for the next launch.",
    "replaced": "Undo brings it back until the window is closed.",
}


def ask_path(
    window: QWidget,
    title: str,
    suggestion: Path,
    filters: str,
    suffix: str,
    *,
    replaces: bool = True,
) -> Path | None:
    """Ask for the path of a file to write; None where the person thought better of it.

    Parameters
    ----------
    window : QWidget
        The dialog's parent.
    title : str
        The dialog's.
    suggestion : Path
        Where, and under which name.
    filters : str
        As Qt writes them.
    suffix : str
        What a name without one gets, unless the filter that was chosen stands for one alone.
    replaces : bool, default True
        Whether a file that is there is replaced, which is asked first.
    """
    options = () if replaces else ("", QFileDialog.Option.DontConfirmOverwrite)
    name, chosen = QFileDialog.getSaveFileName(window, title, str(suggestion), filters, *options)
    if not name:
        return None
    path = Path(name)
    if path.suffix:
        return path
    patterns = chosen.partition("(")[2].removesuffix(")").split()
    alone = patterns[0].removeprefix("*") if len(patterns) == 1 else ""
    path = path.with_name(path.name + (alone or suffix))
    # Qt has asked about the name that was typed, which is another file.
    if not replaces:
        return path
    from gdviz.ui.files.drive_question import answered  # which no first frame waits for

    kind = answered(window, partial(file_type, path), shown(path.name))
    return path if kind == "absent" or (kind and _may_replace(window, path)) else None


def ask_to_save(window: QWidget, path: Path) -> Answer:
    """Ask what becomes of changes that are not in their file.

    Parameters
    ----------
    window : QWidget
        The dialog's parent.
    path : Path
        The file.
    """
    box = message_box(window, f"Save the changes to {shown(path.name)}?")
    buttons = QMessageBox.StandardButton
    box.setIcon(QMessageBox.Icon.Question)
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answer = box.exec()
    box.deleteLater()  # else the window would keep it
    answers: dict[int, Answer] = {buttons.Save: "save", buttons.Discard: "discard"}
    return answers.get(answer, "cancel")


def ask_about_untitled(window: QWidget, place: Place) -> tuple[Answer, bool]:
    """Ask what becomes of changes to an experiment that belongs to no file.

    Parameters
    ----------
    window : QWidget
        The dialog's parent.
    place : Place
        What becomes of it else.

    Returns
    -------
    Answer, bool
        What becomes of them, and whether nobody is to be asked any more.
    """
    box = message_box(window, "Save this experiment?")
    box.setInformativeText(f"It was changed, and is in no file. {_PLACES[place]}")
    box.setIcon(QMessageBox.Icon.Question)
    roles = QMessageBox.ButtonRole
    save = box.addButton("&Save…", roles.AcceptRole)
    rest: Answer = "keep" if place == "kept" else "discard"
    text = "&Keep for Next Launch" if rest == "keep" else "&Discard"
    other = box.addButton(text, roles.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    never = QCheckBox("Do not ask again for experiments without a file")
    never.setToolTip("File ▸ Ask About Untitled Experiments turns it on again")
    if place in OFTEN:
        box.setCheckBox(never)
    box.exec()
    answers: dict[object, Answer] = {save: "save", other: rest}
    answer = answers.get(box.clickedButton(), "cancel")
    box.deleteLater()  # else the window would keep it
    return answer, never.isChecked()


def ask_to_wait(window: QWidget, sentence: str, ended: SignalInstance) -> Answer:
    """Wait for what is being written, unless the person does not want to.

    Parameters
    ----------
    window : QWidget
        The dialog's parent.
    sentence : str
        What is written, and what the buttons do: Discard and Cancel.
    ended : SignalInstance
        Says that nothing is being written any more, which ends the dialog.

    Returns
    -------
    {"save", "discard", "cancel"}
        It was written, or refused; it is to be left behind; the experiment is to stay.
    """
    box = message_box(window, sentence)
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Cancel)
    ended.connect(box.accept)
    box.exec()
    answers: dict[object, Answer] = {
        box.button(buttons.Discard): "discard",
        box.button(buttons.Cancel): "cancel",
    }
    answer = answers.get(box.clickedButton(), "save")
    box.deleteLater()  # else the window would keep it
    return answer


def _may_replace(window: QWidget, path: Path) -> bool:
    box = message_box(window, f"{shown(path.name)} exists already. Replace it?")
    buttons = QMessageBox.StandardButton
    box.setIcon(QMessageBox.Icon.Question)
    box.setStandardButtons(buttons.Yes | buttons.No)
    box.setDefaultButton(buttons.No)
    answer = box.exec()
    box.deleteLater()  # else the window would keep it
    return answer == buttons.Yes
