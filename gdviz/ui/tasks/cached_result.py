"""A result and what it was computed from, so that nothing is computed twice, or waited for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.engine.objectives.objective import Objective
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.worker import Worker

#: Above this :func:`_weight` a worker computes: that is some 10 ms.
_HEAVY = 150


class Latest(QObject):
    """The last result of a function.

    Parameters
    ----------
    function : callable
        What computes it; from an objective, and whatever else.
    parent : QObject, optional

    Attributes
    ----------
    arrived : Signal()
        A worker has computed what was asked for, or could not.
    failure : str
        Why it could not; empty where it could.
    """

    arrived = Signal()

    def __init__(self, function: Callable[..., Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function = function
        self._arguments: tuple = ()
        self._result: Any = None
        self.failure = ""
        self._worker = Worker(parent=self)
        self._worker.done.connect(self._take)
        self._worker.failed.connect(self._fail)

    def of(self, objective: Objective, *arguments: Any, points: int = 100) -> Any:
        """Return the result; where it takes a worker, the last one meanwhile, at first None.

        Parameters
        ----------
        objective : Objective
            The function's first argument.
        *arguments
            The others. Compared with those of the last time, so without nan.
        points : int, default 100
            At how many points the objective is evaluated, roughly.
        """
        if (objective, *arguments) != self._arguments:
            self._arguments = (objective, *arguments)
            self.failure = ""
            if _weight(objective, points) > _HEAVY:
                self._worker.request(partial(_compute, self._function, self._arguments))
            else:
                self._worker.cancel()
                self._result = self._function(*self._arguments)
        return self._result

    def stop(self) -> None:
        """Give up the work in the background."""
        self._worker.stop()

    def _take(self, result: Any) -> None:
        self._result = result
        self.arrived.emit()

    def _fail(self, error: Exception) -> None:
        self._result, self.failure = None, failure(error)
        self.arrived.emit()


def _weight(objective: Objective, points: int) -> float:
    """Return the operations to do: on small arrays one costs as much as on 5000 values."""
    return objective.effort("value") * (1 + objective.rows * points / 5000)


def _compute(function: Callable[..., Any], arguments: tuple, _cancelled: Callable) -> Any:
    return function(*arguments)
