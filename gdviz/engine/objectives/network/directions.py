"""The table of planes: how the two directions through a network's parameters are chosen."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np

from gdviz.base.files import shown
from gdviz.base.format import number
from gdviz.base.geometry import Range
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.network import SINGLE_EPS, Network
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.vectors import Shaped, flat, shaped
from gdviz.engine.objectives.returned import Array

#: The axes along which filters may be said to lie.
_AXES: Mapping[str, int] = MappingProxyType({"first": 0, "last": -1})
#: The map of directions that are as large as the parameters, or of unit length.
_AROUND = Range(-1.0, 1.0, -1.0, 1.0)
#: The map of a plane through checkpoints, which are at 0 and 1.
_BETWEEN = Range(-0.5, 1.5, -0.5, 1.5)
#: How much of what a trajectory covers the map leaves around it.
_MARGIN = 0.2
#: How long, as a part of what it was, a direction must be beside another one.
_PARALLEL = 1e-6
#: Added to |g| in Adam's direction, as in PyTorch.
_ADAM = 1e-8


@dataclass(frozen=True)
class DirectionPair:
    """Two directions.

    Attributes
    ----------
    directions : tuple of two lists of ndarray
        d₁ and d₂, shaped as the parameters, in float64.
    notes : tuple of str
        What has to be known of them.
    home : Range or None
        The map; None as the trajectory asks for it.
    centre : list of ndarray or None
        Where (0, 0) is, if it is not at θ*.
    """

    directions: tuple[Shaped, Shaped]
    notes: tuple[str, ...] = ()
    home: Range | None = _AROUND
    centre: Shaped | None = None


@dataclass(frozen=True)
class Basis:
    """What directions are made of.

    Attributes
    ----------
    network : Network
        The loss.
    settings : SliceSettings
        What was chosen.
    trajectory : list of lists of ndarray
        The checkpoints, each shaped as the parameters.
    file : Path
        The network's.
    """

    network: Network
    settings: SliceSettings
    trajectory: list[Shaped] = field(default_factory=list)
    file: Path = Path()

    @property
    def centre(self) -> Shaped:
        """θ*."""
        return self.network.centre

    @property
    def filter_axis(self) -> int:
        """Along which axis of an array filters lie: as was chosen, or as its library has it."""
        own, usual = self.network.forward.filter_axis, self.network.arrays.filter_axis
        return _AXES.get(self.settings.filters, usual if own is None else own)

    def generator(self) -> np.random.Generator:
        """Return what all random directions are drawn with."""
        return np.random.default_rng(self.settings.seed)

    def shaped(self, vector: Array) -> Shaped:
        """Return N numbers shaped as the parameters."""
        return shaped(vector, self.centre)


# -- random ones


def normalized(direction: Shaped, basis: Basis) -> Shaped:
    """Give a random direction the size of the parameters, filter by filter (Li et al. 2018).

    With filters each filter d_{i,j} of a layer becomes d_{i,j} ‖θ_{i,j}‖ / ‖d_{i,j}‖, in Frobenius
    norms; with layers each array as a whole does. Biases, arrays of one axis or none, are displaced
    only where that was asked for, each by what it is then, as in the paper's code.

    Parameters
    ----------
    direction : list of ndarray
        Random numbers, shaped as the parameters.
    basis : Basis
        θ*, and what was chosen.

    References
    ----------
    H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, Visualizing the loss landscape of neural
    nets, NeurIPS 2018, section 4.
    """
    settings, axis, found = basis.settings, basis.filter_axis, []
    for d, theta in zip(direction, basis.centre, strict=True):
        if theta.ndim <= 1 and settings.normalize != "none":
            found.append(np.array(theta, np.float64) if settings.biases else np.zeros(theta.shape))
        elif theta.ndim <= 1 and not settings.biases:
            found.append(np.zeros(theta.shape))
        elif settings.normalize == "none":
            found.append(d)
        else:
            every = tuple(range(theta.ndim))
            others = every
            if settings.normalize == "filter":
                others = tuple(i for i in every if i != axis % theta.ndim)
            found.append(d * _norms(theta, others) / np.maximum(_norms(d, others), 1e-300))
    return found


def _norms(array: Array, axes: tuple[int, ...]) -> Array:
    squares = np.square(np.asarray(array, np.float64))
    norms: Array = np.sqrt(squares.sum(axis=axes, keepdims=True))
    return norms


def _random(basis: Basis) -> DirectionPair:
    if basis.network.size == 1:
        raise CodeError("a network of one parameter has no two directions")
    if basis.network.size == 2:
        return _own_axes(basis)
    pair = _drawn(basis)
    first, second = map(flat, pair.directions)
    if _orthogonal_part(first / np.linalg.norm(first), second) is None:
        raise CodeError(
            "both random directions lie on one line, as they displace one parameter alone: "
            "--biases --normalize none has all displaced, as they were drawn"
        )
    return pair


def _own_axes(basis: Basis) -> DirectionPair:
    """Return the two parameters of a network that has no more: there is no other plane."""
    names = [
        name if theta.size == 1 else f"{name}[{k}]"
        for name, theta in zip(basis.network.names, basis.centre, strict=True)
        for k in range(theta.size)
    ]
    first, second = map(basis.shaped, np.eye(2))
    note = f"there are two parameters: a is added to {names[0]}, b to {names[1]}"
    return DirectionPair((first, second), (note,))


def _drawn(basis: Basis) -> DirectionPair:
    generator = basis.generator()
    drawn = [
        [np.asarray(generator.standard_normal(c.shape)) for c in basis.centre] for _ in range(2)
    ]
    if all(theta.ndim <= 1 for theta in basis.centre if theta.size):
        note = (
            "all parameters are arrays of one axis, so none are left as biases: random directions "
            "are as they were drawn (--biases --normalize none)"
        )
        return DirectionPair((drawn[0], drawn[1]), (note,))
    drawn = [normalized(direction, basis) for direction in drawn]
    if all(not part.any() for part in drawn[0]):
        raise CodeError(
            "all parameters that random directions displace are zero, so directions of their "
            "size are: --normalize none leaves them as they were drawn"
        )
    is_guessed = basis.settings.filters == "auto" and basis.network.forward.filter_axis is None
    if basis.settings.normalize != "filter" or not is_guessed:
        return DirectionPair((drawn[0], drawn[1]))
    axis, other = ("first", "last") if basis.filter_axis == 0 else ("last", "first")
    note = f"neurons are taken along the {axis} axis of an array, not the {other} (--filters)"
    return DirectionPair((drawn[0], drawn[1]), (note,))


# -- of a trajectory


def _pca(basis: Basis) -> DirectionPair:
    """Return the principal components of the checkpoints."""
    points = np.array([flat(point) for point in basis.trajectory])
    if len(points) < 3:
        raise CodeError(
            f"PCA needs a trajectory of three checkpoints at least, and there are {len(points)}: "
            "define trajectory(), or give a folder with --checkpoints"
        )
    _, sizes, rows = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    if sizes[1] <= _PARALLEL * sizes[0]:
        raise CodeError("the checkpoints lie on one line: they span no plane")
    explained = np.square(sizes[:2]) / np.square(sizes).sum()
    parts = [f"{number(100.0 * part, 3)} %" for part in explained]
    first, second = (basis.shaped(_with_positive_peak(row)) for row in rows[:2])
    return DirectionPair(
        (first, second),
        (f"of the variance of {len(points)} checkpoints d₁ explains {parts[0]}, d₂ {parts[1]}",),
        home=None,
    )


def _with_positive_peak(vector: Array) -> Array:
    """Return a vector, or its negative, so that its largest component is positive."""
    turned: Array = vector * np.sign(vector[np.argmax(np.abs(vector))])
    return turned


def projected(plane: DirectionPair, origin: Shaped, trajectory: Sequence[Shaped]) -> Array:
    """Return where checkpoints lie in a plane, by least squares: shape (n, 2).

    The directions need be neither of unit length nor orthogonal.

    Parameters
    ----------
    plane : DirectionPair
        The directions.
    origin : list of ndarray
        What is at (0, 0).
    trajectory : sequence of lists of ndarray
        The checkpoints, n.
    """
    if not trajectory:
        return np.empty((0, 2))
    axes = np.stack([flat(direction) for direction in plane.directions], axis=1)
    moved = np.stack([flat(point) - flat(origin) for point in trajectory], axis=1)
    found: Array = np.linalg.lstsq(axes, moved, rcond=None)[0].T
    return found


def around(points: Array) -> Range:
    """Return a map that holds points, with a margin."""
    low, high = (np.array(f(np.vstack([points, [[0.0, 0.0]]]), axis=0)) for f in (np.min, np.max))
    sides = np.maximum(high - low, max(1e-12, float((high - low).max()) * 0.25))
    middle = (low + high) / 2.0
    half = sides * (0.5 + _MARGIN)
    ends = np.stack([middle - half, middle + half], axis=1).ravel()
    return Range(*(float(f"{end:.3g}") for end in ends))


# -- of derivatives


def _hessian(basis: Basis, which: Literal["LA", "SA"]) -> DirectionPair:
    """Return two eigenvectors of the Hessian at θ*, by Lanczos iterations."""
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    network = _differentiable(basis, "the eigenvectors of the Hessian")
    count, products = network.size, 0
    if count < 2:
        raise CodeError("a network of one parameter has no two directions")

    def product(vector: Array) -> Array:
        nonlocal products
        products += 1
        return flat(network.curvature(network.theta, [basis.shaped(vector)])[0])

    before = network.passes["gradients"]
    if count < 4:  # fewer than Lanczos iterations are for
        matrix = np.array([product(unit) for unit in np.eye(count)])
        values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
        order = [-1, -2] if which == "LA" else [0, 1]
        values, vectors = values[order], vectors[:, order]
    else:
        tolerance = math.sqrt(SINGLE_EPS if network.differences else network.eps)
        operator = LinearOperator((count, count), product, dtype=np.float64)
        start = basis.generator().standard_normal(count)
        try:
            values, vectors = eigsh(operator, k=2, which=which, v0=start, tol=tolerance)
        except ArpackNoConvergence:
            raise CodeError(
                f"the eigenvectors of the Hessian were not found by {products:,} products"
            ) from None
        order = list(np.argsort(values))
        order = order[::-1] if which == "LA" else order
        values, vectors = values[order], vectors[:, order]
    found = f"{products:,} Hessian–vector products"
    if network.differences:
        spent = network.passes["gradients"] - before
        found += f", which are differences of {spent:,} gradients"
    kind_of = "largest" if which == "LA" else "lowest"
    said = " and ".join(number(float(value), 4) for value in values)
    first, second = (basis.shaped(_with_positive_peak(vectors[:, i])) for i in (0, 1))
    note = f"the {kind_of} eigenvalues of the Hessian are {said}, by {found}"
    return DirectionPair((first, second), (note,))


def _differentiable(basis: Basis, what: str) -> Network:
    if basis.network.no_gradient:
        raise CodeError(f"{what} need a gradient: {basis.network.no_gradient}")
    return basis.network


def _gradient(basis: Basis) -> DirectionPair:
    """Return the gradient at θ*, and what Adam's first step has orthogonal to it."""
    network = _differentiable(basis, "directions along the gradient")
    slope = flat(network.gradient(network.theta))
    if not (size := float(np.linalg.norm(slope))):
        raise CodeError("the gradient at the parameters θ* is zero: it is no direction")
    first = slope / size
    adam = slope / (np.abs(slope) + _ADAM)
    second = _orthogonal_part(first, adam)
    if second is None:
        raise CodeError("Adam's direction at the parameters θ* is the gradient's: no plane")
    note = f"the gradient at θ* has the norm {number(size, 4)}; d₁ is along it, d₂ what Adam adds"
    return DirectionPair((basis.shaped(first), basis.shaped(second)), (note,))


