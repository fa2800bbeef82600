"""A loss as it is called: one forward pass at parameters that are a list of arrays."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from gdviz.engine.objectives.code_child.signature import needed
from gdviz.engine.objectives.network.peak_memory import Meter, NotMeasured
from gdviz.engine.objectives.network.vectors import bytes_of
from gdviz.engine.objectives.returned import Array

#: Bytes of parameters whose parts along an axis are kept, for a grid asks for each of them in many
#: cells; and of how many coordinates.
_SMALL, _KEPT = 1 << 20, 64
#: Arrays of whichever library, one for each array of parameters.
Leaves = Sequence[Any]


@dataclass(eq=False)
class Forward:
    """A loss of parameters that it is given.

    Parameters
    ----------
    names : tuple of str
        What the arrays are called.
    centre : sequence of arrays
        θ*, in the library of the person's.
    loss : callable
        What they wrote, of nested parameters.
    rebuild : callable
        Nests arrays as theirs are.
    filter_axis : {0, -1} or None, default None
        Along which axis of an array the filters lie; by default as its library has it.
    note : str, default ""
        What has to be said of the parameters.
    evaluation : str, default ""
        What turns dropout off in its model, such as ``"model.eval()"``, if it has one.
    differentiates : bool, default False
        Whether it differentiates something itself, which needs what is recorded; found out by the
        library that calls it.
    """

    names: tuple[str, ...]
    centre: Leaves
    loss: Callable[..., Any]
    rebuild: Callable[[Any], Any]
    filter_axis: int | None = None
    note: str = ""
    evaluation: str = ""
    differentiates: bool = False

    @contextmanager
    def displaced(self, leaves: Leaves) -> Iterator[Leaves]:
        """Put parameters in place, and hand out what the loss can be differentiated by."""
        yield leaves

    @contextmanager
    def many_passes(self) -> Iterator[None]:
        """Let what is put in place stay there from pass to pass, which is faster."""
        yield

    @contextmanager
    def left_as_found(self) -> Iterator[None]:
        """Undo what other code of the person's does to the parameters, and what is with them."""
        yield

    def __call__(self, leaves: Leaves) -> Any:
        """Return what the loss returns, within :meth:`displaced`."""
        return self.loss(self.rebuild(leaves))

    def functional(self, leaves: Leaves) -> Any:
        """Return what the loss returns of arrays that stand for many others."""
        with self.displaced(leaves) as variables:
            return self(variables)


