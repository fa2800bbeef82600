"""Loss landscapes as text: a row ``x,y,value…`` for each point, or a matrix, or a line's losses.

What a table of numbers means is told by its structure, by these rules, the first that holds:

- A word in the first cell and numbers beside it, or no number in it and an evenly spaced first row
  and first column: a matrix with its coordinates. The word names the rows' coordinate, and one
  after a backslash the columns'.
- Three columns or more, two of which are the crossings of a grid: a row for each point, whatever
  the columns are called. Where it may be data as well, the person has the last word. Several rows
  for a point are told apart by :mod:`~gdviz.files.landscape_formats.further_columns`.
- Names in the first line, the first an axis's (x, alpha, …) and the others all losses' or
  accuracies' (loss, train_loss, test_acc, …): losses along a line.
- Other names: data. Two columns without names are data as well, or, if the first one increases or
  decreases all the way and the person says so, losses along a line.
- No names: a matrix without coordinates.

Where the first row and column may be coordinates as well as losses, that is said, and the person
has to write it in one of the ways that leave no doubt.
"""

import operator
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gdviz.base.format import brief, listed, number
from gdviz.base.types import Array
from gdviz.engine.objectives.data import MAX_COLUMNS, MAX_ROWS
from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.files.delimited_text import TableError
from gdviz.files.file_kinds import Verdict
from gdviz.files.landscape_formats.further_columns import layers_of
from gdviz.files.landscape_formats.names import (
    PAIRS,
    choose,
    is_value,
    known_pair,
    plain,
    tells_progress,
    tells_repeats,
)
from gdviz.files.landscape_formats.point_rows import (
    FULL_SHARE,
    PointGrid,
    find_points,
    scattered_columns,
)
from gdviz.files.landscape_formats.reading import (
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    curve,
    matrix,
    range_in_name,
)
from gdviz.files.text_table import Table, is_even, read_table, runs

#: Beside points without names, if these are to be taken for points although one is repeated.
_MOST_VALUES = 2
#: How much longer than wide a table without names is, if it is no matrix.
_TALL = 4
#: Names under which the first column is the place on a line.
_PLACES = {"x", "a", "alpha", "xcoordinates", "w0", "w1", "theta0", "theta1", "step1", "xcoord",
           "dir1", "direction1"}  # fmt: skip
_UNNAMED_LINE = (
    "the two columns are taken for a coordinate and its loss: put the names x,loss above them to "
    "leave no doubt, or write a matrix of two columns in two rows"
)
_NAMED_LINE = (
    "the column names suggest losses along a line: to fit these numbers, open them as data"
)
_IN_DOUBT = (
    "the first row and the first column may be coordinates or losses: write a word into the first "
    "cell, such as b\\a, if they are coordinates; otherwise give the range: --range A0,A1,B0,B1"
)


def read(wanted: Wanted) -> Reading:
    """Read a surface.

    Raises
    ------
    LandscapeError
    TableError
    RangeNeeded
        If it is a matrix, and neither a range nor the file's name tells where it lies.
    """
    table = read_table(wanted.path)
    grid = find_points(table)
    if grid is not None and not _may_be_matrix(table, grid):
        return _by_rows(table, grid, wanted.metric)
    reading = _reading(table, wanted)
    reading.notes[:0] = table.left_out()
    return reading


def _reading(table: Table, wanted: Wanted) -> Reading:
    metric, name = wanted.metric, wanted.path.name
    rows, columns = table.rows.shape
    if _is_line(table):
        return _line(table, metric)
    named = range_in_name(name)
    has_range = wanted.extent is not None or (named is not None and named.is_of(table.rows.shape))
    if _has_coordinates(table, has_range):
        return _headed(table, metric)
    if scattered := scattered_columns(table):
        first, second, value = scattered
        raise LandscapeError(
            f"the points of the columns {first} and {second} lie on no grid: compute {value} at "
            "the points of one, or interpolate it there, as with scipy.interpolate.griddata"
        )
    if table.names:
        raise LandscapeError(
            f"the columns {listed(table.names)} are not those of a surface: x, y and a value for "
            "each point of a grid"
        )
    if rows > MAX_POINTS and columns == 3:
        raise LandscapeError("the points of these rows do not form a grid along the axes")
    where = "this matrix has no coordinates"
    return matrix(table.rows, wanted, b_fastest=False, where=where)


