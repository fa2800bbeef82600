"""Derivatives at the points of a grid, with which the interpolant stays within its cells' range.

They are differences of second order between a point and its neighbours. Where the cells show what f
does between them, as those of a smooth function on a grid that is fine enough, they stay: a minimum
and the bottom of a valley then lie where parabolas have them, and a little below the cells around.
Elsewhere, in noise, beside jumps and outliers, that would invent minima. There the derivatives are
limited as in monotone cubic interpolation, and no value leaves the range of its cell's corners.

References
----------
B. Fornberg, "Generation of finite difference formulas on arbitrarily spaced grids", Mathematics
of Computation 51 (1988) 699–706.

F. N. Fritsch and R. E. Carlson, "Monotone piecewise cubic interpolation", SIAM Journal on Numerical
Analysis 17 (1980) 238–246.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gdviz.base.types import Array

#: How much second differences may change, in parts of the largest ones: below a half.
_LITTLE = 0.47


def derivatives(
    f: Array, a: Array, b: Array, resolved: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Return ∂f/∂a, ∂f/∂b and ∂²f/∂a∂b at the points of a grid.

    Parameters
    ----------
    f : ndarray, shape (m, n)
        The losses; nan in holes.
    a, b : ndarray, shapes (n,) and (m,)
        Where they are, increasing.
    resolved : ndarray of bool, shape (m, n)
        Where they are not limited: see :func:`resolves`.

    Returns
    -------
    (ndarray, ndarray, ndarray), each of shape (m, n)
        nan in holes, and beside them where no neighbour is known.
    """
    in_a, in_b = _slopes(f, a), _slopes(f.T, b).T
    # The order does not matter, but beside holes: the mean makes a and b equals there as well.
    in_ab = 0.5 * (_slopes(in_a.T, b).T + _slopes(in_b, a))
    limited = _within_cells(
        f, _monotone(in_a, f, a), _monotone(in_b.T, f.T, b).T, in_ab, np.diff(a), np.diff(b)
    )
    in_a, in_b, in_ab = (
        np.where(resolved, whole, less)
        for whole, less in zip((in_a, in_b, in_ab), limited, strict=True)
    )
    return in_a, in_b, in_ab


def resolves(f: Array, a: Array, b: Array) -> NDArray[np.bool_]:
    """Tell at which points the cells show what f does between them.

    There the second differences change little: among the nine points around each (six, where an
    axis has four points), those in a direction differ by less than the largest of them, and in part
    the largest in any direction. Those of noise, and beside a jump or an outlier, change by all
    that they are. Of holes, and of axes with fewer than four points, nothing is known.

    Parameters
    ----------
    f : ndarray, shape (m, n)
        The losses; nan in holes.
    a, b : ndarray, shapes (n,) and (m,)
        Where they are, increasing.

    Returns
    -------
    ndarray of bool, shape (m, n)
    """
    if min(f.shape) < 4:
        return np.zeros(f.shape, np.bool_)
    in_aa, in_bb = _second(f, a)[1:-1], _second(f.T, b).T[:, 1:-1]
    # Of the four cells around a point.
    mixed = np.diff(np.diff(f) / np.diff(a), axis=0) / np.diff(b)[:, None]
    in_ab = sliding_window_view(mixed, (2, 2)).mean((2, 3))
    width, height = (a[-1] - a[0]) / (len(a) - 1), (b[-1] - b[0]) / (len(b) - 1)
    size = min(3, in_aa.shape[0]), min(3, in_aa.shape[1])
    windows = [
        sliding_window_view(each, size)
        for each in (in_aa * width**2, in_bb * height**2, in_ab * width * height)
    ]
    largest = [np.abs(window).max((2, 3)) for window in windows]
    of_all = np.max(largest, axis=0)
    shown = [
        np.ptp(w, (2, 3)) <= _LITTLE * (own + of_all)
        for w, own in zip(windows, largest, strict=True)
    ]
    # At the ends of the axes as at the nearest points that have neighbours enough.
    ends = [(2, n - windows[0].shape[k] - 2) for k, n in enumerate(f.shape)]
    return np.pad(np.logical_and.reduce(shown), ends, mode="edge")


def _second(values: Array, knots: Array) -> Array:
    """Return second derivatives along the last axis, between its ends."""
    gap = np.diff(knots)
    second: Array = np.diff(np.diff(values) / gap) / (0.5 * (gap[1:] + gap[:-1]))
    return second


