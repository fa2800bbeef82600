"""The bound on gradient descent's learning rate: α < 2/λmax at the minimum that a path nears.

Near a minimum θ* a step multiplies each eigenvector's share of θ − θ* by 1 − αλ, which stays within
±1 for all of them if α < 2/λmax. Elsewhere it bounds nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.taylor_models import step_models
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import StationaryPoint

#: A path that converged this close to a listed minimum, in units of θ (at least 1), is there.
_THERE = 1e-2
#: A slope, or a curvature downwards, up to this part of λmax is round-off.
_LEVEL = 1e-6
#: The Hessian is looked at so far from a point, in units of θ (at least 1), in these directions.
#: If it differs there by more than this part of itself, it jumps.
_AROUND, _DIRECTIONS, _JUMP = 1e-6, np.exp(2j * np.pi * (np.arange(8) + 0.5) / 8), 1e-2
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
        Of one that ran away the start tells which minimum it should near: where it exploded is
        another place for every α.
    remark : str, default ""
        Why there is no minimum.
    """
    if objective.no_hessian:
        return RateBound(None, f"No bound on α is known: {objective.no_hessian}.")
    converged = path.status is Status.GRADIENT_VANISHED
    ran_away = path.status in {Status.DIVERGED, Status.LEFT_MAP}
    a, b = map(float, path.theta[-1 if converged else 0 if ran_away else _lowest(path)])
    listed = min(minima, key=lambda point: math.hypot(point.a - a, point.b - b), default=None)
    if converged:
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


def _lowest(path: Path) -> int:
    """Return the index of the point where f is lowest."""
    return int(np.argmin(np.where(np.isfinite(path.loss), path.loss, np.inf)))


def _minimum_below(objective: Objective, path: Path) -> tuple[float, float] | None:
    """Return the minimum that Newton's method meets from the lowest point of a path, if it does.

    It must be no higher than that point: a path that diverges has been near it, or began there.
    """
    lowest = _lowest(path)
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
            loss = float(path.loss[lowest])
            return (a, b) if objective.value(a, b) <= loss + 1e-9 * max(1.0, abs(loss)) else None
    return None


@lru_cache(maxsize=16)
def _bound_at(objective: Objective, a: float, b: float, what: str) -> RateBound:
    models = step_models(objective, (a, b))
    where = f"{what} ({a:.4g}, {b:.4g})"
    if models.sentence:
        return RateBound(None, f"No bound on α at {where}: {models.sentence}.")
    if _hessian_jumps(objective, complex(a, b), models.hessian):
        return RateBound(None, f"No bound on α at {where}: f has a kink there.")
    smallest, largest = models.eigenvalues.tolist()
    if models.largest_rate is None or smallest < -_LEVEL * largest:
        return RateBound(None, f"No bound on α at {where}: f does not curve upwards there.")
    if math.hypot(*models.gradient) > _LEVEL * max(1.0, largest):
        # What is listed holds for constants within their sliders, and for the surface's own data.
        return RateBound(None, f"No bound on α at {where}: f is not level there.")
    return RateBound(
        models.largest_rate,
        f"Gradient descent settles at {where} only for α < 2/λmax = {models.largest_rate:.6g}: the "
        f"Hessian's largest eigenvalue there is {largest:.6g}. With a larger α, every step "
        "overshoots by more than the last.",
    )


def _hessian_jumps(objective: Objective, point: complex, hessian: Array) -> bool:
    """Tell whether second derivatives jump at a point, as those of max(a², b²) do."""
    if objective.is_smooth:
        return False
    around = point + _AROUND * max(1.0, abs(point)) * _DIRECTIONS
    aa, ab, bb = objective.hessians(around.real, around.imag)
    change = np.abs(np.array([aa - hessian[0, 0], ab - hessian[0, 1], bb - hessian[1, 1]])).max()
    # A comparison with nan is false: f is undefined to one side.
    return not change <= _JUMP * np.abs(hessian).max()