def decide(path: Path) -> Verdict | None:
    """Tell whether a text file is a surface or data to be fitted; None if it is no table.

    Raises
    ------
    OSError
    """
    try:
        table = read_table(path)
    except TableError:
        return None
    rows, columns = table.rows.shape
    grid = find_points(table)
    if grid is not None and not _may_be_matrix(table, grid):
        return _of_points(table, grid)
    if table.headed or (not table.names and range_in_name(path.name) is not None):
        return Verdict("landscape")
    if table.names:
        is_line = _is_line(table) and len(np.unique(table.rows[:, 0])) == rows >= 2
        return Verdict("landscape" if is_line else "data")
    if columns == 1 or rows == 1:
        return None
    if columns == 2:
        if not _is_line(table):
            return Verdict("data")
        return Verdict("data", "landscape", "two columns without names are data, or a coordinate "
                       "and the loss there")  # fmt: skip
    if columns <= MAX_COLUMNS and _TALL * columns <= rows <= MAX_ROWS:
        return Verdict("data", "landscape", f"{rows:,} × {columns} numbers without names are "
                       "columns of data, or a matrix of losses")  # fmt: skip
    return Verdict("landscape")


def _of_points(table: Table, grid: PointGrid) -> Verdict:
    """Tell what the points of a grid are, by what is known of them beside that."""
    if not table.names:
        return Verdict("landscape")
    names = [brief(table.names[k]) for k in grid.columns]
    values = [k for k in range(len(table.names)) if k not in grid.columns]
    likely = _likely(table, {table.names[k]: k for k in values})
    has_value = any(is_value(table.names[k]) for k in values)
    counted = any(tells_repeats(table.names[k]) for k in grid.columns)  # a line, with seeds
    if has_value and not counted and (grid.share >= FULL_SHARE or known_pair(*names)):
        return Verdict("landscape")
    n, m = grid.shape
    why = (
        f"the rows are points of a grid of {n} × {m} values of {names[0]} and {names[1]}, "
        f"with {brief(likely[0])} at each"
    )
    classes = all(len(np.unique(table.rows[:, k])) <= 2 for k in values)
    is_small = min(grid.shape) < 3
    in_conflict = grid.conflict is not None and not _are_repeats(table, grid)
    if not has_value and (grid.share < FULL_SHARE or in_conflict):
        return Verdict("data")
    if not has_value and (classes or is_small):
        return Verdict("data", "landscape", why)
    return Verdict("landscape", "data", why)


def _are_repeats(table: Table, grid: PointGrid) -> bool:
    """Tell whether rows of one point differ in a column that by its name numbers repeats."""
    numbered = [k for k, name in enumerate(table.names) if tells_repeats(name)]
    rows = table.rows[:, [*grid.columns, *numbered]]
    return bool(numbered) and len(np.unique(rows, axis=0)) == len(rows)


def read_trajectory(path: Path, names: tuple[str, str]) -> tuple[Array, list[str]]:
    """Read the points that an optimizer went through: two columns, a row for each point.

    Parameters
    ----------
    path : Path
        The file. Of more than two columns those are taken that have the surface's names, or names
        that usually belong together; one that counts the steps may stand before them.
    names : (str, str)
        What the surface's axes are called.

    Returns
    -------
    points : ndarray, shape (k, 2)
    notes : list of str

    Raises
    ------
    LandscapeError
    TableError
    """
    table = read_table(path)
    count = table.rows.shape[1]
    columns = None if table.headed else _trajectory_columns(table, names)
    if columns is None:
        has = f"has the columns {listed(table.names)}" if table.names else f"has {count} columns"
        raise LandscapeError(
            f"a trajectory has a row for each point and two columns, such as x,y, but this {has}"
        )
    return table.rows[:, columns], table.left_out()


def _trajectory_columns(table: Table, names: tuple[str, str]) -> tuple[int, int] | None:
    count = table.rows.shape[1]
    words = list(map(plain, table.names))
    for first, second in (tuple(map(plain, names)), *PAIRS):
        if words.count(first) == words.count(second) == 1:
            return words.index(first), words.index(second)
    if count == 2:
        return 0, 1
    steps = np.diff(table.rows[:, 0])
    counts_steps = bool((steps > 0).all() and (table.rows[:, 0] == table.rows[:, 0].round()).all())
    return (1, 2) if count == 3 and counts_steps else None


