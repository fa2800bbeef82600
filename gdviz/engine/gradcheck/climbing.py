"""Up from a sampled point to the highest place near it, by SciPy's Nelder–Mead within bounds.

What is climbed may have kinks, and be undefined on one side: no method with gradients will do.
"""

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array

VALUES = 240  #: that one climb takes at most
#: Its first steps, and the last, in units of the range.
_FIRST, _LAST = 2.0**-6, 1e-9


class _HighEnoughError(Exception):
    """There is no need to go on."""


def climb(
    height: Callable[[float, float], float],
    start: tuple[float, float],
    extent: Range,
    enough: float = float("inf"),
    values: int = VALUES,
) -> tuple[float, float, float]:
    """Climb.

    Parameters
    ----------
    height : callable
        A function of a and b; −inf where it is undefined.
    start : (float, float)
        Where to begin.
    extent : Range
        What is not left; where the start lies beyond it, it is widened up to there.
    enough : float, default inf
        A height above which there is no need to go on.
    values : int, default 240
        After so many values it ends.

    Returns
    -------
    (float, float, float)
        The highest point, and its height.
    """
    from scipy.optimize import minimize  # slow to import, and most never need it

    highest = (*start, height(*start))

    def depth(point: Array) -> float:
        nonlocal highest
        if highest[2] > enough:
            raise _HighEnoughError
        a, b = point.tolist()
        found = height(a, b)
        if found > highest[2]:
            highest = a, b, found
        return -found

    low = min(extent.a_low, start[0]), min(extent.b_low, start[1])
    high = max(extent.a_high, start[0]), max(extent.b_high, start[1])
    sizes = extent.a_high - extent.a_low, extent.b_high - extent.b_low
    # Inwards, so that the first triangle has an area.
    steps = [
        size * _FIRST * (1 if at + size * _FIRST <= top else -1)
        for size, at, top in zip(sizes, start, high, strict=True)
    ]
    corners = np.add(start, [(0.0, 0.0), (steps[0], 0.0), (0.0, steps[1])])
    with suppress(_HighEnoughError):
        minimize(
            depth, np.array(start), method="Nelder-Mead",
            bounds=list(zip(low, high, strict=True)),
            options={"initial_simplex": corners, "maxfev": values, "fatol": 1e-4,
                     "xatol": _LAST * min(sizes)},
        )  # fmt: skip
    return highest
