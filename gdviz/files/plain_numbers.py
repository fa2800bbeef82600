"""Large tables of nothing but numbers, as programs write them, read many times as fast.

The rows must be numbers as JSON has them, or empty cells, with one separator, no quotes and no
comment among them: then a JSON reader gives what reading cell by cell gives, bit for bit.
"""

import codecs
import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from gdviz.base.types import Array

#: Lines by which it is told what a table is like, and how many one must have to be read so.
HEAD, LEAST_LINES = 64, 500
#: Bytes of the text that are read at once, up to the end of a line.
_PIECE = 100_000
_NUMBERS = b"0123456789.eE+-"
_SEPARATORS = (b",", b";", b"\t", b" ")
#: A whole −0, which JSON readers take for 0.
_MINUS_ZERO = re.compile(rb"-0(?![.\deE])")
_FLOATS = msgspec.json.Decoder(list[float])
_FLOATS_OR_NULL = msgspec.json.Decoder(list[float | None])


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
    line = content[start : content.find(b"\n", start)]
    separator = _separator(line.rstrip(b"\r").translate(None, _NUMBERS))
    if separator is None:
        return None
    found = []
    for piece in _pieces(content, start):
        numbers = _numbers(piece, separator, width)
        if numbers is None:
            return None
        found.append(numbers)
    table = np.concatenate(found).reshape(-1, width)
    missing = np.isnan(table)
    # A row without any number is left out.
    return None if missing.any() and missing.all(axis=1).any() else table


def _pieces(content: bytes, start: int) -> Iterator[bytes]:
    """Split a text from a place on between lines, into pieces that stay in the cache."""
    last = len(content)
    while content[last - 1 : last] in (b"\r", b"\n"):
        last -= 1
    while start < last:
        end = content.find(b"\n", start + _PIECE, last)
        end = end if end >= 0 else last
        yield content[start:end].removesuffix(b"\r").replace(b"\r\n", b"\n")
        start = end + 1


def _numbers(piece: bytes, separator: bytes, width: int) -> Array | None:
    """Return the numbers of some lines; None if there is more, or less."""
    between = piece.translate(None, _NUMBERS)
    if separator != b" ":
        between = between.replace(b" ", b"")
    row = separator * (width - 1) + b"\n"
    rows, rest = divmod(len(between) + 1, len(row))
    if rest or between + b"\n" != row * rows:
        return None
    values = piece.replace(b"\n", b",")
    if separator not in (b"", b","):
        values = values.replace(separator, b",")
    numbers = _decoded(values, separator != b"")
    if numbers is None or (not numbers.all() and _MINUS_ZERO.search(piece)):
        return None
    return numbers


def _decoded(values: bytes, may_be_empty: bool) -> Array | None:
    """Return numbers between commas, nan where there is nothing; None where something is none."""
    try:
        found = _FLOATS.decode(b"[%b]" % values)
    except msgspec.DecodeError:
        return _with_empty_cells(values) if may_be_empty else None
    # NumPy takes three times as long to make an array of a list.
    return np.frombuffer(struct.pack(f"{len(found)}d", *found))


def _with_empty_cells(values: bytes) -> Array | None:
    values = b",%b," % values
    for _ in range(2):  # of three commas, the second one is found again
        values = values.replace(b",,", b",null,")
    try:
        return np.array(_FLOATS_OR_NULL.decode(b"[%b]" % values[1:-1]), float)
    except msgspec.DecodeError:
        return None


def _separator(between: bytes) -> bytes | None:
    """Return what separates the numbers of a line by what is between them; None if it may not.

    Nothing stands between those of a single column.
    """
    found = between.strip(b" ")[:1] or between[:1]
    return found if found in (b"", *_SEPARATORS) else None
