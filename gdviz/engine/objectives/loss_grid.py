"""A loss that is known on a grid only: computed elsewhere, on a plane through a network's weights.

Nothing here knows between the points; that is :mod:`gdviz.engine.objectives.interpolation`'s.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.format import number, printable
from gdviz.base.geometry import Range

#: Points along an axis.
MAX_POINTS = 512
MAX_TRAJECTORY = 10_000
#: Losses beyond this are refused, as data is: their squares would leave no room.
MAX_SIZE = 1e100
#: Coordinates beyond this are refused, as an experiment's start is.
MAX_COORDINATE = 1e6
#: How close two neighbours on an axis may be, relative to the larger of 1 and the axis's ends.
_LEAST_SPACING = 1e-12
_MAX_NAME = 60
_MAX_SOURCE = 255  #: as the names of files have


@dataclass(frozen=True, eq=False)
class LossGrid:
    """Losses at the crossings of two axes, some of which may be missing.

    Parameters
    ----------
    a, b : tuple of float
        The axes: strictly increasing, 2 to 512 points each.
    values : tuple of tuple of (float or None)
        ``values[j][i]`` is the loss at (a[i], b[j]); None where it is missing.
    source : str, default ""
        Where it comes from, for captions: a file's name. This and the names are made printable,
        see :func:`gdviz.base.format.printable`.
    names : (str, str)
        What the axes are called.
    trajectory : tuple of (float, float)
        Points (a, b) that an optimizer went through, in order; empty where that is not known.
    b_fastest : bool, default False
        The order in which the file held the cells: False where a ran fastest, that is row by
        row of `values`, and True where b did.
    spread : bool, default False
        Whether only the ends of the axes were known, and the points between were spread evenly.
    ambiguous : bool, default False
        Whether the file left open which axis is which, so that it may have to be transposed.
    turned : (bool, bool), default (False, False)
        Whether the file held the axes running backwards. Here both increase, so that these were
        turned round, together with the cells: what matters only to :meth:`transposed`.
    headed : bool, default False
        Whether the coordinates stood above and beside the cells, and go with them when they are
        transposed.

    Raises
    ------
    ValueError
        With one sentence, if an axis is not increasing, something is too large, or no four
        neighbours are known, so that there is nothing to look at.
    """

    a: tuple[float, ...]
    b: tuple[float, ...]
    values: tuple[tuple[float | None, ...], ...]
    source: str = ""
    names: tuple[str, str] = ("a", "b")
    trajectory: tuple[tuple[float, float], ...] = ()
    b_fastest: bool = False
    spread: bool = False
    ambiguous: bool = False
    turned: tuple[bool, bool] = (False, False)
    headed: bool = False

    def __post_init__(self) -> None:
        if not all(self.names):
            raise ValueError("an axis needs a name")
        # Text from outside is mended where it becomes part of a value, and not at each place that
        # shows the value, of which one would be forgotten.
        x, y = self.names
        object.__setattr__(self, "names", (printable(x, _MAX_NAME), printable(y, _MAX_NAME)))
        object.__setattr__(self, "source", printable(self.source, _MAX_SOURCE))
        for name, axis in zip(self.names, (self.a, self.b), strict=True):
            _check_axis(name, axis)
        self._check_values()
        check_trajectory(self.trajectory)

    def _check_values(self) -> None:
        if len(self.values) != len(self.b):
            raise ValueError(
                f"there are {len(self.values)} rows of values for {len(self.b)} values of "
                f"{self.names[1]}"
            )
        for row in self.values:
            if len(row) != len(self.a):
                raise ValueError(
                    f"a row holds {len(row)} values for {len(self.a)} of {self.names[0]}"
                )
        array = self.array
        if np.count_nonzero(np.isnan(array)) != sum(row.count(None) for row in self.values):
            raise ValueError("a missing value must be None, and not nan")
        if not (np.abs(array[~np.isnan(array)]) <= MAX_SIZE).all():
            raise ValueError(f"the values must not be larger than {number(MAX_SIZE)}")
        if not self.known_cells.any():
            raise ValueError("no four neighbouring points of the grid are known")

    # A frame of the window compares experiments many times: nearly always the very same grid.

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, LossGrid):
            return NotImplemented
        # What differs shows in the hash; what does not is compared, at a few ms.
        return hash(self) == hash(other) and (
            (self._key, self.values) == (other._key, other.values)
        )

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)

    @cached_property
    def _key(self) -> tuple[object, ...]:
        return (
            self.a, self.b, self.source, self.names, self.trajectory, self.b_fastest, self.spread,
            self.ambiguous, self.turned, self.headed, self.values[0],
        )  # fmt: skip

    @classmethod
    def from_arrays(
        cls,
        a: ArrayLike,
        b: ArrayLike,
        values: ArrayLike,
        *,
        source: str = "",
        names: tuple[str, str] = ("a", "b"),
        trajectory: Sequence[tuple[float, float]] = (),
        b_fastest: bool = False,
        spread: bool = False,
        ambiguous: bool = False,
        turned: tuple[bool, bool] = (False, False),
        headed: bool = False,
    ) -> "LossGrid":
        """Make a grid from arrays.

        Parameters
        ----------
        a, b : array_like, shapes (n,) and (m,)
            The axes.
        values : array_like, shape (m, n)
            The losses; what is not finite, or too large, is missing.
        source, names, trajectory, b_fastest, spread, ambiguous, turned, headed
            As in the class.

        Raises
        ------
        ValueError
        """
        array = np.asarray(values, np.float64)
        with np.errstate(invalid="ignore"):
            known = np.abs(array) <= MAX_SIZE
        rows = array.tolist()
        for j, i in np.argwhere(~known).tolist():
            rows[j][i] = None
        return cls(
            tuple(np.asarray(a, np.float64).tolist()),
            tuple(np.asarray(b, np.float64).tolist()),
            tuple(map(tuple, rows)),
            source,
            names,
            tuple(trajectory),
            b_fastest,
            spread,
            ambiguous,
            turned,
            headed,
        )

    def transposed(self) -> "LossGrid":
        """Return the same cells, read in the other order.

        Files seldom say which of their two indices is which. What they hold is a sequence of
        cells; if it was read as "a runs fastest", this reads it as "b runs fastest", and the
        other way round. On a square grid that exchanges ``values[j][i]`` and ``values[i][j]``.
        Where there are more points along one axis the cells wrap at other places, and the axes
        stay as they are: those of the file. Only where the file had no coordinates
        (:attr:`spread`), and so the shape of its matrix gave the axes their numbers of points,
        these are exchanged too, between the same ends. Where the coordinates stood beside the
        cells (:attr:`headed`) the axes are exchanged with them, and so are their names.

        Twice is the grid itself.
        """
        if self.headed:
            names = self.names if self.names == ("a", "b") else (self.names[1], self.names[0])
            turned = self.turned[1], self.turned[0]
            values = tuple(zip(*self.values, strict=True))
            return replace(self, a=self.b, b=self.a, values=values, names=names, turned=turned)
        as_in_file = turned_round(self.array, self.turned)
        cells = in_other_order(as_in_file, b_fastest=self.b_fastest, spread=self.spread)
        m, n = cells.shape
        a, b = self.a, self.b
        if self.spread:
            a, b = spread(a[0], a[-1], n), spread(b[0], b[-1], m)
        other = LossGrid.from_arrays(a, b, turned_round(cells, self.turned))
        return replace(self, a=a, b=b, values=other.values, b_fastest=not self.b_fastest)

    @property
    def range(self) -> Range:
        """The rectangle between the outermost points."""
        return Range(self.a[0], self.a[-1], self.b[0], self.b[-1])

    @cached_property
    def is_line(self) -> bool:
        """Whether there are losses along a only: the same ones at both ends of b."""
        return len(self.b) == 2 and self.values[0] == self.values[1]

    @property
    def cells(self) -> int:
        """How many values there are, the missing ones included; those of a line count once."""
        return len(self.a) * (1 if self.is_line else len(self.b))

    @cached_property
    def holes(self) -> int:
        """How many of these are missing."""
        rows = self.values[:1] if self.is_line else self.values
        return sum(row.count(None) for row in rows)

    @cached_property
    def array(self) -> NDArray[np.float64]:
        """The values, shape (len(b), len(a)); nan where one is missing. Not to be written to."""
        array = np.array(self.values, np.float64)  # which takes None for nan
        array.setflags(write=False)
        return array

    @cached_property
    def axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The axes as arrays."""
        return np.array(self.a, np.float64), np.array(self.b, np.float64)

    @cached_property
    def known_cells(self) -> NDArray[np.bool_]:
        """Whether all four corners of a cell are known, shape (len(b) − 1, len(a) − 1)."""
        known = ~np.isnan(self.array)
        cells: NDArray[np.bool_] = known[:-1, :-1] & known[:-1, 1:] & known[1:, :-1] & known[1:, 1:]
        return cells

    @property
    def lowest(self) -> tuple[float, float]:
        """The point of the grid with the least loss."""
        j, i = np.unravel_index(int(np.nanargmin(self.array)), self.array.shape)
        return self.a[int(i)], self.b[int(j)]


