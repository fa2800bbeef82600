"""What is opened in the background: an experiment, or what is put into one."""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.base.files import file_type, shown
from gdviz.base.geometry import Extent
from gdviz.base.input_error import InputError
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.experiment.change_function import on_code, on_grid
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, load
from gdviz.experiment.open_file import Opened, decide, open_file, with_data
from gdviz.experiment.referenced_data import known_or_asked, read_data
from gdviz.files.file_kinds import As, Kind, Verdict
from gdviz.ui.store.file import File
from gdviz.ui.tasks.task import Job, Taker, Task

#: Milliseconds until a drive that does not answer is waited for no more.
_ANSWER_MS = 5_000


@dataclass(frozen=True)
class Source:
    """Where a grid or code came from: what the experiment, which holds it, does not say.

    Attributes
    ----------
    path : Path
        The file.
    metric : str
        Which of its surfaces.
    metrics : tuple of str
        All of them.
    notes : tuple of str
        What its reader had to say.
    transposed : bool
        Whether its cells were read in the other order.
    extent : Extent or None
        The range that the person gave it.
    """

    path: Path
    metric: str = ""
    metrics: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    transposed: bool = False
    extent: Extent | None = None


class KindNeeded(InputError):  # noqa: N818 - nothing is wrong with the file
    """A file that can be read in several ways: the person has to say which is meant."""

    def __init__(self, verdict: Verdict, choices: tuple[As, ...]) -> None:
        super().__init__(verdict.why)
        self.verdict, self.choices = verdict, choices


@dataclass(frozen=True, eq=False)
class Request:
    """A file to be opened.

    Attributes
    ----------
    path : Path
        The file.
    base : Experiment
        What it is put into.
    kind : str or None
        As what it is opened; None has its content looked at.
    follows : bool
        Whether that is the experiment of the window, which may have moved on meanwhile.
    file : File or None
        The file of the experiment that asked for it; None where the person did.
    again : bool
        Whether it is the same code as before, saved again.
    source : Source
        How a landscape is read.
    transpose : bool
        Whether nothing is read, and the grid that is shown is transposed.
    settings : SliceSettings or None
        Which slice of a network.
    loss_seed : int or None
        Of code: what its loss is seeded with, a negative one for nothing; None as before.
    runner : CodeRunner or None
        What runs the network that is shown, of which another slice is asked for.
    found : Opened or None
        What became of it for another base. Code that has been run need not be run again.
    data : Path or None
        Of an experiment whose data is in a file of its own: where the person says that this is.
    text : str
        The JSON of an experiment that is in no file, the last one's.
    """

    path: Path
    base: Experiment
    kind: Kind | As | None = None
    follows: bool = True
    file: File | None = None
    again: bool = False
    source: Source = Source(Path())
    transpose: bool = False
    settings: SliceSettings | None = None
    loss_seed: int | None = None
    runner: CodeRunner | None = None
    found: Opened | None = None
    data: Path | None = None
    text: str = ""


def is_same_surface(experiment: Experiment, before: Experiment) -> bool:
    """Tell whether two experiments are about the very same losses."""
    one, other = experiment.function.grid, before.function.grid
    return one is not None and other is not None and one.values is other.values


def open_request(job: Job, request: Request) -> Opened | Experiment:
    """Return what became of a request, or the experiment that a file holds; in the background.

    Parameters
    ----------
    job : Job
        To which False is reported before the path is looked at, and True after that.
    request : Request
        What is to be opened.

    Raises
    ------
    InputError
        In one sentence, which may ask for more: see :class:`KindNeeded`.
    """
    job.report(False)
    is_special = file_type(request.path) == "special"
    job.report(True)
    if is_special:  # whoever reads a pipe waits for it
        raise InputError(f"{shown(request.path)} is not a file.")
    base, source, found = request.base, request.source, request.found
    before = base.function.grid
    if request.transpose and before is not None:
        return Opened(on_grid(base, before.transposed()))
    if found is not None and isinstance(found.objective, CodeObjective):
        objective = found.objective.cancelled_by(job.cancelled)
        return found._replace(experiment=on_code(base, objective))
    if found is not None and found.experiment.function.data is not None:
        return found._replace(experiment=with_data(base, found.experiment.function.data))
    kind = request.kind or _kind_for_sure(request)
    if kind == "experiment":
        if request.text:
            return from_json(request.text, partial(read_data, path=request.data))
        known = known_or_asked(base.function.data)
        read = known if request.data is None else partial(read_data, path=request.data)
        return load(request.path, read)
    opened = open_file(
        request.path,
        base,
        kind=kind,
        metric=source.metric,
        transpose=source.transposed,
        extent=source.extent,
        settings=request.settings,
        loss_seed=request.loss_seed,
        runner=request.runner,
        cancelled=job.cancelled,
    )
    grid = opened.experiment.function.grid
    if grid is not None and before is not None and source.metric and not grid.trajectory:
        # Another surface along the same directions: a trajectory that was added goes with it.
        with_it = replace(grid, trajectory=before.trajectory)
        return opened._replace(experiment=opened.experiment.replace(grid=with_it))
    return opened


def _kind_for_sure(request: Request) -> Kind:
    """Return what a file is, by its content.

    Raises
    ------
    KindNeeded
        If there is more than one answer. Two columns may also be a path on the surface on screen.
    """
    verdict = decide(request.path)
    both: tuple[As, As] = ("data", "landscape") if verdict.kind == "data" else ("landscape", "data")
    choices: tuple[As, ...] = both if verdict.other else ()
    if request.base.function.grid is not None and verdict.kind == "data":
        from gdviz.files.landscapes import LandscapeError, load_trajectory

        with suppress(LandscapeError):
            load_trajectory(request.path, request.base.function.grid.names)
            choices = ("trajectory", *(choices or ("data",)))
    if choices:
        raise KindNeeded(verdict, choices)
    return verdict.kind


class OpenTask(Task):
    """Opens one file after the other, and waits for no drive that does not answer.

    A request takes the place of the one before, which may hang.

    Parameters
    ----------
    done, failed : callable
        As of every task.
    parent : QObject
        Who owns it.

    Attributes
    ----------
    unanswered : Signal(Request)
        It was given up: nobody could say in time what stands at its path.
    """

    unanswered = Signal(object)

    def __init__(self, done: Taker, failed: Taker, parent: QObject) -> None:
        super().__init__(
            open_request, done, failed, reported=self._hear, waits_for_drive=True, parent=parent
        )
        self._request: Request | None = None
        self._answer = QTimer(self, singleShot=True, interval=_ANSWER_MS)
        self._answer.timeout.connect(self._miss_answer)

    def request(self, request: Request) -> None:
        """Open a file in place of the one that is being opened."""
        self.give_up()
        self._request = request
        super().request(request)

    def give_up(self) -> bool:
        """Wait for nothing any more; return whether there was anything."""
        was_running = self.is_running()
        self._answer.stop()
        if was_running:
            self.abandon()
        return was_running

    def _hear(self, has_answered: bool) -> None:
        if has_answered:
            self._answer.stop()
        else:
            self._answer.start()

    def _miss_answer(self) -> None:
        self.give_up()
        self.unanswered.emit(self._request)
