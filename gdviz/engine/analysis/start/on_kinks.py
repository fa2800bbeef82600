"""The lowest point on the kinks of a function, on which minima lie that no derivative leads to.

The points of a window are led to the nearest kink, by Newton's method for its root, so that also
the bottom of a narrow valley with a kink is looked at; then those of a smaller window about the
lowest of them, and so on.
"""

import math
from collections.abc import Callable

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.objectives.objective import Objective

#: Points along an axis of the first window, and of smaller ones.
_POINTS, _FEWER = 24, 8
#: Each window is so much smaller, and the last one so small a part of the first.
_SMALLER, _LAST = 0.4, 1e-5
#: Newton's steps from a point to a kink.
_STEPS = 3
#: More kinks than this are those of data, row by row.
_KINKS = 8
#: Nobody looks farther, and within this part of a window its lowest point is not at the rim.
_FARTHEST, _INSIDE = 1e5, 0.9
#: Values so close to the lowest, as a part of the others, are equal: of these the nearest is taken.
_EQUAL = 1e-12


def lowest_on_kinks(
    objective: Objective, extent: Range, cancelled: Callable[[], bool] = bool
) -> tuple[float, float] | None:
    """Return the lowest point on kinks or of a grid; None if there are none, or f falls on.

    Parameters
    ----------
    objective : Objective
        The function.
    extent : Range
        The window from whose points one goes.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    if objective.rows > 1 or not 0 < len(objective.kinks(extent.a_low, extent.b_low)) <= _KINKS:
        return None
    middle = np.array([(extent.a_low + extent.a_high) / 2, (extent.b_low + extent.b_high) / 2])
    half = (extent.a_high - extent.a_low) / 2
    least, points, is_inside = _LAST * half, _POINTS, False
    while half > least:
        if cancelled():
            raise Cancelled
        found = _lowest(objective, middle, half, points)
        if found is None:
            return None
        is_inside = bool(np.abs(found - middle).max() < _INSIDE * half)
        middle, half, points = found, half * _SMALLER, _FEWER
    return (float(middle[0]), float(middle[1])) if is_inside else None


def _lowest(objective: Objective, middle: Array, half: float, points: int) -> Array | None:
    axis = np.linspace(-half, half, points)
    a, b = (each.ravel() for each in np.meshgrid(middle[0] + axis, middle[1] + axis))
    with np.errstate(all="ignore"):
        on_kinks = [_on_kink(objective, k, a, b) for k in range(len(objective.kinks(a, b)))]
        all_a = np.concatenate([a, middle[:1], *(each[0] for each in on_kinks)])
        all_b = np.concatenate([b, middle[1:], *(each[1] for each in on_kinks)])
        near = np.maximum(np.abs(all_a), np.abs(all_b)) < _FARTHEST
        values = np.where(near, objective.values(all_a, all_b), np.nan) / 2.0
    known = np.isfinite(values)
    if not known.any() or not known[: a.size].all():  # no part of where f ends is a minimum
        return None
    heights = np.where(known, values - values[known].min(), math.inf)
    equal = heights <= _EQUAL * float(np.median(heights[known]))
    nearest = np.argmin(np.where(equal, np.hypot(all_a, all_b), math.inf))
    return np.array([all_a[nearest], all_b[nearest]])


def _on_kink(objective: Objective, k: int, a: Array, b: Array) -> tuple[Array, Array]:
    """Return where points come to lie on one of the kinks."""
    for _ in range(_STEPS):
        s, in_a, in_b = objective.kinks(a, b)[k]
        steepness = in_a**2 + in_b**2
        part = np.where(steepness > 0.0, s / steepness, 0.0)
        a, b = a - part * in_a, b - part * in_b
    return a, b
