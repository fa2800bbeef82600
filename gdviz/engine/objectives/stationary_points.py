"""What a stationary point is: a minimum, a maximum, a saddle point, or one of a valley of minima.

A small gradient and a positive definite Hessian H prove nothing: a² + e⁻ᵇ has both, and no minimum.
But take the ball around a point, in the norm of H, of four times the length of Newton's step
−H⁻¹∇f. If the Hessian is at least H/2 throughout, f is higher on the sphere than at the centre:
there is a minimum in the ball, and only one. Likewise for a maximum; and for a saddle point where
the Hessian differs from H by at most a half of |H|, which makes x ↦ x − H⁻¹∇f(x) a contraction of
the ball. The Hessian is looked at on two rings.

In a valley of minima f stays the same, to round-off, along a curve, and curves upwards across it.
The curve is followed far to both sides, for the foot of a slope is level for a while as well.

References
----------
.. [1] J. M. Ortega and W. C. Rheinboldt, *Iterative Solution of Nonlinear Equations in Several
   Variables*, Academic Press 1970, sections 5.1 (contractions) and 12.6 (Newton-Kantorovich).
"""

import math
from typing import Literal, NamedTuple

import numpy as np

from gdviz.engine.objectives.nonsmooth import jump
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

StationaryKind = Literal["minimum", "maximum", "saddle", "valley", "flat"]

_EPS = float(np.finfo(np.float64).eps)
#: An eigenvalue below this part of the other is round-off of the matrix.
_SINGULAR = 4 * _EPS
#: In units of θ (at least 1): a stationary point further away is somewhere else; and the ball is at
#: least so large, in the direction in which H curves least, that no rounding of θ shows on it.
_NEAR, _LEAST = 1e-2, 1e-6
_RINGS = np.exp(2j * np.pi * np.arange(8) / 8) * np.array([[0.5], [1.0]])
#: A valley is followed in steps: the shortest one, the first one, and how far, in units of θ; the
#: most steps; Newton's steps down from each; and its curvature along, in parts of that across.
_SHORTEST, _FIRST, _LENGTH, _STEPS, _DESCENTS, _LEVEL = 2.0**-10, 2.0**-4, 8.0, 60, 4, 1e-6
#: Values of f that differ by so many roundings are the same.
_SAME = 64 * _EPS


def eigensystem(aa: float, ab: float, bb: float) -> tuple[float, float, float, float]:
    """Return the eigenvalues of the matrix ((aa, ab), (ab, bb)), and an eigenvector.

    Returns
    -------
    high, low : float
        The eigenvalues.
    c, s : float
        The unit eigenvector (c, s) of the first; that of the other is (−s, c).
    """
    middle, half = (aa + bb) / 2, (aa - bb) / 2
    radius, angle = math.hypot(half, ab), math.atan2(ab, half) / 2
    return middle + radius, middle - radius, math.cos(angle), math.sin(angle)


def stationary_kind(objective: Objective, a: float, b: float) -> StationaryKind:
    """Tell what the stationary point at or beside a point is.

    Parameters
    ----------
    objective : Objective
        The function, with second derivatives.
    a, b : float
        The point, where the gradient is small.

    Returns
    -------
    {"minimum", "maximum", "saddle", "valley", "flat"}
        "valley" in a valley of minima; "flat" where nothing of this is certain: there may be no
        stationary point at all.
    """
    kind = isolated_kind(objective, a, b, objective.gradient(a, b), objective.hessian(a, b))
    return _degenerate_kind(objective, a, b) if kind == "flat" else kind


