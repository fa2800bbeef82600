"""The wrapper that counts the calls of an objective, as methods see it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.types import Precision
from gdviz.engine.objectives.objective import Arithmetic, FusedLoop, Objective, Quantity

#: What a value, a gradient and a Hessian cost in evaluations, at N = 2.
EVALUATIONS = np.array([1, 2, 4])

#: What a call adds to a tally: one integer counts the three kinds, 21 bits each, so that reading
#: all of them is a single append in the loop that the window waits for.
VALUE, GRADIENT, HESSIAN = 1, 1 << 21, 1 << 42
_SHIFTS, _MASK = np.array([[0], [21], [42]]), np.array(GRADIENT - 1)


def calls_in(tallies: ArrayLike) -> NDArray[np.int64]:
    """Return the values, gradients and Hessians that n tallies stand for, shape (3, n)."""
    calls: NDArray[np.int64] = np.asarray(tallies, np.int64) >> _SHIFTS & _MASK
    return calls


#: What a method cannot do where one of these is not known.
_CONSEQUENCES: Mapping[Quantity, str] = MappingProxyType(
    {
        "gradient": "so only differences can be taken",
        "hessian": "which Newton's method needs",
        "complex value": "so no complex step can be taken",
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
    parameters : (str, str)
        What the two parameters are called.
    """

    def __init__(self, objective: Objective, precision: Precision, *, arrays: bool = False) -> None:
        self.tally = [0]
        self._objective = objective
        self._arithmetic = Arithmetic(precision, arrays)
        self.real = self._arithmetic.real
        self.parameters = objective.parameters

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
        """``(a, b) -> (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)``."""
        return self._counted("hessian", HESSIAN)

    @cached_property
    def complex_value(self) -> Callable[[Any, Any], Any]:
        """``(a, b) -> f(a, b)`` where one coordinate is complex; it counts as a value."""
        return self._counted("complex value", VALUE)

    def gradient_of(self, parts: tuple[Objective, Objective]) -> Callable[[Any, Any], Any]:
        """Return ``(a, b) -> (first, second)``, two other functions that pass for the gradient.

        A call of both counts as a gradient.
        """
        first = parts[0].counted("value", self._arithmetic, self.tally, GRADIENT)
        second = parts[1].counted("value", self._arithmetic, self.tally, 0)
        return lambda a, b: (first(a, b), second(a, b))

    def fused_descent_loop(self, bind: Callable[..., Any], representable: bool) -> FusedLoop | None:
        """Return the objective's fused loop by an estimate, if it has one on such numbers."""
        on_floats = self._arithmetic.on_floats
        return self._objective.fused_descent_loop(bind, representable) if on_floats else None

    def _counted(self, quantity: Quantity, kind: int) -> Callable[[Any, Any], Any]:
        if why := self._objective.missing(quantity):
            raise ValueError(f"{why}, {_CONSEQUENCES[quantity]}")
        return self._objective.counted(quantity, self._arithmetic, self.tally, kind)

    @property
    def calls(self) -> tuple[int, int, int]:
        """Values, gradients and Hessians so far."""
        values, gradients, hessians = calls_in(self.tally)[:, 0].tolist()
        return values, gradients, hessians

    @property
    def evaluations(self) -> int:
        """Evaluations so far: a value is one, a gradient N = 2, a Hessian N² = 4."""
        return int(self.calls @ EVALUATIONS)
