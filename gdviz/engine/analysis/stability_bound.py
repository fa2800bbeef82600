"""The bound on gradient descent's learning rate: α < 2/λmax at the minimum that lies downhill.

Near a minimum θ* a step multiplies each eigenvector's share of θ − θ* by 1 − αλ, which stays within
±1 for all of them if α < 2/λmax. Elsewhere it bounds nothing. In a valley of minima it is the share
across the valley that must shrink; along it f stays the same.

Which minimum that is, the gradient flow from the start tells, and no learning rate plays a part.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.engine.descent.gradient_flow import follow_flow
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.run_settings import widened
from gdviz.engine.objectives.nonsmooth import undefined
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigensystem, stationary_kind

#: The part of the diagonal of all that paths may visit within which the flow ends beside a kink.
_BESIDE = 5e-3


@dataclass(frozen=True)
class StabilityBound:
    """The bound, and where it holds.

    Attributes
    ----------
    alpha : float or None
        2/λmax; None where there is no bound.
    sentence : str
        At which minimum it holds, or why there is none.
    """

    alpha: float | None
    sentence: str


#: Before there is one.
NO_BOUND = StabilityBound(None, "")


def stability_bound(
    objective: Objective, start: tuple[float, float], bounds: Range, remark: str = ""
) -> StabilityBound:
    """Return the bound at the minimum that small steps from a start lead to.

    Parameters
    ----------
    objective : Objective
        The function.
    start : (float, float)
        The point (a, b) at which paths begin.
    bounds : Range
        The map, as for :func:`gdviz.engine.descent.descend.descend`.
    remark : str, default ""
        Why there is no minimum, if that is known.
    """
    if why := objective.no_hessian or remark:
        return _unknown(why)
    limits = widened(bounds, start)
    a, b, status = follow_flow(objective, start, limits)
    if status is Status.LEFT_MAP:
        return _unknown("small steps from the start leave the map")
    beside = _BESIDE * math.hypot(limits.a_high - limits.a_low, limits.b_high - limits.b_low)
    # So round that the same minimum is the same from every start.
    return _bound_at(objective, round(a, 9) + 0.0, round(b, 9) + 0.0, beside)


def _unknown(why: str) -> StabilityBound:
    return StabilityBound(None, f"no bound on α is known: {why}")


@lru_cache(maxsize=16)
def _bound_at(objective: Objective, a: float, b: float, beside: float) -> StabilityBound:
    """Return the bound at a point where the gradient flow ended.

    Parameters
    ----------
    objective : Objective
        The function.
    a, b : float
        The point.
    beside : float
        The distance up to which it is beside a kink.
    """
    if why := undefined(objective, (a, b)):
        return _unknown(f"small steps from the start lead nowhere, for {why}")
    kind, decimals = stationary_kind(objective, a, b), 2 - math.floor(math.log10(beside))
    where = pair((round(a, decimals) + 0.0, round(b, decimals) + 0.0))
    if kind not in ("minimum", "valley"):
        near_kink = any(
            abs(s) <= beside * math.hypot(s_a, s_b) for s, s_a, s_b in objective.kinks(a, b)
        )
        doubt = objective.why_doubtful(a, b)
        what = {"maximum": "a maximum", "saddle": "a saddle point"}.get(kind, doubt) or (
            "a kink, or beside one"
            if near_kink
            else "where the Hessian cannot tell a minimum from flat ground"
        )
        return _unknown(f"small steps from the start lead to {where}: {what}")
    place = f"the minimum {where}" if kind == "minimum" else f"{where} in a valley of minima"
    largest = eigensystem(*objective.hessian(a, b))[0]
    if not largest > 0.0:
        return _unknown(f"small steps from the start lead to {place}, where the Hessian is zero")
    alpha = 2.0 / largest
    return StabilityBound(
        alpha,
        f"at {place}, to which small steps from the start lead, the Hessian's largest eigenvalue "
        f"is {number(largest, 5)}: gradient descent converges there only with α < 2/λmax = "
        f"{number(alpha, 4)}",
    )