def _may_be_matrix(table: Table, grid: PointGrid) -> bool:
    """Tell whether rows that say different things of a point may be a matrix of small numbers."""
    many = table.rows.shape[1] > _MOST_VALUES + 2
    return not table.names and grid.conflict is not None and many


def _by_rows(table: Table, grid: PointGrid, metric: str) -> Reading:
    """Return what a table of points holds."""
    check_shape(grid.shape)
    if grid.conflict is not None:
        return _layered(table, grid, grid.conflict, metric)
    values = _values(table, grid)
    name = choose(metric, list(values) if metric else _likely(table, values))
    reading = _on_points(table, grid, grid.points.spread_out(table.rows[:, values[name]]))
    reading.metric, reading.metrics = name, tuple(values)
    if grid.repeated:
        many = "row is" if grid.repeated == 1 else "rows are"
        reading.notes.append(f"{grid.repeated:,} repeated {many} left out")
    return reading


def _likely(table: Table, values: Mapping[str, int]) -> list[str]:
    """Return the columns that are likely to be the loss: not those that number the rows."""
    return (
        list(filter(is_value, values))
        or [name for name, k in values.items() if not _numbers_rows(name, table.rows[:, k])]
        or list(values)
    )


def _numbers_rows(name: str, column: Array) -> bool:
    """Tell whether a column is a run's number by its name, or counts 0, 1, 2, … or 1, 2, 3, …."""
    if tells_repeats(name) or tells_progress(name):
        return True
    return column[0] in (0, 1) and bool((np.diff(column) == 1.0).all())


def _layered(table: Table, grid: PointGrid, conflict: tuple[int, int], metric: str) -> Reading:
    """Return what a table with several rows for a point holds."""
    layers = layers_of(table, grid)
    if layers is None:
        raise LandscapeError(_again(table, *conflict, grid.columns))
    values = {name: k for name, k in _values(table, grid).items() if name not in layers.used}
    likely = list(filter(is_value, values)) or list(values)
    if not likely:
        raise LandscapeError(_again(table, *conflict, grid.columns))
    first = choose(metric if metric in likely else "", likely)
    surfaces = {
        f"{name} ({of})": (name, of)
        for name in sorted(likely, key=lambda name: name != first)
        for of in layers.rows
    }
    title = choose(metric or first, tuple(surfaces))
    name, of = surfaces[title]
    losses, notes = layers.values(grid, table.rows[:, values[name]], of)
    reading = _on_points(table, grid, losses)
    reading.metric, reading.metrics = title, tuple(surfaces)
    reading.notes = [*table.left_out(layers.used), *notes]
    return reading


def _values(table: Table, grid: PointGrid) -> dict[str, int]:
    """Return the columns of values, by name."""
    others = [k for k in range(table.rows.shape[1]) if k not in grid.columns]
    found: dict[str, int] = {}
    for place, k in enumerate(others, 1):
        unnamed = f"value {place}" if place > 1 else "value"
        found.setdefault(table.names[k] if table.names else unnamed, k)
    return found


def _on_points(table: Table, grid: PointGrid, values: Array) -> Reading:
    names = tuple(table.names[k] for k in grid.columns) if table.names else ("a", "b")
    return Reading(
        grid.points.a, grid.points.b, values, names=(names[0], names[1]), notes=table.left_out()
    )


def _again(table: Table, before: int, after: int, columns: tuple[int, ...]) -> str:
    """Say that two rows are for the same place, which is in some columns."""
    place = ", ".join(map(number, table.rows[after, columns]))
    second, first = table.lines[after], table.lines[before]
    return (
        f"line {second} is for the point {place}, and so is line {first}: "
        "leave one of them out, or tell them apart in a column, such as seed"
    )


def _is_line(table: Table) -> bool:
    rows, columns = table.rows.shape
    if not table.names:
        return bool(columns == 2 and rows >= 3 and runs(table.rows[:, 0]) and not table.numbered)
    place, *values = map(plain, table.names)
    losses = ["loss" in word for word in values]
    named = any(losses) and all(map(operator.or_, losses, ["acc" in word for word in values]))
    return place in _PLACES and named


