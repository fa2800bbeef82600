"""Cells of the surface that are partly there, cut along the rim of where the loss is defined."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.analysis.domain_rim import Crossings

Indices = NDArray[np.intp]

#: A cell has at most so many triangles: a square without one corner is a pentagon.
_MOST = 3
_SLACK = 1e-9  #: of a triangle: by how much a point may lie beside it


def _triangles_of_cases() -> dict[int, list[tuple[int, int, int]]]:
    """Return the triangles of each kind of cell, by which of its corners are there.

    Corners are 0 to 3 and borders 4 to 7, both counterclockwise from the lower left corner and the
    lower border; bit k of a case is set if corner k is there.
    """
    cases: dict[int, list[tuple[int, int, int]]] = {}
    for case in range(1, 15):
        is_there = [bool(case >> k & 1) for k in range(4)]
        if case in (5, 10):  # two corners that face each other, and the rim runs between them
            cases[case] = [(k, 4 + k, 4 + (k - 1) % 4) for k in range(4) if is_there[k]]
            continue
        corners: list[int] = []
        for k in range(4):
            corners += [k] * is_there[k]
            corners += [4 + k] * (is_there[k] != is_there[(k + 1) % 4])
        cases[case] = [(corners[0], *pair) for pair in itertools.pairwise(corners[1:])]
    return cases


_CASES = _triangles_of_cases()


@dataclass(frozen=True, eq=False)
class Cut:
    """Triangles within cells that have a loss at some of their corners only.

    Attributes
    ----------
    rim : ndarray, shape (m, 3)
        Points of the rim on borders of cells: x, y, and the place of the loss on the colour scale.
    beside : ndarray of int, shape (m,)
        The grid's point, of all row by row, at the end of that border that is there.
    triangles : ndarray of int, shape (t, 3)
        Their corners: the grid's points row by row, and then those of the rim.
    cells : ndarray of int, shape (t,)
        The cell that each is in, of all row by row; in ascending order.
    """

    rim: Array
    beside: Indices
    triangles: Indices
    cells: Indices

    @classmethod
    def nothing(cls) -> "Cut":
        """Return no triangle: cells that are partly there are left out."""
        none = np.empty(0, np.intp)
        return cls(np.empty((0, 3)), none, np.empty((0, 3), np.intp), none)

    def padded(self, corners: Array, cells: int) -> tuple[Indices, Array]:
        """Return the triangles by the cell that they are in.

        Parameters
        ----------
        corners : ndarray, shape (t, 3, 3)
            Those of the triangles.
        cells : int
            How many cells there are.

        Returns
        -------
        rows : ndarray of int, shape (cells,)
            The row of each cell; −1 for one without triangles.
        triangles : ndarray, shape (k, 3, 3, 3)
            Of each row its triangles, with nan in place of those that there are not.
        """
        found, first, counts = np.unique(self.cells, return_index=True, return_counts=True)
        rows = np.full(cells, -1, np.intp)
        rows[found] = np.arange(len(found))
        triangles = np.full((len(found), _MOST, 3, 3), np.nan)
        rank = np.arange(len(self.cells)) - np.repeat(first, counts)
        triangles[rows[self.cells], rank] = corners
        return rows, triangles


def heights_in(triangles: Array, points: Array) -> Array:
    """Return the height at each point of those of its triangles that it is in.

    Parameters
    ----------
    triangles : ndarray, shape (n, k, 3, 3)
        The corners of `k` triangles for each point.
    points : ndarray, shape (n, 2)
        Where.

    Returns
    -------
    ndarray, shape (n,)
        Heights; nan for a point that is in none.
    """
    origin, one, other = np.moveaxis(triangles, 2, 0)
    u, v, at = one - origin, other - origin, points[:, None, :] - origin[..., :2]
    with np.errstate(all="ignore"):
        area = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
        s = (at[..., 0] * v[..., 1] - at[..., 1] * v[..., 0]) / area
        t = (u[..., 0] * at[..., 1] - u[..., 1] * at[..., 0]) / area
        is_in = (s >= -_SLACK) & (t >= -_SLACK) & (s + t <= 1.0 + _SLACK)
        heights = origin[..., 2] + s * u[..., 2] + t * v[..., 2]
    first = is_in.argmax(axis=1)
    row = np.arange(len(points))
    return np.where(is_in[row, first], heights[row, first], np.nan)


def cut_cells(is_there: NDArray[np.bool_], axis: Array, in_x: Crossings, in_y: Crossings) -> Cut:
    """Cut the cells of a square grid that have a loss at some of their corners.

    Parameters
    ----------
    is_there : ndarray of bool, shape (n, n)
        Which of the grid's points have a loss.
    axis : ndarray, shape (n,)
        Their coordinates, along either axis.
    in_x, in_y : Crossings
        Of each border with a loss at one end: the coordinate, and the place on the colour scale.
    """
    n = len(axis)
    lower, upper = slice(None, -1), slice(1, None)
    of_cell = [is_there[j, i] for j, i in
               ((lower, lower), (lower, upper), (upper, upper), (upper, lower))]  # fmt: skip
    case = np.zeros((n - 1, n - 1), np.intp)
    for k, corner_is_there in enumerate(of_cell):
        case |= corner_is_there.astype(np.intp) << k
    j, i = np.nonzero((case != 0) & (case != 15))
    if not len(j):
        return Cut.nothing()
    # Points of the rim are numbered after the grid's: those on rows first, then on columns.
    along_x, along_y = np.full((n, n - 1), -1, np.intp), np.full((n, n - 1), -1, np.intp)
    along_x[in_x.line, in_x.first] = n * n + np.arange(len(in_x.line))
    along_y[in_y.line, in_y.first] = n * n + len(in_x.line) + np.arange(len(in_y.line))
    corner = j * n + i
    local = np.stack([
        corner, corner + 1, corner + n + 1, corner + n,
        along_x[j, i], along_y[i + 1, j], along_x[j + 1, i], along_y[i, j],
    ])  # fmt: skip
    triangles, cells = [], []
    for number, shape in _CASES.items():
        some = np.flatnonzero(case[j, i] == number)
        for corners in shape:
            triangles.append(local[:, some][list(corners)].T)
            cells.append(j[some] * (n - 1) + i[some])
    cell = np.concatenate(cells)
    order = np.argsort(cell, kind="stable")
    rows = in_x.first + ~is_there[in_x.line, in_x.first]
    columns = in_y.first + ~is_there[in_y.first, in_y.line]
    rim = np.vstack([
        np.column_stack([in_x.at, axis[in_x.line], in_x.values]),
        np.column_stack([axis[in_y.line], in_y.at, in_y.values]),
    ])  # fmt: skip
    beside = np.concatenate([in_x.line * n + rows, columns * n + in_y.line])
    return Cut(rim, beside, np.concatenate(triangles)[order], cell[order])


def between_kept(crossings: Crossings, kept: Indices, is_there: NDArray[np.bool_]) -> Crossings:
    """Return where lines between some of a grid's points cross the rim.

    Parameters
    ----------
    crossings : Crossings
        Of all lines of the grid.
    kept : ndarray of int, shape (n,)
        Which points they are, along either axis, in ascending order and with both ends.
    is_there : ndarray of bool, shape (n, n)
        Which of them have a loss: the lines that are asked for are the rows.
    """
    width = int(kept[-1]) + 1
    keys = crossings.line * width + crossings.first
    line, first = np.nonzero(is_there[:, 1:] != is_there[:, :-1])
    is_first = is_there[line, first]
    # From the end that is there on to the other one: the first crossing that is met.
    start = kept[first + ~is_first]
    found = np.full(len(line), -1, np.intp)
    for step in range(int(np.diff(kept).max())):
        at = np.where(is_first, start + step, start - step - 1)
        key = kept[line] * width + at
        place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        found = np.where((found < 0) & (keys[place] == key), place, found)
    return Crossings(line, first, crossings.at[found], crossings.values[found])
