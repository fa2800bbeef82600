"""The rim of the region where f is defined, found between the points of a grid."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.analysis.grid import Grid, values_at
from gdviz.engine.objectives.objective import Objective

Indices = NDArray[np.intp]

#: Halvings of the distance between two points of the grid: to a millionth of it.
_HALVINGS = 20
#: Of the points of the grid: as many more are asked for at most, so that a function that is
#: undefined at every other point does not take many times as long as its map.
_MORE = 0.5


@dataclass(frozen=True, eq=False)
class Crossings:
    """Where lines of a grid cross the rim, those along one of its axes.

    Attributes
    ----------
    line : ndarray of int, shape (k,)
        On which line, in ascending order.
    first : ndarray of int, shape (k,)
        After which point of it; within a line in ascending order.
    at : ndarray, shape (k,)
        The coordinate along the line, of the last point there that f is defined at.
    values : ndarray, shape (k,)
        The losses there.
    """

    line: Indices
    first: Indices
    at: Array
    values: Array


@dataclass(frozen=True, eq=False)
class Rim:
    """Where the lines of a grid cross the rim.

    Attributes
    ----------
    along_a, along_b : Crossings
        Lines of constant b, and of constant a.
    """

    along_a: Crossings
    along_b: Crossings


def rim_of(objective: Objective, grid: Grid, cancelled: Callable[[], bool] = bool) -> Rim:
    """Find the rim by halving the distance between points of which f is defined at one.

    Parameters
    ----------
    objective : Objective
        Whose grid it is.
    grid : Grid
        The losses; what is not finite is outside.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    most = int(_MORE * grid.values.size / 2)

    def in_a(a: Array, b: Array) -> Array:
        return values_at(objective, a, b, cancelled)

    def in_b(b: Array, a: Array) -> Array:
        return values_at(objective, a, b, cancelled)

    return Rim(
        _crossings(in_a, grid.a, grid.b, grid.values, most),
        _crossings(in_b, grid.b, grid.a, grid.values.T, most),
    )


def _crossings(
    values_of: Callable[[Array, Array], Array],
    along: Array,
    across: Array,
    values: Array,
    most: int,
) -> Crossings:
    is_there = np.isfinite(values)
    line, first = np.nonzero(is_there[:, 1:] != is_there[:, :-1])
    is_first = is_there[line, first]
    inside, outside = first + ~is_first, first + is_first
    inner, outer, losses = along[inside], along[outside], values[line, inside]
    for _ in range(min(_HALVINGS, most // max(len(line), 1)) if len(line) else 0):
        middle = (inner + outer) / 2.0
        found = values_of(middle, across[line])
        is_inside = np.isfinite(found)
        inner, outer = np.where(is_inside, middle, inner), np.where(is_inside, outer, middle)
        losses = np.where(is_inside, found, losses)
    return Crossings(line, first, inner, losses)
