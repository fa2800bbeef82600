"""Batch descent: a method from many starts, of whose paths only the last points are kept.

An update that can be made of arrays is made for all starts at once, element by element. Each
start's path is that of :func:`gdviz.engine.descent.descend.descend` up to the rounding of NumPy's
functions, and ends where and how that one does. Starts whose path has ended are taken out of the
arrays. A rule that searches for its steps, or an estimate that searches for its ε, descends from
one start after the other. The starts have the same draws, each of them those that it has alone.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import Cancelled, no_progress
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.descent.descend import divergence, final_status
from gdviz.engine.descent.loop import SAFE, VANISHED, trajectory
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.nonsmooth_minima import TAIL
from gdviz.engine.objectives.objective import Objective

#: Points evaluated at once, over the rows of the data: temporaries then stay in the cache, and the
#: last starts of 256², three in four, are one block.
_BLOCK = 49_152
#: Starts whose path has ended stay in the arrays until they are so many of those that go on: to
#: take them out costs as much as a step of all.
_ENDED = 0.125
#: The statuses by their codes in an array.
STATUSES = tuple(Status)
CODES = {status: np.int8(code) for code, status in enumerate(STATUSES)}


#: Where paths ended, and how: a structured array with a record for each start. The fields are the
#: last point, a + ib; the updates that were made; the status, an index into :data:`STATUSES`; and
#: the corners of the box that holds the last points of a path that ran out of steps where f may
#: have kinks, as many as :data:`~gdviz.engine.objectives.nonsmooth_minima.TAIL`, and the very last
#: one of others.
Endpoints = NDArray[np.void]
ENDPOINT = np.dtype(
    [("at", "c16"), ("steps", "i8"), ("status", "i1"), ("low", "c16"), ("high", "c16")], align=True
)


def descend_from_each(
    objective: Objective,
    settings: RunSettings,
    a: Array,
    b: Array,
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
) -> Endpoints:
    """Run a method from many starts.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    settings : RunSettings
        What the method runs with.
    a, b : ndarray, shape (n,)
        The starts, within the bounds of the settings.
    progress : callable, optional
        Told again and again how many starts are done with. One whose path goes on counts by the
        steps that it has taken, and one whose path has ended entirely.
    cancelled : callable, optional
        Asked as often; when it returns True the work ends.

    Returns
    -------
    Endpoints
        Of shape (n,).

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    endpoints = np.empty(a.shape, ENDPOINT)
    with np.errstate(all="ignore"):
        if not settings.is_elementwise:
            for k, start in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
                if cancelled():
                    raise Cancelled
                progress(k)
                endpoints[k] = _last_point(objective, settings, start, cancelled)
        else:
            for block in blocks(len(a), objective, cancelled):

                def tell(done: float, before: int = block.start) -> None:
                    progress(before + done)

                endpoints[block] = _last_points(
                    objective, settings, a[block], b[block], tell, cancelled
                )
    progress(len(a))
    return endpoints


def _last_point(
    objective: Objective,
    settings: RunSettings,
    start: tuple[float, float],
    cancelled: Callable[[], bool],
) -> tuple[Any, ...]:
    """Return the record of the path from one start."""
    run = trajectory(objective, settings, start, cancelled)
    a, b, _, _ = run.numbers()
    status, count = final_status(run, a, b, objective.values(a, b))
    a, b = (x[:count][-TAIL if status is Status.STEP_LIMIT else -1 :] for x in (a, b))
    low, high = complex(a.min(), b.min()), complex(a.max(), b.max())
    return complex(a[-1], b[-1]), count - 1, CODES[status], low, high


