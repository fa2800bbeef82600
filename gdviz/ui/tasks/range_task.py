"""Guessing the map's range and α of a formula in the background."""

from typing import Literal

from gdviz.base.geometry import Range
from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.analysis.start.guess_range import start_within
from gdviz.experiment.change_function import first_epsilon, with_first_view, with_home
from gdviz.experiment.experiment import Experiment
from gdviz.ui.tasks.task import Job

_ALPHAS = 10.0  # an α up to so many times as large or as small
_TOLERANCE = 4.0  # a range up to so many times as wide or as narrow does as well


#: What is guessed: all that another formula is first seen with, the range, or what does not fit.
Guess = Literal["all", "range", "unfit"]


def with_guessed_range(job: Job, experiment: Experiment, guess: Guess) -> Experiment | None:
    """Return an experiment on a range in which there is something to see, with α and ε of its size.

    Unless all is guessed, an α that would diverge, or hardly move, is replaced, and an ε with which
    paths would go astray; others stay.

    Parameters
    ----------
    job : Job
        The job.
    experiment : Experiment
        What it is for.
    guess : {"all", "range", "unfit"}
        With "unfit" the range is kept where it is about as good, and None is returned if
        everything is: a map that moves under one's hands had better have a reason.
    """
    if guess == "all":
        return with_first_view(experiment.replace(range=None), cancelled=job.cancelled)
    objective, home = experiment.objective(), experiment.function.home_range
    view = first_view(objective, cancelled=job.cancelled)
    if guess == "unfit" and fits(home, view.range):
        seen, view = experiment, first_view(objective, home, job.cancelled)
    else:
        seen = with_home(experiment, view.range)
        seen = seen.replace(start=start_within(view.range, experiment.start))
    if not view.alpha / _ALPHAS <= experiment.alpha <= view.alpha * _ALPHAS:
        seen = seen.replace(alpha=view.alpha)
        if experiment.function.data_set is not None:
            seen = seen.replace(start=view.start, epsilon=view.epsilon)
    seen = seen.replace(epsilon=min(seen.epsilon, first_epsilon(seen)))
    return None if seen == experiment else seen


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
