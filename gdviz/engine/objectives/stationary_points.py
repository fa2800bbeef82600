"""What a stationary point is: a minimum, a maximum, a saddle point, or one of a valley of minima.

A small gradient and a positive definite Hessian H prove nothing: a² + e⁻ᵇ has both, and no minimum.
But take the ball around a point, in the norm of H, of four times the length of Newton's step
−H⁻¹∇f. If the Hessian is at least H/2 throughout, f is higher on the sphere than at the centre:
there is a minimum in the ball, and only one. Likewise for a maximum; and for a saddle point where
the Hessian differs from H by at most a half of |H|, which makes x ↦ x − H⁻¹∇f(x) a contraction of
the ball. The Hessian is looked at on two rings; where it is many times H there, as beside the
minimum of a⁴, it may vanish between them, and nothing is told.

In a valley of minima f stays the same, to round-off, along a curve, and curves upwards across it.
The curve is followed far to both sides, for the foot of a slope is level for a while as well.

Where a function is only known on a grid, what lies between the cells and is not shown by them is no
stationary point of the loss: nothing is told of it.

References
----------
.. [1] J. M. Ortega and W. C. Rheinboldt, *Iterative Solution of Nonlinear Equations in Several
   Variables*, Academic Press 1970, sections 5.1 (contractions) and 12.6 (Newton-Kantorovich).
"""

import math
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth import jump
from gdviz.engine.objectives.objective import Objective

StationaryKind = Literal["minimum", "maximum", "saddle", "valley", "flat"]

_EPS = float(np.finfo(np.float64).eps)
#: An eigenvalue below this part of the other is round-off of the matrix.
_SINGULAR = 4 * _EPS
#: A matrix is singular if one minus the square of its correlation is no more than this.
_DEPENDENT = 1e-12
#: In units of θ (at least 1): a stationary point further away is somewhere else; and the ball is at
#: least so large, in the direction in which H curves least, that no rounding of θ shows on it.
_NEAR, _LEAST = 1e-2, 1e-6
#: The most that H may change by on the rings, in parts of itself.
_MOST_CHANGE = 8.0
_RINGS = np.outer([0.5, 1.0], np.exp(2j * np.pi * np.arange(8) / 8)).reshape(-1, 1)
#: A valley is followed in steps: the shortest one, the first one, and how far, in units of θ; the
#: most steps; Newton's steps down from each; and its curvature along, in parts of that across.
_SHORTEST, _FIRST, _LENGTH, _STEPS, _DESCENTS, _LEVEL = 2.0**-10, 2.0**-4, 8.0, 60, 4, 1e-6
#: The part of the curvature across a valley that must be left at its bottom.
_LEAST_LEFT = 0.25
#: Circles around a point where the Hessian vanishes, and the part of the most that f rises by on
#: one it rises by everywhere.
_CIRCLES, _ALIKE = np.outer(np.exp(2j * np.pi * np.arange(32) / 32), [0.5, 1.0]), 0.02
#: Values of f that differ by so many roundings are the same.
_SAME = 64 * _EPS


def eigenvalues(aa: Any, ab: Any, bb: Any) -> tuple[Any, Any]:
    """Return the eigenvalues of the matrix ((aa, ab), (ab, bb)), the larger one first.

    Parameters
    ----------
    aa, ab, bb : float or ndarray
        Its elements; of arrays, the matrices are as many.
    """
    middle, radius = (aa + bb) / 2, np.hypot((aa - bb) / 2, ab)
    return middle + radius, middle - radius


