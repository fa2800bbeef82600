"""Whether the ``gradient`` that code defines is that of its ``loss``: else all would trust it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.measured_gradient import VALUES, MeasuredGradient, measured_gradient
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.objective import BlackBox

#: Where it is looked, as parts of the map's width and height: on no axis, and on no diagonal.
_PLACES = np.array([[0.13, 0.62, 0.41, 0.87, 0.29, 0.78, 0.56, 0.94],
                    [0.62, 0.17, 0.93, 0.47, 0.08, 0.71, 0.34, 0.88]])  # fmt: skip
#: How many of them have to speak for a component, or against it; one does that is so many times
#: further off than it may be.
_MANY, _CLEARLY = 3, 10.0
#: How many times further off than they say differences may be.
_SURE = 3.0
#: A component is told from differences that may be off by this part of it; and it is as good as 0
#: where it may be no more than that part of its largest on the map.
_TOLD, _ZERO = 0.01, 1e-6
#: Of the steepest slope nearby rounding may make up so many times that of a value.
_CANCELLED = 300.0
#: Noise that is a larger part of f than rounding leaves, and the same in each call, may be waves:
#: then what is further off than this part of the noise over the smallest step may be right.
_NO_ROUNDING, _WAVES = 1e-6, 0.1
#: Parts of the map that are steps too short for the differences: f has waves that these miss where
#: two in a row tell what is given, to this part of how far it is off.
_CLOSER, _LED = 10.0 ** -np.arange(5.0, 15.0), 0.1
#: How often all is computed where two calls differ, and how many times further off than these
#: lie apart is beyond chance, whatever they draw.
_REPEATS, _BEYOND_CHANCE = 6, 10.0
#: Where a file is opened, seconds that may be spent; in them at least half of the points.
_SECONDS = 3.0
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class GradientComparison:
    """What is given for ∇f, beside extrapolated central differences of f, at points of the map.

    Attributes
    ----------
    at, given, found : ndarray, shape (2, n)
        The points, the gradient there, and what the differences tell.
    tolerance : ndarray, shape (2, n)
        How far apart the two may be if they are the same: by the differences' own error, the noise
        of f, what calls differ by, and the rounding of what is given.
    right, wrong : ndarray of bool, shape (2, n)
        Where a component is as good as the same, and where not; where f is undefined, or noise or
        a kink keeps differences from telling, it is neither.
    told : ndarray of bool, shape (2, n)
        Where differences tell digits of a component, or it is given as 0 everywhere.
    noise : float
        That of f, as a part of its size.
    draws : bool
        Whether two calls at a point differ.
    loss, gradient, name : str
        How f and its gradient are called, and where they are from.
    parameters : (str, str)
        What the two are called.
    """

    at: Array
    given: Array
    found: Array
    tolerance: Array
    right: NDArray[np.bool_]
    wrong: NDArray[np.bool_]
    told: NDArray[np.bool_]
    noise: float
    draws: bool
    loss: str
    gradient: str
    name: str
    parameters: tuple[str, str]

    @property
    def is_right(self) -> bool | None:
        """Whether the gradient is that of f; None where too few points tell, of a component."""
        verdicts = self.components
        return False if False in verdicts else None if None in verdicts else True

    @property
    def components(self) -> tuple[bool | None, bool | None]:
        """Whether each component is right."""
        clearly = self.wrong & (self._off > _CLEARLY * self.tolerance)
        is_wrong = (self.wrong.sum(axis=1) >= _MANY) | clearly.any(axis=1)
        is_told = ((self.right & self.told).sum(axis=1) >= _MANY) & ~self.wrong.any(axis=1)
        first, second = (
            False if wrong else True if told else None
            for wrong, told in zip(is_wrong, is_told, strict=True)
        )
        return first, second

    @property
    def _off(self) -> Array:
        return np.abs(self.given - self.found)

    @property
    def sentence(self) -> str:
        """What came out."""
        if self.is_right is False:
            return self._how_wrong()
        if self.is_right is None:
            return self._why_untold()
        both = self.right.all(axis=0)
        return (
            f"{self.gradient} of {self.name} matches central differences of {self.loss} at "
            f"{np.count_nonzero(both)} of {both.size} points of the map, {self._digits()}"
        )

    def _digits(self) -> str:
        """Say how closely they match: no closer than the differences themselves are known."""
        size = np.fmax(np.abs(self.given), np.abs(self.found))
        known = self.right & self.told & (size > self.tolerance)
        if not known.any():
            return "where both are 0"
        part = float((self.tolerance[known] / size[known]).max())
        digits = math.floor(-math.log10(part))
        why = ", and f is too noisy to tell more" if digits < _FEW else ""
        return f"to {digits} digits{why}"

    def _how_wrong(self) -> str:
        wrong = self.wrong & (np.array(self.components) == False)[:, None]  # noqa: E712 - or None
        size = np.fmax(np.abs(self.given), np.abs(self.found))
        part = np.where(wrong, self._off / np.where(size > 0.0, size, 1.0), -1.0)
        evened = np.round(part / part.max(), 6)  # the first of those that only rounding parts
        axis, worst = np.unravel_index(int(np.argmax(evened)), part.shape)
        at, given, found = (x[:, worst].tolist() for x in (self.at, self.given, self.found))
        digits = 4 if part[axis, worst] > _VISIBLE else 9
        points = np.count_nonzero(wrong.any(axis=0))
        where = "one point" if points == 1 else f"{points} points"
        return (
            f"{self.gradient} of {self.name} does not match {self.loss}: at {pair(at)} it gives "
            f"{pair(given, digits)}, where central differences give {pair(found, digits)}; "
            f"{self._factor(int(axis), wrong[axis])} at {where} of {wrong.shape[1]}"
        )

    def _factor(self, axis: int, wrong: NDArray[np.bool_]) -> str:
        """Say by what factor a component is off, if it is one, or else how far."""
        component = f"∂f/∂{self.parameters[axis]}"
        given, found = self.given[axis, wrong], self.found[axis, wrong]
        off, known = np.abs(given - found), self.tolerance[axis, wrong]
        ratio = float(given[0] / found[0]) if found[0] else math.nan
        if len(given) >= _MANY and (np.abs(given - ratio * found) <= known * (2 + ratio)).all():
            return f"{component} is {number(ratio, 5)} times what it should be"
        most = int(np.argmax(off / known))
        return (
            f"{component} is off by up to {number(float(off.max()), 3)}, where it is told to "
            f"{number(float(known[most]), 1)},"
        )

    def _why_untold(self) -> str:
        axis = self.components.index(None)
        right = self.right[axis] & self.told[axis]
        known, count = int(np.count_nonzero(right)), len(right)
        one = "" if self.components == (None, None) else f"∂f/∂{self.parameters[axis]} in "
        text = (
            f"whether {one}{self.gradient} of {self.name} is right cannot be told: only at {known} "
            f"of {count} points of the map do central differences of {self.loss} say so"
        )
        if self.wrong[axis].any():
            at = self.at[:, int(np.argmax(self.wrong[axis]))].tolist()
            return f"{text}, and at {pair(at)} they do not"
        size = np.fmax(np.abs(self.given[axis]), np.abs(self.found[axis]))
        parts = (self.tolerance[axis] / np.where(size > 0.0, size, np.inf))[size > 0.0]
        parts = parts[np.isfinite(parts)]
        if not parts.size:
            return text
        if (finest := float(parts.min())) < 1.0:
            text += f"; they tell it no finer than to {number(finest, 1)} of its size"
        if self.draws:
            return f"{text}, as two calls at a point differ; what it draws has to have a fixed seed"
        return f"{text}, as f has noise of {number(self.noise, 1)} of its size"


#: Digits below which it is said why there are no more; and a part from which four digits show it.
_FEW, _VISIBLE = 3, 0.01


def compare_gradient(
    objective: BlackBox,
    extent: Range,
    also: Sequence[tuple[float, float]] = (),
    most_points: int = _PLACES.shape[1],
) -> GradientComparison:
    """Compare what is given for ∇f with extrapolated central differences of f.

    It takes :data:`~gdviz.engine.analysis.measured_gradient.VALUES` values of f at each point and
    two gradients, and six times as much where calls at the same point differ; and 20 more for each
    component that is off, whether f has waves that the differences miss.

    Parameters
    ----------
    objective : BlackBox
        The code, which has a gradient.
    extent : Range
        The map, over which a few points are compared.
    also : sequence of (float, float), default ()
        Further points.
    most_points : int, default 8
        How many at the most, beside these.

    Raises
    ------
    CodeError
        If it cannot be called there.
    """
    sizes = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low])
    places = sizes[:, None] * _PLACES[:, :most_points]
    points = np.array([extent.a_low, extent.b_low])[:, None] + places
    points = np.hstack([points, np.reshape(also, (-1, 2)).T])
    measured = measured_gradient(objective, points, extent)
    first, second = (objective.evaluate("gradient", *points) for _ in range(2))
    again, eps = objective.values(*points), _EPS * objective.coarseness
    draws = _differ(measured.values, again, eps) or _differ(first, second, eps)
    found, given = [measured], [first, second]
    for _ in range(_REPEATS - 1) if draws else ():
        found.append(measured_gradient(objective, points, extent))
        given.append(objective.evaluate("gradient", *points))
    compared = _compared(objective, points, found, given, draws)
    if draws or not compared.wrong.any():
        return compared
    waves = _leads_to_given(objective, compared, sizes)
    tolerance = np.where(waves, np.inf, compared.tolerance)
    return replace(compared, wrong=compared.wrong & ~waves, tolerance=tolerance)


def _differ(one: Array, other: Array, eps: float) -> bool:
    """Tell whether two calls differ by more than rounding, which other points beside may change."""
    with np.errstate(all="ignore"):
        size = np.fmax(np.abs(one), np.abs(other))
        size = np.fmax(size, size.max(axis=0))  # of a gradient its largest component
        return bool((np.abs(one - other) > _CANCELLED * eps * size).any())


def _compared(
    objective: BlackBox,
    points: Array,
    measured: list[MeasuredGradient],
    gradients: list[Array],
    draws: bool,
) -> GradientComparison:
    slopes, offs = (np.array([getattr(x, of) for x in measured]) for of in ("gradient", "off"))
    given, found = np.mean(gradients, axis=0), np.mean(slopes, axis=0)
    noise = np.max([x.noise for x in measured], axis=0)
    with np.errstate(all="ignore"):
        size = np.fmax(np.abs(given), np.abs(found))
        rounding = np.sqrt(noise) * size + _CANCELLED * noise * measured[0].steepest
        tolerance = _SURE * offs.max(axis=0) + rounding
        if draws:
            apart = np.ptp(slopes, axis=0) + np.ptp(gradients, axis=0)
            tolerance += _BEYOND_CHANCE * apart
        # Comparisons with nan are false: where f is undefined nothing is said.
        is_zero = (given == 0.0).all(axis=1, keepdims=True)
        compared_with = np.where(is_zero, np.hypot(size[0], size[1]), size)
        most = np.where(np.isfinite(size), size, 0.0).max(axis=1, keepdims=True)
        off = np.abs(given - found)
        if not draws:
            may_be_waves = (noise > _NO_ROUNDING) & (off > _WAVES * measured[0].finest)
            tolerance = np.where(may_be_waves, np.inf, tolerance)
        wrong = off > tolerance
        is_told = tolerance <= _TOLD * compared_with
        as_zero = (tolerance <= _ZERO * most) | (given == found) & (given == 0.0)
        right = (off <= tolerance) & (is_told | as_zero)
    loss, gradient = objective.spelled
    return GradientComparison(
        points, given, found, tolerance, right, wrong, is_told | is_zero,
        float(np.median(noise)), draws,
        loss, gradient, objective.name, objective.parameters,
    )  # fmt: skip


def _leads_to_given(
    objective: BlackBox, compared: GradientComparison, sizes: Array
) -> NDArray[np.bool_]:
    """Tell where differences with ever shorter steps lead to what is given, shape (2, n)."""
    axes, which = np.nonzero(compared.wrong)
    at, count = compared.at[:, which], len(which)
    moved = np.broadcast_to(at[:, None, None], (2, 2, len(_CLOSER), count)).copy()
    for k, axis in enumerate(axes):
        moved[axis, :, :, k] += [sizes[axis] * _CLOSER, -sizes[axis] * _CLOSER]
    after, before = objective.values(*(x.ravel() for x in moved)).reshape(moved.shape[1:])
    own = moved[axes, :, :, np.arange(count)]  # of (k, side, step)
    with np.errstate(all="ignore"):
        apart = (own[:, 0] - own[:, 1]).T
        size = np.fmax(np.abs(after), np.abs(before))
        rounding = 2.0 * _EPS * objective.coarseness * size / apart
        given, found = compared.given[axes, which], compared.found[axes, which]
        off = np.abs((after - before) / apart - given) + rounding
        is_given = off <= _LED * np.abs(given - found)
    leads = np.zeros(compared.wrong.shape, bool)
    leads[axes, which] = (is_given[1:] & is_given[:-1]).any(axis=0)
    return leads


def gradient_notes(objective: BlackBox, extent: Range) -> tuple[str, ...]:
    """Say so where ``gradient`` is not that of ``loss``.

    Parameters
    ----------
    objective : BlackBox
        The code; where it is slow, fewer points are compared.
    extent : Range
        The map, over which a few points are compared.

    Returns
    -------
    tuple of str
        A note, or none. There is none where differences do not tell.
    """
    if objective.no_gradient:
        return ()
    most = _PLACES.shape[1]
    seconds = VALUES * objective.seconds_a_point
    if seconds > 0.0:
        most = min(most, max(most // 2, int(_SECONDS / seconds)))
    try:
        compared = compare_gradient(objective, extent, most_points=most)
    except CodeError:
        return ()  # whoever asks for a picture is told
    return (compared.sentence,) if compared.is_right is False else ()
