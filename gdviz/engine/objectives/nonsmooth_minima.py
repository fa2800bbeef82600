"""Minima at kinks: places where f is lowest nearby and has no gradient.

An objective tells where it may have kinks: at the zeros of some functions s, such as u − v for
max(u, v). In two dimensions a minimum at a kink is a corner, where two of these curves meet, or the
lowest point along one of them. Where u ≥ 0 touches zero, √u has the tip of a cone: a corner as
well, of the curves on which ∂u/∂a and ∂u/∂b vanish. Newton's method leads to either from where a
path rests; whether it is a minimum, and whether f has a kink there, is then seen from the values
around it.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.objectives.along_kinks import onto_curve, rises_along_kinks
from gdviz.engine.objectives.objective import Objective

#: Points a + ib of the map.
_Points = NDArray[np.complex128]
#: Takes points a step further, and returns where they are then, and how far that was.
_Step = Callable[[_Points], tuple[_Points, Array]]

#: Newton's steps at most, which at a⁴ + b⁴ gain a third each, and their length, in parts of the
#: map, when they have arrived.
_ITERATIONS, _EQUAL = 60, 1e-10
#: Parts of the map: how far along a curve its bend is taken from,
_ALONG = 1e-4
#: how far beside a curve its slope is taken where there is none on it,
_BESIDE = 1e-9
#: and the radii at which one looks around.
_RADII = 1e-5, 1e-7
#: Bounds on how many times as steep f is on the inner circle: 1 at a kink, 1/10 for |x|^1.5, and 10
#: for √|x|. At a smooth minimum it is 1/100, at a jump 100.
_FLATTER, _STEEPER = 0.02, 50.0
#: Curves that are looked at, the first of a formula: more have too many corners.
_CURVES = 12
#: A curve is as near as its tangent says, or at least this part of it.
_FAR = 2.0
_DIRECTIONS = np.exp(2j * np.pi * np.arange(32) / 32)
#: Rises that are this part of the steepest one are none, and slopes likewise.
_LEVEL = 1e-6
#: The last points of a path, whose extent tells how far it jumps; a momentum swings for so long.
TAIL = 32
#: The part of a box's diagonal by which what it lies around may be beside it.
_BESIDE_BOX = 1 / 8
#: Places on the way from the minimum to a point, at which f must be rising.
_WAY = np.linspace(0.0, 1.0, 9)[1:, None]


def kink_minima(
    objective: Objective, points: _Points, reach: float | Array, diagonal: float
) -> _Points:
    """Return the minimum at a kink in whose bowl each point lies.

    Parameters
    ----------
    objective : Objective
        The function.
    points : ndarray of complex, shape (n,)
        Points a + ib.
    reach : float or ndarray of float, shape (n,)
        How far from a point its minimum may be.
    diagonal : float
        The length of the map's diagonal, which distances are measured by.

    Returns
    -------
    ndarray of complex, shape (n,)
        The nearest minimum from which f rises all the way to the point; nan where there is none.
        A curve of minima is one as well, with its point next to the path's: f rises to both of
        its sides. The edge of a plateau is none.
    """
    nearest = np.full(points.shape, np.nan, np.complex128)
    reach = np.broadcast_to(reach, points.shape)
    with np.errstate(all="ignore"):
        for index, found in _candidates(objective, points, reach, diagonal):
            starts, distance = points[index], np.abs(found - points[index])
            # A comparison with nan is false.
            near = distance <= reach[index]
            new = np.flatnonzero(near & ~(abs(nearest[index] - starts) <= distance))
            new = new[_are_minima(objective, found[new], diagonal)]
            new = new[_rises(objective, found[new], starts[new])]
            nearest[index[new]] = found[new]
    return nearest


def are_in_valleys(objective: Objective, minima: _Points, diagonal: float) -> NDArray[np.bool_]:
    """Tell which minima at kinks are of a curve of minima.

    Parameters
    ----------
    objective : Objective
        The function.
    minima : ndarray of complex, shape (n,)
        The minima a + ib.
    diagonal : float
        The length of the map's diagonal.
    """
    ring = minima + _RADII[1] * diagonal * _DIRECTIONS[:, None]
    with np.errstate(all="ignore"):
        lowest = objective.values(minima.real, minima.imag)
        rises = objective.values(ring.real, ring.imag) - lowest
        steepest = rises.max(axis=0) / (_RADII[1] * diagonal)
        result: NDArray[np.bool_] = rises_along_kinks(objective, minima, steepest, diagonal) == 0
    return result


def is_around(low: _Points, high: _Points, points: _Points) -> NDArray[np.bool_]:
    """Tell whether boxes that hold the last points of paths lie around a point each, or touch it.

    Parameters
    ----------
    low, high : ndarray of complex
        The boxes' corners a + ib.
    points : ndarray of complex
        The points.
    """
    # A path may jump in one direction and creep in the other.
    room = _BESIDE_BOX * np.abs(high - low)
    after, before = points - low, high - points
    # A comparison with nan is false.
    inside: NDArray[np.bool_] = (
        np.minimum(np.minimum(after.real, after.imag), np.minimum(before.real, before.imag))
        >= -room
    )
    return inside


# -- where it may be


def _candidates(
    objective: Objective, points: _Points, reach: Array, diagonal: float
) -> Iterator[tuple[NDArray[np.intp], _Points]]:
    """Yield the corners and the lowest points of curves next to points, and which points."""
    near = [
        np.abs(s) <= _FAR * reach * np.hypot(s_a, s_b)
        for s, s_a, s_b in objective.kinks(points.real, points.imag)[:_CURVES]
    ]
    for one, is_near in enumerate(near):
        index = np.flatnonzero(is_near)
        yield index, _lowest_on(objective, one, points[index], reach[index], diagonal)
    for one, other in combinations(range(len(near)), 2):
        index = np.flatnonzero(near[one] & near[other])
        yield index, _corners(objective, one, other, points[index], reach[index], diagonal)


def _curve(objective: Objective, curve: int, points: _Points) -> tuple[Array, _Points]:
    """Return s at the points, and ∇s as s_a + i·s_b."""
    s, s_a, s_b = objective.kinks(points.real, points.imag)[curve]
    return s, s_a + 1j * s_b


def _corners(
    objective: Objective, one: int, other: int, points: _Points, reach: Array, diagonal: float
) -> _Points:
    """Return where Newton's method finds both s to be zero; nan where it does not."""

    def stepped(places: _Points) -> tuple[_Points, Array]:
        s, ds = _curve(objective, one, places)
        t, dt = _curve(objective, other, places)
        # Cramer's rule for ∇s·step = s and ∇t·step = t.
        step = 1j * (t * ds - s * dt) / (ds.conj() * dt).imag
        return places - step, np.abs(step)

    return _led(stepped, points, reach, diagonal)


