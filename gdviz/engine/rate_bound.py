"""The bound on gradient descent's learning rate: α < 2/λmax at the minimum that a path nears.

Near a minimum θ* a step multiplies each eigenvector's share of θ − θ* by 1 − αλ, which stays within
±1 for all of them if α < 2/λmax. Elsewhere it bounds nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gdviz.engine.objective import Objective
from gdviz.engine.path import Path, Status
from gdviz.engine.step_models import step_models
from gdviz.engine.surfaces import StationaryPoint

#: A path that converged this close to a listed minimum, in units of θ (at least 1), is there.
_THERE = 1e-2
#: A slope, or a curvature downwards, up to this part of λmax is round-off.
_LEVEL = 1e-6
#: Newton's steps towards a minimum that nobody has listed, and how short the last one is.
_ITERATIONS, _SETTLED = 20, 1e-10


@dataclass(frozen=True)
class RateBound:
    """The bound, and where it comes from.

    Attributes
    ----------
    rate : float or None
        2/λmax; None where there is no bound.
    sentence : str
        At which minimum it holds, or why there is none.
    """

    rate: float | None
    sentence: str


def rate_bound(
    objective: Objective, minima: Sequence[StationaryPoint], path: Path, remark: str = ""
) -> RateBound:
    """Return the bound at the minimum that a path nears.

    Parameters
    ----------
    objective : Objective
        The function.
    minima : sequence of StationaryPoint
        Those that are known.
    path : Path
        The path. Where it converged to none of them, the bound is that of the point it ended at.
    remark : str, default ""
        Why there is no minimum.
    """
    if objective.no_hessian:
        return RateBound(None, f"No bound on α is known: {objective.no_hessian}.")
    a, b = map(float, path.theta[-1])
    listed = min(minima, key=lambda point: math.hypot(point.a - a, point.b - b), default=None)
    if path.status is Status.GRADIENT_VANISHED:
        room = _THERE * max(1.0, math.hypot(a, b))
        if listed is None or math.hypot(listed.a - a, listed.b - b) > room:
            return _bound_at(objective, a, b, "the point where the path ended")
    if listed is None:
        if remark:
            return RateBound(None, f"No bound on α is known: {remark}.")
        if (below := _minimum_below(objective, path)) is not None:
            return _bound_at(objective, *below, "the minimum below the first path")
        why = "no minimum is listed, and the first path did not converge to one"
        return RateBound(None, f"No bound on α is known: {why}.")
    return _bound_at(objective, listed.a, listed.b, "the known minimum")


def _minimum_below(objective: Objective, path: Path) -> tuple[float, float] | None:
    """Return the minimum that Newton's method meets from the lowest point of a path, if it does.

    It must be no higher than that point: a path that diverges has been near it, or began there.
    """
    losses = np.where(np.isfinite(path.loss), path.loss, np.inf)
    lowest = int(np.argmin(losses))
    a, b = map(float, path.theta[lowest])
    for _ in range(_ITERATIONS):
        g_a, g_b = objective.gradient(a, b)
        aa, ab, bb = objective.hessian(a, b)
        determinant = aa * bb - ab * ab
        if not (aa > 0.0 and 0.0 < determinant < math.inf):
            return None
        step_a, step_b = (bb * g_a - ab * g_b) / determinant, (aa * g_b - ab * g_a) / determinant
        a, b = a - step_a, b - step_b
        if math.hypot(step_a, step_b) <= _SETTLED * max(1.0, math.hypot(a, b)):
            # So round that the same minimum is the same from every path.
            a, b = round(a, 9), round(b, 9)
            level = 1e-9 * max(1.0, abs(float(losses[lowest])))
            return (a, b) if objective.value(a, b) <= losses[lowest] + level else None
    return None


@lru_cache(maxsize=16)
def _bound_at(objective: Objective, a: float, b: float, what: str) -> RateBound:
    models = step_models(objective, (a, b))
    where = f"{what} ({a:.4g}, {b:.4g})"
    if models.sentence:
        return RateBound(None, f"No bound on α at {where}: {models.sentence}.")
    smallest, largest = models.eigenvalues.tolist()
    if models.largest_rate is None or smallest < -_LEVEL * largest:
        return RateBound(None, f"No bound on α at {where}: f does not curve upwards there.")
    if math.hypot(*models.gradient) > _LEVEL * max(1.0, largest):
        # What is listed holds for constants within their sliders, and for the surface's own data.
        return RateBound(None, f"No bound on α at {where}: f is not level there.")
    return RateBound(
        models.largest_rate,
        f"Gradient descent settles at {where} for α < 2/λmax = {models.largest_rate:.6g} only: the "
        f"largest eigenvalue of the Hessian there is {largest:.6g}. Above it every step overshoots "
        "by more than the last.",
    )
