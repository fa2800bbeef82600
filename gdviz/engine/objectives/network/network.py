"""A network as it is found in a file: its parameters, its loss, and what differentiates it."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from gdviz.base.format import number
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.adapters import arrays_of
from gdviz.engine.objectives.network.forward import (
    AffinePlane,
    Arrays,
    Forward,
    Leaves,
    NotDifferentiable,
)
from gdviz.engine.objectives.network.trees import take_apart
from gdviz.engine.objectives.network.vectors import flat, not_finite, place
from gdviz.engine.objectives.returned import Array, as_said

#: Characters of what a library raised that a sentence has.
_MOST = 120
#: The units of rounding of the two precisions.
SINGLE_EPS, _DOUBLE_EPS = float(np.finfo(np.float32).eps), float(np.finfo(np.float64).eps)
#: The step of differences of gradients, as a part of the parameters: by eps^(1/3).
_ROOT = 1.0 / 3.0


class Network:
    """A loss of N parameters.

    Parameters
    ----------
    forward : Forward
        The loss.
    own_gradient : callable, optional
        ``gradient(parameters)`` of the person's.
    tick : callable, optional
        Called before each call of their code.

    Attributes
    ----------
    forward : Forward
        The loss.
    arrays : Arrays
        The library of the parameters.
    names : tuple of str
        What the arrays of parameters are called.
    centre : list of ndarray
        θ*, as NumPy's arrays.
    loss_at_centre : float
        The loss at θ*.
    passes : dict of str to int
        How many losses, gradients, and slopes with tangents have been computed. A Hessian–vector
        product by autodiff is as much as two gradients.
    is_sloped : bool
        Whether its gradient at θ* is known, and not zero.
    no_gradient : str
        Why there is no gradient, in a sentence; empty where there is one.

    Raises
    ------
    CodeError
        In one sentence, if it cannot be displaced, or its parameters or its loss at θ* are not
        finite.
    """

    def __init__(
        self,
        forward: Forward,
        own_gradient: Callable[..., Any] | None = None,
        tick: Callable[[], object] = bool,
    ) -> None:
        self.forward, self._own_gradient, self._tick = forward, own_gradient, tick
        self.arrays = _library(forward)
        forward.centre = [_copied(leaf) for leaf in forward.centre]  # the code may train its own
        self.passes = {"losses": 0, "gradients": 0, "slopes": 0}
        found = self._found(self.theta)
        of_loss = arrays_of(found)
        if of_loss is not None and of_loss.autodiff and not self.arrays.autodiff:
            # NumPy's parameters of a loss in JAX, say: then they are JAX's.
            self.arrays = of_loss
            forward.centre = [of_loss.like(np.asarray(leaf)) for leaf in forward.centre]
        self.names = forward.names
        self.centre = [self.arrays.plain(leaf) for leaf in forward.centre]
        if (bad := not_finite(self.centre)) is not None:
            name = self.names[bad[0]]
            raise CodeError(
                f"{_called(name)} cannot be displaced: {'it holds' if name else 'they hold'} "
                f"{number(bad[1])}: load finite ones, such as those before the training diverged"
            )
        self.arrays = self.arrays.fitted(forward)
        self.loss_at_centre = self.value(self.theta)
        if not math.isfinite(self.loss_at_centre):
            raise CodeError(f"the loss at the parameters θ* themselves is {self.loss_at_centre:g}")
        self.is_sloped = False
        self.no_gradient = self._why_no_gradient()

    @property
    def theta(self) -> Leaves:
        """θ*, in arrays that the loss may write into."""
        return [leaf * 1 for leaf in self.forward.centre]

    @property
    def size(self) -> int:
        """N, the number of parameters."""
        return sum(leaf.size for leaf in self.centre)

    @property
    def autodiff(self) -> str:
        """What differentiates the loss by itself; empty where nothing does, or need not."""
        return "" if self.no_gradient or self._own_gradient is not None else self.arrays.autodiff

    @property
    def is_single(self) -> bool:
        """Whether any of it is in float32, or shorter."""
        return any(leaf.dtype != np.float64 for leaf in self.centre)

    @property
    def eps(self) -> float:
        """The unit of the rounding of its parameters' precision."""
        return SINGLE_EPS if self.is_single else _DOUBLE_EPS

    @property
    def kinds(self) -> set[str]:
        """The parameters' types: float64, float32, or shorter ones."""
        kinds = (getattr(leaf, "dtype", "float64") for leaf in self.forward.centre)
        return set(map(_name, kinds))

    @property
    def short(self) -> str:
        """Those of the types that are shorter than float32, in words; empty where none is."""
        return " and ".join(sorted(self.kinds - {"float64", "float32"}))

    def value(self, leaves: Leaves) -> float:
        """Return the loss at parameters: one forward pass."""
        return _number(self._found(leaves))

    def batched(self, plane: AffinePlane, size: int) -> Callable[[Array, Array], Array]:
        """Return what computes the losses of many cells in a call.

        Parameters
        ----------
        plane : AffinePlane
            Where they lie.
        size : int
            How many there are at the most.
        """
        every = self.arrays.batched(self.forward, plane, size)

        def losses(a: Array, b: Array) -> Array:
            self._tick()
            self.passes["losses"] += len(a)
            return every(a, b)

        return losses

    def gradient(self, leaves: Leaves) -> list[Array]:
        """Return the derivatives by all parameters: one backward pass."""
        self._tick()
        self.passes["gradients"] += 1
        if self._own_gradient is None:
            found: Sequence[Any] = self.arrays.gradient(self.forward, leaves)
            return [self.arrays.plain(slope) for slope in found]
        found = take_apart(self._own_gradient(self.forward.rebuild(leaves))).leaves
        slopes = [np.asarray(_plain(slope)) for slope in found]
        shapes = [leaf.shape for leaf in self.centre]
        if [slope.shape for slope in slopes] != shapes:
            raise CodeError(
                f"gradient(parameters) returned the shapes {_shapes(slopes)}; it must return what "
                f"parameters() does, {_shapes(self.centre)}"
            )
        return slopes

    def slope(self, leaves: Leaves, vector: Leaves) -> float:
        """Return the slope along a vector: one forward pass with a tangent beside each value.

        Parameters
        ----------
        leaves : sequence of arrays
            The parameters.
        vector : sequence of arrays
            Shaped and typed as they are.

        Raises
        ------
        NotDifferentiable
            Where nothing carries tangents. What a library raises is not caught.
        """
        self._tick()
        self.passes["slopes"] += 1
        return _number(self.arrays.slope(self.forward, leaves, vector))

    def curvature(self, leaves: Leaves, vectors: Sequence[Sequence[Array]]) -> list[list[Array]]:
        """Return the Hessian times each of some vectors.

        By differentiating twice, or where nothing does that by central differences of gradients.

        Parameters
        ----------
        leaves : sequence of arrays
            The parameters.
        vectors : sequence of sequences of ndarray
            The vectors, each shaped as the parameters.
        """
        if not self.differences:
            self._tick()
            self.passes["gradients"] += 2 * len(vectors)
            given = [self.like(vector) for vector in vectors]
            found = self.arrays.curvature(self.forward, leaves, given)
            return [[self.arrays.plain(part) for part in product] for product in found]
        return [self._differences(leaves, vector) for vector in vectors]

    @property
    def differences(self) -> bool:
        """Whether second derivatives are differences of gradients."""
        is_by_autodiff = self.arrays.autodiff and self.arrays.is_twice_differentiated
        return self._own_gradient is not None or not is_by_autodiff

    def like(self, arrays: Sequence[Array]) -> Leaves:
        """Return NumPy's arrays in the types of the parameters."""
        centre = self.forward.centre
        return [self.arrays.like(a, leaf) for a, leaf in zip(arrays, centre, strict=True)]

    def displaced(self, coordinate: int, by: float) -> Leaves:
        """Return θ* with one coordinate displaced, in the parameters' own precision.

        Parameters
        ----------
        coordinate : int
            Which of the N, array by array, each in the order of its last axis.
        by : float
            How far.
        """
        leaves, (which, within) = list(self.theta), place(coordinate, self.centre)
        array = np.array(self.centre[which], order="C")
        array.reshape(-1)[within] += by
        leaves[which] = self.arrays.like(array, self.forward.centre[which])
        return leaves

    def _differences(self, leaves: Leaves, vector: Sequence[Array]) -> list[Array]:
        size = float(np.linalg.norm(flat(vector)))
        if not size:
            return [np.zeros_like(part) for part in vector]
        scale = max(1.0, float(np.linalg.norm(flat(self.centre))))
        step = self.eps**_ROOT * scale / size
        along = self.like(vector)
        sides = [
            self.gradient([x + sign * step * v for x, v in zip(leaves, along, strict=True)])
            for sign in (1.0, -1.0)
        ]
        return [(p - m) / (2.0 * step) for p, m in zip(*sides, strict=True)]

    def _found(self, leaves: Leaves) -> Any:
        self._tick()
        self.passes["losses"] += 1
        return self.arrays.value(self.forward, leaves)

    def _why_no_gradient(self) -> str:
        """Try a gradient at θ*, and say why it cannot be had."""
        try:
            found = self.gradient(self.theta)
        except Exception as error:
            if self._own_gradient is not None:
                raise
            return why_not(error, self.arrays)
        if not all(np.isfinite(part).all() for part in found):
            raise CodeError("the gradient at the parameters θ* themselves is not finite")
        self.is_sloped = any(part.any() for part in found)
        return ""


