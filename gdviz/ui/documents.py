"""Files: experiments and data in, experiments, data, pictures and tables out."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gdviz.data_files import DataError, load_data, save_data
from gdviz.engine.data import Data
from gdviz.experiment import Experiment, ExperimentError
from gdviz.experiment_file import load, save
from gdviz.export.options import FigureOptions, FigureOptionsError, format_of
from gdviz.files import reason, write_file
from gdviz.scene import Scene
from gdviz.ui.export_dialog import ExportDialog
from gdviz.ui.workers import Worker

_EXPERIMENTS = "gdviz experiments (*.json);;All files (*)"
_OPENED = "gdviz experiments and CSV data (*.json *.csv);;All files (*)"
_DATA = "CSV data (*.csv);;All files (*)"
_TABLES = "CSV table (*.csv);;JSON table (*.json)"


@dataclass(eq=False)
class File:
    """Where an experiment is saved. One object, shared by all experiments that it belongs to.

    Attributes
    ----------
    path : Path or None
        None before it was saved for the first time.
    saved : Experiment or None
        What was read or written last.
    """

    path: Path | None = None
    saved: Experiment | None = None

    def is_ours(self) -> bool:
        """Tell whether writing loses nothing: the file is as it was left, or there is none."""
        try:
            return not os.path.lexists(self.path) or load(self.path) == self.saved
        except ExperimentError:
            return False


class Documents(QObject):
    """The experiment's file, and what is exported from it.

    What takes long is made in a worker; what fails is one sentence in a dialog.

    Parameters
    ----------
    window : QWidget
        The dialogs' parent.

    Attributes
    ----------
    opened : Signal(Experiment)
        From a file; `file_changed` follows.
    file_changed : Signal(File)
        The experiment belongs to another file, or to none, or was saved.
    data_opened : Signal(Data)
        From a file.
    data_refused : Signal(str)
        Why data was not read or not written.
    said : Signal(str)
        Something went well.
    """

    opened = Signal(object)
    data_opened = Signal(object)
    data_refused = Signal(str)
    file_changed = Signal(object)
    said = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.file = File()
        self._worker = Worker(parent=self)
        self._worker.done.connect(self._finish)
        self._worker.failed.connect(self._fail)

    def stop(self) -> None:
        """Wait for what is being written."""
        self._worker.stop()

    def set_file(self, file: File) -> None:
        """Say which file the experiment belongs to."""
        self.file = file
        self.file_changed.emit(file)

    # ---------------------------------------------------------------- experiments

    def open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open experiment", self._folder(), _OPENED
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a file, of an experiment or of data; what is on screen stays if that fails."""
        if path.suffix.lower() == ".csv":
            self._open_data_path(path)
            return
        try:
            experiment = load(path)
        except ExperimentError as error:
            self.tell(f"{error.message[:1].upper()}{error.message[1:]}." if not error.field
                      else f"{error}.")  # fmt: skip
            return
        self.opened.emit(experiment)
        self.set_file(File(path, experiment))

    def save(self, experiment: Experiment) -> None:
        """Write the experiment to its file; ask where there is none, or not what was left in it."""
        if self.file.path is None:
            self.save_as(experiment)
        elif self.file.is_ours():
            self._save_to(self.file.path, experiment)
        else:
            self.said.emit(f"{self.file.path.name} has changed since it was opened or saved here")
            self.save_as(experiment)

    def save_as(self, experiment: Experiment) -> None:
        """Ask for a file and write the experiment to it."""
        suggestion = (
            self.file.path or Path(self._folder()) / f"{experiment.surface or 'formula'}.json"
        )
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save experiment", str(suggestion), _EXPERIMENTS
        )
        if name:
            self._save_to(_with_suffix(name, ".json"), experiment)

    def _save_to(self, path: Path, experiment: Experiment) -> None:
        try:
            save(experiment, path)
        except OSError as error:
            self.tell(f"{path} cannot be written: {reason(error)}.")
            return
        self.file.path, self.file.saved = path, experiment
        self.file_changed.emit(self.file)
        self.said.emit(f"Saved {path.name}")

    # ---------------------------------------------------------------- data

    def open_data(self) -> None:
        """Ask for a CSV file and read it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open data", self._folder(), _DATA)
        if name:
            self._open_data_path(Path(name))

    def _open_data_path(self, path: Path) -> None:
        try:
            data = load_data(path)
        except DataError as error:
            self.data_refused.emit(str(error))
            return
        self.data_opened.emit(data)

    def save_data(self, data: Data) -> None:
        """Ask for a file and write data to it."""
        stem = data.source.removesuffix(".csv").partition(",")[0] or "data"
        suggestion = Path(self._folder()) / f"{stem.replace(' ', '-')}.csv"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save data", str(suggestion), _DATA)
        if not name:
            return
        path = _with_suffix(name, ".csv")
        try:
            save_data(data, path)
        except OSError as error:
            self.data_refused.emit(f"{path} cannot be written: {reason(error)}")
            return
        self.said.emit(f"Saved {path.name}")

    # ---------------------------------------------------------------- exports

    def export_picture(self, scene: Scene, dark: bool) -> None:
        """Ask how and where to, and draw the picture."""
        dialog = ExportDialog(dark, self._window)
        dialog.deleteLater()  # once we are back in the event loop; the window would keep it
        if dialog.exec() != ExportDialog.DialogCode.Accepted:
            return
        options, suffix = dialog.options(), dialog.suffix()
        suggestion = Path(self._folder()) / f"{self._stem(scene)}{suffix}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Export picture", str(suggestion), "Pictures (*.png *.svg *.pdf)"
        )
        if not name:
            return
        path = _with_suffix(name, suffix)
        try:
            format_of(path)
        except FigureOptionsError as error:
            self.tell(f"{error.message[:1].upper()}{error.message[1:]}.")
            return
        self.said.emit("Drawing the picture…")
        self._worker.request(partial(_write_figure, scene, path, options))

    def export_table(self, scene: Scene) -> None:
        """Ask where to and write the table."""
        suggestion = Path(self._folder()) / f"{self._stem(scene)}.csv"
        name, chosen = QFileDialog.getSaveFileName(
            self._window, "Export table", str(suggestion), _TABLES
        )
        if name:
            path = _with_suffix(name, ".json" if "JSON" in chosen else ".csv")
            self._worker.request(partial(_write_table, scene, path))

    def copy_picture(self, scene: Scene, dark: bool) -> None:
        """Put the picture on the clipboard."""
        self.said.emit("Drawing the picture…")
        options = FigureOptions(theme="dark" if dark else "light")
        self._worker.request(partial(_draw_figure, scene, options))

    def _finish(self, result: str | bytes) -> None:
        if isinstance(result, bytes):
            QGuiApplication.clipboard().setImage(QImage.fromData(result, "PNG"))
            result = "Copied the picture to the clipboard"
        self.said.emit(result)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self.tell(f"{error.filename or 'The file'} cannot be written: {reason(error)}.")
        else:
            self.tell(f"The export failed: {error}.")

    # ---------------------------------------------------------------- dialogs

    def tell(self, sentence: str) -> None:
        """Show one sentence and wait."""
        self.said.emit("")
        QMessageBox.warning(self._window, "gdviz", sentence)

    def _folder(self) -> str:
        return str(self.file.path.parent if self.file.path else Path.home())

    def _stem(self, scene: Scene) -> str:
        return self.file.path.stem if self.file.path else scene.experiment.surface or "formula"


def _with_suffix(name: str, suffix: str) -> Path:
    path = Path(name)
    return path if path.suffix else path.with_name(path.name + suffix)


# In the worker. Matplotlib is imported here, and not before it is needed.


def _write_figure(
    scene: Scene, path: Path, options: FigureOptions, _cancelled: Callable[[], bool]
) -> str:
    from gdviz.export.figure import render

    render(scene, path, options)
    return f"Exported {path.name}"


def _draw_figure(scene: Scene, options: FigureOptions, _cancelled: Callable[[], bool]) -> bytes:
    from gdviz.export.figure import figure_bytes

    return figure_bytes(scene, "png", options)


def _write_table(scene: Scene, path: Path, _cancelled: Callable[[], bool]) -> str:
    from gdviz.export.table import to_csv, to_json

    text = to_json(scene) if path.suffix.lower() == ".json" else to_csv(scene)
    write_file(path, text.encode())
    return f"Exported {path.name}"
