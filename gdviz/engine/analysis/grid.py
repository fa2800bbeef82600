"""The loss on a grid over the map, and where its contour lines run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import contourpy
import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.start.quadratic import quadratic
from gdviz.engine.objectives.data import MANY_ROWS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective

#: Numbers computed at once (cells, times the rows of the data): temporaries then stay in the
#: processor's cache.
_BLOCK = 16_384
#: Points along an axis: of a map, of one that is there at once, and of those of slow functions.
FINE, COARSE = 512, 96
_COARSER = (48, 24, 12)
#: Seconds that a map may take.
_MOST_SECONDS = 10.0


def affordable_resolution(objective: Objective, most: int = FINE) -> int:
    """Return the points along an axis of a map that takes no more than some seconds.

    Parameters
    ----------
    objective : Objective
        What is to be drawn.
    most : int, default 512
        As many as are wanted.
    """
    if _is_expanded(objective):
        return most
    for points in (most, *(each for each in (FINE, COARSE, *_COARSER) if each < most)):
        if points**2 * objective.seconds_a_point <= _MOST_SECONDS:
            return points
    return _COARSER[-1]


@dataclass(frozen=True, eq=False)
class Grid:
    """The loss on a regular grid.

    Attributes
    ----------
    range : Range
        The corners; the outermost points lie on them.
    a, b : ndarray, shape (n,)
        Coordinates.
    values : ndarray, shape (n, n)
        ``values[j, i]`` is f(a[i], b[j]); nan or inf where f is not finite.
    """

    range: Range
    a: Array
    b: Array
    values: Array

    @cached_property
    def has_values(self) -> bool:
        """Whether f is finite anywhere on it."""
        return bool(np.isfinite(self.values).any())

    @property
    def resolution(self) -> int:
        """Points along each axis."""
        return len(self.a)

    def nearest(self, a: float, b: float) -> float:
        """Return the value at the grid's point nearest to (a, b); nan outside the range."""
        if not self.range.contains(a, b):
            return float("nan")
        return float(self.values[_nearest(self.b, b), _nearest(self.a, a)])


def _nearest(axis: Array, value: float) -> int:
    return int(np.clip(round((value - axis[0]) / (axis[1] - axis[0])), 0, len(axis) - 1))


def sample(
    objective: Objective,
    extent: Range,
    resolution: int,
    cancelled: Callable[[], bool] = bool,
) -> Grid:
    """Evaluate the loss on a grid.

    Parameters
    ----------
    objective : Objective
        What is evaluated.
    extent : Range
        The map.
    resolution : int
        Points along each axis.
    cancelled : callable, optional
        Asked between blocks of rows; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.

    Notes
    -----
    A function that is quadratic in its parameters, as least squares of a line are, costs as much at
    each point as its data has rows. Where these are many, its value, gradient and Hessian at one
    point give all others, the same but for rounding.
    """
    a = np.linspace(extent.a_low, extent.a_high, resolution)
    b = np.linspace(extent.b_low, extent.b_high, resolution)
    if _is_expanded(objective):
        return Grid(extent, a, b, _expanded(objective, extent, a, b[:, None]))
    values = np.empty((resolution, resolution))
    rows = max(1, _BLOCK // (resolution * objective.rows))
    columns = resolution if rows > 1 else max(1, _BLOCK // objective.rows)
    for first, left in product(range(0, resolution, rows), range(0, resolution, columns)):
        if cancelled():
            raise Cancelled
        some = slice(first, first + rows), slice(left, left + columns)
        # A row and a column: what depends on one parameter alone is computed once, not n times.
        values[some] = objective.values(a[some[1]], b[some[0], None])
    return Grid(extent, a, b, values)


def _is_expanded(objective: Objective) -> bool:
    return (
        objective.rows > MANY_ROWS
        and isinstance(objective, FormulaObjective)
        and objective.is_quadratic
    )


def _expanded(objective: Objective, extent: Range, a: Array, b: Array) -> Array:
    """Return the values of a quadratic function, from what is known at one point."""
    known = quadratic(objective)
    # About the minimum nothing cancels; where there is none, the middle is as good as any point.
    a_low, a_high, b_low, b_high = extent
    at = known.minimum if known else ((a_low + a_high) / 2, (b_low + b_high) / 2)
    aa, ab, bb = objective.hessian(*at)
    in_a, in_b = (0.0, 0.0) if known else objective.gradient(*at)
    along_a, along_b = a - at[0], b - at[1]
    with np.errstate(all="ignore"):
        values: Array = objective.value(*at) + (
            (in_a + aa * along_a / 2 + ab * along_b) * along_a + (in_b + bb * along_b / 2) * along_b
        )
    return values


def values_at(
    objective: Objective, a: Array, b: Array, cancelled: Callable[[], bool] = bool
) -> Array:
    """Evaluate the loss at points, in blocks as `sample` does.

    Parameters
    ----------
    objective : Objective
        What is evaluated.
    a, b : ndarray, shape (n,)
        The points.
    cancelled : callable, optional
        As for `sample`.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    values = np.empty(len(a))
    count = max(1, _BLOCK // objective.rows)
    for first in range(0, len(a), count):
        if cancelled():
            raise Cancelled
        some = slice(first, first + count)
        values[some] = objective.values(a[some], b[some])
    return values


@dataclass(frozen=True, eq=False)
class Contours:
    """Contour lines as one polyline with gaps, which draws faster than many.

    Attributes
    ----------
    a, b : ndarray, shape (n,)
        Vertices of all lines one after the other.
    connect : ndarray of bool, shape (n,)
        Whether a vertex is joined to the next one.
    """

    a: Array
    b: Array
    connect: np.typing.NDArray[np.bool_]


def contours(grid: Grid, levels: Iterable[float]) -> Contours:
    """Return the contour lines of a grid.

    Parameters
    ----------
    grid : Grid
        The loss; points that are not finite leave a hole.
    levels : iterable of float
        Losses to draw a line at.
    """
    # Not by contour_generator(), which imports numpy.ma on the way to the window's first frame.
    generator = contourpy.SerialContourGenerator(
        *np.meshgrid(grid.a, grid.b), grid.values, ~np.isfinite(grid.values), corner_mask=True,
        line_type=contourpy.LineType.ChunkCombinedOffset,
        fill_type=contourpy.FillType.ChunkCombinedOffset, quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
    )  # fmt: skip
    points: list[Array] = [np.empty((0, 2))]
    connect: list[np.typing.NDArray[np.bool_]] = [np.empty(0, bool)]
    for level in levels:
        # One chunk: its vertices, and where each line of them begins; None where there is no line.
        lines: Any = generator.lines(level)
        [vertices], [offsets] = lines
        if vertices is None:
            continue
        joined = np.ones(len(vertices), bool)
        joined[offsets[1:] - 1] = False
        points.append(vertices)
        connect.append(joined)
    a, b = np.concatenate(points).T
    return Contours(np.ascontiguousarray(a), np.ascontiguousarray(b), np.concatenate(connect))
