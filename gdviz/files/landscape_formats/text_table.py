"""Tables of numbers in text: read from a file of anybody's, with bounds on everything."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.files.delimited_text import cells_of, check_width, delimiter_of, is_number, read_lines
from gdviz.files.landscape_formats.reading import Array, LandscapeError, check_shape, shown

#: 512 × 512 rows of three long numbers.
MAX_FILE_SIZE = 24_000_000
_MAX_COLUMNS = 20
_MAX_LINE = 50 * MAX_POINTS
_MISSING = {"", "nan", "na", "n/a", "null", "none", "-"}


@dataclass(frozen=True)
class Table:
    """A table of numbers.

    Attributes
    ----------
    names : tuple of str
        The names in its first line, if it has any.
    rows : ndarray
        The numbers.
    lines : tuple of int
        Each row's number among the lines of the file.
    has_word : bool
        Whether the first cell of all is a word beside numbers, and here nan.
    """

    names: tuple[str, ...]
    rows: Array
    lines: tuple[int, ...]
    has_word: bool


def runs(axis: Array) -> bool:
    """Tell whether numbers increase, or decrease, all the way."""
    steps = np.diff(axis)
    return bool(np.isfinite(axis).all() and ((steps > 0).all() or (steps < 0).all()))


def is_even(axis: Array) -> bool:
    """Tell whether numbers are evenly spaced, as far as they were printed."""
    if len(axis) < 3 or not runs(axis):
        return False
    even = np.linspace(axis[0], axis[-1], len(axis))
    return bool((np.abs(axis - even) <= 0.01 * abs(even[1] - even[0])).all())


def read_table(path: Path) -> Table:
    """Read a table of numbers.

    What stands above evenly spaced columns and beside evenly spaced rows may lack its first cell,
    as where cells are separated by blanks, and no word is in it; the table then has nan there.

    Raises
    ------
    LandscapeError, TableError
        With the line, where there is one.
    OSError
    """
    names, lines = _lines(path)
    first = _cells(lines[0][1])
    has_word = _is_word_beside_numbers(first)
    lacks_one = len(lines) > 2 and len(_cells(lines[1][1])) == len(first) + 1
    if has_word:
        first[0] = ""
    elif lacks_one:
        first.insert(0, "")
    width = len(first)
    if len(names) != width or has_word or lacks_one or all(map(_is_number, names)):
        names = ()  # a comment
    _check_size(len(lines), width)
    rows = np.empty((len(lines), width))
    # Names in a comment may be cut otherwise than the numbers, and so may the first row.
    delimiter = delimiter_of(lines[min(1, len(lines) - 1)][1])
    rest = ((number, cells_of(line, delimiter)) for number, line in lines[1:])
    for row, (number, cells) in zip(rows, chain([(lines[0][0], first)], rest), strict=True):
        check_width(number, cells, width)
        try:
            row[:] = [_number(cell) for cell in cells]
        except ValueError:
            wrong = next(k for k, cell in enumerate(cells) if not _is_number(cell))
            column = shown(names[wrong]) if names else wrong + 1
            raise LandscapeError(
                f"line {number}, column {column} holds {shown(cells[wrong])}, which is not a number"
            ) from None
    if lacks_one and not (has_word or (is_even(rows[0, 1:]) and is_even(rows[1:, 0]))):
        check_width(lines[1][0], _cells(lines[1][1]), width - 1)
    return Table(names, rows, tuple(number for number, _ in lines), has_word)


def _lines(path: Path) -> tuple[tuple[str, ...], list[tuple[int, str]]]:
    """Return the cells of the first line if these are names, and the lines of numbers."""
    lines = [(number, line.strip()) for number, line in read_lines(path, MAX_FILE_SIZE)]
    if lines and lines[-1][0] > 2 * MAX_POINTS * MAX_POINTS:
        raise LandscapeError("this has more lines than a grid can have points")
    if any(len(line) > _MAX_LINE for _, line in lines):
        raise LandscapeError(f"this has lines of more than {_MAX_LINE:,} characters")
    comments = [line.lstrip("# ") for _, line in lines if line.startswith("#")]
    lines = [line for line in lines if not line[1].startswith("#")]
    if not lines:
        raise LandscapeError("this file is empty")
    # np.savetxt writes its header so.
    names = tuple(_cells(comments[-1])) if comments else ()
    first = _cells(lines[0][1])
    # If most cells are numbers, the others are wrong, and no names.
    if 2 * sum(map(_is_number, first)) <= len(first) and not _is_word_beside_numbers(first):
        names = tuple(first)
        lines.pop(0)
    if not lines:
        raise LandscapeError("this has names in its first line, but no rows below it")
    return names, lines


def _cells(line: str) -> list[str]:
    """Return the cells of a line that is cut by itself, as a first one is."""
    return cells_of(line, delimiter_of(line))


def _check_size(rows: int, columns: int) -> None:
    if columns > MAX_POINTS or rows > MAX_POINTS * MAX_POINTS:
        raise LandscapeError(f"this has {rows:,} rows and {columns:,} columns, which is too large")
    if rows > MAX_POINTS and columns > _MAX_COLUMNS:
        check_shape((rows, columns))


def _is_word_beside_numbers(cells: Sequence[str]) -> bool:
    word, *others = cells
    return (
        len(others) >= 2
        and not _is_number(word)
        and all(_is_number(cell) and math.isfinite(_number(cell)) for cell in others)
    )


def _number(cell: str) -> float:
    return math.nan if cell.lower() in _MISSING else float(cell)


def _is_number(cell: str) -> bool:
    return cell.lower() in _MISSING or is_number(cell)
