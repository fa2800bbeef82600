"""Large tables of nothing but numbers, as programs write them, read many times as fast.

The rows must be numbers as JSON has them, or empty cells, with one separator, no quotes and no
comment among them: then a JSON reader gives what reading cell by cell gives, bit for bit.
"""

import codecs
import re
from typing import Any, NamedTuple

import msgspec
import numpy as np

from gdviz.base.types import Array

#: Lines by which it is told what a table is like, and how many one must have to be read so.
HEAD, LEAST_LINES = 64, 500
_NUMBERS = b"0123456789.eE+-"
_SEPARATORS = (b",", b";", b"\t", b" ")
#: A whole −0, which JSON readers take for 0.
_MINUS_ZERO = re.compile(rb"-0(?![.\deE])")


class Head(NamedTuple):
    """The beginning of a text, and how many lines it has."""

    text: bytes
    lines: int


def head_of(content: bytes) -> Head | None:
    """Return the first lines of a long text; None of a short one, or one in UTF-16."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    end = -1
    for _ in range(HEAD):
        end = content.find(b"\n", end + 1)
        if end < 0:
            return None
    count = HEAD + content.count(b"\n", end + 1)
    return Head(content[: end + 1], count) if count >= LEAST_LINES else None


def plain_rows(content: bytes, first: int, width: int) -> Array | None:
    """Return the numbers of a text from a line on, nan for empty cells; None if there is more.

    Parameters
    ----------
    content : bytes
        The text.
    first : int
        The number of the first row's line, from 1 on.
    width : int
        Cells of a row.

    Returns
    -------
    ndarray, shape (rows, width), or None
    """
    start = 0
    for _ in range(first - 1):
        start = content.index(b"\n", start) + 1
    body = content[start:].rstrip(b"\r\n")
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    between = body.translate(None, _NUMBERS)
    separator = _separator(between)
    if separator is None:
        return None
    if separator != b" ":
        between = between.replace(b" ", b"")
    row = separator * (width - 1) + b"\n"
    rows, rest = divmod(len(between) + 1, len(row))
    if rest or between + b"\n" != row * rows:
        return None
    values = body.replace(b"\n", b",")
    if separator not in (b"", b","):
        values = values.replace(separator, b",")
    numbers = _decoded(values, separator != b"")
    if numbers is None or (not numbers.all() and _MINUS_ZERO.search(body)):
        return None
    table = numbers.reshape(-1, width)
    # A row without any number is left out.
    return None if np.isnan(table).all(axis=1).any() else table


def _decoded(values: bytes, may_be_empty: bool) -> Array | None:
    """Return numbers between commas, nan where there is nothing; None where something is none."""
    kind: Any = list[float]
    if may_be_empty and (b",," in values or values[:1] == b"," or values[-1:] == b","):
        kind = list[float | None]
        values = b",%b," % values
        for _ in range(2):  # of three commas, the second one is found again
            values = values.replace(b",,", b",null,")
        values = values[1:-1]
    try:
        found = msgspec.json.decode(b"[%b]" % values, type=kind)
    except msgspec.DecodeError:
        return None
    return np.fromiter(found, float, len(found)) if kind == list[float] else np.array(found, float)


def _separator(between: bytes) -> bytes | None:
    """Return what stands between numbers beside line ends and blanks; None if it is no separator.

    Nothing stands between those of a single column.
    """
    first = between[: between.find(b"\n")]
    found = first.strip(b" ")[:1] or first[:1]
    return found if found in (b"", *_SEPARATORS) else None
