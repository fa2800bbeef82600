"""What ∇f is where an operation of f has a kink: kinks may cancel, and f be smooth.

At (0, 0) the derivative of log(1 + e^(−|a|)) + relu(a) is ½, from the left and from the right,
though neither |a| nor relu(a) has one. Whether f has a gradient at a point is decided by the
derivatives of the whole function just beside it, in eight directions.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.base.types import Array

#: Where one looks at either side of the point, in units of the coordinate (at least 1). Across a
#: kink the difference stays as the distance shrinks; where ∇f is continuous it shrinks as well.
#: Where it grows without bounds its own changes do not. Nearer than what looks for kinks itself
#: (:mod:`gdviz.engine.objectives.nonsmooth`).
NEAR, FAR, FARTHER = 2.0**-46, 2.0**-41, 2.0**-36
#: Differences up to this part of the numbers themselves are round-off,
NOISE = 1e-9
#: and up to this part of f.
_NOISE_OF_VALUE = 1e-14
#: Along a, along b, and between them; by distance, direction and parameter.
_WAYS = np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]], float)
_OFFSETS = np.array([NEAR, FAR, FARTHER])[:, None, None] * _WAYS

#: How far f has to stay the same along an axis.
_LEVEL = np.array([NEAR, 2.0**-30, 2.0**-20, 2.0**-10])

_Function = Callable[[Array, Array], tuple[Array, ...]]


def one_sided(
    function: _Function, at: tuple[Array, Array], taken: tuple[Array, Array], is_one_taken: bool
) -> Array:
    """Return ∇f at points where an operation of f has a kink.

    Parameters
    ----------
    function : callable
        Returns ∂f/∂a, ∂f/∂b and f at points.
    at : (ndarray, ndarray), shape (n,)
        The points.
    taken : (ndarray, ndarray), shape (n,)
        What the operations' derivatives are taken for there.
    is_one_taken : bool
        Whether that is returned where there is no derivative, in place of nan. It is, in any case,
        where f or its derivatives are undefined or infinite beside the point.

    Returns
    -------
    ndarray, shape (2, n)
    """
    with np.errstate(all="ignore"):
        here = np.array(at)
        size = np.maximum(1.0, np.abs(here))
        a, b = here[:, None, None] + np.moveaxis(_OFFSETS, -1, 0)[..., None] * size[:, None, None]
        in_a, in_b, f = function(a, b)
        # A derivative across the way plays no part: that way may lead along the kink.
        beside = np.where(_WAYS.T[:, None, :, None] == 0.0, 0.0, [in_a, in_b])
        value = function(*here)[2]
        # Where f stays the same, ∞ − ∞ and 0·∞ are 0, as in √(relu(a) − a); ∞ is not.
        beside = np.where((f == value) & np.isnan(beside), 0.0, beside)
        slopes = np.einsum("kp,pn,pskn->skn", _WAYS, size, beside)
        steps = np.abs(f - value)
        breaks = _stays(steps[:2], _NOISE_OF_VALUE * np.abs(f).max(axis=(0, 1)))
        along_axes = beside[:, :, :4]
        noise = NOISE * np.abs(along_axes * size[:, None, None]).max(axis=(0, 1, 2))
        noise += _NOISE_OF_VALUE * np.abs(f).max(axis=(0, 1))

        def misses(gradient: Array) -> Any:
            """Tell in which directions a gradient is not the derivative, shape (8, n)."""
            expected = np.einsum("kp,pn,pn->kn", _WAYS, size, gradient)
            return np.logical_or(_stays(np.abs(slopes - expected)[:2], noise), breaks)

        given = np.array(taken)
        limits = beside[:, 0] + (beside[:, 0] - beside[:, 1]) * NEAR / (FAR - NEAR)
        limit = np.array([limits[0, :2].mean(axis=0), limits[1, 2:4].mean(axis=0)])
        is_known = np.isfinite(along_axes).all(axis=(0, 1, 2)) & np.isfinite(f).all(axis=(0, 1))
        is_given = np.isfinite(given).all(axis=0) & ~misses(given).any(axis=0)
        wrong = misses(limit) | _stays(np.abs(np.diff(slopes, axis=0)), noise)
        # Between the axes both are to blame, where they are not along them.
        along = np.array([wrong[:2].any(axis=0), wrong[2:4].any(axis=0)])
        missing = np.where(along.any(axis=0), along, wrong.any(axis=0))
        found = np.where(missing, given if is_one_taken else np.nan, limit)
        result: Array = np.where(is_known & ~is_given, found, given)
        return result


def level(
    values: Callable[[Array, Array], Array], at: tuple[Any, Any], gradient: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return a gradient with zeros for what is no number where f stays the same along an axis.

    Where f has overflowed it has no gradient, and none of the numbers that are left is one.

    That is 0·∞, or the logarithm of a negative base: asin(min(a, b)/b) is π/2 wherever b < a. At a
    single point, as in acos(cos(a)) at 0, that tells nothing: rounding hides what f does beside it.

    Parameters
    ----------
    values : callable
        Returns f at points.
    at : (float or ndarray, float or ndarray)
        The points.
    gradient : (ndarray, ndarray)
        The gradient there.
    """
    found = list(gradient)
    for axis, part in enumerate(gradient):
        is_missing = np.isnan(part)
        if not is_missing.any():
            continue
        part = np.array(part)
        here = np.array([np.broadcast_to(x, part.shape)[is_missing] for x in at], np.float64)
        f = values(*here)
        beside = np.repeat(here[:, None], 2 * len(_LEVEL), axis=1)
        offsets = np.concatenate([-_LEVEL, _LEVEL])[:, None]
        beside[axis] += offsets * np.maximum(1.0, np.abs(here[axis]))
        stays = np.isfinite(f) & (values(*beside) == f).all(axis=0)
        part[is_missing] = np.where(stays, 0.0, np.nan)
        found[axis] = part
    return found[0], found[1]


def _stays(differences: Array, noise: Array) -> Any:
    """Tell which differences, near and far, do not shrink with the distance."""
    near, far = differences
    return (near > far / 2) & (near > noise)
