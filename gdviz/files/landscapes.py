"""Loss landscapes of real networks, as the programs that compute them write them.

Every file is somebody else's: it is bounded before it is read, nothing in it is run, and what
cannot be shown is refused in one sentence.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gdviz.base.files import file_type, read_file, refusal, shown
from gdviz.base.format import listed, printable
from gdviz.base.geometry import Extent
from gdviz.base.types import Array
from gdviz.engine.objectives.loss_grid import (
    MAX_SIZE,
    LossGrid,
    check_trajectory,
    in_other_order,
    turned_round,
)
from gdviz.files.file_kinds import Verdict
from gdviz.files.landscape_formats import (
    converted,
    dumped,
    hdf5,
    json_arrays,
    numpy_files,
    octave_text,
    shifted_rows,
    text,
    trajectories,
)
from gdviz.files.landscape_formats.by_shape import surface
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscape_formats.names import MAX_METRIC
from gdviz.files.landscape_formats.reading import LandscapeError, RangeNeeded, Reading, Wanted

__all__ = [
    "Landscape",
    "LandscapeError",
    "RangeNeeded",
    "decide",
    "is_readable",
    "is_text",
    "load_landscape",
    "load_trajectory",
]

#: Kinds of files by suffix; others are told by their first bytes.
_KINDS = {
    **dict.fromkeys((".h5", ".hdf5", ".hdf", ".he5", ".nc", ".nc4", ".cdf", ".mat"), "dumped"),
    **dict.fromkeys((".csv", ".tsv", ".txt", ".dat"), "text"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    ".npz": "npz", ".npy": "npy",
}  # fmt: skip
_MAGIC = (
    (b"\x89HDF", "dumped"), (b"CDF", "dumped"), (b"MATLAB 5", "dumped"), (b"\x93NUMPY", "npy"),
    (b"PK\3\4", "npz"),
)  # fmt: skip
#: The kinds whose names Octave gives to its text as well.
_OF_OCTAVE = ("dumped", "text")
#: What returns the arrays of a file, by its kind.
_CONTENTS = {
    "dumped": dumped.contents,
    "npz": numpy_files.npz_contents,
    "npy": numpy_files.npy_contents,
    "json": json_arrays.json_contents,
    "octave": octave_text.contents,
}


@dataclass(frozen=True)
class Landscape:
    """What a file holds.

    Attributes
    ----------
    grid : LossGrid
        The surface.
    metric : str
        Which of the file's surfaces it is; empty where they have no names.
    metrics : tuple of str
        All of them.
    notes : tuple of str
        Sentences that the person should read.
    ambiguous : bool
        Whether the file leaves open which axis is which, so that transposing is to be offered.
    """

    grid: LossGrid
    metric: str
    metrics: tuple[str, ...]
    notes: tuple[str, ...]
    ambiguous: bool


def load_landscape(
    path: str | os.PathLike[str],
    *,
    metric: str = "",
    transpose: bool = False,
    extent: Extent | None = None,
) -> Landscape:
    """Read a loss landscape.

    Parameters
    ----------
    path : path-like
        The file: HDF5 (of loss-landscape, landscapeviz and others, netCDF and MATLAB 7.3 among
        them), netCDF 3, earlier MATLAB, ``.npz``, ``.npy`` and JSON, where arrays are told by
        their shapes, see :mod:`gdviz.files.landscape_formats.by_shape`; or text: a row x, y,
        value for each point, losses along a line, or a matrix, with its coordinates or without;
        see :mod:`gdviz.files.landscape_formats.text`.
    metric : str, default ""
        Which surface of several; empty takes the training loss, or what is likeliest to be it.
    transpose : bool, default False
        Read the cells in the other order, where the file leaves it open.
    extent : (float, float, float, float), optional
        Where a matrix without coordinates lies: a_low, a_high, b_low, b_high. Files with
        coordinates do not need it, and keep theirs.

    Raises
    ------
    RangeNeeded
        If the file has no coordinates and `extent` is not given.
    LandscapeError
        If it cannot be read, or is no loss landscape; in one sentence with the file's name.
    """
    path = Path(path)
    try:
        _check_is_file(path)
        with np.errstate(all="ignore"):  # numbers of any size, to be judged at the end
            reading = shifted_rows.read(_read, Wanted(path, metric, extent))
            return _landscape(reading, path.name, transpose)
    except OSError as error:
        raise LandscapeError(refusal(path, error)) from None
    except RangeNeeded as error:
        raise RangeNeeded(f"{error.sentence} (in {shown(path.name)})", error.hint) from error
    except ValueError as error:
        raise LandscapeError(f"{error} (in {shown(path.name)})") from error


def load_trajectory(
    path: str | os.PathLike[str], names: tuple[str, str] = ("a", "b")
) -> tuple[tuple[tuple[float, float], ...], tuple[str, ...]]:
    """Read the points that an optimizer went through, of a file that goes with a surface.

    Parameters
    ----------
    path : path-like
        ``*_proj_cos.h5`` of loss-landscape, ``model_weights.hdf5`` of landscapeviz, or another
        file of arrays whose only pairs of numbers are such points, or text with a row for each.
    names : (str, str), default ("a", "b")
        What the surface's axes are called, by which columns are found in text.

    Returns
    -------
    trajectory : tuple of (float, float)
        For :class:`gdviz.engine.objectives.loss_grid.LossGrid`.
    notes : tuple of str
        Sentences that the person should read.

    Raises
    ------
    LandscapeError
    """
    path = Path(path)
    try:
        _check_is_file(path)
        if _kind(path) == "text":
            trajectory, notes = text.read_trajectory(path, names)
        else:
            trajectory, notes = trajectories.trajectory(_contents(path))
        points = _trajectory(trajectory)
        check_trajectory(points)
        return points, tuple(notes)
    except OSError as error:
        raise LandscapeError(refusal(path, error)) from None
    except ValueError as error:
        raise LandscapeError(f"{error} (in {shown(path.name)})") from error


def decide(path: str | os.PathLike[str]) -> Verdict | None:
    """Tell by a file's content whether it is a landscape or data to be fitted.

    Parameters
    ----------
    path : path-like
        The file. A binary one that is refused, such as a pickle, is refused as a landscape.

    Returns
    -------
    Verdict or None
        None if it is no file, or text without a table of numbers.

    Raises
    ------
    OSError
    """
    path = Path(path)
    if converted.is_refused(path):
        return Verdict("landscape") if file_type(path) != "absent" else None
    if file_type(path) != "file":
        return None
    kind = _kind(path)
    if kind == "text":
        return text.decide(path)
    return Verdict("landscape") if kind != "json" or json_arrays.looks_like_arrays(path) else None


def is_text(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is read as a table in text, which alone can be data as well."""
    return _kind(Path(path)) == "text"


