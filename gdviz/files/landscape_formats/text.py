"""Loss landscapes as text: a row ``x,y,value…`` for each point, or a matrix, or a line's losses.

What a table of numbers means is told by these rules, the first that holds:

- Three columns or more, the first two of which are the crossings of a grid: a row for each point.
- Names in the first line, the first an axis's (x, alpha, …) and the others all losses' or
  accuracies' (loss, train_loss, test_acc, …): losses along a line. Two columns without names are
  that as well, if the first one increases or decreases all the way, over three rows or more.
- A word in the first cell and numbers beside it, or no number in it and an evenly spaced first row
  and first column: a matrix with its coordinates, those of a in the first row.
- No names: a matrix without coordinates.

Where the first row and column may be coordinates as well as losses, that is said, and the person
has to write it in one of the ways that leave no doubt. With names other than these, it is data.
"""

import operator
from pathlib import Path

import numpy as np

from gdviz.engine.objectives.data import check_column_name
from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.files.delimited_text import TableError
from gdviz.files.landscape_formats.crossings import crossings
from gdviz.files.landscape_formats.reading import (
    Array,
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    choose,
    curve,
    listed,
    matrix,
    plain,
    range_in_name,
)
from gdviz.files.landscape_formats.text_table import Table, is_even, read_table, runs

#: Beside points without names, if these are to be taken for points although one is repeated.
_MOST_VALUES = 2
#: Pairs of names under which the first two columns are coordinates.
_AXES = {
    ("x", "y"), ("a", "b"), ("alpha", "beta"), ("xcoordinates", "ycoordinates"), ("w1", "w2"),
    ("w0", "w1"), ("theta1", "theta2"), ("theta0", "theta1"), ("step1", "step2"),
    ("xcoord", "ycoord"), ("dir1", "dir2"), ("direction1", "direction2"),
}  # fmt: skip
_VALUES = {"z", "f", "l", "value", "values", "error", "cost", "energy", "objective"}
#: Names under which the first column is the place on a line.
_PLACES = {first for first, _ in _AXES}
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
    RangeNeeded
        If it is a matrix, and neither a range nor the file's name tells where it lies.
    """
    path, metric, extent = wanted.path, wanted.metric, wanted.extent
    table = read_table(path)
    rows, columns = table.rows.shape
    reading = _by_rows(table, metric) if columns >= 3 and rows >= 4 else None
    if reading is not None:
        return reading
    if _is_line(table):
        return _line(table, metric)
    named = range_in_name(path.name)
    has_range = extent is not None or (named is not None and named.is_of(table.rows.shape))
    if _has_coordinates(table, has_range):
        return Reading(table.rows[0, 1:], table.rows[1:, 0], table.rows[1:, 1:])
    if table.names:
        raise LandscapeError(
            f"the columns {listed(table.names)} are not those of a surface: x, y and a value for "
            "each point of a grid"
        )
    if rows > MAX_POINTS and columns == 3:
        raise LandscapeError("the points of these rows do not form a grid along the axes")
    where = "this matrix has no coordinates"
    return matrix(table.rows, wanted, b_fastest=False, where=where)


def looks_like_surface(path: Path) -> bool:
    """Tell whether a text file is a surface rather than data to be fitted.

    Data has names in its first line. So has a surface at times; it is taken for one only if the
    first two columns have the names of axes, the third that of a loss, and the rows are a point
    for each crossing of a grid; and losses along a line only if the first column has the name of
    an axis, and all the others those of losses or accuracies.
    """
    try:
        table = read_table(path)
    except (OSError, LandscapeError, TableError):
        return False
    rows, columns = table.rows.shape
    if not table.names:
        return bool(rows >= 2 and columns >= 2) or range_in_name(path.name) is not None
    if _is_line(table):
        is_line = bool(len(np.unique(table.rows[:, 0])) == rows >= 2)
        return is_line or not _can_be_data(table)
    words = tuple(map(plain, table.names))
    if columns < 3 or words[:2] not in _AXES:
        return False
    if not ("loss" in words[2] or words[2] in _VALUES):
        return False
    axes = crossings(table.rows[:, 0], table.rows[:, 1])
    is_grid = axes is not None and len(axes.a) * len(axes.b) == rows and axes.repeated() is None
    return is_grid or not _can_be_data(table)


def _can_be_data(table: Table) -> bool:
    try:
        for name in table.names:
            check_column_name(name)
    except ValueError:  # such as a and b, which are the parameters
        return False
    return True


def _by_rows(table: Table, metric: str) -> Reading | None:
    """Return what a table of points holds, or None if its points are not those of a grid."""
    axes = crossings(table.rows[:, 0], table.rows[:, 1])
    if axes is None:
        return None
    a, b = axes.a, axes.b
    repeated = axes.repeated()
    if repeated is not None:
        if not table.names and table.rows.shape[1] > _MOST_VALUES + 2:
            return None
        raise LandscapeError(_again(table, *repeated, 2))
    check_shape((len(a), len(b)))
    count = table.rows.shape[1] - 2
    metrics = table.names[2:] or tuple(
        f"value {k}" if k > 1 else "value" for k in range(1, count + 1)
    )
    name = choose(metric, metrics)
    values = axes.spread_out(table.rows[:, 2 + metrics.index(name)])
    names = table.names[:2] if len(table.names) > 2 else ("a", "b")
    return Reading(a, b, values, name, metrics, names=(names[0], names[1]))


def _again(table: Table, before: int, after: int, columns: int) -> str:
    """Say that two rows are for the same place, which is in the first columns."""
    place = ", ".join(f"{number:g}" for number in table.rows[after, :columns])
    return (
        f"line {table.lines[after]} is for the point {place}, and so is line {table.lines[before]}"
    )


def _is_line(table: Table) -> bool:
    rows, columns = table.rows.shape
    if not table.names:
        return bool(columns == 2 and rows >= 3 and runs(table.rows[:, 0]))
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
        raise LandscapeError(_again(table, int(order[same[0]]), int(order[same[0] + 1]), 1))
    metrics = table.names[1:] or ("value",)
    name = choose(metric, metrics)
    reading = curve(places, table.rows[order, 1 + metrics.index(name)])
    reading.metric, reading.metrics = name, metrics
    if table.names:
        reading.names = (table.names[0], "b")
    reading.notes.append(_NAMED_LINE if table.names else _UNNAMED_LINE)
    return reading


def _has_coordinates(table: Table, has_range: bool) -> bool:
    """Tell whether the first row and the first column of a matrix are its coordinates.

    Raises
    ------
    LandscapeError
        If that is in doubt; where its range is known from elsewhere, it has none.
    """
    if table.names or min(table.rows.shape) < 3:
        return table.has_word
    corner, axes = table.rows[0, 0], (table.rows[0, 1:], table.rows[1:, 0])
    do_run = all(map(runs, axes))
    if table.has_word and not do_run:
        raise LandscapeError(
            "a word in the first cell says that the first row and column are coordinates, but "
            "these do not increase, or decrease, throughout"
        )
    if table.has_word or not do_run:
        return table.has_word
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