def check_displaced(network: Network, losses: Iterable[Callable[[], float]], called: str) -> None:
    """Refuse a loss that takes no notice of its parameters: its picture would be flat.

    Parameters
    ----------
    network : Network
        The loss.
    losses : iterable of callables
        Each returns it where the parameters are displaced to.
    called : str
        How it is called, such as ``"loss(p)"``.

    Raises
    ------
    CodeError
        If it is the same everywhere.
    """
    if network.is_sloped:
        return
    middle = network.loss_at_centre

    def is_another(loss: Callable[[], float]) -> bool:
        try:
            return loss() != middle
        except Exception:  # of whatever kind: what it raises is said at its cell
            return True

    if not any(map(is_another, losses)):
        raise CodeError(
            f"{called} is {number(middle)} at θ* and wherever the parameters are displaced to: it "
            "has to compute with those that it is given, not with others"
        )


def why_not(error: Exception, arrays: Arrays) -> str:
    """Return why a library did not differentiate a loss, from what was raised."""
    if isinstance(error, NotDifferentiable):
        return str(error)
    said = " ".join(str(error).split()).rstrip(".")
    if len(said) > _MOST:
        said = f"{said[: _MOST - 1]}…"
    return f"{arrays.autodiff} raises {type(error).__name__}: {said}"


