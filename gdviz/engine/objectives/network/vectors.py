"""Parameters as one vector of N numbers, and that vector as the arrays again."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gdviz.engine.objectives.returned import Array

#: Arrays shaped as the parameters.
Shaped = list[Array]


def flat(arrays: Sequence[Any]) -> Array:
    """Return arrays as one vector of float64."""
    return np.concatenate([np.asarray(array, np.float64).ravel() for array in arrays])


def shaped(vector: Array, like: Sequence[Array]) -> Shaped:
    """Return N numbers as arrays in float64.

    Parameters
    ----------
    vector : ndarray, shape (N,)
        The numbers.
    like : sequence of ndarray
        What the arrays are shaped as.
    """
    parts = np.split(np.asarray(vector, np.float64), _ends(like)[:-1])
    return [part.reshape(array.shape) for part, array in zip(parts, like, strict=True)]


def place(coordinate: int, like: Sequence[Array]) -> tuple[int, int]:
    """Return in which array one of the N numbers is, and which it is there.

    Parameters
    ----------
    coordinate : int
        Which of the N, array by array, each in the order of its last axis.
    like : sequence of ndarray
        The arrays.
    """
    ends = _ends(like)
    array = int(np.searchsorted(ends, coordinate, "right"))
    return array, int(coordinate - ends[array] + like[array].size)


def not_finite(arrays: Sequence[Array]) -> tuple[int, float] | None:
    """Return in which of some arrays the first number is that is not finite, and that number.

    Parameters
    ----------
    arrays : sequence of ndarray
        The arrays; None is returned where all of them are finite.
    """
    for i, array in enumerate(arrays):
        if not (is_finite := np.isfinite(array)).all():
            return i, float(array[~is_finite].flat[0])
    return None


def bytes_of(leaves: Sequence[Any]) -> int:
    """Return the bytes that arrays of any library take; a Python float takes those of NumPy's."""
    counted = (leaf if hasattr(leaf, "nbytes") else np.asarray(leaf) for leaf in leaves)
    return sum(int(leaf.nbytes) for leaf in counted)


def _ends(arrays: Sequence[Array]) -> Array:
    return np.cumsum([array.size for array in arrays])
