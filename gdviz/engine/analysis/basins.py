"""Basins of attraction: what the path from each start on the map ends at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import no_progress
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.attractors import ITERATIONS, NEAR, Outcome, classify
from gdviz.engine.descent.batch import ENDPOINT, descend_from_each
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective

#: The part of the map's diagonal by which two results for one minimum differ at most.
_SAME = 1e-6
#: The kinds of outcomes that are no place on the map.
_GONE = ("left-map", "diverged", "not-a-number", "undefined")


@dataclass(frozen=True, eq=False)
class Basins:
    """What the path from each start of a grid ends at.

    Attributes
    ----------
    range : Range
        The corners; the outermost starts lie on them.
    a, b : ndarray, shape (n,)
        Coordinates of the starts.
    label : ndarray of int, shape (n, n)
        ``label[j, i]`` is the index in `outcomes` of what the start (a[i], b[j]) leads to.
    steps : ndarray of int, shape (n, n)
        Updates until then.
    last_a, last_b : ndarray, shape (n, n)
        The last point of each path.
    outcomes : tuple of Outcome
        What paths end at.
    stride : int
        Paths were computed from every so many-th start along each axis, which stands for those up
        to the next; 1 in the final result.
    """

    range: Range
    a: Array
    b: Array
    label: NDArray[np.int64]
    steps: NDArray[np.int64]
    last_a: Array
    last_b: Array
    outcomes: tuple[Outcome, ...]
    stride: int = 1


def map_basins(
    objective: Objective,
    settings: RunSettings,
    extent: Range,
    *,
    resolution: int = 256,
    coarse: int = 32,
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
) -> Iterator[Basins]:
    """Run a method from every start of a grid, coarse to fine.

    The work is done while the results are asked for, so that several methods can take turns.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    settings : RunSettings
        What the method runs with. Each path ends where and how that of
        :func:`gdviz.engine.descent.descend.descend` does.
    extent : Range
        The starts' corners, within the bounds of the settings.
    resolution : int, default 256
        Starts along each axis.
    coarse : int, default 32
        How many of them the first result has, at least.
    progress : callable, optional
        Told at every step of a block of starts which part of the work is done, from 0 to 1. A
        start is as much as the most updates and the most of Newton's steps to tell what it ended
        at; those done count, and all of them once its path has ended.
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
        If the extent is not within the bounds.
    """
    if not (settings.bounds.contains(*extent[::2]) and settings.bounds.contains(*extent[1::2])):
        raise ValueError("the starts must lie within the bounds")
    is_plain = settings.is_plain and settings.schedule.factor is None
    a = np.linspace(extent.a_low, extent.a_high, resolution)
    b = np.linspace(extent.b_low, extent.b_high, resolution)
    starts_a, starts_b = np.meshgrid(a, b)
    endpoints = np.empty((resolution, resolution), ENDPOINT)
    done, count = 0, 0  # starts that are done with, and those of the stride
    of_descent = settings.steps / (settings.steps + ITERATIONS)

    def tell(starts: float, classified: float = 0.0) -> None:
        under_way = of_descent * starts + (1.0 - of_descent) * classified * count
        progress((done + under_way) / endpoints.size)

    for stride in _strides(resolution, coarse):
        some = np.s_[::stride, ::stride]
        at_stride = endpoints[some]
        new = np.ones(at_stride.shape, bool)
        if done:  # of every other one as well
            new[::2, ::2] = False
        count = int(new.sum())
        at_stride[new] = descend_from_each(
            objective, settings, starts_a[some][new], starts_b[some][new], tell, cancelled
        )
        labels, outcomes = classify(
            objective,
            at_stride,
            _diagonal(extent),
            settings.alpha if is_plain else 0.0,
            partial(tell, count),
            cancelled,
        )
        done += count
        progress(done / endpoints.size)
        # Each start stands for those up to the next one.
        at, steps = at_stride["at"], at_stride["steps"]
        if stride > 1:
            labels, at, steps = (
                x.repeat(stride, 0).repeat(stride, 1)[:resolution, :resolution]
                for x in (labels, at, steps)
            )
        yield Basins(extent, a, b, labels, steps, at.real, at.imag, outcomes, stride)


def _strides(resolution: int, coarse: int) -> list[int]:
    """Return from every how many-th start paths are computed: …, 4, 2, 1."""
    return [2**k for k in range(max(resolution // coarse, 1).bit_length())][::-1]


def _diagonal(extent: Range) -> float:
    return float(np.hypot(extent.a_high - extent.a_low, extent.b_high - extent.b_low))


def difference(one: Basins, other: Basins) -> NDArray[np.bool_]:
    """Tell from which starts two methods end somewhere else.

    Outcomes of different kinds are different, with "step-limit" (on its way) among them; so are
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
    at_minima = np.isin(kinds, ("minimum", "kink", "kink-valley")) & np.isfinite(minima_apart)
    elsewhere = np.where(at_minima, minima_apart > _SAME * diagonal, apart > NEAR * diagonal)
    different: NDArray[np.bool_] = (kinds != kinds_of_other) | (elsewhere & ~np.isin(kinds, _GONE))
    return different


def _of_cells(basins: Basins, field: str) -> NDArray[Any]:
    """Return a field of each start's outcome."""
    return np.array([getattr(outcome, field) for outcome in basins.outcomes])[basins.label]
