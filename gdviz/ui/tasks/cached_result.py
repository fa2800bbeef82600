"""A result and what it was computed from, so that nothing is computed twice, or waited for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from gdviz.engine.objectives.objective import Objective
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Task

#: Above this :func:`_weight` it is computed in the background: that is some 10 ms.
_HEAVY = 150
#: How much heavier it is to derive and compile a formula's Hessian than to compute with it.
_DERIVING = 6


R = TypeVar("R")


class CachedResult(Task, Generic[R]):
    """The last result of a function, computed at once where that is quick.

    Parameters
    ----------
    function : callable
        ``function(job, objective, *arguments)`` computes it.
    arrived : callable
        Called once what was computed in the background is there, or `failure` says why not.
    parent : QObject, optional

    Attributes
    ----------
    result : object
        The last one; None before the first, and after a failure.
    failure : str
        Why there is none; else empty.
    """

    arrived = Signal()

    def __init__(
        self,
        function: Callable[..., R],
        arrived: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        @wraps(function)
        def call(job: Job, objective: Objective, *arguments: Any) -> R:
            return function(job, objective.cancelled_by(job.cancelled), *arguments)

        super().__init__(call, self._take, self._fail, parent=parent)
        self._compute = function
        self.result: R | None = None
        self.failure = ""
        self.arrived.connect(arrived)

    def of(
        self, objective: Objective, *arguments: Any, points: int = 100, derives: bool = False
    ) -> R | None:
        """Return the result; where it takes long, the last one meanwhile, at first None.

        Parameters
        ----------
        objective : Objective
            The function's first argument.
        *arguments
            The others. Compared with those of the last time, so without nan.
        points : int, default 100
            At how many points the objective is evaluated, roughly.
        derives : bool, default False
            Whether the objective is new, so that its derivatives are to be found first.
        """
        asked = objective, *arguments
        if asked != self._asked:
            self.failure = ""
            if _weight(objective, points) * (_DERIVING if derives else 1) > _HEAVY:
                self.ask(*asked)
            else:
                self.cancel()
                self.result = self._compute(Job(), *asked)
                self._asked = asked
        return self.result

    def _take(self, result: R) -> None:
        self.result = result
        self.arrived.emit()

    def _fail(self, error: Exception) -> None:
        self.result, self.failure = None, failure(error)
        self.arrived.emit()


def _weight(objective: Objective, points: int) -> float:
    """Return the operations to do: on small arrays one costs as much as on 5000 values."""
    return objective.effort("value") * (1 + objective.rows * points / 5000)
