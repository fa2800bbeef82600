"""Guessing the map's range of a formula in the background."""

from gdviz.base.geometry import Range
from gdviz.engine.analysis.guess_range import guess_range, start_within
from gdviz.experiment.change_function import with_home
from gdviz.experiment.experiment import Experiment
from gdviz.ui.tasks.task import Job

_TOLERANCE = 4.0  # a range up to so many times as wide or as narrow does as well


def with_guessed_range(job: Job, experiment: Experiment, keep_fitting: bool) -> Experiment | None:
    """Return an experiment on a range in which there is something to see.

    Parameters
    ----------
    job : Job
        The job.
    experiment : Experiment
        What it is for.
    keep_fitting : bool
        Return None where the range that it has is about as good: a map that moves under one's
        hands had better have a reason.
    """
    extent = guess_range(experiment.objective(), job.cancelled)
    if keep_fitting and fits(experiment.function.home_range, extent):
        return None
    start = start_within(extent, experiment.start)
    return with_home(experiment, extent).replace(start=start)


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
