"""Any Python function of two numbers, as a function of arrays of points."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.code_ref import argument_names
from gdviz.engine.objectives.returned import MISTAKES, as_rows, as_said

#: Points at which it is tried whether a function takes arrays.
_TRIALS = 4
#: How much of the largest value at these may be made of rounding.
_ROUNDING = 1e-6


@dataclass(eq=False)
class ArrayFunction:
    """A Python function, called with arrays of points where it takes them, else point by point.

    Outside its domain, where it raises anything but a mistake such as a TypeError, it is nan.

    Parameters
    ----------
    function : callable
        ``function(a, b)``.
    role : str
        What it is, such as ``"loss"``.
    count : {1, 2}
        How many numbers it returns at a point.
    vectorized : bool or None, default None
        Whether `a` and `b` may be arrays of shape (n,); it then returns as many numbers. None
        compares both ways as soon as there are several points.

    Attributes
    ----------
    takes_only_arrays : bool
        Whether arrays are what was promised, so that a single point is one as well. Otherwise it
        is two numbers, whatever was found out: a path must not depend on that.

    Raises
    ------
    TypeError
        If it cannot be called with two parameters.
    """

    function: Callable[..., Any]
    role: str
    count: int = 1
    vectorized: bool | None = None

    def __post_init__(self) -> None:
        self.takes_only_arrays = bool(self.vectorized)
        if not callable(self.function):
            raise TypeError(
                f"{self.role} must be a function of (a, b), not {shortened(self.function)}"
            )
        try:
            signature = inspect.signature(self.function)
        except ValueError:  # of some built-in functions it is unknown
            return
        try:
            signature.bind(0.0, 0.0)
        except TypeError:
            one = len(signature.parameters) == 1  # a vector, as SciPy has it
            raise TypeError(
                f"{self.role} must take two numbers, a and b, but its parameters are {signature}"
                + f"; pass lambda a, b: {self.name}([a, b])" * one
            ) from None

    @property
    def name(self) -> str:
        """What it is called where it was defined; its role if that is nothing."""
        name = getattr(self.function, "__name__", "")
        return name if name.isidentifier() else self.role

    @property
    def arguments(self) -> tuple[str, str]:
        """What it calls its two arguments; a and b where these have no names."""
        try:
            given = inspect.signature(self.function).bind(0.0, 0.0)
        except (TypeError, ValueError):
            return PARAMETERS
        return argument_names(f"({', '.join(given.arguments)})")

    def __call__(self, a: Array, b: Array) -> Array:
        """Return its numbers at points, in the type of the coordinates.

        Parameters
        ----------
        a, b : ndarray, shape (n,)
            The points.

        Returns
        -------
        ndarray, shape (count, n)

        Raises
        ------
        TypeError, ValueError
            If it returns something else than real numbers, or not as many, in one sentence.
        """
        with np.errstate(all="ignore"):
            if self.vectorized is None:
                self.vectorized = self._takes_arrays(a, b)
            if self.vectorized and (self.takes_only_arrays or len(a) != 1):
                return self._together(a, b)
            return self._one_by_one(a, b)

    def at(self, a: Any, b: Any) -> Any:
        """Return its number, or its pair of numbers, at one point; nan outside its domain.

        Parameters
        ----------
        a, b : float or numpy.float32
            The point.

        Returns
        -------
        float or (float, float)
            Python's own, or what it made of float32.
        """
        try:
            found = self.function(a, b)
        except MISTAKES:
            raise
        except Exception:  # of whatever kind: functions have their own
            return np.nan if self.count == 1 else (np.nan, np.nan)
        if isinstance(found, float) and self.count == 1:  # NumPy's float64 among them
            return float(found)
        checked = self._checked(found, a, b)[:, 0].tolist()
        return checked[0] if self.count == 1 else tuple(checked)

    def why_outside(self, a: float, b: float) -> str:
        """Return what it raises at a point, such as ``ValueError: math domain error``, or nothing.

        Promised arrays, it gets them.
        """
        point: tuple[Any, Any] = (float(a), float(b))
        if self.takes_only_arrays:
            point = np.array([a]), np.array([b])
        try:
            self.function(*point)
        except MISTAKES:
            raise
        except Exception as error:  # of whatever kind
            said = " ".join(str(error).split())
            return f"{type(error).__name__}: {said}" if said else type(error).__name__
        return ""

    def _takes_arrays(self, a: Array, b: Array) -> bool | None:
        """Tell whether arrays give what numbers give; None where too few points tell."""
        some = np.linspace(0, len(a) - 1, min(_TRIALS, len(a))).astype(int)
        a, b = np.unique([a[some], b[some]], axis=1)
        each = self._one_by_one(a, b)
        known = np.isfinite(each).all(axis=0)
        if known.sum() < 2:
            return None
        a, b, each = a[known], b[known], each[:, known]
        try:
            together = self._checked(self.function(a.copy(), b.copy()), a, b)
        except Exception:  # of whatever kind: it takes numbers, and that is enough
            return False
        return bool(np.allclose(together, each, _ROUNDING, _ROUNDING * np.abs(each).max()))

    def _together(self, a: Array, b: Array) -> Array:
        try:
            found = self.function(a.copy(), b.copy())  # into which it may write
        except MISTAKES:
            raise
        except Exception:  # of whatever kind: a single point says more
            if len(a) == 1:
                return np.full((self.count, 1), np.nan, a.dtype)
            half = len(a) // 2
            parts = self._together(a[:half], b[:half]), self._together(a[half:], b[half:])
            return np.concatenate(parts, axis=1)
        return self._checked(found, a, b)

    def _one_by_one(self, a: Array, b: Array) -> Array:
        # Python's own floats are many times faster than NumPy's.
        numbers = (a.tolist(), b.tolist()) if a.dtype == np.float64 else (a, b)
        found = [self.at(*point) for point in zip(*numbers, strict=True)]
        return np.array(found, a.dtype).reshape(-1, self.count).T

    def _checked(self, found: Any, a: Any, b: Any) -> Array:
        """Return what it returned at (a, b), if that is as many real numbers as it should be."""
        try:
            rows = as_rows(found, self.count, np.size(a))
        except (TypeError, ValueError) as error:
            why = f": {error}" if str(error) else ""
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(self._refusal(found, a, b) + why) from error
        return np.array(rows, np.result_type(a))

    def _refusal(self, found: Any, a: Any, b: Any) -> str:
        shape, what = np.shape(a), as_said(found)
        if shape:
            wanted = "two arrays" if self.count > 1 else "an array"
            return (
                f"{self.name} must return {wanted} of real numbers of shape {shape} for arrays of "
                f"that shape, but it returned {what}"
            )
        wanted = "two real numbers" if self.count > 1 else "a real number"
        return (
            f"{self.name} must return {wanted}, but {self.name}({a:.6g}, {b:.6g}) returned {what}"
        )
