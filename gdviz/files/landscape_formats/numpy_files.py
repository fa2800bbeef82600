"""Loss landscapes in NumPy's files: ``.npy`` and ``.npz``.

Sizes are taken from the headers, and judged, before anything of that size is read; pickled
objects are never loaded.
"""

import io
import math
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np

from gdviz.base.files import open_to_read, read_file
from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.files.landscape_formats.reading import (
    LOSSES,
    Array,
    LandscapeError,
    Reading,
    Wanted,
    check_shape,
    choose,
    curve,
    listed,
    matrix,
    mesh,
    parsing,
    plain,
    points,
    shown,
    size,
)
from gdviz.files.landscape_formats.toml_distance import range_beside

#: Of an ``.npz``; of an ``.npy`` no more is read than its header justifies.
MAX_FILE_SIZE = 32_000_000
_MAX_HEADER = 12_000
#: Of a zip file's table of contents; a name takes 46 bytes and its letters.
_MAX_DIRECTORY = 100_000
_MAX_NUMBERS = MAX_POINTS * MAX_POINTS

#: Names of axes, without what separates their words.
_A_NAMES = (
    "alphagrid", "alphas", "alpha", "xcoordinates", "xcoords", "xgrid", "xs", "x", "gridx",
    "agrid", "as", "a", "grida", "alphavals", "alpharange", "xrange", "c1",
)  # fmt: skip
_B_NAMES = (
    "betagrid", "betas", "beta", "ycoordinates", "ycoords", "ygrid", "ys", "y", "gridy",
    "bgrid", "bs", "b", "gridb", "betavals", "betarange", "yrange", "c2",
)  # fmt: skip
_PATHS = (
    ("pathx", "pathy"), ("trajx", "trajy"), ("trajectoryx", "trajectoryy"),
    ("projxcoord", "projycoord"),
)  # fmt: skip
_PATH = ("trajectory", "path", "traj", "trajectory2d", "projectedtrajectory")
_OBJECTS = "this holds Python objects, and opening them would run code from the file"


_IN_WORDS = {
    "U": "text", "S": "text", "c": "complex numbers", "b": "true and false", "M": "dates",
    "O": "Python objects",
}  # fmt: skip


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[np.generic]
    #: Where the numbers begin.
    offset: int

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def is_numbers(self) -> bool:
        return self.dtype.kind in "fiu" and self.dtype.subdtype is None

    @property
    def in_words(self) -> str:
        """What it holds where that is no real numbers."""
        return _IN_WORDS.get(self.dtype.kind, str(self.dtype)[:40])


