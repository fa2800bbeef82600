"""A loss of JAX, and its derivatives, compiled where they can be traced and agree with plain code.

Without that each operation is a call of its own, and a gradient takes as long as many losses.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdviz.engine.objectives.network.batches import within_rounding
from gdviz.engine.objectives.network.forward import Forward, Leaves
from gdviz.engine.objectives.network.jax_trees import JaxArrays
from gdviz.engine.objectives.network.vectors import flat
from gdviz.engine.objectives.returned import Array

Function = Callable[..., Any]
#: By how much arguments are scaled to compare at: at θ* a gradient may be what rounding leaves.
_BESIDE = 1.05


class CompilingJax(JaxArrays):
    """What can be done with JAX's arrays, of which each loss is compiled for itself."""

    def fitted(self, forward: Forward) -> JaxArrays:
        """Return what compiles the loss and its derivatives."""
        return _CompiledJax(forward)


class _CompiledJax(JaxArrays):
    """JAX's arrays, and one loss of them.

    Parameters
    ----------
    forward : Forward
        The loss, which is the only one that it is asked for.
    """

    def __init__(self, forward: Forward) -> None:
        of_loss = JaxArrays()
        self._value = _Compiled(lambda leaves: of_loss.value(forward, leaves))
        self._gradient = _Compiled(lambda leaves: of_loss.gradient(forward, leaves), 1)
        self._slope = _Compiled(lambda leaves, v: of_loss.slope(forward, leaves, v), 1)
        self._curvature = _Compiled(lambda leaves, v: of_loss.curvature(forward, leaves, v))

    @property
    def note(self) -> str:
        """What has to be said of the losses, once one was computed."""
        if not self._value.is_compiled:
            return ""
        return (
            "the loss is compiled by jax.jit, and agrees with plain calls to rounding; so are its "
            "derivatives where they do"
        )

    def value(self, _forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns."""
        return self._value(list(leaves))

    def gradient(self, _forward: Forward, leaves: Leaves) -> Leaves:
        """Return the derivatives by all parameters."""
        slopes: Leaves = self._gradient(list(leaves))
        return slopes

    def slope(self, _forward: Forward, leaves: Leaves, vector: Leaves) -> Any:
        """Return the slope along a vector.

        Parameters
        ----------
        leaves : sequence of arrays
            The parameters.
        vector : sequence of arrays
            Shaped and typed as they are.
        """
        return self._slope(list(leaves), list(vector))

    def curvature(
        self, _forward: Forward, leaves: Leaves, vectors: Sequence[Leaves]
    ) -> list[Leaves]:
        """Return the Hessian times each of some vectors."""
        products: list[Leaves] = self._curvature(list(leaves), list(map(list, vectors)))
        return products


class _Compiled:
    """A function of arrays, compiled to one call if it can be traced, and agrees.

    Parameters
    ----------
    plain : callable
        The function.
    after : int, default 0
        How many calls are not worth it: most need no second gradient.
    """

    def __init__(self, plain: Function, after: int = 0) -> None:
        self._plain, self._left = plain, after
        self._function: Function | None = None

    @property
    def is_compiled(self) -> bool:
        """Whether it is."""
        return self._function is not None and self._function is not self._plain

    def __call__(self, *arguments: Any) -> Any:
        if self._left:
            self._left -= 1
            return self._plain(*arguments)
        if self._function is None:
            self._function = self._chosen(arguments)
        return self._function(*arguments)

    def _chosen(self, arguments: tuple[Any, ...]) -> Function:
        jax: Any = sys.modules["jax"]
        compiled: Function = jax.jit(self._plain)
        try:
            for at in (jax.tree.map(lambda leaf: leaf * _BESIDE, arguments), arguments):
                wanted = self._plain(*at)
                if np.isfinite(known := _flat(wanted)).all():
                    break
            found = _flat(compiled(*at))
            size, off = float(np.linalg.norm(known)), float(np.linalg.norm(found - known))
            is_same = within_rounding(size + off, size, _eps(wanted))
        except Exception:  # of whatever kind: not all can be traced
            return self._plain
        return compiled if is_same else self._plain


def _flat(found: Any) -> Array:
    return flat(sys.modules["jax"].tree.leaves(found))


def _eps(found: Any) -> float:
    jax: Any = sys.modules["jax"]
    return max(float(jax.numpy.finfo(leaf.dtype).eps) for leaf in jax.tree.leaves(found))
