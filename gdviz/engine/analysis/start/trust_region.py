"""Down to a minimum by a trust-region Newton method, of two parameters.

In two dimensions the model's minimum within the region is exact: along the eigenvectors of the
Hessian it is −gᵢ/(λᵢ + μ), and the μ ≥ 0 for which that is as long as the radius is the root of one
concave function. SciPy has such a method for any number of parameters, and takes half a second of
the processor's time to be imported, at each command with a formula.

References
----------
J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., Springer 2006, algorithms 4.1 and 4.3.
"""

import math

import numpy as np

from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import (
    StationaryKind,
    eigensystem,
    stationary_kind,
)

#: Steps at most, and the length of a gradient that is taken for 0.
_STEPS, _GTOL = 500, 1e-8
#: A minimum farther away is none that anybody looks for.
_FARTHEST = 1e5
#: The first radius, and the largest one.
_FIRST, _LARGEST = 1.0, 1000.0
#: The part of the fall that the model foretold from which on a step is taken; from which on the
#: model is trusted as far; and from which on farther.
_TAKEN, _POOR, _GOOD = 0.15, 0.25, 0.75
#: Newton's steps to the root, which in general are three or four, and how close to it is enough.
_ROOT_STEPS, _CLOSE = 20, 1e-3
#: What is smaller than the other part by so much is rounding, as along a valley that is level.
_ROUNDING = 1e-14


def descended(
    objective: Objective, start: tuple[float, float], kind: StationaryKind = "minimum"
) -> tuple[float, float] | None:
    """Go down by a trust-region Newton method; None if that ends at no minimum that is certain.

    Parameters
    ----------
    objective : Objective
        The function, with second derivatives.
    start : (float, float)
        Where to begin.
    kind : {"minimum", "valley"}, default "minimum"
        What to end at: "valley" for a valley of minima.
    """
    with np.errstate(all="ignore"):
        end = _end(objective, *start)
        return end if end and stationary_kind(objective, *end) == kind else None


def _end(objective: Objective, a: float, b: float) -> tuple[float, float] | None:
    """Return where the way down ends; None if that is far away, or f or a derivative not finite."""
    value, radius = objective.value(a, b), _FIRST
    for _ in range(_STEPS):
        (g_a, g_b), (aa, ab, bb) = objective.gradient(a, b), objective.hessian(a, b)
        if not all(map(math.isfinite, (value, g_a, g_b, aa, ab, bb))):
            return None
        if math.hypot(g_a, g_b) < _GTOL:
            break
        is_taken = False
        while not is_taken:
            p_a, p_b = _model_minimum(g_a, g_b, aa, ab, bb, radius)
            foretold = -(g_a * p_a + g_b * p_b) - (
                aa * p_a * p_a / 2 + ab * p_a * p_b + bb * p_b * p_b / 2
            )
            there = a + p_a, b + p_b
            if not foretold > 0.0 or there == (a, b):
                return a, b
            below = objective.value(*there)
            gain = (value - below) / foretold
            is_taken = gain > _TAKEN
            if not gain >= _POOR:  # also where f has no value
                radius *= 0.25
            elif gain > _GOOD and math.hypot(p_a, p_b) > (1.0 - 2 * _CLOSE) * radius:
                radius = min(2.0 * radius, _LARGEST)
        (a, b), value = there, below
        if math.hypot(a, b) >= _FARTHEST:
            return None
    return a, b


def _model_minimum(
    g_a: float, g_b: float, aa: float, ab: float, bb: float, radius: float
) -> tuple[float, float]:
    """Return where g·p + p·Hp/2 is least among the p that are no longer than a radius."""
    high, low, c, s = eigensystem(aa, ab, bb)
    high_g, low_g = c * g_a + s * g_b, c * g_b - s * g_a
    if abs(low) <= _ROUNDING * abs(high) and abs(low_g) <= _ROUNDING * abs(high_g):
        low = low_g = 0.0
    # For the least μ of these no component is longer than the radius, and for a smaller one one is.
    mu = max(0.0, abs(high_g) / radius - high, abs(low_g) / radius - low)
    for _ in range(_ROOT_STEPS):
        if low + mu <= 0.0:  # the gradient has no part along the lower curvature, which is ≤ 0
            across = -high_g / (high + mu) if high + mu > 0.0 else 0.0
            along = math.sqrt(max(radius * radius - across * across, 0.0)) if low < 0.0 else 0.0
            break
        across, along = -high_g / (high + mu), -low_g / (low + mu)
        length = math.hypot(across, along)
        if not length > (1.0 + _CLOSE) * radius:
            break
        # In parts of the length, as the square of a length beside a kink can be 0.
        falls = (across / length) ** 2 / (high + mu) + (along / length) ** 2 / (low + mu)
        mu += (length / radius - 1.0) / falls
    return c * across - s * along, s * across + c * along