def _slopes(values: Array, knots: Array) -> Array:
    """Return derivatives along the last axis, by differences of second order.

    With neighbours on both sides the derivative of the parabola through the three points, at an
    end or beside a hole that of the parabola through the next two, and of the straight line where
    there is only one.

    Parameters
    ----------
    values : ndarray, shape (..., n)
        Values; nan is a hole.
    knots : ndarray, shape (n,)
        Where they are, increasing.

    Returns
    -------
    ndarray, shape (..., n)
        nan in a hole, and where no neighbour is known.
    """
    gap = np.diff(knots)
    quotient = np.diff(values) / gap
    missing = np.full((*values.shape[:-1], 1), np.nan)
    left, right = np.concatenate([missing, quotient], -1), np.concatenate([quotient, missing], -1)
    left_gap, right_gap = np.append(np.nan, gap), np.append(gap, np.nan)
    central = (right_gap * left + left_gap * right) / (left_gap + right_gap)
    # One further quotient on the same side, and the gap under it.
    next_right = np.concatenate([right[..., 1:], missing], -1)
    next_left = np.concatenate([missing, left[..., :-1]], -1)
    next_right_gap, next_left_gap = (
        np.append(right_gap[1:], np.nan),
        np.append(np.nan, left_gap[:-1]),
    )
    ahead = right + (right - next_right) * (right_gap / (right_gap + next_right_gap))
    behind = left + (left - next_left) * (left_gap / (left_gap + next_left_gap))
    result: Array = central
    for other in (ahead, behind, right, left):
        result = np.where(np.isnan(result), other, result)
    return result


def _monotone(slope: Array, values: Array, knots: Array) -> Array:
    """Return slopes along the last axis with which the cubics are monotone between the knots.

    No slope is more than three times a difference quotient beside it, nor of the other sign: which
    is enough (Fritsch and Carlson).
    """
    quotient = np.diff(values) / np.diff(knots)
    missing = np.full((*values.shape[:-1], 1), np.nan)
    left, right = np.concatenate([missing, quotient], -1), np.concatenate([quotient, missing], -1)
    least, most = np.fmin(left, right), np.fmax(left, right)
    result: Array = np.clip(slope, 3 * np.minimum(most, 0.0), 3 * np.maximum(least, 0.0))
    return result


def _within_cells(
    f: Array, in_a: Array, in_b: Array, in_ab: Array, width: Array, height: Array
) -> tuple[Array, Array, Array]:
    """Return derivatives with which no cell leaves the range of its corners.

    A bicubic lies between the least and the greatest of its sixteen Bézier ordinates. Four of them
    belong to a corner: f, those a third of the way along either side, which are in that range if
    the sides are monotone, and the one a third of the way along both. All are kept in the range,
    for the four cells that share the point.

    Parameters
    ----------
    f : ndarray, shape (m, n)
        The losses; nan in holes.
    in_a, in_b, in_ab : ndarray, shape (m, n)
        ∂f/∂a, ∂f/∂b and ∂²f/∂a∂b; monotone along the sides.
    width : ndarray, shape (n − 1,)
        The cells' sizes along a.
    height : ndarray, shape (m − 1,)
        The cells' sizes along b.
    """
    corners = np.stack([f[:-1, :-1], f[:-1, 1:], f[1:, :-1], f[1:, 1:]])
    known = ~np.isnan(corners).any(0)
    ends = (corners.min(0), -np.inf), (corners.max(0), np.inf)
    bounds = [(np.where(known, bound, free), free) for bound, free in ends]
    # Of each point: a third of the way along a, and along b, and how far f may fall and rise.
    sides = []
    for left in (0, 1):
        for down in (0, 1):
            beyond = (left, 1 - left), (down, 1 - down)
            along = (1 - 2 * left) * np.pad(width, beyond[0], constant_values=1.0) / 3
            up = (1 - 2 * down) * np.pad(height, beyond[1], constant_values=1.0)[:, None] / 3
            low, high = (np.pad(x, beyond[::-1], constant_values=y) for x, y in bounds)
            sides.append((along, up, low - f, high - f))
    with np.errstate(all="ignore"):
        share = np.ones_like(f)
        for along, up, fall, rise in sides:
            step = in_a * along + in_b * up
            room = np.maximum(fall / step, rise / step)
            share = np.where(step == 0.0, share, np.minimum(share, room))
        in_a, in_b = share * in_a, share * in_b
        for along, up, fall, rise in sides:
            step = in_a * along + in_b * up
            twists = np.sort([(fall - step) / (along * up), (rise - step) / (along * up)], axis=0)
            in_ab = np.clip(in_ab, *twists)
    return in_a, in_b, in_ab
