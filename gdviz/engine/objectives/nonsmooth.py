"""Where a function has no gradient: undefined, or at a kink or a jump (abs, max, sqrt, step)."""

import math
from collections.abc import Sequence

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.types import Array
from gdviz.engine.objectives.objective import Objective

#: Where one looks at either side of the point, in units of the coordinate (at least 1). Across a
#: kink the difference stays as the distance shrinks; where ∇f is continuous it shrinks as well.
#: In float32 all of these are as many times longer as half of the digits that it lacks ask for.
_NEAR, _FAR = 2.0**-40, 2.0**-30
#: Differences up to this part of the numbers themselves are round-off.
_NOISE = 1e-9
#: By how much a slope that has no bound is greater near the point than far from it, at least: at
#: sqrt(|a|) it is 32 times as great.
_GROWS = 1.5


def without_value(objective: Objective, at: Sequence[float]) -> str:
    """Return that f is no number at a point, in a sentence; empty where it is."""
    value = objective.value(*at)
    if np.isfinite(value):
        return ""
    return f"f is {'undefined' if np.isnan(value) else 'infinite'} at {pair(at, 6)}"


def undefined(objective: Objective, at: Sequence[float]) -> str:
    """Return that f or ∇f is no number at a point, in a sentence; empty where both are."""
    if why := without_value(objective, at) or objective.no_gradient:
        return why
    gradient = objective.gradient(*at)
    if np.isfinite(gradient).all():
        return ""
    if not np.isinf(gradient).any() and (sentence := jump(objective, at)):
        return sentence
    what = "undefined" if np.isnan(gradient).any() else "infinite"
    return f"∇f is {what} at {pair(at, 6)}, where f = {number(objective.value(*at))}"


def jump(objective: Objective, at: Sequence[float]) -> str:
    """Return that f or ∇f jumps at a point, in a sentence; empty where it does not."""
    if objective.is_smooth:
        return ""
    where = pair(at, 6)
    points = _around(objective, at)
    values = objective.values(*points)
    sides = _sides(values, _noise(objective))
    if sides is not None:
        if _differs(objective, points, values):
            return ""
        before, after = map(number, sides)
        return f"f jumps at {where} from {before} to {after}: it has no gradient there"
    if sides_of_gradient := _jump_of_gradient(objective, points):
        return (
            f"the gradient jumps at {where}: {sides_of_gradient}, so there is no single gradient "
            "to compare with"
        )
    return ""


def kink(objective: Objective, at: Sequence[float]) -> str:
    """Return what ∇f is on either side of a kink at a point; empty where there is none."""
    points = _around(objective, at)
    if objective.is_smooth or _sides(objective.values(*points), _noise(objective)) is not None:
        return ""
    return _jump_of_gradient(objective, points)


def sides_along(objective: Objective, at: Sequence[float], axis: int) -> tuple[float, float] | None:
    """Return what a component of ∇f is just before and just after a kink; None without one.

    Parameters
    ----------
    objective : Objective
        The function.
    at : sequence of float, two
        The point.
    axis : int
        0 for ∂f/∂a on either side along a, 1 for ∂f/∂b along b.
    """
    component = objective.gradients(*_around(objective, at))[axis]
    if objective.is_smooth:
        return None
    noise = _noise(objective)
    return _sides(_limits(component[axis : axis + 1], noise), noise)


def _noise(objective: Objective) -> float:
    """Return up to which part of numbers themselves differences between them are round-off."""
    return _NOISE * math.sqrt(objective.coarseness)


def _around(objective: Objective, at: Sequence[float]) -> tuple[Array, Array]:
    """Return points to either side of one, in rows along a and along b.

    Their columns are far before, near before, near after, and far after it.
    """
    a, b = at
    offsets = np.array([-_FAR, -_NEAR, _NEAR, _FAR]) * math.sqrt(objective.coarseness)
    along = np.vstack([offsets * max(1.0, abs(a)), 0.0 * offsets])
    across = np.vstack([0.0 * offsets, offsets * max(1.0, abs(b))])
    return a + along, b + across


def _differs(objective: Objective, points: tuple[Array, Array], values: Array) -> bool:
    """Tell whether another call gives others, as that of code that draws: these are no jump's."""
    again = objective.values(*points)
    return bool((np.abs(again - values) > _noise(objective) * np.abs(values)).any())


def _jump_of_gradient(objective: Objective, points: tuple[Array, Array]) -> str:
    for name, component in zip(objective.parameters, objective.gradients(*points), strict=True):
        sides = _sides(_limits(component, _noise(objective)), _noise(objective))
        if sides is not None:
            before, after = map(number, sides)
            return f"∂f/∂{name} is {before} on one side and {after} on the other"
    return ""


def _limits(slopes: Array, noise: float) -> Array:
    """Return slopes in rows as of :func:`_around`, infinite where they grow towards the point."""
    far, near = slopes[:, [0, 3]], slopes[:, [1, 2]]
    is_noise = np.abs(near) <= noise * np.abs(near).sum(axis=1, keepdims=True)
    # A finite one differs by a curvature times the distance, which is nothing against itself.
    grows = (np.abs(near) > _GROWS * np.abs(far)) & ~is_noise
    limits = slopes.copy()
    limits[:, [1, 2]] = np.where(grows, np.copysign(np.inf, near), near)
    return limits


def _sides(values: Array, noise: float) -> tuple[float, float] | None:
    """Return the values on either side of a jump in one of the rows, or None."""
    for far_before, before, after, far_after in values:
        near, far = abs(after - before), abs(far_after - far_before)
        # Infinite slopes of two signs, or beside a finite one; of one sign they are no jump.
        # A comparison with nan is false: where one side has no value there is no jump to tell.
        if near > far / 2 and near >= noise * (abs(after) + abs(before)):
            return float(before), float(after)
    return None
