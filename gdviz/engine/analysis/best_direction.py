"""The best direction of a finite step: the loss all around a circle, searched for its minimum.

−∇f is the best direction of an infinitesimal step. Of a step of length η it is

    δ* = argmin over ‖δ‖ = 1 of f(θ − ηδ),

and finding that is an optimisation of its own, whose evaluations are counted here. Directions are
those of the *move* d = −δ throughout: the angle φ stands for d = (cos φ, sin φ), and the step
leads to θ + ηd.

The search is that of :mod:`gdviz.engine.descent.rules.circle_search`, with more samples: they are
drawn.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.types import Array
from gdviz.engine.descent.rules.circle_sampling import EPS, TOO_LONG
from gdviz.engine.descent.rules.circle_search import CircleMinimum, search_circle
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
#: Losses this close, relative to themselves, are the same to round-off.
_SAME = 8 * EPS


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
    finite, and :data:`~gdviz.engine.descent.rules.circle_sampling.MOST` where it has ever more
    waves, which is said), a value for each valley that may hold the minimum, or some thirty where
    f is not resolved, and one for −∇f.
    """
    if not 0.0 < eta < math.inf:
        raise ValueError(f"the length of a step must be positive and finite, not {eta!r}")
    at = float(at[0]), float(at[1])
    loss = _Loss(objective, at, eta)
    with np.errstate(all="ignore"):
        steepest, missing = _steepest(objective, at, loss)
        found = search_circle(loss.one, loss, FEWEST, ENOUGH)
        samples = found.samples
        best = _Direction(found.angle, found.loss)
        # Of two that are the same to round-off −∇f is the best, unless the samples tell more.
        is_same = steepest.loss <= best.loss + _SAME * abs(best.loss)
        is_told = samples.is_resolved and best.loss <= steepest.loss
        if not math.isfinite(best.loss) or (is_same and not is_told):
            best = steepest
        between = abs(math.remainder(best.angle - steepest.angle, math.tau))
        reasons = (missing, _trouble(loss, found), _alike(best, steepest))
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
        loss = self.one(angle)
        return _Direction(angle, loss) if math.isfinite(loss) else _NOWHERE


def _steepest(objective: Objective, at: tuple[float, float], loss: _Loss) -> tuple[_Direction, str]:
    """Return the direction of −∇f, or why there is none."""
    missing = undefined(objective, at) or jump(objective, at)
    if missing:
        return _NOWHERE, missing
    in_a, in_b = objective.gradient(*at)
    if in_a == in_b == 0.0:
        return _NOWHERE, f"∇f is zero at {pair(at, 6)}: no direction is steepest"
    # 0.0 − x has no −0.0, which would turn π into −π.
    direction = loss.at_angle(math.atan2(0.0 - in_b, 0.0 - in_a))
    if direction is _NOWHERE:
        return direction, "f is not finite one step along −∇f"
    return direction, ""


# -- what there is to say


def _trouble(loss: _Loss, found: CircleMinimum) -> str:
    """Return what keeps the samples from telling the best direction; empty where nothing does."""
    samples = found.samples
    where = f"the circle of radius {number(loss.eta, 3)} around {pair(loss.at, 6)}"
    count, finite = len(samples.losses), samples.losses[np.isfinite(samples.losses)]
    if not len(finite):
        return f"f is not finite anywhere on {where}"
    varies = float(np.ptp(finite))
    same = varies <= _SAME * np.abs(finite).max()
    rough = samples.tail > _ROUGH * varies
    if same or (rough and loss.eta <= _TINY * max(1.0, math.hypot(*loss.at))):
        return (
            f"directions cannot be told apart on {where}: f varies by only {number(varies, 2)}, "
            "which is round-off"
        )
    parts = []
    if len(finite) < count:
        parts.append(f"f is not finite on {number(1 - len(finite) / count, 2)} of {where}")
    if not found.is_searched:
        parts.append(f"{where} is {TOO_LONG}")
    elif rough:
        parts.append(f"part of the variation of f on {where} is round-off or other noise")
    return "; ".join(parts)


def _alike(best: _Direction, steepest: _Direction) -> str:
    """Return that the two losses do not differ; empty where they do."""
    alike = abs(steepest.loss - best.loss) <= _SAME * abs(best.loss)
    return "up to round-off, f is just as low along −∇f" if alike else ""
