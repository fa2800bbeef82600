"""Guessing the map's range of a formula, beside the window's own work."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from gdviz.base.geometry import Range
from gdviz.engine.analysis.guess_range import guess_range, start_within
from gdviz.experiment.model import Experiment
from gdviz.ui.tasks.worker import Worker

_TOLERANCE = 4.0  # a range up to so many times as wide or as narrow does as well


class RangeGuesser(QObject):
    """Looks for a range in which there is something to see.

    Attributes
    ----------
    guessed : Signal(Experiment)
        The experiment that was asked about, on the range that was found.
    """

    guessed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker(parent=self)
        self._worker.done.connect(self._take)

    def request(self, experiment: Experiment, keep_fitting: bool) -> None:
        """Guess the range of an experiment.

        Parameters
        ----------
        experiment : Experiment
            What it is for.
        keep_fitting : bool
            Say nothing where the range that it has is about as good: a map that moves under
            one's hands had better have a reason.
        """
        self._worker.request(partial(_guess, experiment, keep_fitting))

    def cancel(self) -> None:
        """Forget what was asked."""
        self._worker.cancel()

    def stop(self) -> None:
        """Give up the work in the background."""
        self._worker.stop()

    def _take(self, result: tuple[Experiment, bool, Range]) -> None:
        experiment, keep_fitting, extent = result
        if keep_fitting and fits(experiment.home_range, extent):
            return
        start = start_within(extent, experiment.start)
        if experiment.formula:
            self.guessed.emit(experiment.replace(home=tuple(extent), range=None, start=start))
        else:
            self.guessed.emit(experiment.replace(range=tuple(extent), start=start))


def fits(extent: Range, guess: Range) -> bool:
    """Tell whether a range is about as good as the one that was guessed."""
    for low, high, wanted_low, wanted_high in (
        (*extent[:2], *guess[:2]), (*extent[2:], *guess[2:]),
    ):  # fmt: skip
        times = (high - low) / (wanted_high - wanted_low)
        if not 1 / _TOLERANCE <= times <= _TOLERANCE:
            return False
        if not low <= (wanted_low + wanted_high) / 2 <= high:
            return False
    return True


def _guess(
    experiment: Experiment, keep_fitting: bool, cancelled: Callable[[], bool]
) -> tuple[Experiment, bool, Range]:
    return experiment, keep_fitting, guess_range(experiment.objective(), cancelled)
