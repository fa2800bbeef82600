"""What a point takes in a call of many, found out once."""

from collections.abc import Callable

import numpy as np

from gdviz.engine.objectives.code_child.pace import CALL_SECONDS, Pace
from gdviz.engine.objectives.returned import Array

#: How many points are tried in a call to know what one costs, and the seconds a point with which
#: the finest map is soon there, so that no more are tried.
_TIMED, _CHEAP = (64, 512, 4096, 32_768), 3e-5


def time_calls(
    call: Callable[[Array], object],
    known: int,
    a_point: float,
    quickest: float,
    pace: Pace,
    clock: Callable[[], float],
) -> tuple[float, int]:
    """Time calls of more and more points, while it is the call that takes the time.

    Parameters
    ----------
    call : callable
        Calls the function at points, whose places among the known ones it is handed, shape (n,).
    known : int
        How many points are known.
    a_point : float
        Seconds that each of these took in a call.
    quickest : float
        The fewest seconds that a point took so far.
    pace : Pace
        Takes in what the calls take.
    clock : callable
        Tells the seconds.

    Returns
    -------
    seconds : float
        The fewest that a point took.
    timed : int
        Of how many points, in a call, that was found; 1 where a call of the first number failed.
    """
    timed = 1
    for count in _TIMED:
        places = np.arange(count) % known
        for _ in range(2):  # the first one may compile it for this shape
            began = clock()
            try:
                call(places)
            except Exception:  # what it cannot do is seen when it is asked for
                return quickest, timed
            took = clock() - began
            quickest = min(took / count, quickest)
            if CALL_SECONDS < took < 2.0 * count * a_point:  # not for being compiled
                break
        timed, before, a_point = count, a_point, took / count
        pace.took(count, took)
        is_the_call = a_point < before / 2 and pace.size > count
        if quickest < _CHEAP or not is_the_call:
            break
    return quickest, timed
