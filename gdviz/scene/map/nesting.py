"""Paths on top of each other: the lower ones are wider, and leave a rim to be seen."""

from collections.abc import Sequence

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array

#: How far along paths, and how often, they are compared, and how near they lie on each other, in
#: sides of the map; and along which part of the shorter one that has to be.
_FAR, _EVERY, _NEAR, _PART = 3.0, 0.02, 0.006, 0.2
_MOST = 3  #: rims; of more paths the lowest are as wide as each other


def rims_of(paths: Sequence[Array], shown: Range) -> list[int]:
    """Return how many rims wider each path is drawn, of paths that come from one start.

    Only by what lies on it is a path wider: those that part at once are as wide as each other.

    Parameters
    ----------
    paths : sequence of ndarray, shape (n, 2)
        Their points, from the lowest path up.
    shown : Range
        The map.

    Returns
    -------
    list of int
        From 0 to 3, one for each path.

    See Also
    --------
    gdviz.scene.scene.Scene.rims : Those of a scene, which every picture of it has.
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


def _along(path: Array, shown: Range) -> Array:
    """Return points in equal distances along a path, a + ib in sides of the map."""
    a_low, a_high, b_low, b_high = shown
    points = np.empty(len(path), complex)
    with np.errstate(over="ignore"):
        # What diverges is on the map no longer.
        points.real = ((path[:, 0] - a_low) / (a_high - a_low)).clip(-1.0, 2.0)
        points.imag = ((path[:, 1] - b_low) / (b_high - b_low)).clip(-1.0, 2.0)
    points = points[~np.isnan(points)]
    reached = np.zeros(len(points))
    np.abs(np.diff(points)).cumsum(out=reached[1:])
    return np.interp(np.arange(0.0, min(reached[-1], _FAR) + _EVERY / 2, _EVERY), reached, points)


def _lie_on_each_other(one: Array, other: Array) -> bool:
    """Tell whether two paths are one along a part of the shorter, from the start on."""
    count = min(len(one), len(other))
    near = np.abs(one[:count] - other[:count]) < _NEAR
    return int(near.sum()) >= _PART * count
