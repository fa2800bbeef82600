"""Basins in the background: coarse to fine, for what was chosen last."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.basins import basins_of, essence, fate, why_none
from gdviz.basins_picture import (
    LegendRow,
    Pixels,
    basins_legend,
    basins_picture,
    difference_legend,
    difference_picture,
)
from gdviz.engine.basins import Basins
from gdviz.experiment import Experiment
from gdviz.ui.workers import Worker
from gdviz.words import method_title

_PAUSE = 120  #: milliseconds without a change before the work begins: a drag is not followed
_LINES = 5  #: of the legend, for ends of a kind: it lies on the map

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
            legend = basins_legend(*basins, most=_LINES, brief=True)
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
    """Basins that were asked for; the worker leaves behind what it has so far."""

    experiment: Experiment
    rows: Rows
    stages: list[_Stages]
    latest: BasinsDrawing | None = None
    essences: tuple = field(init=False)

    def __post_init__(self) -> None:
        self.essences = tuple(essence(self.experiment, row) for row in self.rows)

    def note(self, stages: _Stages, basins: Basins) -> None:
        """Take a result, and draw it if there is one of every method."""
        stages[basins.stride] = basins
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
        There is another `drawing`, or none, or another `sentence`.
    busy_changed : Signal(bool)
        A computation takes long, or no longer does.
    failed : Signal(object)
        An exception that should not have happened.
    """

    chosen = Signal()
    changed = Signal()
    busy_changed = Signal(bool)
    failed = Signal(object)
    _progressed = Signal()  # without arguments, see workers.py

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Rows = ()
        self.drawing: BasinsDrawing | None = None
        self.sentence = ""
        self._experiment = experiment
        self._task: _Task | None = None
        self._worker = Worker(parent=self)
        self._worker.done.connect(self._finish)
        self._worker.failed.connect(self.failed)
        self._worker.busy_changed.connect(self.busy_changed)
        self._progressed.connect(self._show)  # queued: it comes from another thread
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._begin)

    def choose(self, rows: Rows) -> None:
        """Ask for the basins of a method, the difference of two, or for none."""
        if rows == self.rows:
            return
        self.rows = rows
        self._set_drawing(None)
        self._ask()
        self.chosen.emit()

    def show_experiment(self, experiment: Experiment) -> None:
        """Take another experiment; where its basins are others, ask for them."""
        if experiment.text != self._experiment.text:
            self._set_drawing(None)  # else the last picture stays until there is another
        self._experiment = experiment
        if self.rows and max(self.rows) >= len(experiment.methods):
            self.choose(())
        elif self.rows:
            self._ask()

    def is_running(self) -> bool:
        """Return whether basins are computed, or about to be."""
        return self._pause.isActive() or self._worker.is_running()

    def cancel(self) -> None:
        """Give up the computation; what there is of the picture stays."""
        self._pause.stop()
        self._worker.cancel()

    def stop(self) -> None:
        """Give up everything, for good."""
        self._pause.stop()
        self._worker.stop()

    def _ask(self) -> None:
        sentence = next(filter(None, (why_none(self._experiment, row) for row in self.rows)), "")
        if not self.rows or sentence:
            self._task = None
            self.cancel()
            self._set_drawing(None, sentence)
            return
        before, self._task = self._task, _Task(self._experiment, self.rows, [])
        if before is not None and before.essences == self._task.essences:
            self._task = before
            return
        # The exact method's basins are the same whatever ε is.
        known = dict(zip(before.essences, before.stages, strict=False)) if before else {}
        self._task.stages = [known.get(each, {}) for each in self._task.essences]
        self._worker.cancel()
        self._pause.start()

    def _begin(self) -> None:
        self._worker.request(partial(_compute, self._task, self._progressed))

    def _show(self) -> None:
        latest = self._task and self._task.latest
        if latest is not None and latest is not self.drawing:
            self._set_drawing(latest)

    def _finish(self, task: _Task) -> None:
        if task is self._task:
            self._show()

    def _set_drawing(self, drawing: BasinsDrawing | None, sentence: str = "") -> None:
        if (drawing, sentence) != (self.drawing, self.sentence):
            self.drawing, self.sentence = drawing, sentence
            self.changed.emit()


def _compute(task: _Task, progressed, cancelled: Callable[[], bool]) -> _Task:
    for row, stages in zip(task.rows, task.stages, strict=True):

        def note(basins: Basins, stages: _Stages = stages) -> None:
            task.note(stages, basins)
            progressed.emit()

        if 1 not in stages:
            note(basins_of(task.experiment, row, progress=note, cancelled=cancelled))
    if task.latest is None:  # all of it was known
        task.note(task.stages[0], task.stages[0][1])
    return task
