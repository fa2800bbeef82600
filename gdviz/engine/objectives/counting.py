"""The wrapper that counts the calls of an objective, as methods see it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.types import Precision
from gdviz.engine.objectives.objective import BlackBox, Objective
from gdviz.engine.objectives.quantities import Arithmetic, FusedLoop, Options, Quantity

#: What a call adds to a tally: one integer counts all kinds, so that reading them is a single
#: append in the loop that the window waits for. A value, a gradient and a Hessian have 21 bits
#: each. A product of the Jacobian with a vector comes above the 63 that an integer of NumPy has,
#: and a row of the data whose gradient is taken above that.
VALUE, GRADIENT, HESSIAN, TANGENT, ROW = 1, 1 << 21, 1 << 42, 1 << 63, 1 << 84
_SHIFTS, _MASK = np.array([[0], [21], [42]]), np.array(GRADIENT - 1)
#: What a call of each kind costs in evaluations, at N = 2; a row's part depends on their number.
_EVALUATIONS = np.array([1, 2, 4, 1, 0])
#: The bits of a tally that are in its first integer of NumPy, and those that are in its second.
FIRST_BITS = 63


def calls_in(tallies: ArrayLike, above: ArrayLike | None = None) -> NDArray[np.int64]:
    """Return the calls that n tallies stand for, shape (5, n): :data:`VALUE` and so on.

    Parameters
    ----------
    tallies : array_like of int, shape (n,)
        Their lower 63 bits.
    above : array_like of int, shape (n,), optional
        The bits above; by default there are none.
    """
    low = np.asarray(tallies, np.int64)
    calls = np.zeros((5, len(low)), np.int64)
    np.bitwise_and(low >> _SHIFTS, _MASK, out=calls[:3])
    if above is not None:
        high = np.asarray(above, np.int64)
        calls[3], calls[4] = high & _MASK, high >> 21
    return calls


def evaluations_of(calls: NDArray[np.int64], rows: int) -> NDArray[Any]:
    """Return what calls cost in evaluations at N = 2, shape (n,).

    A value is 1, a gradient N, a Hessian N², a product with the Jacobian 1, as it is one slope; and
    the gradient of some rows of the data is that part of N.

    Parameters
    ----------
    calls : ndarray of int, shape (5, n)
        As :func:`calls_in` returns them.
    rows : int
        The rows of the data.
    """
    whole: NDArray[np.int64] = _EVALUATIONS @ calls
    of_rows = calls[4]
    return whole + 2 * of_rows / rows if of_rows.any() else whole


#: What a method cannot do where one of these is not known.
_CONSEQUENCES: Mapping[Quantity, str] = MappingProxyType(
    {
        "gradient": "so only differences can be taken",
        "hessian": "which Newton's method needs",
        "complex value": "so no complex step can be taken",
        "tangent": "so no tangents can be carried through it",
        "batch gradient": "of which a mini-batch takes some rows",
    }
)


class CountedObjective:
    """The objective as a method sees it: numbers of one precision, every call counted.

    Run it under ``np.errstate(all="ignore")``. Asking for what the objective does not know, as for
    the gradient of a function that was given without one, raises ValueError in one sentence.

    Parameters
    ----------
    objective : Objective
        What is evaluated.
    precision : {"float64", "float32"}
        The arithmetic.
    arrays : bool, default False
        Run on NumPy throughout, so that coordinates may be arrays.

    Attributes
    ----------
    tally : list of one int
        The calls so far; see :func:`calls_in`.
    real : type
        The type of a number of this precision.
    rows : int
        The rows of the data that f is made of; 1 where there is none.
    is_black_box : bool
        Whether nobody knows how f is computed, and so how exact its values are.
    parameters : (str, str)
        What the two parameters are called.
    """

    def __init__(self, objective: Objective, precision: Precision, *, arrays: bool = False) -> None:
        self.tally = [0]
        self._objective = objective
        self._arithmetic = Arithmetic(precision, arrays)
        self.real = self._arithmetic.real
        self.parameters = objective.parameters
        self.rows = objective.rows
        self.is_black_box = isinstance(objective, BlackBox)

    # Attributes rather than methods: a descent calls the objective's own function.

    @cached_property
    def value(self) -> Callable[[Any, Any], Any]:
        """``(a, b) -> f(a, b)``."""
        return self._counted("value", VALUE)

    @cached_property
    def gradient(self) -> Callable[[Any, Any], tuple[Any, Any]]:
        """``(a, b) -> (∂f/∂a, ∂f/∂b)``."""
        return self._counted("gradient", GRADIENT)

    @cached_property
    def hessian(self) -> Callable[[Any, Any], tuple[Any, Any, Any]]:
        """``(a, b) -> (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)``; differences of gradients count as these."""
        return self._counted("hessian", self._objective.hessian_gradients * GRADIENT or HESSIAN)

    @cached_property
    def complex_value(self) -> Callable[[Any, Any], Any]:
        """``(a, b) -> f(a, b)`` where one coordinate is complex; it counts as a value."""
        return self._counted("complex value", VALUE)

    @cached_property
    def tangent(self) -> Callable[[Any, Any, Any, Any], Any]:
        """``(a, b, u_a, u_b) -> ∇f·u``, a Jacobian–vector product by one pass forward."""
        return self._counted("tangent", TANGENT)

    @cached_property
    def batch_gradient(self) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
        """``(a, b, rows) -> (∂f/∂a, ∂f/∂b)`` over some rows of the data; each row is counted."""
        return self._counted("batch gradient", ROW)

    def gradient_of(self, parts: tuple[Objective, Objective]) -> Callable[[Any, Any], Any]:
        """Return ``(a, b) -> (first, second)``, two other functions that pass for the gradient.

        A call of both counts as a gradient.
        """
        first = parts[0].counted("value", self._arithmetic, self.tally, GRADIENT)
        second = parts[1].counted("value", self._arithmetic, self.tally, 0)
        return lambda a, b: (first(a, b), second(a, b))

    def fused_descent_loop(
        self,
        bind: Callable[..., Any],
        representable: bool,
        options: Options = (),
        is_random: bool = False,
    ) -> FusedLoop | None:
        """Return the objective's fused loop by an estimate, if it has one on such numbers.

        Parameters
        ----------
        bind : callable
            What binds the estimate.
        representable : bool
            Whether it divides by the step that was really taken.
        options : tuple of (str, float), optional
            The estimate's.
        is_random : bool, default False
            Whether it draws.
        """
        if not self._arithmetic.on_floats:
            return None
        return self._objective.fused_descent_loop(bind, representable, options, is_random)

    def _counted(self, quantity: Quantity, kind: int) -> Callable[..., Any]:
        if why := self._objective.missing(quantity):
            raise ValueError(f"{why}, {_CONSEQUENCES[quantity]}")
        return self._objective.counted(quantity, self._arithmetic, self.tally, kind)

    @property
    def calls(self) -> tuple[int, int, int]:
        """Values, gradients and Hessians so far."""
        values, gradients, hessians, *_ = self._calls()[:, 0].tolist()
        return values, gradients, hessians

    @property
    def evaluations(self) -> float:
        """Evaluations so far: see :func:`evaluations_of`."""
        spent: float = evaluations_of(self._calls(), self.rows).item()
        return spent

    def _calls(self) -> NDArray[np.int64]:
        (tally,) = self.tally
        return calls_in([tally & (1 << FIRST_BITS) - 1], [tally >> FIRST_BITS])
