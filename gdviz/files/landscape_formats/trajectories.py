"""The points that an optimizer went through, among the arrays of a file."""

import shlex
from pathlib import Path

import numpy as np

from gdviz.base.files import shown
from gdviz.base.types import Array
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscape_formats.names import plain
from gdviz.files.landscape_formats.reading import LandscapeError, points

_PATHS = (
    ("pathx", "pathy"), ("trajx", "trajy"), ("trajectoryx", "trajectoryy"),
    ("projxcoord", "projycoord"),
)  # fmt: skip
PATH = ("trajectory", "path", "traj", "trajectory2d", "projectedtrajectory")
NOTE = (
    "the trajectory's coordinates were divided by the length of the directions, so they match the "
    "surface only if that is 1, as for PCA directions"
)


def stored_trajectory(found: Contents) -> tuple[Array, list[str]]:
    """Return the points (k, 2) that a file calls a trajectory, or none; and notes."""
    named = {plain(name): array for name, array in found.arrays.items() if array.ndim}
    for names in _PATHS:
        if all(name in named for name in names):
            return points(*(named[name] for name in names)), [NOTE] * (names[0] == "projxcoord")
    for name in PATH:
        pairs = _pairs(named[name]) if name in named else None
        if pairs is not None:
            return pairs, []
    return np.empty((0, 2)), []


def trajectory(found: Contents) -> tuple[Array, list[str]]:
    """Return the points (k, 2) of a file that is opened as a trajectory, and notes.

    Whatever they are called: the one array of pairs of numbers, or the two vectors that are all
    it holds.

    Raises
    ------
    LandscapeError
    """
    stored, notes = stored_trajectory(found)
    if len(stored):
        return stored, notes
    arrays = [
        array.squeeze() if array.ndim > 2 else array
        for array in found.arrays.values()
        if array.size > 1
    ]
    if len(arrays) == 2 and all(array.ndim == 1 for array in arrays):
        return points(*arrays), []
    pairs = [pair for pair in map(_pairs, arrays) if pair is not None]
    if len(pairs) == 1 and sum(array.ndim == 2 for array in arrays) == 1:
        return pairs[0], []
    there = found.names
    raise LandscapeError("this holds no trajectory" + (there and f": it holds {there}"))


def no_surface(path: Path, is_named: bool = False) -> str:
    """Say of a file that holds a trajectory, or by its shape can be one, how it is opened."""
    what = "this is a trajectory, not" if is_named else "this can be a trajectory, but is not"
    return (
        f"{what} a surface: open the surface first, and the trajectory with it: "
        f"--trajectory {shown(shlex.quote(str(path)))}"
    )


def looks_like_points(array: Array) -> bool:
    """Tell whether a matrix holds a point in each row, or in each column: no surface has 2."""
    return array.ndim == 2 and min(array.shape) == 2 < max(array.shape)


def _pairs(array: Array) -> Array | None:
    """Return an array of pairs as (k, 2), be they in its rows or its columns."""
    if array.ndim != 2 or 2 not in array.shape:
        return None
    return points(*(array.T if array.shape[1] == 2 else array))
