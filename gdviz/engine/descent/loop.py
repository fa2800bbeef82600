"""Walking: what a method does, on scalars and through the counting wrapper, and nothing else."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, repeat
from struct import pack_into
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.descent.gradient_estimates import Estimate
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.schedules import Schedule
from gdviz.engine.objectives.objective import CountedObjective

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

    def alphas(self, real: Callable[[Any], Any], first: int = 0) -> Iterator[Any]:
        """Return the learning rates of the updates from the `first` on, as numbers of a type."""
        factor, steps = self.schedule.factor, self.steps
        if factor is None:
            return repeat(real(self.alpha), steps - first)  # no call a step
        return (real(self.alpha * factor(k, steps, **self.decay)) for k in range(first, steps))


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
        The objective's tally of calls: after all that is charged alike, which may be nothing, and
        then after each gradient and the update from it.
    charge : int
        What each gradient before the tallies added to them.
    status : Status
        How it ended, as far as the method can know.
    message : str
        What the rule has to say of its end.
    state : object
        What the rule's update keeps from step to step, at the end; None where it made none.
    """

    a: list[float]
    b: list[float]
    g_a: list[float]
    g_b: list[float]
    tallies: list[int]
    charge: int = 0
    status: Status = Status.STEP_LIMIT
    message: str = ""
    state: Any = None

    # Packing writes a list into an array in half the time that np.fromiter takes.

    def numbers(self) -> Array:
        """Return a, b and the estimate's components, a row each; nan where none was taken."""
        missing = [math.nan] * (len(self.a) - len(self.g_a))
        rows = np.empty((4, len(self.a)))
        pack_into(
            f"{rows.size}d", rows.data, 0,
            *self.a, *self.b, *self.g_a, *missing, *self.g_b, *missing,
        )  # fmt: skip
        return rows

    def charges(self) -> NDArray[np.int64]:
        """Return what the gradient at each point added to the tally; 0 where none was taken."""
        charges = np.zeros(len(self.a), np.int64)
        alike, told = len(self.g_a) + 1 - len(self.tallies), len(self.tallies)
        charges[:alike] = self.charge
        if told > 1:
            tallies = np.empty(told, np.int64)
            pack_into(f"{told}q", tallies.data, 0, *self.tallies)
            np.subtract(tallies[1:], tallies[:-1], out=charges[alike : len(self.g_a)])
        return charges


def step_by_step(
    bind: Bind, *, plain: bool = False
) -> Callable[[CountedObjective, Estimate, Terms], Walk]:
    """Return the walk of a rule that makes one update from one gradient.

    Parameters
    ----------
    bind : callable
        ``(objective, **settings) -> (state, step)``. What it asks the objective for is counted
        with the gradient of the same point.
    plain : bool, default False
        Whether the update is θ ← θ − αĝ, so that the objective may have a function for it.
    """

    def walk(f: CountedObjective, estimate: Estimate, terms: Terms) -> Walk:
        real = f.real
        walk = Walk([real(terms.start[0])], [real(terms.start[1])], [], [], [0])
        done = _run_ahead(walk, f, estimate, terms) if plain else 0
        if done == terms.steps:
            return walk
        all_a, all_b, tallies = walk.a, walk.b, walk.tallies
        all_g_a, all_g_b = walk.g_a, walk.g_b
        a, b = all_a[-1], all_b[-1]
        state, step = bind(f, **terms.settings)
        alphas = terms.alphas(real, done)
        # Locals and little else: the window waits for this loop while the start is dragged.
        gradient = estimate.bind(f, real(terms.epsilon), terms.representable)
        a_low, a_high, b_low, b_high = terms.limits
        tally, safe, infinity = f.tally, SAFE, math.inf
        for _ in range(done, terms.steps, _CANCEL_EVERY):
            if terms.cancelled():
                raise Cancelled
            for alpha in islice(alphas, _CANCEL_EVERY):
                try:
                    g_a, g_b = gradient(a, b)
                except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
                    g_a = g_b = math.nan
                all_g_a.append(g_a)
                all_g_b.append(g_b)
                # The square is cheaper than the norm; only where it may mislead is that taken.
                if not safe < g_a * g_a + g_b * g_b < infinity:
                    norm = math.hypot(g_a, g_b)
                    if not VANISHED < norm < infinity:
                        tallies.append(tally[0])
                        vanished = norm <= VANISHED
                        walk.status = Status.GRADIENT_VANISHED if vanished else Status.NOT_A_NUMBER
                        walk.state = state
                        return walk
                a, b, state = step(state, a, b, g_a, g_b, alpha)
                tallies.append(tally[0])
                all_a.append(a)
                all_b.append(b)
                if not (a_low <= a <= a_high and b_low <= b <= b_high):
                    walk.status = Status.LEFT_MAP
                    walk.state = state
                    return walk
        walk.state = state
        return walk

    return walk


def _run_ahead(walk: Walk, f: CountedObjective, estimate: Estimate, terms: Terms) -> int:
    """Take as many steps as the objective's stretch does, in half of the time; return how many."""
    stretch = f.stretch(estimate.bind, terms.representable)
    if stretch is None:
        return 0
    points, gradients = (walk.a, walk.b), (walk.g_a, walk.g_b)
    alphas, epsilon, safe = terms.alphas(f.real), f.real(terms.epsilon), (SAFE, math.inf)
    for first in range(0, terms.steps, _CANCEL_EVERY):
        if terms.cancelled():
            raise Cancelled
        if len(walk.g_a) < first:
            break
        some = islice(alphas, _CANCEL_EVERY)
        stretch.run(points, gradients, some, epsilon, terms.limits, safe)
    done, walk.charge = len(walk.g_a), stretch.charge
    f.tally[0] += done * stretch.charge
    walk.tallies[0] = f.tally[0]
    return done
