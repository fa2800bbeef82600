"""What a reader of a format finds in a file, and what it says where it cannot."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gdviz.base.files import read_file
from gdviz.base.format import brief, number
from gdviz.base.geometry import Extent
from gdviz.base.input_error import InputError
from gdviz.base.types import Array
from gdviz.engine.objectives.loss_grid import MAX_COORDINATE, MAX_POINTS, spread
from gdviz.files.landscape_formats.array_dump import MAX_FILE_SIZE

_COUNTLESS = 10**15
_NAMED_RANGE = re.compile(
    r"\[([^],\[]+),([^],\[]+),(\d+)\](?:x\[([^],\[]+),([^],\[]+),(\d+)\])?"  # […]x[…]
)


class LandscapeError(InputError):
    """A file of a loss landscape that is refused, in one sentence."""


class RangeNeeded(LandscapeError):  # noqa: N818
    """A file without coordinates: whoever opens it has to say where its values lie.

    Parameters
    ----------
    sentence : str
        That it has none.
    hint : str, default ""
        What is known of where they lie.
    """

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__("; ".join(filter(None, (sentence, hint))))
        self.sentence, self.hint = sentence, hint


@dataclass(frozen=True)
class Wanted:
    """What is asked of a reader of a format.

    Attributes
    ----------
    path : Path
        The file.
    metric : str, default ""
        Which of the file's surfaces; empty for the loss.
    extent : (float, float, float, float), optional
        Where it lies, (a_low, a_high, b_low, b_high), if the person says so.
    """

    path: Path
    metric: str = ""
    extent: Extent | None = None


@dataclass
class Reading:
    """A surface as it stands in a file.

    Attributes
    ----------
    a, b : ndarray, shapes (n,) and (m,)
        The axes, increasing or decreasing.
    values : ndarray, shape (m, n)
        The values; nan where one is missing.
    metric : str
        Which of the file's surfaces it is.
    metrics : tuple of str
        All of them.
    b_fastest, spread, headed
        As in :class:`gdviz.engine.objectives.loss_grid.LossGrid`.
    ambiguous : bool
        Whether the file leaves open which axis is which.
    flat : bool
        Whether there is one dimension only.
    notes : list of str
        Sentences about it.
    trajectory : ndarray, shape (k, 2)
        Points of an optimizer, if they are there.
    names : (str, str)
        What the axes are called.
    """

    a: Array
    b: Array
    values: Array
    metric: str = ""
    metrics: tuple[str, ...] = ()
    b_fastest: bool = False
    spread: bool = False
    headed: bool = False
    ambiguous: bool = False
    flat: bool = False
    notes: list[str] = field(default_factory=list)
    trajectory: Array = field(default_factory=lambda: np.empty((0, 2)))
    names: tuple[str, str] = ("a", "b")


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Turn whatever a library raises on a damaged file into a sentence.

    Libraries that read binary files were written for files that are whole: a flipped bit can
    raise nearly anything.
    """
    try:
        yield
    except (LandscapeError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise LandscapeError(f"this is not {what}, or it is damaged") from error


def whole(path: Path) -> bytes:
    """Read a file that is read at once.

    Raises
    ------
    LandscapeError
        If it is larger than others of its kind ever are.
    OSError
    """
    content = read_file(path, MAX_FILE_SIZE + 1)
    if len(content) > MAX_FILE_SIZE:
        raise LandscapeError(f"this is larger than {MAX_FILE_SIZE // 1_000_000} MB")
    return content


class NamedRange(NamedTuple):
    """The range that a file's name tells, and for how many points each way."""

    extent: Extent
    points: tuple[int, int]

    def is_of(self, shape: Sequence[int]) -> bool:
        """Tell whether values of a shape can be meant: a part of them has another range."""
        there = sorted(n for n in shape if n != 1)
        return there in (sorted(self.points), [self.points[0]])


def range_in_name(name: str) -> NamedRange | None:
    """Return the range that loss-landscape writes into names: ``_[-1.0,1.0,51]x[-1.0,1.0,51]``."""
    matches = _NAMED_RANGE.findall(name)
    if not matches:
        return None
    along_a, along_b = matches[-1][:3], matches[-1][3:]
    try:
        (a_low, a_high, n), (b_low, b_high, m) = (
            (float(low), float(high), int(points))
            for low, high, points in (along_a, along_b if all(along_b) else along_a)
        )
    except ValueError:
        return None
    return NamedRange((a_low, a_high, b_low, b_high), (n, m))


def known_extent(
    wanted: Wanted, shape: Sequence[int], where: str, names: tuple[str, str] = ("a", "b")
) -> Extent:
    """Return where values without coordinates lie: the person says it, or the file's name.

    Parameters
    ----------
    wanted : Wanted
        What is asked for.
    shape : sequence of int
        The values' shape.
    where : str
        What would have told the range, for the sentence.
    names : (str, str), default ("a", "b")
        What the axes are called.

    Raises
    ------
    RangeNeeded
        If neither does.
    """
    extent = wanted.extent
    if extent is None:
        named = range_in_name(wanted.path.name)
        if named is not None and named.is_of(shape):
            extent = named.extent
        elif named is not None:
            where += (
                f", and its name gives the range for {size(named.points)} points, "
                f"not for {size(shape)}"
            )
    if extent is None:
        raise RangeNeeded(
            f"{where}, so the range has to be given: --range A0,A1,B0,B1 says where its values lie"
        )
    _check_extent(extent, names)
    return extent


def size(shape: Sequence[int]) -> str:
    """Return a shape as a sentence may hold it."""
    # A header may announce any number of points, in hundreds of digits.
    return " × ".join(f"{n:,}" if n < _COUNTLESS else "countless" for n in shape) or "1"


def _check_extent(extent: Extent, names: tuple[str, str]) -> None:
    """Refuse a range that does not run from lower to higher numbers."""
    for axis, low, high in ((names[0], *extent[:2]), (names[1], *extent[2:])):
        if not (max(abs(low), abs(high)) <= MAX_COORDINATE and low < high):
            raise LandscapeError(
                f"the axis {brief(axis)} must run from a lower to a higher number, not "
                f"{number(low)} to {number(high)}"
            )


def check_shape(shape: Sequence[int]) -> None:
    """Refuse a grid that is too large."""
    if max(shape, default=0) > MAX_POINTS:
        raise LandscapeError(
            f"this grid has {size(shape)} points: at most {MAX_POINTS} each way are allowed"
        )


def matrix(
    values: Array,
    wanted: Wanted,
    *,
    b_fastest: bool,
    where: str,
    names: tuple[str, str] = ("a", "b"),
) -> Reading:
    """Return the reading of a matrix without coordinates.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        As in the file.
    wanted, where
        What tells where it lies: see :func:`known_extent`.
    b_fastest : bool
        Whether its rows belong to a, where nothing tells. If not, its columns do, as in a picture.
    names : (str, str), default ("a", "b")
        What the axes are called.

    Raises
    ------
    RangeNeeded
    """
    extent = known_extent(wanted, values.shape, where, names)
    check_shape(values.shape)
    if 1 in values.shape or values.ndim == 1:
        line = values.ravel()
        return curve(np.array(spread(*extent[:2], len(line))), line)
    told = _told_points(wanted.path.name, values.shape)
    if told is not None:
        b_fastest = values.shape == told
    values = values.T if b_fastest else values
    m, n = values.shape
    a, b = np.array(spread(*extent[:2], n)), np.array(spread(*extent[2:], m))
    return Reading(
        a, b, values, b_fastest=b_fastest, spread=told is None, ambiguous=True, names=names
    )


def _told_points(name: str, shape: tuple[int, ...]) -> tuple[int, int] | None:
    """Return how many points a file's name tells each way, if these are not as many."""
    named = range_in_name(name)
    if named is None or not named.is_of(shape) or named.points[0] == named.points[1]:
        return None
    return named.points


def curve(a: Array, values: Array) -> Reading:
    """Return the reading of a loss along a line: a surface that is level along b."""
    if len(a) != len(values) or len(a) < 2:
        raise LandscapeError(
            f"a line needs a value for each of 2 or more points, but has {len(values):,} for "
            f"{len(a):,}"
        )
    half = 0.5 * abs(float(a[-1]) - float(a[0]))  # a square map
    note = "there is only one dimension: the loss does not depend on b"
    return Reading(a, np.array([-half, half]), np.array([values, values]), flat=True, notes=[note])


def mesh(a: Array, b: Array, values: Array) -> Reading:
    """Return the reading of values with coordinates, whose shapes have to tell the order.

    Parameters
    ----------
    a, b : ndarray
        The axes; their two ends; or, for each value, its coordinates (np.meshgrid).
    values : ndarray, shape (k, l)
        If that does not tell, the first index is taken to be a's.
    """
    check_shape(values.shape)
    if a.ndim == b.ndim == 2:
        return _from_meshgrid(a, b, values)
    a, b = a.ravel(), b.ravel()
    rows, columns = values.shape
    known = []
    for b_fastest, n, m in ((True, rows, columns), (False, columns, rows)):
        if len(a) in (n, 2) and len(b) in (m, 2):
            known.append((b_fastest, n, m))
    if not known:
        raise LandscapeError(
            f"the values are {size(values.shape)}, but the coordinates are those of "
            f"{size((len(a), len(b)))} points"
        )
    b_fastest, n, m = known[0]
    ends_only = (len(a), len(b)) != (n, m)
    if ends_only:
        a, b = (
            axis if len(axis) == count else np.linspace(axis[0], axis[1], count)
            for axis, count in ((a, n), (b, m))
        )
    return Reading(
        a, b, values.T if b_fastest else values, b_fastest=b_fastest,
        # Both axes must be free to change their numbers of points.
        spread=ends_only and len(known) > 1 and n != m, ambiguous=len(known) > 1,
    )  # fmt: skip


def _from_meshgrid(a: Array, b: Array, values: Array) -> Reading:
    if not a.shape == b.shape == values.shape:
        raise LandscapeError(
            f"the coordinates are {size(a.shape)} and {size(b.shape)}, and the values "
            f"{size(values.shape)}: all three must be the same"
        )
    if (a == a[:1]).all() and (b == b[:, :1]).all():
        return Reading(a[0], b[:, 0], values)
    if (a == a[:, :1]).all() and (b == b[:1]).all():
        return Reading(a[:, 0], b[0], values.T, b_fastest=True)
    raise LandscapeError("the coordinates do not form a grid along the axes")


def points(x: Any, y: Any) -> Array:
    """Return a trajectory as an array of shape (k, 2)."""
    x, y = np.ravel(x), np.ravel(y)
    if len(x) != len(y) or not len(x):
        raise LandscapeError(
            f"the trajectory has {len(x):,} coordinates along one axis and {len(y):,} along the "
            "other"
        )
    return np.column_stack([x, y]).astype(np.float64)