def isolated_kind(
    objective: Objective,
    a: float,
    b: float,
    gradient: tuple[float, float],
    hessian: tuple[float, float, float],
) -> StationaryKind:
    """Tell the same of a point whose derivatives are known, without looking for valleys.

    Parameters
    ----------
    objective : Objective
        The function.
    a, b : float
        The point.
    gradient : (float, float)
        ∂f/∂a and ∂f/∂b there.
    hessian : (float, float, float)
        ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b² there.
    """
    high, low, c, s = eigensystem(*hessian)
    flattest, steepest = sorted((abs(high), abs(low)))
    if not _SINGULAR * steepest < flattest <= steepest < math.inf:  # nan is "flat", too
        return "flat"
    g_high, g_low = c * gradient[0] + s * gradient[1], c * gradient[1] - s * gradient[0]
    size = max(1.0, math.hypot(a, b))
    if not math.hypot(g_high / high, g_low / low) <= _NEAR * size:
        return "flat"
    root_high, root_low = math.sqrt(abs(high)), math.sqrt(abs(low))
    newton = math.hypot(g_high / root_high, g_low / root_low)
    radius = max(4.0 * newton, _LEAST * size * math.sqrt(flattest))
    around = (radius / root_high * _RINGS.real + 1j * radius / root_low * _RINGS.imag) * (
        c + 1j * s
    )
    aa, ab, bb = objective.hessians(a + around.real, b + around.imag)
    # What H changes by, with its eigenvectors for axes and in units of |H|; then the mean of the
    # change's eigenvalues, and how far they are from it.
    d_aa, d_ab, d_bb = aa - hessian[0], ab - hessian[1], bb - hessian[2]
    trace, half, cos, sin = (d_aa + d_bb) / 2, (d_aa - d_bb) / 2, c * c - s * s, 2.0 * c * s
    turned = half * cos + d_ab * sin
    on_high, on_low = (trace + turned) / abs(high), (trace - turned) / abs(low)
    mixed = (d_ab * cos - half * sin) / (root_high * root_low)
    mean, apart = (on_high + on_low) / 2, np.hypot((on_high - on_low) / 2, mixed)
    kind: StationaryKind = "minimum" if low > 0.0 else "maximum" if high < 0.0 else "saddle"
    worst = {"minimum": apart - mean, "maximum": apart + mean, "saddle": apart + abs(mean)}[kind]
    is_proved = (worst <= 0.5).all() and not jump(objective, a, b)
    return kind if is_proved else "flat"


# -- where an eigenvalue is zero


class _Bottom(NamedTuple):
    """Where f is lowest across a valley: the point, f, the curvature across, the way along."""

    a: float
    b: float
    value: float
    curvature: float
    along: tuple[float, float]
    is_level: bool


def _degenerate_kind(objective: Objective, a: float, b: float) -> StationaryKind:
    """Tell what a point is from how f goes on along the bottom of the valley that it lies in."""
    f = CountedObjective(objective, "float64")
    size = max(1.0, math.hypot(a, b))
    with np.errstate(all="ignore"):
        here = _bottom(f, a, b)
        if not objective.is_smooth or here is None or math.dist(here[:2], (a, b)) > _NEAR * size:
            return "flat"
        away = _NEAR * size * np.array(here.along)
        sides = [_bottom(f, *(here[:2] + side * away).tolist()) for side in (-1.0, 1.0)]
        if all(side and _rise(here, side) > 0 for side in sides):
            return "minimum"  # between two points of the bottom that are higher
        is_valley = _leads_on(f, here, size) and _leads_on(f, here, -size)
        return "valley" if is_valley else "flat"


def _bottom(f: CountedObjective, a: float, b: float) -> _Bottom | None:
    """Go down across a valley by Newton's method; None where f does not curve upwards."""
    for _ in range(_DESCENTS):
        high, low, c, s = eigensystem(*f.hessian(a, b))
        if not 0.0 < high < math.inf:
            return None
        g_a, g_b = f.gradient(a, b)
        step = (c * g_a + s * g_b) / high
        a, b = a - step * c, b - step * s
    value = f.value(a, b)
    if not math.isfinite(value):
        return None
    return _Bottom(a, b, value, high, (-s, c), abs(low) <= _LEVEL * high)


def _rise(here: _Bottom, there: _Bottom) -> int:
    """Return the sign of what f rises by; 0 where that is no more than round-off."""
    root = _SAME * max(1.0, math.hypot(*there[:2])) * math.sqrt(there.curvature)
    rounding = _SAME * abs(here.value) + root * math.sqrt(abs(here.value)) + root**2
    rise = there.value - here.value
    return 0 if abs(rise) <= rounding else 1 if rise > 0.0 else -1


def _leads_on(f: CountedObjective, here: _Bottom, size: float) -> bool:
    """Tell whether f stays the same along a valley, to the side that the sign of `size` tells.

    The valley may end, but not in a slope.
    """
    step, travelled, first = _FIRST * abs(size), 0.0, here
    way_a, way_b = (math.copysign(1.0, size) * part for part in here.along)
    for _ in range(_STEPS):
        to = here.a + step * way_a, here.b + step * way_b
        there = _bottom(f, *to)
        off = math.inf if there is None else math.dist(there[:2], to)
        if there is None or off > step / 2 or not there.is_level or _rise(first, there):
            step /= 2
            if step < _SHORTEST * abs(size):
                return travelled > 0.0 and (there is None or not _rise(first, there))
            continue
        travelled += step
        if travelled >= _LENGTH * abs(size):
            return True
        if off <= step / 16:
            step *= 2
        sign = math.copysign(1.0, way_a * there.along[0] + way_b * there.along[1])
        here, (way_a, way_b) = there, (sign * part for part in there.along)
    return True
