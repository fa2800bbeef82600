"""A matrix of losses, or losses along a line, whose range has to be told."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from gdviz.base.format import brief, listed
from gdviz.base.types import Array
from gdviz.files.landscape_formats.array_dump import SINGLE
from gdviz.files.landscape_formats.contents import OBJECTS, Contents
from gdviz.files.landscape_formats.names import (
    A_NAMES,
    B_NAMES,
    as_a_and_b,
    choose,
    in_order,
    is_axis,
    is_known_metric,
    is_value,
    is_weights,
    order_of,
    plain,
)
from gdviz.files.landscape_formats.reading import (
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    curve,
    matrix,
    mesh,
    range_in_name,
    size,
)
from gdviz.files.landscape_formats.trajectories import (
    PATH,
    looks_like_points,
    no_surface,
    stored_trajectory,
    trajectory,
)

#: Rows of three numbers from which they are sooner points than a surface, and arrays looked at.
_MANY_POINTS, _MOST_ARRAYS = 12, 20
_NO_GRID = (
    "lie on no grid, of which a map could be drawn: compute the losses on one, or save the points "
    "as columns of a .csv file, which are read as data"
)
OBJECTS_SENTENCE = (
    f"this holds {OBJECTS}, and opening them would run code from the file: save plain arrays "
    "of numbers"
)


def without_coordinates(found: Contents, wanted: Wanted) -> Reading:
    """Return a matrix, or a line, whose range the person or the file's name tells.

    Raises
    ------
    LandscapeError
        If it holds none, or several that leave open which one is meant.
    RangeNeeded
    """
    arrays = {
        name: array.squeeze() if array.ndim > 2 else array for name, array in found.arrays.items()
    }
    named = {plain(name): array for name, array in arrays.items() if array.size > 1}
    matrices = {
        name: array
        for name, array in arrays.items()
        if array.ndim == 2 and plain(name) not in PATH and not is_axis(name)
        and (name == wanted.metric or not is_weights(name))
    }  # fmt: skip
    lines = {
        name: array
        for name, array in arrays.items()
        if array.ndim == 1 and array.size > 1 and (not name or is_known_metric(name))
    }
    known = {name: array for name, array in matrices.items() if is_known_metric(name)}
    pool = known or matrices or lines
    if wanted.metric in matrices or wanted.metric in lines:
        pool = matrices | lines
    for name, shape in found.large.items():
        if name == wanted.metric or (not pool and not is_weights(name)):
            check_shape(shape)
            raise LandscapeError(
                f"the array {brief(name)} is too large: it holds {size(shape)} numbers"
            )
    if not pool:
        raise LandscapeError(_nothing(found, wanted))
    if not (known or wanted.metric) and len({array.shape for array in pool.values()}) > 1:
        raise LandscapeError(
            f"no array here is called a loss: it holds {listed(_with_shapes(pool))}; "
            "--metric NAME says which one to draw"
        )
    name = choose(wanted.metric, tuple(pool))
    values = pool[name]
    _check_coordinates(named, values)
    what = ", ".join(filter(None, [brief(name), size(values.shape)]))
    where = f"this file has no coordinates for its values ({what})"
    scales = found.scales.get(name, ())  # axes may have names though no coordinates
    is_told = values.ndim == len(scales) == 2 and all(scales)
    b_fastest = in_order(*scales) if is_told else not found.first_is_b
    extent = named.get("extent", named.get("bounds"))
    if wanted.extent is None and extent is not None and extent.size == 4:
        a_low, a_high, b_low, b_high = extent.ravel().tolist()
        wanted = replace(wanted, extent=(a_low, a_high, b_low, b_high))
    is_asked_for = wanted.metric or wanted.extent or range_in_name(wanted.path.name)
    if not (is_asked_for or known or is_told) and looks_like_points(values):
        raise LandscapeError(no_surface(wanted.path))
    if not is_asked_for and (why := _points_off_a_grid(name, values, arrays)):
        raise LandscapeError(why)
    names = as_a_and_b(*scales) if is_told else ("a", "b")
    reading = matrix(values, wanted, b_fastest=b_fastest, where=where, names=names)
    reading.ambiguous &= not is_told
    reading.metric, reading.metrics = name, tuple(filter(None, pool))
    return reading


def _points_off_a_grid(name: str, values: Array, arrays: Mapping[str, Array]) -> str:
    """Say of what may be losses at points that these lie on no grid: on one they would be read."""
    if values.ndim == 2 and min(values.shape) == 3 and max(values.shape) >= _MANY_POINTS:
        return (
            f"the array {brief(name) + ' ' if name else ''}({size(values.shape)}) may hold points "
            f"with a loss each, but these {_NO_GRID}; if it is a surface, --range A0,A1,B0,B1 says "
            "where its values lie"
        )
    alike = [other for other, array in arrays.items() if array.shape == values.shape]
    alike = [other for other in alike if not (other == name or is_value(other))]
    for first, second in combinations(alike[:_MOST_ARRAYS], 2) if values.ndim == 1 else ():
        if order_of(first, second):
            return (
                f"the arrays {brief(first)} and {brief(second)} may be where {brief(name)} was "
                f"computed, but these points {_NO_GRID}"
            )
    return ""


def _check_coordinates(named: Mapping[str, Array], values: Array) -> None:
    """Refuse coordinates that are there by their names, but do not fit."""
    a, b = (
        next((named[word] for word in words if word in named), None) for words in (A_NAMES, B_NAMES)
    )
    if values.ndim == 2 and a is not None and b is not None:
        mesh(a, b, values)
    elif values.ndim == 1 and a is not None:
        curve(a.ravel(), values)


def _with_shapes(arrays: Mapping[str, Array]) -> list[str]:
    return [f"{brief(name)} ({size(array.shape)})" for name, array in arrays.items()]


def _nothing(found: Contents, wanted: Wanted) -> str:
    with suppress(LandscapeError):
        trajectory(found)
        return no_surface(wanted.path, is_named=bool(len(stored_trajectory(found)[0])))
    if OBJECTS in found.others.values():
        return OBJECTS_SENTENCE
    deep = [f"{brief(name)} has {array.ndim} dimensions" for name, array in found.arrays.items()
            if array.squeeze().ndim > 2 and is_known_metric(name)]  # fmt: skip
    if deep:
        return f"a surface has 2 dimensions, but {deep[0]}: save one slice of it"
    odd = [f"{brief(name)} holds {words}" for name, words in found.others.items()
           if words != SINGLE and (is_known_metric(name) or not found.arrays)]  # fmt: skip
    if odd:
        return f"this holds no surface of losses: {odd[0]}, and not real numbers"
    return "this holds no surface of losses" + (found.names and f": it holds {found.names}")
