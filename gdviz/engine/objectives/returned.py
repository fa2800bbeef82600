"""What somebody's function returned or raised, as numbers: that of a program as that of a file."""

from reprlib import repr as shortened
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

#: What is wrong with a function, wherever it is raised. Whatever else it raises at a point, such as
#: ``math.log(-1)``, ``1/0`` and its own errors, is how it says that the point is none of its
#: domain's.
MISTAKES = (
    NameError, TypeError, AttributeError, LookupError, ImportError, RecursionError, MemoryError,
    SystemError,
)  # fmt: skip


def as_rows(found: Any, count: int, points: int, kinds: str = "fiub") -> list[Array]:
    """Return what a function returned as rows of one number a point.

    Parameters
    ----------
    found : object
        What it returned: one row, or several one after the other.
    count : int
        How many rows there should be.
    points : int
        How many points it got. A single number may stand for all of them in one of several rows,
        as a component of a gradient may.
    kinds : str, default "fiub"
        Which kinds of NumPy's types are numbers.

    Returns
    -------
    list of ndarray, shape (points,)

    Raises
    ------
    TypeError
        If these are no such numbers.
    ValueError
        If they are not as many.
    """
    arrays = [_as_array(row) for row in ((found,) if count == 1 else _parts(found))]
    if any(array.dtype.kind not in kinds for array in arrays):
        raise TypeError
    if len(arrays) != count:
        raise ValueError
    return [_as_row(array, points, count > 1) for array in arrays]


def as_said(found: Any) -> str:
    """Return what it returned in words."""
    shape = getattr(found, "shape", ())
    return f"shape {tuple(shape)}" if shape else " ".join(shortened(found).split())


def _parts(found: Any) -> tuple[Any, ...]:
    try:
        return tuple(found)
    except TypeError:
        return (found,)


def _as_array(found: Any) -> Array:
    if hasattr(found, "detach"):  # a tensor that records its gradient
        found = found.detach()
    try:
        return np.asarray(found)
    except Exception as error:  # of whatever kind: libraries have their own
        raise TypeError(str(error)) from error


def _as_row(array: Array, points: int, may_stand_for_all: bool) -> Array:
    if array.size == 1 and (points == 1 or (may_stand_for_all and array.ndim == 0)):
        return array.reshape(1).repeat(points)
    if array.shape != (points,):
        raise ValueError
    return array
