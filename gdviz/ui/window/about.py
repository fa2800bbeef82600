"""What the program says of itself."""

import platform
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import PySide6
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gdviz import __version__
from gdviz.base.files import file_type, shown
from gdviz.base.logging import log_path
from gdviz.ui.tasks.task import Job, Task
from gdviz.ui.toolkit.text import message_box

#: Milliseconds until a drive that does not answer is waited for no more.
_ANSWER_MS = 5_000

_KEYS = (
    ("Click on the map", "set the start"),
    ("Shift+click on the map", "add another start for all methods; R adds random ones"),
    ("Drag the white cross", "move the start; the paths follow"),
    ("Drag elsewhere, wheel", "pan and zoom; Home returns"),
    ("Double-click on the map, F", "show the start and all paths, wherever they are"),
    ("Right click", "copy or save a value, a table, a panel or a lens; a method's own values"),
    ("E", "equal units on both axes: a circle is a circle"),
    ("Arrow keys on the map", "move the start; with Shift a tenth as far"),
    ("Point at a path", "see what happened at that step"),
    ("Point into a panel", "see the values of all methods at that step"),
    ("Arrow keys, wheel in a field", "change the value; Shift finer, Ctrl coarser"),
    ("Double-click on a slider", "return to its default"),
    ("Drop a file", "open an experiment, CSV data, a loss landscape or Python code"),
    ("Space", "play or pause the steps; comma and full stop go one step, [ and ] to the ends"),
    (
        "3",
        "the surface in three dimensions in the map's place: drag to go around it, wheel or + and "
        "− to zoom, Shift+drag to move it, Ctrl+arrow keys to turn, double-click or 0 to reset",
    ),
    ("B", "basins: which end each start on the map reaches"),
    ("F2, F3", "hide or show the left and the right side"),
    ("F11", "present: the map, one panel and large controls alone; Esc leaves"),
    ("Ctrl++, Ctrl+−, Ctrl+0", "larger and smaller text, and the usual one"),
    ("Ctrl+L", "write a function of your own; Ctrl+Space lists the names"),
    ("Ctrl+Z, Ctrl+Shift+Z", "undo, redo"),
)


def about_text() -> str:
    """Return versions and licence as rich text."""
    # Not imported for this: SciPy, SymPy and matplotlib say their versions without loading.
    from importlib.metadata import version

    parts = [f"Python {platform.python_version()}", f"PySide6 {PySide6.__version__}",
             f"pyqtgraph {pg.__version__}", f"NumPy {np.__version__}"]  # fmt: skip
    parts += [
        f"{name} {version(name.lower())}" for name in ("SciPy", "SymPy", "Matplotlib", "PyOpenGL")
    ]
    return (
        f"<h3>gdviz {__version__}</h3>"
        "<p>See gradient descent, what the gradient costs, and what an approximation of it does."
        f"</p><p>{'<br>'.join(parts)}</p><p>MIT licence</p>"
    )


def help_text() -> str:
    """Return what mouse and keys do as rich text."""
    rows = "".join(
        f"<tr><td style='padding-right:16px'>{what}</td><td>{does}</td></tr>"
        for what, does in _KEYS
    )
    return f"<table cellspacing=4>{rows}</table>"


def _kind_of_file(_job: Job, path: Path) -> str:
    return file_type(path)


class Help:
    """What the entries of the Help menu do.

    Parameters
    ----------
    window : QWidget
        The dialogs' parent.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._look = Task(
            _kind_of_file, self._open_log, lambda _error: None, patience_ms=_ANSWER_MS,
            waits_for_drive=True, parent=window,
        )  # fmt: skip
        self._look.busy_changed.connect(self._miss_answer)

    def show_keys(self) -> None:
        """Say what mouse and keys do."""
        show_text(self._window, "Mouse and keys", help_text(), rich=True)

    def show_log(self) -> None:
        """Open the log as the system opens text; where that fails, or there is none, say so."""
        self._look.request(log_path())

    def _open_log(self, kind: str) -> None:
        path = log_path()
        if kind != "file":
            self._tell(f"Nothing has gone wrong. If it does, {shown(path)} tells.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._tell(f"The log is {shown(path)}.")

    def _miss_answer(self, is_busy: bool) -> None:
        if is_busy:
            self._look.abandon()
            self._tell(f"The log is {shown(log_path())}, and its drive does not answer.")

    def _tell(self, sentence: str) -> None:
        show_text(self._window, "Log", sentence)

    def show_about(self) -> None:
        """Show versions and licence."""
        show_text(self._window, "About gdviz", about_text(), rich=True)


def show_text(parent: QWidget, title: str, text: str, *, rich: bool = False) -> None:
    """Show a text in a dialog.

    Parameters
    ----------
    parent : QWidget
        Whose dialog it is.
    title : str
        The window's title.
    text : str
        What it says.
    rich : bool, default False
        Whether it is markup.
    """
    box = message_box(parent, text, title, rich=rich)
    box.exec()
    box.deleteLater()  # else the window keeps every one
