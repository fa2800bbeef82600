"""The best direction of a finite step as an update rule takes it: a search of fixed cost.

:mod:`gdviz.engine.directions` searches a circle until it is sure; a rule that is charged for each
value of f cannot.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

#: What a search costs: so many directions all around, then so many in golden section.
SAMPLES, SECTIONS = 48, 16
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


class Move(NamedTuple):
    """Where a step leads, and the loss there, in the numbers of the objective that was called."""

    a: Any
    b: Any
    loss: Any


def best_move(value: Callable[[Any, Any], Any], a: Any, b: Any, eta: Any) -> Move:
    """Take the best step of length η, as an update rule does: with values of f and nothing else.

    Parameters
    ----------
    value : callable
        ``(a, b) -> f(a, b)``, such as :attr:`CountedObjective.value
        <gdviz.engine.objective.CountedObjective.value>`, which counts.
    a, b : float or numpy.float32
        The point.
    eta : float or numpy.float32
        The length of the step, in the same precision.

    Returns
    -------
    Move
        All nan where f is finite at none of the directions that were tried.

    Notes
    -----
    Always :data:`SAMPLES` + :data:`SECTIONS` = 64 evaluations: 48 directions all
    around, then a golden section between the neighbours of the lowest one, to within 2e-4. That
    finds the best direction wherever the circle has no valley narrower than 15°.
    """
    lowest, lowest_angle = Move(math.nan, math.nan, math.nan), math.nan

    def tried(angle: float) -> Any:
        nonlocal lowest, lowest_angle
        to_a, to_b = a + eta * math.cos(angle), b + eta * math.sin(angle)
        loss = value(to_a, to_b)
        if not math.isfinite(loss):
            return math.inf
        if not loss >= lowest.loss:  # the first one as well, which is compared with nan
            lowest, lowest_angle = Move(to_a, to_b, loss), angle
        return loss

    spacing = math.tau / SAMPLES
    for k in range(SAMPLES):
        tried(k * spacing)
    # Around 0 if nothing was finite: the budget is fixed.
    middle = 0.0 if math.isnan(lowest_angle) else lowest_angle
    low, high = middle - spacing, middle + spacing
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = tried(left), tried(right)
    for _ in range(SECTIONS - 2):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = tried(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = tried(right)
    return lowest
