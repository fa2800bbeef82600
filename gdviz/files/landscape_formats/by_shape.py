"""A surface among the arrays of a file: their shapes tell what they are, and seldom their names.

Tried in this order: axes that the format itself attaches to the values; two arrays of the values'
shape, each constant along one axis (np.meshgrid); two vectors of the lengths of its sides; points
one by one, as three vectors of one length or as the columns of one matrix; as many losses in a row
as two vectors have crossings; and losses along a line.
What has no coordinates at all is a surface only if a range is given.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations, permutations

import numpy as np

from gdviz.base.format import brief
from gdviz.base.types import Array
from gdviz.files.landscape_formats.array_dump import SINGLE
from gdviz.files.landscape_formats.contents import OBJECTS, Contents
from gdviz.files.landscape_formats.crossings import Crossings, crossings
from gdviz.files.landscape_formats.names import (
    A_NAMES,
    B_NAMES,
    as_a_and_b,
    asked_for,
    can_be_axis,
    choose,
    group_and_name,
    in_order,
    is_axis,
    is_known_metric,
    is_weights,
    last_word,
    order_of,
    plain,
)
from gdviz.files.landscape_formats.reading import (
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    curve,
    mesh,
)
from gdviz.files.landscape_formats.third_dimension import (
    THREE,
    further_dimension,
    layers,
    spread_note,
)
from gdviz.files.landscape_formats.trajectories import PATH, stored_trajectory
from gdviz.files.landscape_formats.without_coordinates import without_coordinates
from gdviz.files.text_table import is_even, runs

_Readings = dict[str, Callable[[], Reading]]
#: Columns of a matrix that holds a point in each row.
_MOST_COLUMNS = 20
#: Arrays beyond which those of a network are passed over, which are many, and no surfaces.
_MOST_ARRAYS = 60


def surface(found: Contents, wanted: Wanted) -> Reading:
    """Read the surface that is wanted.

    Raises
    ------
    LandscapeError
        If there is none.
    RangeNeeded
        If there are values without coordinates.
    """
    for name, words in found.others.items():
        if is_axis(name) and words not in (OBJECTS, SINGLE):
            raise LandscapeError(f"the coordinates {brief(name)} are {words}, not real numbers")
    # The coordinates of what is in one group may be in another.
    groups = list(found.parts())
    for parts in (groups, [("", found)]) if len(groups) > 1 else (groups,):
        readings = _readings(parts, wanted)
        if readings:
            name = choose(wanted.metric, tuple(readings))
            reading = readings[name]()
            reading.metric, reading.metrics = name, tuple(filter(None, readings))
            reading.notes += _left_out(found, name, readings)
            break
    else:
        reading = without_coordinates(found, wanted)
    trajectory, notes = stored_trajectory(found)
    reading.trajectory = trajectory
    reading.notes += notes
    return reading


def _left_out(found: Contents, drawn: str, readings: _Readings) -> list[str]:
    """Say which losses the file holds as well, without coordinates that one could find."""
    left = [
        f"{brief(name)} ({' × '.join(map(str, array.squeeze().shape))})"
        for name, array in found.arrays.items()
        if array.squeeze().ndim == 2 and min(array.squeeze().shape) > 2
        if is_known_metric(name) and not any(_whole(read) == name for read in readings)
    ]
    if not left or is_known_metric(drawn):
        return []
    verb = "has" if len(left) == 1 else "have"
    return [
        f"{' and '.join(left)} {verb} no coordinates in this file: what is drawn is {brief(drawn)}"
    ]


def _readings(parts: Sequence[tuple[str, Contents]], wanted: Wanted) -> _Readings:
    """Return what can be read by the first layout by which anything that is wanted can be."""
    for layout in (_scaled, _meshed, _sided, _listed, _raveled, _line):
        readings = {
            prefix + name: read
            for prefix, part in parts
            for name, read in layout(_Part(_pieces(part), part)).items()
            if prefix + name == wanted.metric or not is_weights(prefix + name)
        }
        if readings and (not wanted.metric or asked_for(wanted.metric, readings)):
            return readings
    return {}


def _pieces(found: Contents) -> dict[str, Array]:
    """Return the arrays without axes of length 1, and pairs and triples of arrays taken apart."""
    pieces: dict[str, Array] = {}
    candidates = {
        name: array
        for name, array in found.arrays.items()
        if array.size > 1 and plain(name) not in PATH
    }
    if len(candidates) > _MOST_ARRAYS:
        scales = {scale for scales in found.scales.values() for scale in scales}
        candidates = {
            name: array
            for name, array in candidates.items()
            if is_axis(name) or is_known_metric(name) or name in scales
        }
    for name, array in candidates.items():
        array = array.squeeze()
        pieces[name] = array
        for axis in (-1, 0):
            many = array.shape[axis]
            if array.ndim > 1 and many in ((2, 3) if array.ndim == 3 else (2,)):
                for k, part in enumerate(np.moveaxis(array, axis, 0)):
                    pieces.setdefault(f"{name}[{k}]", part)
                break
    return pieces


@dataclass(frozen=True)
class _Part:
    """The arrays of one group of a file."""

    pieces: dict[str, Array]
    found: Contents

    @cached_property
    def matrices(self) -> dict[str, Array]:
        return {name: array for name, array in self.pieces.items() if array.ndim == 2}

    @cached_property
    def vectors(self) -> dict[str, Array]:
        return {name: array for name, array in self.pieces.items() if array.ndim == 1}

    def coordinate(self, dimension: str) -> str:
        """Return the name of a dimension's coordinate: its own, or of the only array along it."""
        along = [
            name
            for name, scales in self.found.scales.items()
            if scales == (dimension,) and name in self.vectors and not is_known_metric(name)
        ]
        return along[0] if len(along) == 1 and dimension not in self.vectors else dimension