def is_readable(path: str | os.PathLike[str]) -> bool:
    """Tell whether what reads such a file is at hand; if not, :func:`load_landscape` says why."""
    path = Path(path)
    kind = _kind(path)
    return kind != "refused" and (kind != "dumped" or dumped.is_available(path))


def _check_is_file(path: Path) -> None:
    kind = file_type(path)
    if converted.is_refused(path) and kind != "absent":
        raise LandscapeError(converted.refusal(path))
    if kind in ("special", "folder"):  # a device or a pipe has no end
        raise LandscapeError("this is not a file")


def _kind(path: Path) -> str:
    """Return the kind of a file by its name, or by its first bytes where its name says nothing."""
    suffix = path.suffix.lower()
    if converted.is_refused(path):
        return "refused"
    known = _KINDS.get(suffix)
    if known not in (None, *_OF_OCTAVE):
        return known
    head = read_file(path, 32) if file_type(path) == "file" else b""
    if head.startswith(octave_text.MAGIC):
        return "octave"
    return known or next((kind for magic, kind in _MAGIC if head.startswith(magic)), "text")


def _contents(path: Path) -> Contents:
    kind = _kind(path)
    if kind not in _CONTENTS:
        raise LandscapeError(
            "trajectories are read from text, .h5, .npz, .npy, .json, .nc and .mat files"
        )
    return _CONTENTS[kind](path)


