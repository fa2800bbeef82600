"""The range, start, α and ε that a function is first seen with, and which are guessed anew."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from gdviz.base.geometry import Extent, Range
from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.analysis.start.guess_epsilon import guess_epsilon
from gdviz.engine.analysis.start.guess_range import start_within
from gdviz.engine.analysis.start.guess_start import step_for
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction

#: What is guessed: all that another formula is first seen with, the range, or what does not fit.
Guess = Literal["all", "range", "unfit"]

_ALPHAS = 10.0  # an α up to so many times as large or as small
_TOLERANCE = 4.0  # a range up to so many times as wide or as narrow does as well


def with_first_view(
    experiment: Experiment,
    extent: Extent | None = None,
    given: Mapping[str, Any] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> Experiment:
    """Return an experiment with the range, start, α and ε that its formula is first seen with.

    What is typed in the window, given on the command line or to the library has them from here.

    Parameters
    ----------
    experiment : Experiment
        On a formula, or on a surface that fits data.
    extent : (float, float, float, float) or None, default None
        The range, if it was chosen.
    given : mapping of str to object, optional
        Fields that were chosen; ε fits the `start` among them, and the range reaches it.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    chosen = dict(given or {})
    if extent is None or not {"start", "alpha"} <= chosen.keys():
        shown = Range(*extent) if extent else None
        objective = experiment.objective()
        view = first_view(objective, shown, cancelled)
        start = chosen.get("start")
        if shown is None and start is not None and not view.range.contains(*start):
            view = first_view(objective, view.range.reaching(*start), cancelled)
        if extent is None and view.range != experiment.function.home_range:
            experiment = with_home(experiment, view.range)
        chosen = {**view.settings, **chosen}
    seen = experiment.replace(start=chosen["start"], alpha=chosen["alpha"])
    on_it = seen if extent is None else seen.replace(range=extent)
    return seen.replace(epsilon=first_epsilon(on_it))


def first_epsilon(experiment: Experiment) -> float:
    """Return the ε of an experiment on a formula or a surface that nobody has chosen one for.

    One can see what that of :func:`~gdviz.engine.analysis.start.guess_epsilon.guess_epsilon` does.
    Over data of the person's own it is the minimum that they want, and what one cannot see:
    :func:`~gdviz.engine.analysis.start.guess_start.step_for` the map.
    """
    function = experiment.function
    if function.data is not None and function.formula_objective().rows > 1:
        return step_for(experiment.map_range)
    return guess_epsilon(experiment.objective(), experiment.map_range, experiment.start)


def with_home(experiment: Experiment, extent: Range) -> Experiment:
    """Return an experiment whose map shows a range, which becomes a formula's home range."""
    if isinstance(experiment.function, FormulaFunction):
        return experiment.replace(home=tuple(extent), range=None)
    return experiment.replace(range=tuple(extent))


def refitted(
    experiment: Experiment, guess: Guess, cancelled: Callable[[], bool] = bool
) -> Experiment | None:
    """Return an experiment on a range in which there is something to see, with α and ε of its size.

    Unless all is guessed, an α that would diverge, or hardly move, is replaced, and an ε with which
    paths would go astray; others stay.

    Parameters
    ----------
    experiment : Experiment
        What it is for, with no other range than its home.
    guess : {"all", "range", "unfit"}
        With "unfit" the range is kept where it is about as good, and None is returned if
        everything is: a map that moves under one's hands had better have a reason.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    if guess == "all":
        return with_first_view(experiment.replace(range=None), cancelled=cancelled)
    objective, home = experiment.objective(), experiment.function.home_range
    view = first_view(objective, cancelled=cancelled)
    if guess == "unfit" and fits(home, view.range):
        seen, view = experiment, first_view(objective, home, cancelled)
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
