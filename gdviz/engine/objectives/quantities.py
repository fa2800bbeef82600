"""What methods ask of an objective, and the numbers that they run on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from gdviz.base.types import Precision

#: f, its gradient, its Hessian, f where one coordinate is complex, the slope of f along a
#: direction, or its gradient over some rows of the data.
Quantity = Literal["value", "gradient", "hessian", "complex value", "tangent", "batch gradient"]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The numbers that a method runs on.

    Attributes
    ----------
    precision : {"float64", "float32"}
        How many digits they have.
    arrays : bool
        Whether coordinates may be arrays; else float64 runs on Python's floats, which are many
        times faster than NumPy's scalars, and float32 on those.
    """

    precision: Precision
    arrays: bool = False

    @property
    def on_floats(self) -> bool:
        """Whether they are Python's."""
        return self.precision == "float64" and not self.arrays

    @property
    def ieee(self) -> Callable[[Any], Any]:
        """NumPy's type of this precision."""
        return np.float32 if self.precision == "float32" else np.float64

    @property
    def real(self) -> Callable[[Any], Any]:
        """The type of a number."""
        return float if self.on_floats else self.ieee


class FusedLoop(NamedTuple):
    """Gradient descent by an estimate as one function on Python's floats.

    Attributes
    ----------
    run : callable
        ``(points, gradients, steps, epsilon, limits, safe)``. To the pairs of lists `points` and
        `gradients` it appends a point and the gradient before it for each of `steps`, from the last
        point on. A step is an α, or an α and what was drawn for it. It ends before a step that
        raises, leaves `limits`, or whose ‖ĝ‖₂² is not between the two numbers of `safe`.
    cost : int
        What the calls of a step add to the tally.
    drawn : callable or None
        Of a random estimate: what its steps are handed, an iterator, of a path's draws.
    """

    run: Callable[..., None]
    cost: int
    drawn: Callable[[Any], Iterator[Any]] | None = None


#: The options of an estimate, by name, where they have to be hashable.
Options = tuple[tuple[str, float], ...]
