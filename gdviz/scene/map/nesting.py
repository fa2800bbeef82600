"""Paths on top of each other: the lower ones are wider, and leave a rim to be seen."""

from collections.abc import Sequence

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array

#: Places along paths that are compared; and how near, in sides of the map, and along which part of
#: the shorter one, two of them lie on each other.
_PLACES, _NEAR, _PART = 48, 0.006, 0.1
_MOST = 3  #: rims; of more paths the lowest are as wide as each other


def rims(rank: int, count: int) -> int:
    """Return how many rims wider than the topmost a path is drawn, on each side of it.

    Parameters
    ----------
    rank : int
        Which of the paths it is, from the lowest, 0, up.
    count : int
        How many paths are drawn.
    """
    return min(count - 1 - rank, _MOST)


def rims_of(paths: Sequence[Array], shown: Range) -> list[int]:
    """Return how many rims wider each path is drawn, of paths that come from one start.

    Only by what lies on it is a path wider: those that part at once are as wide as each other.

    Parameters
    ----------
    paths : sequence of ndarray, shape (n, 2)
        Their points, from the lowest path up.
    shown : Range
        The map.
    """
    along = [_along(path, shown) for path in paths]
    found = [0] * len(paths)
    for low in reversed(range(len(paths))):
        above = [
            1 + found[high]
            for high in range(low + 1, len(paths))
            if _lie_on_each_other(along[low], along[high])
        ]
        found[low] = min(max(above, default=0), _MOST)
    return found


def _along(path: Array, shown: Range) -> tuple[Array, Array]:
    """Return how far along a path its points come, and the points, in sides of the map."""
    a_low, a_high, b_low, b_high = shown
    sides = a_high - a_low, b_high - b_low
    # What diverges is on the map no longer; nan is nowhere.
    near = np.nan_to_num(np.clip((path - (a_low, b_low)) / sides, -1.0, 2.0))
    points = near[:, 0] + 1j * near[:, 1]
    return np.concatenate([[0.0], np.abs(np.diff(points)).cumsum()]), points


def _lie_on_each_other(one: tuple[Array, Array], other: tuple[Array, Array]) -> bool:
    """Tell whether two paths are one along a part of the shorter, beginning with the start."""
    length = min(one[0][-1], other[0][-1])
    places = np.linspace(0.0, length, _PLACES)
    apart = np.abs(np.interp(places, *one) - np.interp(places, *other))
    return bool(np.mean(apart < _NEAR) >= _PART)