def _line(table: Table, metric: str) -> Reading:
    """Return losses along a line, in the order of their places."""
    order = np.argsort(table.rows[:, 0], kind="stable")
    places = table.rows[order, 0]
    same = np.flatnonzero(np.diff(places) == 0)
    if len(same):
        raise LandscapeError(_again(table, int(order[same[0]]), int(order[same[0] + 1]), (0,)))
    metrics = table.names[1:] or ("value",)
    name = choose(metric, metrics)
    reading = curve(places, table.rows[order, 1 + metrics.index(name)])
    reading.metric, reading.metrics = name, metrics
    if table.names:
        reading.names = (table.names[0], "b")
    reading.notes.append(_NAMED_LINE if table.names else _UNNAMED_LINE)
    return reading


def _headed(table: Table, metric: str) -> Reading:
    """Return a matrix with its coordinates, whose first cell says which is which."""
    names, rows_are_a, in_doubt = _axes_of(table.corner)
    metrics = tuple(dict.fromkeys(table.surfaces))
    name = choose(metric, metrics) if metrics else ""
    of_it = [surface == name for surface in table.surfaces] or [True] * (table.rows.shape[1] - 1)
    columns = np.flatnonzero(of_it) + 1
    across, down = (np.argsort(axis, kind="stable")
                    for axis in (table.rows[0, columns], table.rows[1:, 0]))  # fmt: skip
    along, beside = table.rows[0, columns[across]], table.rows[1 + down, 0]
    if min(len(along), len(beside)) > 1 and not (runs(along) and runs(beside)):
        raise LandscapeError(
            "a word in the first cell says that the first row and column are coordinates, but "
            "there is one twice, or missing"
        )
    a, b, values = along, beside, table.rows[np.ix_(1 + down, columns[across])]
    if rows_are_a:
        a, b, values = beside, along, values.T
    reading = Reading(
        a, b, values, name, metrics, headed=True, ambiguous=in_doubt is not None, names=names
    )
    if in_doubt:
        reading.notes.append(in_doubt)
    return reading


def _axes_of(corner: str) -> tuple[tuple[str, str], bool, str | None]:
    """Return what the axes are called, whether the rows are a's, and what is in doubt.

    The word in the first cell names the rows, and one behind a backslash the columns.
    """
    of_rows, _, of_columns = (part.strip() for part in corner.replace("/", "\\").partition("\\"))
    read_as = f"the first cell is read as: rows by {brief(of_rows)}"
    if of_columns and not of_rows:
        names, of_a, _ = _axes_of(of_columns)
        return names, not of_a, ""
    if of_columns:
        in_order = known_pair(of_rows, of_columns)
        names = (of_rows, of_columns) if in_order >= 0 else (of_columns, of_rows)
        in_doubt = None if in_order else f"{read_as}, columns by {brief(of_columns)}"
        return names, in_order >= 0, in_doubt
    word = plain(of_rows)
    firsts = [pair for pair in PAIRS if pair[0] == word]
    seconds = [pair for pair in PAIRS if pair[1] == word]
    if firsts and not seconds:
        return (of_rows, firsts[0][1]), True, None
    if seconds and not firsts:
        return (seconds[0][0], of_rows), False, None
    if not word or is_value(of_rows):
        return ("a", "b"), False, ""
    return (of_rows, "b"), True, read_as


def _has_coordinates(table: Table, has_range: bool) -> bool:
    """Tell whether the first row and the first column of a matrix are its coordinates.

    Raises
    ------
    LandscapeError
        If that is in doubt; where its range is known from elsewhere, it has none.
    """
    if table.names or table.numbered or min(table.rows.shape) < 3:
        return table.headed
    corner, axes = table.rows[0, 0], (table.rows[0, 1:], table.rows[1:, 0])
    if table.headed or not all(map(runs, axes)):
        return table.headed
    are_even = all(map(is_even, axes))
    if np.isnan(corner) and are_even:
        return True
    # Losses that fall evenly from a corner go on evenly in it.
    doubtful = np.isnan(corner) or (are_even and not any(_goes_on(corner, axis) for axis in axes))
    if doubtful and not has_range:
        raise LandscapeError(_IN_DOUBT)
    return False


def _goes_on(before: float, axis: Array) -> bool:
    """Tell whether evenly spaced numbers continue one that stands before them."""
    step = axis[1] - axis[0]
    return bool(abs(axis[0] - step - before) < 0.5 * abs(step))