def eigensystem(aa: float, ab: float, bb: float) -> tuple[float, float, float, float]:
    """Return the eigenvalues of the matrix ((aa, ab), (ab, bb)), and an eigenvector.

    Parameters
    ----------
    aa, ab, bb : float
        The matrix's elements.

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


def is_definite(aa: float, ab: float, bb: float) -> bool:
    """Tell whether the matrix ((aa, ab), (ab, bb)) is positive definite, in whatever units.

    It is looked at in those in which both diagonal elements are 1: no unit of data spoils it.

    Parameters
    ----------
    aa, ab, bb : float
        The matrix's elements.
    """
    if not (0.0 < aa < math.inf and 0.0 < bb < math.inf):
        return False
    mixed = ab / math.sqrt(aa) / math.sqrt(bb)
    return 1.0 - mixed**2 > _DEPENDENT


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
    kind: StationaryKind = isolated_kinds(objective, np.array([complex(a, b)])).tolist()[0]
    if kind != "flat" or objective.why_doubtful(a, b):
        return kind
    kind = _degenerate_kind(objective, a, b)
    is_quadratic = isinstance(objective, FormulaObjective) and objective.is_quadratic
    # One in which data in tiny units make f level to rounding for long has no valley even so.
    is_no_valley = kind == "valley" and is_quadratic and is_definite(*objective.hessian(a, b))
    return "flat" if is_no_valley else kind


def isolated_kinds(objective: Objective, points: NDArray[np.complex128]) -> NDArray[np.str_]:
    """Tell the same of many points, without looking for valleys of minima.

    Parameters
    ----------
    objective : Objective
        The function.
    points : ndarray of complex, shape (n,)
        Points a + ib.

    Returns
    -------
    ndarray of str, shape (n,)
    """
    with np.errstate(all="ignore"):
        g_a, g_b = objective.gradients(points.real, points.imag)
        middle, deviator = _parts(objective, points)
        radius = np.abs(deviator)
        high, low = middle + radius, middle - radius
        # The eigenvector of the higher eigenvalue is the root of this.
        direction = np.where(radius > 0.0, deviator / radius, 1.0)
        axis = np.sqrt(direction)
        gradient = (g_a + 1j * g_b) * axis.conj()
        on_high, on_low = np.abs(high), np.abs(low)
        flattest, steepest = np.minimum(on_high, on_low), np.maximum(on_high, on_low)
        size = np.maximum(1.0, np.abs(points))
        # A comparison with nan is false.
        is_near = np.hypot(gradient.real / high, gradient.imag / low) <= _NEAR * size
        singular = _SINGULAR * objective.coarseness * steepest
        is_told = is_near & (flattest > singular) & (steepest < math.inf)
        # In the norm of |H| the ball is a circle.
        by_high, by_low = np.sqrt(on_high), np.sqrt(on_low)
        newton = np.hypot(gradient.real / by_high, gradient.imag / by_low)
        least = _LEAST * math.sqrt(objective.coarseness)
        ball = np.maximum(4.0 * newton, least * size * np.sqrt(flattest))
        rings = points + axis * ball * (_RINGS.real / by_high + 1j * _RINGS.imag / by_low)
        # What H changes by, with its eigenvectors for axes, in units of |H|; and the eigenvalues of
        # that, middle ± radius.
        middle_there, deviator_there = _parts(objective, rings)
        more, turned = middle_there - middle, deviator_there * direction.conj() - radius
        to_high, to_low = (more + turned.real) / on_high, (more - turned.real) / on_low
        middle = (to_high + to_low) / 2
        radius = np.hypot((to_high - to_low) / 2, turned.imag / (by_high * by_low))
        worst = radius + np.select([low > 0.0, high < 0.0], [-middle, middle], np.abs(middle))
        is_told &= ((worst <= 0.5) & (radius + np.abs(middle) <= _MOST_CHANGE)).all(axis=0)
    for k in np.flatnonzero(is_told):
        point = points[k].real, points[k].imag
        is_told[k] = not objective.why_doubtful(*point)
        if objective.is_smooth:
            continue
        is_told[k] &= not jump(objective, point)
        if low[k] > 0.0:  # and does not step beside it, down, or up by more than it can rise there
            around = objective.values(rings[:, k].real, rings[:, k].imag)
            value = objective.value(*point)
            same = _SAME * objective.coarseness * abs(value)
            most = newton[k] * ball[k] + (1.0 + _MOST_CHANGE) * ball[k] ** 2 / 2.0
            is_told[k] &= ((around >= value - same) & (around <= value + most + same)).all()
    return np.select([~is_told, low > 0.0, high < 0.0], ["flat", "minimum", "maximum"], "saddle")


def _parts(
    objective: Objective, points: NDArray[np.complex128]
) -> tuple[Array, NDArray[np.complex128]]:
    """Return the Hessian as the mean of its eigenvalues and the rest, which turns by 2φ with φ."""
    aa, ab, bb = objective.hessians(points.real, points.imag)
    return (aa + bb) / 2, (aa - bb) / 2 + 1j * ab


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
        if not objective.is_smooth:
            return "flat"
        if here is None:
            return "minimum" if _rises_around(objective, a, b, _NEAR * size) else "flat"
        if math.dist(here[:2], (a, b)) > _NEAR * size:
            return "flat"
        away = _NEAR * size * np.array(here.along)
        sides = [_bottom(f, *(here[:2] + side * away).tolist()) for side in (-1.0, 1.0)]
        if all(side and _rise(here, side) > 0 for side in sides):
            return "minimum"  # between two points of the bottom that are higher
        is_valley = _leads_on(f, here, size) and _leads_on(f, here, -size)
        return "valley" if is_valley else "flat"


def _bottom(f: CountedObjective, a: float, b: float) -> _Bottom | None:
    """Go down across a valley by Newton's method; None where f does not curve upwards.

    Nor is there a bottom where the curvature vanishes with the steps: across a⁵ + b⁴.
    """
    first = 0.0
    for _ in range(_DESCENTS):
        high, low, c, s = eigensystem(*f.hessian(a, b))
        first = first or high
        if not 0.0 < high < math.inf or high < _LEAST_LEFT * first:
            return None
        g_a, g_b = f.gradient(a, b)
        step = (c * g_a + s * g_b) / high
        a, b = a - step * c, b - step * s
    value = f.value(a, b)
    if not math.isfinite(value):
        return None
    return _Bottom(a, b, value, high, (-s, c), abs(low) <= _LEVEL * high)


def _rises_around(objective: Objective, a: float, b: float, radius: float) -> bool:
    """Tell whether f is higher on circles around a point, and about as much in all directions.

    Where it is not, as on a⁴ + b⁶, it might be lower in between.
    """
    circles = complex(a, b) + radius * _CIRCLES
    value = objective.value(a, b)
    rises = objective.values(circles.real, circles.imag) - value
    least, most = rises.min(axis=0), rises.max(axis=0)
    return bool((least > np.maximum(_ALIKE * most, _SAME * abs(value))).all())


def _rise(here: _Bottom, there: _Bottom) -> int:
    """Return the sign of what f rises by; 0 where that is no more than round-off."""
    # Across the valley; along it the point may be anywhere, as far down atan(a) + b².
    across = abs(there.along[1] * there.a) + abs(there.along[0] * there.b)
    root = _SAME * max(1.0, across) * math.sqrt(there.curvature)
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
                if there is None:
                    return travelled > 0.0
                # Where it is as steep across as ever, and bends, a slope begins: rounding hides it.
                is_there = off <= step and there.curvature >= _LEAST_LEFT * here.curvature
                bends = is_there and not there.is_level
                return travelled > 0.0 and not bends and not _rise(first, there)
            continue
        travelled += step
        if travelled >= _LENGTH * abs(size):
            return True
        if off <= step / 16:
            step *= 2
        sign = math.copysign(1.0, way_a * there.along[0] + way_b * there.along[1])
        here, (way_a, way_b) = there, (sign * part for part in there.along)
    return True
