"""A claimed gradient checked off the GUI thread: the verdicts first, then what remains."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.base.geometry import Range
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.experiment.model import Experiment
from gdviz.ui.tasks.worker import Worker

if TYPE_CHECKING:  # it imports Arb, which takes its time
    from gdviz.engine.gradcheck.check import GradientCheck

_PAUSE = 120  #: milliseconds for which nothing may change: nobody reads a verdict in a drag
_SECONDS = 1.5  #: of the processor, the longest that SymPy may take
_RESOLUTION = 129  #: of the error's picture


@dataclass(eq=False)
class _Task:
    """A check that was asked for; the worker leaves behind what there is."""

    objective: FormulaObjective
    texts: tuple[str, str]
    extent: Range
    check: "GradientCheck | None" = None
    is_complete: bool = False

    @property
    def is_unsettled(self) -> bool:
        """Whether SymPy came to no result, which it may do when it is asked again."""
        if not self.is_complete or self.check is None:
            return False
        return any(
            verdict.how == "numeric"
            and (verdict.right or (verdict.remainder is not None and not verdict.remainder.text))
            for verdict in self.check.verdicts
        )

    def is_for(self, other: "_Task") -> bool:
        return (self.objective, self.texts, self.extent) == (
            other.objective, other.texts, other.extent,
        )  # fmt: skip


class CheckJob(QObject):
    """Holds which gradient is to be checked, and what was found.

    Attributes
    ----------
    changed : Signal()
        There is another `check`, or none, or it is out of date, or complete.
    failed : Signal(object)
        An exception that should not have happened.
    """

    changed = Signal()
    failed = Signal(object)
    _progressed = Signal()  # without arguments, see workers.py

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: _Task | None = None  # what is wanted
        self._shown: _Task | None = None  # what there is
        self._worker = Worker(parent=self)
        self._worker.done.connect(self._finish)
        self._worker.failed.connect(self._fail)
        self._progressed.connect(self._show)  # queued: it comes from another thread
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._begin)

    @property
    def check(self) -> "GradientCheck | None":
        """The last that was found, which may be of the gradient before."""
        return self._shown.check if self._shown is not None else None

    @property
    def is_current(self) -> bool:
        """Whether the check is of the gradient that is wanted."""
        return self._shown is self._task

    @property
    def is_complete(self) -> bool:
        """Whether it also says what remains, as far as SymPy could."""
        return self.is_current and self._shown is not None and self._shown.is_complete

    def is_running(self) -> bool:
        """Return whether something is being checked, or about to be."""
        return self._pause.isActive() or self._worker.is_running()

    def ask(self, experiment: Experiment, again: bool = False) -> None:
        """Ask for the check of the experiment's claimed gradient; without one there is none.

        Parameters
        ----------
        experiment : Experiment
            What is claimed, and of which function.
        again : bool, default False
            Try once more what SymPy came to no result with.
        """
        if experiment.claimed_gradient is None:
            self._forget()
            return
        task = _Task(
            experiment.formula_objective(), experiment.claimed_gradient, experiment.map_range
        )
        old = self._task
        if old is not None and task.is_for(old) and not (again and old.is_unsettled):
            return
        self._task = task
        self._worker.cancel()
        if self._shown is not None and self._shown.objective.formula != task.objective.formula:
            self._shown = None  # of another function it would mislead, however briefly
        self._pause.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Give up what is not complete; to be asked for again."""
        self._pause.stop()
        self._worker.cancel()
        task = self._task
        if task is not None and (not task.is_complete or task.is_unsettled):
            self._task = None

    def stop(self) -> None:
        """Give up everything, for good."""
        self._pause.stop()
        self._worker.stop()

    def _forget(self) -> None:
        self._pause.stop()
        self._worker.cancel()
        if self._task is not None or self._shown is not None:
            self._task = self._shown = None
            self.changed.emit()

    def _begin(self) -> None:
        self._worker.request(partial(_check, self._task, self._progressed.emit))

    def _show(self) -> None:
        task = self._task
        if task is not None and task.check is not None and task is not self._shown:
            self._shown = task
            self.changed.emit()

    def _finish(self, task: _Task) -> None:
        if task is self._task:
            self._shown = task
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.failed.emit(error)
        self.changed.emit()


def _check(task: _Task, progressed: Callable[[], None], cancelled: Callable[[], bool]) -> _Task:
    from gdviz.engine.gradcheck.check import check_gradient, with_remainders

    task.check = check_gradient(
        task.objective, task.texts, task.extent, resolution=_RESOLUTION, seconds=0.0
    )
    progressed()
    # SymPy has a process of its own, which is ended as soon as nobody waits for it.
    task.check = with_remainders(task.check, _SECONDS, cancelled)
    task.is_complete = True
    return task
