"""The surface and lines as the arrays that a graphics card takes."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.scene.basins_picture import Pixels
from gdviz.scene.relief.surface import Relief

Vertices = NDArray[np.float32]
Colors = NDArray[np.uint8]
Indices = NDArray[np.uint32]

#: The corners of a piece of a line: which end, and which side.
_CORNERS = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]], np.float32)
_TRIANGLES = np.array([0, 1, 2, 0, 2, 3], np.uint32)


def surface_vertices(relief: Relief) -> Vertices:
    """Return the places of the grid's points, row by row, shape (n², 3); 0 high in holes."""
    n = len(relief.x)
    places = np.empty((n, n, 3), np.float32)
    places[..., 0] = relief.x
    places[..., 1] = relief.y[:, None]
    places[..., 2] = np.nan_to_num(relief.heights)
    return places.reshape(-1, 3)


def surface_colors(relief: Relief, table: Colors) -> Colors:
    """Return the map's colours at the grid's points, shaded, as RGBA, shape (n², 4).

    Parameters
    ----------
    relief : Relief
        The surface.
    table : ndarray of uint8, shape (256, 4)
        The colours from the lowest place on the colour scale to the highest.
    """
    places = np.nan_to_num(relief.places.ravel())
    return _shaded(table[(places * (len(table) - 1) + 0.5).astype(np.intp)], relief)


def basin_colors(relief: Relief, pixels: Pixels) -> Colors:
    """Return the colours of basins at the grid's points, shaded, as RGBA, shape (n², 4).

    Parameters
    ----------
    relief : Relief
        The surface.
    pixels : ndarray of uint8, shape (m, m, 4)
        The picture of basins on the same map, the lowest b first.
    """
    nearest = np.rint((relief.x + 1.0) / 2.0 * (len(pixels) - 1)).astype(np.intp)
    return _shaded(pixels[np.ix_(nearest, nearest)].reshape(-1, 4), relief)


def _shaded(colors: Colors, relief: Relief) -> Colors:
    shaded = colors.astype(np.float32)
    shaded[:, :3] *= relief.shades().reshape(-1, 1)
    return np.minimum(shaded, 255.0).astype(np.uint8)


def surface_triangles(relief: Relief) -> Indices:
    """Return the vertices of two triangles for each cell that has a loss at its corners."""
    corners = _cells(len(relief.x))
    cells = relief.cells()
    return corners if cells.all() else corners.reshape(-1, 6)[cells.ravel()].ravel()


@lru_cache(maxsize=4)
def _cells(n: int) -> Indices:
    first = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).astype(np.uint32).ravel()
    low_right, high_left, high_right = first + 1, first + np.uint32(n), first + np.uint32(n + 1)
    return np.column_stack([first, low_right, high_right, first, high_right, high_left]).ravel()


def line_pieces(points: Array) -> Vertices:
    """Return four vertices for each piece of a polyline: its start, its end, and the corner.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Points of the box; rows with a nan separate lines.

    Returns
    -------
    ndarray of float32, shape (4 m, 8)
    """
    there = _are_there(points)
    kept = np.flatnonzero(there[:-1] & there[1:])
    pieces = np.empty((len(kept), 4, 8), np.float32)
    pieces[:, :, :3] = points[kept][:, None]
    pieces[:, :, 3:6] = points[kept + 1][:, None]
    pieces[:, :, 6:] = _CORNERS
    return pieces.reshape(-1, 8)


def piece_triangles(count: int) -> Indices:
    """Return the vertices of two triangles for each of so many pieces."""
    return (np.arange(count, dtype=np.uint32)[:, None] * np.uint32(4) + _TRIANGLES).ravel()


def hairlines(points: Array) -> tuple[Vertices, Indices]:
    """Return the vertices of thin lines, and which two are joined.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Points of the box; rows with a nan separate lines.
    """
    there = _are_there(points)
    first = np.flatnonzero(there[:-1] & there[1:]).astype(np.uint32)
    joined = np.column_stack([first, first + np.uint32(1)]).ravel()
    return np.nan_to_num(points).astype(np.float32), joined


def _are_there(points: Array) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(points).all(axis=1))