def _read(wanted: Wanted) -> Reading:
    match _kind(wanted.path):
        case "dumped":
            return hdf5.read(dumped.contents(wanted.path), wanted)
        case "npy":
            return numpy_files.read_npy(wanted)
        case "text":
            return text.read(wanted)
        case kind:
            contents = _CONTENTS[kind](wanted.path)
            reading = surface(contents, wanted)
            reading.notes += numpy_files.other_places(contents) if kind == "npz" else ()
            return reading


def _landscape(reading: Reading, source: str, transpose: bool) -> Landscape:
    n, m = len(reading.a), len(reading.b)
    if min(n, m) < 2:
        raise LandscapeError(f"a surface needs 2 points each way, but this has {n} × {m}")
    if transpose:
        reading = _transposed(reading)
    a, b = reading.a, reading.b
    turned = bool(a[0] > a[-1]), bool(b[0] > b[-1])
    grid = LossGrid.from_arrays(
        a[::-1] if turned[0] else a, b[::-1] if turned[1] else b,
        turned_round(reading.values, turned),
        source=source, names=_names(reading.names), trajectory=_trajectory(reading.trajectory),
        b_fastest=reading.b_fastest, spread=reading.spread, ambiguous=reading.ambiguous,
        turned=turned, headed=reading.headed,
    )  # fmt: skip
    notes = [*reading.notes, *_about_holes(reading)]
    if reading.ambiguous:
        notes.append(
            "the file does not say which axis comes first: if it looks wrong, --transpose "
            "exchanges them"
        )
    others = [name for name in reading.metrics if name != reading.metric]
    if others:
        notes.append(
            f"what is drawn is {listed([reading.metric])}; --metric chooses another: "
            f"{listed(others)}"
        )
    metric, *metrics = (printable(name, MAX_METRIC) for name in (reading.metric, *reading.metrics))
    return Landscape(grid, metric, tuple(metrics), tuple(map(printable, notes)), reading.ambiguous)


def _transposed(reading: Reading) -> Reading:
    """Return the cells in the other order, while they still are as they lie in the file."""
    if reading.flat:
        raise LandscapeError("there is only one dimension, so nothing to transpose")
    if not reading.ambiguous:
        raise LandscapeError("the file says which axis is which, so it is not transposed")
    if reading.headed:
        names = reading.names if reading.names == ("a", "b") else reading.names[::-1]
        return replace(reading, a=reading.b, b=reading.a, values=reading.values.T, names=names)
    values = in_other_order(reading.values, b_fastest=reading.b_fastest, spread=reading.spread)
    a, b = (  # as many points as before, unless only the ends are known
        axis if len(axis) == n else np.linspace(axis[0], axis[-1], n)
        for axis, n in zip((reading.a, reading.b), reversed(values.shape), strict=True)
    )
    return replace(reading, a=a, b=b, values=values, b_fastest=not reading.b_fastest)


def _names(names: tuple[str, str]) -> tuple[str, str]:
    return names if all(names) and names[0] != names[1] else ("a", "b")


def _trajectory(points: Array) -> tuple[tuple[float, float], ...]:
    return tuple((a, b) for a, b in points.tolist())


def _about_holes(reading: Reading) -> list[str]:
    """Say how many cells are missing, and how many of them because they are infinite."""
    values = reading.values[0] if reading.flat else reading.values
    size = f"{values.size:,} {'points' if reading.flat else 'cells'}"
    with np.errstate(invalid="ignore"):
        missing = np.count_nonzero(np.isnan(values))
        too_large = np.count_nonzero(np.abs(values) > MAX_SIZE)
    notes = []
    if missing:
        notes.append(f"{missing:,} of {size} {'is' if missing == 1 else 'are'} missing")
    if too_large:
        many = "is" if too_large == 1 else "are"
        notes.append(f"{too_large:,} of {size} {many} infinite, or too large to be drawn")
    return notes
