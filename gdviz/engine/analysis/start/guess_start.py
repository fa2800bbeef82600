"""Where to begin on a map: a start, α and ε of the right size, from a coarse grid of values."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.base.geometry import FARTHEST, Range
from gdviz.base.types import Array
from gdviz.engine.analysis.start.trust_region import descended
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigenvalues

#: Points along each axis that are looked at; fewer of a function that would take some seconds.
_POINTS, _FEWER, _MOST_SECONDS = 33, (17, 9, 5), 5.0
#: What part of the points are lower than the start: high up, but on no peak.
_HEIGHT = 0.7
#: Points at the rim where one does not begin.
_RIM, _INNER = 2, (slice(2, -2), slice(2, -2))
#: What part of the points have a curvature at which α does not diverge, and the longest step there.
_SAFE, _QUARTER = 0.75, 0.25
#: The part of the bound at the minimum that α may be.
_BELOW = 0.7
#: What an experiment can have for α, and the largest on ground so flat that second differences are
#: no more than so many times what rounding makes of them.
_ALPHAS, _LARGEST, _ROUNDING = (1e-60, FARTHEST), 1e3, 1e3
#: Steps so short a part of the map cannot be seen, nor can a hundred. Then one begins where f is
#: steep: where it would change over the map by this part of what it does where it is steepest.
_UNSEEN, _STEEP = 1e-4, 0.1


class FirstView(NamedTuple):
    """What a function is first looked at with.

    Attributes
    ----------
    range : Range
        The map.
    start : (float, float)
        A point where f is known, higher than most of the map.
    alpha : float
        A learning rate that is stable over most of the map.
    epsilon : float
        A difference step.
    """

    range: Range
    start: tuple[float, float]
    alpha: float
    epsilon: float

    @property
    def settings(self) -> dict[str, Any]:
        """All but the range, by the names of an experiment's fields."""
        return {"start": self.start, "alpha": self.alpha, "epsilon": self.epsilon}


def guess_start(objective: Objective, extent: Range) -> FirstView:
    """Guess a start, α and ε from a coarse grid of values.

    Parameters
    ----------
    objective : Objective
        The function; of code, only its values are asked for.
    extent : Range
        The map.

    Notes
    -----
    α is a quarter of the bound 2/λ of gradient descent on a quadratic, with one significant digit;
    λ is a curvature that three quarters of the map stay below, from second differences. Nor does
    a step lead over more than a quarter of the map from three quarters of its points, and from the
    start; and α is at most 0.7 of the bound at the minimum. Where a hundred steps would not be
    seen, as on a plateau, start and α are of where f is steep.
    """
    points = next(
        (n for n in (_POINTS, *_FEWER) if n**2 * objective.seconds_a_point <= _MOST_SECONDS),
        _FEWER[-1],
    )
    a = np.linspace(extent.a_low, extent.a_high, points)
    b = np.linspace(extent.b_low, extent.b_high, points)
    values = objective.values(a[None, :], b[:, None])
    widths = float(a[-1] - a[0]), float(b[-1] - b[0])
    where = np.isfinite(values)
    in_a, in_b = _gradient(objective, a, b, values)
    with np.errstate(all="ignore"):
        steps = np.maximum(np.abs(in_a) / widths[0], np.abs(in_b) / widths[1])
        change = np.maximum(np.abs(in_a) * widths[0], np.abs(in_b) * widths[1])
    at, alpha = _start(values, where), _alpha(a, b, values, where)
    if alpha * steps[at] < _UNSEEN:
        steep = where & np.isfinite(change) & (change > 0.0)
        steep &= change >= _STEEP * np.max(change, initial=0.0, where=steep)
        if steep[_INNER].any():
            at, alpha = _start(values, steep), _alpha(a, b, values, steep)
    if steps[at] > 0.0:
        alpha = min(alpha, _QUARTER / float(steps[at]))
    spacing = float(a[1] - a[0]), float(b[1] - b[0])
    # Numbers that a person would have chosen: no finer than the points looked at.
    start = _rounded(float(a[at[1]]), spacing[0]), _rounded(float(b[at[0]]), spacing[1])
    alpha = min(alpha, _below_the_bound(objective, a, b, values))
    return FirstView(extent, start, one_digit(alpha), step_for(extent))


