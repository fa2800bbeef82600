"""Undo and redo over Experiments."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gdviz.experiment import Experiment

_LONGEST = 500  #: experiments kept; each is a few hundred bytes
_PAUSE_S = 0.7  #: changes of the same fields closer together than this are one (a drag)


class History(QObject):
    """Where the person has been.

    Parameters
    ----------
    experiment : Experiment
        The first.
    clock : callable, default time.monotonic
        Seconds.

    Attributes
    ----------
    changed : Signal()
        What can be undone or redone has changed.
    """

    changed = Signal()

    def __init__(
        self,
        experiment: Experiment,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._past: list[Experiment] = []
        self._present = experiment
        self._future: list[Experiment] = []
        self._clock = clock
        self._last_fields: frozenset[str] = frozenset()
        self._last_time = -1e9

    def record(self, experiment: Experiment) -> None:
        """Note that the person moved on to another experiment."""
        if experiment == self._present:
            return
        fields, now = _differences(self._present, experiment), self._clock()
        one_gesture = fields == self._last_fields and now - self._last_time < _PAUSE_S
        if not one_gesture:
            self._past = [*self._past[-_LONGEST + 1 :], self._present]
        self._last_fields, self._last_time = fields, now
        self._present = experiment
        self._future = []
        self.changed.emit()

    def begin_step(self) -> None:
        """Make the next change a step of its own, however soon it comes."""
        self._last_fields = frozenset()

    def can_undo(self) -> bool:
        """Return whether there is a past."""
        return bool(self._past)

    def can_redo(self) -> bool:
        """Return whether there is a future."""
        return bool(self._future)

    def undo(self) -> Experiment:
        """Go one experiment back and return it."""
        return self._move(self._past, self._future)

    def redo(self) -> Experiment:
        """Go one experiment forward again and return it."""
        return self._move(self._future, self._past)

    def _move(self, source: list[Experiment], target: list[Experiment]) -> Experiment:
        target.append(self._present)
        self._present = source.pop()
        self.begin_step()
        self.changed.emit()
        return self._present


def _differences(one: Experiment, other: Experiment) -> frozenset[str]:
    return frozenset(
        name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)
    )
