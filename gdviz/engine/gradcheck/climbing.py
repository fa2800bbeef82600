"""Up from a sampled point to the highest place near it, by Nelder and Mead's search within bounds.

What is climbed may have kinks, and be undefined on one side: no method with gradients will do.
The search is SciPy's, point by point, and written here because importing ``scipy.optimize`` takes
as long as the rest of a check.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from operator import itemgetter

from gdviz.base.geometry import Range

VALUES = 240  #: that one climb takes at most
#: Its first steps, and the last, in units of the range; and by how much heights may differ then.
_FIRST, _LAST, _EVEN = 2.0**-6, 1e-9, 1e-4

#: A corner of the triangle: its height, and where it is.
_Corner = tuple[float, tuple[float, float]]
_height = itemgetter(0)


class _EndedError(Exception):
    """It is high enough, or all values are used."""


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
    low = min(extent.a_low, start[0]), min(extent.b_low, start[1])
    high = max(extent.a_high, start[0]), max(extent.b_high, start[1])
    sizes = extent.a_high - extent.a_low, extent.b_high - extent.b_low
    highest: _Corner = -math.inf, start
    left = values

    def corner(a: float, b: float) -> _Corner:
        nonlocal highest, left
        if not left or highest[0] > enough:
            raise _EndedError
        left -= 1
        at = min(max(a, low[0]), high[0]), min(max(b, low[1]), high[1])
        new = height(*at), at
        highest = max(highest, new, key=_height)
        return new

    # Inwards, so that the first triangle has an area.
    step_a, step_b = (
        size * _FIRST * (1 if at + size * _FIRST <= top else -1)
        for size, at, top in zip(sizes, start, high, strict=True)
    )
    a, b = start
    with suppress(_EndedError):
        corners = [corner(a, b), corner(a + step_a, b), corner(a, b + step_b)]
        _search(corners, corner, _LAST * min(sizes))
    return (*highest[1], highest[0])


def _search(corners: list[_Corner], corner: Callable[[float, float], _Corner], size: float) -> None:
    """Move a triangle uphill until it is as small as `size`, and even."""
    while True:
        corners.sort(key=_height, reverse=True)
        (top, (a, b)), (middle, _), (bottom, _) = corners
        apart = max(max(abs(c - a), abs(d - b)) for _, (c, d) in corners)
        if apart <= size and top - bottom <= _EVEN:
            return
        new = corner(*_across(corners, 1.0))
        if new[0] > top:
            new = max(new, corner(*_across(corners, 2.0)), key=_height)
        elif bottom < new[0] <= middle:
            nearer = corner(*_across(corners, 0.5))
            new = nearer if nearer[0] >= new[0] else corners[2]
        elif new[0] <= bottom:
            nearer = corner(*_across(corners, -0.5))
            new = max(corners[2], nearer, key=_height)
        if new is not corners[2]:
            corners[2] = new
        else:
            for i, (_, (c, d)) in enumerate(corners[1:], 1):
                corners[i] = corner(a + 0.5 * (c - a), b + 0.5 * (d - b))


def _across(corners: list[_Corner], t: float) -> tuple[float, float]:
    """Return the point `t` times as far beyond the side of the two first as the third is before."""
    (_, (a, b)), (_, (c, d)), (_, (x, y)) = corners
    return (1 + t) * ((a + c) / 2) - t * x, (1 + t) * ((b + d) / 2) - t * y
