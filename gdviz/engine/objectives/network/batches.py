"""The losses of many cells in one call, where that is faster, and agrees with one call for each."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gdviz.engine.objectives.returned import Array

#: How many units of rounding two losses may be apart that are the same.
_UNITS = 64
Points = Sequence[Sequence[float]]
#: How many cells a call may get; powers of a number, for each size is compiled for itself.
_SIZES = (8, 32, 128)
#: What a size has to take at the most, as a part of what the best one before it does.
_FASTER = 0.8
#: How many cells are timed one by one; how often what is timed is done at least and at most, and
#: the seconds after which it is enough: other programs have the processor in between.
_TRIED, _TIMES, _MOST_TIMES, _ENOUGH = 8, 2, 20, 0.03
#: Seconds of a cell beyond which what a call itself takes is nothing to save; and the bytes of all
#: parameters that a call may get.
_LONG, _MOST_BYTES = 0.05, 1 << 26


def within_rounding(found: Array | float, wanted: Array | float, eps: float) -> bool:
    """Tell whether numbers are the same, but for how they were rounded on the way.

    Parameters
    ----------
    found, wanted : ndarray or float
        The numbers; nan is nan.
    eps : float
        The unit of their precision's rounding.
    """
    return bool(np.isclose(found, wanted, _UNITS * eps, 0.0, equal_nan=True).all())


@dataclass(frozen=True)
class Batch:
    """How many cells a call gets.

    Parameters
    ----------
    by : str
        What computes many of them, such as ``"torch.func.vmap"``; empty where each is a call.
    cells : int
        How many at the most.
    least : int
        How few are worth it.
    """

    by: str = ""
    cells: int = 1
    least: int = 2

    @property
    def note(self) -> str:
        """What has to be said of the losses."""
        if not self.by:
            return ""
        return (
            f"the losses of up to {self.cells} cells are computed in one call, by {self.by}: they "
            "agree with those of one call each to rounding"
        )


ONE_BY_ONE = Batch()


class Sampled(Protocol):
    """What computes losses.

    Attributes
    ----------
    batched_by : str
        What computes many in a call; empty where nothing does.
    cell_bytes : int
        How large its parameters are.
    eps : float
        The unit of its rounding.
    """

    @property
    def batched_by(self) -> str:
        """What computes many in a call."""

    @property
    def cell_bytes(self) -> int:
        """How large a cell's parameters are."""

    @property
    def eps(self) -> float:
        """The unit of rounding."""

    def value(self, a: float, b: float) -> float:
        """Return the loss at a point."""

    def together(self, points: Points, size: int) -> Array:
        """Return the losses at points, at most `size` of them, in one call."""


def choose(found: Sampled, points: Points, clock: Callable[[], float]) -> Batch:
    """Find out how many cells a call should get, on some of them.

    Parameters
    ----------
    found : Sampled
        What computes losses.
    points : sequence of pairs of float
        Cells all over the grid.
    clock : callable
        Returns the time in seconds.
    """
    if not found.batched_by:
        return ONE_BY_ONE
    some = points[:_TRIED]
    try:
        began = clock()
        found.value(*some[0])
        if clock() - began > _LONG:
            return ONE_BY_ONE
        single, wanted = _timed(lambda: np.array([found.value(*at) for at in some]), clock)
    except Exception:  # of whatever kind: it may have no loss there, which is seen at its cell
        return ONE_BY_ONE
    single /= len(some)
    best, chosen = single, ONE_BY_ONE
    for size in _SIZES:
        if size * found.cell_bytes > _MOST_BYTES:
            break
        many = [points[i % len(points)] for i in range(size)]
        try:
            found.together(many, size)  # which may compile it
            seconds, losses = _timed(lambda: found.together(many, size), clock)  # noqa: B023
        except Exception:  # of whatever kind: not all can be computed so
            break
        if not within_rounding(losses[: len(some)], wanted, found.eps):
            break
        if seconds / size > _FASTER * best:
            break
        best = seconds / size
        chosen = Batch(found.batched_by, size, max(2, math.ceil(seconds / single)))
    return chosen


def _timed(work: Callable[[], Array], clock: Callable[[], float]) -> tuple[float, Array]:
    """Return the least time that something takes, and what it returns."""
    taken: list[float] = []
    while len(taken) < _TIMES or (len(taken) < _MOST_TIMES and sum(taken) < _ENOUGH):
        began = clock()
        found = work()
        taken.append(clock() - began)
    return min(taken), found


def together(found: Sampled, batch: Batch, points: Points) -> Array:
    """Return the losses at points, as many in a call as is worth it.

    Those that a call cannot compute with others are nan, as those are that are not finite: each by
    itself says more.

    Parameters
    ----------
    found : Sampled
        What computes losses.
    batch : Batch
        How many a call gets.
    points : sequence of pairs of float
        The cells.
    """
    values = np.full(len(points), np.nan)
    if not batch.by:
        return values
    for done in range(0, len(points), batch.cells):
        some = points[done : done + batch.cells]
        if len(some) >= batch.least:
            with suppress(Exception):  # of whatever kind: each by itself says more
                values[done : done + len(some)] = found.together(some, batch.cells)
    return np.where(np.isfinite(values), values, np.nan)
