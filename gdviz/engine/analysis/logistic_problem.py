"""Logistic regression with N parameters, and ways to its gradient, counted.

f(θ) = Σᵢ log(1 + exp(−yᵢ·(xᵢ·θ))) over m rows of made data. The gradient takes one pass forward
and one back, whatever N is; differences take a value for each parameter, and so a cost of N²,
unless they keep the margins xᵢ·θ, which one shifted parameter changes by ε·xᵢⱼ. So do tangents that
are carried forward for each parameter. Two values along random signs, one tangent along a random
direction, and a gradient over some of the rows cost the same part of a gradient whatever N is; they
are right on average alone, and the first two are off by about √N times the gradient.

References
----------
.. [1] A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, chapters 3 and 4.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import Cancelled
from gdviz.base.types import Array
from gdviz.engine.descent.estimates.draws import USUAL_DRAWS
from gdviz.engine.language.backends import NUMPY, NUMPY_COMPLEX_ARRAYS

#: Rows of data. With these, N = 4096 takes about a second by plain central differences.
ROWS = 64
#: Steps near the best here, of the order of √u forward and ∛u central, in float64.
FORWARD_STEP, CENTRAL_STEP = 1.5e-8, 1.5e-5
#: The difference step along random signs, which is longer by √N than that along one axis.
SIGNS_STEP = 1.5e-5
#: Rows of a mini-batch.
BATCH = 8
#: Shifted parameters between two looks at whether the result is still wanted.
_CANCEL_EVERY = 64

_sigmoid = NUMPY.functions["sigmoid"]


@dataclass(frozen=True, eq=False)
class Problem:
    """Logistic regression on made data.

    Attributes
    ----------
    signed : ndarray, shape (m, n)
        −yᵢ·xᵢⱼ, the labels ±1 multiplied in; a column lies together in memory.
    theta : ndarray, shape (n,)
        The parameters where the gradient is taken.
    """

    signed: Array
    theta: Array

    @classmethod
    def made(cls, n: int, rows: int = ROWS, seed: int = 0) -> "Problem":
        """Make a problem; with more parameters, the columns of a smaller one come first.

        Parameters
        ----------
        n : int
            The number of parameters N.
        rows : int, default 64
            The number of data points m.
        seed : int, default 0
            Of the random numbers: x normal, y the sign of the first column with noise, and θ
            such that the margins are of order one for every N.
        """
        if n < 1 or rows < 1:
            raise ValueError(f"{n} parameters and {rows} rows: there must be one of each at least")
        noise, columns, parameters = (np.random.default_rng([seed, k]) for k in range(3))
        x = columns.standard_normal((n, rows)).T
        y = np.where(x[:, 0] + noise.standard_normal(rows) > 0.0, 1.0, -1.0)
        return cls(x * -y[:, np.newaxis], parameters.standard_normal(n) / math.sqrt(n))

    def value(self, theta: Array) -> float:
        """Return f(θ)."""
        return float(np.logaddexp(0.0, self.signed @ theta).sum())

    def tangent(self, theta: Array, direction: Array) -> float:
        """Return ∇f(θ)·u by one pass forward, with a tangent beside each value."""
        return float(_sigmoid(self.signed @ theta) @ (self.signed @ direction))

    def gradient(self, theta: Array) -> Array:
        """Return ∇f(θ) in one pass forward and one back."""
        result: Array = _sigmoid(self.signed @ theta) @ self.signed
        return result

    def complex_step_gradient(self, theta: Array) -> Array:
        """Return ∇f(θ) by complex steps on kept margins: another way to the same last digits."""
        step = 1e-20
        shifted = (self.signed @ theta)[:, np.newaxis] + 1j * step * self.signed
        result: Array = NUMPY_COMPLEX_ARRAYS.functions["softplus"](shifted).imag.sum(axis=0) / step
        return result


class Counted:
    """A problem as a method sees it: every call counted.

    Parameters
    ----------
    problem : Problem
        What is evaluated.
    cancelled : callable, optional
        Asked now and then; when it returns True :class:`~gdviz.base.cancel.Cancelled` is
        raised.

    Attributes
    ----------
    evaluations : float
        A value is one, a slope along a direction one, a gradient N, and of some of the rows their
        part of N.
    passes : float
        Visits to nodes and edges of f's graph, in units of all v + e of them: a value is 1, a
        gradient 2, a slope with its tangents 2, a value from kept margins what it visits.
    multiply_adds : int
        Products of data and parameters that were added up.
    """

    def __init__(self, problem: Problem, cancelled: Callable[[], bool] = bool) -> None:
        self.problem = problem
        self.rows, self.n = problem.signed.shape
        self.evaluations: float = 0
        self.passes = 0.0
        self.multiply_adds = 0
        self._cancelled = cancelled
        # Nodes and edges. All: a node a parameter; for each row N products with an edge to each,
        # their sum with N, softplus with 1 and 1 on to the total; the total. After a shift: the
        # parameter; for each row a product with 1 edge, a sum with 2, softplus with 1 and 1 on;
        # the total.
        m, n = self.rows, self.n
        self._shift_visits = (1 + m * (3 + 5) + 1) / (n + m * (n + 2 + 2 * n + 2) + 1)

    def value(self, theta: Array) -> float:
        """Return f(θ)."""
        self._count(1, 1.0, self.rows * self.n)
        return self.problem.value(theta)

    def gradient(self, theta: Array) -> Array:
        """Return ∇f(θ)."""
        self._count(self.n, 2.0, 2 * self.rows * self.n)
        return self.problem.gradient(theta)

    def tangent(self, theta: Array, direction: Array) -> float:
        """Return ∇f(θ)·u, u a direction."""
        self._count(1, 2.0, 2 * self.rows * self.n)
        return self.problem.tangent(theta, direction)

    def batch_gradient(self, theta: Array, rows: NDArray[np.intp]) -> Array:
        """Return the gradient over some rows, made as large as over all."""
        part = len(rows) / self.rows
        evaluations = self.n if part == 1.0 else self.n * part
        self._count(evaluations, 2.0 * part, 2 * len(rows) * self.n)
        gradient: Array = Problem(self.problem.signed[rows], theta).gradient(theta) / part
        return gradient

    def is_cancelled(self) -> bool:
        """Tell whether the result is no longer wanted."""
        return self._cancelled()

    def value_and_margins(self, theta: Array) -> tuple[float, Array]:
        """Return f(θ), and the margins −yᵢ·(xᵢ·θ) to keep."""
        self._count(1, 1.0, self.rows * self.n)
        margins = self.problem.signed @ theta
        return float(np.logaddexp(0.0, margins).sum()), margins

    def shifted_value(self, margins: Array, j: int, epsilon: float) -> float:
        """Return f(θ + εeⱼ) from the margins at θ.

        Parameters
        ----------
        margins : ndarray, shape (rows,)
            −yᵢ·xᵢ·θ, the exponents at θ.
        j : int
            The parameter that is shifted.
        epsilon : float
            By how much.
        """
        self._count(1, self._shift_visits, self.rows)
        return float(np.logaddexp(0.0, margins + epsilon * self.problem.signed[:, j]).sum())

    def _count(self, evaluations: float, passes: float, multiply_adds: int) -> None:
        if self.evaluations % _CANCEL_EVERY == 0 and self._cancelled():
            raise Cancelled
        self.evaluations += evaluations
        self.passes += passes
        self.multiply_adds += multiply_adds


class Drawing(Protocol):
    """What a random way draws by, such as :class:`~gdviz.engine.descent.estimates.draws.Draws`."""

    def signs(self, count: int, /) -> Iterator[Any]:
        """Return so many random signs a step."""

    def normals(self, count: int, /) -> Iterator[Any]:
        """Return so many standard normal numbers a step."""

    def subsets(self, size: int, rows: int, /) -> Iterator[Any]:
        """Return which of the rows a step gets."""


# -- the gradients


def analytic(f: Counted, theta: Array) -> Array:
    """Return ∇f in one vectorised pass forward and one back."""
    return f.gradient(theta)


def forward(f: Counted, theta: Array, epsilon: float = FORWARD_STEP) -> Array:
    """Return (f(θ + εeⱼ) − f(θ))/ε: N + 1 values.

    Parameters
    ----------
    f : Counted
        The problem, which counts.
    theta : ndarray, shape (n,)
        θ, the n parameters.
    epsilon : float
        The difference step ε > 0.
    """
    here, result = f.value(theta), np.empty_like(theta)
    point = theta.copy()
    for j in range(len(theta)):
        point[j] = theta[j] + epsilon
        result[j] = (f.value(point) - here) / epsilon
        point[j] = theta[j]
    return result


def central(f: Counted, theta: Array, epsilon: float = CENTRAL_STEP) -> Array:
    """Return (f(θ + εeⱼ) − f(θ − εeⱼ))/2ε: 2N values.

    Parameters
    ----------
    f, theta, epsilon
        As in :func:`forward`.
    """
    result, point = np.empty_like(theta), theta.copy()
    for j in range(len(theta)):
        point[j] = theta[j] + epsilon
        above = f.value(point)
        point[j] = theta[j] - epsilon
        result[j] = (above - f.value(point)) / (2.0 * epsilon)
        point[j] = theta[j]
    return result


def forward_reused(f: Counted, theta: Array, epsilon: float = FORWARD_STEP) -> Array:
    """Return what :func:`forward` does, from kept margins: N + 1 values, N of them cheap.

    Parameters
    ----------
    f, theta, epsilon
        As in :func:`forward`.
    """
    here, margins = f.value_and_margins(theta)
    shifted = (f.shifted_value(margins, j, epsilon) for j in range(len(theta)))
    return (np.fromiter(shifted, np.float64, len(theta)) - here) / epsilon


def forward_mode(f: Counted, theta: Array) -> Array:
    """Return ∇f by a tangent along each axis: N passes forward, each with tangents."""
    result, axis = np.empty_like(theta), np.zeros_like(theta)
    for j in range(len(theta)):
        axis[j] = 1.0
        result[j] = f.tangent(theta, axis)
        axis[j] = 0.0
    return result


def forward_gradient(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return (∇f·u)u, u standard normal: one pass forward with tangents.

    Parameters
    ----------
    f : Counted
        The problem, which counts.
    theta : ndarray, shape (n,)
        θ, the n parameters.
    draws : Drawing, optional
        The u.
    """
    u = np.array(next(draws.normals(len(theta))))
    return f.tangent(theta, u) * u


