"""Loss landscapes in HDF5 files: loss-landscape's, landscapeviz', and a fork's of scalars.

References
----------
H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein, "Visualizing the loss landscape of neural
nets", Advances in Neural Information Processing Systems 31 (2018); the files are written by
``plot_surface.py`` of github.com/tomgoldstein/loss-landscape.
"""

import importlib.util
import json
import math
import operator
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gdviz.base.child_process import ChildProcess
from gdviz.base.files import absolute, read_file
from gdviz.engine.objectives.loss_grid import MAX_POINTS, spread
from gdviz.files.landscape_formats import hdf5_dump
from gdviz.files.landscape_formats.reading import (
    Array,
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    choose,
    curve,
    is_known_metric,
    known_extent,
    listed,
    matrix,
    mesh,
    parsing,
    points,
    range_in_name,
    shown,
    size,
)

_SECONDS = 30.0
_READER = hdf5_dump.__name__
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
#: What loss-landscape puts into a cell until it is computed.
_TO_COME = {"min_eig": 1.0}
_TO_COME_ELSE = -1.0
#: Names that nothing but an axis has, and all that the programs write beside the values.
_AXES = ("xcoordinates", "ycoordinates", "space")
_COORDINATES = {*_AXES, "X", "Y", "proj_xcoord", "proj_ycoord"}
_SCALAR = re.compile(r"([A-Za-z_]{1,30})_(\d{1,4})_(\d{1,4})")
TRAJECTORY_NOTE = (
    "the trajectory's coordinates were divided by the length of the directions, so they match the "
    "surface only if that is 1, as for PCA directions"
)


@dataclass(frozen=True)
class Contents:
    """The numbers in the root of an HDF5 file.

    Attributes
    ----------
    arrays : dict of str to ndarray
        By name, in float64.
    groups, large, no_numbers : tuple of str
        Names of the groups, of what was too large to be read, and of what holds text or the like.
    """

    arrays: dict[str, Array]
    groups: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    no_numbers: tuple[str, ...] = ()


def is_available() -> bool:
    """Tell whether h5py is installed."""
    return importlib.util.find_spec("h5py") is not None


def contents(path: Path) -> Contents:
    """Return the numbers in the root of an HDF5 file.

    Raises
    ------
    LandscapeError
        If it is damaged, or h5py is not installed.
    """
    head = read_file(path, 2048 + len(_SIGNATURE))
    if not any(head.startswith(_SIGNATURE, offset) for offset in (0, 512, 1024, 2048)):
        raise LandscapeError("this is not an HDF5 file, or it is damaged")
    if not is_available():
        raise LandscapeError("HDF5 files need h5py: pip install 'gdviz[hdf5]'")
    with parsing("an HDF5 file"):
        line, _, numbers = dump(path).partition(b"\n")
        description = json.loads(line)
        arrays = {}
        offset = 0
        for name, shape in description["sets"]:
            size = math.prod(shape)
            arrays[name] = np.frombuffer(numbers, "<f8", size, offset).reshape(shape)
            offset += 8 * size
        names = (tuple(description[what]) for what in ("groups", "large", "no_numbers"))
        return Contents(arrays, *names)


def dump(path: Path) -> bytes:
    """Return what :mod:`gdviz.files.landscape_formats.hdf5_dump` prints in its own process.

    Raises
    ------
    LandscapeError
    """
    pipe, file = subprocess.PIPE, str(absolute(path))
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # less memory
    with ChildProcess(_READER, [file], environment=one_thread, stdout=pipe, stderr=pipe) as child:
        try:
            found, refusal = child.process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise LandscapeError("this HDF5 file takes too long to be read") from None
    code = child.process.returncode
    if code == hdf5_dump.REFUSED:
        raise LandscapeError(refusal.decode(errors="replace"))
    if code:
        raise LandscapeError("this is not an HDF5 file, or it is damaged")
    return found


