"""Files out: experiments, data, pictures and tables.

Dialogs are imported when they are asked for: the first frame does not wait for them.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from gdviz.base.files import refusal
from gdviz.base.input_error import InputError
from gdviz.engine.objectives.data import Data
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.guides import Guide
from gdviz.experiment.validation import ExperimentError
from gdviz.export.options import FigureOptions, FigureOptionsError, format_of
from gdviz.export.page.options import PageError
from gdviz.scene.basins import MethodBasins
from gdviz.scene.captions import scene_name
from gdviz.scene.scene import Scene
from gdviz.ui.files.leaving import Leaving
from gdviz.ui.files.save_dialog import ask_path
from gdviz.ui.store import exports
from gdviz.ui.store.file import File
from gdviz.ui.store.save_queue import SaveQueue, Saving
from gdviz.ui.store.untitled import Untitled
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import FINISHING, Newer, Task
from gdviz.ui.toolkit.copying import Lines
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.text import tell
from gdviz.ui.toolkit.widgets.message_label import as_sentence

if TYPE_CHECKING:
    from gdviz.scene.animation.frames import Frame

#: Rows of data that take a moment to write.
_MANY_ROWS = 10_000

_COMES_BACK = "Undo, Ctrl+Z, brings back the experiment that was here and is in no file"
_EXPERIMENTS = "gdviz experiments (*.json);;All files (*)"
_DATA = "CSV data (*.csv);;All files (*)"
_PICTURES = "Pictures (*.png *.svg *.pdf *.eps *.pgf)"
_PAGES = "Web pages (*.html *.htm)"
_CSV = "CSV table (*.csv)"
_TABLES = f"{_CSV};;JSON table (*.json)"


class Documents(QObject):
    """The experiment's file, and what is exported from it.

    What takes long is made in a worker; what fails is one sentence in a dialog.

    Parameters
    ----------
    window : QWidget
        The dialogs' parent.
    settings : Settings
        Where choices of an export are kept, and the experiment for the next launch.
    file : File
        The first experiment's.

    Attributes
    ----------
    tables : Task
        Copies and saves tables of what is seen.
    leaving : Leaving
        Who asks before the experiment is left.
    file_changed : Signal(File)
        The experiment belongs to another file, or to none, or was saved.
    data_refused : Signal(str)
        Why data was not written.
    said : Signal(str)
        Something went well.
    """

    data_refused = Signal(str)
    file_changed = Signal(object)
    said = Signal(str)

    def __init__(self, window: QWidget, settings: Settings, file: File) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self.file = file
        self.asks = True  #: whether anybody is there to be asked
        self.untitled = Untitled(settings, window)
        self._of_guide: File | None = None  # that of the experiment last written as one
        self._saves = SaveQueue(self)
        self._saves.saved.connect(self._take_saved)
        self._saves.refused.connect(self._refuse_saving)
        self._saves.unknown.connect(self._ask_again)
        self._saves.busy_changed.connect(self._say_saving)
        self._exports = Task(
            exports.call, self._finish, self._fail, newer=Newer.QUEUES, parent=self
        )
        self._data = Task(
            exports.write_data, self._finish, self._fail_data, newer=Newer.QUEUES, parent=self
        )
        self.tables = Task(
            exports.copy_or_write, self._finish, self._fail, newer=Newer.QUEUES, parent=self
        )
        tasks = self._exports, self._data, self.tables
        self.leaving = Leaving(window, self, self.untitled, self._saves, tasks)

    def set_file(self, file: File) -> None:
        """Say which file the experiment belongs to."""
        self.file = file
        self.file_changed.emit(file)

    # ---------------------------------------------------------------- experiments

    def save(self, experiment: Experiment) -> None:
        """Write the experiment to its file; ask where there is none, or not what was left in it."""
        path = self._saves.path(self.file) or self.file.path
        if path is None:
            self.save_as(experiment)
        else:
            self._saves.request(Saving(self.file, path, experiment, is_known=True))

    def save_as(self, experiment: Experiment) -> None:
        """Ask for a file and write the experiment to it."""
        suggestion = self.file.path or Path(self.folder()) / f"{_name_of(experiment)}.json"
        path = ask_path(self._window, "Save experiment", suggestion, _EXPERIMENTS, ".json")
        if path is not None:
            self._saves.request(Saving(self.file, path, experiment))

    def is_saving(self) -> bool:
        """Return whether an experiment is being written."""
        return self._saves.is_running()

    def stop(self) -> None:
        """Return once everything is written that was to be, or what is being written hangs."""
        self._saves.wait(FINISHING)
        if self._saves.is_running():
            self._saves.give_up()

    def _say_saving(self, is_busy: bool) -> None:
        if is_busy and (path := self._saves.path()) is not None:
            self.said.emit(f"Saving {path.name} …")

    def _take_saved(self, saving: Saving) -> None:
        self.leaving.was_refused = False
        if saving.file is self.file:
            self.file_changed.emit(self.file)
        self.said.emit(f"Saved {saving.path.name}")

    def _refuse_saving(self, saving: Saving, error: Exception) -> None:
        self.leaving.was_refused, path = True, saving.path
        if isinstance(error, OSError):
            self.tell(f"{refusal(path, error, 'written')}.")
        elif isinstance(error, ExperimentError):
            self.tell(as_sentence(f"{path.name} was not written: {error.message}"))
        else:
            self.tell(failure(error, f"Saving {path.name}"))

    def _ask_again(self, saving: Saving) -> None:
        """Ask for another file in place of one that holds something else by now."""
        self.leaving.was_refused = True
        changed = f"{saving.path.name} has changed since it was opened or saved here"
        if saving.file is self.file and self.asks:
            self.said.emit(changed)
            self.save_as(saving.experiment)
        else:
            self.tell(f"{saving.path.name} was not written: it has changed meanwhile.")

    def is_modified(self, experiment: Experiment) -> bool:
        """Tell whether an experiment is not what was saved, or what it was begun with."""
        return self.file.is_modified(experiment)

    def go_on_with(self, experiment: Experiment) -> None:
        """Show the file of an experiment that was kept for this launch: none, as it was left."""
        self.set_file(self.untitled.take(experiment))
        if news := self.untitled.news():
            self.said.emit(news)

    def file_within(self, experiment: Experiment, before: Experiment) -> File:
        """Return what an experiment is compared with in which something else was opened.

        Parameters
        ----------
        experiment, before : Experiment
            As it is now, which belongs to no file, and as it was: changes to that are still some.
        """
        is_unsaved = self.file.path is None and self.is_modified(before)
        return File() if is_unsaved else File(saved=experiment)

    def begin_with(self, experiment: Experiment, before: Experiment) -> None:
        """Take what was opened within an experiment, as a surface is, for no change of it.

        Parameters
        ----------
        experiment : Experiment
            What is shown now.
        before : Experiment
            The one in which it was opened: if that is changed, so is this.
        """
        if self.file.path is None and not self.is_modified(before):
            self.set_file(File(saved=experiment))

    def leave(self, experiment: Experiment, file: File) -> None:
        """Go on with the file of another experiment, and say how the last one comes back.

        Parameters
        ----------
        experiment : Experiment
            The last one: of a file of its own, somebody has been asked about it.
        file : File
            Of the other.
        """
        was_ours = self.file.path is None and self.is_modified(experiment)
        self.set_file(file)
        if was_ours:
            self.said.emit(_COMES_BACK)

    # ---------------------------------------------------------------- data

    def save_data(self, data: Data) -> None:
        """Ask for a file and write data to it."""
        stem = data.source.removesuffix(".csv").partition(",")[0] or "data"
        suggestion = Path(self.folder()) / f"{stem.replace(' ', '-')}.csv"
        path = ask_path(self._window, "Save data", suggestion, _DATA, ".csv")
        if path is None:
            return
        if data.rows > _MANY_ROWS:
            self.said.emit("Writing the data…")
        self._data.request(data, path)

    def _fail_data(self, error: Exception) -> None:
        self.leaving.was_refused = True
        if isinstance(error, InputError):
            self.data_refused.emit(str(error))
        else:
            self.tell(failure(error, "Writing the data"))

    # ---------------------------------------------------------------- exports

    def export_picture(self, frame: "Frame", look: FigureOptions) -> None:
        """Ask how and where to, and draw the picture.

        Parameters
        ----------
        frame : Frame
            What is drawn, with what lies on the map; up to its step, or whole, as the person says,
            and with what the Step lens lays on the map or without.
        look : FigureOptions
            Its theme, and whether it is in three dimensions, unless the person chooses otherwise.
        """
        from gdviz.ui.files.export_dialog import ExportDialog, of_step

        dialog = ExportDialog(
            look, self._window, of_step=of_step(frame), step=frame.step,
            settings=self._settings, draw=partial(exports.draw_preview, frame),
        )  # fmt: skip
        dialog.deleteLater()  # once we are back in the event loop; the window would keep it
        if dialog.exec() != ExportDialog.DialogCode.Accepted:
            return
        options, suffix = dialog.options(), dialog.suffix()
        drawn = exports.asked(frame, dialog.step(), dialog.has_of_step())
        suggestion = Path(self.folder()) / f"{self._stem(frame.scene)}{suffix}"
        path = ask_path(self._window, "Export picture", suggestion, _PICTURES, suffix)
        if path is None:
            return
        try:
            format_of(path)
        except FigureOptionsError as error:
            self.tell(as_sentence(error.message))
            return
        self.said.emit("Drawing the picture…")
        self._exports.request(exports.write_figure, drawn, path, options)

    def export_table(self, scene: Scene) -> None:
        """Ask where to and write the table."""
        suggestion = Path(self.folder()) / f"{self._stem(scene)}.csv"
        path = ask_path(self._window, "Export table", suggestion, _TABLES, ".csv")
        if path is not None:
            self._exports.request(exports.write_table, scene, path)

    def export_page(self, scene: Scene, basins: Sequence[MethodBasins] = ()) -> None:
        """Ask what stands above it and where to, and write the page.

        Parameters
        ----------
        scene : Scene
            What is shown.
        basins : sequence of MethodBasins, default ()
            What lies on the map: one method's basins, or two methods' to compare.
        """
        from gdviz.ui.files.page_dialog import PageDialog

        dialog = PageDialog(scene_name(scene.experiment), self._window)
        dialog.deleteLater()  # once we are back in the event loop; the window would keep it
        if dialog.exec() != PageDialog.DialogCode.Accepted:
            return
        options = dialog.options()
        suggestion = Path(self.folder()) / f"{self._stem(scene)}.html"
        path = ask_path(self._window, "Export page", suggestion, _PAGES, ".html")
        if path is not None:
            self.said.emit("Writing the page…")
            self._exports.request(exports.write_page, scene, path, options, basins)

    def copy_picture(self, frame: "Frame", look: FigureOptions) -> None:
        """Put the picture on the clipboard.

        Parameters
        ----------
        frame : Frame
            What is drawn, with what lies on the map.
        look : FigureOptions
            How.
        """
        self.said.emit("Drawing the picture…")
        self._exports.request(exports.copied, frame, look)

    def save_bytes(self, title: str, name: str, filters: str, content: bytes) -> None:
        """Ask for a file and write to it what there is already.

        Parameters
        ----------
        title : str
            Of the dialog.
        name : str
            What the file is called, after the experiment.
        filters : str
            As Qt writes them.
        content : bytes
            What it holds.
        """
        if (path := self._ask_beside(title, name, filters)) is not None:
            self._exports.request(exports.write_bytes, path, content)

    def copy_table(self, lines: Lines) -> None:
        """Put a table on the clipboard."""
        self.tables.request(lines, None)

    def save_table(self, lines: Lines, name: str) -> None:
        """Ask for a file and write a table to it.

        Parameters
        ----------
        lines : Lines
            What it holds.
        name : str
            What the file is called, after the experiment.
        """
        if (path := self._ask_beside("Save table", f"{name}.csv", _CSV)) is not None:
            self.tables.request(lines, path)

    def _ask_beside(self, title: str, name: str, filters: str) -> Path | None:
        """Ask for a file that is called after the experiment."""
        stem = self.file.path.stem + "-" if self.file.path else ""
        suggestion = Path(self.folder()) / f"{stem}{name}"
        return ask_path(self._window, title, suggestion, filters, suggestion.suffix)

    def save_guide(self, guide: Guide, path: Path) -> None:
        """Write a guide to a file, with its experiment, which is saved then."""
        self._of_guide = self.file
        self._exports.request(exports.write_guide, guide, path)

    def _finish(self, result: exports.Exported) -> None:
        if isinstance(result, exports.Copied):
            QGuiApplication.clipboard().setImage(QImage.fromData(result.picture))
        elif isinstance(result, exports.CopiedTable):
            QGuiApplication.clipboard().setText(result.text)
        elif isinstance(result, exports.Kept) and self.file is self._of_guide:
            self.set_file(self.file.begun_with(result.experiment))
        self.said.emit(result if isinstance(result, str) else result.sentence)

    def _fail(self, error: Exception) -> None:
        self.leaving.was_refused = True
        if isinstance(error, (ExperimentError, PageError, FigureOptionsError)):
            self.tell(as_sentence(error.message))
        elif isinstance(error, OSError):
            self.tell(f"{refusal(error.filename or 'The file', error, 'written')}.")
        else:
            self.tell(failure(error, "The export"))

    # ---------------------------------------------------------------- dialogs

    def tell(self, sentence: str) -> None:
        """Show one sentence and wait, where there is anybody to read it."""
        self.said.emit("")
        if self.asks:
            tell(self._window, sentence)

    def folder(self) -> str:
        """Return where dialogs begin."""
        return str(self.file.path.parent if self.file.path else Path.home())

    def suggestion(self, scene: Scene) -> Path:
        """Return where a file about a scene may go, without its ending."""
        return Path(self.folder()) / self._stem(scene)

    def _stem(self, scene: Scene) -> str:
        return self.file.path.stem if self.file.path else _name_of(scene.experiment)


def _name_of(experiment: Experiment) -> str:
    """Return what a file about an experiment may be called."""
    function = experiment.function
    if function.surface is not None:
        return function.surface.name
    source = function.code.name if function.code else function.grid.source if function.grid else ""
    return Path(source).stem or "formula"
