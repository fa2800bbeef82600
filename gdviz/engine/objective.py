"""The objective: a formula with its constants' values, and the wrapper that counts its calls."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.engine.data import Data
from gdviz.engine.datasets import DATASETS
from gdviz.engine.formula import Formula, Quantity
from gdviz.engine.surfaces import Surface
from gdviz.engine.targets import (
    COMPLEX,
    MATH,
    NUMPY,
    NUMPY_COMPLEX,
    NUMPY_COMPLEX_ARRAYS,
    Target,
)

Array = NDArray[np.float64]
Precision = Literal["float64", "float32"]

#: What a value, a gradient and a Hessian cost in evaluations, at N = 2.
EVALUATIONS = np.array([1, 2, 4])


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
    data : Data, optional
        The columns that the formula names.
    """

    formula: Formula
    constants: tuple[float, ...] = ()
    data: Data | None = None

    @classmethod
    def from_text(
        cls,
        text: str,
        constants: Mapping[str, float] | None = None,
        data: Data | None = None,
    ) -> "Objective":
        """Parse a formula and give its constants their values.

        Parameters
        ----------
        text : str
            The formula.
        constants : mapping of str to float, optional
            Values by name; every name may stand in the formula.
        data : Data, optional
            Columns that may stand within its sums and means over the rows.

        Raises
        ------
        FormulaError
            With one sentence that names the column.
        """
        given = dict(sorted((constants or {}).items()))
        formula = Formula.parse(text, tuple(given), data.names if data else ())
        return cls(formula, tuple(map(float, given.values())), data if formula.over_data else None)

    @classmethod
    def of(cls, surface: Surface, constants: Mapping[str, float] | None = None) -> "Objective":
        """Return a built-in surface's function, over the data it comes with.

        Parameters
        ----------
        surface : Surface
            The surface.
        constants : mapping of str to float, optional
            Values of those constants that differ from the surface's defaults.
        """
        values = {**surface.defaults, **(constants or {})}
        return cls.from_text(surface.formula, values, DATASETS.get(surface.data))

    @property
    def rows(self) -> int:
        """The rows of the data; 1 where there is none."""
        return self.data.rows if self.data else 1

    def arguments(self, real: Callable[[Any], Any] = np.float64) -> list[Any]:
        """Return what the formula's functions take after a and b, as numbers of a NumPy type."""
        result: list[Any] = [*map(real, self.constants)]
        if self.data is not None:
            columns = self.data.arrays
            result += [real(columns[name]) for name in self.formula.data]
            result.append(real(self.data.rows))
        return result

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

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        return self._evaluate("value", a, b)[0]

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays that are broadcast against each other."""
        in_a, in_b = self._evaluate("gradient", a, b)
        return in_a, in_b

    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) in float64 on arrays, broadcast likewise."""
        in_aa, in_ab, in_bb = self._evaluate("hessian", a, b)
        return in_aa, in_ab, in_bb

    def _evaluate(self, quantity: Quantity, a: ArrayLike, b: ArrayLike) -> tuple[Array, ...]:
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        shape = a.shape if a.shape == b.shape else np.broadcast_shapes(a.shape, b.shape)
        function = self.formula.compiled(quantity, NUMPY)
        if self.data is not None:
            a, b = a[..., None], b[..., None]
        with np.errstate(all="ignore"):
            results = function(a, b, *self.arguments())
        if not isinstance(results, tuple):
            results = (results,)
        if self.data is not None:
            results = tuple(map(_over_rows, results))
        return tuple(_filling(shape, np.asarray(result, np.float64)) for result in results)


def _over_rows(result: Any) -> Any:
    """Take away the axis of the rows, along which nothing is left; a bare number has none."""
    return result[..., 0] if np.ndim(result) else result


def _filling(shape: tuple[int, ...], result: Array) -> Array:
    """Broadcast a result that does not depend on both parameters, and so has fewer dimensions."""
    return result if result.shape == shape else np.broadcast_to(result, shape)


#: What a call adds to a tally: one integer counts the three kinds, 21 bits each, so that reading
#: all of them is a single append in the loop that the window waits for.
VALUE, GRADIENT, HESSIAN = 1, 1 << 21, 1 << 42
_SHIFTS, _MASK = np.array([0, 21, 42]), GRADIENT - 1


