"""A candidate gradient checked in the background: the verdicts first, then what remains."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdviz.base.geometry import Range
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.experiment.experiment import Experiment
from gdviz.ui.tasks.task import Job, Newer, Taker, Task

if TYPE_CHECKING:  # it imports Arb, which takes its time
    from gdviz.engine.gradcheck.check import GradientCheck

_PAUSE = 120  #: milliseconds for which nothing may change: nobody reads a verdict in a drag
_SECONDS = 1.5  #: of the processor, the longest that SymPy may take
_RESOLUTION = 129  #: of the error's picture

#: A function, the texts of its candidate gradient, and the range and the start at which they are
#: compared.
_Question = tuple[FormulaObjective, tuple[str, str], Range, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class _Found:
    """What there is of a check."""

    question: _Question
    check: "GradientCheck"
    is_complete: bool = False

    @property
    def is_unsettled(self) -> bool:
        """Whether SymPy came to no result, which it may do when it is asked again."""
        return self.is_complete and any(
            verdict.how == "numeric"
            and (verdict.right or (verdict.remainder is not None and not verdict.remainder.text))
            for verdict in self.check.verdicts
        )


class GradcheckTask(Task):
    """Holds which gradient is to be checked, and what was found.

    Parameters
    ----------
    changed : callable
        Called when there is another `check`, or none, or it is out of date, or complete.
    failed : callable
        Takes an exception that should not have happened.
    parent : QObject, optional

    """

    changed = Signal()

    def __init__(
        self,
        changed: Callable[[], None],
        failed: Taker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            _check, self._take, failed,
            reported=self._take, newer=Newer.REPLACES, pause_ms=_PAUSE, parent=parent,
        )  # fmt: skip
        self._question: _Question | None = None  # what is wanted
        self._found: _Found | None = None  # what there is
        self.changed.connect(changed)

    @property
    def check(self) -> "GradientCheck | None":
        """The last that was found, which may be of the gradient before."""
        return self._found.check if self._found is not None else None

    @property
    def is_current(self) -> bool:
        """Whether the check is of the gradient that is wanted."""
        return (self._found.question if self._found is not None else None) == self._question

    @property
    def is_complete(self) -> bool:
        """Whether it also says what remains, as far as SymPy could."""
        return self.is_current and self._found is not None and self._found.is_complete

    def show_experiment(self, experiment: Experiment, again: bool = False) -> None:
        """Ask for the check of the experiment's candidate gradient; without one there is none.

        Parameters
        ----------
        experiment : Experiment
            Which candidate, and of which function.
        again : bool, default False
            Try once more what SymPy came to no result with.
        """
        found = self._found
        if experiment.function.candidate_gradient is None:
            super().cancel()
            if self._question is not None or found is not None:
                self._question = self._found = None
                self.changed.emit()
            return
        objective = experiment.function.formula_objective()
        candidate = experiment.function.candidate_gradient
        question = objective, candidate, experiment.map_range, experiment.start
        if question == self._question and not (again and found and found.is_unsettled):
            return
        self._question = question
        if found is not None:  # of another function it would mislead, however briefly
            is_same = found.question[0].formula == objective.formula
            self._found = replace(found, is_complete=False) if is_same else None
        self.request(*question)
        self.changed.emit()

    def cancel(self) -> bool:
        """Give up what is not complete; to be asked for again."""
        if not self.is_complete or (self._found is not None and self._found.is_unsettled):
            self._question = None
        return super().cancel()

    def _take(self, found: _Found) -> None:
        self._found = found
        self.changed.emit()


def _check(
    job: Job,
    objective: FormulaObjective,
    texts: tuple[str, str],
    extent: Range,
    start: tuple[float, float],
) -> _Found:
    """Report the verdicts, and return what remains as well."""
    from gdviz.engine.gradcheck.check import check_gradient, with_remainders

    check = check_gradient(
        objective, texts, extent, points=(start,), resolution=_RESOLUTION, seconds=0.0
    )
    found = _Found((objective, texts, extent, start), check)
    job.report(found)
    # SymPy has a process of its own, which is ended as soon as nobody waits for it.
    check = with_remainders(check, _SECONDS, job.cancelled)
    return replace(found, check=check, is_complete=True)
