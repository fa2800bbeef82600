"""Parameters in NumPy's arrays, which nothing differentiates by itself."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdviz.engine.objectives.network.forward import (
    AffinePlane,
    Arrays,
    Forward,
    Leaves,
    NotDifferentiable,
)
from gdviz.engine.objectives.network.peak_memory import TRACED
from gdviz.engine.objectives.returned import Array


class NumpyArrays(Arrays):
    """What can be done with NumPy's arrays and numbers, and with Python's floats."""

    autodiff = ""
    filter_axis = -1
    meter = TRACED

    def holds(self, value: Any) -> bool:
        """Tell whether it is an array or a number of NumPy's, or a float."""
        return isinstance(value, np.ndarray | np.generic | float)

    def why_not(self, value: Any) -> str:
        """Say that it holds no real numbers, if so."""
        kind = np.asarray(value).dtype
        return "" if kind.kind == "f" else f"it holds {kind}, not real numbers"

    def plain(self, value: Any) -> Array:
        """Return it in float64 or float32."""
        array = np.asarray(value)
        return array if array.dtype == np.float64 else array.astype(np.float32, copy=False)

    def like(self, value: Array, leaf: Any = None) -> Any:
        """Return it in the type of a leaf, or its own."""
        return value if leaf is None else value.astype(np.asarray(leaf).dtype)

    def value(self, forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns of arrays of its own."""
        with forward.displaced(leaves) as variables:
            return forward(variables)

    def batched(self, _forward: Forward, _plane: AffinePlane, _size: int) -> Callable[..., Array]:
        """Refuse: nothing does that, as it is said."""
        raise NotImplementedError

    def gradient(self, _forward: Forward, _leaves: Leaves) -> Leaves:
        """Refuse: nothing recorded what was computed."""
        raise NotDifferentiable("it defines no gradient(parameters)")

    def slope(self, _forward: Forward, _leaves: Leaves, _vector: Leaves) -> Any:
        """Refuse: there are no tangents beside its values."""
        raise NotDifferentiable("NumPy carries no tangents")

    def curvature(self, _f: Forward, _leaves: Leaves, _vectors: Sequence[Leaves]) -> list[Leaves]:
        """Refuse likewise."""
        raise NotDifferentiable("NumPy does not differentiate it")
