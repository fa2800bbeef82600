"""Loss landscapes in HDF5 files: what programs write whose cells or names have rules of their own.

That is loss-landscape, a fork of it that writes a data set for each value, and landscapeviz; what
others write is found by its shape.

References
----------
H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein, "Visualizing the loss landscape of neural
nets", Advances in Neural Information Processing Systems 31 (2018); the files are written by
``plot_surface.py`` of github.com/tomgoldstein/loss-landscape.
"""

import math
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gdviz.base.format import brief, listed
from gdviz.base.types import Array
from gdviz.engine.objectives.loss_grid import MAX_POINTS, spread
from gdviz.files.landscape_formats.by_shape import surface
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscape_formats.names import choose, is_known_metric
from gdviz.files.landscape_formats.reading import (
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    curve,
    known_extent,
    matrix,
    range_in_name,
    size,
)
from gdviz.files.landscape_formats.trajectories import no_surface, stored_trajectory

#: What loss-landscape puts into a cell until it is computed.
_TO_COME = {"min_eig": 1.0}
_TO_COME_ELSE = -1.0
#: Where ``gdviz sample`` says which cells were computed.
_COMPUTED = "computed"
#: And what the axes are called: groups of these names, in its order.
_NAMED_AXES = re.compile(r"axis([01]):(\w{1,40})")
#: Names that nothing but an axis has, and all that the programs write beside the values.
_AXES = ("xcoordinates", "ycoordinates", "space")
_COORDINATES = {*_AXES, _COMPUTED, "X", "Y", "proj_xcoord", "proj_ycoord"}
#: Under one of these names at least loss-landscape writes values.
_METRICS = {"train_loss", "train_acc", "test_loss", "test_acc", "min_eig", "max_eig"}
_SCALAR = re.compile(r"([A-Za-z_]{1,30})_(\d{1,4})_(\d{1,4})")


def read(found: Contents, wanted: Wanted) -> Reading:
    """Read a surface.

    Raises
    ------
    LandscapeError
    RangeNeeded
        If the file has no coordinates, and neither its name nor the person tells a range.
    """
    _check_coordinates(found)
    if _is_loss_landscape(found, wanted):
        if "xcoordinates" not in found.arrays:
            found = _with_coordinates(found, wanted)
        reading = _loss_landscape(found, wanted.metric)
        reading.trajectory, notes = stored_trajectory(found)
        reading.notes += notes
        return reading
    if any(name.endswith(("xdirection", "ydirection")) for name in found.groups):
        raise LandscapeError(
            "these are directions in weight space, not a surface: open the file that was "
            "computed along them"
        )
    if "proj_xcoord" in found.arrays:
        raise LandscapeError(no_surface(wanted.path, is_named=True))
    if "space" in found.arrays:
        return _landscapeviz(found, wanted.metric)
    if any(_SCALAR.fullmatch(name) for name in found.arrays):
        return _scalars(found.arrays, wanted)
    return surface(found, wanted)


def _check_coordinates(found: Contents) -> None:
    for name in _AXES:
        if name in found.others:
            raise LandscapeError(f"the coordinates {name} are not real numbers")
        if name in found.large:
            raise LandscapeError(f"this surface has more than {MAX_POINTS} points along an axis")
    if "ycoordinates" in found.arrays and "xcoordinates" not in found.arrays:
        raise LandscapeError("this has ycoordinates but no xcoordinates")


def _is_loss_landscape(found: Contents, wanted: Wanted) -> bool:
    """Tell whether the cells are numbered as loss-landscape does it: by what it alone writes."""
    arrays = {**found.arrays, **found.large}
    if "xcoordinates" in arrays:
        return "dir_file" in found.others or not _METRICS.isdisjoint(arrays)
    is_named = range_in_name(wanted.path.name) is not None or "dir_file" in found.others
    return is_named and bool(_known_shapes(found))


def _loss_landscape(found: Contents, metric: str) -> Reading:
    arrays = found.arrays
    a = arrays["xcoordinates"].ravel()
    b = arrays["ycoordinates"].ravel() if "ycoordinates" in arrays else None
    shape = (len(a),) if b is None else (len(a), len(b))
    check_shape(shape)
    metrics = _metrics(found, shape)
    name = choose(metric, metrics)
    cells = arrays[name].ravel()
    is_to_come = cells == _TO_COME.get(name, _TO_COME_ELSE)
    if (computed := arrays.get(_COMPUTED)) is not None and computed.shape == arrays[name].shape:
        is_to_come = computed.ravel() == 0.0  # a loss of −1 is one
    values = np.where(is_to_come, np.nan, cells)
    if b is None:
        reading = curve(a, values)
    else:
        # The program numbers the cells through np.meshgrid(x, y), whatever the array's shape.
        reading = Reading(a, b, values.reshape(len(b), len(a)), ambiguous=_COMPUTED not in arrays)
    if np.isnan(values).all():
        raise LandscapeError(f"no value of {name} has been computed yet")
    reading.metric, reading.metrics = name, metrics
    called = sorted(each.groups() for each in map(_NAMED_AXES.fullmatch, found.groups) if each)
    if [place for place, _ in called] == ["0", "1"]:
        reading.names = called[0][1], called[1][1]
    return reading


def _landscapeviz(found: Contents, metric: str) -> Reading:
    space = found.arrays["space"].ravel()
    n = len(space)
    check_shape((n,))
    metrics = _metrics(found, (n, n))
    name = choose(metric, metrics)
    values = found.arrays[name].reshape(n, n)
    return Reading(space, space, values, name, metrics)  # the first index is y's


def _metrics(found: Contents, shape: Sequence[int]) -> tuple[str, ...]:
    """Return the data sets whose values belong to coordinates, of as many points as `shape` says.

    Raises
    ------
    LandscapeError
        If there is none, with what there is.
    """
    others = {name: values for name, values in found.arrays.items() if name not in _COORDINATES}
    fitting = {tuple(shape), tuple(reversed(shape)), (math.prod(shape),)}
    metrics = tuple(
        name
        for name, values in others.items()
        if tuple(n for n in values.shape if n != 1) in fitting
    )
    if not metrics:
        there = [f"{brief(name)} has {size(values.shape)}" for name, values in others.items()]
        there += [f"{brief(name)} is too large" for name in found.large]
        raise LandscapeError(
            f"this has coordinates for {size(shape)} points, but not as many values"
            + (f": {listed(there)}" if there else "")
        )
    return metrics


def _with_coordinates(found: Contents, wanted: Wanted) -> Contents:
    """Return loss-landscape's values with the coordinates that were left out.

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
    return replace(found, arrays={**found.arrays, **coordinates})


def _known_shapes(found: Contents) -> dict[str, tuple[int, ...]]:
    """Return the shapes of what by its name and its dimensions is a surface, or a line."""
    shapes = {
        name: tuple(n for n in values.shape if n != 1)
        for name, values in found.arrays.items()
        if is_known_metric(name)
    }
    return {name: shape for name, shape in shapes.items() if len(shape) in (1, 2)}


def _scalars(arrays: Mapping[str, Array], wanted: Wanted) -> Reading:
    """Read a fork's ``loss_{i}_{j}``, i being x's index."""
    found: dict[str, dict[tuple[int, int], float]] = {}
    for key, number in arrays.items():
        match = _SCALAR.fullmatch(key)
        if match and number.size == 1:
            cells = found.setdefault(match[1], {})
            cells[int(match[2]), int(match[3])] = float(number.ravel()[0])
    if not found:
        raise LandscapeError("this holds no numbered values")
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
