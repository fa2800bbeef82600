"""In which order the cells of a grid are computed: coarse to fine, each once."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array

Indices = NDArray[np.intp]
#: Along each axis, the intervals of the first picture.
_COARSEST = 8


def axis_level(points: int, level: int) -> Indices:
    """Return which points of an axis a level has, as evenly spaced as they can be.

    Parameters
    ----------
    points : int
        How many the axis has.
    level : int
        From 0 on: each has the points of the one before it.
    """
    intervals = _COARSEST << level
    if intervals >= points - 1:
        return np.arange(points)
    return (2 * np.arange(intervals + 1) * (points - 1) + intervals) // (2 * intervals)


def levels(nx: int, ny: int) -> Iterator[Indices]:
    """Yield the cells of each level that no coarser one has, row by row.

    Parameters
    ----------
    nx, ny : int
        The points along a and along b.

    Yields
    ------
    ndarray
        Cells by their number ``j * nx + i``, of the point (a[i], b[j]).
    """
    is_done = np.zeros((ny, nx), bool)
    level = 0
    while not is_done.all():
        is_next = np.zeros_like(is_done)
        is_next[np.ix_(axis_level(ny, level), axis_level(nx, level))] = True
        yield np.flatnonzero(is_next & ~is_done)
        is_done |= is_next
        level += 1


class Queue:
    """The cells that are still to be given out.

    Parameters
    ----------
    shape : (int, int)
        The points along a and along b.
    is_known : ndarray of bool, shape (nx * ny,)
        Which cells are there already.
    """

    def __init__(self, shape: tuple[int, int], is_known: NDArray[np.bool_]) -> None:
        new = (level[~is_known[level]] for level in levels(*shape))
        self._levels = deque(level for level in new if len(level))
        self._alone: deque[Indices] = deque()
        self._left = sum(map(len, self._levels))

    def __len__(self) -> int:
        return self._left + len(self._alone)

    def take(self, most: int) -> Indices:
        """Return the next cells, so many at the most and one at least, all of one level."""
        if self._alone:
            return self._alone.popleft()
        level = self._levels.popleft()
        block, rest = level[:most], level[most:]
        if len(rest):
            self._levels.appendleft(rest)
        self._left -= len(block)
        return block

    def put_back(self, cells: Indices) -> None:
        """Take back cells whose process has ended: each comes by itself, before all others."""
        self._alone.extend(cells[:, None])


def as_picture(losses: Array) -> Array:
    """Return losses of which some are still to come as a picture without gaps.

    Where a cell is not known, the nearest one of the finest level shows that is.

    Parameters
    ----------
    losses : ndarray, shape (ny, nx)
        nan where a cell is not known.
    """
    ny, nx = losses.shape
    shown = np.full_like(losses, np.nan)
    level, is_finest = 0, False
    while not is_finest:
        rows, columns = axis_level(ny, level), axis_level(nx, level)
        is_finest = len(rows) == ny and len(columns) == nx
        found = losses[np.ix_(_nearest(rows, ny), _nearest(columns, nx))]
        shown = np.where(np.isnan(found), shown, found)
        level += 1
    return shown


def _nearest(known: Indices, points: int) -> Indices:
    """Return for each point of an axis the nearest of some of them, which increase."""
    middles = (known[1:] + known[:-1]) / 2.0
    return known[np.searchsorted(middles, np.arange(points))]