def _library(forward: Forward) -> Arrays:
    """Return the one library that all parameters are of."""
    found = [arrays_of(leaf) for leaf in forward.centre]
    for name, leaf, arrays in zip(forward.names, forward.centre, found, strict=True):
        called = _called(name)
        if arrays is None:
            raise CodeError(
                f"{called} cannot be displaced: it is no array of real numbers but "
                f"{type(leaf).__name__}: keep it elsewhere"
            )
        if why := arrays.why_not(leaf):
            raise CodeError(f"{called} cannot be displaced: {why}")
        if arrays is not found[0]:
            raise CodeError(
                f"{called} is of another library than {forward.names[0]}: let all be of one"
            )
    library = found[0] if found else None
    if library is None or not any(library.plain(leaf).size for leaf in forward.centre):
        raise CodeError("the network has no parameters: there is nothing to displace")
    return library


def _called(name: str) -> str:
    return f"the parameter {name}" if name else "the parameters"


def _copied(leaf: Any) -> Any:
    """Return an array that nobody else has, and that no gradient leads through."""
    return (leaf.detach() if hasattr(leaf, "detach") else leaf) * 1


def _number(found: Any) -> float:
    """Return what a loss returned as a number."""
    item = found.item if getattr(found, "ndim", None) == 0 and hasattr(found, "item") else None
    if item is not None and type(value := item()) is float:
        return value  # as it is in most cells
    kind = _name(getattr(found, "dtype", ""))
    if kind.startswith("complex"):
        raise CodeError(f"the loss returned {kind}; it must return one real number")
    try:
        array = np.asarray(_plain(found))
    except Exception:  # of whatever kind: a number beside its network's outputs, say
        array = np.array(None)
    if found is None or array.dtype.kind not in "fiub" or array.size != 1:
        said, advice = "None" if found is None else as_said(found), ""
        if found is None:
            advice = ": end it with return …"
        elif isinstance(found, list | tuple):
            advice = ": return the first alone" if found else ""
        elif array.size > 1 and array.dtype.kind in "fiub":
            advice = ": return their mean"
        raise CodeError(f"the loss returned {said}; it must return one real number{advice}")
    return float(array.reshape(()))


def _name(kind: Any) -> str:
    """Return what a type of numbers is called, in whichever library."""
    return str(getattr(kind, "name", kind)).rpartition(".")[2]


def _plain(value: Any) -> Any:
    arrays = arrays_of(value)
    return value if arrays is None else arrays.plain(value)


def _shapes(arrays: Sequence[Array]) -> str:
    return ", ".join(str(array.shape) for array in arrays)
