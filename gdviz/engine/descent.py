"""Descent: a gradient estimate and an update rule make a Path from a start.

The walk (:mod:`~gdviz.engine.walk`) holds only what the method does. What is measured of it here
(the loss along the path, the exact gradient to compare with) is computed on arrays afterwards, and
charged to nobody.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gdviz.engine.endings import SENTENCES
from gdviz.engine.gradients import Estimate
from gdviz.engine.objective import (
    EVALUATIONS,
    Array,
    CountedObjective,
    Objective,
    Precision,
    calls_in,
)
from gdviz.engine.path import Path, Status
from gdviz.engine.rules import Rule
from gdviz.engine.surfaces import Range
from gdviz.engine.walk import Terms, Walk

#: A path may leave the map by this many times its width and height, on each side.
MARGIN = 1.0


def descend(
    objective: Objective,
    estimate: Estimate,
    rule: Rule,
    *,
    start: tuple[float, float],
    alpha: float,
    epsilon: float,
    steps: int,
    bounds: Range,
    precision: Precision = "float64",
    representable_step: bool = False,
    remark: str = "",
    cancelled: Callable[[], bool] = bool,
) -> Path:
    """Run a method from a start.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    estimate : Estimate
        The gradient estimate.
    rule : Rule
        The update rule.
    start : (float, float)
        The point at step 0.
    alpha : float
        The learning rate α.
    epsilon : float
        The finite-difference step ε.
    steps : int
        The most updates to make.
    bounds : Range
        The map. The path ends at the first point further out than :data:`MARGIN` times its
        width or height, so that an excursion may return.
    precision : {"float64", "float32"}
        The arithmetic of the method. Losses and exact gradients are float64 in either.
    representable_step : bool, default False
        Divide a difference by the step that was really taken, (x + ε) − x.
    remark : str, default ""
        What the sentence has to add, such as that the surface has no minimum.
    cancelled : callable, optional
        Asked now and then; when it returns True the run ends.

    Returns
    -------
    Path

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    terms = Terms(
        start=start,
        alpha=alpha,
        epsilon=epsilon,
        steps=steps,
        limits=_widened(bounds, start),
        representable=representable_step,
        cancelled=cancelled,
    )
    with np.errstate(all="ignore"):
        walk = rule.walk(CountedObjective(objective, precision), estimate, terms)
    return _measured(walk, objective, estimate, epsilon, precision, remark)


def _widened(bounds: Range, start: tuple[float, float]) -> Range:
    """Return the bounds that hold the start, and then the margin around them."""
    a_low, a_high = min(bounds.a_low, start[0]), max(bounds.a_high, start[0])
    b_low, b_high = min(bounds.b_low, start[1]), max(bounds.b_high, start[1])
    a_margin, b_margin = MARGIN * (a_high - a_low), MARGIN * (b_high - b_low)
    return Range(a_low - a_margin, a_high + a_margin, b_low - b_margin, b_high + b_margin)


def _measured(
    walk: Walk,
    objective: Objective,
    estimate: Estimate,
    epsilon: float,
    precision: Precision,
    remark: str,
) -> Path:
    """Compare the walk with f and ∇f, and say how it ended."""
    a, b = _array(walk.a), _array(walk.b)
    loss = objective.values(a, b)
    status, count = _ending(walk, a, b, loss)
    a, b, loss = a[:count], b[:count], loss[:count]

    taken = min(len(walk.g_a), count - (status is Status.UNDEFINED))
    gradient = np.full((2, count), np.nan)
    gradient[0, :taken] = _array(walk.g_a)[:taken]
    gradient[1, :taken] = _array(walk.g_b)[:taken]
    calls = np.zeros((count, 3), np.int64)
    tallies = np.fromiter(walk.tallies, np.int64)
    calls[:taken] = calls_in(tallies[1 : taken + 1] - tallies[:taken])

    exact = gradient.copy()
    # The exact gradient is the analytic one in float64: what that took is not computed again.
    known = taken if estimate.name == "analytic" and precision == "float64" else 0
    exact[:, known:] = objective.gradients(a[known:], b[known:])
    with np.errstate(all="ignore"):
        error = np.hypot(*(gradient - exact))
        relative_error = error / np.hypot(*exact)
        cross = gradient[0] * exact[1] - gradient[1] * exact[0]
        dot = gradient[0] * exact[0] + gradient[1] * exact[1]
        # atan2 keeps its accuracy at small angles, where acos of the cosine has lost half.
        angle = np.degrees(np.arctan2(np.abs(cross), dot))
        angle[(cross == 0.0) & (dot == 0.0)] = np.nan

    path = Path(
        theta=np.array([a, b]).T,
        loss=loss,
        gradient=gradient.T,
        exact_gradient=exact.T,
        error=error,
        relative_error=relative_error,
        angle=angle,
        values=calls[:, 0],
        gradients=calls[:, 1],
        hessians=calls[:, 2],
        evaluations=calls @ EVALUATIONS,
        status=status,
        sentence="",
    )
    sentence = SENTENCES[status](path, objective, estimate, epsilon, precision)
    if walk.message and status is Status.STOPPED:
        sentence = f"{sentence}: {walk.message}"
    return replace(path, sentence=f"{sentence}; {remark}" if remark else sentence)


def _array(numbers: Sequence[Any]) -> Array:
    """Return a list of numbers as an array, in two thirds of the time that np.array takes."""
    return np.fromiter(numbers, np.float64, len(numbers))


def _ending(walk: Walk, a: Array, b: Array, loss: Array) -> tuple[Status, int]:
    """Return how the path ended and how many of its points count.

    A method that never asks for f (the analytic one) can walk on where f is undefined: the path
    ends at the first such point.
    """
    broken = np.flatnonzero(~np.isfinite(loss))
    if len(broken):
        first = int(broken[0])
        if not (math.isfinite(a[first]) and math.isfinite(b[first])):
            return Status.DIVERGED, first + 1
        # An overflow on the way out is no hole in f.
        outside = walk.status is Status.LEFT_MAP and first == len(loss) - 1
        if not outside or np.isnan(loss[first]):
            return Status.UNDEFINED, first + 1
    if walk.status is Status.LEFT_MAP and loss[-1] > loss[0]:
        return Status.DIVERGED, len(loss)
    return walk.status, len(loss)
