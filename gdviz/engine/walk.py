"""Walking: what a method does, on scalars and through the counting wrapper, and nothing else."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gdviz.engine.gradients import Estimate, Gradient
from gdviz.engine.objective import CountedObjective
from gdviz.engine.path import Status
from gdviz.engine.surfaces import Range

#: ‖ĝ‖₂ at or below which a path ends. Far below any step that could be seen, above round-off.
VANISHED = 1e-10
#: Steps between two looks at whether the computation is still wanted.
_CANCEL_EVERY = 64


class Cancelled(Exception):  # noqa: N818 - control flow, like concurrent.futures.CancelledError
    """The result is no longer wanted."""


@dataclass(frozen=True)
class Terms:
    """What a walk is asked for.

    Attributes
    ----------
    start : (float, float)
        The point at step 0.
    alpha, epsilon : float
        Learning rate and finite-difference step.
    steps : int
        The most updates.
    limits : Range
        The walk ends at the first point outside.
    representable : bool
        Divide a difference by the step that was really taken.
    cancelled : callable
        Tells whether the result is still wanted.
    """

    start: tuple[float, float]
    alpha: float
    epsilon: float
    steps: int
    limits: Range
    representable: bool
    cancelled: Callable[[], bool]


@dataclass
class Walk:
    """What a method leaves behind.

    Attributes
    ----------
    points : list of (float, float)
        The start and the point after each update.
    gradients : list of (float, float)
        The estimate at each point where one was taken.
    calls : list of (int, int, int)
        Values, gradients and Hessians called so far: (0, 0, 0), then after each gradient.
    status : Status
        How it ended, as far as the method can know.
    message : str
        What the rule has to say of its end.
    """

    points: list[tuple[float, float]]
    gradients: list[Gradient]
    calls: list[tuple[int, int, int]]
    status: Status
    message: str = ""


def step_by_step(
    init: Callable[[], Any], step: Callable[..., tuple[Any, Any, Any]]
) -> Callable[[CountedObjective, Estimate, Terms], Walk]:
    """Return the walk of a rule that makes one update from one gradient.

    Parameters
    ----------
    init : callable
        ``() -> state``.
    step : callable
        ``(state, a, b, g_a, g_b, alpha) -> (a, b, state)``, pure.
    """

    def walk(f: CountedObjective, estimate: Estimate, terms: Terms) -> Walk:
        real = f.real
        a, b = real(terms.start[0]), real(terms.start[1])
        alpha, epsilon = real(terms.alpha), real(terms.epsilon)
        state = init()
        # Locals: this loop is what the window waits for while the start is dragged.
        gradient, representable, hypot = estimate.function, terms.representable, math.hypot
        a_low, a_high, b_low, b_high = terms.limits
        points, gradients, calls = [(a, b)], [], [(0, 0, 0)]
        status = Status.STEP_LIMIT
        for k in range(terms.steps):
            if k % _CANCEL_EVERY == 0 and terms.cancelled():
                raise Cancelled
            try:
                g_a, g_b = gradient(f, a, b, epsilon, representable)
            except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
                g_a = g_b = math.nan
            gradients.append((g_a, g_b))
            calls.append((f.values, f.gradients, f.hessians))
            norm = hypot(g_a, g_b)
            if not VANISHED < norm < math.inf:
                status = Status.GRADIENT_VANISHED if norm <= VANISHED else Status.NOT_A_NUMBER
                break
            a, b, state = step(state, a, b, g_a, g_b, alpha)
            points.append((a, b))
            if not (a_low <= a <= a_high and b_low <= b <= b_high):
                status = Status.LEFT_MAP
                break
        return Walk(points, gradients, calls, status)

    return walk
