"""Parameters in TensorFlow's tensors: those of Keras's models that run on it, and others."""

import sys
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
from gdviz.engine.objectives.network.peak_memory import UNCOUNTED, NotMeasured
from gdviz.engine.objectives.returned import Array

_LEFT = (
    "TensorFlow's GradientTape cannot follow the loss back to its parameters: it goes through "
    ".numpy(), tf.stop_gradient or NumPy"
)


def _tensorflow() -> Any:
    return sys.modules["tensorflow"]  # the person's file has imported it, or Keras has


class TensorflowArrays(Arrays):
    """What can be done with TensorFlow's tensors, each operation a call of its own.

    Its functions are not all differentiated twice: ``tf.nn.moments``, of batch normalisation, stops
    the gradient through a mean, by which a first derivative is right, and a second one is not.
    """

    autodiff = "TensorFlow's GradientTape"
    filter_axis = -1
    meter = UNCOUNTED
    is_twice_differentiated = False

    def holds(self, value: Any) -> bool:
        """Tell whether it is a tensor or a variable."""
        tensorflow = _tensorflow()
        return isinstance(value, tensorflow.Tensor | tensorflow.Variable)

    def why_not(self, value: Any) -> str:
        """Say that it holds no real numbers, or is not in this machine's memory."""
        if not value.dtype.is_floating:
            return f"it holds {value.dtype.name}, not real numbers"
        if "CPU:" not in value.device:
            return f"it is on the device {value.device}, not on the CPU: use tf.device('CPU:0')"
        return ""

    def plain(self, value: Any) -> Array:
        """Return it in float64 or float32."""
        array = np.asarray(value)
        return array if array.dtype == np.float64 else array.astype(np.float32)

    def like(self, value: Array, leaf: Any = None) -> Any:
        """Return it in the type of a leaf, or its own."""
        return _tensorflow().constant(value, None if leaf is None else leaf.dtype)

    def value(self, forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns."""
        with forward.displaced(leaves) as variables:
            return forward(variables)

    def batched(self, _forward: Forward, _plane: AffinePlane, _size: int) -> Callable[..., Array]:
        """Refuse: nothing does that, as it is said."""
        raise NotImplementedError

    def gradient(self, forward: Forward, leaves: Leaves) -> Leaves:
        """Return the derivatives by all parameters."""
        with _tensorflow().GradientTape() as tape:
            tape.watch(leaves)
            found = self._tensor(forward, leaves)
        slopes = tape.gradient(found, leaves)
        if all(slope is None for slope in slopes):
            raise NotDifferentiable(_LEFT)
        return [
            leaf * 0 if slope is None else _tensorflow().convert_to_tensor(slope)
            for slope, leaf in zip(slopes, leaves, strict=True)
        ]

    def slope(self, forward: Forward, leaves: Leaves, vector: Leaves) -> Any:
        """Return the slope along a vector, by what accumulates tangents.

        Parameters
        ----------
        forward : Forward
            The loss.
        leaves : sequence of arrays
            The parameters.
        vector : sequence of arrays
            Shaped and typed as they are.
        """
        with _tensorflow().autodiff.ForwardAccumulator(list(leaves), list(vector)) as tangents:
            found = self._tensor(forward, leaves)
        if (slope := tangents.jvp(found)) is None:
            raise NotDifferentiable(_LEFT)
        return slope

    def curvature(self, _f: Forward, _leaves: Leaves, _vectors: Sequence[Leaves]) -> list[Leaves]:
        """Refuse: second derivatives are differences of gradients."""
        raise NotDifferentiable("TensorFlow does not differentiate it twice")

    def planned(self, _forward: Forward, _leaves: Leaves) -> tuple[float, float]:
        """Refuse: neither a compiler nor an allocator tells."""
        raise NotMeasured("TensorFlow counts no memory but that of other devices than the CPU")

    def _tensor(self, forward: Forward, leaves: Leaves) -> Any:
        """Return the loss as a tensor of one number."""
        found = self.value(forward, leaves)
        if not self.holds(found):
            raise NotDifferentiable(
                f"{self.autodiff} cannot follow the loss: it returns no tensor but "
                f"{type(found).__name__}"
            )
        return _tensorflow().reduce_sum(found)
