"""What f does along a curve of kinks: whether it rises to both sides of a point, or stays the same.

Across the curve |a| − b⁴ rises, and along it falls, too slowly for a small circle to show. So the
curve is followed in steps that double, until f differs by more than rounding.
"""

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.objectives.objective import Objective

#: Points a + ib of the map.
_Points = NDArray[np.complex128]

#: The first step, in parts of the map, and how often it is doubled: seven maps far.
_FIRST, _DOUBLINGS = 1e-7, 26
#: How near to a curve a point is on it, in parts of the map, and the most that a step may miss the
#: curve by, in steps: else it has led to another curve.
_ON, _ASIDE = 1e-9, 1.0
#: Values of f that differ by so many roundings are the same.
_SAME = 64 * float(np.finfo(np.float64).eps)
#: How many times what a point beside the curve makes of f is no difference.
_LEEWAY = 8.0
_NEWTON = 4


def rises_along_kinks(
    objective: Objective, places: _Points, steepest: Array, diagonal: float
) -> NDArray[np.int8]:
    """Tell what f does along the curves of kinks through points.

    Parameters
    ----------
    objective : Objective
        The function.
    places : ndarray of complex, shape (n,)
        Points a + ib on such curves.
    steepest : ndarray, shape (n,)
        The slope of f across: what a point beside the curve may make of f.
    diagonal : float
        The length of the map's diagonal.

    Returns
    -------
    ndarray of int, shape (n,)
        1 where f rises to both sides along each curve, 0 where along one of them it stays the same
        as far as it is followed, and −1 where it falls, or nothing of this is known.
    """
    found = np.full(places.shape, -2, np.int8)  # −2 without a curve
    for curve, (s, s_a, s_b) in enumerate(objective.kinks(places.real, places.imag)):
        on = np.flatnonzero(np.abs(s) <= _ON * diagonal * np.hypot(s_a, s_b))
        if not len(on):
            continue
        sides = [
            _followed(objective, curve, places[on], side, steepest[on], diagonal)
            for side in (1, -1)
        ]
        here = np.where(sides[0] == sides[1], sides[0], -1)
        before = found[on]
        # Level along one curve is level, whatever it is along others; falling is falling.
        found[on] = np.where(before == -2, here, np.minimum(before, here))
    return np.maximum(found, -1).astype(np.int8)


def _followed(
    objective: Objective,
    curve: int,
    places: _Points,
    side: int,
    steepest: Array,
    diagonal: float,
) -> NDArray[np.int8]:
    """Return 1 where f rises first to one side of points along a curve, −1 where it falls.

    0 where it stays the same, and −1 where the curve is lost before anything is seen.
    """
    first = objective.values(places.real, places.imag)
    offset, slope, along = _beside(objective, curve, places)
    of_offset = _LEEWAY * steepest / slope
    direction, points, step = side * along, places, _FIRST * diagonal
    seen = np.zeros(places.shape, np.int8)
    for _ in range(_DOUBLINGS):
        ahead = points + step * direction
        after = onto_curve(objective, curve, ahead)
        off, _, along = _beside(objective, curve, after)
        turned = np.sign((along * direction.conj()).real)
        f = objective.values(after.real, after.imag)
        noise = _SAME * np.maximum(np.abs(f), np.abs(first)) + of_offset * (off + offset)
        kept = np.isfinite(f) & (np.abs(after - ahead) <= _ASIDE * step) & (turned != 0.0)
        differs = np.abs(f - first) > noise
        news = np.where(kept, np.where(differs, np.sign(f - first), 0.0), -1.0)
        seen = np.where(seen == 0, news, seen).astype(np.int8)
        if seen.all():
            break
        points, direction, step = after, turned * along, 2.0 * step
    return seen


def onto_curve(objective: Objective, curve: int, points: _Points) -> _Points:
    """Return the points of a curve that are nearest, by a few of Newton's steps.

    Parameters
    ----------
    objective : Objective
        The function.
    curve : int
        The index of the curve among the objective's kinks.
    points : ndarray of complex
        Where to begin.
    """
    for _ in range(_NEWTON):
        s, s_a, s_b = objective.kinks(points.real, points.imag)[curve]
        if not s.any():
            break
        points = points - s / (s_a - 1j * s_b)
    return points


def _beside(objective: Objective, curve: int, points: _Points) -> tuple[Array, Array, _Points]:
    """Return |s| beside a curve s = 0, the slope of s, and the curve's direction."""
    s, s_a, s_b = objective.kinks(points.real, points.imag)[curve]
    slope = np.hypot(s_a, s_b)
    return np.abs(s), slope, 1j * (s_a + 1j * s_b) / slope
