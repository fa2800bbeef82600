"""What a Taylor series makes of a step: the models of first and second order at a point.

    f(θ + Δ) ≈ f + ∇f·Δ                    the tangent plane, wrong by O(‖Δ‖²)
    f(θ + Δ) ≈ f + ∇f·Δ + ½ ΔᵀHΔ           the paraboloid, wrong by O(‖Δ‖³)

The first predicts that every step downhill gains in proportion to its length; the second knows
where that ends. At a minimum it bounds the learning rate of gradient descent: each eigenvector's
share of θ − θ* is multiplied by 1 − αλ in a step, which must stay within ±1 for the largest λ.

References
----------
.. [1] J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed., Springer 2006, theorem 2.1
   (Taylor), section 2.2 (the Newton direction) and section 3.3 (rates).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gdviz.base.format import pair
from gdviz.base.types import Array
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.nonsmooth import jump, undefined
from gdviz.engine.objectives.objective import Objective

#: An eigenvalue below this part of the largest is round-off of the matrix: it is singular.
_SINGULAR = 4 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class StepModels:
    """The Taylor models of f at a point.

    Attributes
    ----------
    at : (float, float)
        The point θ = (a, b).
    value : float
        f(θ); nan or inf where it is not finite.
    gradient : ndarray, shape (2,)
        ∇f(θ); nan where f has none.
    hessian : ndarray, shape (2, 2)
        H(θ); nan where f has no gradient.
    eigenvalues : ndarray, shape (2,)
        Of H, ascending; nan where an entry of H is not finite.
    eigenvectors : ndarray, shape (2, 2)
        Unit vectors, ``eigenvectors[:, i]`` that of ``eigenvalues[i]``.
    newton_step : ndarray, shape (2,), or None
        −H⁻¹∇f, which leads to where the second model is level; None where H is singular or not
        finite.
    newton_remark : str
        Why there is no Newton step, or that it leads to no minimum of the second model; empty
        where it does.
    sentence : str
        Why a model is missing; empty where both are there.
    """

    at: tuple[float, float]
    value: float
    gradient: Array
    hessian: Array
    eigenvalues: Array
    eigenvectors: Array
    newton_step: Array | None
    newton_remark: str
    sentence: str

    @property
    def condition_number(self) -> float:
        """|λ|max/|λ|min; inf where H is singular, nan where it is not finite."""
        small, large = np.sort(np.abs(self.eigenvalues)).tolist()
        return math.inf if small <= _SINGULAR * large else large / small

    @property
    def largest_rate(self) -> float | None:
        """2/λmax, above which descent on the second model would diverge; None for no λmax > 0."""
        largest = float(self.eigenvalues[-1])
        rate = 2.0 / largest if largest > 0.0 else math.inf
        return rate if math.isfinite(rate) else None

    def first(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the first model, f + ∇f·Δ, on arrays that are broadcast against each other."""
        with np.errstate(all="ignore"):
            return self.value + self._linear(*self._offset(a, b))

    def second(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return the second model, f + ∇f·Δ + ½ ΔᵀHΔ, on arrays that are broadcast likewise."""
        (aa, ab), (_, bb) = self.hessian
        with np.errstate(all="ignore"):
            by_a, by_b = self._offset(a, b)
            return self.value + self._linear(by_a, by_b) + _bend(aa, ab, bb, by_a, by_b)

    def _offset(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        return np.asarray(a, np.float64) - self.at[0], np.asarray(b, np.float64) - self.at[1]

    def _linear(self, by_a: Array, by_b: Array) -> Array:
        in_a, in_b = self.gradient
        linear: Array = in_a * by_a + in_b * by_b
        return linear


@dataclass(frozen=True, eq=False)
class Cut:
    """f and its models along a straight line from the point.

    Attributes
    ----------
    lengths : ndarray, shape (n,)
        Distances from the point.
    f, tangent, parabola : ndarray, shape (n,)
        f and its models of first and second order there.
    """

    lengths: Array
    f: Array
    tangent: Array
    parabola: Array


@dataclass(frozen=True, eq=False)
class PredictedChanges:
    """What each step of a path changed, and what the models at the point before it say of it.

    Attributes
    ----------
    actual : ndarray, shape (n − 1,)
        f(θₖ₊₁) − f(θₖ).
    first : ndarray, shape (n − 1,)
        ∇f(θₖ)·Δ with Δ = θₖ₊₁ − θₖ.
    second : ndarray, shape (n − 1,)
        ∇f(θₖ)·Δ + ½ ΔᵀH(θₖ)Δ.
    """

    actual: Array
    first: Array
    second: Array


def step_models(objective: Objective, at: tuple[float, float]) -> StepModels:
    """Return the Taylor models at a point.

    Parameters
    ----------
    objective : Objective
        The function.
    at : (float, float)
        The point θ = (a, b).

    Returns
    -------
    StepModels
        Where f or ∇f is undefined, or jumps, there are no models: all but the value is nan, or
        None, and the sentence says why. Where only H is not finite, so is only the second model.
    """
    at = float(at[0]), float(at[1])
    missing = undefined(objective, at) or jump(objective, at)
    gradient, hessian = np.full(2, np.nan), np.full((2, 2), np.nan)
    if not missing:
        gradient = np.array(objective.gradient(*at))
        aa, ab, bb = objective.hessian(*at)
        hessian = np.array([[aa, ab], [ab, bb]])
    finite = bool(np.isfinite(hessian).all())
    if not (missing or finite):
        missing = f"the second derivatives are not finite at {pair(at, 6)}"
    eigenvalues, eigenvectors = np.full(2, np.nan), np.full((2, 2), np.nan)
    if finite:
        eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    newton_step, newton_remark = _newton(gradient, eigenvalues, eigenvectors, missing)
    return StepModels(
        at=at,
        value=objective.value(*at),
        gradient=gradient,
        hessian=hessian,
        eigenvalues=eigenvalues,
        eigenvectors=eigenvectors,
        newton_step=newton_step,
        newton_remark=newton_remark,
        sentence=missing,
    )


def _newton(
    gradient: Array, eigenvalues: Array, eigenvectors: Array, missing: str
) -> tuple[Array | None, str]:
    """Return the Newton step, and what there is to say of it."""
    if missing:
        return None, missing
    small, large = np.sort(np.abs(eigenvalues)).tolist()
    if small <= _SINGULAR * large:
        return None, "the Hessian is singular: the 2nd-order model has no single level point"
    with np.errstate(all="ignore"):
        step = -eigenvectors @ (eigenvectors.T @ gradient / eigenvalues)
    if not np.isfinite(step).all():
        return None, "the Newton step is infinite"
    if eigenvalues[0] > 0.0:
        return step, ""
    kind = "maximum" if eigenvalues[1] < 0.0 else "saddle point"
    return step, f"the Newton step leads to a {kind} of the 2nd-order model"


def cut(objective: Objective, models: StepModels, direction: ArrayLike, lengths: ArrayLike) -> Cut:
    """Cut f and its models along a step.

    Parameters
    ----------
    objective : Objective
        The function.
    models : StepModels
        Its models at the point where the step begins.
    direction : array_like, shape (2,)
        The step, for example −αĝ; only its direction matters.
    lengths : array_like, shape (n,)
        Distances from the point, such as from 0 to twice the step's own length.

    Returns
    -------
    Cut
        nan along a step that has no direction.
    """
    lengths, direction = np.asarray(lengths, np.float64), np.asarray(direction, np.float64)
    with np.errstate(all="ignore"):
        unit = direction / np.hypot(*direction)
        a, b = (at + lengths * part for at, part in zip(models.at, unit, strict=True))
        # From the derivatives along the line, for θ + Δ is rounded and Δ is not.
        slope, curvature = models.gradient @ unit, unit @ models.hessian @ unit
        tangent = models.value + slope * lengths
        parabola = tangent + curvature * lengths**2 / 2
    return Cut(lengths, objective.values(a, b), tangent, parabola)


def predicted_changes(objective: Objective, path: Path) -> PredictedChanges:
    """Compare what each step of a path changed with what the models predict.

    Parameters
    ----------
    objective : Objective
        The function.
    path : Path
        The path, of n points.

    Returns
    -------
    PredictedChanges
        nan where f or a derivative is not finite before a step, or f after it. At a
        kink the predictions are those of the derivatives that the formula has by convention.
    """
    begin, step = path.theta[:-1].T, np.diff(path.theta, axis=0).T
    bend = objective.hessians(*begin)
    with np.errstate(all="ignore"):
        actual = np.diff(path.loss)
        first = (path.exact_gradient[:-1].T * step).sum(axis=0)
        second = first + _bend(*bend, *step)
    return PredictedChanges(*(_finite_or_nan(change) for change in (actual, first, second)))


def _bend(
    aa: Array | float, ab: Array | float, bb: Array | float, by_a: Array, by_b: Array
) -> Array:
    """Return ½ ΔᵀHΔ."""
    return (aa * by_a**2 + bb * by_b**2) / 2 + ab * by_a * by_b


def _finite_or_nan(values: Array) -> Array:
    return np.where(np.isfinite(values), values, np.nan)
