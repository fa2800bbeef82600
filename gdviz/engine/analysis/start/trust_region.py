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
    eigensystem,
    is_definite,
    stationary_kind,
)

#: Steps at most, those of a way that is one of many, and the gradient's length that is taken for 0.
_STEPS, _FEW_STEPS, _GTOL = 200, 80, 1e-8
#: A minimum farther away is none that anybody looks for.
_FARTHEST = 1e5
#: The first radius, and the largest one.
_FIRST, _LARGEST = 1.0, 1000.0
#: The part of the fall that the model foretold from which on a step is taken; from which on the
#: model is trusted as far; and from which on farther.
_TAKEN, _POOR, _GOOD = 0.15, 0.25, 0.75
#: Newton's steps to the root, which in general are three or four, and how close to it is enough.
_ROOT_STEPS, _CLOSE = 20, 1e-3
#: Below so many times what f is at the start there is a pole.
_BOTTOMLESS = 1e12
#: Newton's step from what is near a minimum, at most, in parts of the parameters.
_SETTLED = 1e-3
#: Where Newton's steps lead nowhere they are tried again after so many refused steps at the most.
_RARER = 2
#: Directions and radii of the points around an end, and the part of the rise that is no fall.
_DIRECTIONS, _CIRCLES, _LEVEL = 32, (1.0, 10.0), 1e-11
#: What is smaller than the other part by so much is rounding, as along a valley that is level.
_ROUNDING = 1e-14


def descended(objective: Objective, start: tuple[float, float]) -> tuple[float, float] | None:
    """Go down by a trust-region Newton method; None if that ends at no minimum that is certain.

    Parameters
    ----------
    objective : Objective
        The function, with second derivatives.
    start : (float, float)
        Where to begin.
    """
    end, is_certain = way_down(objective, start)
    return end if is_certain else None


def way_down(
    objective: Objective, start: tuple[float, float]
) -> tuple[tuple[float, float] | None, bool]:
    """Go down, and tell where that ends and whether there certainly is a minimum.

    Parameters
    ----------
    objective : Objective
        The function, with second derivatives.
    start : (float, float)
        Where to begin.

    Returns
    -------
    end : (float, float) or None
        None where f falls far away, or without end, or where it or a derivative is not finite.
    is_certain : bool
    """
    with np.errstate(all="ignore"):
        end = _end(objective, *start)
        return end, end is not None and stationary_kind(objective, *end) == "minimum"


def settled(
    objective: Objective, start: tuple[float, float], units: tuple[float, float]
) -> tuple[float, float] | None:
    """Go down to where all says that there is a minimum, certain or not; None if nothing does.

    It is not certain where a perfect fit leaves nothing but rounding. The Hessian is definite, and
    Newton's step to the minimum short, as it is not where f goes on to fall.

    Parameters
    ----------
    objective : Objective
        The function, with second derivatives.
    start : (float, float)
        Where to begin.
    units : (float, float)
        In what the parameters are measured on the way, as are the region's radius and the farthest
        end.
    """
    with np.errstate(all="ignore"):
        end = _end(objective, *start, units, _FEW_STEPS)
        if end is None:
            return None
        (g_a, g_b), (aa, ab, bb) = objective.gradient(*end), objective.hessian(*end)
        if not is_definite(aa, ab, bb):
            return None
        determinant = aa * bb - ab * ab
        steps = (bb * g_a - ab * g_b) / determinant, (aa * g_b - ab * g_a) / determinant
        sizes = (max(abs(x), unit) for x, unit in zip(end, units, strict=True))
        is_near = all(abs(step) <= _SETTLED * size for step, size in zip(steps, sizes, strict=True))
        return end if is_near else None


