"""The objective: a formula with its constants' values, and the wrapper that counts its calls."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.engine.formula import Formula

Array = NDArray[np.float64]
Precision = Literal["float64", "float32"]

#: What Python floats raise where IEEE 754 arithmetic gives inf or nan.
_RAISED = (ArithmeticError, ValueError)


@dataclass(frozen=True)
class Objective:
    """A function f(a, b) to minimise.

    Scalars in, floats out; arrays broadcast. No point raises: outside the formula's domain the
    result is nan, past the largest number it is inf.

    Parameters
    ----------
    formula : Formula
        The formula.
    constants : tuple of float
        The constants' values, in the order of ``formula.constants``.
    """

    formula: Formula
    constants: tuple[float, ...] = ()

    @classmethod
    def from_text(cls, text: str, constants: Mapping[str, float] | None = None) -> "Objective":
        """Parse a formula and give its constants their values.

        Parameters
        ----------
        text : str
            The formula.
        constants : mapping of str to float, optional
            Values by name; every name may stand in the formula.

        Raises
        ------
        FormulaError
            With one sentence that names the column.
        """
        given = dict(sorted((constants or {}).items()))
        return cls(Formula.parse(text, tuple(given)), tuple(map(float, given.values())))

    def value(self, a: float, b: float) -> float:
        """Return f(a, b)."""
        return float(self.values(a, b))

    def gradient(self, a: float, b: float) -> tuple[float, float]:
        """Return (∂f/∂a, ∂f/∂b)."""
        in_a, in_b = self.gradients(a, b)
        return float(in_a), float(in_b)

    def hessian(self, a: float, b: float) -> tuple[float, float, float]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)."""
        in_aa, in_ab, in_bb = self._evaluate(self.formula.numpy_hessian, a, b)
        return float(in_aa), float(in_ab), float(in_bb)

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        return self._evaluate(self.formula.numpy_value, a, b)[0]

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays that are broadcast against each other."""
        in_a, in_b = self._evaluate(self.formula.numpy_gradient, a, b)
        return in_a, in_b

    def _evaluate(
        self, function: Callable[..., Any], a: ArrayLike, b: ArrayLike
    ) -> tuple[Array, ...]:
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        shape = np.broadcast_shapes(a.shape, b.shape)
        with np.errstate(all="ignore"):
            results = function(*map(np.float64, self.constants), a, b)
        if not isinstance(results, tuple):
            results = (results,)
        # A result that does not depend on both parameters has fewer dimensions.
        return tuple(np.broadcast_to(np.asarray(r, np.float64), shape) for r in results)


class CountedObjective:
    """The objective as a method sees it: scalars of one precision, every call counted.

    Run it under ``np.errstate(all="ignore")``.

    Parameters
    ----------
    objective : Objective
        What is evaluated.
    precision : {"float64", "float32"}
        The arithmetic. float64 runs on Python floats, and repeats on NumPy the rare call in
        which they raise; float32 runs on NumPy scalars.

    Attributes
    ----------
    values, gradients, hessians : int
        Calls so far. A value at a complex point is a value.
    real : type
        The type of a number of this precision.
    """

    def __init__(self, objective: Objective, precision: Precision) -> None:
        self.values = 0
        self.gradients = 0
        self.hessians = 0
        formula = objective.formula
        single = precision == "float32"
        self.real: Callable[[Any], Any] = np.float32 if single else float
        self._complex: Callable[[Any], Any] = np.complex64 if single else np.complex128
        self._ieee_real: Callable[[Any], Any] = np.float32 if single else np.float64
        ieee = tuple(map(self._ieee_real, objective.constants))
        self._ieee_value = partial(formula.numpy_value, *ieee)
        self._ieee_gradient = partial(formula.numpy_gradient, *ieee)
        self._ieee_hessian = partial(formula.numpy_hessian, *ieee)
        if single:
            self._value = self._ieee_value
            self._gradient = self._ieee_gradient
            self._complex_value = partial(formula.numpy_complex_value, *ieee)
        else:
            self._value = partial(formula.value, *objective.constants)
            self._gradient = partial(formula.gradient, *objective.constants)
            self._complex_value = partial(formula.complex_value, *objective.constants)

    def value(self, a: Any, b: Any) -> Any:
        """Return f(a, b)."""
        self.values += 1
        try:
            return self._value(a, b)
        except _RAISED:
            return self.real(self._ieee_value(self._ieee_real(a), self._ieee_real(b)))

    def gradient(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Return (∂f/∂a, ∂f/∂b)."""
        self.gradients += 1
        try:
            gradient: tuple[Any, Any] = self._gradient(a, b)
        except _RAISED:
            in_a, in_b = self._ieee_gradient(self._ieee_real(a), self._ieee_real(b))
            return self.real(in_a), self.real(in_b)
        return gradient

    def complex_value(self, a: Any, b: Any) -> Any:
        """Return f at a point of which one coordinate is complex."""
        self.values += 1
        try:
            return self._complex_value(a, b)
        except _RAISED:
            return self._complex(complex(math.nan, math.nan))  # nan alone has imaginary part 0

    @property
    def evaluations(self) -> int:
        """Evaluations so far: a value is one, a gradient N = 2, a Hessian N² = 4."""
        return self.values + 2 * self.gradients + 4 * self.hessians