def read(wanted: Wanted) -> Reading:
    """Read a surface.

    Raises
    ------
    LandscapeError
    RangeNeeded
        If the file has no coordinates, and neither its name nor the person tells a range.
    """
    metric = wanted.metric
    found = contents(wanted.path)
    arrays = found.arrays
    _check_coordinates(found)
    if "xcoordinates" in arrays:
        return _loss_landscape(found, metric)
    if {"xdirection", "ydirection"} & set(found.groups):
        raise LandscapeError(
            "these are directions in weight space, not a surface: open the file that was "
            "computed along them"
        )
    if "proj_xcoord" in arrays:
        raise LandscapeError("this is a trajectory, not a surface: open the surface first")
    if "space" in arrays:
        return _landscapeviz(found, metric)
    if {"X", "Y"} <= set(arrays) and arrays["X"].ndim == arrays["Y"].ndim == 2:
        return _with_meshgrid(found, metric)
    if any(_SCALAR.fullmatch(name) for name in arrays):
        return _scalars(arrays, wanted)
    if _known_shapes(found):
        return _without_coordinates(found, wanted)
    there = listed([*arrays, *found.groups, *found.large])
    raise LandscapeError(
        "this HDF5 file holds no loss landscape of a known kind"
        + (f": it holds {there}" if there else "")
    )


def read_trajectory(path: Path) -> tuple[Array, list[str]]:
    """Read a trajectory, and what there is to say about it.

    Raises
    ------
    LandscapeError
    """
    arrays = contents(path).arrays
    if {"proj_xcoord", "proj_ycoord"} <= set(arrays):
        return points(arrays["proj_xcoord"], arrays["proj_ycoord"]), [TRAJECTORY_NOTE]
    if {"X", "Y"} <= set(arrays) and arrays["X"].ndim == arrays["Y"].ndim == 1:
        return points(arrays["X"], arrays["Y"]), []  # landscapeviz
    raise LandscapeError("this HDF5 file holds no trajectory: no proj_xcoord and proj_ycoord")


def _check_coordinates(found: Contents) -> None:
    for name in _AXES:
        if name in found.no_numbers:
            raise LandscapeError(f"the coordinates {name} are not real numbers")
        if name in found.large:
            raise LandscapeError(f"this surface has more than {MAX_POINTS} points along an axis")
    if "ycoordinates" in found.arrays and "xcoordinates" not in found.arrays:
        raise LandscapeError("this has ycoordinates but no xcoordinates")


def _loss_landscape(found: Contents, metric: str) -> Reading:
    arrays = found.arrays
    a = arrays["xcoordinates"].ravel()
    b = arrays["ycoordinates"].ravel() if "ycoordinates" in arrays else None
    shape = (len(a),) if b is None else (len(a), len(b))
    check_shape(shape)
    metrics = _metrics(found, shape, lambda values: values.size == math.prod(shape))
    name = choose(metric, metrics)
    cells = arrays[name].ravel()
    values = np.where(cells == _TO_COME.get(name, _TO_COME_ELSE), np.nan, cells)
    if b is None:
        reading = curve(a, values)
    else:
        # The program numbers the cells through np.meshgrid(x, y), whatever the array's shape.
        reading = Reading(a, b, values.reshape(len(b), len(a)), ambiguous=True)
    if np.isnan(values).all():
        raise LandscapeError(f"no value of {name} has been computed yet")
    reading.metric, reading.metrics = name, metrics
    if {"proj_xcoord", "proj_ycoord"} <= set(arrays):
        reading.trajectory = points(arrays["proj_xcoord"], arrays["proj_ycoord"])
        reading.notes.append(TRAJECTORY_NOTE)
    return reading


def _landscapeviz(found: Contents, metric: str) -> Reading:
    space = found.arrays["space"].ravel()
    n = len(space)
    check_shape((n,))
    metrics = _metrics(found, (n, n), lambda values: values.shape == (n, n))
    name = choose(metric, metrics)
    return Reading(space, space, found.arrays[name], name, metrics)  # the first index is y's


