"""What the window remembers from one run to the next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from gdviz.experiment.json_file import to_json
from gdviz.experiment.model import Experiment

if TYPE_CHECKING:
    from gdviz.ui.window.main_window import MainWindow

_TOGGLES = (
    "show_contours", "show_minima", "show_others", "show_trajectory", "show_legend", "show_left",
    "show_right",
)  # fmt: skip


def restore_window(window: "MainWindow", settings: QSettings) -> None:
    """Lay the window out as it was left."""
    # A file that anybody may have edited: what is not understood is left out.
    if isinstance(geometry := settings.value("window/geometry"), QByteArray):
        window.restoreGeometry(geometry)
        window.actions_by_name["show_full_screen"].setChecked(window.isFullScreen())
    if isinstance(sizes := settings.value("window/places"), QByteArray):
        window.places.choose_sizes(sizes)
    for name in _TOGGLES:
        hidden = settings.value(f"view/{name}") in (False, "false")
        window.actions_by_name[name].setChecked(not hidden)
    window.run_lens.restore_from(settings)


def save_window(window: "MainWindow", settings: QSettings) -> None:
    """Remember the layout, and the experiment."""
    settings.setValue("window/geometry", window.saveGeometry())
    if (sizes := window.places.chosen_sizes()) is not None:
        settings.setValue("window/places", sizes)
    for name in _TOGGLES:
        settings.setValue(f"view/{name}", window.actions_by_name[name].isChecked())
    window.run_lens.save_to(settings)
    experiment, left = window.store.experiment, window.opening.left
    # Code that was not opened again may be opened the next time.
    kept = left if left is not None and experiment == Experiment() else experiment
    settings.setValue("experiment", to_json(kept))
    settings.sync()
