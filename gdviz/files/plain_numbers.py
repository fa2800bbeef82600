"""Large tables of nothing but numbers, as programs write them, read many times as fast.

The rows must be numbers as JSON has them, with one separator and no empty cell, no quotes and no
comment among them: then a JSON reader gives what reading cell by cell gives, bit for bit.
"""

import codecs
import re
from typing import NamedTuple

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
    """Return the numbers of a text from a line on; None if it holds anything else.

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
    if separator is None or _MINUS_ZERO.search(body):
        return None
    if separator != b" ":
        between = between.replace(b" ", b"")
    row = separator * (width - 1) + b"\n"
    rows, rest = divmod(len(between) + 1, len(row))
    if rest or between + b"\n" != row * rows:
        return None
    body = body.replace(b"\n", b",")
    if separator not in (b"", b","):
        body = body.replace(separator, b",")
    try:
        numbers = msgspec.json.decode(b"[" + body + b"]", type=list[float])
    except msgspec.DecodeError:
        return None
    return np.array(numbers).reshape(-1, width)


def _separator(between: bytes) -> bytes | None:
    """Return what stands between numbers beside line ends and blanks; None if it is no separator.

    Nothing stands between those of a single column.
    """
    first = between[: between.find(b"\n")]
    found = first.strip(b" ")[:1] or first[:1]
    return found if found in (b"", *_SEPARATORS) else None
