"""Lines of sight and the surface: where one meets it, and what is hidden behind it."""

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.scene.relief.surface import HEIGHT, Relief

#: Points are looked for behind the surface from so far above it, and nearer to the viewer: else
#: it would hide itself, where it is level or as steep as a wall.
_LIFT, NEARER = 0.006, 0.02
#: Points of a line of sight at which it is asked whether it is below the surface; lines at once.
_SAMPLES, _AT_ONCE = 160, 4096
_INWARDS = 1e-7  #: of a piece of a line within a cell: by how much its ends are moved into it
_LEVEL = 1e-12  #: a direction's component below which it does not move along that axis


def meeting_point(relief: Relief, origin: Array, direction: Array) -> tuple[float, float] | None:
    """Return where a line of sight first meets the surface.

    Within a cell the surface is bilinear, so that along the line its height is a quadratic: the
    place is exact, and not found by small steps.

    Parameters
    ----------
    relief : Relief
        The surface.
    origin, direction : ndarray, shape (3,)
        The line, in units of the box.

    Returns
    -------
    (float, float) or None
        (a, b); None where the line goes past the surface, or through a hole in it.
    """
    first, last = 0.0, np.inf
    for low, high, start, step in zip(
        (-1.0, -1.0, -1e-9), (1.0, 1.0, HEIGHT + 1e-9), origin, direction, strict=True
    ):
        if abs(step) < _LEVEL:
            if not low <= start <= high:
                return None
            continue
        enter, leave = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, enter), min(last, leave)
    if not first <= last < np.inf:
        return None
    crossings = [np.array([first, last])]
    for axis, start, step in zip((relief.x, relief.y), origin, direction, strict=False):
        if abs(step) >= _LEVEL:
            crossings.append((axis - start) / step)
    t = np.unique(np.clip(np.concatenate(crossings), first, last))
    if len(t) < 2:
        t = np.array([first, last])
    # The distance above the surface at both ends and in the middle of each piece: a quadratic. The
    # ends are moved inwards a little, for a border belongs to two cells of which one may be a hole.
    width = t[1:] - t[:-1]
    start, width = t[:-1] + _INWARDS * width, (1.0 - 2.0 * _INWARDS) * width
    at_start, at_middle, at_end = (
        _above(relief, origin, direction, start + part * width) for part in (0.0, 0.5, 1.0)
    )
    root = _first_roots(at_start, at_middle, at_end)
    found = np.flatnonzero(np.isfinite(root))
    nearest = _first_triangle(relief.rim_triangles, origin, direction)
    if len(found):
        k = found[0]
        nearest = min(nearest, float(start[k] + root[k] * width[k]))
    if nearest == np.inf:
        return None
    where = origin + nearest * direction
    a, b = relief.on_map(np.clip(where[None, :2], -1.0, 1.0))[0].tolist()
    return a, b


def _first_triangle(triangles: Array, origin: Array, direction: Array) -> float:
    """Return how far along a line it first meets one of some triangles; infinity if none."""
    if not len(triangles):
        return np.inf
    corner, one, other = np.moveaxis(triangles, 1, 0)
    u, v, at = one - corner, other - corner, origin - corner
    across = np.cross(direction, v)
    with np.errstate(all="ignore"):
        volume = (u * across).sum(axis=1)
        s = (at * across).sum(axis=1) / volume
        over = np.cross(at, u)
        t = (over @ direction) / volume
        distance = (v * over).sum(axis=1) / volume
        is_met = (s >= -_INWARDS) & (t >= -_INWARDS) & (s + t <= 1.0 + _INWARDS) & (distance >= 0.0)
    return float(distance[is_met].min(initial=np.inf))


def _above(relief: Relief, origin: Array, direction: Array, t: Array) -> Array:
    points = origin + t[:, None] * direction
    return points[:, 2] - relief.whole_height_at(points[:, :2])


