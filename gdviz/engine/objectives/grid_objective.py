"""The objective of a grid of losses: the interpolant, with its own exact derivatives."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.base.format import number
from gdviz.base.types import Array
from gdviz.engine.objectives.interpolation.bicubic import interpolant
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.quantities import Arithmetic, Quantity

#: About what a scalar call costs, in operations of a formula on floats: 0.8 and 1.0 µs.
_EFFORT = {"value": 16.0, "complex value": 36.0, "gradient": 24.0, "hessian": 26.0}
#: f is that of a cell up to this part of what the cells around differ by.
_SHOWN = 1e-6


@dataclass(frozen=True)
class GridObjective(Objective):
    """A grid of losses as a function: see :mod:`gdviz.engine.objectives.interpolation.bicubic`.

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

    def why_doubtful(self, a: float, b: float) -> str:
        """Say that a stationary point lies between cells which do not show it, and what they show.

        They do where they resolve f, and if f is that of a cell, as at every lowest cell.
        """
        cell = self._cell(a, b)
        around = self.grid.array[cell]
        if interpolant(self.grid).resolved[cell].all() or not np.isfinite(around).all():
            return ""
        apart = np.abs(around - self.value(a, b))
        if apart.min() <= _SHOWN * np.ptp(around):
            return ""
        return (
            "between cells that do not show it, where it is an artefact of the interpolation (the "
            f"lowest cell around has f = {number(around.min(), 6)})"
        )

    def remark_at(self, a: float, b: float) -> str:
        """Say that f is below or above all cells around a point; empty where it is not."""
        around = self.grid.array[self._cell(a, b)]
        around, f = around[~np.isnan(around)], self.value(a, b)  # a cell may be missing
        if not around.size or math.isnan(f):
            return ""
        low, high = float(around.min()), float(around.max())
        slack = _SHOWN * (high - low)
        if low - slack <= f <= high + slack:
            return ""
        which, end = ("below", low) if f < low else ("above", high)
        least = "lowest" if f < low else "highest"
        return (
            f"this f is interpolated and {which} the cells around, of which the {least} is "
            f"{number(end, 6)}"
        )

    def _cell(self, a: float, b: float) -> tuple[slice, slice]:
        """Return where the corners of the cell stand that holds a point."""
        i, j = (
            int(np.searchsorted(axis[1:-1], x))
            for axis, x in zip(self.grid.axes, (a, b), strict=True)
        )
        return slice(j, j + 2), slice(i, i + 2)

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