def blocks(count: int, objective: Objective, cancelled: Callable[[], bool]) -> Iterator[slice]:
    """Split points into blocks that are evaluated at once.

    Parameters
    ----------
    count : int
        How many points there are.
    objective : Objective
        What is evaluated: over data, blocks are smaller.
    cancelled : callable
        Asked before each block; when it returns True the work ends.

    Yields
    ------
    slice
        The points of a block.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    size = max(1, _BLOCK // objective.rows)
    for first in range(0, count, size):
        if cancelled():
            raise Cancelled
        yield slice(first, first + size)


def _last_points(
    objective: Objective,
    settings: RunSettings,
    a: Array,
    b: Array,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Endpoints:
    """Return the records of the paths from many starts, all of which descend at once."""
    f = CountedObjective(objective, settings.precision, arrays=True)
    real, limits = f.real, settings.limits((a[0], b[0]))  # the same for each start
    x, y = real(a), real(b)
    gradient = settings.gradient(f)
    state, step = settings.update(f, gradient)
    first = objective.values(x, y)
    is_finite, has_kinks = objective.is_finite_on(limits), bool(objective.kinks(x[0], y[0]))
    endpoints = np.empty(len(a), ENDPOINT)
    steps, status = endpoints["steps"], endpoints["status"]
    end_a, end_b = endpoints["at"].real, endpoints["at"].imag
    end_a[:], end_b[:], steps[:], status[:] = x, y, 0, CODES[Status.STEP_LIMIT]
    # Of what the arrays are; where f is undefined at the start nothing sets out.
    index = np.flatnonzero(np.isfinite(first))
    x, y = x[index], y[index]
    box, has_ended, count = (x, x, y, y), np.zeros(len(index), bool), len(index)
    # Beyond its end a path may come to where f takes long to say that it has no value.
    spare = _ENDED if is_finite else 0.0
    least = -1.0 if settings.estimate.is_random else VANISHED  # which vanishes by chance
    ended: list[tuple[Any, ...]] = []
    for done, alpha in enumerate(settings.learning_rates(real, cancelled)):
        if cancelled():
            raise Cancelled
        progress(len(a) - count * (1 - done / settings.steps))
        if not count:
            break
        g_a, g_b = gradient(x, y)
        before = state
        new_x, new_y, state = step(state, x, y, g_a, g_b, alpha)
        if settings.estimate.is_random:
            moved = new_x, new_y, state
            new_x, new_y, state = _unless_stuck((g_a, g_b), (x, y, before), moved)
        # Outside of the limits a path ends whatever f is there.
        loss = None if is_finite else objective.values(new_x, new_y)
        inside = _inside(new_x, new_y, limits)
        goes_on = _goes_on(g_a, g_b, inside, loss)
        goes_on |= has_ended
        in_tail = has_kinks and settings.steps - done < TAIL
        if not goes_on.all():
            # Few paths end at a step: only they are looked at closely, and how they ended is told
            # of all of them together, once the others have run out of steps.
            few = np.flatnonzero(~goes_on)
            norm = np.empty(few.shape)
            np.hypot(_some(g_a, few), _some(g_b, few), out=norm, dtype=np.float64)
            moves, stays = (norm > least) & (norm < math.inf), inside.take(few)
            ends = ~(moves & stays)
            if loss is not None:
                ends |= ~np.isfinite(loss.take(few))
            if not ends.all():
                few, norm, moves, stays = _kept((few, norm, moves, stays), np.flatnonzero(ends))
            points = (some.take(few) for some in (x, new_x, y, new_y))
            ended.append((index.take(few), done + moves, norm, stays, *points))
            has_ended[few] = True
            count -= len(few)
            if len(index) - count > spare * count:
                moving = index, new_x, new_y, state, box if in_tail else ()
                index, new_x, new_y, state, box = _kept(moving, np.flatnonzero(~has_ended))
                has_ended = np.zeros(len(index), bool)
        x, y = new_x, new_y
        box = _around(box, x, y) if in_tail else (x, x, y, y)
    index, x, y, box = _kept((index, x, y, box), np.flatnonzero(~has_ended))
    end_a[index], end_b[index], steps[index] = x, y, settings.steps
    if ended:
        at, updates, norm, stays, x, new_x, y, new_y = map(np.concatenate, zip(*ended, strict=True))
        # As in gdviz.engine.descent.loop: the gradient ends a path before the step, the map after.
        vanished, unusable = norm <= least, ~(norm < math.inf)
        unmoved = vanished | unusable
        end_a[at], end_b[at] = np.where(unmoved, x, new_x), np.where(unmoved, y, new_y)
        how = np.full(at.shape, CODES[Status.STEP_LIMIT])  # or undefined: see below
        how[~stays] = CODES[Status.LEFT_MAP]
        how[unusable] = CODES[Status.NOT_A_NUMBER]
        how[vanished] = CODES[Status.ESTIMATE_VANISHED]
        steps[at], status[at] = updates, how
    has_left = status == CODES[Status.LEFT_MAP]
    diverged, undefined = divergence(has_left, end_a, end_b, objective.values(end_a, end_b), first)
    status[diverged] = CODES[Status.DIVERGED]
    status[undefined] = CODES[Status.UNDEFINED]
    endpoints["low"] = endpoints["high"] = endpoints["at"]
    endpoints["low"][index] = box[0] + 1j * box[2]
    endpoints["high"][index] = box[1] + 1j * box[3]
    return endpoints


def _unless_stuck(gradient: tuple[Any, Any], before: Any, after: Any) -> Any:
    """Return what a step leads to, but what was before it where a rule divided by a zero gradient.

    Parameters
    ----------
    gradient : (array_like, array_like)
        The estimate, which may be zero by chance.
    before, after : tuple
        The points and the state of the rule, however nested.
    """
    g_a, g_b = gradient
    is_stuck = (g_a == 0.0) & (g_b == 0.0) & np.isnan(after[0] + after[1])
    return _chosen(is_stuck, before, after) if np.any(is_stuck) else after


def _chosen(where: Any, before: Any, after: Any) -> Any:
    """Return a state, however nested, of two; what is no array is the same for all starts."""
    if isinstance(after, tuple):
        return tuple(_chosen(where, *pair) for pair in zip(before, after, strict=True))
    return np.where(where, before, after) if isinstance(after, np.ndarray) else after


def _around(box: tuple[Any, ...], a: Array, b: Array) -> tuple[Any, ...]:
    """Widen boxes, each given as the least and the greatest a and b, so that they hold points."""
    a_low, a_high, b_low, b_high = box
    return np.minimum(a_low, a), np.maximum(a_high, a), np.minimum(b_low, b), np.maximum(b_high, b)


def _goes_on(
    g_a: Any, g_b: Any, inside: NDArray[np.bool_], loss: Array | None
) -> NDArray[np.bool_]:
    """Tell which paths certainly go on: by less than it takes to tell how a path ends.

    Without a loss that is certainly finite.
    """
    square = g_a * g_a + g_b * g_b
    goes_on: NDArray[np.bool_] = inside & (square > SAFE)
    goes_on &= square < math.inf
    if loss is not None:
        goes_on &= np.isfinite(loss)
    return goes_on


def _some(x: Any, index: NDArray[np.intp]) -> Any:
    """Return some of the numbers; one that is no array is the same for all starts."""
    return x[index] if isinstance(x, np.ndarray) else x


def _inside(a: Array, b: Array, limits: Range) -> NDArray[np.bool_]:
    a_low, a_high, b_low, b_high = limits
    inside: NDArray[np.bool_] = a_low <= a
    for holds in (a <= a_high, b_low <= b, b <= b_high):
        inside &= holds
    return inside


def _kept(state: Any, kept: NDArray[np.intp]) -> Any:
    """Return a state, however nested, for some of the starts; what is no array is of them all."""
    if isinstance(state, tuple):
        return tuple(_kept(part, kept) for part in state)
    return state.take(kept) if isinstance(state, np.ndarray) else state
