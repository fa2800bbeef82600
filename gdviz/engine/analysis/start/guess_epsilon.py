"""A first ε: differences that are seen to be differences, with which paths still arrive."""

import math

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.start.guess_start import step_for
from gdviz.engine.descent.gradient_flow import follow_flow
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.objective import Objective

#: What is tried, the largest first: no larger than what an experiment has by itself.
_TRIED = tuple(float(f"{digit}e{power}") for power in range(-1, -13, -1) for digit in (10, 5, 2))
#: The most, as a part of the map, and that the gradient at the start may be off by.
_OF_MAP, _OF_GRADIENT = 1 / 8, 0.25
#: How far from the minimum forward differences may vanish, as a part of the map; Newton's steps
#: in search of that place, and how short the last one is.
_ASIDE, _STEPS, _SHORT = 0.05, 12, 1e-3


def guess_epsilon(objective: Objective, extent: Range, start: tuple[float, float]) -> float:
    """Return a difference step for a function that nobody has chosen one for.

    It is the largest of 1, 0.5, 0.2, 0.1, … that is at most an eighth of the map, and with which

    - the forward difference at the start is off by at most a quarter of the gradient there;
    - forward differences vanish beside the minimum to which small steps from the start lead, no
      further from it than a twentieth of the map. To first order that is at −ε/2·H⁻¹diag(H) from
      it, where H is the Hessian: at −ε/2·(1, 1) in a^2 + b^2, and along a narrow valley many times
      as far, as at −ε/2·(601, 1203) in Rosenbrock's function.

    So one sees what ε does, and paths arrive. Without second derivatives it is
    :func:`~gdviz.engine.analysis.start.guess_start.step_for` the map.

    Parameters
    ----------
    objective : Objective
        The function.
    extent : Range
        The map.
    start : (float, float)
        The point where paths begin.
    """
    if objective.no_hessian:
        return step_for(extent)
    sides = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low])
    gradient = np.array(objective.gradient(*start))
    most = _OF_GRADIENT * float(np.hypot(*gradient))
    is_sloping = 0.0 < most < math.inf
    a, b, status = follow_flow(objective, start, extent)
    in_aa, in_ab, in_bb = objective.hessian(a, b)
    arrives = status is Status.ESTIMATE_VANISHED and in_aa > 0.0 and in_aa * in_bb > in_ab**2
    for epsilon in _TRIED:
        if epsilon > _OF_MAP * sides.min():
            continue
        difference = _forward(objective, np.array(start), epsilon)[0]
        if is_sloping and not np.hypot(*(difference - gradient)) <= most:
            continue
        if not arrives or _is_beside(objective, np.array([a, b]), epsilon, sides):
            return epsilon
    return step_for(extent)


def _is_beside(objective: Objective, minimum: Array, epsilon: float, sides: Array) -> bool:
    """Tell whether forward differences vanish close enough to a minimum: by Newton's method."""
    at = minimum
    for _ in range(_STEPS):
        difference, slope = _forward(objective, at, epsilon)
        if not np.isfinite(slope).all() or np.linalg.det(slope) == 0.0:
            return False
        step = np.linalg.solve(slope, difference)
        at = at - step
        if not (np.abs(at - minimum) <= _ASIDE * sides).all():
            return False
        if (np.abs(step) <= _SHORT * sides).all():
            return True
    return False


def _forward(objective: Objective, at: Array, epsilon: float) -> tuple[Array, Array]:
    """Return the forward difference at a point, shape (2,), and its derivatives, shape (2, 2)."""
    points = at[:, None] + epsilon * np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    values = np.array([objective.values(*points), *objective.gradients(*points)])
    with np.errstate(all="ignore"):
        of_value, *of_slopes = (values[:, 1:] - values[:, :1]) / epsilon
    return of_value, np.transpose(of_slopes)
