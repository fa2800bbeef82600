"""Descent: a gradient estimate and an update rule make a Path from a start.

The loop holds only what the method does, on scalars and through the counting wrapper. What is
measured of it (the loss along the path, the exact gradient to compare with) is computed on arrays
afterwards, and charged to nobody.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from gdviz.engine.gradients import Estimate
from gdviz.engine.objective import Array, CountedObjective, Objective, Precision
from gdviz.engine.rules import Rule
from gdviz.engine.surfaces import Range

#: ‖ĝ‖₂ at or below which a path ends. Far below any step that could be seen, above round-off.
VANISHED = 1e-10
#: ‖∇f‖₂ up to which a point where the estimate vanished counts as stationary.
STATIONARY = 1e-8
#: A path may leave the map by this many times its width and height, on each side.
MARGIN = 1.0
#: Steps between two looks at whether the computation is still wanted.
_CANCEL_EVERY = 64


class Cancelled(Exception):  # noqa: N818 - control flow, like concurrent.futures.CancelledError
    """The result is no longer wanted."""


class Status(Enum):
    """How a path ended."""

    STEP_LIMIT = "step-limit"
    GRADIENT_VANISHED = "gradient-vanished"
    LEFT_MAP = "left-map"
    DIVERGED = "diverged"
    NOT_A_NUMBER = "not-a-number"
    UNDEFINED = "undefined"


@dataclass(frozen=True, eq=False)
class Path:
    """Where a method went, what each gradient cost, and how wrong it was.

    With n points there were n − 1 updates. Row k of every array belongs to the point reached
    after k updates; where no gradient was taken at the last point its rows are nan and 0.

    Attributes
    ----------
    theta : ndarray, shape (n, 2)
        The points (a, b).
    loss : ndarray, shape (n,)
        f at the points, in float64.
    gradient : ndarray, shape (n, 2)
        The estimate ĝ.
    exact_gradient : ndarray, shape (n, 2)
        ∇f of the formula in float64, at every point.
    error, relative_error : ndarray, shape (n,)
        ‖ĝ − ∇f‖₂, and the same over ‖∇f‖₂.
    angle : ndarray, shape (n,)
        The angle between ĝ and ∇f in degrees; nan where one of them is zero.
    values, gradients, hessians : ndarray of int, shape (n,)
        Calls that the gradient at each point cost.
    evaluations : ndarray of int, shape (n,)
        The same as evaluations: a value 1, a gradient N = 2, a Hessian N² = 4.
    status : Status
        How it ended.
    sentence : str
        The same, for a person.
    """

    theta: Array
    loss: Array
    gradient: Array
    exact_gradient: Array
    error: Array
    relative_error: Array
    angle: Array
    values: NDArray[np.int64]
    gradients: NDArray[np.int64]
    hessians: NDArray[np.int64]
    evaluations: NDArray[np.int64]
    status: Status
    sentence: str

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def updates(self) -> int:
        """Updates that were made."""
        return len(self) - 1

    @property
    def gradients_taken(self) -> int:
        """Points at which a gradient was taken: all, or all but the last."""
        return len(self) if self.evaluations[-1] else len(self) - 1


def descend(
    objective: Objective,
    estimate: Estimate,
    rule: Rule,
    *,
    start: tuple[float, float],
    alpha: float,
    epsilon: float,
    steps: int,
    bounds: Range,
    precision: Precision = "float64",
    representable_step: bool = False,
    remark: str = "",
    cancelled: Callable[[], bool] = bool,
) -> Path:
    """Run a method from a start.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    estimate : Estimate
        The gradient estimate.
    rule : Rule
        The update rule.
    start : (float, float)
        The point at step 0.
    alpha : float
        The learning rate α.
    epsilon : float
        The finite-difference step ε.
    steps : int
        The most updates to make.
    bounds : Range
        The map. The path ends at the first point further out than :data:`MARGIN` times its
        width or height, so that an excursion may return.
    precision : {"float64", "float32"}
        The arithmetic of the method. Losses and exact gradients are float64 in either.
    representable_step : bool, default False
        Divide a difference by the step that was really taken, (x + ε) − x.
    remark : str, default ""
        What the sentence has to add, such as that the surface has no minimum.
    cancelled : callable, optional
        Asked now and then; when it returns True the run ends.

    Returns
    -------
    Path

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    counted = CountedObjective(objective, precision)
    with np.errstate(all="ignore"):
        walk = _walk(
            counted, estimate, rule, start, alpha, epsilon, steps,
            _widened(bounds, start), representable_step, cancelled,
        )  # fmt: skip
    return _measured(walk, objective, estimate, epsilon, precision, remark)


def _widened(bounds: Range, start: tuple[float, float]) -> Range:
    """Return the bounds that hold the start, and then the margin around them."""
    a_low, a_high = min(bounds.a_low, start[0]), max(bounds.a_high, start[0])
    b_low, b_high = min(bounds.b_low, start[1]), max(bounds.b_high, start[1])
    a_margin, b_margin = MARGIN * (a_high - a_low), MARGIN * (b_high - b_low)
    return Range(a_low - a_margin, a_high + a_margin, b_low - b_margin, b_high + b_margin)