def _whole(name: str) -> str:
    """Return the name of the array that this is a part of, such as x[0]."""
    return re.sub(r"\[\d+\]$", "", name)


def _is_part(name: str) -> bool:
    return _whole(name) != name


# -- layouts: what can be read of some arrays, and how


def _scaled(part: _Part) -> _Readings:
    """Return the matrices whose format attaches their coordinates (netCDF, dimension scales)."""
    readings: _Readings = {}
    for name, all_scales in part.found.scales.items():
        values, sides = part.pieces.get(name), part.found.arrays[name].shape
        if values is None or values.ndim < 2 or len(all_scales) != len(sides):
            continue  # along one axis lie an axis itself, and losses on a line
        scales = [scale for scale, side in zip(all_scales, sides, strict=True) if side > 1]
        surfaces, cube, further = {name: values}, values, ""
        if values.ndim == THREE:
            further = further_dimension(scales)
            cube = np.moveaxis(values, scales.index(further), 0)
            scales.remove(further)
            labels = part.vectors.get(further, np.arange(len(cube), dtype=np.float64))
            surfaces = layers(name, further, cube, labels)
        names = [part.coordinate(scale) for scale in scales]
        axes = [part.vectors[axis] for axis in names if axis in part.vectors]
        for title, surface in surfaces.items():
            if [len(axis) for axis in axes if runs(axis)] == list(surface.shape):
                notes = spread_note(title, further, cube) if further else []
                readings[title] = partial(_on_axes, names, axes, surface, notes)
    return readings


def _on_axes(names: list[str], axes: list[Array], values: Array, notes: list[str]) -> Reading:
    """Return values whose indices belong to two axes, in the order of these.

    Parameters
    ----------
    names : list of str
        What the axes are called.
    axes : list of ndarray, shapes (n,) and (m,)
        The axes.
    values : ndarray, shape (n, m)
        The values.
    notes : list of str
        What is to be said of them.
    """
    check_shape(values.shape)
    (first, second), (x, y) = names, axes
    if in_order(first, second):
        return Reading(x, y, values.T, b_fastest=True, names=(first, second), notes=notes)
    return Reading(y, x, values, names=(second, first), notes=notes)


def _meshed(part: _Part) -> _Readings:
    """Return the matrices of the shape of two others, which are each constant along one axis."""
    readings: _Readings = {}
    for shape in dict.fromkeys(array.shape for array in part.matrices.values()):
        alike = {name: array for name, array in part.matrices.items() if array.shape == shape}
        axes = _mesh_axes(alike)
        if axes is not None:
            for name in (name for name in alike if name not in axes):
                if not _is_part(name) or _whole(name) == _whole(axes[0]):
                    a, b = (alike[axis] for axis in axes)
                    readings[name] = partial(_on_mesh, a, b, alike[name], axes)
    return {name: readings[name] for name in part.pieces if name in readings}


