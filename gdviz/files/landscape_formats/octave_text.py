"""Octave's own text format: what ``save FILE x y loss`` writes if nobody asks for another.

Each variable begins with comments that name it, its type and its size; those of a structure
follow it.
"""

import re
from pathlib import Path

import numpy as np

from gdviz.base.types import Array
from gdviz.files.landscape_formats.array_dump import MAX_MEMBERS, MAX_NUMBERS, SINGLE, range_count
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscape_formats.reading import LandscapeError, whole

MAGIC = b"# Created by Octave"
_KEY = re.compile(r"# ([\w, ]+?):\s*(.*)")
_MATRIX = re.compile(r"(float |u?int(8|16|32|64) )?matrix")


def contents(path: Path) -> Contents:
    """Return the matrices and ranges in a file; those of a structure in its name's group.

    Raises
    ------
    LandscapeError
    OSError
    """
    text = whole(path).decode("utf-8", "replace")
    blocks = text.split("\n# name: ")[1:]
    if len(blocks) > MAX_MEMBERS:
        raise LandscapeError(f"this holds more than {MAX_MEMBERS:,} variables")
    arrays: dict[str, Array] = {}
    others: dict[str, str] = {}
    inside: list[tuple[str, int]] = []  # the structures, and how many members they still have
    for block in blocks:
        name, *lines = block.splitlines()
        while inside and not inside[-1][1]:
            inside.pop()
        if inside:
            prefix, count = inside[-1]
            inside[-1] = prefix, count - 1
            name = prefix + name
        said = {match[1]: match[2] for line in lines if (match := _KEY.match(line))}
        if said.get("type") == "scalar struct":
            length = said.get("length", "")
            inside.append((f"{name}/", int(length) if length.isdecimal() else 0))
            continue
        array = _array(said, [line for line in lines if line and not line.startswith("#")])
        if array is None:
            kind = said.get("type", "something else")[:40]
            others[name] = SINGLE if "scalar" in kind else kind
        else:
            arrays[name] = array
    return Contents(arrays, others=others, first_is_b=True)  # as in surf(x, y, Z)


def _array(said: dict[str, str], lines: list[str]) -> Array | None:
    """Return a variable as its comments describe it, or None if it is no matrix of numbers."""
    kind = said.get("type", "")
    try:
        if kind.endswith("range"):
            base, end, step = map(float, " ".join(lines).split())
            count = min(range_count(base, end, step), MAX_NUMBERS)
            return base + step * np.arange(count, dtype=np.float64)
        if not _MATRIX.fullmatch(kind):
            return None
        if "ndims" in said:
            shape = [int(side) for side in lines[0].split()]
            return _numbers(lines[1:]).reshape(shape, order="F")
        shape = [int(said["rows"]), int(said["columns"])]
        return _numbers(lines).reshape(shape)
    except (ValueError, KeyError, IndexError, OverflowError):
        raise LandscapeError("this is not in Octave's text format, or it is damaged") from None


def _numbers(lines: list[str]) -> Array:
    words = " ".join(lines).split()
    if len(words) > MAX_NUMBERS:
        raise LandscapeError(f"this has a matrix of more than {MAX_NUMBERS:,} numbers")
    return np.array([float("nan" if word == "NA" else word) for word in words])
