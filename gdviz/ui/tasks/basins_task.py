"""Basins in the background: coarse while something is turned, and fine once it rests."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.basins import Basins
from gdviz.experiment.model import Experiment
from gdviz.scene.basins import (
    MethodBasins,
    computed_from,
    fate,
    refined_basins,
    resolution_of,
    why_none,
)
from gdviz.scene.basins_picture import (
    LegendRow,
    Pixels,
    basins_picture,
    difference_legend,
    difference_picture,
    short_legend,
)
from gdviz.scene.wording import method_title
from gdviz.ui.tasks.worker import Worker

_PATIENCE = 500  #: milliseconds: what takes longer is called slow, and what is behind, old
_TELLING = 0.05  #: seconds between two looks at how far the work is
_MOST_ENDS = 6  #: in the legend: it lies on the map

#: Which rows of the methods: none, one whose basins are drawn, or two that are compared.
Rows = tuple[int, ...]
#: A method's results by their strides, the coarse ones as well.
_Stages = dict[int, Basins]


@dataclass(frozen=True, eq=False)
class BasinsDrawing:
    """What is drawn of basins.

    Attributes
    ----------
    titles : tuple of str
        The one method, or the two that are compared.
    basins : tuple of Basins
        Theirs.
    pixels : ndarray of uint8, shape (m, m, 4)
        The picture.
    legend : list of LegendRow
        Its legend.
    """

    titles: tuple[str, ...]
    basins: tuple[Basins, ...]
    pixels: Pixels
    legend: list[LegendRow]

    @classmethod
    def of(cls, titles: tuple[str, ...], basins: tuple[Basins, ...]) -> "BasinsDrawing":
        """Draw the basins of one method, or the difference of two."""
        if len(basins) == 1:
            legend = short_legend(*basins, most=_MOST_ENDS)
            return cls(titles, basins, basins_picture(*basins), legend)
        legend = difference_legend(*basins, titles, most=0)
        return cls(titles, basins, difference_picture(*basins), legend)

    def sentence(self, a: float, b: float) -> str:
        """Say what becomes of a start; empty where none was walked from."""
        if len(self.basins) == 1:
            end = fate(self.basins[0], a, b)
        else:
            one, other = (fate(basins, a, b, brief=True) for basins in self.basins)
            end = one if one == other else f"{one} → {other}"
        return end and f"from here: {end}"


@dataclass
class _Task:
    """Basins that were asked for; the worker leaves behind what there is, and how far it is.

    One that others are wanted in place of still gets its first picture, or nothing would be seen
    while something is turned.
    """

    experiment: Experiment
    rows: Rows
    stages: list[_Stages]
    latest: BasinsDrawing | None = None
    part_done: float = 0.0
    is_passed: bool = False
    resolution: int = field(init=False)
    depends_on: tuple = field(init=False)

    def __post_init__(self) -> None:
        self.resolution = resolution_of(self.experiment, self.rows)
        self.depends_on = _depends_on(self.experiment, self.rows)

    def is_enough(self) -> bool:
        """Return whether nobody waits for more than there is."""
        return self.is_passed and self.latest is not None

    def missing(self) -> list[int]:
        """Return which of the methods have no final result."""
        return [k for k, stages in enumerate(self.stages) if 1 not in stages]

    def note(self, k: int, basins: Basins) -> None:
        """Take a result of a method, and draw it if there is one of every method."""
        self.stages[k][basins.stride] = basins
        if all(basins.stride in each for each in self.stages):
            titles = tuple(method_title(self.experiment.methods[row]) for row in self.rows)
            together = tuple(each[basins.stride] for each in self.stages)
            self.latest = BasinsDrawing.of(titles, together)


class BasinsJob(QObject):
    """Holds which basins are wanted, and their picture.

    Attributes
    ----------
    chosen : Signal()
        Others are wanted, see `rows`.
    changed : Signal()
        There is another `drawing`, or none, or another `sentence`, or it `is_stale` or not.
    moved : Signal()
        There is another `part_done`.
    busy_changed : Signal(bool)
        A computation takes long, or no longer does.
    failed : Signal(object)
        An exception that should not have happened.
    """

    chosen = Signal()
    changed = Signal()
    moved = Signal()
    busy_changed = Signal(bool)
    failed = Signal(object)
    _progressed = Signal()  # without arguments, see workers.py

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Rows = ()
        self.drawing: BasinsDrawing | None = None
        self.sentence = ""
        self.is_stale = False  #: whether the drawing is of values of a while ago
        self._experiment = experiment
        self._task: _Task | None = None
        self._worker = Worker(_PATIENCE, self)
        self._worker.done.connect(self._finish)
        self._worker.failed.connect(self.failed)
        self._worker.busy_changed.connect(self.busy_changed)
        self._progressed.connect(self._show)  # queued: it comes from another thread
        self._aging = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._aging.timeout.connect(self._set_stale)

    def choose(self, rows: Rows) -> None:
        """Ask for the basins of a method, the difference of two, or for none."""
        if rows == self.rows:
            return
        self.rows = rows
        self._drop()
        self._ask()
        self.chosen.emit()

    def show_experiment(self, experiment: Experiment) -> None:
        """Take another experiment; where its basins are others, ask for them."""
        if _function(experiment) != _function(self._experiment):
            self._drop()  # else the last picture stays until there is another
        self._experiment = experiment
        if self.rows and max(self.rows) >= len(experiment.methods):
            self.choose(())
        elif self.rows:
            self._ask()

    @property
    def part_done(self) -> float:
        """Which part of the work is done, from 0 to 1, as it was counted."""
        return self._task.part_done if self._task is not None else 0.0

    def of(self, experiment: Experiment) -> tuple[MethodBasins, ...]:
        """Return the basins that are drawn; none where they are not this experiment's."""
        task = self._task
        if task is None or self.drawing is None or self.drawing is not task.latest:
            return ()  # those before, until there are others
        if max(task.rows) >= len(experiment.methods):
            return ()
        if task.depends_on != _depends_on(experiment, task.rows):
            return ()
        return tuple(map(MethodBasins, task.rows, self.drawing.basins))

    def is_running(self) -> bool:
        """Return whether basins are computed."""
        return self._worker.is_running()

    def cancel(self) -> None:
        """Give up the computation; what there is of the picture stays."""
        self._worker.cancel()

    def stop(self) -> None:
        """Give up everything, for good."""
        self._aging.stop()
        self._worker.stop()

    def _ask(self) -> None:
        sentence = next(filter(None, (why_none(self._experiment, row) for row in self.rows)), "")
        if not self.rows or sentence:
            self._task = None
            self._drop(sentence)
            return
        before, self._task = self._task, _Task(self._experiment, self.rows, [])
        if before is not None and before.depends_on == self._task.depends_on:
            self._task = before
            return
        # The exact method's basins are the same whatever ε is.
        known = dict(zip(before.depends_on, before.stages, strict=False)) if before else {}
        self._task.stages = [known.get(each, {}) for each in self._task.depends_on]
        if before is not None:
            before.is_passed = True
        if not self._aging.isActive():
            self._aging.start()
        self._worker.request(partial(_compute, self._task, self._progressed))

    def _show(self) -> None:
        if self._task is not None:
            self._show_latest(self._task)
        self.moved.emit()

    def _finish(self, task: _Task) -> None:
        self._show_latest(task)  # also of one that was passed meanwhile
        if task is self._task:
            self.moved.emit()

    def _show_latest(self, task: _Task) -> None:
        if task.latest is None or task.latest is self.drawing:
            return
        self._aging.stop()
        if task is not self._task:  # it is behind already
            self._aging.start()
        self._set(task.latest)

    def _drop(self, sentence: str = "") -> None:
        """Give up the picture, and all that was to become one."""
        self._aging.stop()
        self._worker.cancel()
        self._set(None, sentence)

    def _set_stale(self) -> None:
        if self.drawing is not None:
            self._set(self.drawing, is_stale=True)

    def _set(
        self, drawing: BasinsDrawing | None, sentence: str = "", is_stale: bool = False
    ) -> None:
        if (drawing, sentence, is_stale) != (self.drawing, self.sentence, self.is_stale):
            self.drawing, self.sentence, self.is_stale = drawing, sentence, is_stale
            self.changed.emit()