def _on_mesh(a: Array, b: Array, values: Array, names: tuple[str, str]) -> Reading:
    reading = mesh(a, b, values)
    reading.names = _told(names)
    return reading


def _mesh_axes(alike: Mapping[str, Array]) -> tuple[str, str] | None:
    """Return the names of a's and b's coordinates among matrices of one shape, if any."""
    along: tuple[list[str], list[str]] = [], []
    for name, array in alike.items():
        for axis in (0, 1):
            line = np.take(array, 0, axis=1 - axis)
            if runs(line) and (array == np.expand_dims(line, 1 - axis)).all():
                along[axis].append(name)
    if not all(along):
        return None
    first, second = (min(names, key=lambda name: not is_axis(name)) for names in along)
    return as_a_and_b(*sorted((first, second), key=list(alike).index))


def _sided(part: _Part) -> _Readings:
    """Return the matrices of which each side has a vector of its length."""
    vectors = part.vectors
    named = [
        next((name for name in vectors if last_word(name) == word), "")
        for words in (A_NAMES, B_NAMES)
        for word in [next((w for w in words if w in map(last_word, vectors)), "")]
    ]
    readings: _Readings = {}
    for name, values in part.matrices.items():
        if _is_part(name):
            continue
        others = {n: v for n, v in vectors.items() if _whole(n) != name}
        axes = _sides(others, named, values.shape)
        if axes is not None:
            a, b = (vectors[axis] for axis in axes)
            readings[name] = partial(_beside, a, b, values, axes, part.found)
    return readings


def _sides(
    vectors: Mapping[str, Array], named: list[str], shape: tuple[int, ...]
) -> tuple[str, str] | None:
    """Return the names of a's and b's coordinates for a matrix, if they are there."""
    if all(named):
        a, b = (len(vectors[name]) if name in vectors else 0 for name in named)
        for n, m in (shape, shape[::-1]):
            if a in (n, 2) and b in (m, 2):
                return named[0], named[1]
    axes = {name: v for name, v in vectors.items() if runs(v) and can_be_axis(name)}
    rank = sorted(axes, key=lambda name: (not is_axis(name), not is_even(axes[name])))
    fitting = [[name for name in rank if len(axes[name]) == n] for n in shape]
    if not all(fitting):
        return None
    if shape[0] != shape[1]:
        first, second = sorted((fitting[0][0], fitting[1][0]), key=list(vectors).index)
    elif len(fitting[0]) == 1:
        only = fitting[0][0]
        return (only, only) if is_even(axes[only]) and not all(named) else None
    else:
        first, second = sorted(fitting[0][:2], key=list(vectors).index)
    return as_a_and_b(first, second)


def _beside(a: Array, b: Array, values: Array, names: tuple[str, str], of: Contents) -> Reading:
    """Return a matrix with vectors along its sides.

    Parameters
    ----------
    a, b : ndarray
        The vectors.
    values : ndarray, shape (k, l)
        The matrix.
    names : (str, str)
        What the vectors are called.
    of : Contents
        What the file says of the order of indices and names, where the lengths do not tell.
    """
    reading = mesh(a, b, values)
    if of.first_is_b and reading.ambiguous:
        reading = mesh(b, a, values)
        reading.a, reading.b = reading.b, reading.a
        reading.values, reading.b_fastest = reading.values.T, not reading.b_fastest
    if names[0] == names[1]:
        reading.notes.append(f"the array {brief(names[0])} is taken for both axes")
    else:
        reading.names = _told(names)
        if reading.ambiguous and not order_of(*names):
            first, second = map(brief, names if reading.b_fastest else names[::-1])
            why = ", by the alphabet: the file does not keep the order of writing"
            reading.notes.append(
                f"the first index is taken to be that of {first} and the second that of {second}"
                + why * of.sorted_names
            )
    return reading


def _listed(part: _Part) -> _Readings:
    """Return values that stand point by point: in vectors of one length, or in columns."""
    readings: _Readings = {}
    for columns in _tables(part):
        found_at = _points(columns)
        if found_at is not None:
            axes, places = found_at
            others = [name for name in columns if name not in axes]
            values = [name for name in others if not _counts_rows(columns[name])] or others
            for name in values:
                if not is_axis(name) or len(columns) == len(axes) + 1:
                    readings[name] = partial(_at_points, places, columns[name], axes)
    return readings