def _with_meshgrid(found: Contents, metric: str) -> Reading:
    """Read what earlier versions of landscapeviz wrote."""
    a, b = found.arrays["X"], found.arrays["Y"]
    metrics = _metrics(found, a.shape, lambda values: values.shape == a.shape)
    losses = [name for name in metrics if name.startswith("Z_")]
    name = choose(metric, metrics if metric or not losses else losses)
    reading = mesh(a, b, found.arrays[name])
    reading.metric, reading.metrics = name, metrics
    return reading


def _metrics(
    found: Contents, shape: Sequence[int], fits: Callable[[Array], bool]
) -> tuple[str, ...]:
    """Return the data sets whose values belong to coordinates, of as many points as `shape` says.

    Raises
    ------
    LandscapeError
        If there is none, with what there is.
    """
    others = {name: values for name, values in found.arrays.items() if name not in _COORDINATES}
    metrics = tuple(name for name, values in others.items() if fits(values))
    if not metrics:
        there = [f"{shown(name)} has {size(values.shape)}" for name, values in others.items()]
        there += [f"{shown(name)} is too large" for name in found.large]
        raise LandscapeError(
            f"this has coordinates for {size(shape)} points, but not as many values"
            + (f": {listed(there)}" if there else "")
        )
    return metrics


def _without_coordinates(found: Contents, wanted: Wanted) -> Reading:
    """Read loss-landscape's values where the coordinates were left out.

    It writes arrays of shape (nx, ny), whichever order their cells are in.
    """
    shapes = _known_shapes(found)
    shape = shapes[choose("", tuple(shapes))]
    named = range_in_name(wanted.path.name)
    if named is not None and len(shape) == 2 and named.is_of(shape):
        shape = named.points  # the cells are numbered alike, in whichever shape they are kept
    extent = known_extent(wanted, shape, "this file has no coordinates for its values")
    check_shape(shape)
    ends = extent[:2], extent[2:]
    coordinates = {
        name: np.array(spread(*between, n))
        for name, between, n in zip(_AXES[:2], ends, shape, strict=False)
    }
    return _loss_landscape(replace(found, arrays=found.arrays | coordinates), wanted.metric)


def _known_shapes(found: Contents) -> dict[str, tuple[int, ...]]:
    """Return the shapes of what by its name and its dimensions is a surface, or a line."""
    shapes = {
        name: tuple(n for n in values.shape if n != 1)
        for name, values in found.arrays.items()
        if is_known_metric(name)
    }
    return {name: shape for name, shape in shapes.items() if len(shape) in (1, 2)}


def _scalars(arrays: dict[str, Array], wanted: Wanted) -> Reading:
    """Read a fork's ``loss_{i}_{j}``, i being x's index."""
    found: dict[str, dict[tuple[int, int], float]] = {}
    for key, number in arrays.items():
        match = _SCALAR.fullmatch(key)
        if match and number.size == 1:
            cells = found.setdefault(match[1], {})
            cells[int(match[2]), int(match[3])] = float(number.ravel()[0])
    if not found:
        raise LandscapeError("this HDF5 file holds no loss landscape of a known kind")
    name = choose(wanted.metric, tuple(found))
    n, m = (1 + max(index[axis] for index in found[name]) for axis in (0, 1))
    named = range_in_name(wanted.path.name)
    if named is not None and all(map(operator.ge, named.points, (n, m))):
        n, m = named.points  # the last ones may still have to be computed
    check_shape((n, m))
    values = np.full((n, m), np.nan)
    for index, value in found[name].items():
        values[index] = value
    reading = matrix(
        values, wanted, b_fastest=True,
        where="this file numbers its values and has no coordinates",
    )  # fmt: skip
    reading.metric, reading.metrics, reading.ambiguous = name, tuple(found), False
    return reading