def turned_round(values: NDArray[np.float64], turned: tuple[bool, bool]) -> NDArray[np.float64]:
    """Return values, shape (len(b), len(a)), turned round along a, along b, or both."""
    along_a, along_b = (slice(None, None, -1 if backwards else 1) for backwards in turned)
    return values[along_b, along_a]


def in_other_order(
    values: NDArray[np.float64], *, b_fastest: bool, spread: bool
) -> NDArray[np.float64]:
    """Return the same sequence of cells, where b runs fastest if a did, or the other way round.

    Parameters
    ----------
    values : ndarray, shape (m, n)
        As in the file: not turned round.
    b_fastest, spread
        As in :class:`LossGrid`, of `values`.

    Returns
    -------
    ndarray
        Its shape is (n, m) if the axes are `spread`, and (m, n) if they are the file's.
    """
    m, n = reversed(values.shape) if spread else values.shape
    return values.T.reshape(m, n) if b_fastest else values.reshape(n, m).T


def spread(low: float, high: float, points: int) -> tuple[float, ...]:
    """Return evenly spaced numbers, both ends among them.

    Parameters
    ----------
    low, high : float
        The ends.
    points : int
        How many there are, both ends included.
    """
    return tuple(np.linspace(low, high, points).tolist())


def check_trajectory(points: Sequence[tuple[float, float]]) -> None:
    """Refuse a trajectory that is too long, or leads too far.

    Raises
    ------
    ValueError
    """
    if len(points) > MAX_TRAJECTORY:
        raise ValueError(
            f"the trajectory has {len(points):,} points: at most {MAX_TRAJECTORY:,} are allowed"
        )
    for point in points:
        for coordinate in point:
            if not abs(coordinate) <= MAX_COORDINATE:  # nan is refused as well
                raise ValueError(f"the trajectory goes through {number(coordinate)}")


def _check_axis(name: str, axis: tuple[float, ...]) -> None:
    if not 2 <= len(axis) <= MAX_POINTS:
        raise ValueError(f"the axis {name} must have 2 to {MAX_POINTS} points, not {len(axis):,}")
    for place in axis:
        if not math.isfinite(place):
            raise ValueError(f"the axis {name} holds {number(place)}")
        if abs(place) > MAX_COORDINATE:
            raise ValueError(
                f"the axis {name} holds {number(place)}: at most {number(MAX_COORDINATE)} is "
                "allowed"
            )
    for before, after in pairwise(axis):
        if not after > before:
            raise ValueError(
                f"the axis {name} must increase, but has {number(before)} before {number(after)}"
            )
        if after - before <= _LEAST_SPACING * max(1.0, abs(axis[0]), abs(axis[-1])):
            raise ValueError(f"two points of the axis {name} are too close, at {number(before)}")
