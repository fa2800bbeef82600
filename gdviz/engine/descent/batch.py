"""Many walks: a method from many starts, of each of which only the end is kept.

A rule that makes one update from one gradient walks from all starts at once, element by element on
arrays. Each start's path is that of :func:`gdviz.engine.descent.descend.descend` up to the
rounding of NumPy's functions, and ends where and how that one does. Starts whose path has ended
are taken out of the arrays. A rule that searches for its steps walks from one start after the
other.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import Cancelled, no_progress
from gdviz.base.types import Array, Precision
from gdviz.engine.descent.descend import ending, outcomes
from gdviz.engine.descent.gradient_estimates import Estimate
from gdviz.engine.descent.loop import SAFE, VANISHED, Bind, Terms, Walk
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.nonsmooth_minima import TAIL
from gdviz.engine.objectives.objective import CountedObjective, Objective

#: Points evaluated at once, over the rows of the data: temporaries then stay in the cache.
_BLOCK = 16_384
#: The statuses by their codes in an array.
STATUSES = tuple(Status)
CODES = {status: np.int8(code) for code, status in enumerate(STATUSES)}


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Where paths ended, and how; arrays of one shape, such as (n,).

    Attributes
    ----------
    a, b : ndarray
        The last points.
    steps : ndarray of int
        Updates that were made.
    status : ndarray of int8
        Indices into :data:`STATUSES`.
    low, high : ndarray of complex
        Corners a + ib of the box that holds the last points of a path that ran out of steps, as
        many as :data:`~gdviz.engine.objectives.nonsmooth_minima.TAIL`, and the very last one of
        others.
    """

    a: Array
    b: Array
    steps: NDArray[np.int64]
    status: NDArray[np.int8]
    low: NDArray[np.complex128]
    high: NDArray[np.complex128]

    def __getitem__(self, index: Any) -> "Arrivals":
        return Arrivals(*(array[index] for array in self.arrays))

    def __setitem__(self, index: Any, arrivals: "Arrivals") -> None:
        for mine, theirs in zip(self.arrays, arrivals.arrays, strict=True):
            mine[index] = theirs

    def flattened(self) -> "Arrivals":
        """Return the same with one axis."""
        return Arrivals(*(array.ravel() for array in self.arrays))

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All of them, in the order of the attributes."""
        return self.a, self.b, self.steps, self.status, self.low, self.high

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> "Arrivals":
        """Return room for as many."""
        types = np.float64, np.float64, np.int64, np.int8, np.complex128, np.complex128
        return cls(*(np.zeros(shape, of) for of in types))


def walk_all(
    objective: Objective,
    estimate: Estimate,
    bind: Bind,
    a: Array,
    b: Array,
    terms: Terms,
    precision: Precision,
    progress: Callable[[float], None] = no_progress,
) -> Arrivals:
    """Walk from every start until its path has ended.

    Parameters
    ----------
    objective, estimate : Objective, Estimate
        What is minimised, and the gradient estimate.
    bind : callable
        The rule's, ``(objective, **settings) -> (state, step)``.
    a, b : ndarray, shape (n,)
        The starts.
    terms : Terms
        As for one walk; `terms.start` plays no part.
    precision : {"float64", "float32"}
        The arithmetic of the method.
    progress : callable, optional
        Told at every step of a block how many starts have been walked from. One that is on its
        way counts by the steps that it has taken, and one whose path has ended entirely.

    Raises
    ------
    Cancelled
        If `terms.cancelled` said so.
    """
    arrivals = Arrivals.empty(a.shape)
    with np.errstate(all="ignore"):
        for block in blocks(len(a), objective, terms.cancelled):

            def tell(walked: float, before: int = block.start) -> None:
                progress(before + walked)

            arrivals[block] = _walk_block(
                objective, estimate, bind, a[block], b[block], terms, precision, tell
            )
    return arrivals


def walk_each(
    objective: Objective,
    estimate: Estimate,
    walk: Callable[[CountedObjective, Estimate, Terms], Walk],
    a: Array,
    b: Array,
    terms: Terms,
    precision: Precision,
    progress: Callable[[float], None] = no_progress,
) -> Arrivals:
    """Walk from every start, one after the other: for rules whose steps are searches.

    Parameters
    ----------
    walk : callable
        The rule's.
    objective, estimate, a, b, terms, precision, progress
        As for :func:`walk_all`.

    Raises
    ------
    Cancelled
        If `terms.cancelled` said so.
    """
    arrivals = Arrivals.empty(a.shape)
    with np.errstate(all="ignore"):
        for k, start in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
            if terms.cancelled():
                raise Cancelled
            progress(k)
            walked = walk(
                CountedObjective(objective, precision), estimate, replace(terms, start=start)
            )
            all_a, all_b, _, _ = walked.numbers()
            status, count = ending(walked, all_a, all_b, objective.values(all_a, all_b))
            arrivals.a[k], arrivals.b[k] = all_a[count - 1], all_b[count - 1]
            arrivals.steps[k], arrivals.status[k] = count - 1, CODES[status]
            tail = np.s_[max(0, count - (TAIL if status is Status.STEP_LIMIT else 1)) : count]
            arrivals.low[k] = complex(all_a[tail].min(), all_b[tail].min())
            arrivals.high[k] = complex(all_a[tail].max(), all_b[tail].max())
    progress(len(a))
    return arrivals


def blocks(count: int, objective: Objective, cancelled: Callable[[], bool]) -> Iterator[slice]:
    """Split so many points into blocks that are evaluated at once, as long as they are wanted.

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


