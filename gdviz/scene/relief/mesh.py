"""The surface as triangles with a colour at each corner: what the window and figures draw."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.scene.basins_picture import Pixels
from gdviz.scene.relief.surface import Relief

Vertices = NDArray[np.float32]
Colors = NDArray[np.uint8]
Indices = NDArray[np.uint32]


def surface_vertices(relief: Relief) -> Vertices:
    """Return the places of the grid's points, row by row, and of the rim's; 0 high in holes."""
    return np.nan_to_num(relief.vertices()).astype(np.float32)


def surface_colors(relief: Relief, table: Colors) -> Colors:
    """Return the map's colours at the vertices, shaded, as RGBA, shape (m, 4).

    Parameters
    ----------
    relief : Relief
        The surface.
    table : ndarray of uint8, shape (256, 4)
        The colours from the lowest place on the colour scale to the highest.
    """
    places = np.concatenate([np.nan_to_num(relief.places.ravel()), relief.cut.rim[:, 2]])
    return _shaded(table[(places * (len(table) - 1) + 0.5).astype(np.intp)], relief)


def basin_colors(relief: Relief, pixels: Pixels) -> Colors:
    """Return the colours of basins at the vertices, shaded, as RGBA, shape (m, 4).

    Parameters
    ----------
    relief : Relief
        The surface.
    pixels : ndarray of uint8, shape (k, k, 4)
        The picture of basins on the same map, the lowest b first.
    """
    nearest = np.rint((relief.x + 1.0) / 2.0 * (len(pixels) - 1)).astype(np.intp)
    colors = pixels[np.ix_(nearest, nearest)].reshape(-1, 4)
    return _shaded(np.concatenate([colors, colors[relief.cut.beside]]), relief)


def _shaded(colors: Colors, relief: Relief) -> Colors:
    shades = relief.shades().ravel()
    shaded = colors.astype(np.float32)
    shaded[:, :3] *= np.concatenate([shades, shades[relief.cut.beside]])[:, None]
    return np.minimum(shaded, 255.0).astype(np.uint8)


def surface_triangles(relief: Relief) -> tuple[Indices, Indices]:
    """Return the surface's triangles: two for each whole cell, and those of cells that are cut.

    Returns
    -------
    triangles : ndarray of uint32, shape (t, 3)
        Their vertices.
    cells : ndarray of uint32, shape (t,)
        The cell that each is in, of all row by row.
    """
    corners, cells = _whole_cells(len(relief.x))
    is_whole = relief.cells().ravel()
    if is_whole.all():
        return corners, cells
    kept, cut = np.repeat(is_whole, 2), relief.cut
    return (
        np.concatenate([corners[kept], cut.triangles.astype(np.uint32)]),
        np.concatenate([cells[kept], cut.cells.astype(np.uint32)]),
    )


def ground_triangles(relief: Relief) -> Indices:
    """Return triangles of every other point, for what is level; all where there is a hole.

    Returns
    -------
    ndarray of uint32, shape (t, 3)
        Vertices of the surface.
    """
    return _every_other(len(relief.x)) if relief.cells().all() else surface_triangles(relief)[0]


@lru_cache(maxsize=4)
def _every_other(n: int) -> Indices:
    kept = np.unique(np.append(np.arange(0, n, 2), n - 1))
    vertices = (kept[:, None] * n + kept).astype(np.uint32).ravel()
    corners: Indices = vertices[_whole_cells(len(kept))[0]]
    return corners


@lru_cache(maxsize=4)
def _whole_cells(n: int) -> tuple[Indices, Indices]:
    first = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).astype(np.uint32).ravel()
    low_right, high_left, high_right = first + 1, first + np.uint32(n), first + np.uint32(n + 1)
    corners = np.column_stack([first, low_right, high_right, first, high_right, high_left])
    return corners.reshape(-1, 3), np.repeat(np.arange(len(first), dtype=np.uint32), 2)


def towards_viewer(relief: Relief, cells: Indices, eye: Array) -> NDArray[np.intp]:
    """Return an order of triangles in which none is hidden by one before it.

    A cell can only be covered by those between it and the viewer on the ground plan, along each of
    its axes.

    Parameters
    ----------
    relief : Relief
        The surface.
    cells : ndarray of uint32, shape (t,)
        The cell that each triangle is in.
    eye : ndarray, shape (3,)
        Where the viewer is.
    """
    row, column = np.divmod(cells.astype(np.intp), len(relief.x) - 1)
    far = [
        np.abs(cell - (np.searchsorted(axis, at) - 1))
        for cell, axis, at in ((row, relief.y, eye[1]), (column, relief.x, eye[0]))
    ]
    return np.lexsort([-far[1], -far[0]])
