"""Loss landscapes as text: a matrix, or a row ``x,y,value…`` for each point."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gdviz.engine.loss_grid import MAX_POINTS
from gdviz.landscape_formats.reading import (
    Array,
    Extent,
    LandscapeError,
    Reading,
    check_shape,
    choose,
    listed,
    matrix,
    plain,
    range_in_name,
    shown,
)

#: 512 × 512 rows of three long numbers.
MAX_FILE_SIZE = 24_000_000
_MAX_COLUMNS = 20
_MAX_LINE = 50 * MAX_POINTS
_MISSING = {"", "nan", "na", "n/a", "null", "none", "-"}
#: Pairs of names under which the first two columns are coordinates.
_AXES = {
    ("x", "y"), ("a", "b"), ("alpha", "beta"), ("xcoordinates", "ycoordinates"), ("w1", "w2"),
    ("w0", "w1"), ("theta1", "theta2"), ("theta0", "theta1"), ("step1", "step2"),
    ("xcoord", "ycoord"), ("dir1", "dir2"), ("direction1", "direction2"),
}  # fmt: skip
_VALUES = {"z", "f", "l", "value", "values", "error", "cost", "energy", "objective"}


@dataclass(frozen=True)
class _Table:
    """A table of numbers: the names in its first line, if it has any, and the rows."""

    names: tuple[str, ...]
    rows: Array


def read(path: Path, metric: str, extent: Extent | None) -> Reading:
    """Read a surface.

    Raises
    ------
    LandscapeError
    RangeNeeded
        If it is a matrix, and neither `extent` nor the file's name tells where it lies.
    """
    table = _table(path)
    rows, columns = table.rows.shape
    reading = _by_rows(table, metric) if columns >= 3 and rows >= 4 else None
    if reading is not None:
        return reading
    if table.names:
        raise LandscapeError(
            f"the columns {listed(table.names)} are not those of a surface: x, y and a value for "
            "each point of a grid"
        )
    if rows > MAX_POINTS and columns == 3:
        raise LandscapeError("the points of these rows are not those of a grid along the axes")
    where = "this matrix has no coordinates"
    return matrix(table.rows, extent or range_in_name(path.name), b_fastest=False, where=where)


def looks_like_surface(path: Path) -> bool:
    """Tell whether a text file is a surface rather than data to be fitted.

    Data has names in its first line. So has a surface at times; it is taken for one only if the
    first two columns have the names of axes, the third that of a loss, and the rows are a point
    for each crossing of a grid.
    """
    try:
        table = _table(path)
    except (OSError, LandscapeError):
        return False
    rows, columns = table.rows.shape
    if not table.names:
        return bool(rows >= 2 and columns >= 2)
    words = tuple(map(plain, table.names))
    if columns < 3 or words[:2] not in _AXES:
        return False
    if not ("loss" in words[2] or words[2] in _VALUES):
        return False
    axes = _axes(table.rows)
    return axes is not None and len(axes[0]) * len(axes[1]) == len(table.rows)


def _by_rows(table: _Table, metric: str) -> Reading | None:
    """Return what a table of points holds, or None if its points are not those of a grid."""
    axes = _axes(table.rows)
    if axes is None:
        return None
    a, b, i, j = axes
    check_shape((len(a), len(b)))
    count = table.rows.shape[1] - 2
    metrics = table.names[2:] or tuple(
        f"value {k}" if k > 1 else "value" for k in range(1, count + 1)
    )
    name = choose(metric, metrics)
    values = np.full((len(b), len(a)), np.nan)
    values[j, i] = table.rows[:, 2 + metrics.index(name)]
    names = table.names[:2] if len(table.names) > 2 else ("a", "b")
    return Reading(a, b, values, name, metrics, names=(names[0], names[1]))


def _axes(
    rows: Array,
) -> tuple[Array, Array, np.typing.NDArray[np.intp], np.typing.NDArray[np.intp]] | None:
    """Return the axes on which the first two columns lie, and each row's place on them.

    None if that is no grid: too many points are missing, or one is there twice.
    """
    found = []
    for column in rows[:, :2].T:
        if not np.isfinite(column).all():
            return None
        numbers = np.unique(column)
        # What was printed with fewer digits in one place than in another is the same number.
        apart = np.diff(numbers, prepend=-np.inf) > 1e-9 * np.ptp(numbers)
        axis = numbers[apart]
        found.append((axis, np.searchsorted(axis, column + 1e-9 * np.ptp(numbers), "right") - 1))
    (a, i), (b, j) = found
    size = len(a) * len(b)
    if min(len(a), len(b)) < 2 or not size / 2 <= len(rows) <= size:
        return None
    if len(np.unique(j * len(a) + i)) < len(rows):
        return None
    return a, b, i, j


def _table(path: Path) -> _Table:
    names, lines = _lines(path)
    width = len(_cells(lines[0][1]))
    if len(names) != width or all(map(_is_number, names)):
        names = ()  # a comment
    _check_size(len(lines), width)
    rows = np.empty((len(lines), width))
    for row, (number, line) in zip(rows, lines, strict=True):
        cells = _cells(line)
        if len(cells) != width:
            raise LandscapeError(
                f"line {number} has {len(cells):,} cells, and the first has {width:,}"
            )
        try:
            row[:] = [_number(cell) for cell in cells]
        except ValueError:
            wrong = next(cell for cell in cells if not _is_number(cell))
            raise LandscapeError(
                f"line {number} holds {shown(wrong)}, which is no number"
            ) from None
    return _Table(names, rows)


def _lines(path: Path) -> tuple[tuple[str, ...], list[tuple[int, str]]]:
    """Return the cells of the first line if these are names, and the rest with their numbers."""
    with path.open("rb") as file:
        content = file.read(MAX_FILE_SIZE + 1)
    if len(content) > MAX_FILE_SIZE:
        raise LandscapeError(f"this is larger than {MAX_FILE_SIZE // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LandscapeError("this is not a text file in UTF-8") from None
    if text.count("\n") > 2 * MAX_POINTS * MAX_POINTS:
        raise LandscapeError("this has more lines than a grid has points")
    numbered = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = [line for line in numbered if line[1] and not line[1].startswith("#")]
    if not lines:
        raise LandscapeError("this file is empty")
    if max(len(line) for _, line in numbered) > _MAX_LINE:
        raise LandscapeError(f"this has lines of more than {_MAX_LINE:,} letters")
    names: tuple[str, ...] = ()
    comments = [line for _, line in numbered if line.startswith("#")]
    if comments:  # np.savetxt writes its header so
        names = tuple(_cells(comments[-1].lstrip("# ")))
    first = _cells(lines[0][1])
    if not all(map(_is_number, first)):
        names = tuple(first)
        lines.pop(0)
    if not lines:
        raise LandscapeError("this has names in its first line, but no rows below it")
    return names, lines


def _check_size(rows: int, columns: int) -> None:
    if columns > MAX_POINTS or rows > MAX_POINTS * MAX_POINTS:
        raise LandscapeError(f"this has {rows:,} rows and {columns:,} columns, which is too large")
    if rows > MAX_POINTS and columns > _MAX_COLUMNS:
        check_shape((rows, columns))


def _cells(line: str) -> list[str]:
    for delimiter in ";\t,":
        if delimiter in line:
            return [cell.strip().strip('"') for cell in line.split(delimiter)]
    return line.split()


def _number(cell: str) -> float:
    return math.nan if cell.lower() in _MISSING else float(cell)


def _is_number(cell: str) -> bool:
    try:
        _number(cell)
    except ValueError:
        return False
    return True
