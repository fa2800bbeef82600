"""What gradient estimates are compared with: ∇f, or an extrapolated difference where it is unknown.

Central differences with steps h, h/2, h/4 … are extrapolated to h = 0, from steps so large that
rounding hardly shows.
"""

from dataclasses import dataclass

import numpy as np

from gdviz.base.format import number, pair
from gdviz.engine.descent.estimates.extrapolation import extrapolated
from gdviz.engine.objectives.objective import Objective

#: Halvings of the step.
_LEVELS = 32
#: Levels at which the two one-sided differences are compared. Where f is smooth they approach each
#: other as fast as the step shrinks; at a kink they stay apart.
_COMPARED = [5, 10, 15]
#: Up to this part of the slope they may differ for other reasons.
_APART = 1e-6
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Reference:
    """A gradient to compare with.

    Attributes
    ----------
    gradient : (float, float)
        The gradient; nan where there is none.
    uncertainty : float
        About how far it may be off; 0 where it is ∇f itself.
    kink : str
        That the differences before and after the point disagree, in a sentence; else empty.
    """

    gradient: tuple[float, float]
    uncertainty: float = 0.0
    kink: str = ""


def reference_gradient(
    objective: Objective, at: tuple[float, float], reach: tuple[float, float]
) -> Reference:
    """Return the gradient to compare estimates with.

    Parameters
    ----------
    objective : Objective
        The function.
    at : (float, float)
        The point.
    reach : (float, float)
        The longest step along each axis, where ∇f has to be extrapolated: about as far as f looks
        like a polynomial of low order.
    """
    if not objective.no_gradient:
        return Reference(objective.gradient(*at))
    slopes, errors, kinks = zip(*(_along(objective, at, k, reach[k]) for k in (0, 1)), strict=True)
    return Reference(slopes, float(np.hypot(*errors)), next(filter(None, kinks), ""))


def _along(
    objective: Objective, at: tuple[float, float], axis: int, reach: float
) -> tuple[float, float, str]:
    """Return the slope along an axis, about how far it is off, and that there is a kink."""
    h = reach * 0.5 ** np.arange(_LEVELS)
    moved = at[axis] + np.concatenate([-h, [0.0], h])
    f = objective.values(*((moved, at[1]) if axis == 0 else (at[0], moved)))
    before, here, after = f[:_LEVELS], f[_LEVELS], f[_LEVELS + 1 :]
    steps = at[axis] - moved[:_LEVELS], moved[_LEVELS + 1 :] - at[axis]  # as they really are
    with np.errstate(all="ignore"):
        left, right = (here - before) / steps[0], (after - here) / steps[1]
        rounding = _EPS * np.maximum(np.abs(before), np.abs(after)) / h
        slope, error = extrapolated((after - before) / (steps[0] + steps[1]), rounding)
        gaps = np.abs(right - left)[_COMPARED]
        is_kink = gaps.min() > gaps.max() / 2 and gaps[0] > _APART * np.abs([left, right]).max()
    kink = (
        f"the differences along {objective.parameters[axis]} are {number(left[-1], 4)} on one side "
        f"and {number(right[-1], 4)} on the other at {pair(at, 6)}, so there is no single gradient "
        "to compare with"
    )
    return float(slope), float(error), kink * bool(is_kink)
