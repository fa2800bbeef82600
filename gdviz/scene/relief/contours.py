"""Contour lines of the surface as it is drawn: where its triangles are as high as a level."""

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import LEVELS
from gdviz.scene.relief.mesh import surface_triangles
from gdviz.scene.relief.surface import HEIGHT, Relief

Indices = NDArray[np.intp]


def contours_on(relief: Relief, count: int = LEVELS) -> Array:
    """Return the contour lines, equally spaced in height.

    The map's own run along a finer grid: laid on the surface they would sink into it in places.

    Parameters
    ----------
    relief : Relief
        The surface.
    count : int, default 20
        How many levels there are: the first and the last are half a distance from the ends.

    Returns
    -------
    ndarray, shape (n, 3)
        Vertices in units of the box, with rows of nan between lines.
    """
    vertices, triangles = relief.vertices(), surface_triangles(relief)[0].astype(np.intp)
    steps = vertices[:, 2] / HEIGHT * count - 0.5
    levels_below = np.ceil(np.nan_to_num(steps)).astype(np.intp)  # of each vertex
    pieces = [
        _crossed(levels_below > level, triangles, len(vertices), level) for level in range(count)
    ]
    ends = np.concatenate(pieces)  # of each piece of a line: which borders of triangles it joins
    borders, points = np.unique(ends, return_inverse=True)
    level, border = np.divmod(borders, len(vertices) ** 2)
    low, high = np.divmod(border, len(vertices))
    part = (level - steps[low]) / (steps[high] - steps[low])
    places = vertices[low] + part[:, None] * (vertices[high] - vertices[low])
    places[:, 2] = (level + 0.5) * HEIGHT / count
    order = _in_lines(points.reshape(-1, 2), len(borders))
    return np.vstack([places, np.full((1, 3), np.nan)])[order]


def _crossed(is_above: NDArray[np.bool_], triangles: Indices, count: int, level: int) -> Indices:
    """Return the two borders at which a level crosses each triangle, as numbers, shape (k, 2)."""
    above = is_above[triangles]
    crossed = np.flatnonzero(above.any(axis=1) & ~above.all(axis=1))
    above, corners, rows = above[crossed], triangles[crossed], np.arange(len(crossed))
    # The corner that is on a side of its own.
    is_one = above.sum(axis=1) == 1
    apex = np.where(is_one, above.argmax(axis=1), above.argmin(axis=1))
    own = corners[rows, apex]
    ends = np.empty((len(crossed), 2), np.intp)
    for side in (0, 1):
        other = corners[rows, (apex + 1 + side) % 3]
        ends[:, side] = level * count**2 + np.minimum(own, other) * count + np.maximum(own, other)
    return ends


def _in_lines(pieces: Indices, count: int) -> list[int]:
    """Return points in the order of the lines that pieces make up, with −1 between lines.

    Parameters
    ----------
    pieces : ndarray of int, shape (k, 2)
        The points that each piece joins; at most two pieces meet in a point.
    count : int
        How many points there are.
    """
    beside: list[list[int]] = [[] for _ in range(count)]
    for one, other in pieces.tolist():
        beside[one].append(other)
        beside[other].append(one)
    order: list[int] = []
    is_done = [False] * count
    ends = [point for point in range(count) if len(beside[point]) == 1]
    for start in (*ends, *range(count)):  # what has no end is closed
        if is_done[start]:
            continue
        point: int | None = start
        while point is not None:
            is_done[point] = True
            order.append(point)
            point = next((other for other in beside[point] if not is_done[other]), None)
        if len(beside[start]) == 2:
            order.append(start)
        order.append(-1)
    return order
