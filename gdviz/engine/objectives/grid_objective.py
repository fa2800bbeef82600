"""The objective of a grid of losses: the interpolant, with its own exact derivatives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from gdviz.base.types import Array
from gdviz.engine.objectives.bicubic import interpolant
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import Arithmetic, Objective, Quantity

#: About what a scalar call costs, in operations of a formula on floats: 0.8 and 1.0 µs.
_EFFORT = {"value": 16.0, "complex value": 36.0, "gradient": 24.0, "hessian": 26.0}


@dataclass(frozen=True)
class GridObjective(Objective):
    """A grid of losses as a function: see :mod:`gdviz.engine.objectives.bicubic`.

    Parameters
    ----------
    grid : LossGrid
        The losses. Outside it, and in its holes, f is nan.
    """

    grid: LossGrid

    @property
    def is_smooth(self) -> bool:
        """Whether f has no kink: the interpolant and its gradient are continuous."""
        return True

    def why_undefined(self, a: float, b: float) -> str:
        """Say whether a point is outside the grid, or among its missing cells."""
        if not self.grid.range.contains(a, b):
            return "outside the grid of losses"
        return "among the missing cells of the grid"

    def effort(self, quantity: Quantity) -> float:
        """Return about what a quantity costs, whatever the grid."""
        return _EFFORT[quantity]

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        return interpolant(self.grid).values(a, b)

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays that are broadcast against each other."""
        return interpolant(self.grid).gradients(a, b)

    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) in float64 on arrays, broadcast likewise."""
        return interpolant(self.grid).hessians(a, b)

    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[[Any, Any], Any]:
        """Return one of the interpolant's functions, counted."""
        kinds = interpolant(self.grid).functions(arithmetic.precision, arrays=arithmetic.arrays)
        function = getattr(kinds, quantity.replace(" ", "_"))

        def call(a: Any, b: Any) -> Any:
            tally[0] += kind
            return function(a, b)

        return call
