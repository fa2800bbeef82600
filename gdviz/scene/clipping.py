"""A polyline cut to a rectangle, so that no renderer meets a coordinate of 10³⁰⁰.

Renderers keep pixels in 24 or 32 bits, and SVG viewers fail on numbers that a diverging path
reaches in ten steps. Cut exactly, a line still leaves the picture in the right direction.
"""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array

#: Beyond this only the direction of a line is kept, roughly: differences must not overflow.
_HUGE = 1e100


def clip_polyline(points: Array, window: Range) -> Array:
    """Cut a polyline to a window.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Vertices; a segment with a nan at one of its ends is left out.
    window : Range
        What is kept.

    Returns
    -------
    ndarray, shape (m, 2)
        The pieces within the window one after the other, separated by rows of nan.
    """
    points = np.clip(points, -_HUGE, _HUGE)
    low = np.array([window.a_low, window.b_low])
    high = np.array([window.a_high, window.b_high])
    # From the nearer end to the farther one: start + t·delta is exact only where start is small.
    distance = np.abs(points - (low + high) / 2).max(axis=1)
    turned = (distance[:-1] > distance[1:])[:, None]
    start = np.where(turned, points[1:], points[:-1])
    end = np.where(turned, points[:-1], points[1:])
    delta = end - start
    # Liang and Barsky: on each axis the line is between the window's edges for t in an interval.
    with np.errstate(all="ignore"):
        at_low, at_high = (low - start) / delta, (high - start) / delta
    level = delta == 0.0
    inside = (low <= start) & (start <= high)
    enter = np.where(level, np.where(inside, -np.inf, np.inf), np.minimum(at_low, at_high))
    leave = np.where(level, np.where(inside, np.inf, -np.inf), np.maximum(at_low, at_high))
    first = np.maximum(enter.max(axis=1), 0.0)
    last = np.minimum(leave.min(axis=1), 1.0)

    kept = first <= last  # False for nan as well
    first, last = first[kept, None], last[kept, None]
    start, end, delta, turned = start[kept], end[kept], delta[kept], turned[kept]
    # A vertex that is not cut stays the same float, so that joined segments are found to be.
    near = np.where(first > 0.0, np.clip(start + first * delta, low, high), start)
    far = np.where(last < 1.0, np.clip(start + last * delta, low, high), end)
    return _joined(np.where(turned, far, near), np.where(turned, near, far))


def _joined(begin: Array, finish: Array) -> Array:
    """Return segments as one polyline, with a row of nan where one does not go on from the last."""
    if not len(begin):
        return np.empty((0, 2))
    goes_on = (begin[1:] == finish[:-1]).all(axis=1)
    gaps = np.flatnonzero(~goes_on)
    pieces: list[Array] = []
    nan = np.full((1, 2), np.nan)
    for low, high in zip(np.r_[0, gaps + 1], np.r_[gaps + 1, len(begin)], strict=True):
        pieces += [begin[low : low + 1], finish[low:high], nan]
    return np.concatenate(pieces[:-1])
