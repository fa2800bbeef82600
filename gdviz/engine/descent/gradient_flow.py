"""Gradient flow θ′ = −∇f(θ): where descent with ever smaller steps leads from a start.

A step of length h in time follows the flow of the quadratic model exactly: in the direction of an
eigenvector of the Hessian with eigenvalue λ it is −h·φ₁(hλ) times the gradient, where
φ₁(z) = (1 − e⁻ᶻ)/z. That is −h∇f for a short step, and Newton's step for a long one where the
Hessian is positive definite: one method follows curved valleys and also arrives. What a step
differs by from that of the third-order method of the same family is its error, and sets the length
of the next.

References
----------
.. [1] M. Hochbruck and A. Ostermann, "Exponential integrators", Acta Numerica 19 (2010) 209–286,
   section 2.4 (the pair of orders 2 and 3).
"""

import math

import numpy as np

from gdviz.base.geometry import Range
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigensystem

#: Steps at most; one takes a gradient and a Hessian.
_STEPS = 200
#: The error of a step, in parts of the diagonal of the limits.
_ERROR = 1e-3
#: The first step and the longest one, in units of 1/|λ|max, and how many times as long as the one
#: before a step may be. The longest is still Newton's where λmin > 1e-11 λmax.
_FIRST, _LONGEST, _LONGER = 0.1, 1e13, 50.0
#: The longest step away from a saddle point or a maximum, in units of 1/|λmin|.
_AWAY = 2.0
#: The flow has arrived where Newton's step is this short, in units of θ (at least 1), or where the
#: gradient is this part of |λ|max times θ, which is its round-off.
_ARRIVED, _ROUNDED = 1e-10, 16 * float(np.finfo(np.float64).eps)


def follow_flow(
    objective: Objective, start: tuple[float, float], limits: Range
) -> tuple[float, float, Status]:
    """Follow the gradient flow from a start.

    Parameters
    ----------
    objective : Objective
        The function; it must have second derivatives.
    start : (float, float)
        The point (a, b) where the flow begins.
    limits : Range
        The flow ends at the first point outside. Errors are measured by its diagonal.

    Returns
    -------
    a, b : float
        The last point.
    status : Status
        ESTIMATE_VANISHED at a stationary point; LEFT_MAP; UNDEFINED where a derivative is not
        finite, or f at the start; STEP_LIMIT, as where a kink allows short steps only.
    """
    f = CountedObjective(objective, "float64")
    diagonal = math.hypot(limits.a_high - limits.a_low, limits.b_high - limits.b_low)
    a, b = start
    longest = math.inf
    with np.errstate(all="ignore"):
        g_a, g_b = f.gradient(a, b)
        if not math.isfinite(f.value(a, b)):
            return a, b, Status.UNDEFINED
        for _ in range(_STEPS):
            high, low, c, s = eigensystem(*f.hessian(a, b))
            if not math.isfinite(high + g_a + g_b):
                return a, b, Status.UNDEFINED
            g_high, g_low = c * g_a + s * g_b, c * g_b - s * g_a
            steepest, size = max(abs(high), abs(low)), max(1.0, math.hypot(a, b))
            rounded = _ROUNDED * steepest
            if abs(g_high) <= size * max(rounded, _ARRIVED * high) and abs(g_low) <= size * max(
                rounded, _ARRIVED * low
            ):
                # The last of Newton's steps, where it is one.
                by_high = -g_high / high if abs(g_high) < size * _ARRIVED * high else 0.0
                by_low = -g_low / low if abs(g_low) < size * _ARRIVED * low else 0.0
                a, b = a + c * by_high - s * by_low, b + s * by_high + c * by_low
                return a, b, Status.ESTIMATE_VANISHED
            # Where f is straight the first step is by a part of the map.
            unit = max(steepest, math.hypot(g_high, g_low) / diagonal)
            if longest == math.inf:
                longest = _FIRST / unit
            h = min(longest, _LONGEST / unit, _AWAY / -low if low < 0.0 else math.inf)
            first_high, third_high = _weights(h * high)
            first_low, third_low = _weights(h * low)
            by_high, by_low = -h * first_high * g_high, -h * first_low * g_low
            to_a, to_b = a + c * by_high - s * by_low, b + s * by_high + c * by_low
            new_a, new_b = f.gradient(to_a, to_b)
            # What the gradient is beside that of the model.
            rest_a, rest_b = new_a - g_a, new_b - g_b
            rest_high = c * rest_a + s * rest_b - high * by_high
            rest_low = c * rest_b - s * rest_a - low * by_low
            error = 2.0 * h * math.hypot(third_high * rest_high, third_low * rest_low)
            # A comparison with nan is false.
            ratio = error / (_ERROR * diagonal) if error < math.inf else math.inf
            if ratio <= 1.0:
                a, b, g_a, g_b = to_a, to_b, new_a, new_b
                if not limits.contains(a, b):
                    return a, b, Status.LEFT_MAP
            longest = h * min(_LONGER, max(0.1, 0.8 * max(ratio, 1e-9) ** (-1 / 3)))
    return a, b, Status.STEP_LIMIT


def _weights(z: float) -> tuple[float, float]:
    """Return φ₁(−z) and φ₃(−z), with φₖ(x) = (φₖ₋₁(x) − 1/(k−1)!)/x and φ₀ = exp."""
    if abs(z) < 0.3:
        third = 1 / 6 - z / 24 + z * z / 120 - z**3 / 720 + z**4 / 5040
        return 1.0 - z * (0.5 - z * third), third
    first = -math.expm1(-z) / z
    return first, (0.5 - (1.0 - first) / z) / z
