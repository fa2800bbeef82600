"""The surface as heights in a box: the loss on the map's own scale, clipped as its colours are.

Everything here is in units of the box. Along a and b it reaches from −1 to 1, whatever the map's
range is. A height is the place of a loss on the colour scale times :data:`HEIGHT`: where the map
shows decades, so does the height, and a pole or a cliff is as high as its colour's end, however
far it goes on.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.scene.relief.cut import Cut, Indices, between_kept, cut_cells, heights_in
from gdviz.scene.scene import Landscape

HEIGHT = 0.9  #: of what has the colour of the scale's upper end
FLOOR = -0.35  #: where the floor lies, on which contour lines are drawn a second time
MIDDLE = 0.1  #: the height that a camera looks at first: from it the box fills the picture best
#: Points along each axis: of what is drawn once, and of what is drawn over and over.
STILL, MOVING = 320, 200
#: What the light comes from, and how much brighter or darker what is turned to it or away.
_LIGHT = np.array([-0.45, -0.55, 1.0]) / np.linalg.norm([-0.45, -0.55, 1.0])
_CONTRAST, _DARKEST, _BRIGHTEST = 0.6, 0.55, 1.15
#: What is narrower in the ground plan is not seen: single points, and lines.
_NARROW = 1e-3


@dataclass(frozen=True, eq=False)
class Relief:
    """The surface as heights on a grid, in units of the box.

    Attributes
    ----------
    range : Range
        The map.
    x, y : ndarray, shape (n,)
        Where the grid's points lie along a and b, from −1 to 1.
    places : ndarray, shape (n, n)
        ``places[j, i]`` is the place of the loss there on the colour scale, from 0 to 1; nan where
        the loss is not finite.
    cut : Cut
        What there is of cells that have a loss at some of their corners only.
    """

    range: Range
    x: Array
    y: Array
    places: Array
    cut: Cut = field(default_factory=Cut.nothing)

    @property
    def heights(self) -> Array:
        """The heights of the grid's points, shape (n, n); nan where the loss is not finite."""
        return self.places * HEIGHT

    def is_empty(self) -> bool:
        """Tell whether there is nothing to be seen: no cell, and no part of one that is wide."""
        if self.cells().any():
            return False
        one, other, third = np.moveaxis(self.rim_triangles[..., :2], 1, 0)
        sides = np.stack([other - one, third - other, one - third])
        (u_x, u_y), (v_x, v_y) = sides[0].T, sides[1].T
        longest = np.hypot(*np.moveaxis(sides, 2, 0)).max(axis=0)
        return not (np.abs(u_x * v_y - u_y * v_x) > _NARROW * longest).any()

    def cells(self) -> NDArray[np.bool_]:
        """Tell which cells have a loss at all their corners, shape (n − 1, n − 1)."""
        is_there = np.isfinite(self.places)
        return is_there[1:, 1:] & is_there[1:, :-1] & is_there[:-1, 1:] & is_there[:-1, :-1]

    @cached_property
    def rim_triangles(self) -> Array:
        """The triangles of cells that are cut, shape (t, 3, 3): corners, and their x, y, z."""
        if not len(self.cut.triangles):
            return np.empty((0, 3, 3))
        return self.vertices()[self.cut.triangles]

    @cached_property
    def _cut_by_cell(self) -> tuple[Indices, Array]:
        return self.cut.padded(self.rim_triangles, (len(self.x) - 1) ** 2)

    def vertices(self) -> Array:
        """Return the places of the grid's points row by row, and of the rim's, shape (m, 3).

        A point without a loss has no height.
        """
        n = len(self.x)
        vertices = np.empty((n * n + len(self.cut.rim), 3))
        grid = vertices[: n * n].reshape(n, n, 3)
        grid[..., 0], grid[..., 1], grid[..., 2] = self.x, self.y[:, None], self.heights
        vertices[n * n :] = self.cut.rim * (1.0, 1.0, HEIGHT)
        return vertices

    def in_box(self, points: Array) -> Array:
        """Return points (a, b), shape (n, 2), in units of the box."""
        a_low, a_high, b_low, b_high = self.range
        low, width = np.array([a_low, b_low]), np.array([a_high - a_low, b_high - b_low])
        in_box: Array = 2.0 * (np.asarray(points, float) - low) / width - 1.0
        return in_box

    def on_map(self, points: Array) -> Array:
        """Return points in units of the box, shape (n, 2), as (a, b): the inverse of `in_box`."""
        a_low, a_high, b_low, b_high = self.range
        low, width = np.array([a_low, b_low]), np.array([a_high - a_low, b_high - b_low])
        on_map: Array = low + (np.asarray(points, float) + 1.0) / 2.0 * width
        return on_map

    def height_at(self, points: Array) -> Array:
        """Return the height of the surface at points of the box, interpolated between the grid's.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            In units of the box.

        Returns
        -------
        ndarray, shape (n,)
            Heights; nan beside the map, and where there is no loss.
        """
        heights, cell = self._within_cells(points)
        if len(self.cut.cells):
            rows, triangles = self._cut_by_cell
            row = np.where(cell < 0, -1, rows[cell])
            cut = np.flatnonzero(row >= 0)
            heights[cut] = heights_in(triangles[row[cut]], points[cut])
        return heights

    def whole_height_at(self, points: Array) -> Array:
        """Return the same, but nan in cells that have no loss at one of their corners."""
        return self._within_cells(points)[0]

    def _within_cells(self, points: Array) -> tuple[Array, Indices]:
        """Return heights within cells that are whole, and the cell of each point, −1 if none."""
        heights, n = self.heights, len(self.x)
        with np.errstate(invalid="ignore"):
            inside = (np.abs(points) <= 1.0 + 1e-9).all(axis=1)
        cells, parts = [], []
        for axis, value in zip((self.x, self.y), points.T, strict=True):
            value = np.where(inside, np.clip(value, -1.0, 1.0), -1.0)
            cell = np.clip(np.searchsorted(axis, value, side="right") - 1, 0, n - 2)
            cells.append(cell)
            parts.append((value - axis[cell]) / (axis[cell + 1] - axis[cell]))
        (i, j), (u, v) = cells, parts
        lower = heights[j, i] * (1.0 - u) + heights[j, i + 1] * u
        upper = heights[j + 1, i] * (1.0 - u) + heights[j + 1, i + 1] * u
        height = np.where(inside, lower * (1.0 - v) + upper * v, np.nan)
        return height, np.where(inside, j * (n - 1) + i, -1)

    def shades(self) -> Array:
        """Return how bright the light makes each point of the grid; 1 where the surface is level.

        Returns
        -------
        ndarray, shape (n, n)
            What the colours of the map are multiplied with; 1 as well where there is no loss.
        """
        along_x = _slopes(self.heights, self.x)
        along_y = _slopes(self.heights.T, self.y).T
        light_x, light_y, light_z = _LIGHT
        facing = (light_z - light_x * along_x - light_y * along_y) / np.sqrt(
            1.0 + along_x**2 + along_y**2
        )
        shades: Array = np.clip(1.0 + _CONTRAST * (facing - light_z), _DARKEST, _BRIGHTEST)
        return shades


