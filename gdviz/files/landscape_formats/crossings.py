"""Points one by one, and the grid whose crossings they are."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array


@dataclass(frozen=True)
class Crossings:
    """The axes on which points lie, and each point's place on them.

    Attributes
    ----------
    a, b : ndarray, shapes (n,) and (m,)
        The axes, increasing.
    i, j : ndarray of int, shape (k,)
        The places of the k points: ``a[i], b[j]``.
    """

    a: Array
    b: Array
    i: NDArray[np.intp]
    j: NDArray[np.intp]

    def repeats(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the points that are where one before them was, after the latter."""
        places = self.j * len(self.a) + self.i
        order = np.argsort(places, kind="stable")
        same = np.flatnonzero(np.diff(places[order]) == 0)
        return order[same], order[same + 1]

    def repeated(self) -> tuple[int, int] | None:
        """Return two points at the same place, or None."""
        before, after = self.repeats()
        return (int(before[0]), int(after[0])) if len(before) else None

    def spread_out(self, values: Array) -> Array:
        """Return values of the points as a matrix, shape (m, n); nan where there is no point."""
        matrix = np.full((len(self.b), len(self.a)), np.nan)
        matrix[self.j, self.i] = values
        return matrix


class Places(NamedTuple):
    """The different ones of some numbers, increasing, and which of them each number is."""

    axis: Array
    of_each: NDArray[np.intp]


def places(numbers: Array, most: float = math.inf) -> Places | None:
    """Return the axis on which numbers lie; None if one is missing, or too many are different.

    Parameters
    ----------
    numbers : ndarray, shape (k,)
        The coordinates of points.
    most : float, default inf
        How long the axis may be.
    """
    if not np.isfinite(numbers).all():
        return None
    known = np.unique(numbers)
    # What was printed with fewer digits in one place than in another is the same number, and so
    # are 0 and what rounding leaves of it.
    size = np.maximum(np.abs(known), 1e-5 * np.ptp(known))
    apart = np.diff(known, prepend=-np.inf) > 1e-9 * size
    if np.count_nonzero(apart) > most:  # before each number is looked for
        return None
    return Places(known[apart], (np.cumsum(apart) - 1)[np.searchsorted(known, numbers)])


def crossings(x: Array, y: Array) -> Crossings | None:
    """Return the axes on which points lie; None if too many of their crossings are missing."""
    on_a, on_b = places(x), places(y)
    if on_a is None or on_b is None:
        return None
    (a, i), (b, j) = on_a, on_b
    if min(len(a), len(b)) < 2 or len(np.unique(j * len(a) + i)) < len(a) * len(b) / 2:
        return None
    return Crossings(a, b, i, j)