def level_end(objective: Objective, start: tuple[float, float]) -> tuple[float, float] | None:
    """Go down to where f does not fall any more, in a valley or where it is level to some order.

    It proves nothing: f is at no point of two circles lower, by more than a tiny part of its rise.

    Parameters
    ----------
    objective : Objective
        The function, with second derivatives.
    start : (float, float)
        Where to begin.
    """
    with np.errstate(all="ignore"):
        end = _end(objective, *start)
        if end is None:
            return None
        c, s = eigensystem(*objective.hessian(*end))[2:]
        # Along the eigenvectors, as a valley may lead down so narrow that all others miss it.
        angle = math.atan2(s, c) + np.linspace(0.0, 2.0 * math.pi, _DIRECTIONS, endpoint=False)
        radius = np.array(_CIRCLES)[:, None]
        values = objective.values(end[0] + radius * np.cos(angle), end[1] + radius * np.sin(angle))
        rises = values / 2.0 - objective.value(*end) / 2.0
        return end if (rises.min(axis=1) >= -_LEVEL * rises.max(axis=1)).all() else None


def _end(
    objective: Objective,
    a: float,
    b: float,
    units: tuple[float, float] = (1.0, 1.0),
    steps: int = _STEPS,
) -> tuple[float, float] | None:
    """Return where the way down ends; None if that is far away, or f or a derivative not finite."""
    value, radius = objective.value(a, b), _FIRST
    in_a, in_b = units
    bottom = -_BOTTOMLESS * max(1.0, abs(value))
    refusals = _Refusals()
    for _ in range(steps):
        (g_a, g_b), (aa, ab, bb) = objective.gradient(a, b), objective.hessian(a, b)
        g_a, g_b, aa, ab, bb = g_a * in_a, g_b * in_b, aa * in_a**2, ab * in_a * in_b, bb * in_b**2
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
            there = a + p_a * in_a, b + p_b * in_b
            if not foretold > 0.0 or there == (a, b):
                return a, b
            below = objective.value(*there)
            gain = (value - below) / foretold
            is_taken = gain > _TAKEN
            if not is_taken and (ahead := refusals.ahead(objective, a, b, value)):
                there, below = ahead
                break
            radius = _next_radius(radius, gain, math.hypot(p_a, p_b))
        (a, b), value = there, below
        if math.hypot(a / in_a, b / in_b) >= _FARTHEST or value < bottom:
            return None
    return a, b


def _next_radius(radius: float, gain: float, length: float) -> float:
    """Return how far the model is trusted after a step of some length."""
    if not gain >= _POOR:  # also where f has no value
        return 0.25 * radius
    if gain > _GOOD and length > (1.0 - 2 * _CLOSE) * radius:
        return min(2.0 * radius, _LARGEST)
    return radius


class _Refusals:
    """Steps that are refused, as in a bent valley, through which the way would be long.

    Of two of Newton's steps the first leaves its bottom for a place far ahead, where f is larger,
    and the second goes down to the bottom there.
    """

    def __init__(self) -> None:
        self._count, self._tried_after = 0, 1

    def ahead(
        self, objective: Objective, a: float, b: float, value: float
    ) -> tuple[tuple[float, float], float] | None:
        """Return where Newton's steps lead, and f there, if it is less; now and then it is tried.

        Parameters
        ----------
        objective : Objective
            The function.
        a, b : float
            Where a step was refused.
        value : float
            What f is there.
        """
        self._count += 1
        if self._count < self._tried_after:
            return None
        end = _two_newton_steps(objective, a, b)
        if end is not None and (below := objective.value(*end)) < value:
            self._tried_after = self._count + 1
            return end, below
        self._tried_after = self._count + min(self._count, _RARER)
        return None


def _two_newton_steps(objective: Objective, a: float, b: float) -> tuple[float, float] | None:
    """Return where two of Newton's steps lead; None unless both are towards a minimum."""
    for _ in range(2):
        (g_a, g_b), (aa, ab, bb) = objective.gradient(a, b), objective.hessian(a, b)
        if not (math.isfinite(g_a + g_b) and is_definite(aa, ab, bb)):
            return None
        determinant = aa * bb - ab * ab
        a, b = a + (ab * g_b - bb * g_a) / determinant, b + (ab * g_a - aa * g_b) / determinant
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