def _depends_on(experiment: Experiment, rows: Rows) -> tuple:
    """Return what the result of each method depends on."""
    resolution = resolution_of(experiment, rows)
    return tuple((resolution, *computed_from(experiment, row)) for row in rows)


def _function(experiment: Experiment) -> tuple:
    # Code that was run again is another objective.
    code = experiment.objective() if experiment.code is not None else None
    return experiment.text, experiment.grid, code


class _Meter:
    """How far the methods are together; says so now and then.

    Parameters
    ----------
    task : _Task
        Whose `part_done` it keeps.
    methods : list of int
        Those that are walked with; what was known before is no part of the work.
    say : callable
        What tells the window.
    """

    def __init__(self, task: _Task, methods: list[int], say: Callable[[], None]) -> None:
        self._task, self._say = task, say
        self._parts = dict.fromkeys(methods, 0.0)
        self._said = time.monotonic()

    def tell(self, k: int, part: float) -> None:
        """Take which part of a method's work is done."""
        self._parts[k] = part
        self._task.part_done = sum(self._parts.values()) / len(self._parts)
        now = time.monotonic()
        if now - self._said >= _TELLING:
            self._said = now
            self._say()


def _compute(task: _Task, progressed, cancelled: Callable[[], bool]) -> _Task:
    missing = task.missing()
    meter = _Meter(task, missing, progressed.emit)

    def is_over() -> bool:
        return cancelled() or task.is_enough()

    walks = [
        refined_basins(
            task.experiment, task.rows[k], task.resolution, partial(meter.tell, k), is_over
        )
        for k in missing
    ]
    with suppress(Cancelled):  # what there is of one that was passed is still to be shown
        # The methods take turns, so that two can be compared as soon as both are coarse.
        for together in zip(*walks, strict=True):
            for k, basins in zip(missing, together, strict=True):
                task.note(k, basins)
            progressed.emit()
            if is_over():
                return task
    if task.latest is None and not task.missing():  # all of it was known
        task.note(0, task.stages[0][1])
    return task
