"""The slice f(a, b) = L(θ* + a·d₁ + b·d₂) of a network's loss L."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from gdviz.engine.objectives.code_child.loading import load_module
from gdviz.engine.objectives.code_child.source_file import SourceFile
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.batches import Points
from gdviz.engine.objectives.network.checkpoints import read_trajectory, shaped_as
from gdviz.engine.objectives.network.directions import (
    DIRECTIONS,
    Basis,
    Plane,
    Shaped,
    around,
    projected,
)
from gdviz.engine.objectives.network.forward import Leaves
from gdviz.engine.objectives.network.forward import Plane as Displaced
from gdviz.engine.objectives.network.network import Network, find_network
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.returned import Array


class Slice:
    """A slice of a network's loss.

    Parameters
    ----------
    network : Network
        The loss.
    plane : Plane
        The directions.
    trajectory : sequence of lists of ndarray
        Checkpoints, each shaped as the parameters.

    Attributes
    ----------
    network : Network
        The loss.
    centre : dict of str to ndarray
        What is at (0, 0), by the names of the arrays of parameters.
    directions : tuple of two dicts of str to ndarray
        d₁ and d₂ likewise, in the parameters' precision.
    trajectory : ndarray, shape (n, 2)
        Where the checkpoints lie in the plane.
    home : Range
        The map that shows it.
    notes : tuple of str
        What has to be known of it.
    """

    def __init__(self, network: Network, plane: Plane, trajectory: Sequence[Shaped] = ()) -> None:
        self.network = network
        origin = network.centre if plane.centre is None else plane.centre
        centre = network.forward.centre if plane.centre is None else network.like(origin)
        axes = [network.like(direction) for direction in plane.directions]
        plain = network.arrays.plain
        named = [
            dict(zip(network.names, map(plain, arrays), strict=True)) for arrays in (centre, *axes)
        ]
        self.centre, self.directions = named[0], (named[1], named[2])
        self._flat = [
            [np.asarray(a, np.float64).ravel() for a in axis.values()] for axis in self.directions
        ]
        # Of random directions many arrays are not displaced, and four operations each are many.
        is_moved = [bool(d.any() or e.any()) for d, e in zip(*self._flat, strict=True)]
        self._plane = Displaced(centre, axes, is_moved)
        self._together: dict[int, Callable[[Array, Array], Array]] = {}
        self.trajectory = projected(plane, origin, trajectory)
        self.home = plane.home or around(self.trajectory)
        of = f"the network has N = {network.size:,} parameters"
        short = " and ".join(sorted(network.kinds - {"float64", "float32"}))
        digits = f"its parameters are {short}, of three digits or so" if short else ""
        said = of, *plane.notes, network.forward.note, digits, network.arrays.note
        self.notes = tuple(filter(None, said))

    def leaves(self, a: float, b: float) -> Leaves:
        """Return the parameters θ(a, b), in the library and the precision of the person's."""
        return self._plane.leaves(float(a), float(b))

    def value(self, a: float, b: float) -> float:
        """Return f(a, b): one forward pass."""
        return self.network.value(self.leaves(a, b))

    @property
    def batched_by(self) -> str:
        """What computes the losses of many cells in a call; empty where nothing does."""
        return (
            self.network.arrays.batched_by if self.network.kinds <= {"float64", "float32"} else ""
        )

    @property
    def cell_bytes(self) -> int:
        """How large the parameters of a cell are."""
        return sum(array.nbytes for array in self.centre.values())

    @property
    def eps(self) -> float:
        """The unit of the rounding of its parameters' precision."""
        return float(np.finfo(np.float32 if self.network.is_single else np.float64).eps)

    def together(self, points: Points, size: int) -> Array:
        """Return the losses at points, at most `size` of them, in one call."""
        if size not in self._together:
            self._together[size] = self.network.batched(self._plane, size)
        a, b = np.array(points, np.float64).T
        return self._together[size](a, b)

    def gradient(self, a: float, b: float) -> tuple[float, float]:
        """Return (∂f/∂a, ∂f/∂b): one backward pass, and its products with the directions."""
        in_a, in_b = self._along(self.network.gradient(self.leaves(a, b)))
        return in_a, in_b

    def hessian(self, a: float, b: float) -> tuple[float, float, float]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²): two Hessian–vector products."""
        vectors = [list(direction.values()) for direction in self.directions]
        of_a, of_b = self.network.curvature(self.leaves(a, b), vectors)
        (in_aa, in_ab), (_, in_bb) = self._along(of_a), self._along(of_b)
        return in_aa, in_ab, in_bb

    def _along(self, vector: Sequence[Array]) -> tuple[float, float]:
        """Return the products of a vector with the directions, summed in float64."""
        flat = [np.asarray(part, np.float64).ravel() for part in vector]
        first, second = (
            float(sum(x @ d for x, d in zip(flat, axis, strict=True))) for axis in self._flat
        )
        return first, second


def slice_of(
    module: ModuleType,
    path: Path,
    settings: SliceSettings,
    tick: Callable[[], object] = bool,
) -> Slice | None:
    """Return the slice of the network that a file defines; None if it defines none.

    Parameters
    ----------
    module : module
        What the file has become.
    path : Path
        The file.
    settings : SliceSettings
        Which slice.
    tick : callable, optional
        Called before each call of the file's code.

    Raises
    ------
    CodeError
        In one sentence, if it cannot be displaced, or spanned.
    """
    try:
        network = find_network(module, tick)
        if network is None:
            return None
        if settings.directions not in DIRECTIONS:
            raise CodeError(
                f"{settings.directions!r} are no directions: there are {', '.join(DIRECTIONS)}"
            )
        trajectory = _trajectory(module, network, settings, path, tick)
        basis = Basis(network, settings, trajectory, path)
        return Slice(network, DIRECTIONS[settings.directions](basis), trajectory)
    except CodeError as error:
        raise CodeError(f"{path.name}: {error}") from None


def _trajectory(
    module: ModuleType,
    network: Network,
    settings: SliceSettings,
    path: Path,
    tick: Callable[[], object],
) -> list[Shaped]:
    if settings.files and settings.directions != "file":
        return read_trajectory(path.parent / settings.files, network.names, network.centre)
    make: Any = getattr(module, "trajectory", None)
    if not callable(make):
        return []
    tick()
    return [
        shaped_as(point, network.names, network.centre, f"checkpoint {i} of trajectory()")
        for i, point in enumerate(make())
    ]


def open_slice(
    path: Path,
    settings: SliceSettings | None = None,
    source: bytes | None = None,
) -> Slice:
    """Run a person's file in this process, and return the slice that it defines.

    Only a process that may run their code does so: it works in the file's folder then.

    Parameters
    ----------
    path : Path
        The file, absolute.
    settings : SliceSettings, optional
        Which slice.
    source : bytes, optional
        What the file held, where that is known: then it need not be there.

    Raises
    ------
    CodeError
        In one sentence, if it defines no network, or its loss cannot be displaced. What the code
        itself raises is not caught.
    """
    module = load_module(SourceFile(str(path)), path.read_bytes() if source is None else source)
    found = slice_of(module, path, settings or SliceSettings())
    if found is None:
        raise CodeError(f"{path.name} defines no network: neither parameters() nor model")
    return found
