"""The objective: a function of two parameters, and the wrapper that counts its calls."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.types import Array, Precision

#: f, its gradient, its Hessian, or f where one coordinate is complex.
Quantity = Literal["value", "gradient", "hessian", "complex value"]

#: What a value, a gradient and a Hessian cost in evaluations, at N = 2.
EVALUATIONS = np.array([1, 2, 4])


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The numbers that a method runs on.

    Attributes
    ----------
    precision : {"float64", "float32"}
        How many digits they have.
    arrays : bool
        Whether coordinates may be arrays; else float64 runs on Python's floats, which are many
        times faster than NumPy's scalars, and float32 on those.
    """

    precision: Precision
    arrays: bool = False

    @property
    def on_floats(self) -> bool:
        """Whether they are Python's."""
        return self.precision == "float64" and not self.arrays

    @property
    def ieee(self) -> Callable[[Any], Any]:
        """NumPy's type of this precision."""
        return np.float32 if self.precision == "float32" else np.float64

    @property
    def real(self) -> Callable[[Any], Any]:
        """The type of a number."""
        return float if self.on_floats else self.ieee


#: Gradient descent by an estimate as one function on Python's floats, and what the calls of a step
#: add to the tally. The function is ``(points, gradients, alphas, epsilon, limits, safe)``. To the
#: pairs of lists `points` and `gradients` it appends a point and the gradient before it by each of
#: `alphas`, from the last point on. It ends before a step that raises, leaves `limits`, or whose
#: ‖ĝ‖₂² is not between the two numbers of `safe`.
FusedLoop = tuple[Callable[..., None], int]


class Objective(ABC):
    """A function f(a, b) to minimise.

    Scalars in, floats out; arrays broadcast. No point raises: where f is undefined the result is
    nan, past the largest number it is inf.
    """

    @property
    def rows(self) -> int:
        """The rows of the data that f is made of; 1 where there is none."""
        return 1

    @property
    def is_smooth(self) -> bool:
        """Whether f surely has no kink and no jump where it is defined."""
        return False

    def kinks(self, _a: ArrayLike, _b: ArrayLike) -> list[tuple[Array, Array, Array]]:
        """Return functions at whose zeros f may have a kink, as far as known, and their gradients.

        Each is (s, ∂s/∂a, ∂s/∂b), on arrays that are broadcast against each other.
        """
        return []

    def why_undefined(self, _a: float, _b: float) -> str:
        """Say why f is undefined at a point, where that has a reason of its own; else nothing."""
        return ""

    @property
    def no_gradient(self) -> str:
        """Why ∇f is not known, in a sentence; empty where it is."""
        return ""

    @property
    def no_hessian(self) -> str:
        """Why second derivatives are not known, in a sentence; empty where they are."""
        return ""

    @abstractmethod
    def effort(self, quantity: Quantity) -> float:
        """Return about how many elementary operations a quantity takes, for each row.

        It tells what fits into a frame; infinite where nobody knows.
        """

    @abstractmethod
    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""

    @abstractmethod
    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays that are broadcast against each other."""

    @abstractmethod
    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) in float64 on arrays, broadcast likewise."""

    @abstractmethod
    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[[Any, Any], Any]:
        """Return a function of (a, b) that adds `kind` to ``tally[0]`` with each call.

        Parameters
        ----------
        quantity : {"value", "gradient", "hessian", "complex value"}
            What it returns: a number, or a tuple of them.
        arithmetic : Arithmetic
            The numbers that it takes and returns.
        tally : list of one int
            What is counted on.
        kind : int
            What a call adds.
        """

    def fused_descent_loop(
        self, _bind: Callable[..., Any], _representable: bool
    ) -> FusedLoop | None:
        """Return gradient descent by an estimate as one function, or None.

        The estimate is given by what binds it, and by whether it divides by the step that was
        really taken.
        """
        return None

    def value(self, a: float, b: float) -> float:
        """Return f(a, b)."""
        return float(self.values(a, b))

    def gradient(self, a: float, b: float) -> tuple[float, float]:
        """Return (∂f/∂a, ∂f/∂b)."""
        in_a, in_b = self.gradients(a, b)
        return float(in_a), float(in_b)

    def hessian(self, a: float, b: float) -> tuple[float, float, float]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)."""
        in_aa, in_ab, in_bb = self.hessians(a, b)
        return float(in_aa), float(in_ab), float(in_bb)


#: What a call adds to a tally: one integer counts the three kinds, 21 bits each, so that reading
#: all of them is a single append in the loop that the window waits for.
VALUE, GRADIENT, HESSIAN = 1, 1 << 21, 1 << 42
_SHIFTS, _MASK = np.array([[0], [21], [42]]), np.array(GRADIENT - 1)


def calls_in(tallies: ArrayLike) -> NDArray[np.int64]:
    """Return the values, gradients and Hessians that n tallies stand for, shape (3, n)."""
    calls: NDArray[np.int64] = np.asarray(tallies, np.int64) >> _SHIFTS & _MASK
    return calls


class CountedObjective:
    """The objective as a method sees it: numbers of one precision, every call counted.

    Run it under ``np.errstate(all="ignore")``.

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
    """

    def __init__(self, objective: Objective, precision: Precision, *, arrays: bool = False) -> None:
        self.tally = [0]
        self._objective = objective
        self._arithmetic = Arithmetic(precision, arrays)
        self.real = self._arithmetic.real

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
