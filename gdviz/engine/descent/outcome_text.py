"""How a path ended, in a sentence."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.nonsmooth import kink
from gdviz.engine.objectives.nonsmooth_minima import TAIL, are_in_valleys, is_around, kink_minima
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import stationary_kind

#: ‖∇f‖₂ up to which a point where the estimate vanished counts as stationary.
STATIONARY = 1e-8
#: The same where a rule that searches stopped: L-BFGS-B is content with 1e-5 a component.
STOPPED = 2e-5
#: Where a path ended at a stationary point whose kind is certain.
_KINDS = {
    "minimum": "at a minimum",
    "valley": "in a valley of minima",
    "maximum": "at a maximum",
    "saddle": "at a saddle point",
}


def _at(path: Path) -> str:
    """Return the last point, as text."""
    return _point(complex(*path.theta[-1]))


def _point(point: complex) -> str:
    # Not 1e-20, nor −0, which a search leaves of zero.
    parts = (point.real, point.imag)
    return pair([0.0 if abs(part) < 1e-12 * abs(point) else part for part in parts])


def _loss(path: Path, digits: int = 6) -> str:
    """Return f at the last point, as text."""
    return number(path.loss[-1], digits)


def _norm(path: Path) -> str:
    """Return ‖∇f‖ at the last point, as text: with the digits of the table above the sentence."""
    return number(_exact_norm(path), 4)


def _exact_norm(path: Path) -> float:
    return float(np.hypot(*path.exact_gradient[-1]))


def _is_lost(path: Path, settings: RunSettings) -> bool:
    """Tell whether a difference at the last point is lost to round-off: ε is too small."""
    if not settings.estimate.differences:
        return False
    # A float32 path's points are float32 numbers, so that this is the method's own sum.
    real = np.dtype(settings.precision).type
    step = real(settings.epsilon)
    point = path.theta[-1].astype(real)
    if (point + step == point).any() or (point - step == point).any():
        return True
    return settings.epsilon * _exact_norm(path) <= 4 * float(np.spacing(real(abs(path.loss[-1]))))


def _slope(path: Path, objective: Objective) -> str:
    """Return ‖∇f‖ at the last point, as text; or ‖ĝ‖ of the last estimate, where ∇f is unknown."""
    if not objective.no_gradient:
        if sides := _sides_of_kink(path, objective):
            return f"no gradient there: {sides}"
        return f"‖∇f‖ = {_norm(path)}"
    taken = path.gradient[: path.gradients_taken]
    norm = float(np.hypot(*taken[-1])) if len(taken) else math.nan
    return "no gradient taken" if math.isnan(norm) else f"‖ĝ‖ = {number(norm, 4)}"


def _sides_of_kink(path: Path, objective: Objective) -> str:
    """Return what ∇f is on either side of the last point, if that is a kink of f."""
    in_a, in_b = path.exact_gradient[-1].tolist()
    if not math.isnan(in_a + in_b):  # of two numbers Python sees it much sooner than NumPy
        return ""
    return kink(objective, path.theta[-1].tolist())


def _step_limit(path: Path, objective: Objective, *_: object) -> str:
    steps = "1 step" if path.updates == 1 else f"{path.updates} steps"
    sentence = f"reached the limit of {steps} with {_slope(path, objective)}"
    tail = path.theta[-TAIL:]
    updates = np.diff(tail, axis=0)
    if not len(updates) or (updates @ updates[-1] >= 0.0).all():
        return sentence
    # It goes to and fro: maybe about a kink, where a gradient tells nothing of how near one is.
    low, high = complex(*tail.min(axis=0)), complex(*tail.max(axis=0))
    minimum = _minimum_at_kink(path, objective, abs(high - low))
    if not is_around(*np.array([[low], [high], [minimum]])).all():
        return sentence
    return f"{sentence}, jumping around {_kink_minimum(minimum, objective)}"


def _minimum_at_kink(path: Path, objective: Objective, reach: float) -> complex:
    """Return the minimum at a kink near the last point, or nan."""
    if objective.is_smooth:
        return complex(math.nan)
    last = complex(*path.theta[-1])
    return complex(kink_minima(objective, np.array([last]), reach, max(1.0, abs(last)))[0])


def _kink_minimum(minimum: complex, objective: Objective) -> str:
    return f"{_kind_at_kink(minimum, objective)}, {_point(minimum)}"


def _kind_at_kink(minimum: complex, objective: Objective) -> str:
    if math.isnan(minimum.real):
        return "a kink"
    (in_valley,) = are_in_valleys(objective, np.array([minimum]), max(1.0, abs(minimum)))
    return f"{'a valley of minima' if in_valley else 'a minimum'} at a kink"


def _near_kink(path: Path, objective: Objective, settings: RunSettings) -> str:
    """Return what kink an estimate that vanished has seen; empty where there is none."""
    reach = 2 * settings.epsilon if settings.estimate.differences else STATIONARY
    minimum = _minimum_at_kink(path, objective, reach)
    return "" if math.isnan(minimum.real) else f", near {_kink_minimum(minimum, objective)}"


def _estimate_vanished(path: Path, objective: Objective, settings: RunSettings) -> str:
    if objective.no_gradient:
        return (
            f"the estimate vanished at step {path.updates}, f = {_loss(path)}; whether ∇f "
            f"did too is unknown: {objective.no_gradient}"
        )
    if sides := _sides_of_kink(path, objective):
        # Where f has no gradient, ∇f = 0 is what the formula's derivatives are taken for.
        what = _kind_at_kink(_minimum_at_kink(path, objective, STATIONARY), objective)
        return (
            f"stopped at step {path.updates} at {what}, {_at(path)}, f = {_loss(path)}: "
            f"{sides}, and the gradient is taken as zero"
        )
    norm = _exact_norm(path)
    if not math.isfinite(norm):
        where = _near_kink(path, objective, settings)
        what = "undefined" if math.isnan(norm) else "infinite"
        return (
            f"the estimate vanished at step {path.updates} where ∇f is {what}{where}, "
            f"f = {_loss(path)}"
        )
    if norm > STATIONARY:
        near = _near_kink(path, objective, settings)
        if settings.estimate.differences and not path.gradient[-1].any():
            epsilon = number(settings.epsilon, 3)
            because = (
                f"ε = {epsilon} is too small for {settings.precision}"
                if _is_lost(path, settings)
                else f"f is the same at both ends of the difference, ε = {epsilon}"
            )
            return (
                f"the estimate is exactly zero at step {path.updates} though ‖∇f‖ = {_norm(path)}: "
                f"{because}{near}"
            )
        left = f"‖∇f‖ = {_norm(path)}{near}"
        return f"the estimate vanished at step {path.updates}, but ∇f did not: {left}"
    if objective.no_hessian:
        return (
            f"the gradient vanished at step {path.updates}, f = {_loss(path)}; whether "
            f"this is a minimum is unknown: {objective.no_hessian}"
        )
    kind = stationary_kind(objective, *path.theta[-1].tolist())
    if kind in ("minimum", "valley"):
        what = _KINDS[kind].partition(" ")[2]
        return f"converged at step {path.updates} to {what}, f = {_loss(path)}"
    where = _KINDS.get(kind) or objective.why_doubtful(*path.theta[-1].tolist())
    where = where or "where the Hessian cannot tell a minimum from flat ground"
    if kind == "flat":
        minimum = _minimum_at_kink(path, objective, STATIONARY)  # such as that of |a|^1.5
        where = where if math.isnan(minimum.real) else f"at {_kink_minimum(minimum, objective)}"
    return f"the gradient vanished at step {path.updates} {where}, f = {_loss(path)}"


def _left_map(path: Path, _objective: Objective, settings: RunSettings) -> str:
    return left_map(path, settings.bounds)


def left_map(path: Path, shown: Range) -> str:
    """Say when a path left a map for good; it is followed beyond, and may have come back before.

    Parameters
    ----------
    path : Path
        A path that ended off the map.
    shown : Range
        The map that is seen, which may be a part of the range that ended the path.
    """
    falling = " and falling" if path.loss[-1] < path.loss[-2] else ""
    a, b = path.theta.T
    outside = (a < shown.a_low) | (a > shown.a_high) | (b < shown.b_low) | (b > shown.b_high)
    within = np.flatnonzero(~outside)
    left = int(within[-1]) + 1 if len(within) else 0
    where = f"left the map at step {left}" if left else "off the map from step 0"
    followed = f", followed to step {path.updates}" if left < path.updates else ""
    return f"{where}{followed}, f = {_loss(path, 4)}{falling}"


def _diverged(path: Path, *_: object) -> str:
    if not np.isfinite(path.theta[-1]).all():
        what = "not a number" if np.isnan(path.theta[-1]).any() else "infinite"
        return f"diverged at step {path.updates}: the step is {what}"
    first = number(path.loss[0], 4)
    return f"diverged at step {path.updates}: f rose from {first} to {_loss(path, 4)}"


def _not_a_number(path: Path, objective: Objective, settings: RunSettings) -> str:
    missing = bool(np.isnan(path.gradient[-1]).any())
    if missing and _is_lost(path, settings):
        return (
            f"the estimate is not a number at step {path.updates}: θ + ε = θ in "
            f"{settings.precision}, so ε = {number(settings.epsilon, 3)} is too small"
        )
    what = f"the gradient is {'not a number' if missing else 'infinite'} at step {path.updates}"
    if settings.estimate.is_random and (where := _drawn_outside(path, objective, settings)):
        return f"{what}: f has no value at {where}, which was drawn"
    minimum = _minimum_at_kink(path, objective, STATIONARY)
    if not math.isnan(minimum.real):
        return f"{what}: this is {_kink_minimum(minimum, objective)}"
    return f"{what}: f is undefined, infinite, or has a kink, at or near {_at(path)}"


def _drawn_outside(path: Path, objective: Objective, settings: RunSettings) -> str:
    """Return the first point of the last draw at which f is not finite; empty if there is none."""
    counted, found = CountedObjective(objective, settings.precision), list[complex]()
    value = counted.value

    def asked(a: Any, b: Any) -> Any:
        result = value(a, b)
        if not math.isfinite(result):
            found.append(complex(a, b))
        return result

    counted.value = asked
    if not settings.draws_by_step:
        return ""
    settings.gradient(counted, path.updates)(*map(counted.real, path.theta[-1].tolist()))
    return _point(found[0]) if found else ""


def _undefined(path: Path, objective: Objective, *_: object) -> str:
    if why := objective.why_undefined(*path.theta[-1].tolist()):
        return f"step {path.updates} led to {_at(path)}, {why}, where f is unknown"
    what = "undefined" if np.isnan(path.loss[-1]) else "infinite"
    return f"f is {what} at {_at(path)}, reached at step {path.updates}"


def _stopped(path: Path, objective: Objective, *_: object) -> str:
    where = ""
    if not objective.no_hessian and _exact_norm(path) <= STOPPED:
        kind = stationary_kind(objective, *path.theta[-1].tolist())
        where = _KINDS.get(kind) or objective.why_doubtful(*path.theta[-1].tolist())
        where = f" {where}" if where else ""
    return (
        f"stopped at step {path.updates}{where} with f = {_loss(path, 4)}, "
        f"{_slope(path, objective)}"
    )


#: What says it, by status.
SENTENCES: Mapping[Status, Callable[[Path, Objective, RunSettings], str]] = {
    Status.STEP_LIMIT: _step_limit,
    Status.ESTIMATE_VANISHED: _estimate_vanished,
    Status.LEFT_MAP: _left_map,
    Status.DIVERGED: _diverged,
    Status.NOT_A_NUMBER: _not_a_number,
    Status.UNDEFINED: _undefined,
    Status.STOPPED: _stopped,
}
