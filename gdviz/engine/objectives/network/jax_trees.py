"""Parameters in JAX's arrays, and models that are nested structures of them."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdviz.engine.objectives.code_child.signature import needed
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.forward import (
    AffinePlane,
    Arrays,
    Forward,
    Leaves,
    NotDifferentiable,
)
from gdviz.engine.objectives.network.peak_memory import PLANNED, NotMeasured
from gdviz.engine.objectives.network.trees import take_apart
from gdviz.engine.objectives.returned import Array


def _jax() -> Any:
    return sys.modules["jax"]  # the person's file has imported it


class JaxArrays(Arrays):
    """What can be done with JAX's arrays."""

    autodiff = "jax.grad"
    filter_axis = -1
    meter = PLANNED
    batched_by = "jax.vmap, compiled by jax.jit"

    def batched(self, forward: Forward, plane: AffinePlane, size: int) -> Callable[..., Array]:
        """Return a compiled function of many a and b, which are as many as it was compiled for.

        Parameters
        ----------
        forward : Forward
            The loss.
        plane : AffinePlane
            Where the cells lie.
        size : int
            How many there are at the most.
        """
        jax = _jax()

        def one(a: Any, b: Any, centre: Leaves, axes: Sequence[Leaves]) -> Any:
            leaves = [
                c + a.astype(c.dtype) * d + b.astype(c.dtype) * e if is_moved else c
                for c, d, e, is_moved in zip(centre, *axes, plane.is_moved, strict=True)
            ]
            return jax.numpy.reshape(forward.functional(leaves), ())

        every = jax.jit(jax.vmap(one, (0, 0, None, None)))
        centre, axes = list(plane.centre), list(map(list, plane.axes))

        def losses(a: Array, b: Array) -> Array:
            more = 0, size - len(a)
            found = every(np.pad(a, more, "edge"), np.pad(b, more, "edge"), centre, axes)
            return np.asarray(found, np.float64)[: len(a)]

        return losses

    def holds(self, value: Any) -> bool:
        """Tell whether it is an array of JAX's."""
        return isinstance(value, _jax().Array)

    def why_not(self, value: Any) -> str:
        """Say that it holds no real numbers, or is not in this machine's memory."""
        if not _is_real(value):
            return f"it holds {value.dtype}, not real numbers"
        elsewhere = [str(place) for place in value.devices() if place.platform != "cpu"]
        move = 'jax.device_put(…, jax.devices("cpu")[0])'
        return f"it is on {elsewhere[0]}, not on the CPU: use {move}" if elsewhere else ""

    def plain(self, value: Any) -> Array:
        """Return it in float64 or float32."""
        array = np.asarray(value)
        return array if array.dtype == np.float64 else array.astype(np.float32)

    def like(self, value: Array, leaf: Any = None) -> Any:
        """Return it in the type of a leaf, or its own, which may be rounded to float32."""
        return _jax().numpy.asarray(value, None if leaf is None else leaf.dtype)

    def value(self, forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns."""
        with forward.displaced(leaves) as variables:
            return forward(variables)

    def gradient(self, forward: Forward, leaves: Leaves) -> Leaves:
        """Return the derivatives by all parameters."""
        slopes: Leaves = _jax().grad(self._scalar(forward))(list(leaves))
        return slopes

    def slope(self, forward: Forward, leaves: Leaves, vector: Leaves) -> Any:
        """Return the slope along a vector: one Jacobian–vector product.

        Parameters
        ----------
        forward : Forward
            The loss.
        leaves : sequence of arrays
            The parameters.
        vector : sequence of arrays
            Shaped and typed as they are.
        """
        return _jax().jvp(self._scalar(forward), (list(leaves),), (list(vector),))[1]

    def planned(self, forward: Forward, leaves: Leaves) -> tuple[float, float]:
        """Return the bytes of temporaries and results of a compiled loss, and of its gradient.

        Arrays that come and go one by one leave no mark: the process keeps their memory.

        Parameters
        ----------
        forward : Forward
            The loss.
        leaves : sequence of arrays
            The parameters.

        Raises
        ------
        NotMeasured
            If ``jax.jit`` cannot compile it, or its compiler has no plan.
        """
        jax, loss = _jax(), self._scalar(forward)
        try:
            plans = [
                jax.jit(function).lower(list(leaves)).compile().memory_analysis()
                for function in (loss, jax.grad(loss))
            ]
            bytes_ = [float(p.temp_size_in_bytes + p.output_size_in_bytes) for p in plans]
        except Exception as error:  # of whatever kind: it is for one sentence alone
            raise NotMeasured(
                f"jax.jit cannot compile the loss ({type(error).__name__}), whose memory XLA plans"
            ) from None
        return bytes_[0], bytes_[1]

    def curvature(
        self, forward: Forward, leaves: Leaves, vectors: Sequence[Leaves]
    ) -> list[Leaves]:
        """Return the Hessian times each of some vectors, forward over reverse."""
        slope = _jax().grad(self._scalar(forward))
        return [_jax().jvp(slope, (list(leaves),), (list(vector),))[1] for vector in vectors]

    def _scalar(self, forward: Forward) -> Callable[[Leaves], Any]:
        def loss(leaves: Leaves) -> Any:
            found = self.value(forward, leaves)
            if not self.holds(found):
                raise NotDifferentiable(
                    "jax.grad cannot follow the loss: it returns no array of JAX's but "
                    f"{type(found).__name__}"
                )
            return found.sum()

        return loss


def _is_real(value: Any) -> bool:
    jax = _jax()
    return bool(jax.numpy.issubdtype(value.dtype, jax.numpy.floating))


def tree_forward(model: Any, loss: Callable[..., Any]) -> Forward | None:
    """Return the loss of a nested structure, of which the arrays of real numbers are displaced.

    None if there is no such array.

    Raises
    ------
    CodeError
        If the loss does not take the model: then it would not be displaced.
    """
    arrays, tree = JaxArrays(), take_apart(model)
    places = [i for i, leaf in enumerate(tree.leaves) if arrays.holds(leaf) and _is_real(leaf)]
    if not places:
        return None
    if not needed(loss):
        raise CodeError(
            "loss() cannot see displaced parameters of a model that is a structure of JAX's "
            "arrays: write loss(model)"
        )

    def rebuild(leaves: Leaves) -> Any:
        whole = list(tree.leaves)
        for place, leaf in zip(places, leaves, strict=True):
            whole[place] = leaf
        return tree.rebuild(whole)

    equinox = sys.modules.get("equinox")
    first = equinox is not None and isinstance(model, equinox.Module)
    names = tuple(tree.names[i] for i in places)
    centre = [tree.leaves[i] for i in places]
    return Forward(names, centre, loss, rebuild, 0 if first else None)
