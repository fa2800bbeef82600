"""The best direction of a finite step: the loss all around a circle, searched for its minimum.

−∇f is the best direction of an infinitesimal step. Of a step of length η it is

    δ* = argmin over ‖δ‖ = 1 of f(θ − ηδ),

and finding that is an optimisation of its own, whose evaluations are counted here. Directions are
those of the *move* d = −δ throughout: the angle φ stands for d = (cos φ, sin φ), and the step
leads to θ + ηd.

Samples are doubled until they resolve the circle (:mod:`gdviz.engine.descent.circle_sampling`);
then each bracket that may hold the minimum is narrowed. Beside the minimum f is flat, and tells
angles apart to about √u (u = machine epsilon) only; the trigonometric interpolant of all the
samples, which is steep further out, tells more.

References
----------
.. [1] L. N. Trefethen, *Spectral Methods in MATLAB*, SIAM 2000, chapter 3 (trigonometric
   interpolation).
.. [2] J. Kiefer, "Sequential minimax search for a maximum", Proceedings of the American
   Mathematical Society 4 (1953) 502–506 (golden section).
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.descent.circle_sampling import TOO_LONG, Samples, sampled, valleys
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.nonsmooth import jump, undefined
from gdviz.engine.objectives.objective import Objective

#: Samples of the circle, at first, and where f has kinks on it: powers of two.
FEWEST, ENOUGH = 128, 8192
#: Where the upper half of the spectrum stays above this part of what the loss varies by, the
#: samples do not add up to a curve.
_ROUGH = 1e-3
#: Where f is rough on a circle this small, in units of θ (at least 1), that is round-off.
_TINY = 1e-6
#: Width in radians at which a bracket is narrow enough: far below what f can tell.
_NARROW = 1e-11
#: Losses this close, relative to themselves, are the same to round-off.
_SAME = 8 * float(np.finfo(np.float64).eps)
#: So few brackets are narrowed one by one, in numbers; more of them all at once, in arrays.
_FEW = 8
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
_NEWTON_STEPS = 8


@dataclass(frozen=True, eq=False)
class Circle:
    """The loss on a circle around a point, its lowest direction and that of −∇f.

    Angles are those of the move d, in radians from −π to π: 0 is towards larger a, π/2 towards
    larger b.

    Attributes
    ----------
    at : (float, float)
        The centre θ = (a, b).
    eta : float
        The radius: the length η of the step.
    angles : ndarray, shape (n,)
        Equally spaced angles from −π on, π not included; n is a power of two, 8192 at the most
        (of as many as the search took).
    losses : ndarray, shape (n,)
        f(θ + ηd) at them; nan where it is not finite.
    best_angle, best_loss : float
        The direction of the lowest loss, and that loss; nan where no loss is finite.
    steepest_angle, steepest_loss : float
        The direction of −∇f(θ), and the loss one step away in it; nan where ∇f is zero or
        undefined.
    angle_between : float
        The angle between the two in degrees, from 0 to 180; nan where one of them is.
    evaluations : int
        Values of f that the search took. The gradient is not among them.
    sentence : str
        What the numbers do not say: why some are nan, or mean little. Empty where all is well.
    """

    at: tuple[float, float]
    eta: float
    angles: Array
    losses: Array
    best_angle: float
    best_loss: float
    steepest_angle: float
    steepest_loss: float
    angle_between: float
    evaluations: int
    sentence: str

    @property
    def best_point(self) -> tuple[float, float]:
        """Where the step in the best direction leads."""
        return self._point(self.best_angle)

    @property
    def steepest_point(self) -> tuple[float, float]:
        """Where the step along −∇f leads."""
        return self._point(self.steepest_angle)

    def _point(self, angle: float) -> tuple[float, float]:
        a, b = self.at
        return a + self.eta * math.cos(angle), b + self.eta * math.sin(angle)


def best_direction(objective: Objective, at: tuple[float, float], eta: float) -> Circle:
    """Search the circle of radius η for the direction of the lowest loss.

    Parameters
    ----------
    objective : Objective
        The function.
    at : (float, float)
        The point θ = (a, b).
    eta : float
        The length η of the step.

    Returns
    -------
    Circle
        Its best loss is never above that along −∇f, and never above its samples by more than
        round-off. Where the two directions are the same to round-off and nothing else tells them
        apart, the best one is −∇f. Losses that are not finite are never chosen.

    Raises
    ------
    ValueError
        If η is not positive and finite.

    Notes
    -----
    Takes 128 samples, twice as many until f is resolved (8192 where it has a kink or is not
    finite, and :data:`~gdviz.engine.descent.circle_sampling.MOST` where it has ever more waves,
    which is said), some fifty values for each bracket that may hold the minimum, and one for −∇f.
    """
    if not 0.0 < eta < math.inf:
        raise ValueError(f"the length of a step must be positive and finite, not {eta!r}")
    at = float(at[0]), float(at[1])
    loss = _Loss(objective, at, eta)
    with np.errstate(all="ignore"):
        steepest, missing = _steepest(objective, at, loss)
        samples = sampled(loss, FEWEST, ENOUGH)
        lowest = _lowest(loss, samples)
        if not math.isfinite(lowest.loss):
            lowest = steepest
        best = _chosen(loss, samples, lowest, steepest)
        between = abs(math.remainder(best.angle - steepest.angle, math.tau))
        reasons = (missing, _trouble(loss, samples), _alike(best, steepest))
        # More would be drawn as a band.
        shown = slice(None, None, max(1, len(samples.angles) // ENOUGH))
        losses = samples.losses[shown]
    return Circle(
        at=at,
        eta=eta,
        angles=samples.angles[shown],
        losses=np.where(np.isfinite(losses), losses, np.nan),
        best_angle=best.angle,
        best_loss=best.loss,
        steepest_angle=steepest.angle,
        steepest_loss=steepest.loss,
        angle_between=math.degrees(between),
        evaluations=loss.evaluations,
        sentence="; ".join(filter(None, reasons)),
    )


class _Direction(NamedTuple):
    angle: float
    loss: float


_NOWHERE = _Direction(math.nan, math.nan)


class _Loss:
    """The loss by angle; every value is counted, and what is not finite is inf: never lowest."""

    def __init__(self, objective: Objective, at: tuple[float, float], eta: float) -> None:
        self.at = at
        self.eta = eta
        self.evaluations = 0
        self._values = objective.values
        self._value = CountedObjective(objective, "float64").value

    def __call__(self, angles: Array) -> Array:
        self.evaluations += angles.size
        a, b = self.at
        losses = self._values(a + self.eta * np.cos(angles), b + self.eta * np.sin(angles))
        return np.where(np.isfinite(losses), losses, np.inf)

    def one(self, angle: float) -> float:
        """Return one loss as a number, which costs a twentieth of an array of one."""
        self.evaluations += 1
        a, b = self.at
        loss = self._value(a + self.eta * math.cos(angle), b + self.eta * math.sin(angle))
        return float(loss) if math.isfinite(loss) else math.inf

    def at_angle(self, angle: float) -> _Direction:
        """Return the direction of one angle; nowhere if the loss there is not finite."""
        loss = float(self(np.array([angle]))[0])
        return _Direction(angle, loss) if math.isfinite(loss) else _NOWHERE


def _steepest(objective: Objective, at: tuple[float, float], loss: _Loss) -> tuple[_Direction, str]:
    """Return the direction of −∇f, or why there is none."""
    missing = undefined(objective, *at) or jump(objective, *at)
    if missing:
        return _NOWHERE, missing
    in_a, in_b = objective.gradient(*at)
    if in_a == in_b == 0.0:
        return _NOWHERE, f"∇f is zero at {_pair(at)}: no direction is steepest"
    # 0.0 − x has no −0.0, which would turn π into −π.
    direction = loss.at_angle(math.atan2(0.0 - in_b, 0.0 - in_a))
    if direction is _NOWHERE:
        return direction, "f is not finite one step along −∇f"
    return direction, ""


# -- refinement


def _lowest(loss: _Loss, samples: Samples) -> _Direction:
    """Return the lowest direction among the samples and in the brackets between them."""
    angles, losses = samples.angles, samples.losses
    dips = np.roll(losses, 1) - 2 * losses + np.roll(losses, -1)
    # On a floor, which may be half of the circle, there is nothing to narrow.
    found = valleys(losses)
    middle = angles[found[dips[found] > _SAME * np.abs(losses[found])]]
    refined, refined_losses = _golden_section(
        loss, middle - samples.spacing, middle + samples.spacing
    )
    every, every_loss = np.concatenate([angles, refined]), np.concatenate([losses, refined_losses])
    lowest = int(np.argmin(every_loss))
    return _Direction(_wrapped(float(every[lowest])), float(every_loss[lowest]))


def _narrowed(loss: _Loss, low: float, high: float) -> _Direction:
    """Narrow one bracket."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss.one(left), loss.one(right)
    while high - low > _NARROW:
        # Not low + high − kept, whose rounding errors grow with each section.
        if at_left < at_right:  # towards the lower end
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = loss.one(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = loss.one(right)
    return _Direction(left, at_left) if at_left < at_right else _Direction(right, at_right)


def _golden_section(loss: _Loss, low: Array, high: Array) -> tuple[Array, Array]:
    """Narrow brackets; return the angles and losses they end at."""
    if len(low) <= _FEW:
        ends = [
            _narrowed(loss, *bracket) for bracket in zip(low.tolist(), high.tolist(), strict=True)
        ]
        angles, losses = np.array(ends).reshape(-1, 2).T
        return angles, losses
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    while len(low) and (high - low).max() > _NARROW:
        falls = at_left < at_right  # towards the lower end
        low, high = np.where(falls, low, left), np.where(falls, right, high)
        # Not low + high − kept, whose rounding errors grow with each section.
        fresh = np.where(falls, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        at_fresh = loss(fresh)
        left, right = np.where(falls, fresh, right), np.where(falls, left, fresh)
        at_left, at_right = (
            np.where(falls, at_fresh, at_right),
            np.where(falls, at_left, at_fresh),
        )
    falls = at_left < at_right
    return np.where(falls, left, right), np.where(falls, at_left, at_right)


def _chosen(loss: _Loss, samples: Samples, lowest: _Direction, steepest: _Direction) -> _Direction:
    """Return the first of the directions that are the lowest to round-off.

    Not above the steepest one by even that, so that the best is never the worse of the two.
    """
    candidates = [steepest, lowest]
    if samples.is_resolved:
        angle = _vertex(samples.losses, samples.tail, lowest.angle)
        if abs(math.remainder(angle - lowest.angle, math.tau)) < samples.spacing:
            candidates.insert(0, loss.at_angle(_wrapped(angle)))
    most = lowest.loss + _SAME * abs(lowest.loss)
    if steepest.loss <= most:
        most = steepest.loss
    return next((direction for direction in candidates if direction.loss <= most), lowest)


def _vertex(losses: Array, tail: float, angle: float) -> float:
    """Return the minimum of the samples' trigonometric interpolant beside an angle, by Newton.

    nan where the interpolant does not curve upwards.
    """
    order = np.arange(1, len(losses) // 4)
    waves = np.fft.rfft(losses)[order] * 2 / len(losses)
    waves[np.abs(waves) <= tail] = 0.0  # round-off, which the derivatives would make more of
    for _ in range(_NEWTON_STEPS):
        turned = waves * np.exp(1j * order * (angle + np.pi))  # the first sample is at −π
        slope, curvature = -(order @ turned.imag), -(order**2 @ turned.real)
        if not curvature > 0.0:
            return math.nan
        angle -= float(slope / curvature)
    return angle


def _wrapped(angle: float) -> float:
    return math.remainder(angle, math.tau)


# -- what there is to say


def _trouble(loss: _Loss, samples: Samples) -> str:
    """Return what keeps the samples from telling the best direction; empty where nothing does."""
    where = f"the circle of radius {loss.eta:.3g} around {_pair(loss.at)}"
    count, finite = len(samples.losses), samples.losses[np.isfinite(samples.losses)]
    if not len(finite):
        return f"f is not finite anywhere on {where}"
    varies = float(np.ptp(finite))
    same = varies <= _SAME * np.abs(finite).max()
    rough = samples.tail > _ROUGH * varies
    if same or (rough and loss.eta <= _TINY * max(1.0, math.hypot(*loss.at))):
        return (
            f"directions cannot be told apart on {where}: f varies by only {varies:.2g}, which is "
            "round-off"
        )
    parts = []
    if len(finite) < count:
        parts.append(f"f is not finite on {1 - len(finite) / count:.2g} of {where}")
    if not samples.is_falling:
        parts.append(f"{where} is {TOO_LONG}")
    elif rough:
        parts.append(f"part of the variation of f on {where} is round-off or other noise")
    return "; ".join(parts)


def _alike(best: _Direction, steepest: _Direction) -> str:
    """Return that the two losses do not differ; empty where they do."""
    alike = abs(steepest.loss - best.loss) <= _SAME * abs(best.loss)
    return "up to round-off, f is just as low along −∇f" if alike else ""


def _pair(point: tuple[float, float]) -> str:
    return f"({point[0]:.6g}, {point[1]:.6g})"
