"""The gradient as values of f alone tell it, with how far that may be off, at many points at once.

Along each axis central differences of many steps are extrapolated to the step 0. How far off that
may be is told by how the tableau's entries differ, by the noise of the values, which differences of
some that lie close together tell, and by a kink or a jump within the smallest step.
"""

from dataclasses import dataclass

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.descent.estimates.extrapolation import extrapolated
from gdviz.engine.descent.estimates.noise import greatest_noise
from gdviz.engine.objectives.objective import Objective

#: The longest step as a part of the map, how much smaller each is, and how many there are. These
#: are no simple fractions, as steps of a whole number of periods would take a wave for a plane.
_REACH, _RATIO, _LEVELS = 0.0471, 3.83, 8
#: How many of the longest are looked at for how steep f is nearby.
_NEARBY = 3
#: At the rim the longest step is shortened, to keep on the map, but to no less than this part of
#: what it is else.
_LEAST = 1e-2
#: Values at so many times the smallest step are the table that noise is told from, beside f itself.
_TABLE = np.array([-3.0, -2.0, 2.0, 3.0])
#: Standard deviations that noise may make up of a value.
_DEVIATIONS = 4.0
#: Beyond this part of the largest gap of the differences on both sides the least of so many of the
#: smallest steps is a kink's.
_KINK, _AT_KINK = 0.1, 4
#: Values at a point.
VALUES = 1 + 2 * (2 * _LEVELS + len(_TABLE))

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class MeasuredGradient:
    """Gradients that values of f tell.

    Attributes
    ----------
    gradient : ndarray, shape (2, n)
        What they are.
    off : ndarray, shape (2, n)
        How far each component may be off; infinite where nothing is told.
    steepest : ndarray, shape (2, n)
        The largest slopes of f nearby, along each axis.
    finest : ndarray, shape (2, n)
        The noise over the smallest step: what looks like noise may be waves that are steeper.
    values, noise : ndarray, shape (n,)
        f there, and how noisy it is, as a part of its size.
    """

    gradient: Array
    off: Array
    steepest: Array
    finest: Array
    values: Array
    noise: Array


def measured_gradient(objective: Objective, points: Array, extent: Range) -> MeasuredGradient:
    """Return the gradient at points, from values of f in one call.

    Parameters
    ----------
    objective : Objective
        The function.
    points : ndarray, shape (2, n)
        Where; :data:`VALUES` values are taken at each.
    extent : Range
        The map, which the steps are parts of, and which they keep to.
    """
    corners = np.array([[extent.a_low, extent.b_low], [extent.a_high, extent.b_high]])
    longest = _REACH * np.diff(corners, axis=0)[0][:, None]
    to_rim = np.abs(corners[..., None] - points).min(axis=0)
    longest = np.clip(to_rim, _LEAST * longest, longest)  # of (axis, point)
    steps = longest * _RATIO ** -np.arange(_LEVELS, dtype=float)[:, None, None]
    offsets = np.concatenate([steps, -steps, steps[-1] * _TABLE[:, None, None]])
    moved = np.broadcast_to(points[:, None, None], (2, *offsets.shape)).copy()
    for axis in (0, 1):
        moved[axis, :, axis] += offsets[:, axis]
    # In one call, as loss may draw something in each.
    count = points.shape[1]
    asked = [np.append(points[k], moved[k].ravel()) for k in (0, 1)]
    values = objective.values(*asked)
    here, values = values[:count], values[count:].reshape(offsets.shape)
    with np.errstate(all="ignore"):
        return _from_values(objective.coarseness * _EPS, here, values, moved)


def _from_values(eps: float, here: Array, values: Array, moved: Array) -> MeasuredGradient:
    after, before, close = np.split(values, [_LEVELS, 2 * _LEVELS])
    own = np.stack([moved[axis, :, axis] for axis in (0, 1)], axis=1)  # the coordinate that moved
    apart = own[:_LEVELS] - own[_LEVELS : 2 * _LEVELS]
    size = np.nanmax(np.abs(np.where(np.isfinite(values), values, np.nan)), axis=(0, 1), initial=0)
    size = np.fmax(size, np.abs(here))
    both = np.broadcast_to(here, before[0].shape)
    table = np.stack([close[0], close[1], before[-1], both, after[-1], close[2], close[3]])
    level = np.fmax(greatest_noise(table).max(axis=0), _grain(values - here))
    part = np.fmax(eps, np.where(size > 0.0, level / size, 0.0))
    part = np.fmax(part, np.nanmedian(part) if np.isfinite(part).any() else 0.0)
    rounding = 2.0 * _DEVIATIONS * part * size / apart
    slopes = (after - before) / apart
    found, off = extrapolated(slopes, rounding, _RATIO, all_levels=True)
    gaps = np.abs(after - 2.0 * here + before) / (0.5 * apart)
    gap = (gaps - 2.0 * rounding)[-_AT_KINK:].min(axis=0)
    off = off + np.where(gap > _KINK * np.fmax.reduce(gaps), gap, 0.0)
    # What f does far below its largest values on the map may be lost in rounding, as in log(1 + x).
    is_flat = (values == here).all(axis=0)
    off = np.where(is_flat, off + eps * np.fmax.reduce(size) / (0.5 * apart[0]), off)
    finest = level / (0.5 * apart[-1])
    rises = np.fmax(np.abs(after - here), np.abs(here - before)) / (0.5 * apart)
    steepest = np.fmax.reduce(rises[:_NEARBY])
    return MeasuredGradient(
        found, np.where(np.isnan(off), np.inf, off), steepest, finest, here, part
    )


def _grain(rises: Array) -> Array:
    """Return the least that f changes by where it does not at other steps: it may be rounded."""
    sizes = np.abs(rises)
    least = np.where(sizes > 0.0, sizes, np.inf).min(axis=0)
    is_flat = (sizes == 0.0).any(axis=0) & np.isfinite(least)
    grain: Array = np.where(is_flat, least, 0.0).max(axis=0)
    return grain