@dataclass
class _Walk:
    """What the loop leaves behind."""

    points: list[tuple[float, float]]
    gradients: list[tuple[float, float]]
    calls: list[tuple[int, int, int]]  # cumulative: values, gradients, Hessians
    status: Status


def _walk(
    f: CountedObjective,
    estimate: Estimate,
    rule: Rule,
    start: tuple[float, float],
    alpha: float,
    epsilon: float,
    steps: int,
    limits: Range,
    representable: bool,
    cancelled: Callable[[], bool],
) -> _Walk:
    real = f.real
    a, b, alpha, epsilon = real(start[0]), real(start[1]), real(alpha), real(epsilon)
    gradient, step, state = estimate.function, rule.step, rule.init()
    a_low, a_high, b_low, b_high = limits
    points, gradients, calls = [(a, b)], [], [(0, 0, 0)]
    status = Status.STEP_LIMIT
    for k in range(steps):
        if k % _CANCEL_EVERY == 0 and cancelled():
            raise Cancelled
        try:
            g_a, g_b = gradient(f, a, b, epsilon, representable)
        except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
            g_a = g_b = math.nan
        gradients.append((g_a, g_b))
        calls.append((f.values, f.gradients, f.hessians))
        norm = math.hypot(g_a, g_b)
        if not VANISHED < norm < math.inf:
            status = Status.GRADIENT_VANISHED if norm <= VANISHED else Status.NOT_A_NUMBER
            break
        a, b, state = step(state, a, b, g_a, g_b, alpha)
        points.append((a, b))
        if not (a_low <= a <= a_high and b_low <= b <= b_high):
            status = Status.LEFT_MAP
            break
    return _Walk(points, gradients, calls, status)


def _measured(
    walk: _Walk,
    objective: Objective,
    estimate: Estimate,
    epsilon: float,
    precision: Precision,
    remark: str,
) -> Path:
    """Compare the walk with f and ∇f, and say how it ended."""
    theta = np.array(walk.points, np.float64)
    loss = objective.values(theta[:, 0], theta[:, 1])
    status, count = _ending(walk, theta, loss)
    theta, loss = theta[:count], loss[:count]

    taken = min(len(walk.gradients), count - (status is Status.UNDEFINED))
    gradient = np.full((count, 2), np.nan)
    gradient[:taken] = np.reshape(walk.gradients[:taken], (taken, 2))  # also where none was taken
    calls = np.zeros((count, 3), np.int64)
    calls[:taken] = np.diff(np.array(walk.calls), axis=0)[:taken]

    exact = np.column_stack(objective.gradients(theta[:, 0], theta[:, 1]))
    if estimate.name == "analytic" and precision == "float64":
        # The same function of the same numbers; NumPy's exp may differ from libm's in the last bit.
        exact[:taken] = gradient[:taken]
    with np.errstate(all="ignore"):
        error = np.hypot(*(gradient - exact).T)
        relative_error = error / np.hypot(*exact.T)
        cross = gradient[:, 0] * exact[:, 1] - gradient[:, 1] * exact[:, 0]
        dot = (gradient * exact).sum(axis=1)
        # atan2 keeps its accuracy at small angles, where acos of the cosine has lost half.
        angle = np.degrees(np.arctan2(np.abs(cross), dot))
        angle[(cross == 0.0) & (dot == 0.0)] = np.nan

    path = Path(
        theta=theta,
        loss=loss,
        gradient=gradient,
        exact_gradient=exact,
        error=error,
        relative_error=relative_error,
        angle=angle,
        values=calls[:, 0],
        gradients=calls[:, 1],
        hessians=calls[:, 2],
        evaluations=calls @ np.array([1, 2, 4]),
        status=status,
        sentence="",
    )
    sentence = _SENTENCES[status](path, objective, estimate, epsilon, precision)
    return replace(path, sentence=f"{sentence}; {remark}" if remark else sentence)


def _ending(walk: _Walk, theta: Array, loss: Array) -> tuple[Status, int]:
    """Return how the path ended and how many of its points count.

    A method that never asks for f (the analytic one) can walk on where f is undefined: the path
    ends at the first such point.
    """
    broken = np.flatnonzero(~np.isfinite(loss))
    if len(broken):
        first = int(broken[0])
        if not np.isfinite(theta[first]).all():
            return Status.DIVERGED, first + 1
        # An overflow on the way out is no hole in f.
        outside = walk.status is Status.LEFT_MAP and first == len(theta) - 1
        if not outside or np.isnan(loss[first]):
            return Status.UNDEFINED, first + 1
    if walk.status is Status.LEFT_MAP and loss[-1] > loss[0]:
        return Status.DIVERGED, len(theta)
    return walk.status, len(theta)


# -- the sentences


def _at(path: Path) -> str:
    """Return the last point, as text."""
    a, b = path.theta[-1]
    return f"({a:.4g}, {b:.4g})"