def calls_in(tally: ArrayLike) -> NDArray[np.int64]:
    """Return the values, gradients and Hessians that tallies stand for, shape (..., 3)."""
    calls: NDArray[np.int64] = np.asarray(tally, np.int64)[..., None] >> _SHIFTS & _MASK
    return calls


class CountedObjective:
    """The objective as a method sees it: numbers of one precision, every call counted.

    Run it under ``np.errstate(all="ignore")``.

    Parameters
    ----------
    objective : Objective
        What is evaluated.
    precision : {"float64", "float32"}
        The arithmetic. float64 runs on Python floats, and repeats on NumPy the rare call in
        which they raise; float32 runs on NumPy scalars.
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
        self._ieee: Callable[[Any], Any] = np.float32 if precision == "float32" else np.float64
        on_floats = precision == "float64" and not arrays
        self.real: Callable[[Any], Any] = float if on_floats else self._ieee
        if arrays or objective.data is not None:
            self._target, self._complex_target = NUMPY, NUMPY_COMPLEX_ARRAYS
        elif on_floats:
            self._target, self._complex_target = MATH, COMPLEX
        else:
            self._target, self._complex_target = NUMPY, NUMPY_COMPLEX

    # Attributes rather than methods: a descent calls the generated function itself.

    @cached_property
    def value(self) -> Callable[[Any, Any], Any]:
        """``(a, b) -> f(a, b)``."""
        return self._counted("value", self._target, VALUE, self._objective.value)

    @cached_property
    def gradient(self) -> Callable[[Any, Any], tuple[Any, Any]]:
        """``(a, b) -> (∂f/∂a, ∂f/∂b)``."""
        return self._counted("gradient", self._target, GRADIENT, self._objective.gradient)

    @cached_property
    def hessian(self) -> Callable[[Any, Any], tuple[Any, Any, Any]]:
        """``(a, b) -> (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)``."""
        return self._counted("hessian", self._target, HESSIAN, self._objective.hessian)

    @cached_property
    def complex_value(self) -> Callable[[Any, Any], Any]:
        """``(a, b) -> f(a, b)`` where one coordinate is complex; it counts as a value."""
        return self._counted("value", self._complex_target, VALUE, _no_complex_value)

    def _counted(
        self, quantity: Quantity, target: Target, kind: int, again: Callable[[Any, Any], Any]
    ) -> Callable[[Any, Any], Any]:
        """Give the generated function the rest of its arguments, as defaults.

        ``functools.partial`` would do, at the price of a twentieth of a step of descent.
        """
        function = self._objective.formula.compiled(quantity, target, counted=True)
        arguments = self._objective.arguments(self._ieee if target is not MATH else float)
        code, namespace = function.__code__, function.__globals__
        defaults = (*arguments, self.tally, kind, again)
        bound = FunctionType(code, namespace, function.__name__, defaults)
        return bound if self._objective.data is None else self._by_rows(bound)

    def _by_rows(self, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """Give the coordinates an axis for the rows, and take it from the results."""

        def call(a: Any, b: Any) -> Any:
            result = function(np.asarray(a)[..., None], np.asarray(b)[..., None])
            return tuple(map(number, result)) if isinstance(result, tuple) else number(result)

        def number(result: Any) -> Any:
            if not isinstance(result, np.ndarray):
                return result  # a number of the formula
            result = result[..., 0]
            # A method that runs on Python's numbers gets them: NumPy's are many times slower.
            return result.item() if self.real is float else result[()]

        return call

    @property
    def calls(self) -> tuple[int, int, int]:
        """Values, gradients and Hessians so far."""
        values, gradients, hessians = calls_in(self.tally)[0].tolist()
        return values, gradients, hessians

    @property
    def evaluations(self) -> int:
        """Evaluations so far: a value is one, a gradient N = 2, a Hessian N² = 4."""
        return int(self.calls @ EVALUATIONS)


def _no_complex_value(_a: Any, _b: Any) -> complex:
    return complex(math.nan, math.nan)  # nan alone has imaginary part 0