def _led(step: _Step, points: _Points, reach: Array, diagonal: float) -> _Points:
    """Return where steps lead from points; nan where that is far away, or nowhere."""
    found = np.full(points.shape, np.nan, np.complex128)
    index, places = np.arange(len(points)), points
    for _ in range(_ITERATIONS):
        places, length = step(places)
        near = np.abs(places - points[index]) <= 2 * reach[index]  # False for nan
        done = near & (length <= _EQUAL * diagonal)
        found[index[done]] = places[done]
        kept = near & ~done
        index, places = index[kept], places[kept]
        if not len(index):
            break
    return found


def _slope(
    objective: Objective, curve: int, points: _Points, diagonal: float
) -> tuple[Array, _Points, Array]:
    """Return the slope of f along a curve, the direction of that, and ‖∇f‖."""
    slope, along, norm = _slope_at(objective, curve, points)
    # On the curve itself the derivative of √|s| is no number: its neighbours stand in.
    missing = ~np.isfinite(slope)
    if missing.any():
        across = 1j * _BESIDE * diagonal * along[missing]
        sides = [_slope_at(objective, curve, points[missing] + side * across) for side in (-1, 1)]
        slope[missing] = (sides[0][0] + sides[1][0]) / 2
        norm[missing] = (sides[0][2] + sides[1][2]) / 2
    return slope, along, norm


