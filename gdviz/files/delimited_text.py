"""Text, cut into lines and cells; what the cells mean is for others to tell."""

import codecs
import csv
import re
from collections.abc import Sequence

#: What may stand between two cells, the likeliest first.
DELIMITERS = ";\t,|"
#: Stands for any number of blanks between two cells.
BLANKS = " "
#: Lines by which it is told what stands between the cells.
_SAMPLE = 20
#: Data of 10⁶ rows, with what stands above and below it.
MAX_LINES = 1_000_100
#: Lines of one quoted cell, and how one begins.
_MOST_IN_A_CELL = 10
_OPENS_CELL = re.compile(r'(?:^|[;\t,|])\s*"')
_CONTROL = re.compile(r"[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]")


class TableError(ValueError):
    """A text that is no table, in one sentence."""


def lines_of(content: bytes, most: int) -> tuple[list[tuple[int, str]], str]:
    """Return the lines of a text that are not empty, with their numbers.

    Parameters
    ----------
    content : bytes
        The text: UTF-8, with or without a byte order mark, UTF-16 with one, or Windows-1252.
    most : int
        Bytes that it may have.

    Returns
    -------
    lines : list of (int, str)
        A quoted cell may hold line ends: its lines are one.
    note : str
        A sentence about the encoding, or nothing.

    Raises
    ------
    TableError
    """
    if len(content) > most:
        raise TableError(f"this is larger than {most // 1_000_000} MB")
    text, note = _decoded(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise TableError(f"this has more than {MAX_LINES:,} lines")
    lines = list(enumerate(text.split("\n"), 1))
    if '"' in text:
        lines = _with_whole_quotes(lines)
    return [line for line in lines if line[1].strip()], note


def _decoded(content: bytes) -> tuple[str, str]:
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:  # as spreadsheets write it on Windows
        text = content.decode("cp1252")
        if not is_utf16 and not _CONTROL.search(text):
            return text, (
                "this is not in UTF-8, and is read as Windows-1252: if names look wrong, save it "
                "in UTF-8"
            )
    except UnicodeDecodeError:
        pass
    raise TableError("this is not a text file in UTF-8: save it with that encoding")


def _with_whole_quotes(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return lines, those of a quoted cell as one."""
    joined: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        number, text = lines[at]
        end = at + 1
        if text.count('"') % 2 and _OPENS_CELL.search(text):
            most = min(at + _MOST_IN_A_CELL, len(lines))
            ends = (k for k in range(at + 1, most) if lines[k][1].count('"') % 2)
            end = next(ends, at) + 1
            text = " ".join(line for _, line in lines[at:end])
        joined.append((number, text))
        at = end
    return joined


def delimiter_of(lines: Sequence[str], otherwise: str = BLANKS) -> str:
    """Return what stands between the cells: one of the DELIMITERS, or else.

    Parameters
    ----------
    lines : sequence of str
        The first lines. What cuts all of them into equally many cells is taken; where nothing
        does, the first that is in the first line.
    otherwise : str, default BLANKS
        What it is where there is none of them.
    """
    found = [delimiter for delimiter in DELIMITERS if delimiter in lines[0]]
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
    if delimiter == "|" and line[0] == line[-1] == delimiter:  # as in Markdown
        line = line[1:-1]
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