def spsa(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return (f(θ + εΔ) − f(θ − εΔ))/2ε·Δ⁻¹, Δ of random signs: two values.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        The Δ.
    """
    signs = np.array(next(draws.signs(len(theta))))
    epsilon = SIGNS_STEP / math.sqrt(len(theta))
    ahead, behind = f.value(theta + epsilon * signs), f.value(theta - epsilon * signs)
    slopes: Array = (ahead - behind) / (2.0 * epsilon) / signs
    return slopes


def mini_batch(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return the gradient over :data:`BATCH` rows, or all where there are fewer.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        Which rows.
    """
    return f.batch_gradient(theta, next(draws.subsets(min(BATCH, f.rows), f.rows)))


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to the gradient: its name in files, its title, what it does, and the function.

    That of a random one takes draws as well.
    """

    name: str
    title: str
    about: str
    function: Callable[..., Array]
    is_random: bool = False


#: The ways by name, in the order of legends.
VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        variant.name: variant
        for variant in (
            Variant(
                "analytic", "Analytic",
                "All of ∇f in one pass forward and one back, whatever N is.", analytic,
            ),
            Variant(
                "forward", "Forward difference",
                "N + 1 values, each from scratch.", forward,
            ),
            Variant(
                "central", "Central difference",
                "2N values, each from scratch.", central,
            ),
            Variant(
                "forward-reused", "Forward, margins kept",
                "N + 1 values; a shift of θⱼ adds ε·xᵢⱼ to margins that are kept.", forward_reused,
            ),
            Variant(
                "forward-mode", "Forward mode",
                "N passes forward, each with a tangent beside every value.", forward_mode,
            ),
            Variant(
                "forward-gradient", "Forward gradient",
                "One pass forward with tangents along a random direction: right on average.",
                forward_gradient, is_random=True,
            ),
            Variant(
                "spsa", "SPSA",
                "Two values along random signs: right on average.", spsa, is_random=True,
            ),
            Variant(
                "mini-batch", "Mini-batch",
                f"The gradient over {BATCH} rows: right on average.", mini_batch,
                is_random=True,
            ),
        )
    }
)  # fmt: skip
