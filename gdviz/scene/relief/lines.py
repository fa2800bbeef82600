"""Polylines of the map, laid on the surface."""

import numpy as np

from gdviz.base.types import Array
from gdviz.scene.clipping import clip_polyline
from gdviz.scene.relief.surface import Relief

#: A line follows the surface in pieces as long as a cell of so many along the map, and has at most
#: so many points more than its vertices: what oscillates across the map for ten thousand steps
#: covers itself anyway.
_PIECES, _MOST = 200, 40_000
#: Vertices up to which a path is drawn as it is, and the cells along half the map of which two
#: pieces share both ends that look the same.
_FEW, _CELLS = 400, 400.0


def drape(relief: Relief, points: Array) -> Array:
    """Lay a polyline of the map on the surface.

    Parameters
    ----------
    relief : Relief
        The surface.
    points : ndarray, shape (n, 2)
        Vertices (a, b); rows of nan separate lines.

    Returns
    -------
    ndarray, shape (m, 3)
        Points of the box, close enough to each other to follow the surface; a row of nan where the
        line leaves the map, or goes over a hole.
    """
    line = relief.in_box(clip_polyline(points, relief.range)) if len(points) > 1 else None
    if line is None or not len(line):
        return np.empty((0, 3))
    lengths = np.abs(np.diff(line, axis=0)).max(axis=1) * (_PIECES / 2.0)
    total = float(np.nansum(lengths))
    counts = np.ceil(np.nan_to_num(lengths) * min(1.0, _MOST / max(total, 1.0))).astype(int)
    counts = np.maximum(counts, 1)
    # Each segment in so many equal pieces, without its end, which is the next one's beginning.
    segment = np.repeat(np.arange(len(counts)), counts)
    part = (np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[
        segment
    ]
    start, step = line[:-1], np.diff(line, axis=0)
    first = part == 0.0
    dense = np.where(first[:, None], start[segment], start[segment] + part[:, None] * step[segment])
    return lift(relief, np.vstack([dense, line[-1:]]))


def once(relief: Relief, points: Array) -> Array:
    """Return a long path with each of its pieces once, as far as anybody could tell them apart.

    Of ten thousand steps most lie where others do: the path has come to rest, or jumps to and fro.

    Parameters
    ----------
    relief : Relief
        The surface.
    points : ndarray, shape (n, 2)
        Vertices (a, b).

    Returns
    -------
    ndarray, shape (m, 2)
        The pieces, with rows of nan between; a path of few vertices as it is.
    """
    if len(points) <= _FEW:
        return points
    with np.errstate(all="ignore"):
        cells = np.floor(np.clip(np.nan_to_num(relief.in_box(points)), -9.0, 9.0) * _CELLS)
    number = cells[:, 0] * (100.0 * _CELLS) + cells[:, 1]
    ends = np.sort(np.column_stack([number[:-1], number[1:]]), axis=1)
    moved = np.flatnonzero(ends[:, 0] != ends[:, 1])
    _, first = np.unique(ends[moved], axis=0, return_index=True)
    kept = moved[np.sort(first)]
    gaps = np.full((len(kept), 2), np.nan)
    return np.stack([points[kept], points[kept + 1], gaps], axis=1).reshape(-1, 2)


def lift(relief: Relief, points: Array) -> Array:
    """Return points of the box's ground plan with the surface's height, shape (n, 3)."""
    return np.column_stack([points, relief.height_at(points)])
