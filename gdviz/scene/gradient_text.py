"""What is said of ∇f at a point: its numbers, or that there is none, and why."""

import math
from collections.abc import Sequence

from gdviz.base.format import pair
from gdviz.engine.objectives.nonsmooth import jump, kink, undefined
from gdviz.engine.objectives.objective import Objective


def why_no_gradient(objective: Objective, at: Sequence[float], gradient: Sequence[float]) -> str:
    """Return why there is no gradient, in a sentence; empty where there is one.

    Parameters
    ----------
    objective : Objective
        The function.
    at : (float, float)
        The point.
    gradient : (float, float)
        ∇f there; nan where there is none.
    """
    missing = any(math.isnan(part) for part in gradient)
    return objective.no_gradient or (undefined(objective, at) if missing else "")


def gradient_text(objective: Objective, at: Sequence[float], gradient: Sequence[float]) -> str:
    """Return ∇f in a few words, for a place where the point and f are said as well.

    Parameters
    ----------
    objective : Objective
        The function. If it is somebody's code, that is not run.
    at : (float, float)
        The point.
    gradient : (float, float)
        ∇f there; nan where there is none.
    """
    if not any(math.isnan(part) for part in gradient):
        return pair(gradient)
    if not math.isfinite(objective.effort("value")):
        return "none"
    sides = kink(objective, at) or jump(objective, at).partition(":")[0]
    return f"none: {sides}" if sides else "none"