def _slope_at(objective: Objective, curve: int, points: _Points) -> tuple[Array, _Points, Array]:
    """Return the slope of f along the curve s = s(point), the direction of that, and ‖∇f‖."""
    g_a, g_b = objective.gradients(points.real, points.imag)
    _, ds = _curve(objective, curve, points)
    along = 1j * ds / np.abs(ds)
    return g_a * along.real + g_b * along.imag, along, np.hypot(g_a, g_b)


def _lowest_on(
    objective: Objective, curve: int, points: _Points, reach: Array, diagonal: float
) -> _Points:
    """Return where Newton's method along a curve finds f lowest; nan where it does not."""

    def stepped(places: _Points) -> tuple[_Points, Array]:
        slope, along, norm = _slope(objective, curve, places, diagonal)
        before, after = (
            onto_curve(objective, curve, places + side * _ALONG * diagonal * along)
            for side in (-1, 1)
        )
        rise, fall = (_slope(objective, curve, end, diagonal)[0] for end in (after, before))
        bend = (rise - fall) / np.abs(after - before)
        is_level = np.abs(slope) <= _LEVEL * _EQUAL * norm
        step = np.where(is_level, 0.0, np.where(bend > 0.0, -slope / bend, np.nan))
        return onto_curve(objective, curve, places + step * along), np.abs(step)

    return _led(stepped, onto_curve(objective, curve, points), reach, diagonal)


# -- whether it is one


def _are_minima(objective: Objective, places: _Points, diagonal: float) -> NDArray[np.bool_]:
    """Tell whether f rises around a kink: in all directions, but for two at the most.

    Along these it rises as well, or stays the same.
    """
    slopes = [s_a + 1j * s_b for _, s_a, s_b in objective.kinks(places.real, places.imag)]
    along = [1j * ds / np.abs(ds) for ds in slopes]
    around = [np.broadcast_to(d, places.shape) for d in _DIRECTIONS]
    # Along its curves f may fall where it rises to both of their sides.
    directions = np.array([*around, *along, *(-d for d in along)])
    lowest = objective.values(places.real, places.imag)
    noise = 64 * np.finfo(np.float64).eps * np.abs(lowest)
    steepest = []
    is_minimum: NDArray[np.bool_] = np.isfinite(lowest)
    is_level = np.zeros(places.shape, bool)
    for radius in _RADII:
        ring = places + radius * diagonal * directions
        rises = objective.values(ring.real, ring.imag) - lowest
        most = rises[: len(around)].max(axis=0)
        falls = rises < -_LEVEL * most - noise
        level = rises[: len(around)] <= _LEVEL * most + noise
        is_minimum = np.all([is_minimum, ~falls.any(axis=0), level.sum(axis=0) <= 2], axis=0)
        # A curve may lie between two of the directions.
        is_level |= (rises <= _LEVEL * most + noise).any(axis=0)
        steepest.append(most / (radius * diagonal))
    ratio = steepest[1] / steepest[0]
    is_minimum &= (ratio > _FLATTER) & (ratio < _STEEPER)
    doubtful = np.flatnonzero(is_minimum & is_level)
    if len(doubtful):
        rise = rises_along_kinks(objective, places[doubtful], steepest[1][doubtful], diagonal)
        is_minimum[doubtful] = rise >= 0
    return is_minimum


def _rises(objective: Objective, minima: _Points, points: _Points) -> NDArray[np.bool_]:
    """Tell whether f rises all the way from minima to points."""
    way = points - minima
    places = minima + _WAY * way
    g_a, g_b = objective.gradients(places.real, places.imag)
    rises = g_a * way.real + g_b * way.imag
    least = -_LEVEL * np.hypot(g_a, g_b) * np.abs(way)
    # On the way there may be a kink where f has a value and no gradient: nothing falls there.
    is_defined = np.isfinite(objective.values(places.real, places.imag))
    result: NDArray[np.bool_] = np.all(is_defined & ~(rises < least), axis=0)
    return result
