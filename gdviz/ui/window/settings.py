"""What a window remembers from one run to the next."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.validation import ExperimentError


def restore_window(
    settings: QSettings, window: QMainWindow, toggles: Mapping[str, QAction]
) -> None:
    """Give a window the size and place, and toggles the state, in which they were left.

    Parameters
    ----------
    settings : QSettings
        A file that anybody may have edited: what is not understood is left out.
    window : QMainWindow
        The window.
    toggles : mapping of str to QAction
        The toggles by the names under which they are kept.
    """
    if isinstance(geometry := settings.value("window/geometry"), QByteArray):
        window.restoreGeometry(geometry)
    for name, action in toggles.items():
        action.setChecked(settings.value(f"view/{name}") not in (False, "false"))


def fit_to_screen(window: QMainWindow) -> None:
    """Fill the screen with a window that is larger than it, as at the first start on a laptop."""
    room = window.screen().availableSize()
    if window.size() != window.size().boundedTo(room):
        window.resize(window.size().boundedTo(room))
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def save_window(settings: QSettings, window: QMainWindow, toggles: Mapping[str, QAction]) -> None:
    """Remember what :func:`restore_window` restores.

    Parameters
    ----------
    settings, window, toggles
        As there.
    """
    settings.setValue("window/geometry", window.saveGeometry())
    for name, action in toggles.items():
        settings.setValue(f"view/{name}", action.isChecked())


def last_experiment(settings: QSettings) -> Experiment:
    """Return the experiment of the last time; that of the first start if there is none.

    It is read before there is a window: the largest grid, 5 MB, puts off the start by 0.1 s.
    """
    text = settings.value("experiment")
    if isinstance(text, str):
        try:
            return from_json(text)
        except ExperimentError:
            pass  # written by another version: the settings are ours, and nobody's work
    return Experiment()


def save_experiment(settings: QSettings, experiment: Experiment) -> None:
    """Remember the experiment for the next time."""
    settings.setValue("experiment", to_json(experiment))
    settings.sync()