def step_for(extent: Range) -> float:
    """Return a difference step far below what a map is wide, a power of ten."""
    width = min(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    return 10.0 ** math.floor(math.log10(width / 500))


def _start(values: Array, where: NDArray[np.bool_]) -> tuple[int, int]:
    inner, known = values[_INNER], where[_INNER]
    if not known.any():
        return len(values) // 2, len(values) // 2
    halves = inner / 2.0  # of which no difference of two numbers is infinite
    wanted = np.quantile(halves[known], _HEIGHT)
    distance = np.where(known, np.abs(halves - wanted), np.inf)
    j, i = np.unravel_index(int(np.argmin(distance)), inner.shape)
    return int(j) + _RIM, int(i) + _RIM


def _rounded(value: float, spacing: float) -> float:
    return round(value, max(0, 1 - math.floor(math.log10(spacing))))


def _gradient(objective: Objective, a: Array, b: Array, values: Array) -> tuple[Array, Array]:
    """Return the gradient on the grid: of code, whose calls may be dear, from its differences."""
    if not objective.no_hessian:  # a dip may be narrower than cells
        return objective.gradients(a[None, :], b[:, None])
    with np.errstate(all="ignore"):
        in_b, in_a = np.gradient(values, b, a)
    return np.asarray(in_a), np.asarray(in_b)


def _alpha(a: Array, b: Array, values: Array, where: NDArray[np.bool_]) -> float:
    with np.errstate(all="ignore"):
        in_aa = np.diff(values, 2, axis=1)[1:-1] / (a[1] - a[0]) ** 2
        in_bb = np.diff(values, 2, axis=0)[:, 1:-1] / (b[1] - b[0]) ** 2
        mixed = values[2:, 2:] - values[2:, :-2] - values[:-2, 2:] + values[:-2, :-2]
        in_ab = mixed / (4 * (a[1] - a[0]) * (b[1] - b[0]))
        largest = np.abs(eigenvalues(in_aa, in_ab, in_bb)).max(axis=0)
        across_a = np.diff(values, axis=1)[1:] / (a[1] - a[0]) / (a[-1] - a[0])
        across_b = np.diff(values, axis=0)[:, 1:] / (b[1] - b[0]) / (b[-1] - b[0])
        slope = _most(np.maximum(np.abs(across_a), np.abs(across_b)), where[1:, 1:])
    curvature = _most(largest, where[1:-1, 1:-1])
    alpha = 0.5 / curvature if curvature > 0.0 else 0.1
    known = values[np.isfinite(values)]
    size = float(np.abs(known).max()) if len(known) else 0.0
    rounding = np.finfo(float).eps * size / min(a[1] - a[0], b[1] - b[0]) ** 2
    if not curvature > _ROUNDING * rounding:
        alpha = min(alpha, _LARGEST)
    return min(alpha, _QUARTER / slope) if slope > 0.0 else alpha


def _most(values: Array, where: NDArray[np.bool_]) -> float:
    """Return what most of the values that are known stay below."""
    known = values[np.isfinite(values) & where]
    return float(np.quantile(known, _SAFE)) if len(known) else 0.0


def _below_the_bound(objective: Objective, a: Array, b: Array, values: Array) -> float:
    """Return most of 2/λmax at the minimum on the map; infinity if there is none for certain."""
    if objective.no_hessian or not objective.is_smooth or not np.isfinite(values).any():
        return math.inf
    j, i = np.unravel_index(int(np.nanargmin(values)), values.shape)
    end = descended(objective, (float(a[i]), float(b[j])))
    if end is None or not (a[0] <= end[0] <= a[-1] and b[0] <= end[1] <= b[-1]):
        return math.inf
    high = float(eigenvalues(*objective.hessian(*end))[0])
    return 2.0 * _BELOW / high if high > 0.0 else math.inf


def one_digit(alpha: float) -> float:
    """Return a learning rate that an experiment can have, no larger, with one digit."""
    alpha = min(max(alpha, _ALPHAS[0]), _ALPHAS[1])
    power = 10.0 ** math.floor(math.log10(alpha))
    return float(f"{math.floor(alpha / power) * power:.1g}")
