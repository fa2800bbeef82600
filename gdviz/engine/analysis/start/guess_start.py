"""Where to begin on a map: a start, α and ε of the right size, from a coarse grid of values."""

import math
from typing import Any, NamedTuple

import numpy as np

from gdviz.base.geometry import FARTHEST, Range
from gdviz.base.types import Array
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigenvalues

#: Points along each axis that are looked at; fewer of a function that would take some seconds.
_POINTS, _FEWER, _MOST_SECONDS = 33, (17, 9, 5), 5.0
#: What part of the points are lower than the start: high up, but on no peak.
_HEIGHT = 0.7
#: What part of the points have a curvature at which α does not diverge, and the longest step there.
_SAFE, _QUARTER = 0.75, 0.25
#: What an experiment can have for α, and the largest that values on a grid tell: on ground so flat
#: that α were larger, they may be rounding.
_ALPHAS, _LARGEST = (1e-60, FARTHEST), 1e3


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
        The function; only its values are asked for.
    extent : Range
        The map.

    Notes
    -----
    α is a quarter of the bound 2/λ of gradient descent on a quadratic, with one significant digit;
    λ is a curvature that three quarters of the map stay below, from second differences. Nor does
    a step lead over more than a quarter of the map from three quarters of its points.
    """
    points = next(
        (n for n in (_POINTS, *_FEWER) if n**2 * objective.seconds_a_point <= _MOST_SECONDS),
        _FEWER[-1],
    )
    a = np.linspace(extent.a_low, extent.a_high, points)
    b = np.linspace(extent.b_low, extent.b_high, points)
    values = objective.values(a[None, :], b[:, None])
    return FirstView(extent, _start(a, b, values), _alpha(a, b, values), step_for(extent))


def step_for(extent: Range) -> float:
    """Return a difference step far below what a map is wide, a power of ten."""
    width = min(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    return 10.0 ** math.floor(math.log10(width / 500))


def _start(a: Array, b: Array, values: Array) -> tuple[float, float]:
    inner = values[2:-2, 2:-2]
    known = np.isfinite(inner)
    if not known.any():
        return float(a[len(a) // 2]), float(b[len(b) // 2])
    halves = inner / 2.0  # of which no difference of two numbers is infinite
    wanted = np.quantile(halves[known], _HEIGHT)
    distance = np.where(known, np.abs(halves - wanted), np.inf)
    j, i = np.unravel_index(int(np.argmin(distance)), inner.shape)
    # Numbers that a person would have chosen: no finer than the points looked at.
    return _rounded(float(a[i + 2]), float(a[1] - a[0])), _rounded(
        float(b[j + 2]), float(b[1] - b[0])
    )


def _rounded(value: float, spacing: float) -> float:
    return round(value, max(0, 1 - math.floor(math.log10(spacing))))


def _alpha(a: Array, b: Array, values: Array) -> float:
    with np.errstate(all="ignore"):
        in_aa = np.diff(values, 2, axis=1)[1:-1] / (a[1] - a[0]) ** 2
        in_bb = np.diff(values, 2, axis=0)[:, 1:-1] / (b[1] - b[0]) ** 2
        mixed = values[2:, 2:] - values[2:, :-2] - values[:-2, 2:] + values[:-2, :-2]
        in_ab = mixed / (4 * (a[1] - a[0]) * (b[1] - b[0]))
        largest = np.abs(eigenvalues(in_aa, in_ab, in_bb)).max(axis=0)
        across_a = np.diff(values, axis=1)[1:] / (a[1] - a[0]) / (a[-1] - a[0])
        across_b = np.diff(values, axis=0)[:, 1:] / (b[1] - b[0]) / (b[-1] - b[0])
        slope = _most(np.maximum(np.abs(across_a), np.abs(across_b)))
    curvature = _most(largest)
    alpha = min(0.5 / curvature, _LARGEST) if curvature > 0.0 else 0.1
    return one_digit(min(alpha, _QUARTER / slope) if slope > 0.0 else alpha)


def _most(values: Array) -> float:
    """Return what most of the values that are known stay below."""
    known = values[np.isfinite(values)]
    return float(np.quantile(known, _SAFE)) if len(known) else 0.0


def one_digit(alpha: float) -> float:
    """Return a learning rate that an experiment can have, no larger, with one digit."""
    alpha = min(max(alpha, _ALPHAS[0]), _ALPHAS[1])
    power = 10.0 ** math.floor(math.log10(alpha))
    return float(f"{math.floor(alpha / power) * power:.1g}")