def _orthogonal_part(first: Array, other: Array) -> Array | None:
    """Return the part of a vector orthogonal to the unit vector `first`, normalized; or None."""
    rest = other - (other @ first) * first
    rest -= (rest @ first) * first  # what rounding left
    size = float(np.linalg.norm(rest))
    return rest / size if size > _PARALLEL * float(np.linalg.norm(other)) else None


# -- through checkpoints


def _between(basis: Basis) -> DirectionPair:
    """Return the plane through checkpoints: θ* and two others, or three."""
    here = flat(basis.centre)
    others = [point for p in basis.trajectory if not np.array_equal(point := flat(p), here)]
    if not 1 <= len(others) <= 3:
        raise CodeError(
            f"a plane between checkpoints goes through two or three of them, and there are "
            f"{len(others)} besides θ*: define trajectory(), or give a folder with --checkpoints"
        )
    origin = None
    if len(others) == 3:
        origin, others = others[0], others[1:]
    axes = [point - (here if origin is None else origin) for point in others]
    note = "the checkpoints are at (1, 0) and (0, 1)"
    if len(axes) == 1:
        size = float(np.linalg.norm(axes[0]))
        drawn = flat(_drawn(basis).directions[0])
        beside = _orthogonal_part(axes[0] / size, drawn)
        if beside is None:
            raise CodeError("the checkpoints span no plane")
        axes.append(beside * size)
        note = "the checkpoint is at (1, 0); d₂ is random, orthogonal to d₁, and as long"
    size = float(np.linalg.norm(axes[0]))
    if not size or _orthogonal_part(axes[0] / size, axes[1]) is None:
        raise CodeError("the checkpoints lie on one line: they span no plane")
    centre = None if origin is None else basis.shaped(origin)
    first, second = map(basis.shaped, axes)
    return DirectionPair((first, second), (note,), _BETWEEN, centre)


def _file(basis: Basis) -> DirectionPair:
    from gdviz.engine.objectives.network.checkpoints import read_directions

    if not basis.settings.files:
        raise CodeError("directions of a file need the file: give it with --checkpoints")
    file = basis.file.parent / basis.settings.files
    first, second = read_directions(file, basis.centre)
    axis, other = flat(first), flat(second)
    if not axis.any() or not other.any():
        which = "ydirection" if axis.any() else "xdirection"
        raise CodeError(f"{which} of {shown(file.name)} is zero: write one that is not")
    if _orthogonal_part(axis / np.linalg.norm(axis), other) is None:
        raise CodeError(
            f"the directions of {shown(file.name)} lie on one line: they span no plane, so write "
            "two of which neither is a multiple of the other"
        )
    return DirectionPair((first, second))


#: By name, what spans the plane.
DIRECTIONS: Mapping[str, Callable[[Basis], DirectionPair]] = MappingProxyType(
    {
        "random": _random,
        "pca": _pca,
        "hessian": lambda basis: _hessian(basis, "LA"),
        "hessian-lowest": lambda basis: _hessian(basis, "SA"),
        "gradient": _gradient,
        "between": _between,
        "file": _file,
    }
)
