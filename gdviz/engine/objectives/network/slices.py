"""The slice f(a, b) = L(θ* + a·d₁ + b·d₂) of a network's loss L."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from gdviz.engine.objectives.code_child.defined_network import find_network
from gdviz.engine.objectives.code_child.names import signature
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.batches import Points
from gdviz.engine.objectives.network.checkpoints import read_trajectory, shaped_as
from gdviz.engine.objectives.network.directions import (
    DIRECTIONS,
    Basis,
    DirectionPair,
    around,
    projected,
)
from gdviz.engine.objectives.network.forward import AffinePlane, Leaves
from gdviz.engine.objectives.network.network import Network, check_displaced
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.vectors import Shaped, bytes_of, flat
from gdviz.engine.objectives.returned import Array

#: How many gradients a Hessian takes that is differences of them: two in each direction.
GRADIENTS = 4


class Slice:
    """A slice of a network's loss.

    Parameters
    ----------
    network : Network
        The loss.
    plane : DirectionPair
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

    def __init__(
        self, network: Network, plane: DirectionPair, trajectory: Sequence[Shaped] = ()
    ) -> None:
        self.network = network
        origin = network.centre if plane.centre is None else plane.centre
        centre = network.forward.centre if plane.centre is None else network.like(origin)
        axes = [network.like(direction) for direction in plane.directions]
        plain = network.arrays.plain
        named = [
            dict(zip(network.names, map(plain, arrays), strict=True)) for arrays in (centre, *axes)
        ]
        self.centre, self.directions = named[0], (named[1], named[2])
        pair = [list(axis.values()) for axis in self.directions]
        self._axes = np.stack([flat(axis) for axis in pair])
        # Of random directions many arrays are not displaced, and four operations each are many.
        is_moved = [bool(d.any() or e.any()) for d, e in zip(*pair, strict=True)]
        self._plane = network.arrays.plane(network.forward, AffinePlane(centre, axes, is_moved))
        self._together: dict[int, Callable[[Array, Array], Array]] = {}
        self.trajectory = projected(plane, origin, trajectory)
        self.home = plane.home or around(self.trajectory)
        of = f"the network has N = {network.size:,} parameters"
        short = network.short
        digits = f"its parameters are {short}, of three digits or so" if short else ""
        said = of, *plane.notes, network.forward.note, digits, network.arrays.note
        self.notes = tuple(filter(None, said))

    def leaves(self, a: float, b: float) -> Leaves:
        """Return the parameters θ(a, b), in the library and the precision of the person's."""
        return self._plane.leaves(float(a), float(b))

    def value(self, a: float, b: float) -> float:
        """Return f(a, b): one forward pass."""
        return self.network.value(self._plane.lent(float(a), float(b)))

    @property
    def batched_by(self) -> str:
        """What computes the losses of many cells in a call; empty where nothing does."""
        return "" if self.network.short else self.network.arrays.batched_by

    @property
    def cell_bytes(self) -> int:
        """How large the parameters of a cell are."""
        return bytes_of(list(self.centre.values()))

    @property
    def eps(self) -> float:
        """The unit of the rounding of its parameters' precision."""
        return self.network.eps

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
        first, second = (self._axes @ flat(vector)).tolist()
        return first, second


class NetworkFile:
    """The network that a file defines, and its checkpoints: what all slices of it have in common.

    Parameters
    ----------
    module : module
        What the file has become.
    path : Path
        The file.
    network : Network
        What was found in it.
    tick : callable, optional
        Called before each call of the file's code.

    Attributes
    ----------
    network : Network
        The network.
    loss, gradient : str
        How these are called, such as ``"loss(p)"``; without a gradient of its own it is empty.
    """

    def __init__(
        self, module: ModuleType, path: Path, network: Network, tick: Callable[[], object] = bool
    ) -> None:
        self.network = network
        self.loss = signature("loss", module.__dict__["loss"])
        is_own = not (network.autodiff or network.no_gradient)
        self.gradient = signature("gradient", module.__dict__["gradient"]) if is_own else ""
        self._make: Any = module.__dict__.get("trajectory")
        self._path, self._tick = path, tick

    def slice(self, settings: SliceSettings) -> Slice:
        """Return a slice of its loss.

        Parameters
        ----------
        settings : SliceSettings
            Which.

        Raises
        ------
        CodeError
            In one sentence, if nothing spans it. What the code itself raises is not caught.
        """
        with _named(self._path):
            if settings.directions not in DIRECTIONS:
                raise CodeError(
                    f"{settings.directions!r} are no directions: there are {', '.join(DIRECTIONS)}"
                )
            if settings.files and settings.directions != "file":  # in place of trajectory()
                folder = self._path.parent / settings.files
                trajectory = read_trajectory(folder, self.network.names, self.network.centre)
            else:
                trajectory = self._trajectory
            basis = Basis(self.network, settings, trajectory, self._path)
            found = Slice(self.network, DIRECTIONS[settings.directions](basis), trajectory)
            check_displaced(self.network, _displaced(found), self.loss)
            return found

    @cached_property
    def _trajectory(self) -> list[Shaped]:
        if not callable(self._make):
            return []
        self._tick()
        network = self.network
        names, centre = network.names, network.centre
        with network.forward.left_as_found():  # it may load each into the model, or train that
            return [
                shaped_as(point, names, centre, f"checkpoint {i} of trajectory()")
                for i, point in enumerate(self._make())
            ]


def network_file(
    module: ModuleType, path: Path, tick: Callable[[], object] = bool
) -> NetworkFile | None:
    """Return the network that a file defines; None if it defines none.

    Parameters
    ----------
    module : module
        What the file has become.
    path : Path
        The file.
    tick : callable, optional
        Called before each call of the file's code.

    Raises
    ------
    CodeError
        In one sentence, if it cannot be displaced.
    """
    with _named(path):
        network = find_network(module, tick)
    return None if network is None else NetworkFile(module, path, network, tick)


def slice_of(
    module: ModuleType,
    path: Path,
    settings: SliceSettings,
    tick: Callable[[], object] = bool,
) -> Slice | None:
    """Return a slice of the network that a file defines; None if it defines none.

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
    found = network_file(module, path, tick)
    return None if found is None else found.slice(settings)


def _displaced(found: Slice) -> Iterator[Callable[[], float]]:
    """Return the losses at the corners of the map, and half way to them."""
    low_a, high_a, low_b, high_b = found.home
    for s in (1.0, 0.5):
        for a in (high_a, low_a):
            for b in (high_b, low_b):
                yield partial(found.value, s * a, s * b)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except CodeError as error:
        raise CodeError(f"{path.name}: {error}") from None
