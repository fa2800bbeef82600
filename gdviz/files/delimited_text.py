"""Tables in text, cut into cells; what the cells mean is for others to tell."""

import csv
from collections.abc import Sequence
from pathlib import Path

from gdviz.base.files import read_file

#: Stands for any number of blanks between two cells.
BLANKS = " "


class TableError(ValueError):
    """A text that is no table, in one sentence."""


def read_lines(path: Path, most: int) -> list[tuple[int, str]]:
    """Read the lines of a file that are not empty, with their numbers.

    Parameters
    ----------
    path : Path
        The file: UTF-8, with or without a byte order mark.
    most : int
        Bytes that it may have.

    Raises
    ------
    TableError, OSError
    """
    content = read_file(path, most + 1)
    if len(content) > most:
        raise TableError(f"this is larger than {most // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError("this is not a text file in UTF-8") from None
    return [line for line in enumerate(text.split("\n"), 1) if line[1].strip()]


def delimiter_of(line: str, otherwise: str = BLANKS) -> str:
    """Return what stands between the cells of a line: a semicolon, a tab, a comma, or else."""
    return next((delimiter for delimiter in ";\t," if delimiter in line), otherwise)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, without quotes around them and blanks at their ends.

    Raises
    ------
    TableError
        If a quote is not closed, or something follows it in its cell.
    """
    if delimiter == BLANKS:
        return line.split()
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True)
    except csv.Error as error:
        raise TableError(str(error)) from None
    return [cell.strip() for cell in cells]


def check_width(number: int, cells: Sequence[str], width: int) -> None:
    """Refuse the line of a number that has more or fewer cells than the first one.

    Parameters
    ----------
    number : int
        The line's number, from 1 on.
    cells : sequence of str
        What stands in it.
    width : int
        How many cells the first line has.
    """
    if len(cells) != width:
        raise TableError(f"line {number} has {len(cells):,} cells, but the first has {width:,}")


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number, be it nan or infinite."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
