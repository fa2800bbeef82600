"""Descent: a gradient estimate and an update rule make a Path from a start.

The walk (:mod:`~gdviz.engine.descent.loop`) holds only what the method does. What is measured of
it here (the loss along the path, the exact gradient to compare with) is computed on arrays
afterwards, and charged to nobody.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array, Precision
from gdviz.engine.descent.gradient_estimates import Estimate
from gdviz.engine.descent.loop import Terms, Walk
from gdviz.engine.descent.outcome_text import SENTENCES
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.schedules import SCHEDULES, Schedule
from gdviz.engine.descent.update_rules import Rule
from gdviz.engine.objectives.objective import EVALUATIONS, CountedObjective, Objective, calls_in

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
    options: Mapping[str, float] | None = None,
    schedule: Schedule = SCHEDULES["constant"],
    schedule_options: Mapping[str, float] | None = None,
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
        The learning rate α, at step 0.
    epsilon : float
        The finite-difference step ε.
    steps : int
        The most updates to make.
    bounds : Range
        The map. The path ends at the first point further out than :data:`MARGIN` times its
        width or height, so that an excursion may return.
    options : mapping of str to float, optional
        Values of the rule's options; its defaults for the others.
    schedule : Schedule
        How α changes; it does not unless one is given.
    schedule_options : mapping of str to float, optional
        Values of the schedule's options; its defaults for the others.
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
    ValueError
        If an option is unknown or out of bounds, in one sentence.
    """
    settings = rule.settings(options)
    terms = Terms(
        start=start,
        alpha=alpha,
        epsilon=epsilon,
        schedule=schedule,
        decay=schedule.settings(schedule_options),
        settings=settings,
        steps=steps,
        limits=widened(bounds, start),
        representable=representable_step,
        cancelled=cancelled,
    )
    is_exact = estimate.name == "analytic" and precision == "float64"
    with np.errstate(all="ignore"):  # of what is not finite, which the sentence is about
        walk = rule.walk(CountedObjective(objective, precision), estimate, terms)
        path = _measured(walk, objective, is_exact)
        sentence = SENTENCES[path.status](path, objective, estimate, epsilon, precision)
        if walk.message and path.status is Status.STOPPED:
            sentence = f"{sentence}: {walk.message}"
        said = (sentence, rule.remark(objective, path, settings, walk.state), remark)
    return replace(path, sentence="; ".join(filter(None, said)))


def widened(bounds: Range, start: tuple[float, float]) -> Range:
    """Return the bounds that hold the start, and then the margin around them."""
    a_low, a_high = min(bounds.a_low, start[0]), max(bounds.a_high, start[0])
    b_low, b_high = min(bounds.b_low, start[1]), max(bounds.b_high, start[1])
    a_margin, b_margin = MARGIN * (a_high - a_low), MARGIN * (b_high - b_low)
    return Range(a_low - a_margin, a_high + a_margin, b_low - b_margin, b_high + b_margin)


def _measured(walk: Walk, objective: Objective, is_exact: bool) -> Path:
    """Compare the walk with f and ∇f; no sentence yet.

    Parameters
    ----------
    walk : Walk
        What the method did.
    objective : Objective
        What it did it on.
    is_exact : bool
        Whether its gradients are ∇f.
    """
    rows, charges = walk.numbers(), walk.charges()
    a, b, g_a, g_b = rows
    loss = objective.values(a, b)
    status, count = ending(walk, a, b, loss)
    if count < len(loss):
        rows, charges, loss = rows[:, :count], charges[:count], loss[:count]
        a, b, g_a, g_b = rows
    if status is Status.UNDEFINED:  # what was made of a point without f is no gradient
        g_a[-1] = g_b[-1] = np.nan
        charges[-1] = 0
    is_taken = status is not Status.UNDEFINED and len(walk.g_a) >= count  # at the last point

    gradient = rows[2:]
    if is_exact:
        exact = gradient.copy()  # what was taken is not computed again
        if not is_taken:
            exact[:, -1] = objective.gradient(a[-1], b[-1])
        nothing = gradient - gradient  # nan where a gradient is not finite
        error = nothing[0] + nothing[1]
        relative_error = error / np.hypot(g_a, g_b)
        angle = relative_error.copy()  # 0 or nan, as well
    else:
        exact = np.array(objective.gradients(a, b))
        e_a, e_b = exact
        error = np.hypot(g_a - e_a, g_b - e_b)
        relative_error = error / np.hypot(e_a, e_b)
        cross, dot = g_a * e_b - g_b * e_a, g_a * e_a + g_b * e_b
        # atan2 keeps its accuracy at small angles, where acos of the cosine has lost half.
        angle = np.degrees(np.arctan2(np.abs(cross), dot))
        if not dot.all():  # one pass, where the next line is four
            angle[(cross == 0.0) & (dot == 0.0)] = np.nan

    values, gradients, hessians = calls = calls_in(charges)
    return Path(
        theta=rows[:2].T,
        loss=loss,
        gradient=gradient.T,
        exact_gradient=exact.T,
        error=error,
        relative_error=relative_error,
        angle=angle,
        values=values,
        gradients=gradients,
        hessians=hessians,
        evaluations=EVALUATIONS @ calls,
        status=status,
        sentence="",
    )


def ending(walk: Walk, a: Array, b: Array, loss: Array) -> tuple[Status, int]:
    """Return how a path ended and how many of its points count.

    A method that never asks for f (the analytic one) can walk on where f is undefined: the path
    ends at the first such point.

    Parameters
    ----------
    walk : Walk
        What the method did.
    a, b, loss : ndarray, shape (n,)
        Its points, and f there.
    """
    last = len(loss) - 1
    if not math.isfinite(loss.dot(loss)):  # the quickest look there is; it may be overflow alone
        broken = np.flatnonzero(~np.isfinite(loss))
        last = int(broken[0]) if len(broken) else last
    left = walk.status is Status.LEFT_MAP and last == len(loss) - 1
    if left or not math.isfinite(loss[last]):
        diverged, undefined = outcomes(left, a[last], b[last], loss[last], loss[0])
        if diverged or undefined:
            return Status.DIVERGED if diverged else Status.UNDEFINED, last + 1
    return walk.status, last + 1


def outcomes(left: Any, a: Any, b: Any, loss: Any, first: Any) -> tuple[Any, Any]:
    """Tell what became of paths that left the map or met a loss that is not finite.

    Parameters
    ----------
    left : bool or ndarray of bool
        Whether the last point is outside the limits.
    a, b, loss : float or ndarray
        The last point and f there.
    first : float or ndarray
        f at the start.

    Returns
    -------
    diverged, undefined : bool or ndarray of bool
        Neither: it left the map, and falling, or at least not risen.
    """
    broken = ~np.isfinite(loss)
    lost = broken & ~(np.isfinite(a) & np.isfinite(b))
    # An overflow on the way out is no hole in f.
    undefined = broken & ~lost & ~(left & ~np.isnan(loss))
    return lost | (left & ~undefined & (loss > first)), undefined
