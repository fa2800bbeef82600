"""The objective of a person's own Python code, which knows no derivative but what it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.base.types import Array
from gdviz.engine.objectives.code_ref import GRADIENT, RUNS, VALUE, Code
from gdviz.engine.objectives.objective import Arithmetic, Objective, Quantity

#: Points in one call: some megabytes at the most, whatever the code makes of them.
_BLOCK = 65_536


@dataclass(frozen=True)
class CodeObjective(Objective):
    """The functions ``loss`` and ``gradient`` of a Python file.

    Unlike other objectives it may raise :class:`~gdviz.engine.objectives.code_ref.CodeError` and,
    when the person interrupts it, :class:`~gdviz.base.cancel.Cancelled`.

    Parameters
    ----------
    code : Code
        Which code; it must have been opened.

    Attributes
    ----------
    run : int
        How often it had been: opened again, it is another function.
    """

    code: Code
    run: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "run", RUNS[self.code])

    @property
    def no_gradient(self) -> str:
        """Why there is no ∇f, where the file defines none."""
        return "" if self.code.has_gradient else f"{self.code.name} defines no gradient(a, b)"

    @property
    def no_hessian(self) -> str:
        """Why there is no Hessian: a file never defines one."""
        return f"{self.code.name} has no second derivatives"

    def effort(self, _quantity: Quantity) -> float:
        """Return infinity: nobody knows how long somebody's code takes."""
        return np.inf

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        return self._evaluate(VALUE, *_together(a, b))

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays, broadcast likewise; nan if not defined."""
        points = _together(a, b)
        if not self.code.has_gradient:
            return np.full(points[0].shape, np.nan), np.full(points[0].shape, np.nan)
        in_a, in_b = self._evaluate(GRADIENT, *points)
        return in_a, in_b

    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return nan: second derivatives are not known."""
        shape = _together(a, b)[0].shape
        return np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)

    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[[Any, Any], Any]:
        """Return a call of the code that is counted; what it does not define is nan."""
        asked = {"value": VALUE, "gradient": GRADIENT}.get(quantity)
        real = arithmetic.ieee

        def number(values: Any) -> Any:
            return values.item() if arithmetic.on_floats else values[()]

        def call(a: Any, b: Any) -> Any:
            tally[0] += kind
            points = _together(a, b, real)
            if asked is None or (asked == GRADIENT and not self.code.has_gradient):
                size = {"gradient": 2, "hessian": 3}.get(quantity, 1)
                return (real(np.nan),) * size if size > 1 else real(np.nan)
            found = self._evaluate(asked, *points)
            return tuple(map(number, found)) if asked == GRADIENT else number(found)

        return call

    def _evaluate(self, kind: int, a: Array, b: Array) -> Array:
        # Most never open code, and need not wait for multiprocessing to be imported.
        from gdviz.engine.objectives.code_process import process_of

        process = process_of(self.code)
        flat_a, flat_b = a.ravel(), b.ravel()
        parts = [
            process.call(kind, flat_a[first : first + _BLOCK], flat_b[first : first + _BLOCK])
            for first in range(0, max(1, a.size), _BLOCK)
        ]
        numbers = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
        shape = (2, *a.shape) if kind == GRADIENT else a.shape
        return numbers.reshape(shape)


def _together(a: ArrayLike, b: ArrayLike, real: Any = np.float64) -> tuple[Array, Array]:
    first, second = np.broadcast_arrays(np.asarray(a, real), np.asarray(b, real))
    return first, second
