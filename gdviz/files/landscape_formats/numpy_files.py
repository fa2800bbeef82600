"""Arrays in NumPy's files: ``.npy`` and ``.npz``.

Sizes and kinds are taken from the headers, and judged, before anything is read; pickled objects
are never loaded. A header is read by the few patterns that one has, and never evaluated.
"""

import io
import math
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np

from gdviz.base.files import file_type, files_in, open_to_read
from gdviz.base.format import brief
from gdviz.base.types import Array
from gdviz.files.landscape_formats.array_dump import MAX_NUMBERS, MAX_TOTAL, SINGLE
from gdviz.files.landscape_formats.by_shape import surface
from gdviz.files.landscape_formats.contents import OBJECTS, Contents
from gdviz.files.landscape_formats.names import is_axis
from gdviz.files.landscape_formats.reading import (
    LandscapeError,
    RangeNeeded,
    Reading,
    Wanted,
    check_shape,
    parsing,
    size,
    whole,
)
from gdviz.files.landscape_formats.toml_distance import range_beside
from gdviz.files.landscape_formats.without_coordinates import OBJECTS_SENTENCE
from gdviz.files.text_table import runs

_MAX_HEADER = 4_096
#: Of a zip file's table of contents; a name takes 46 bytes and its letters.
_MAX_DIRECTORY = 100_000
_MOST_SIBLINGS = 100
_DAMAGED = "this is not a NumPy array, or it is damaged"
_DESCR = re.compile(r"'descr': *'([<>|=]?)([a-zA-Z])(\d{0,9})[^']{0,40}'")
_FORTRAN = re.compile(r"'fortran_order': *(True|False)")
_SHAPE = re.compile(r"'shape': *\(([\d, L]*)\)")
_IN_WORDS = {
    "U": "text", "S": "text", "c": "complex numbers", "b": "true and false", "M": "dates",
    "m": "durations", "O": OBJECTS, "V": "bytes of a kind that NumPy does not know",
}  # fmt: skip
_COLUMNS_APART = ": save its columns, np.savez(FILE, **{n: r[n] for n in r.dtype.names})"
_SIZES = {"f": (2, 4, 8, 12, 16), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8)}


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    fortran: bool
    #: What the numbers are, as NumPy writes it, such as ``<f8``; empty where they are none.
    dtype: str
    #: What it holds where that is no real numbers.
    in_words: str
    #: Where the numbers begin.
    offset: int

    @property
    def size(self) -> int:
        return math.prod(self.shape)


def _header(head: bytes) -> _Header:
    """Read the header that stands at the beginning of an ``.npy``."""
    version = head[6:7]
    width = {b"\1": 2, b"\2": 4, b"\3": 4}.get(version, 0)
    if not head.startswith(b"\x93NUMPY") or not width:
        raise LandscapeError(_DAMAGED)
    start = 8 + width
    length = int.from_bytes(head[8:start], "little")
    text = head[start : start + length].decode("latin-1")
    fortran, shape = _FORTRAN.search(text), _SHAPE.search(text)
    if len(text) < length or fortran is None or shape is None:
        raise LandscapeError(_DAMAGED)
    sides = [side.strip(" L") for side in shape[1].split(",")]
    if max(map(len, sides)) > 1000 or sum(map(bool, sides)) > 32:
        raise LandscapeError(_DAMAGED)
    known = tuple(int(side) for side in sides if side)
    descr = _DESCR.search(text)
    order, kind, itemsize = descr.groups() if descr else ("", "records", "")
    is_number = kind in _SIZES and int(itemsize or 0) in _SIZES[kind]
    if kind in _SIZES and not is_number:
        raise LandscapeError(_DAMAGED)
    dtype = f"{order}{kind}{itemsize}" if is_number else ""
    return _Header(known, fortran[1] == "True", dtype, _IN_WORDS.get(kind, "records"),
                   start + length)  # fmt: skip


