"""Descent: a gradient estimate and an update rule make a Path from a start.

The loop (:mod:`~gdviz.engine.descent.loop`) holds only what the method does. What is measured of
its path here (the loss, the exact gradient to compare with) is computed on arrays afterwards, and
not counted.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.descent.loop import trajectory
from gdviz.engine.descent.outcome_text import SENTENCES
from gdviz.engine.descent.path import Path, Status, Trajectory
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import evaluations_of
from gdviz.engine.objectives.objective import Objective


def descend(
    objective: Objective,
    settings: RunSettings,
    start: tuple[float, float],
    *,
    cancelled: Callable[[], bool] = bool,
) -> Path:
    """Run a method from a start.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    settings : RunSettings
        What the method runs with.
    start : (float, float)
        The point at step 0.
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
    with np.errstate(all="ignore"):  # of what is not finite, which the sentence is about
        run = trajectory(objective, settings, start, cancelled)
        is_exact = (
            settings.estimate.name == "analytic"
            and settings.rule.uses_gradient
            and settings.precision == "float64"
            and (objective.is_smooth or bool(objective.no_gradient))
        )
        path = _measured(run, objective, is_exact)
        sentence = SENTENCES[path.status](path, objective, settings)
        if run.message and path.status is Status.STOPPED:
            sentence = f"{sentence}: {run.message}"
        remark = settings.rule.remark(objective, path, settings.options, run.state)
        of_value = objective.remark_at(*path.theta[-1].tolist())
    said = "; ".join(filter(None, (sentence, of_value, remark)))
    return replace(path, sentence=said, remark=of_value)


def _measured(run: Trajectory, objective: Objective, is_exact: bool) -> Path:
    """Compare what a method did with f and ∇f; no sentence yet.

    Parameters
    ----------
    run : Trajectory
        What the method did.
    objective : Objective
        What it did it on.
    is_exact : bool
        Whether its gradients are ∇f.
    """
    rows, calls = run.numbers(), run.calls()
    a, b, g_a, g_b = rows
    loss = objective.values(a, b)
    status, count = final_status(run, a, b, loss)
    if count < len(loss):
        rows, calls, loss = rows[:, :count], calls[:, :count], loss[:count]
        a, b, g_a, g_b = rows
    if status is Status.UNDEFINED:  # what was made of a point without f is no gradient
        g_a[-1] = g_b[-1] = np.nan
        calls[:, -1] = 0
    is_taken = status is not Status.UNDEFINED and len(run.g_a) >= count  # at the last point

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

    values, gradients, hessians, tangents, row_gradients = calls
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
        tangents=tangents,
        row_gradients=row_gradients,
        evaluations=evaluations_of(calls, objective.rows),
        status=status,
        sentence="",
    )


def final_status(run: Trajectory, a: Array, b: Array, loss: Array) -> tuple[Status, int]:
    """Return how a path ended and how many of its points count.

    A method that never asks for f (the analytic one) can go on where f is undefined: the path
    ends at the first such point.

    Parameters
    ----------
    run : Trajectory
        What the method did.
    a, b, loss : ndarray, shape (n,)
        Its points, and f there.
    """
    last = len(loss) - 1
    if not math.isfinite(loss.dot(loss)):  # the quickest look there is; it may be overflow alone
        broken = np.flatnonzero(~np.isfinite(loss))
        last = int(broken[0]) if len(broken) else last
    left = run.status is Status.LEFT_MAP and last == len(loss) - 1
    if left or not math.isfinite(loss[last]):
        diverged, undefined = divergence(left, a[last], b[last], loss[last], loss[0])
        if diverged or undefined:
            return Status.DIVERGED if diverged else Status.UNDEFINED, last + 1
    return run.status, last + 1


def divergence(left: Any, a: Any, b: Any, loss: Any, first: Any) -> tuple[Any, Any]:
    """Tell which paths that left the map, or met a loss that is not finite, diverged.

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
