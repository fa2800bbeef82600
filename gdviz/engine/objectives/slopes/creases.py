"""The gradient of a formula beside and at the creases of its operations, and what a method takes.

A crease is a curve on which an operation has a kink or a jump; the whole function may be smooth
there, and have a gradient that the formula's derivatives are not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.language.backends import MATH
from gdviz.engine.language.compiler import RAISED
from gdviz.engine.language.formula import Formula, Quantity
from gdviz.engine.objectives.quantities import Arithmetic
from gdviz.engine.objectives.slopes.exact_sides import are_hidden, past_rounding
from gdviz.engine.objectives.slopes.one_sided_derivatives import NEAR, NOISE, level, one_sided
from gdviz.engine.objectives.slopes.overflow import past_overflow

#: Derivatives of two sides that differ by more than this part of them differ.
_CLEARLY = 1e-3


@dataclass(frozen=True, slots=True)
class Creases:
    """A formula's gradient, in float64, with a closer look at its creases.

    Parameters
    ----------
    formula : Formula
        The formula.
    arguments : callable
        Returns what its functions take after a and b, as numbers of a type, by default float64.
    evaluate : callable
        Returns a quantity of the formula, uncounted, at arrays a and b.
    is_over_data : bool
        Whether it is a sum over rows, of which single points are not looked at on floats.
    """

    formula: Formula
    arguments: Callable[..., Sequence[Any]]
    evaluate: Callable[[Quantity, Any, Any], tuple[Array, ...]]
    is_over_data: bool

    def values(self, a: Any, b: Any) -> Array:
        """Return f on arrays that are broadcast against each other."""
        return self.evaluate("value", a, b)[0]

    def gradients(self, a: Any, b: Any, *, is_one_taken: bool) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) on arrays that are broadcast against each other.

        Parameters
        ----------
        a, b : float or ndarray
            The points.
        is_one_taken : bool
            Where f itself has no derivative, whether it is what the formula's are taken for, or
            nan.
        """
        return self.closer(a, b, *self.evaluate("creases", a, b), is_one_taken=is_one_taken)

    def closer(
        self, a: Any, b: Any, in_a: Array, in_b: Array, *creases: Array, is_one_taken: bool
    ) -> tuple[Array, Array]:
        """Return a gradient that is the whole function's where an operation has a kink.

        Parameters
        ----------
        a, b, is_one_taken
            As of :meth:`gradients`.
        in_a, in_b : ndarray
            The formula's derivatives there.
        *creases : ndarray
            What is zero on its creases.
        """
        if not creases and np.isfinite(in_a).all() and np.isfinite(in_b).all():
            return in_a, in_b  # as nearly always: a frame of a drag asks for them three times
        in_a, in_b = level(self.values, (a, b), (in_a, in_b))
        in_a, in_b = past_overflow(
            self.formula, self.arguments(), self.values, (a, b), (in_a, in_b)
        )
        taken = in_a, in_b
        is_hidden = ~(np.isfinite(in_a) & np.isfinite(in_b))
        if is_hidden.any():
            is_hidden &= np.isfinite(self.values(a, b))
        is_on = np.logical_or.reduce([is_hidden & False, *(crease == 0.0 for crease in creases)])
        if is_on.any():
            at = [np.broadcast_to(x, is_on.shape)[is_on] for x in (a, b)]
            found = one_sided(
                lambda *at: (*self.evaluate("gradient", *at), self.values(*at)),
                (at[0], at[1]), (in_a[is_on], in_b[is_on]), is_one_taken,
            )  # fmt: skip
            in_a, in_b, is_hidden = np.array(in_a), np.array(in_b), np.array(is_hidden)
            in_a[is_on], in_b[is_on] = found
            is_hidden[is_on] |= are_hidden(lambda *at: self.evaluate("creases", *at)[2:], at)
        if is_hidden.any():
            given = self.formula, self.arguments()
            in_a, in_b = past_rounding(
                *given, (a, b), (in_a, in_b), is_hidden, taken if is_one_taken else None
            )
        return in_a, in_b

    def taken(self, a: float, b: float) -> tuple[float, float]:
        """Return what a method takes for the gradient at a point."""
        if (taken := self._taken_unless_kinks_cancel(a, b)) is not None:
            return taken
        found = self.gradients(a, b, is_one_taken=True)
        return float(found[0]), float(found[1])

    def _taken_unless_kinks_cancel(self, a: float, b: float) -> tuple[float, float] | None:
        """Return what the formula's derivatives are taken for, where f needs no closer look.

        It does where the derivatives of either side are the same, and others than these. A path may
        creep along a kink for thousands of steps.
        """
        if self.is_over_data:
            return None
        gradient, arguments = self.formula.compiled("gradient", MATH), self.arguments(float)
        step_a, step_b = NEAR * max(1.0, abs(a)), NEAR * max(1.0, abs(b))
        try:
            taken = gradient(a, b, *arguments)
            sides = (
                (gradient(a - step_a, b, *arguments)[0], gradient(a + step_a, b, *arguments)[0]),
                (gradient(a, b - step_b, *arguments)[1], gradient(a, b + step_b, *arguments)[1]),
            )
        except RAISED:
            return None
        for one, (before, after) in zip(taken, sides, strict=True):
            noise = NOISE * (abs(before) + abs(after))
            is_taken = abs(before - one) <= noise and abs(after - one) <= noise
            if not (is_taken or abs(after - before) > _CLEARLY * (abs(before) + abs(after))):
                return None
        return float(taken[0]), float(taken[1])

    def beside(
        self, function: Callable[[Any, Any], Any], arithmetic: Arithmetic
    ) -> Callable[[Any, Any], Any]:
        """Return a function for the gradient as a method takes it.

        Parameters
        ----------
        function : callable
            Returns what "creases" has, in the arithmetic.
        arithmetic : Arithmetic
            That of the method.
        """

        def call(a: Any, b: Any) -> Any:
            in_a, in_b, *creases = function(a, b)
            if arithmetic.arrays:
                parts = np.broadcast_arrays(in_a, in_b, *creases)
                found = self.closer(a, b, *parts, is_one_taken=True)
                # Of some points alone it is looked for in float64: the others are as they were.
                dtype: Any = arithmetic.ieee
                return tuple(part.astype(dtype, copy=False) for part in found)
            if all(creases) and in_a == in_a and in_b == in_b:  # and is no nan
                return in_a, in_b
            return tuple(map(arithmetic.real, self.taken(float(a), float(b))))

        return call
