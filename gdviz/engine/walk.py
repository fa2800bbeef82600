"""Walking: what a method does, on scalars and through the counting wrapper, and nothing else."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

from gdviz.engine.gradients import Estimate
from gdviz.engine.objective import CountedObjective
from gdviz.engine.path import Status
from gdviz.engine.schedules import Schedule
from gdviz.engine.surfaces import Range

#: ‖ĝ‖₂ at or below which a path ends. Far below any step that could be seen, above round-off.
VANISHED = 1e-10
#: ‖ĝ‖₂² from which on it has not, however the square was rounded.
SAFE = 2 * VANISHED**2
#: Steps between two looks at whether the computation is still wanted.
_CANCEL_EVERY = 64

#: ``(state, a, b, g_a, g_b, alpha) -> (a, b, state)``, pure.
Step = Callable[[Any, Any, Any, Any, Any, Any], tuple[Any, Any, Any]]
#: The state at the start, and the step.
Update = tuple[Any, Step]
#: What makes them: ``(objective, **settings) -> (state, step)``.
Bind = Callable[..., Update]


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
        Learning rate at step 0, and finite-difference step.
    schedule : Schedule
        How the learning rate changes.
    decay : mapping of str to float
        The schedule's settings, all of them.
    settings : mapping of str to float
        The rule's settings, all of them.
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
    schedule: Schedule
    decay: Mapping[str, float]
    settings: Mapping[str, float]
    steps: int
    limits: Range
    representable: bool
    cancelled: Callable[[], bool]

    def alphas(self, real: Callable[[Any], Any]) -> Iterator[Any]:
        """Return the learning rate of each update, as numbers of a type."""
        factor = self.schedule.factor
        if factor is None:
            return repeat(real(self.alpha), self.steps)  # no call a step
        return (real(self.alpha * factor(k, self.steps, **self.decay)) for k in range(self.steps))


@dataclass
class Walk:
    """What a method leaves behind.

    Attributes
    ----------
    a, b : list of float
        Coordinates of the start and of the point after each update.
    g_a, g_b : list of float
        Components of the estimate at each point where one was taken.
    tallies : list of int
        The objective's tally of calls: 0, then after each gradient and the update from it.
    status : Status
        How it ended, as far as the method can know.
    message : str
        What the rule has to say of its end.
    """

    a: list[float]
    b: list[float]
    g_a: list[float]
    g_b: list[float]
    tallies: list[int]
    status: Status = Status.STEP_LIMIT
    message: str = ""


def step_by_step(bind: Bind) -> Callable[[CountedObjective, Estimate, Terms], Walk]:
    """Return the walk of a rule that makes one update from one gradient.

    Parameters
    ----------
    bind : callable
        ``(objective, **settings) -> (state, step)``. What it asks the objective for is counted
        with the gradient of the same point.
    """

    def walk(f: CountedObjective, estimate: Estimate, terms: Terms) -> Walk:
        real = f.real
        a, b = real(terms.start[0]), real(terms.start[1])
        state, step = bind(f, **terms.settings)
        alphas = terms.alphas(real)
        # Locals and little else: the window waits for this loop while the start is dragged.
        gradient = estimate.bind(f, real(terms.epsilon), terms.representable)
        a_low, a_high, b_low, b_high = terms.limits
        tally, safe, infinity = f.tally, SAFE, math.inf
        walk = Walk([a], [b], [], [], [0])
        add_a, add_b, add_tally = walk.a.append, walk.b.append, walk.tallies.append
        add_g_a, add_g_b = walk.g_a.append, walk.g_b.append
        for _ in range(0, terms.steps, _CANCEL_EVERY):
            if terms.cancelled():
                raise Cancelled
            for alpha in islice(alphas, _CANCEL_EVERY):
                try:
                    g_a, g_b = gradient(a, b)
                except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
                    g_a = g_b = math.nan
                add_g_a(g_a)
                add_g_b(g_b)
                # The square is cheaper than the norm; only where it may mislead is that taken.
                if not safe < g_a * g_a + g_b * g_b < infinity:
                    norm = math.hypot(g_a, g_b)
                    if not VANISHED < norm < infinity:
                        add_tally(tally[0])
                        vanished = norm <= VANISHED
                        walk.status = Status.GRADIENT_VANISHED if vanished else Status.NOT_A_NUMBER
                        return walk
                a, b, state = step(state, a, b, g_a, g_b, alpha)
                add_tally(tally[0])
                add_a(a)
                add_b(b)
                if not (a_low <= a <= a_high and b_low <= b <= b_high):
                    walk.status = Status.LEFT_MAP
                    return walk
        return walk

    return walk
