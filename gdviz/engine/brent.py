"""Brent's minimisation along a line: parabolas where they fit, golden section where they do not.

References
----------
R. P. Brent, *Algorithms for Minimization without Derivatives*, Prentice-Hall 1973, chapter 5.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

_GOLDEN = (3.0 - math.sqrt(5.0)) / 2.0


class Known(NamedTuple):
    """A place on the line, and the value there; inf stands for what is not finite."""

    at: float
    value: float


def narrow(
    value: Callable[[float], float],
    low: Known,
    middle: Known,
    high: Known,
    tolerance: float,
    most: int,
) -> Known:
    """Narrow a bracket around a minimum.

    Parameters
    ----------
    value : callable
        The function.
    low, middle, high : Known
        The bracket, in this order along the line, with `middle` the lowest.
    tolerance : float
        How well the place is wanted; no two values are taken closer together.
    most : int
        The most values to take.

    Returns
    -------
    Known
        The lowest value, which is never above `middle`.
    """
    left, right = low.at, high.at
    # The lowest value so far, the second lowest, and the one that was that before.
    best = middle
    second, third = sorted((low, high), key=lambda known: known.value)
    step = before_last = right - left
    for _ in range(most):
        centre = (left + right) / 2
        if abs(best.at - centre) <= 2 * tolerance - (right - left) / 2:
            break
        parabolic = _vertex(best, second, third)
        # A parabola's step must stay in the bracket, and be half of the step before the last.
        fits = left < best.at + parabolic < right and abs(parabolic) < abs(before_last) / 2
        if fits:
            before_last, step = step, parabolic
            if min(best.at + step - left, right - best.at - step) < 2 * tolerance:
                step = math.copysign(tolerance, centre - best.at)
        else:
            before_last = (left if best.at >= centre else right) - best.at
            step = _GOLDEN * before_last
        if abs(step) < tolerance:
            step = math.copysign(tolerance, step)
        fresh = Known(best.at + step, value(best.at + step))
        if fresh.value <= best.value:
            left, right = (best.at, right) if step > 0 else (left, best.at)
            best, second, third = fresh, best, second
        else:
            left, right = (left, fresh.at) if step > 0 else (fresh.at, right)
            if fresh.value <= second.value:
                second, third = fresh, second
            elif fresh.value <= third.value:
                third = fresh
    return best


def _vertex(best: Known, second: Known, third: Known) -> float:
    """Return the step from the best place to the vertex of the parabola; nan where none is."""
    to_second, to_third = second.at - best.at, third.at - best.at
    up_second = (second.value - best.value) * to_third
    up_third = (third.value - best.value) * to_second
    curvature = 2 * (up_second - up_third)
    if not math.isfinite(curvature) or curvature == 0.0:
        return math.nan
    return (up_second * to_third - up_third * to_second) / curvature
