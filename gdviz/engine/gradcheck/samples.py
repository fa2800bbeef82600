"""Where a claimed gradient is compared with the true one, and with which other constants."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.base.types import Array

#: Points beside the grid, and the most numbers (points × rows of data) that are computed at once.
_POINTS, _MOST_NUMBERS = 2_048, 1_000_000
_FAR = 512  #: points of the whole plane
_SAID = 3  #: named points that a sentence names


@dataclass(frozen=True, eq=False)
class Samples:
    """Points: of a lattice, those that the person names, and of a grid, in this order.

    Parameters
    ----------
    extent : Range
        What lattice and grid cover.
    spread : ndarray, shape (n, d)
        The lattice in the unit cube; the first two coordinates become a and b.
    named : tuple of (float, float)
        Points that the person names, in the range or not.
    resolution : int
        Grid points along each axis.
    constants : mapping of str to float
        The constants' values, by name, of which there are d − 2.
    """

    extent: Range
    spread: Array
    named: tuple[tuple[float, float], ...]
    resolution: int
    constants: Mapping[str, float]

    @classmethod
    def of(
        cls,
        extent: Range,
        named: tuple[tuple[float, float], ...],
        resolution: int,
        *,
        rows: int,
        constants: Mapping[str, float],
    ) -> "Samples":
        """Return as many points as the rows of the data allow.

        Parameters
        ----------
        extent, named
            As above.
        resolution : int
            The most grid points along each axis.
        rows : int
            Rows of the data; 1 where there is none.
        constants : mapping of str to float
            The constants that are to be moved.
        """
        most = _MOST_NUMBERS // rows
        resolution = max(2, min(resolution, int((most / 2) ** 0.5)))
        spread = _lattice(min(_POINTS, most // 2), 2 + len(constants))
        return cls(extent, spread, tuple(dict.fromkeys(named)), resolution, constants)

    @property
    def lattice(self) -> tuple[Array, Array]:
        """The coordinates of points on no line that means something to a formula."""
        a_low, a_high, b_low, b_high = self.extent
        first, second = self.spread[:, 0], self.spread[:, 1]
        return a_low + (a_high - a_low) * first, b_low + (b_high - b_low) * second

    @property
    def axes(self) -> tuple[Array, Array]:
        """The grid's coordinates along a and along b, each of shape (resolution,)."""
        a_low, a_high, b_low, b_high = self.extent
        return (
            np.linspace(a_low, a_high, self.resolution),
            np.linspace(b_low, b_high, self.resolution),
        )

    @property
    def points(self) -> tuple[Array, Array]:
        """The coordinates of all points."""
        (a, b), named = self.axes, np.array(self.named).reshape(-1, 2)
        grid = np.tile(a, self.resolution), np.repeat(b, self.resolution)
        parts = zip(self.lattice, named.T, grid, strict=True)
        in_a, in_b = map(np.concatenate, parts)
        return in_a, in_b

    @property
    def named_at(self) -> range:
        """The indices of the named points."""
        return range(len(self.spread), len(self.spread) + len(self.named))

    @property
    def grid_at(self) -> slice:
        """The indices of the grid."""
        return slice(self.named_at.stop, self.named_at.stop + self.resolution**2)

    @property
    def far(self) -> tuple[Array, Array]:
        """The coordinates of some points of the whole plane, most of them about the range."""
        a_low, a_high, b_low, b_high = self.extent
        # From the unit square to the plane, odd about its middle.
        aside = 2.0 * self.spread[:_FAR, :2].T - 1.0
        first, second = aside / (1.0 - aside**2)
        a = (a_low + a_high) / 2 + (a_high - a_low) * first
        return a, (b_low + b_high) / 2 + (b_high - b_low) * second

    def where(self, parameters: tuple[str, str], compared: Collection[int]) -> str:
        """Return the range and the named points beyond it, in words after "on".

        Parameters
        ----------
        parameters : (str, str)
            What they are called.
        compared : collection of int
            The indices of the named points at which there is something to compare.
        """
        a_low, a_high, b_low, b_high = map(number, self.extent)
        named = [at for i, at in zip(self.named_at, self.named, strict=True) if i in compared]
        beyond = [pair(at, 6) for at in named if not self.extent.contains(*at)]
        if len(beyond) > _SAID:
            beyond = [*beyond[:_SAID], f"{len(beyond) - _SAID} more points"]
        further = f" and at {', '.join(beyond)}" if beyond else ""
        a, b = parameters
        return f"{a_low} ≤ {a} ≤ {a_high}, {b_low} ≤ {b} ≤ {b_high}{further}"

    @property
    def hull(self) -> Range:
        """The range, widened to the named points."""
        low, high = np.min(self.points, axis=1), np.max(self.points, axis=1)
        return Range(float(low[0]), float(high[0]), float(low[1]), float(high[1]))

    @property
    def reach(self) -> float:
        """The longest step of a Taylor test."""
        a_low, a_high, b_low, b_high = self.extent
        return 0.1 * min(a_high - a_low, b_high - b_low)

    @property
    def spacing(self) -> str:
        """The size of the grid's cells, in words."""
        a_low, a_high, b_low, b_high = self.extent
        parts = self.resolution - 1
        sizes = (a_high - a_low) / parts, (b_high - b_low) / parts
        return " × ".join(number(size, 2) for size in sizes)

    @property
    def moved(self) -> dict[str, Array]:
        """For each constant 0.4 to 1.9 times its value, or of 1 where that is 0; shape (n,)."""
        return {
            name: (value or 1.0) * (0.4 + 1.5 * column)
            for (name, value), column in zip(self.constants.items(), self.spread.T[2:], strict=True)
        }


def _lattice(count: int, dimensions: int) -> Array:
    """Return points of the unit cube, shape (count, dimensions), evenly spread for every count.

    References
    ----------
    M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018.
    """
    root = 2.0  # of x^(d + 1) = x + 1: for d = 1 the golden ratio
    for _ in range(60):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    points: Array = (0.5 + np.arange(1.0, count + 1)[:, None] * steps) % 1.0
    return points