def _slopes(heights: Array, x: Array) -> Array:
    """Return the slopes along the rows, from the neighbours that have a height; 0 without any."""
    between = np.diff(heights, axis=1) / np.diff(x)
    nothing = np.full((len(heights), 1), np.nan)
    left, right = np.hstack([nothing, between]), np.hstack([between, nothing])
    both = np.isfinite(left) & np.isfinite(right)
    one = np.where(np.isfinite(left), left, np.where(np.isfinite(right), right, 0.0))
    return np.where(both, (left + right) / 2.0, one)


def has_surface(landscape: Landscape) -> bool:
    """Tell whether a landscape has a surface, and not only single points and lines."""
    return _has_cell(landscape) or not relief_of(landscape).is_empty()


def _has_cell(landscape: Landscape) -> bool:
    is_there = np.isfinite(landscape.grid.values)
    in_rows = is_there[:, 1:] & is_there[:, :-1]
    return bool((in_rows[1:] & in_rows[:-1]).any())


def relief_of(landscape: Landscape, most: int = STILL) -> Relief:
    """Return a landscape as heights.

    Parameters
    ----------
    landscape : Landscape
        The map's grid and colour scale.
    most : int, default 320
        Points along each axis at most; of a finer grid as many are taken, evenly spaced.
    """
    grid = landscape.grid
    count = min(most, grid.resolution)
    if count < grid.resolution and not _has_cell(landscape):
        # Between some of single points there are holes, which would be bridged.
        nothing = np.full((count, count), np.nan)
        along = np.linspace(-1.0, 1.0, count)
        return Relief(grid.range, along, along, nothing)
    kept = np.rint(np.linspace(0, grid.resolution - 1, count)).astype(int)
    values = grid.values[np.ix_(kept, kept)]
    places = np.where(np.isfinite(values), landscape.scale.place(values), np.nan)
    along = kept * (2.0 / (grid.resolution - 1)) - 1.0
    along[-1] = 1.0
    return Relief(grid.range, along, along, places, _cut_of(landscape, kept, along, places))


def _cut_of(landscape: Landscape, kept: Indices, along: Array, places: Array) -> Cut:
    is_there = np.isfinite(places)
    if is_there.all():
        return Cut.nothing()
    (a_low, a_high, b_low, b_high), rim = landscape.grid.range, landscape.rim
    in_x, in_y = (
        replace(
            found,
            at=2.0 * (found.at - low) / (high - low) - 1.0,
            values=landscape.scale.place(found.values),
        )
        for found, low, high in (
            (between_kept(rim.along_a, kept, is_there), a_low, a_high),
            (between_kept(rim.along_b, kept, is_there.T), b_low, b_high),
        )
    )
    return cut_cells(is_there, along, in_x, in_y)
