"""Basins: which end each start on the map reaches with a method."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import no_progress
from gdviz.base.geometry import Range
from gdviz.base.types import Array, Precision
from gdviz.engine.analysis.attractors import ITERATIONS, NEAR, End, sort_out
from gdviz.engine.descent.batch import Arrivals, walk_all, walk_each
from gdviz.engine.descent.descend import widened
from gdviz.engine.descent.gradient_estimates import Estimate
from gdviz.engine.descent.loop import Terms
from gdviz.engine.descent.schedules import SCHEDULES, Schedule
from gdviz.engine.descent.update_rules import Rule
from gdviz.engine.objectives.objective import Objective

#: The part of the map's diagonal by which two results for one minimum differ at most.
_SAME = 1e-6
#: The kinds of ends that are no place on the map.
_GONE = ("left-map", "diverged", "not-a-number", "undefined")


@dataclass(frozen=True, eq=False)
class Basins:
    """Which end each start of a grid reaches.

    Attributes
    ----------
    range : Range
        The corners; the outermost starts lie on them.
    a, b : ndarray, shape (n,)
        Coordinates of the starts.
    label : ndarray of int, shape (n, n)
        ``label[j, i]`` is the index in `ends` of what the start (a[i], b[j]) reaches.
    steps : ndarray of int, shape (n, n)
        Updates until then.
    last_a, last_b : ndarray, shape (n, n)
        The last point of each path.
    ends : tuple of End
        The ends.
    stride : int
        Only every so many-th start along each axis was walked from, and stands for those up to
        the next; 1 in the final result.
    """

    range: Range
    a: Array
    b: Array
    label: NDArray[np.int64]
    steps: NDArray[np.int64]
    last_a: Array
    last_b: Array
    ends: tuple[End, ...]
    stride: int = 1


def map_basins(
    objective: Objective,
    estimate: Estimate,
    rule: Rule,
    *,
    extent: Range,
    alpha: float,
    epsilon: float,
    steps: int,
    bounds: Range,
    resolution: int = 256,
    coarse: int = 32,
    options: Mapping[str, float] | None = None,
    schedule: Schedule = SCHEDULES["constant"],
    schedule_options: Mapping[str, float] | None = None,
    precision: Precision = "float64",
    representable_step: bool = False,
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
) -> Iterator[Basins]:
    """Run a method from every start of a grid, coarse to fine.

    The work is done while the results are asked for, so that several methods can take turns.

    Parameters
    ----------
    objective, estimate, rule, alpha, epsilon, steps, bounds
        As :func:`gdviz.engine.descent.descend.descend` takes them, and
    options, schedule, schedule_options, precision, representable_step
        these as well. Each path ends where and how it does there.
    extent : Range
        The starts' corners, within `bounds`.
    resolution : int, default 256
        Starts along each axis.
    coarse : int, default 32
        How many of them the first result has, at least.
    progress : callable, optional
        Told at every step of a block of starts which part of the work is done, from 0 to 1. A
        start is as much as the most updates and the most of Newton's steps to sort out its end;
        those done count, and all of them once its path has ended.
    cancelled : callable, optional
        Asked as often; when it returns True the work ends.

    Yields
    ------
    Basins
        Each of four times as many starts as the one before; the last is of them all.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    ValueError
        If an option is unknown or out of bounds, or if the extent is not within the bounds.
    """
    if not (bounds.contains(*extent[::2]) and bounds.contains(*extent[1::2])):
        raise ValueError("the starts must lie within the bounds")
    terms = Terms(
        start=(extent.a_low, extent.b_low),
        alpha=alpha,
        epsilon=epsilon,
        schedule=schedule,
        decay=schedule.settings(schedule_options),
        settings=rule.settings(options),
        steps=steps,
        limits=widened(bounds, (extent.a_low, extent.b_low)),
        representable=representable_step,
        cancelled=cancelled,
    )
    rate = alpha if rule.name == "gd" and schedule.factor is None else 0.0
    if rule.bind is None:
        walk = partial(walk_each, objective, estimate, rule.walk)
    else:
        walk = partial(walk_all, objective, estimate, rule.bind)
    a = np.linspace(extent.a_low, extent.a_high, resolution)
    b = np.linspace(extent.b_low, extent.b_high, resolution)
    starts_a, starts_b = np.meshgrid(a, b)
    shape = resolution, resolution
    arrivals = Arrivals.empty(shape)
    walked = np.zeros(shape, bool)
    done, count = 0, 0  # starts that are done with, and those of the stride
    of_walking = steps / (steps + ITERATIONS)

    def tell(starts: float, sorted_out: float = 0.0) -> None:
        under_way = of_walking * starts + (1.0 - of_walking) * sorted_out * count
        progress((done + under_way) / walked.size)

    for stride in _strides(resolution, coarse):
        some = np.s_[::stride, ::stride]
        new = np.zeros(shape, bool)
        new[some] = True
        new &= ~walked
        walked |= new
        count = int(new.sum())
        arrivals[new] = walk(starts_a[new], starts_b[new], terms, precision, tell)
        ends = sort_out(
            objective, arrivals[some], _diagonal(extent), cancelled, partial(tell, count), rate
        )
        done += count
        progress(done / walked.size)
        yield _spread(extent, a, b, arrivals[some], *ends, stride)


def _strides(resolution: int, coarse: int) -> list[int]:
    """Return every how many-th start is walked from: …, 4, 2, 1."""
    return [2**k for k in range(max(resolution // coarse, 1).bit_length())][::-1]


def _spread(
    extent: Range,
    a: Array,
    b: Array,
    arrivals: Arrivals,
    labels: NDArray[np.int64],
    ends: tuple[End, ...],
    stride: int,
) -> Basins:
    """Return what is known of every so many-th start, in the size of all."""
    # Each start stands for those up to the next one.
    near = np.ix_(np.arange(len(b)) // stride, np.arange(len(a)) // stride)
    spread = arrivals[near]
    return Basins(extent, a, b, labels[near], spread.steps, spread.a, spread.b, ends, stride)


def _diagonal(extent: Range) -> float:
    return float(np.hypot(extent.a_high - extent.a_low, extent.b_high - extent.b_low))


def difference(one: Basins, other: Basins) -> NDArray[np.bool_]:
    """Tell from which starts two methods end somewhere else.

    Ends of different kinds are different, with "step-limit" (on its way) among the kinds; so are
    different minima; so are two places at which paths stopped, or had come to when the steps
    ran out, further apart than the neighbourhood of a minimum can be. Paths that left the map,
    diverged, or met what is not finite have gone the same way, wherever that was.

    Parameters
    ----------
    one, other : Basins
        Of the same starts.

    Returns
    -------
    ndarray of bool, shape (n, n)

    Raises
    ------
    ValueError
        If their starts are not the same.
    """
    if one.range != other.range or one.label.shape != other.label.shape:
        raise ValueError("basins can be compared only where they have the same starts")
    kinds, kinds_of_other = _of_cells(one, "kind"), _of_cells(other, "kind")
    diagonal = _diagonal(one.range)
    minima_apart = np.hypot(
        _of_cells(one, "a") - _of_cells(other, "a"), _of_cells(one, "b") - _of_cells(other, "b")
    )
    apart = np.hypot(one.last_a - other.last_a, one.last_b - other.last_b)
    # Minima at kinks have no place where they are many, such as a curve of them.
    at_minima = np.isin(kinds, ("minimum", "kink")) & np.isfinite(minima_apart)
    elsewhere = np.where(at_minima, minima_apart > _SAME * diagonal, apart > NEAR * diagonal)
    different: NDArray[np.bool_] = (kinds != kinds_of_other) | (elsewhere & ~np.isin(kinds, _GONE))
    return different


def _of_cells(basins: Basins, field: str) -> NDArray[Any]:
    """Return a field of each start's end."""
    return np.array([getattr(end, field) for end in basins.ends])[basins.label]