def _counts_rows(column: Array) -> bool:
    """Tell whether a column is the number of its rows, and no loss."""
    return bool(column[0] in (0.0, 1.0) and (np.diff(column) == 1.0).all())


def _tables(part: _Part) -> Iterator[dict[str, Array]]:
    """Yield vectors that are of one length: whole arrays, flattened ones, columns."""
    for length in dict.fromkeys(array.size for array in part.vectors.values()):
        table = {
            name: array.ravel()
            for name, array in part.pieces.items()
            if array.size == length and array.ndim <= 2
        }
        if len(table) >= 3:
            yield table
    for name, array in part.matrices.items():
        rows = array if array.shape[1] <= array.shape[0] else array.T
        if 3 <= rows.shape[1] <= _MOST_COLUMNS and not _is_part(name):
            last = name if rows.shape[1] == 3 else f"{name}[2]"
            names = [f"{name}[0]", f"{name}[1]", last]
            names += [f"{name}[{k}]" for k in range(3, rows.shape[1])]
            yield dict(zip(names, rows.T, strict=True))


def _points(columns: Mapping[str, Array]) -> tuple[tuple[str, str], Crossings] | None:
    """Return which two of some columns are the crossings of a grid."""
    names = sorted(columns, key=lambda name: not is_axis(name))
    for first, second in permutations(names[:_MOST_COLUMNS], 2):
        if names.index(first) < names.index(second) and len(columns[first]) >= 4:
            pair = as_a_and_b(first, second)
            places = crossings(columns[pair[0]], columns[pair[1]])
            if places is not None and places.repeated() is None:
                return pair, places
    return None


def _at_points(places: Crossings, values: Array, names: tuple[str, str]) -> Reading:
    check_shape((len(places.a), len(places.b)))
    return Reading(places.a, places.b, places.spread_out(values), names=_told(names))


def _raveled(part: _Part) -> _Readings:
    """Return losses in a row, of as many as two vectors have crossings."""
    readings: _Readings = {}
    axes = [name for name, v in part.vectors.items() if runs(v) and can_be_axis(name)]
    for name, values in part.vectors.items():
        pairs = [
            (one, other)
            for one, other in combinations(axes, 2)
            if len(part.vectors[one]) * len(part.vectors[other]) == len(values)
        ]
        pairs = [pair for pair in pairs if all(map(is_axis, pair))] or pairs
        if len(pairs) == 1 and name not in pairs[0]:
            pair = as_a_and_b(*pairs[0])
            a, b = (part.vectors[axis] for axis in pair)
            readings[name] = partial(_in_a_row, a, b, values, pair)
    return readings


def _in_a_row(a: Array, b: Array, values: Array, names: tuple[str, str]) -> Reading:
    """Return losses in a row in the order in which they are smoother: a running faster, or b."""
    check_shape((len(a), len(b)))
    orders = values.reshape(len(b), len(a)), values.reshape(len(a), len(b)).T
    bends = [sum(np.nansum(np.diff(z, 2, axis=k) ** 2) for k in (0, 1)) for z in orders]
    b_fastest = bool(bends[1] < bends[0])
    return Reading(a, b, orders[b_fastest], b_fastest=b_fastest, ambiguous=True, names=_told(names))


def _line(part: _Part) -> _Readings:
    """Return losses along a line, which have the name of losses."""
    vectors = part.vectors
    if any(last_word(name) in B_NAMES for name in vectors) or part.matrices:
        return {}
    places = [name for name in vectors if is_axis(name) and not is_known_metric(name)]
    losses = [name for name in vectors if is_known_metric(name)]
    return {name: partial(curve, vectors[places[0]], vectors[name]) for name in losses if places}


def _told(names: tuple[str, str]) -> tuple[str, str]:
    """Return names of axes, if these say something."""
    says_nothing = any(_is_part(name) or re.fullmatch(r"arr_\d+|", name) for name in names)
    first, second = (group_and_name(name)[1] for name in names)
    return ("a", "b") if says_nothing else (first, second)
