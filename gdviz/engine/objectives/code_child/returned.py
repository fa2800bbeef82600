"""What a person's function returned, as numbers."""

from reprlib import repr as shortened
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def components(found: Any, points: int) -> tuple[Any, ...]:
    """Return the components of a gradient, as many as there are."""
    if getattr(found, "shape", None) == (points, 2) and points != 2:
        found = found.T
    try:
        return tuple(found)
    except TypeError:
        return (found,)


def as_array(found: Any) -> Any:
    """Return what it returned as an array; None if it is none."""
    if hasattr(found, "detach"):  # a tensor that records its gradient
        found = found.detach()
    try:
        return np.asarray(found)
    except (TypeError, ValueError, RuntimeError):
        return None


def as_row(array: Any, points: int, broadcast: bool) -> Any:
    """Return one number a point.

    Parameters
    ----------
    array : ndarray
        What was returned.
    points : int
        How many there are.
    broadcast : bool
        Whether a single number may stand for all of them, as a component of a gradient may.

    Raises
    ------
    ValueError
        If these are not as many numbers.
    """
    if array.size == 1 and (points == 1 or (broadcast and array.ndim == 0)):
        return np.broadcast_to(array.reshape(()), (points,))
    if array.shape != (points,):
        raise ValueError
    return array


def as_said(found: Any) -> str:
    """Return what it returned in words."""
    shape = getattr(found, "shape", ())
    return f"shape {tuple(shape)}" if shape else " ".join(shortened(found).split())


def largest_of(values: Array) -> float:
    """Return the largest absolute value of those that are finite, or 0."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if known.size else 0.0


def are_single(values: Array) -> bool:
    """Tell whether values are float32's, by chance hardly ever."""
    known = values[np.isfinite(values)]
    is_long = known.astype(np.float16) != known
    return bool(np.count_nonzero(is_long) >= 2 and (known.astype(np.float32) == known).all())
