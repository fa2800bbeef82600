"""Text, cut into lines and cells; what the cells mean is for others to tell."""

import codecs
import csv
from collections.abc import Sequence

#: Stands for any number of blanks between two cells.
BLANKS = " "
#: Lines by which it is told what stands between the cells.
_SAMPLE = 20
#: A grid of 512 × 512 points, each with a line, has a quarter of them.
_MAX_LINES = 1_000_000


class TableError(ValueError):
    """A text that is no table, in one sentence."""


def lines_of(content: bytes, most: int) -> list[tuple[int, str]]:
    """Return the lines of a text that are not empty, with their numbers.

    Parameters
    ----------
    content : bytes
        The text: UTF-8, with or without a byte order mark, or UTF-16 with one.
    most : int
        Bytes that it may have.

    Raises
    ------
    TableError
    """
    if len(content) > most:
        raise TableError(f"this is larger than {most // 1_000_000} MB")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise TableError("this is not a text file in UTF-8: save it with that encoding") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > _MAX_LINES:
        raise TableError(f"this has more than {_MAX_LINES:,} lines")
    return [line for line in enumerate(text.split("\n"), 1) if line[1].strip()]


def delimiter_of(lines: Sequence[str], otherwise: str = BLANKS) -> str:
    """Return what stands between the cells: a semicolon, a tab, a comma, or else.

    Parameters
    ----------
    lines : sequence of str
        The first lines. What cuts all of them into equally many cells is taken; where nothing
        does, the first that is in the first line.
    otherwise : str, default BLANKS
        What it is where there is none of them.
    """
    found = [delimiter for delimiter in ";\t," if delimiter in lines[0]]
    for delimiter in found if len(found) > 1 else ():
        try:
            widths = {len(cells_of(line, delimiter)) for line in lines[:_SAMPLE]}
        except TableError:
            continue
        if len(widths) == 1 and widths != {1}:
            return delimiter
    return found[0] if found else otherwise


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, without quotes around them and blanks at their ends.

    Raises
    ------
    TableError
        If a quote is not closed, or something follows it in its cell.
    """
    if delimiter == BLANKS and '"' not in line:
        return line.split()
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True)
    except csv.Error:
        raise TableError("a quote is not closed, or something follows it in its cell") from None
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
