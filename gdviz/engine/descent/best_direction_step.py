"""The best direction of a finite step as an update rule takes it: with values of f, all counted.

The circle is searched as in :mod:`gdviz.engine.analysis.best_direction`: samples until they
resolve it, then every valley that may hold the lowest loss. A rule pays for each value at each
step, so that this search begins with fewer samples and lets the interpolant, which costs nothing,
tell the valleys.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.descent.circle_sampling import MOST, MOST_CLOSE, Samples, sampled, valleys

#: Samples of the circle, at first, and where f has kinks on it: powers of two.
FEWEST, ENOUGH = 32, 2048
#: Values for narrowing valleys: in all, and for one of them.
_REFINING, _NARROWING, _SLIDES = 1024, 48, 8
#: The most values that a search can take.
LARGEST = MOST + MOST_CLOSE + _REFINING
#: Points of the interpolant that are looked at, for each sample.
_FINER = 16


class Move(NamedTuple):
    """Where a step leads.

    Attributes
    ----------
    a, b, loss : float or numpy.float32
        The point, and the loss there, in the numbers of the objective that was called.
    is_searched : bool
        Whether the circle was searched throughout: False where f has waves on it that are shorter
        than the samples are apart, or more valleys than could be narrowed.
    """

    a: Any
    b: Any
    loss: Any
    is_searched: bool


def best_move(value: Callable[[Any, Any], Any], a: Any, b: Any, eta: Any) -> Move:
    """Take the best step of length η, as an update rule does: with values of f and nothing else.

    Parameters
    ----------
    value : callable
        ``(a, b) -> f(a, b)``, such as :attr:`CountedObjective.value
        <gdviz.engine.objectives.counting.CountedObjective.value>`, which counts.
    a, b : float or numpy.float32
        The point.
    eta : float or numpy.float32
        The length of the step, in the same precision.

    Returns
    -------
    Move
        All nan where f is finite at none of the directions that were tried.

    Notes
    -----
    Some 50 evaluations where f is smooth on the circle, as many as f asks for where it is not,
    and never more than :data:`LARGEST`. Where f has a kink on the circle, is not finite on part
    of it, or varies by a few units of its round-off only, there are 2048 samples and more; where
    it has waves on it, some four for the shortest of them.

    What it can miss: a dip between two of the first 32 samples that leaves no trace in any of
    them, to 1e-8 of what f varies by on the circle, and a pure wave that they take for another.
    Where f has kinks, what is narrower than a sixth of a degree. What else it can miss it says.
    """
    return _Search(value, a, b, eta).lowest


class _Known(NamedTuple):
    """A direction, and the loss there; inf stands for what is not finite."""

    at: float
    value: float


class _Search:
    """A search of one circle: every value it takes, and the lowest of them."""

    def __init__(self, value: Callable[[Any, Any], Any], a: Any, b: Any, eta: Any) -> None:
        self.lowest = Move(math.nan, math.nan, math.nan, True)
        self._narrowed_angle = math.nan  # of the lowest loss, where narrowing found it
        self._value, self._a, self._b, self._eta = value, a, b, eta
        self._left = _REFINING
        self._is_narrowed = True
        self._eps = float(np.finfo(np.float32 if isinstance(a, np.float32) else np.float64).eps)
        samples = sampled(self._losses, FEWEST, ENOUGH, self._eps)
        if samples.is_resolved:
            self._refine_interpolated(samples)
        else:
            self._refine_sampled(samples)
        # The valleys of an interpolant are known before they are narrowed; those of noise are none.
        is_narrowed = self._is_narrowed or samples.is_resolved or samples.is_noise
        self.lowest = self.lowest._replace(is_searched=samples.is_falling and is_narrowed)

    def _loss(self, angle: float) -> float:
        """Try a direction; what is not finite is inf: never lowest."""
        to_a = self._a + self._eta * math.cos(angle)
        to_b = self._b + self._eta * math.sin(angle)
        loss = self._value(to_a, to_b)
        if not math.isfinite(loss):
            return math.inf
        if not loss >= self.lowest.loss:  # the first one as well, which is compared with nan
            self.lowest, self._narrowed_angle = Move(to_a, to_b, loss, True), math.nan
        return float(loss)

    def _losses(self, angles: Array) -> Array:
        return np.array([self._loss(angle) for angle in angles.tolist()])

    def _refine_interpolated(self, samples: Samples) -> None:
        """Narrow the valleys of the interpolant of samples that resolve the circle."""
        count, losses = len(samples.losses), samples.losses
        if np.ptp(losses) <= 8 * self._eps * np.abs(losses).max():
            return  # nothing but round-off
        waves = np.fft.rfft(losses)[: count // 4]
        # Round-off and what is no larger make no valleys of their own.
        waves[np.abs(waves) * 2 / count <= samples.tail] = 0.0
        curve = np.fft.irfft(waves, _FINER * count) * _FINER
        floor = float(curve.min()) + 16 * samples.tail
        space = samples.spacing / _FINER
        middles = _apart(curve, valleys(curve, 8 * samples.tail).tolist(), floor)
        for middle in sorted(middles, key=curve.__getitem__):
            self._slide(-math.pi + space * middle, space)
        # Where the floor is wide the interpolant tells nothing more, and the samples do.
        self._refine_sampled(samples, floor)

    def _slide(self, angle: float, space: float) -> None:
        """Narrow the valley at an angle, first sliding to where the values are a bracket."""
        if self._left < _NARROWING + _SLIDES + 3:
            return
        low, middle, high = (self._known(angle + k * space) for k in (-1, 0, 1))
        for _ in range(_SLIDES):
            if low.value < middle.value and low.value <= high.value:
                low, middle, high = self._known(low.at - 2 * (middle.at - low.at)), low, middle
            elif high.value < middle.value:
                low, middle, high = middle, high, self._known(high.at + 2 * (high.at - middle.at))
            else:
                break
        self._narrow(low, middle, high)

    def _refine_sampled(self, samples: Samples, most: float = math.inf) -> None:
        """Narrow the valleys between the samples, of those that are no higher than `most`."""
        angles, losses, space = samples.angles, samples.losses, samples.spacing
        middles = valleys(losses)
        middles = middles[losses[middles] <= most]
        for middle in middles[np.argsort(losses[middles])].tolist():
            angle, after = float(angles[middle]), (middle + 1) % len(losses)
            if abs(math.remainder(angle - self._narrowed_angle, math.tau)) < space:
                continue
            self._narrow(
                _Known(angle - space, float(losses[middle - 1])),
                _Known(angle, float(losses[middle])),
                _Known(angle + space, float(losses[after])),
            )

    def _narrow(self, low: _Known, middle: _Known, high: _Known) -> None:
        """Narrow a bracket, if it may still be lower than the lowest by more than round-off."""
        dip = (low.value - middle.value) + (high.value - middle.value)
        lowest = float(self.lowest.loss)
        if middle.value - dip >= lowest - 8 * self._eps * abs(lowest):
            return
        if self._left < _NARROWING:
            self._is_narrowed = False
            return
        # f is flat beside its minimum, and tells angles apart to about √eps only.
        tolerance = 0.1 * math.sqrt(self._eps)
        from scipy.optimize import minimize_scalar  # slow to import, and most never need it

        before = self.lowest
        # From the middle: SciPy adds a tolerance of its own, in parts of the place.
        found = minimize_scalar(
            lambda turn: self._known_loss(middle.at + turn),
            bounds=(low.at - middle.at, high.at - middle.at),
            method="bounded",
            options={"xatol": tolerance, "maxiter": _NARROWING},
        )
        if self.lowest is not before:
            self._narrowed_angle = middle.at + float(found.x)

    def _known(self, angle: float) -> _Known:
        return _Known(angle, self._known_loss(angle))

    def _known_loss(self, angle: float) -> float:
        self._left -= 1
        return self._loss(angle)


def _apart(curve: Array, middles: list[int], floor: float) -> list[int]:
    """Return which valleys of a curve are apart: of those on one floor, only the lowest."""
    result = middles[:1]
    for before, middle in pairwise(middles):
        if curve[before:middle].max() > floor:
            result.append(middle)
        elif curve[middle] < curve[result[-1]]:
            result[-1] = middle
    return result