def _first_roots(at_start: Array, at_middle: Array, at_end: Array) -> Array:
    """Return the first root in [0, 1] of each quadratic with these values at 0, ½, 1; nan if none.

    A root just beyond an end counts as well, as does one that is none but for rounding.
    """
    slack = 2.0 * _INWARDS
    square = 2.0 * (at_start + at_end) - 4.0 * at_middle
    linear = at_end - at_start - square
    with np.errstate(all="ignore"):
        root = np.sqrt(np.maximum(linear**2 - 4.0 * square * at_start, 0.0))
        # Of the two spellings of each root, the one without a difference of alike numbers.
        half = -(linear + np.copysign(root, linear)) / 2.0
        candidates = np.stack([half / square, at_start / half])
        real = linear**2 - 4.0 * square * at_start >= -1e-12
        inside = (candidates >= -slack) & (candidates <= 1.0 + slack) & real
        found = np.where(inside, candidates, np.inf).min(axis=0)
    return np.where(np.isfinite(found), found, np.nan)


def is_hidden(relief: Relief, points: Array, eye: Array) -> NDArray[np.bool_]:
    """Tell which points on the surface are behind some other part of it.

    Parameters
    ----------
    relief : Relief
        The surface.
    points : ndarray, shape (n, 3)
        In units of the box; a point with a nan is not hidden.
    eye : ndarray, shape (3,)
        Where the viewer is.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    hidden = np.zeros(len(points), bool)
    for first in range(0, len(points), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        hidden[some] = _are_hidden(relief, points[some], eye)
    return hidden


def _are_hidden(relief: Relief, points: Array, eye: Array) -> NDArray[np.bool_]:
    # The side of the surface that is turned to the viewer, on which the line of sight has to stay.
    side = np.where(_facing(relief, points, eye) >= 0.0, 1.0, -1.0)
    towards = eye - points
    nearer = np.minimum(NEARER / np.linalg.norm(towards, axis=1), 1.0)[:, None]
    start = points + nearer * towards + np.array([0.0, 0.0, _LIFT]) * side[:, None]
    sight = eye - start
    # Up to where the line leaves the box, or reaches the viewer within it.
    with np.errstate(all="ignore"):
        ends = np.where(sight > 0.0, [1.0, 1.0, HEIGHT + _LIFT], [-1.0, -1.0, -_LIFT])
        leave = np.nan_to_num((ends - start) / sight, nan=1.0, posinf=1.0, neginf=1.0)
    last = np.clip(leave.min(axis=1), 0.0, 1.0)
    t = last[:, None] * np.linspace(0.0, 1.0, _SAMPLES + 1)[1:]
    along = start[:, None, :] + t[..., None] * sight[:, None, :]
    ground = relief.height_at(along[..., :2].reshape(-1, 2)).reshape(t.shape)
    with np.errstate(invalid="ignore"):
        hidden: NDArray[np.bool_] = ((along[..., 2] - ground) * side[:, None] < 0.0).any(axis=1)
    return hidden


def _facing(relief: Relief, points: Array, eye: Array) -> Array:
    """Return by how much the upper side is turned to the viewer; 0 where there is no slope."""
    width = relief.x[1] - relief.x[0]
    across = np.array([[width, 0.0], [0.0, width]]) / 2.0
    low, high = (
        [_height_beside(relief, points, sign * step) for step in across] for sign in (-1, 1)
    )
    normal = np.stack([*((a - b) / width for a, b in zip(low, high, strict=True)),
                       np.ones(len(points))], axis=1)  # fmt: skip
    facing: Array = np.nan_to_num((normal * (eye - points)).sum(axis=1))
    return facing


def _height_beside(relief: Relief, points: Array, step: Array) -> Array:
    """Return the heights of the surface beside points of it; beyond its rim those of the points."""
    heights = relief.height_at(points[:, :2] + step)
    return np.where(np.isnan(heights), points[:, 2], heights)
