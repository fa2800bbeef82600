"""Logistic regression with N parameters, and what a method asks of it, counted.

f(θ) = Σᵢ log(1 + exp(−yᵢ·(xᵢ·θ))) over m rows of made data.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import Cancelled
from gdviz.base.types import Array
from gdviz.engine.language.backends import NUMPY, NUMPY_COMPLEX_ARRAYS

#: Rows of data. With these, N = 4096 takes about a second by plain central differences.
ROWS = 64
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