def of_model(loss: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return ``loss(model)`` or ``loss()``, whichever was written, as a function of the model."""
    return loss if needed(loss) else lambda _: loss()


@dataclass(eq=False)
class AffinePlane:
    """Where many parameters θ* + a·d₁ + b·d₂ lie, as arrays of the person's library.

    Parameters
    ----------
    centre : sequence of arrays
        θ*.
    axes : two sequences of arrays
        d₁ and d₂.
    is_moved : sequence of bool
        Of each array, whether a direction displaces it.
    """

    centre: Leaves
    axes: Sequence[Leaves]
    is_moved: Sequence[bool]

    def __post_init__(self) -> None:
        self._along_first, self._along_second = self.kept(self._in_a), self.kept(self._in_b)

    @property
    def is_small(self) -> bool:
        """Whether what is worked out once may be kept."""
        return bytes_of(self.centre) <= _SMALL

    def kept(self, of_coordinate: Callable[[float], Any]) -> Callable[[float], Any]:
        """Return a function of a coordinate that keeps its results, if these are small."""
        return lru_cache(_KEPT if self.is_small else 0)(of_coordinate)

    def lent(self, a: float, b: float) -> Leaves:
        """Return the parameters at a point, which may be those of another after the next call."""
        return self.leaves(a, b)

    def leaves(self, a: float, b: float) -> Leaves:
        """Return the parameters at a point; none is an array that is kept."""
        first, second = self._along_first(a), self._along_second(b)
        return [
            x + y if is_moved else c * 1
            for c, x, y, is_moved in zip(self.centre, first, second, self.is_moved, strict=True)
        ]

    def _in_a(self, a: float) -> Leaves:
        moved = zip(self.centre, self.axes[0], self.is_moved, strict=True)
        return [c + a * d if is_moved else None for c, d, is_moved in moved]

    def _in_b(self, b: float) -> Leaves:
        moved = zip(self.axes[1], self.is_moved, strict=True)
        return [b * e if is_moved else None for e, is_moved in moved]


class Arrays(Protocol):
    """What can be done with the arrays of a library.

    Attributes
    ----------
    autodiff : str
        What differentiates a loss of them; empty if nothing does.
    filter_axis : {0, -1}
        Along which axis of an array filters, or neurons, usually lie.
    meter : Meter
        What measures the memory that they take.
    batched_by : str
        What computes the losses of many cells in a call; empty if nothing does.
    is_twice_differentiated : bool
        Whether what differentiates a loss is right on its derivatives as well.
    note : str
        What has to be said of losses, once one was computed; empty if nothing has.
    """

    autodiff: str
    filter_axis: int
    meter: Meter
    batched_by: str = ""
    is_twice_differentiated: bool = True

    @property
    def note(self) -> str:
        """What has to be said of losses."""
        return ""

    def fitted(self, _forward: Forward) -> "Arrays":
        """Return what computes one loss, many times."""
        return self

    def plane(self, _forward: Forward, plane: AffinePlane) -> AffinePlane:
        """Return a plane, or one of the same points that lends them faster."""
        return plane

    def batched(self, forward: Forward, plane: AffinePlane, size: int) -> Callable[..., Array]:
        """Return a function of a and b, arrays of one axis, that returns the losses there.

        Parameters
        ----------
        forward : Forward
            The loss.
        plane : AffinePlane
            Where the cells lie.
        size : int
            How many there are at the most.
        """

    def holds(self, value: Any) -> bool:
        """Tell whether something is an array of this library."""

    def why_not(self, value: Any) -> str:
        """Say why an array cannot be displaced: integers, or on another device."""

    def plain(self, value: Any) -> Array:
        """Return an array as NumPy's, float64 or float32."""

    def like(self, value: Array, leaf: Any = None) -> Any:
        """Return NumPy's array in the type of a leaf, or its own."""

    def value(self, forward: Forward, leaves: Leaves) -> Any:
        """Return what the loss returns: one forward pass."""

    def gradient(self, forward: Forward, leaves: Leaves) -> Leaves:
        """Return the derivatives by all parameters: one backward pass.

        Raises
        ------
        NotDifferentiable
            Where the loss leaves what records it.
        """

    def slope(self, forward: Forward, leaves: Leaves, vector: Leaves) -> Any:
        """Return the slope along a vector: one forward pass with a tangent beside each value.

        Parameters
        ----------
        forward : Forward
            The loss.
        leaves : sequence of arrays
            The parameters.
        vector : sequence of arrays
            Shaped and typed as they are.

        Raises
        ------
        NotDifferentiable
            Where nothing carries tangents, or the loss leaves what does.
        """

    def planned(self, _forward: Forward, _leaves: Leaves) -> tuple[float, float]:
        """Return the bytes that a loss and its gradient take, where a compiler plans them.

        Raises
        ------
        NotMeasured
            Where it does not.
        """
        raise NotMeasured("no compiler plans its memory")

    def curvature(
        self, forward: Forward, leaves: Leaves, vectors: Sequence[Leaves]
    ) -> list[Leaves]:
        """Return the Hessian times each of some vectors.

        Parameters
        ----------
        forward : Forward
            The loss.
        leaves : sequence of arrays
            The parameters.
        vectors : sequence of sequences of arrays
            The vectors, each shaped as the parameters.
        """


class NotDifferentiable(Exception):  # noqa: N818 - it is no fault of anybody's
    """Why a loss cannot be differentiated by its library, in a sentence."""