def _header(head: bytes) -> _Header:
    """Read the header that stands at the beginning of an ``.npy``."""
    stream = io.BytesIO(head)
    with parsing("a NumPy array"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is old or odd about a header is no concern here
        version = np.lib.format.read_magic(stream)
        reading = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        shape, fortran, dtype = reading[version](stream)
        return _Header(tuple(map(int, shape)), bool(fortran), dtype, stream.tell())


def _array(header: _Header, head: bytes, rest: IO[bytes]) -> Array:
    """Read as many numbers as a header announces, having judged how many these are."""
    if header.dtype.hasobject:
        raise LandscapeError(_OBJECTS)
    if not header.is_numbers:
        raise LandscapeError(f"this holds {header.in_words}, not real numbers")
    if len(header.shape) > 8 or min(header.shape, default=0) < 0:
        raise LandscapeError("this is not a NumPy array, or it is damaged")
    if header.size > _MAX_NUMBERS:
        check_shape(header.shape)
        raise LandscapeError(f"this holds {size((header.size,))} numbers: at most {_MAX_NUMBERS:,}")
    length = header.size * header.dtype.itemsize
    content = head[header.offset :]
    if len(content) < length:
        content += rest.read(length - len(content))
    if len(content) < length:
        raise LandscapeError("this is cut short: it holds less than its header promises")
    array = np.frombuffer(content, header.dtype, header.size)
    with np.errstate(all="ignore"):
        return array.reshape(header.shape, order="F" if header.fortran else "C").astype(np.float64)


def _squeezed(array: Array) -> Array:
    """Take away axes of length 1 that are too many."""
    return array.squeeze() if array.ndim > 2 else array


# -- .npy


def load_npy(path: Path) -> Array:
    """Read the array in an ``.npy``.

    Raises
    ------
    LandscapeError
    """
    with open_to_read(path) as file:
        head = file.read(_MAX_HEADER)
        return _squeezed(_array(_header(head), head, file))


def read_npy(wanted: Wanted) -> Reading:
    """Read a matrix; its first index is the first direction's.

    A ``.toml`` of the same name beside it may say ``distance``: the axes then run from minus half
    of it to half of it. If it is there and says nothing of the kind, that is said.

    Raises
    ------
    LandscapeError
    RangeNeeded
    """
    array = load_npy(wanted.path)
    if array.ndim not in (1, 2):
        raise LandscapeError(f"this array has {array.ndim} dimensions, but a surface has 2")
    where = "this matrix has no coordinates"
    notes = []
    beside = None
    try:
        beside = range_beside(wanted.path)
    except LandscapeError as error:
        complaint = f"{shown(wanted.path.with_suffix('.toml').name)} beside it {error}"
        notes = [f"{complaint}, so it is ignored"]
        where = f"{where}, and {complaint}"
    wanted = replace(wanted, extent=wanted.extent or beside)
    reading = matrix(array, wanted, b_fastest=True, where=where)
    reading.notes += notes
    if beside and wanted.extent is beside:  # who writes both puts a first
        reading.ambiguous = False
    return reading


# -- .npz


class _Archive:
    """The arrays in an ``.npz``: the headers are read at once, the numbers when they are wanted."""

    def __init__(self, path: Path) -> None:
        content = read_file(path, MAX_FILE_SIZE + 1)
        if len(content) > MAX_FILE_SIZE:
            raise LandscapeError(f"this is larger than {MAX_FILE_SIZE // 1_000_000} MB")
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
            return _squeezed(array)

    def dimensions(self, name: str) -> int:
        """Return how many axes longer than 1 an array of numbers has; 0 for anything else."""
        header = self.headers[name]
        return sum(n != 1 for n in header.shape) if header.is_numbers else 0

    def first(self, names: Sequence[str]) -> str:
        """Return the array with the first of these names, or an empty name."""
        by_plain = {plain(name): name for name in self.headers if self.dimensions(name)}
        return next((by_plain[name] for name in names if name in by_plain), "")

    def axis(self, names: Sequence[str]) -> str:
        """Return the coordinates with the first of these names, or an empty name.

        Raises
        ------
        LandscapeError
            If they are no numbers.
        """
        name = self.first(names)
        if not name:
            for other, header in self.headers.items():
                if plain(other) in names and header.shape and not header.is_numbers:
                    raise LandscapeError(
                        f"the coordinates {shown(other)} are {header.in_words}, not real numbers"
                    )
        return name


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


def read_npz(wanted: Wanted) -> Reading:
    """Read a surface, its axes, and the trajectory if there is one.

    Raises
    ------
    LandscapeError
    RangeNeeded
    """
    archive = _Archive(wanted.path)
    a_name, b_name = archive.axis(_A_NAMES), archive.axis(_B_NAMES)
    trajectory = _trajectory(archive)
    paths = {name for name in archive.headers if plain(name) in _PATH}
    metrics = tuple(
        name
        for name in archive.headers
        if name not in {a_name, b_name} | paths and archive.dimensions(name) == 2
    )
    where = "this file has no coordinates for its values"
    if not metrics:
        line = archive.first(LOSSES)
        if line and not b_name and archive.dimensions(line) == 1:
            values = archive[line].ravel()
            reading = (
                curve(archive[a_name].ravel(), values)
                if a_name
                else matrix(values, wanted, b_fastest=True, where=where)
            )
            reading.metric, reading.metrics = line, (line,)
            return reading
        if any(header.dtype.hasobject for header in archive.headers.values()):
            raise LandscapeError(_OBJECTS)
        there = listed(archive.headers)
        raise LandscapeError("this holds no matrix of losses" + (there and f": it holds {there}"))
    name = choose(wanted.metric, metrics)
    values = archive[name]
    if a_name and b_name:
        reading = mesh(archive[a_name], archive[b_name], values)
    else:
        # Without names for the axes the file says nothing; a picture's order is as good as any.
        reading = matrix(values, wanted, b_fastest=True, where=where)
    reading.metric, reading.metrics, reading.trajectory = name, metrics, trajectory
    return reading


def read_npz_trajectory(path: Path) -> Array:
    """Read a trajectory.

    Raises
    ------
    LandscapeError
    """
    trajectory = _trajectory(_Archive(path))
    if not len(trajectory):
        raise LandscapeError("this holds no trajectory")
    return trajectory


def _trajectory(archive: _Archive) -> Array:
    """Return the points (k, 2), none where there is no trajectory."""
    for in_a, in_b in _PATHS:
        names = archive.first([in_a]), archive.first([in_b])
        if all(names):
            return points(archive[names[0]], archive[names[1]])
    name = archive.first(_PATH)
    shape = archive.headers[name].shape if name else ()
    if len(shape) == 2 and 2 in shape:
        array = archive[name]
        return points(*(array.T if shape[1] == 2 else array))
    return np.empty((0, 2))
