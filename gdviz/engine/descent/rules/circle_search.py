"""The lowest loss on a circle: samples that resolve it, then each valley that may hold it.

Where the samples resolve the circle their trigonometric interpolant is the loss: its valleys cost
nothing to find, and one value each. Elsewhere, as where f has kinks, the valleys between samples
are narrowed by SciPy.

An update rule pays for each value at each step, and so begins with fewer samples than the picture
of a circle (:mod:`gdviz.engine.analysis.best_direction`).
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.descent.rules.circle_sampling import (
    EPS,
    MOST,
    MOST_CLOSE,
    Samples,
    sampled,
    valleys,
)

#: An update rule's samples, at first and where f has kinks: powers of two.
FEWEST, ENOUGH = 32, 2048
#: Values for narrowing valleys: in all, and for one of them.
_NARROWING, _ONE = 1024, 48
#: Valleys of an interpolant that are looked at, at the most, each with four values and as many.
_MOST_POLISHED = _NARROWING // (_ONE + 4)
#: The most values that an update rule's search can take.
LARGEST = MOST + MOST_CLOSE + 2 * _NARROWING
#: Points of the interpolant that are looked at: about how many, and for each sample; Newton's steps
#: from there, at most.
_FINEST, _LEAST_FINER, _MOST_FINER, _NEWTON_STEPS = 2**15, 4, 16, 8
#: Half the width of a parabola's three points, in units of ε^¼ and of the samples' space.
_PARABOLA = 5.0


class CircleMinimum(NamedTuple):
    """The lowest loss on a circle.

    Attributes
    ----------
    angle, loss : float
        Its direction in radians, and the loss there; inf where f is finite nowhere.
    samples : Samples
        The samples of the circle.
    is_searched : bool
        Whether the circle was searched throughout: False where f has waves on it that are shorter
        than the samples are apart, or more valleys than could be narrowed.
    """

    angle: float
    loss: float
    samples: Samples
    is_searched: bool


class Move(NamedTuple):
    """Where the best step leads.

    Attributes
    ----------
    a, b, loss : float or numpy.float32
        The point, and the loss there, in the numbers of the objective that was called.
    is_searched : bool
        As in :class:`CircleMinimum`.
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
    Some 35 evaluations where f is smooth on the circle, as many as f asks for where it is not,
    and never more than :data:`LARGEST`. Where f has a kink on the circle, is not finite on part
    of it, or varies by a few units of its round-off only, there are 2048 samples and more; where
    it has waves on it, some four for the shortest of them.

    What it can miss: a dip between two of the first 32 samples that leaves no trace in any of
    them, to 1e-8 of what f varies by on the circle, and a pure wave that they take for another.
    Where f has kinks, what is narrower than a sixth of a degree. What else it can miss it says.
    """
    lowest = Move(math.nan, math.nan, math.nan, True)

    def loss(angle: float) -> float:
        nonlocal lowest
        to_a, to_b = a + eta * math.cos(angle), b + eta * math.sin(angle)
        found = value(to_a, to_b)
        if not math.isfinite(found):
            return math.inf
        if not found >= lowest.loss:  # the first one as well, which is compared with nan
            lowest = Move(to_a, to_b, found, True)
        return float(found)

    def losses(angles: Array) -> Array:
        return np.array(list(map(loss, angles.tolist())))

    eps = float(np.finfo(np.float32).eps) if isinstance(a, np.float32) else EPS
    found = search_circle(loss, losses, FEWEST, ENOUGH, eps)
    return lowest._replace(is_searched=found.is_searched)


def search_circle(
    loss: Callable[[float], float],
    losses: Callable[[Array], Array],
    fewest: int,
    enough: int,
    eps: float = EPS,
) -> CircleMinimum:
    """Search a circle for its lowest loss.

    Parameters
    ----------
    loss : callable
        The loss by angle in radians; inf where f is not finite.
    losses : callable
        The same on arrays.
    fewest, enough, eps
        As in :func:`gdviz.engine.descent.rules.circle_sampling.sampled`.

    Returns
    -------
    CircleMinimum
        Never above a sample by more than round-off.
    """
    samples = sampled(losses, fewest, enough, eps)
    angles, values, space = samples.angles, samples.losses, samples.spacing
    lowest = int(np.argmin(values))
    least, angle = float(values[lowest]), float(angles[lowest])
    left, is_narrowed, narrow = _NARROWING, True, math.nan  # the angle of a valley that is narrow
    highest = math.inf
    if samples.is_resolved:
        bottoms, highest = _interpolated_valleys(samples, eps)
        width = _PARABOLA * eps**0.25 * space
        polished = [_polished(loss, bottom, width, eps) for bottom in bottoms[:_MOST_POLISHED]]
        # No higher than a sample but for round-off: the interpolant tells angles apart better.
        if polished and min(polished)[0] <= least + 8 * eps * abs(least):
            least, angle = min(polished)
            narrow = angle
    middles = valleys(values)
    middles = middles[values[middles] <= highest]
    for middle in middles[np.argsort(values[middles])].tolist():
        before, at, after = values[middle - 1], values[middle], values[(middle + 1) % len(values)]
        may_be_lower = 3 * at - before - after < least - 8 * eps * abs(least)
        if not may_be_lower or abs(math.remainder(angles[middle] - narrow, math.tau)) < space:
            continue
        if left < _ONE:
            is_narrowed = False
            break
        bracket = _Bracket(float(angles[middle]), -space, space)
        value, turn, taken = _narrowed(loss, bracket, eps)
        left -= taken
        if value < least:
            least, angle, narrow = value, turn, turn
    # The valleys of an interpolant are known before they are narrowed; those of noise are none.
    is_searched = samples.is_falling and (is_narrowed or samples.is_resolved or samples.is_noise)
    return CircleMinimum(math.remainder(angle, math.tau), least, samples, is_searched)


class _Bracket(NamedTuple):
    """An angle, and how far before and after it a valley may have its bottom."""

    angle: float
    low: float
    high: float


def _narrowed(
    loss: Callable[[float], float], bracket: _Bracket, eps: float
) -> tuple[float, float, int]:
    """Return the lowest loss in a bracket, where it is, and the values taken."""
    from scipy.optimize import minimize_scalar  # slow to import, and most never need it

    found = minimize_scalar(
        # From the middle: SciPy adds a tolerance of its own, in parts of the place.
        lambda turn: loss(bracket.angle + turn),
        bounds=(bracket.low, bracket.high),
        method="bounded",
        # f is flat beside its minimum, and tells angles apart to about √eps only.
        options={"xatol": 0.1 * math.sqrt(eps), "maxiter": _ONE},
    )
    return float(found.fun), bracket.angle + float(found.x), int(found.nfev)


def _interpolated_valleys(samples: Samples, eps: float) -> tuple[list[_Bracket], float]:
    """Return the lowest valleys of the interpolant, and the height up to which it cannot tell."""
    count, losses = len(samples.losses), samples.losses
    if np.ptp(losses) <= 8 * eps * np.abs(losses).max():
        return [], -math.inf  # nothing but round-off
    waves = np.fft.rfft(losses)[: count // 4]
    # Round-off and what is no larger make no valleys of their own.
    waves[np.abs(waves) * 2 / count <= samples.tail] = 0.0
    order = np.flatnonzero(waves)
    finer = min(max(_FINEST // count, _LEAST_FINER), _MOST_FINER)
    curve = np.fft.irfft(waves, finer * count) * finer
    floor = float(curve.min()) + 16 * samples.tail
    # The floor around each valley ends at the next points that are higher.
    higher, turn = np.flatnonzero(curve > floor), samples.spacing / finer
    if not len(higher):
        return [], floor
    ends = np.concatenate([higher[-1:] - len(curve), higher, higher[:1] + len(curve)])
    middles, found = valleys(curve, 8 * samples.tail).tolist(), []
    for middle in sorted(_apart(curve, middles, floor), key=curve.__getitem__):
        angle = begin = -math.pi + turn * middle  # where the first sample is
        for _ in range(_NEWTON_STEPS):
            turned = waves[order] * np.exp(1j * order * (angle + math.pi))
            step = float((order @ turned.imag) / (order**2 @ turned.real))
            angle -= step
            if abs(step) <= 1e-9 * turn:  # the next one would be its square
                break
        if not abs(angle - begin) <= turn:  # Newton's method has left the valley
            angle = begin
        before = int(ends[np.searchsorted(ends, middle) - 1]) - middle
        after = int(ends[np.searchsorted(ends, middle, "right")]) - middle
        found.append(_Bracket(angle, turn * (before - 1), turn * (after + 1)))
    return found, floor


def _polished(
    loss: Callable[[float], float], bracket: _Bracket, width: float, eps: float
) -> tuple[float, float]:
    """Return the loss and the angle at the bottom of a valley that the interpolant has told.

    There f is flat, and tells angles apart to √eps only, where the interpolant tells more. But that
    may be wrong by 1e-8 of what f varies by: where a parabola leads lower, f is looked at again.
    """
    angle = bracket.angle
    before, here, after = (loss(angle + side * width) for side in (-1, 0, 1))
    bend = before - 2.0 * here + after
    lower = angle + width * (before - after) / (2.0 * bend) if bend > 0.0 else angle
    if bend > 0.0 and loss(lower) >= here - 8 * eps * abs(here):
        return here, angle
    return min((here, angle), _narrowed(loss, bracket, eps)[:2])


def _apart(curve: Array, middles: list[int], floor: float) -> list[int]:
    """Return which valleys of a curve are apart: of those on one floor, only the lowest."""
    result = middles[:1]
    for before, middle in pairwise(middles):
        if curve[before:middle].max() > floor:
            result.append(middle)
        elif curve[middle] < curve[result[-1]]:
            result[-1] = middle
    return result