def _walk_block(
    objective: Objective,
    estimate: Estimate,
    bind: Bind,
    a: Array,
    b: Array,
    terms: Terms,
    precision: Precision,
    progress: Callable[[float], None],
) -> Arrivals:
    f = CountedObjective(objective, precision, arrays=True)
    real = f.real
    x, y = real(a), real(b)
    gradient = estimate.bind(f, real(terms.epsilon), terms.representable)
    state, step = bind(f, **terms.settings)
    first = objective.values(x, y)
    end_a, end_b = np.array(x, np.float64), np.array(y, np.float64)
    steps = np.zeros(len(a), np.int64)
    status = np.full(len(a), CODES[Status.STEP_LIMIT])
    # What is still on its way; where f is undefined at the start nothing sets out.
    index = np.flatnonzero(np.isfinite(first))
    x, y = x[index], y[index]
    box = x, x, y, y
    for done, alpha in enumerate(terms.alphas(real)):
        if terms.cancelled():
            raise Cancelled
        progress(len(a) - len(index) * (1 - done / terms.steps))
        if not len(index):
            break
        g_a, g_b = gradient(x, y)
        new_x, new_y, state = step(state, x, y, g_a, g_b, alpha)
        loss = objective.values(new_x, new_y)
        if not _all_go_on(g_a, g_b, new_x, new_y, loss, terms):
            # As in gdviz.engine.descent.loop: the gradient ends a path before the step, the map
            # after it.
            norm = np.broadcast_to(np.hypot(g_a, g_b, dtype=np.float64), x.shape)
            vanished, unusable = norm <= VANISHED, ~(norm < math.inf)
            before, outside = vanished | unusable, ~_inside(new_x, new_y, terms)
            ended = before | outside | ~np.isfinite(loss)
            gone, kept = np.flatnonzero(ended), np.flatnonzero(~ended)
            at, stays = index[gone], before[gone]
            end_a[at] = np.where(stays, x[gone], new_x[gone])
            end_b[at] = np.where(stays, y[gone], new_y[gone])
            steps[at] = done + ~stays
            status[at] = np.select(
                [vanished[gone], unusable[gone], outside[gone]],
                [
                    CODES[Status.GRADIENT_VANISHED],
                    CODES[Status.NOT_A_NUMBER],
                    CODES[Status.LEFT_MAP],
                ],
                CODES[Status.STEP_LIMIT],
            )
            index, new_x, new_y, state, box = _kept((index, new_x, new_y, state, box), kept)
        x, y = new_x, new_y
        box = _around(box, x, y) if terms.steps - done < TAIL else (x, x, y, y)
    progress(len(a))
    end_a[index], end_b[index], steps[index] = x, y, terms.steps
    left = status == CODES[Status.LEFT_MAP]
    diverged, undefined = outcomes(left, end_a, end_b, objective.values(end_a, end_b), first)
    status[diverged] = CODES[Status.DIVERGED]
    status[undefined] = CODES[Status.UNDEFINED]
    low, high = np.array([end_a + 1j * end_b] * 2)
    low[index], high[index] = box[0] + 1j * box[2], box[1] + 1j * box[3]
    return Arrivals(end_a, end_b, steps, status, low, high)


def _around(box: tuple[Any, ...], a: Array, b: Array) -> tuple[Any, ...]:
    """Widen boxes, each given as the least and the greatest a and b, so that they hold points."""
    a_low, a_high, b_low, b_high = box
    return np.minimum(a_low, a), np.maximum(a_high, a), np.minimum(b_low, b), np.maximum(b_high, b)


def _all_go_on(g_a: Any, g_b: Any, a: Array, b: Array, loss: Array, terms: Terms) -> bool:
    """Tell whether certainly no path ends, from extremes, which cost less than comparisons."""
    square = g_a * g_a + g_b * g_b
    a_low, a_high, b_low, b_high = terms.limits
    return bool(
        np.min(square) > SAFE  # False for a nan, which extremes pass on
        and np.max(square) < math.inf
        and a_low <= a.min()
        and a.max() <= a_high
        and b_low <= b.min()
        and b.max() <= b_high
        and math.isfinite(loss.sum())
    )


def _inside(a: Array, b: Array, terms: Terms) -> NDArray[np.bool_]:
    a_low, a_high, b_low, b_high = terms.limits
    inside: NDArray[np.bool_] = (a_low <= a) & (a <= a_high) & (b_low <= b) & (b <= b_high)
    return inside


def _kept(state: Any, kept: NDArray[np.intp]) -> Any:
    """Return a state, however nested, for some of the starts; what is no array is of them all."""
    if isinstance(state, tuple):
        return tuple(_kept(part, kept) for part in state)
    return state.take(kept) if isinstance(state, np.ndarray) else state
