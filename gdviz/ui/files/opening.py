"""Files in: experiments, data, loss landscapes and Python code, from wherever one is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.base.files import absolute, shown
from gdviz.engine.objectives.code_ref import Code, CodeError
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import found_from
from gdviz.experiment.open_file import Opened, kind_by_name
from gdviz.experiment.referenced_data import DataNeeded
from gdviz.experiment.validation import ExperimentError
from gdviz.files.file_kinds import Kind, as_filters
from gdviz.ui.files.documents import Documents
from gdviz.ui.files.open_dialogs import RangeDialog, ask_data, choose_kind, may_run
from gdviz.ui.files.open_task import (
    KindNeeded,
    OpenTask,
    Request,
    Source,
    is_same_surface,
)
from gdviz.ui.files.recent_files import RecentMenu
from gdviz.ui.files.sources import Sources
from gdviz.ui.store.file import File
from gdviz.ui.tasks.failure_text import failure, in_the_window
from gdviz.ui.tasks.file_watch import CodeWatch
from gdviz.ui.tasks.running_code import OpenCode
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.widgets.message_label import as_sentence
from gdviz.ui.toolkit.widgets.number_field import commit_typed

_DATA = "Data (*.csv *.tsv *.txt *.dat);;All files (*)"
_CODE = "Python code (*.py)"
_MOST_LINES = 12  #: of what code printed that cannot be opened


class Opening(QObject):
    """Opens files of any kind, in a worker.

    What fails is one sentence, and what is on the screen stays.

    Parameters
    ----------
    experiment : Experiment
        The first one.
    code : OpenCode
        Where code is kept that was opened.
    documents : Documents
        Which file the experiment belongs to, and who tells a sentence.
    settings : Settings
        Where the recent files are kept.
    window : QWidget
        The dialogs' parent.

    Attributes
    ----------
    sources : Sources
        Where grids and code came from that were opened.
    opened : Signal(Experiment)
        Another experiment, or the same on another function; a file that it belongs to follows.
    experiment_opened : Signal(Experiment)
        It is that of a file, and its view has to be shown as well.
    data_opened : Signal(Experiment, str)
        The experiment fits other data; what its reader had to say.
    data_refused : Signal(str)
        Why data was not taken.
    code_refused : Signal(str)
        Why code that was saved again is not taken: the version before stays.
    source_noted : Signal()
        What is known of the source of what is shown has changed.
    given_up : Signal(bool)
        Nothing became of what was asked for; whether the person stays with what is there.
    said : Signal(str)
        What became of it.
    busy_changed : Signal(bool)
        A file takes long, or no longer does.
    """

    opened = Signal(object)
    experiment_opened = Signal(object)
    data_opened = Signal(object, str)
    data_refused = Signal(str)
    code_refused = Signal(str)
    source_noted = Signal()
    given_up = Signal(bool)
    said = Signal(str)
    busy_changed = Signal(bool)

    def __init__(
        self,
        experiment: Experiment,
        code: OpenCode,
        documents: Documents,
        settings: Settings,
        with_place: Callable[[Experiment], Experiment],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._window, self._documents, self._code = window, documents, code
        self._with_place = with_place
        self._experiment = experiment
        self._left: Experiment | None = None
        self._waiting = ""
        self.sources = Sources()
        self.recent = RecentMenu(settings, window)
        self.recent.chosen.connect(self.open_name)
        self._watch = CodeWatch(self)
        self._watch.saved.connect(self.reload)
        self._request = Request(Path(), experiment)  # the last one
        self._task = OpenTask(self._take, self._fail, self)
        self._task.unanswered.connect(self._tell_unanswered)
        self._task.busy_changed.connect(self.busy_changed)

    def stop(self) -> None:
        """Watch the file of code no more."""
        self._watch.stop()

    def cancel(self) -> bool:
        """Give up the file that is being opened; return whether there was one."""
        was_running = self._task.give_up()
        if was_running:
            self.given_up.emit(False)
        return was_running

    def _tell_unanswered(self, request: Request) -> None:
        self.given_up.emit(False)
        self._documents.tell(f"{shown(request.path)} cannot be opened: its drive does not answer.")

    # ---------------------------------------------------------------- what is on the screen

    def show_experiment(self, experiment: Experiment) -> None:
        """Follow another experiment; the file of its code is watched."""
        self._experiment = experiment
        code = experiment.function.code
        self._watch.watch(code if code is not None and self._code.is_open(code) else None)

    def leave(self, experiment: Experiment) -> None:
        """Take an experiment about code that is not run before the person opens it again."""
        self._left = experiment
        code = experiment.function.code
        if code is not None:
            self.said.emit(f"{code.name} is Python code: open it again to continue")
            self.recent.add(Path(code.path))

    @property
    def left(self) -> Experiment | None:
        """The experiment that waits for its code to be opened."""
        return self._left

    def open_last(self, text: str) -> None:
        """Open the last experiment, whose data the person opened then and is in its own file.

        Parameters
        ----------
        text : str
            Its JSON.
        """
        self._waiting = text
        self._open(Request(Path(), self._experiment, kind="experiment", text=text))

    @property
    def is_last_waiting(self) -> bool:
        """Whether the last experiment has not been opened again, as its data is not there."""
        return bool(self._waiting)

    # ---------------------------------------------------------------- asking

    def open(self) -> None:
        """Ask for a file and open it."""
        self._ask("Open", as_filters(), self.open_path)

    def open_data(self) -> None:
        """Ask for a CSV file and read it as data."""
        self._ask("Open data", _DATA, partial(self.open_path, kind="data"))

    def ask_code(self) -> Path | None:
        """Ask for a file of Python code, and open nothing; None if the person thought better."""
        code = self._experiment.function.code
        folder = self._documents.folder() if code is None else code.path
        name, _ = QFileDialog.getOpenFileName(self._window, "Sample", folder, _CODE)
        return Path(name) if name else None

    def _ask(self, title: str, filters: str, then: Callable[[Path], None]) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, title, self._documents.folder(), filters
        )
        if name:
            then(Path(name))

    def open_name(self, name: str) -> None:
        """Open a file by its path as text."""
        self.open_path(Path(name))

    def open_path(self, path: Path, kind: Kind | None = None) -> None:
        """Open a file as what it is, or as a kind; what is on screen stays if that fails."""
        self._task.give_up()  # the last file that is asked for is the one
        commit_typed(self._window)
        match kind or kind_by_name(path):
            case "code":
                self._open_code(path)
            case known:  # where the name does not tell, whoever reads it looks at its content
                self._open(Request(path, self._experiment, kind=known, source=Source(path)))

    def _take_experiment(self, request: Request, experiment: Experiment) -> None:
        path = request.path
        if request.text:
            self._waiting = ""
            if self._arrive(experiment, File(saved=experiment)):
                self._documents.go_on_with(experiment)
            return
        # Written by hand, a path may be told from the file's place.
        found = found_from(experiment, path.parent)
        self.open_experiment(found, File.of(path, experiment), path.name)

    def open_experiment(self, experiment: Experiment, file: File, name: str) -> None:
        """Show an experiment; where it is about code, run that first, if the person lets it.

        Parameters
        ----------
        experiment : Experiment
            With the whole path of its code.
        file : File
            Its own.
        name : str
            What it is called where it is not opened.
        """
        self._task.give_up()
        code = experiment.function.code
        if code is None or self._code.is_open(code):
            self._arrive(experiment, file.begun_with(experiment))
        elif self._may_run(code):
            self._open(Request(Path(code.path), experiment, follows=False, file=file))
        else:
            self.given_up.emit(False)
            self.said.emit(f"{name} was not opened: {code.name} was not run")

    def _open_code(self, path: Path) -> None:
        left = self._left
        code = left.function.code if left is not None else None
        if left is not None and code is not None and code.path == str(absolute(path)):
            self._open(Request(path, left, follows=False, file=File()))
        else:
            self._open(Request(path, self._experiment))

    def _may_run(self, code: Code) -> bool:
        from gdviz.files.python_code import has_changed
        from gdviz.ui.files.drive_question import answered

        try:
            changed = answered(self._window, partial(has_changed, code), shown(code.name))
        except CodeError as error:
            self._documents.tell(failure(error))
            return False
        return changed is not None and may_run(code, changed, self._window)

    def reload(self) -> None:
        """Run the code again that is shown, with all that it imports; ask, where it is not open."""
        code = self._experiment.function.code
        if code is None:
            return
        if self._code.is_open(code):
            self._open(Request(Path(code.path), self._experiment, again=True))
        elif self._may_run(code):
            self._open(Request(Path(code.path), self._experiment))

    def open_example(self, path: Path, base: Experiment, settings: SliceSettings) -> None:
        """Run a network that is shipped with the program, because the person asked for it.

        Parameters
        ----------
        path : Path
            Where it is.
        base : Experiment
            What it is put into.
        settings : SliceSettings
            Which slice of its loss.
        """
        self._open(Request(path, base, kind="code", follows=False, file=File(), settings=settings))

    def choose_slice(self, settings: SliceSettings) -> None:
        """Open the network that is shown, and is open, on another slice of its loss."""
        code = self._experiment.function.code
        if code is not None and (runner := self._code.runner(code)) is not None:
            path = Path(code.path)
            self._open(Request(path, self._experiment, settings=settings, runner=runner))

    def choose_seed(self, seed: int | None) -> None:
        """Open the code that is shown, and is open, with its loss seeded, or not."""
        code = self._experiment.function.code
        if code is not None and self._code.is_open(code):
            wanted = -1 if seed is None else seed
            self._open(Request(Path(code.path), self._experiment, loss_seed=wanted))

    def choose_metric(self, metric: str) -> None:
        """Read another surface of the same file."""
        source = self.sources.of(self._experiment)
        if source is not None and metric != source.metric:
            wanted = replace(source, metric=metric)
            self._open(Request(source.path, self._experiment, kind="landscape", source=wanted))

    def transpose(self) -> None:
        """Read the cells of the grid that is shown in the other order."""
        if self._experiment.function.grid is not None:
            self._open(Request(Path(), self._experiment, transpose=True))

    # ---------------------------------------------------------------- opening

    def _open(self, request: Request) -> None:
        self._request = request
        self._task.request(request)

    def _take(self, opened: Opened | Experiment) -> None:
        request = self._request
        if isinstance(opened, Experiment):
            self._take_experiment(request, opened)
            return
        if request.follows and request.base is not self._experiment:
            # The person went on meanwhile: what they did last stays, too.
            self._open(replace(request, base=self._experiment, found=opened))
            return
        if opened.runner is not None:
            self._code.keep(opened.runner)
        experiment = opened.experiment
        grid, code = experiment.function.grid, experiment.function.code
        if grid is None and code is None:
            self.recent.add(request.path)
            self.data_opened.emit(experiment, " ".join(map(as_sentence, opened.notes)))
            return
        self.sources.note(request, opened)
        if not request.transpose:
            self.recent.add((request.file and request.file.path) or request.path)
        self._show_function(request, experiment)
        if request.again:
            saved = "" if experiment == request.base else "saved, and "
            self.said.emit(f"{request.path.name} was {saved}run again")

    def _show_function(self, request: Request, experiment: Experiment) -> None:
        """Show an experiment on a grid or code that was opened."""
        is_added = experiment.function.grid and is_same_surface(experiment, request.base)
        if request.again or request.transpose or is_added:
            self._arrive(experiment, None)
        elif request.file is None:  # it is put into what is there
            file = self._documents.file_within(experiment, self._with_place(self._experiment))
            self._arrive(experiment, file, of_file_only=True)
        elif request.base is not self._left:
            self._arrive(experiment, request.file.begun_with(experiment))
        else:
            self._left = None
            if self._arrive(experiment, File(saved=experiment)):
                self._documents.go_on_with(experiment)

    def keep_notes(self, experiment: Experiment, notes: Sequence[str]) -> None:
        """Keep what was said of a landscape or code that was read before there was a window."""
        own = experiment.function.grid or experiment.function.code
        if own is not None and notes:
            path = Path(own.path) if isinstance(own, Code) else Path()
            self.sources.keep(own, Source(path, notes=tuple(notes)))
            self.source_noted.emit()

    def _arrive(
        self, experiment: Experiment, file: File | None, *, of_file_only: bool = False
    ) -> bool:
        """Show what was opened, with its file or the last one; return whether that was so."""
        if file is not None:
            commit_typed(self._window)  # in what is left
        before = self._with_place(self._experiment)
        if file is not None and not self._documents.leaving.may_leave(
            before, of_file_only=of_file_only
        ):
            self.given_up.emit(True)
            self.said.emit("Nothing was opened: the experiment stays")
            return False
        self.opened.emit(experiment)
        if file is None:
            self._documents.begin_with(experiment, before)
        else:
            self._documents.leave(before, file)
            if file.path is not None:
                self.recent.add(file.path)
            self.experiment_opened.emit(experiment)
        return True

    def _fail(self, error: Exception) -> None:
        request = self._request
        # A worker has these by now.
        from gdviz.files.csv_data import DataError
        from gdviz.files.landscapes import LandscapeError, RangeNeeded

        self.given_up.emit(False)
        output = error.output if isinstance(error, CodeError) else None
        if isinstance(error, RangeNeeded):
            self._ask_range(request, error.hint)
        elif isinstance(error, KindNeeded):
            self._ask_kind(request, error)
        elif isinstance(error, DataError):
            self.data_refused.emit(str(error))
        elif isinstance(error, DataNeeded):
            self._ask_data(request, error)
        elif isinstance(error, ExperimentError):
            self._documents.tell(as_sentence(error.message) if not error.field else f"{error}.")
        elif request.again:
            if output is not None:
                self._code.note_failure(str(request.path), output)
            self.code_refused.emit(failure(error, f"Opening {request.path.name}"))
        elif isinstance(error, LandscapeError):
            self._documents.tell(as_sentence(in_the_window(str(error))))
        else:
            printed = output.text(_MOST_LINES) if output is not None else ""
            also = f"\n\nIt printed:\n{printed}" if printed else ""
            self._documents.tell(failure(error, f"Opening {request.path.name}") + also)

    def _ask_kind(self, request: Request, needed: KindNeeded) -> None:
        kind = choose_kind(request.path.name, needed.verdict.why, needed.choices, self._window)
        if kind is not None:
            self._open(replace(request, base=self._experiment, kind=kind))

    def _ask_data(self, request: Request, needed: DataNeeded) -> None:
        match ask_data(needed, self._window):
            case "read":
                self._open(replace(request, data=Path(needed.file.path)))
            case "look":
                self._ask("Open data", _DATA, lambda path: self._open(replace(request, data=path)))

    def _ask_range(self, request: Request, hint: str) -> None:
        dialog = RangeDialog(request.path.name, hint, self._window)
        if dialog.exec() == RangeDialog.DialogCode.Accepted:
            self._open(replace(request, source=replace(request.source, extent=dialog.extent())))
        dialog.deleteLater()  # else the window would keep it
