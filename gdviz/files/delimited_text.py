"""Text, cut into lines and cells; what the cells mean is for others to tell."""

import codecs
import csv
import re
from collections.abc import Sequence

#: Stands for any number of blanks between two cells.
BLANKS = " "
#: Lines by which it is told what stands between the cells.
_SAMPLE = 20
#: A grid of 512 × 512 points, each with a line, has a quarter of them.
_MAX_LINES = 1_000_000
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d*|\d{1,3}(?:\.\d{3})+),\d+(?:e[+-]?\d+)?", re.IGNORECASE)
_DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+(?:e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


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


def with_points(records: list[list[str]], delimiter: str) -> str:
    """Change numbers with commas into numbers as Python writes them, and say how they were read.

    Parameters
    ----------
    records : list of list of str
        The cells of a table, which are changed in place.
    delimiter : str
        What stands between them. Where it is a comma, quoted numbers such as "1,500" have commas
        between thousands; others are decimal commas.

    Returns
    -------
    str
        A sentence; empty where no number has a comma.

    Raises
    ------
    TableError
        If some decimals are written with a comma, and others with a point.
    """
    cells = [cell for record in records for cell in record]
    with_comma = [cell for cell in cells if "," in cell and cell[-1].isdigit()]
    if delimiter == "," and with_comma and all(map(_THOUSANDS.fullmatch, with_comma)):
        _replace(records, _THOUSANDS, {",": ""})
        return f"commas inside numbers are read as separators of thousands: {with_comma[0]}"
    decimals = list(filter(_DECIMAL_COMMA.fullmatch, with_comma))
    if not decimals:
        return ""
    other = next(filter(_DECIMAL_POINT.fullmatch, cells), "")
    if other:
        raise TableError(
            f"this has decimals with a comma, such as {decimals[0]}, and with a point, such as "
            f"{other}: write all of them in one way"
        )
    _replace(records, _DECIMAL_COMMA, {".": "", ",": "."})
    return f"numbers are read with a decimal comma: {decimals[0]}"


def _replace(records: list[list[str]], which: re.Pattern[str], signs: dict[str, str]) -> None:
    table = str.maketrans(signs)
    for record in records:
        record[:] = [
            cell.translate(table) if "," in cell and which.fullmatch(cell) else cell
            for cell in record
        ]


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
    return "_" not in cell  # which Python reads over