def _check(header: _Header) -> None:
    """Refuse what a header announces, if it is too much or no numbers."""
    if header.in_words == OBJECTS and not header.dtype:
        raise LandscapeError(OBJECTS_SENTENCE)
    if not header.dtype:
        helps = _COLUMNS_APART if header.in_words == "records" else ""
        raise LandscapeError(f"this holds {header.in_words}, not real numbers{helps}")
    if header.size > MAX_NUMBERS:
        check_shape(header.shape)
        raise LandscapeError(f"this holds {size((header.size,))} numbers: at most {MAX_NUMBERS:,}")


def _array(header: _Header, head: bytes, rest: IO[bytes]) -> Array:
    """Read as many numbers as a header announces, having judged how many these are."""
    _check(header)
    dtype = np.dtype(header.dtype)
    length = header.size * dtype.itemsize
    content = head[header.offset :]
    if len(content) < length:
        content += rest.read(length - len(content))
    if len(content) < length:
        raise LandscapeError("this is cut short: it holds less than its header promises")
    array = np.frombuffer(content, dtype, header.size)
    with np.errstate(all="ignore"):
        return array.reshape(header.shape, order="F" if header.fortran else "C").astype(np.float64)


# -- .npy


def npy_contents(path: Path) -> Contents:
    """Return the array in an ``.npy``, without a name.

    Raises
    ------
    LandscapeError
    """
    with open_to_read(path) as file:
        head = file.read(_MAX_HEADER)
        with parsing("a NumPy array"):
            return Contents({"": _array(_header(head), head, file)})


def read_npy(wanted: Wanted) -> Reading:
    """Read a surface: a matrix, whose first index is the first direction's, or a point a row.

    If it has no coordinates of its own, they may be in other ``.npy`` files of the folder, where
    these leave no doubt by their shapes. A ``.toml`` of the same name may say ``distance``: the
    axes then run from minus half of it to half of it. If it is there and says nothing of the kind,
    that is said.

    Raises
    ------
    LandscapeError
    RangeNeeded
    """
    found = npy_contents(wanted.path)
    (array,) = found.arrays.values()
    is_stack = array.ndim == 3 and 3 in (array.shape[0], array.shape[-1])  # X, Y and Z
    if array.squeeze().ndim not in (1, 2) and not is_stack:
        raise LandscapeError(f"this array has {array.ndim} dimensions, but a surface has 2")
    notes = []
    beside = None
    try:
        beside = range_beside(wanted.path)
    except LandscapeError as error:
        complaint = f"{brief(wanted.path.with_suffix('.toml').name)} beside it {error}"
        notes = [f"{complaint}, so it is ignored"]
    try:
        reading = surface(found, replace(wanted, extent=wanted.extent or beside))
    except RangeNeeded as error:
        siblings = _coordinates_beside(wanted.path, array)
        if not siblings:
            raise RangeNeeded("; ".join([*notes, str(error)])) from None
        reading = surface(replace(found, arrays={**found.arrays, **siblings}), wanted)
        names = " and ".join(f"{brief(name)}.npy" for name in siblings)
        notes.append(f"the coordinates are those in {names} beside it")
    reading.notes += notes
    if beside and not wanted.extent:  # who writes both puts a first
        reading.ambiguous = False
    return reading


def _coordinates_beside(path: Path, values: Array) -> dict[str, Array]:
    """Return the coordinates of a matrix in other files of its folder, or nothing."""
    shape = values.squeeze().shape
    lengths = shape if len(shape) == 2 else (values.size,)  # point by point
    found: dict[str, Array] = {}
    for other in files_in(path.parent, ".npy")[:_MOST_SIBLINGS]:
        if other == path or file_type(other) != "file":
            continue
        with suppress(OSError, LandscapeError), open_to_read(other) as file:
            head = file.read(_MAX_HEADER)
            header = _header(head)
            if header.dtype and header.size in (*lengths, values.size):
                array = _array(header, head, file).squeeze()
                if array.ndim == 2 or runs(array) or array.size == values.size:
                    found[other.stem] = array
    named = {name: array for name, array in found.items() if is_axis(name)}
    for candidates in (found, named):
        if len(candidates) == 2:
            whole = Contents({"": values, **candidates})
            with suppress(LandscapeError):
                if surface(whole, Wanted(path)).metric == "":
                    return candidates
    return {}


