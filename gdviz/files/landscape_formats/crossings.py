"""Points one by one, and the grid whose crossings they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.files.landscape_formats.reading import Array


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

    def repeated(self) -> tuple[int, int] | None:
        """Return two points at the same place, or None."""
        places = self.j * len(self.a) + self.i
        order = np.argsort(places, kind="stable")
        same = np.flatnonzero(np.diff(places[order]) == 0)
        return (int(order[same[0]]), int(order[same[0] + 1])) if len(same) else None

    def spread_out(self, values: Array) -> Array:
        """Return values of the points as a matrix, shape (m, n); nan where there is no point."""
        matrix = np.full((len(self.b), len(self.a)), np.nan)
        matrix[self.j, self.i] = values
        return matrix


def crossings(x: Array, y: Array) -> Crossings | None:
    """Return the axes on which points lie; None if too many of their crossings are missing."""
    found = []
    for column in (x, y):
        if not np.isfinite(column).all():
            return None
        numbers = np.unique(column)
        # What was printed with fewer digits in one place than in another is the same number.
        apart = np.diff(numbers, prepend=-np.inf) > 1e-9 * np.ptp(numbers)
        axis = numbers[apart]
        found.append((axis, np.searchsorted(axis, column + 1e-9 * np.ptp(numbers), "right") - 1))
    (a, i), (b, j) = found
    if min(len(a), len(b)) < 2 or len(np.unique(j * len(a) + i)) < len(a) * len(b) / 2:
        return None
    return Crossings(a, b, i, j)
