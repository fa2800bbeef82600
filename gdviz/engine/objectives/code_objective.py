"""The objective of a person's own Python code, which knows no derivative but what it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Self

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array, Precision
from gdviz.engine.objectives.code_ref import GRADIENT, HESSIAN, VALUE, Code, CodeError, CodeRunner
from gdviz.engine.objectives.objective import BlackBox
from gdviz.engine.objectives.quantities import Quantity

#: Points in one request: some megabytes at the most, whatever the code makes of them.
_BLOCK = 65_536
#: What there is of a quantity at a point, if that is more than a number.
_SHAPES: dict[str, tuple[int, ...]] = {"gradient": (2,), "hessian": (3,)}

#: How many times more float32 rounds than float64.
_SINGLE = float(np.finfo(np.float32).eps) / float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class CodeObjective(BlackBox):
    """The functions ``loss`` and ``gradient`` of a Python file.

    Unlike other objectives it may raise :class:`~gdviz.engine.objectives.code_ref.CodeError` and,
    when the person interrupts it, :class:`~gdviz.base.cancel.Cancelled`.

    Parameters
    ----------
    code : Code
        Which code.
    runner : CodeRunner, optional
        What runs it; without one it cannot be evaluated. Run again it is another function: what
        it imports may have changed.
    cancelled : callable, optional
        Tells whether what is computed is no longer wanted: see :meth:`cancelled_by`.
    domain : Range, optional
        Outside of it nothing is asked for: see :meth:`within`.
    """

    code: Code
    runner: CodeRunner | None = None
    cancelled: Callable[[], bool] = field(default=bool, compare=False, repr=False)
    domain: Range | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.code.name

    @property
    def no_gradient(self) -> str:
        """Why there is no ∇f, where the file defines none, and no library knows it."""
        if self.code.has_gradient:
            return ""
        if self.code.no_gradient:
            return f"{self.name} has no gradient: {self.code.no_gradient}"
        return f"{self.name} defines no {self._own_gradient}"

    @property
    def parameters(self) -> tuple[str, str]:
        """What the function calls its arguments."""
        return self.code.parameters

    @property
    def _own_gradient(self) -> str:
        return f"gradient({', '.join(self.parameters)})"

    @property
    def no_hessian(self) -> str:
        """That there are no second derivatives, where no library knows them."""
        return "" if self.code.has_hessian else super().no_hessian

    @property
    def hessian_gradients(self) -> int:
        """How many gradients a Hessian takes, as it is differences of those of a file's own."""
        return self.code.hessian_gradients

    @property
    def no_complex_value(self) -> str:
        """That complex numbers were tried when the file was opened, and not taken, if so."""
        if self.code.takes_complex:
            return ""
        loss = f"{self.code.loss} of {self.name}"
        return f"{loss} was tried with complex numbers and does not take them"

    @property
    def spelled(self) -> tuple[str, str]:
        """How f is called in the file, and its gradient, or what differentiates it."""
        if self.runner is None:
            return self.code.loss, self._own_gradient
        facts = self.runner.facts
        return self.code.loss, facts.autodiff or facts.gradient

    @property
    def seconds_a_point(self) -> float:
        """About what a value takes, as it was timed."""
        return self.runner.seconds if self.runner else 0.0

    @property
    def coarseness(self) -> float:
        """That of float32, where the code was found to compute in that."""
        return _SINGLE if self.code.is_single else 1.0

    def arithmetic(self, precision: Precision) -> str:
        """Say in what f is computed; there are about 7 digits of it where the code has no more."""
        short = self.code.short
        is_less = short or (self.code.is_single and precision == "float64")
        return f"{precision}, f in {short or 'float32'}" if is_less else precision

    def why_undefined(self, a: float, b: float) -> str:
        """Say what the code raises at a point, if it does; it is called for that."""
        why = self.runner.hole((a, b)) if self.runner else ""
        return f"outside the domain of {self.code.loss} ({why})" if why else ""

    def cancelled_by(self, cancelled: Callable[[], bool]) -> Self:
        """Return the same function, whose calls are given up once `cancelled` says so."""
        return replace(self, cancelled=cancelled)

    def within(self, extent: Range) -> Self:
        """Return the same function on a range alone: outside it has no value, and is not called."""
        return replace(self, domain=extent)

    def evaluate(self, quantity: Quantity, a: Array, b: Array) -> Array:
        """Return what the file's function returns at points."""
        if self.domain is None:
            return self._evaluated(quantity, a, b)
        a_low, a_high, b_low, b_high = self.domain
        inside = (a.real >= a_low) & (a.real <= a_high) & (b.real >= b_low) & (b.real <= b_high)
        kind = np.result_type(a, b, np.float64)  # complex steps have complex values
        found = np.full((*_SHAPES.get(quantity, ()), len(a)), np.nan, kind)
        if inside.any():
            found[..., inside] = self._evaluated(quantity, a[inside], b[inside])
        return found

    def _evaluated(self, quantity: Quantity, a: Array, b: Array) -> Array:
        if self.runner is None:
            import shlex  # not on the way to the first frame

            raise CodeError(
                f"{self.name} is Python code, which is run only when you open it yourself: "
                f"gdviz open {shlex.quote(self.code.path)}"
            )
        kind = {"gradient": GRADIENT, "hessian": HESSIAN}.get(quantity, VALUE)
        call = partial(self.runner.call, kind, cancelled=self.cancelled)
        parts, done = [call(a[:_BLOCK], b[:_BLOCK])], 0
        while (done := done + parts[-1].shape[-1]) < len(a):
            block = slice(done, done + _BLOCK)
            parts.append(call(a[block], b[block]))
        return np.concatenate(parts, axis=-1)
