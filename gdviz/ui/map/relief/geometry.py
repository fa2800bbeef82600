"""Lines as the arrays that a graphics card takes."""

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.scene.relief.mesh import Indices, Vertices

#: The corners of a piece of a line: which end, and which side.
_CORNERS = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]], np.float32)
PIECE = 14  #: numbers of a vertex of a piece
_TRIANGLES = np.array([0, 1, 2, 0, 2, 3], np.uint32)


def line_pieces(points: Array) -> Vertices:
    """Return four vertices for each piece of a polyline.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Points of the box; rows with a nan separate lines.

    Returns
    -------
    ndarray of float32, shape (4 m, 14)
        Of each vertex the point before the piece, its start, its end, the point after it, and the
        corner. At a line's ends, start and end stand for the points that there are not.
    """
    there = np.concatenate([[False], _are_there(points), [False, False]])
    start = np.flatnonzero(there[1:-2] & there[2:-1])
    before = start - there[start]
    after = start + 1 + there[start + 3]
    pieces = np.empty((len(start), 4, PIECE), np.float32)
    for place, index in enumerate((before, start, start + 1, after)):
        pieces[:, :, 3 * place : 3 * place + 3] = points[index][:, None]
    pieces[:, :, 12:] = _CORNERS
    return pieces.reshape(-1, PIECE)


def piece_triangles(count: int) -> Indices:
    """Return the vertices of two triangles for each of so many pieces."""
    return (np.arange(count, dtype=np.uint32)[:, None] * np.uint32(4) + _TRIANGLES).ravel()


def _are_there(points: Array) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(points).all(axis=1))