def _exact_norm(path: Path) -> float:
    return float(np.hypot(*path.exact_gradient[-1]))


def _is_lost(path: Path, estimate: Estimate, epsilon: float, precision: Precision) -> bool:
    """Tell whether a difference at the last point is lost to round-off: ε is too small."""
    if not estimate.differences:
        return False
    # A float32 path's points are float32 numbers, so that this is the method's own sum.
    real = np.dtype(precision).type
    step = real(epsilon)
    point = path.theta[-1].astype(real)
    if (point + step == point).any() or (point - step == point).any():
        return True
    return epsilon * _exact_norm(path) <= 4 * float(np.spacing(real(abs(path.loss[-1]))))


def _step_limit(path: Path, *_: object) -> str:
    return f"reached the limit of {path.updates} steps with ‖∇f‖ = {_exact_norm(path):.3g}"


def _gradient_vanished(
    path: Path, objective: Objective, estimate: Estimate, epsilon: float, precision: Precision
) -> str:
    norm = _exact_norm(path)
    if math.isnan(norm):
        return (
            f"the estimate vanished at step {path.updates} where ∇f is undefined, "
            f"f = {path.loss[-1]:.6g}"
        )
    if norm > STATIONARY:
        if estimate.differences and not path.gradient[-1].any():
            because = (
                f"ε = {epsilon:.3g} is too small for {precision}"
                if _is_lost(path, estimate, epsilon, precision)
                else f"f is the same at both ends of the difference, ε = {epsilon:.3g}"
            )
            return (
                f"the estimate is exactly zero at step {path.updates} though ‖∇f‖ = {norm:.3g}: "
                f"{because}"
            )
        return (
            f"the estimate vanished at step {path.updates} beside the place where ∇f does: "
            f"‖∇f‖ = {norm:.3g} there"
        )
    kind = stationary_kind(objective.hessian(*path.theta[-1]))
    if kind == "minimum":
        return f"converged at step {path.updates} to a minimum, f = {path.loss[-1]:.6g}"
    where = {
        "maximum": "at a maximum",
        "saddle": "at a saddle point",
        "flat": "where the Hessian does not tell a minimum from flat ground",
    }[kind]
    return f"the gradient vanished at step {path.updates} {where}, f = {path.loss[-1]:.6g}"


def _left_map(path: Path, *_: object) -> str:
    falling = " and falling" if path.loss[-1] < path.loss[-2] else ""
    return f"left the map at step {path.updates}, f = {path.loss[-1]:.4g}{falling}"


def _diverged(path: Path, *_: object) -> str:
    if not np.isfinite(path.theta[-1]).all():
        return f"diverged at step {path.updates}: the step to it is infinite"
    return f"diverged at step {path.updates}: f rose from {path.loss[0]:.4g} to {path.loss[-1]:.4g}"


def _not_a_number(
    path: Path, _objective: Objective, estimate: Estimate, epsilon: float, precision: Precision
) -> str:
    missing = bool(np.isnan(path.gradient[-1]).any())
    if missing and _is_lost(path, estimate, epsilon, precision):
        return (
            f"the estimate is not a number at step {path.updates}: θ + ε is θ in {precision}, "
            f"ε = {epsilon:.3g} is too small"
        )
    return (
        f"the gradient is {'not a number' if missing else 'infinite'} at step {path.updates}: "
        f"f is undefined, infinite, or has a kink, at or beside {_at(path)}"
    )


def _undefined(path: Path, *_: object) -> str:
    what = "undefined" if np.isnan(path.loss[-1]) else "infinite"
    return f"f is {what} at {_at(path)}, reached at step {path.updates}"


_SENTENCES: Mapping[Status, Callable[[Path, Objective, Estimate, float, Precision], str]] = {
    Status.STEP_LIMIT: _step_limit,
    Status.GRADIENT_VANISHED: _gradient_vanished,
    Status.LEFT_MAP: _left_map,
    Status.DIVERGED: _diverged,
    Status.NOT_A_NUMBER: _not_a_number,
    Status.UNDEFINED: _undefined,
}


def stationary_kind(hessian: tuple[float, float, float]) -> str:
    """Tell what a stationary point is from the Hessian (f_aa, f_ab, f_bb) there.

    Returns
    -------
    {"minimum", "maximum", "saddle", "flat"}
        "flat" where an eigenvalue is too close to zero, or not finite, to tell.
    """
    aa, ab, bb = hessian
    if not all(map(math.isfinite, hessian)):
        return "flat"
    middle, radius = (aa + bb) / 2, math.hypot((aa - bb) / 2, ab)
    low, high = middle - radius, middle + radius
    small = 1e-8 * max(abs(low), abs(high))
    # An absolute floor as well: on a plateau both eigenvalues vanish together with the gradient.
    if min(abs(low), abs(high)) <= max(small, STATIONARY):
        return "flat"
    if low > 0:
        return "minimum"
    return "maximum" if high < 0 else "saddle"
