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
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdviz.engine.loss_grid import MAX_POINTS
from gdviz.landscape_formats import hdf5_dump
from gdviz.landscape_formats.reading import (
    Array,
    Extent,
    LandscapeError,
    Reading,
    check_shape,
    choose,
    curve,
    listed,
    matrix,
    mesh,
    parsing,
    points,
    range_in_name,
)

_SECONDS = 30.0
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
#: What loss-landscape puts into a cell until it is computed.
_TO_COME = {"min_eig": 1.0}
_TO_COME_ELSE = -1.0
_SCALAR = re.compile(r"([A-Za-z_]{1,30})_(\d{1,4})_(\d{1,4})")
TRAJECTORY_NOTE = (
    "the trajectory's coordinates were divided by the length of the directions: they match the "
    "surface only if that is 1, as it is for PCA directions"
)


@dataclass(frozen=True)
class Contents:
    """The numbers in the root of an HDF5 file.

    Attributes
    ----------
    arrays : dict of str to ndarray
        By name, in float64.
    groups, large : tuple of str
        Names of the groups, and of what was too large to be read.
    """

    arrays: dict[str, Array]
    groups: tuple[str, ...]
    large: tuple[str, ...]


def contents(path: Path) -> Contents:
    """Return the numbers in the root of an HDF5 file.

    Raises
    ------
    LandscapeError
        If it is damaged, or h5py is not installed.
    """
    if importlib.util.find_spec("h5py") is None:
        raise LandscapeError("HDF5 files need h5py: pip install 'gdviz[hdf5]'")
    with path.open("rb") as file:
        head = file.read(2048 + len(_SIGNATURE))
    if not any(head.startswith(_SIGNATURE, offset) for offset in (0, 512, 1024, 2048)):
        raise LandscapeError("this is not an HDF5 file, or it is damaged")
    # -P: never from the folder in which the program was started. One thread: less memory.
    command = [sys.executable, "-P", str(Path(hdf5_dump.__file__)), str(path.absolute())]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        child = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS,
            env=environment, check=False, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LandscapeError("this HDF5 file takes too long to be read") from None
    if child.returncode == hdf5_dump.REFUSED:
        raise LandscapeError(child.stderr.decode(errors="replace"))
    if child.returncode:
        raise LandscapeError("this is not an HDF5 file, or it is damaged")
    with parsing("an HDF5 file"):
        line, _, numbers = child.stdout.partition(b"\n")
        description = json.loads(line)
        arrays = {}
        offset = 0
        for name, shape in description["sets"]:
            size = math.prod(shape)
            arrays[name] = np.frombuffer(numbers, "<f8", size, offset).reshape(shape)
            offset += 8 * size
        return Contents(arrays, tuple(description["groups"]), tuple(description["large"]))


def read(path: Path, metric: str, extent: Extent | None) -> Reading:
    """Read a surface.

    Raises
    ------
    LandscapeError
    RangeNeeded
        If the file has no coordinates, and neither its name nor `extent` has.
    """
    found = contents(path)
    arrays = found.arrays
    if "xcoordinates" in arrays:
        return _loss_landscape(found, metric)
    if {"xdirection", "ydirection"} & set(found.groups):
        raise LandscapeError(
            "these are directions in the space of the weights, and not a surface: open the file "
            "that was computed along them"
        )
    if "proj_xcoord" in arrays:
        raise LandscapeError("this is a trajectory, and not a surface: open the surface first")
    if "space" in arrays:
        return _landscapeviz(found, metric)
    if {"X", "Y"} <= set(arrays) and arrays["X"].ndim == arrays["Y"].ndim == 2:
        return _with_meshgrid(found, metric)
    if any(_SCALAR.fullmatch(name) for name in arrays):
        return _scalars(arrays, metric, extent or range_in_name(path.name))
    if "xcoordinates" in found.large:
        raise LandscapeError(f"this surface has more than {MAX_POINTS} points along an axis")
    there = listed([*arrays, *found.groups, *found.large])
    raise LandscapeError(
        "this HDF5 file holds no loss landscape that is known here"
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


def _loss_landscape(found: Contents, metric: str) -> Reading:
    arrays = found.arrays
    a = arrays["xcoordinates"].ravel()
    b = arrays["ycoordinates"].ravel() if "ycoordinates" in arrays else None
    check_shape((len(a),) if b is None else (len(a), len(b)))
    size = len(a) * (1 if b is None else len(b))
    axes = {"xcoordinates", "ycoordinates", "proj_xcoord", "proj_ycoord"}
    metrics = tuple(n for n, values in arrays.items() if values.size == size and n not in axes)
    if not metrics:
        there = listed(name for name in arrays if name not in axes)
        raise LandscapeError(
            "this surface has coordinates, but no values for them"
            + (f": {there} do not fit them" if there else "")
        )
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
    metrics = tuple(name for name, values in found.arrays.items() if values.shape == (n, n))
    if not metrics:
        raise LandscapeError(f"this has {n:,} coordinates, but no values of shape {n:,} × {n:,}")
    name = choose(metric, metrics)
    return Reading(space, space, found.arrays[name], name, metrics)  # the first index is y's


def _with_meshgrid(found: Contents, metric: str) -> Reading:
    """Read what earlier versions of landscapeviz wrote."""
    a, b = found.arrays["X"], found.arrays["Y"]
    metrics = tuple(
        name
        for name, values in found.arrays.items()
        if values.shape == a.shape and name not in {"X", "Y"}
    )
    if not metrics:
        raise LandscapeError("this has coordinates, but no values for them")
    losses = [name for name in metrics if name.startswith("Z_")]
    name = choose(metric, metrics if metric or not losses else losses)
    reading = mesh(a, b, found.arrays[name])
    reading.metric, reading.metrics = name, metrics
    return reading


def _scalars(arrays: dict[str, Array], metric: str, extent: Extent | None) -> Reading:
    """Read a fork's ``loss_{i}_{j}``, i being x's index."""
    found: dict[str, dict[tuple[int, int], float]] = {}
    for key, number in arrays.items():
        match = _SCALAR.fullmatch(key)
        if match and number.size == 1:
            cells = found.setdefault(match[1], {})
            cells[int(match[2]), int(match[3])] = float(number.ravel()[0])
    if not found:
        raise LandscapeError("this HDF5 file holds no loss landscape that is known here")
    name = choose(metric, tuple(found))
    n, m = (1 + max(index[axis] for index in found[name]) for axis in (0, 1))
    check_shape((n, m))
    values = np.full((n, m), np.nan)
    for index, value in found[name].items():
        values[index] = value
    reading = matrix(
        values, extent, b_fastest=True, where="this file numbers its values and has no coordinates"
    )
    reading.metric, reading.metrics, reading.ambiguous = name, tuple(found), False
    return reading