# -- .npz


class _Archive:
    """The arrays in an ``.npz``: the headers are read at once, the numbers when they are wanted."""

    def __init__(self, path: Path) -> None:
        content = whole(path)
        _check_directory(content)
        self.headers: dict[str, _Header] = {}
        with parsing("an .npz file"):
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = [name for name in self._zip.namelist() if name.endswith(".npy")]
            for name in members:
                with self._open(name) as file:
                    self.headers[name.removesuffix(".npy")] = _header(file.read(_MAX_HEADER))

    def _open(self, name: str) -> IO[bytes]:
        # The other kinds of compression unpack a block at a time, of any size.
        if self._zip.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise LandscapeError("this is compressed in a way that NumPy does not use")
        return self._zip.open(name)

    def __getitem__(self, name: str) -> Array:
        with parsing("an .npz file"), self._open(f"{name}.npy") as file:
            array = _array(self.headers[name], file.read(_MAX_HEADER), file)
            file.read(1)  # the checksum is compared where the file ends
            return array


def _check_directory(content: bytes) -> None:
    """Refuse a zip file with more names than a surface has: reading them all takes memory."""
    end = content[-22:]
    if not (end.startswith(b"PK\5\6") and end.endswith(b"\0\0")):
        tail = content[-65_557:]
        start = tail.rfind(b"PK\5\6")
        end = tail[start : start + 22] if start >= 0 else b""
    if len(end) < 22:
        raise LandscapeError("this is not an .npz file, or it is damaged")
    # With a record of the 64-bit kind, which NumPy does not need, the size would stand elsewhere.
    if b"PK\6\7" in content[-65_600:] or int.from_bytes(end[12:16], "little") > _MAX_DIRECTORY:
        raise LandscapeError("this .npz file has too many entries to be a loss landscape")


def npz_contents(path: Path) -> Contents:
    """Return the arrays in an ``.npz``.

    Raises
    ------
    LandscapeError
    """
    archive = _Archive(path)
    arrays: dict[str, Array] = {}
    large: dict[str, tuple[int, ...]] = {}
    others: dict[str, str] = {}
    total = 0
    for name, header in archive.headers.items():
        if not header.dtype:
            others[name] = header.in_words if header.shape else SINGLE
        elif header.size > MAX_NUMBERS or total + header.size > MAX_TOTAL:
            large[name] = header.shape
        else:
            total += header.size
            arrays[name] = archive[name]
    return Contents(arrays, large, others)


def other_places(found: Contents) -> list[str]:
    """Say where the losses of a file lie, if not where it says: as landscaper 1.3.1 leaves them.

    Its files hold ``loss``, whose first index is the first direction's, and ``coordinates``, evenly
    spaced from −d to d. The losses are taken at steps of 2d/n, around the middle where n is odd,
    and from −d on where it is even; to the largest of them a random number is added.

    Parameters
    ----------
    found : Contents
        What the file holds.
    """
    loss, sides = found.arrays.get("loss"), found.arrays.get("coordinates")
    if len(found.arrays) != 2 or loss is None or sides is None:
        return []
    if loss.ndim != 2 or sides.shape != (2, len(loss)) or loss.shape[0] != loss.shape[1]:
        return []
    n = len(loss)
    half = sides[0, -1]
    if not np.allclose(sides, np.linspace(-half, half, n)):
        return []
    at = "its coordinates" if n % 2 else "the way from the first of its coordinates"
    return [
        "if landscaper 1.3.1 wrote it, the first index is the first direction's, the cells lie at "
        f"{n - 1}/{n} of {at}, and the largest losses are altered"
    ]
