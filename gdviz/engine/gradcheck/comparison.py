"""Claimed against true gradient: at many points in float64, and at one of them for sure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.language.enclosures.ball_arithmetic import FLOAT64, enclose, radius
from gdviz.engine.language.operations import JUMPING

#: Operations on balls for one component, and what is looked at however many a point takes.
_MOST_OPERATIONS, _FEWEST_POINTS = 200_000, 2
#: How far around a point the gradient must not jump, in units of the range.
_NEAR = 2.0**-40


@dataclass(frozen=True, slots=True)
class Place:
    """One component at one point.

    Attributes
    ----------
    a, b : float
        The point.
    constants : dict of str to float
        The constants there.
    claimed, true : float
        What the candidate says, and what is so; nan where undefined.
    absolute : float
        |claimed − true|, from 120 digits of both: it may be less than float64 can tell.
    level : float
        The difference that rounding in float64 could make between two right ways to write it.
    """

    a: float
    b: float
    constants: dict[str, float]
    claimed: float
    true: float
    absolute: float
    level: float

    @property
    def relative(self) -> float:
        """|claimed − true| / |true|; inf where the true one is 0 and the claimed one is not."""
        if self.true == 0.0:
            return np.inf if self.absolute else 0.0
        return self.absolute / abs(self.true)


class Proof(NamedTuple):
    """What balls at some points say for sure.

    Attributes
    ----------
    wrong : int or None
        The first point where claimed and true differ.
    missing : tuple of int
        Points where the claimed one alone has no value.
    compared : int
        At how many points both have one.
    """

    wrong: int | None
    missing: tuple[int, ...]
    compared: int


@dataclass(frozen=True, eq=False)
class Comparison:
    """Both components at n points; arrays of shape (2, n) hold ∂f/∂a and ∂f/∂b.

    Attributes
    ----------
    candidate : CandidateGradient
        What is compared.
    a, b : ndarray, shape (n,)
        The points.
    extent : Range
        The range that says how far around a point the gradient must not jump.
    constants : dict of str to float or ndarray, shape (n,)
        The constants there.
    claimed, true : ndarray, shape (2, n)
        The gradients; nan or inf where undefined, and both where f is.
    jumps : ndarray of bool, shape (2, n)
        Where one of them jumps.
    """

    candidate: CandidateGradient
    a: Array
    b: Array
    extent: Range
    constants: Mapping[str, Any]
    claimed: Array
    true: Array
    jumps: NDArray[np.bool_]

    @property
    def error(self) -> Array:
        """|claimed − true|, nan where they cannot be compared; shape (2, n)."""
        with np.errstate(invalid="ignore"):
            return np.where(self.comparable, np.abs(self.claimed - self.true), np.nan)

    @property
    def comparable(self) -> NDArray[np.bool_]:
        """Where both are numbers, and neither jumps; shape (2, n)."""
        return self.finite & ~self.jumps

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Where both are numbers; shape (2, n)."""
        return np.isfinite(self.claimed) & np.isfinite(self.true)

    @property
    def size(self) -> float:
        """The size of the true gradient; 1 where it has none."""
        known = np.abs(self.true[np.isfinite(self.true)])
        middle = float(np.median(known[known > 0.0])) if np.any(known > 0.0) else 1.0
        return min(middle, 1.0)

    def on_kinks(self, component: int) -> NDArray[np.bool_]:
        """Tell which points lie on a kink of an operation, and not only near one; shape (n,)."""
        result: NDArray[np.bool_] = np.zeros(self.a.shape, bool)
        near = np.flatnonzero(self.jumps[component] & self.finite[component])
        graph, pair = self.candidate.graph, self.candidate.pair(component)
        zeros = [graph.zero_of(i) for i in graph.reachable(pair) if graph[i].operation in JUMPING]
        if len(near) and zeros:
            values = self.candidate.evaluate(
                zeros, self.a[near], self.b[near], self.candidate.constants
            )
            result[near] = np.any([(value == 0.0).any(axis=1) for value in values], axis=0)
        return result

    def place(self, component: int, index: int) -> Place:
        """Return one component at one point."""
        a, b, constants = self._point(index)
        level = sum(map(radius, self._enclosed(component, index, FLOAT64)))
        claimed, true = (float(part[component, index]) for part in (self.claimed, self.true))
        absolute = abs(claimed - true)
        balls = self._enclosed(component, index)
        if all(ball is not None and ball.is_finite() for ball in balls):
            true, claimed = map(float, balls)
            absolute = float(abs(balls[1].mid() - balls[0].mid()))
        return Place(a, b, constants, claimed, true, absolute, level)

    def proven(self, component: int, candidates: Iterable[int]) -> Proof:
        """Look for a point where the two differ for sure.

        Parameters
        ----------
        component : int
            0 for ∂f/∂a, 1 for ∂f/∂b.
        candidates : iterable of int
            Points, of which so many are looked at as so many operations allow.
        """
        candidate, compared = self.candidate, 0
        missing: list[int] = []
        nodes = sum(len(candidate.graph.reachable([i])) for i in candidate.pair(component))
        most = max(_FEWEST_POINTS, _MOST_OPERATIONS // (nodes * candidate.objective.rows))
        for index in list(candidates)[:most]:
            true, claimed = self._enclosed(component, index)
            if true is None or not true.is_finite():
                continue
            if claimed is None:
                missing.append(index)
            elif claimed.is_finite():
                compared += 1
                if not true.overlaps(claimed):
                    return Proof(index, tuple(missing), compared)
        return Proof(None, tuple(missing), compared)

    def joined(self, other: "Comparison") -> "Comparison":
        """Return a comparison at the points of this one and of another, with the same constants."""
        a, b = np.concatenate([self.a, other.a]), np.concatenate([self.b, other.b])
        arrays = ((getattr(x, n) for x in (self, other)) for n in ("claimed", "true", "jumps"))
        claimed, true, jumps = (np.concatenate(list(pair), axis=1) for pair in arrays)
        return replace(self, a=a, b=b, claimed=claimed, true=true, jumps=jumps)

    def names_at(self, index: int) -> dict[str, Any]:
        """Return what the names of the graph stand for at one point."""
        return self.candidate.names(*self._point(index))

    def _enclosed(self, component: int, index: int, *bits: int) -> list[Any]:
        """Return the true and the claimed component at a point as balls."""
        graph, names = self.candidate.graph, self.names_at(index)
        return [enclose(graph, node, names, *bits) for node in self.candidate.pair(component)]

    def _point(self, index: int) -> tuple[float, float, dict[str, float]]:
        constants = {
            name: float(value[index] if isinstance(value, np.ndarray) else value)
            for name, value in self.constants.items()
        }
        return float(self.a[index]), float(self.b[index]), constants


def compare(
    candidate: CandidateGradient,
    a: Array,
    b: Array,
    extent: Range,
    constants: Mapping[str, Any] | None = None,
) -> Comparison:
    """Compare at points.

    Parameters
    ----------
    candidate : CandidateGradient
        What is compared.
    a, b : ndarray, shape (n,)
        The points.
    extent : Range
        The range, which says how far around a point the gradient must not jump.
    constants : mapping of str to float or ndarray, shape (n,), optional
        Values of the constants, where they are not the objective's.
    """
    values = {**candidate.constants, **(constants or {})}
    given = tuple(candidate.by_row(value) for value in values.values())
    f, *parts = (replace(part, constants=given) for part in (candidate.objective, *candidate.parts))
    true, claimed = np.array(f.derivatives(a, b)), np.array([part.values(a, b) for part in parts])
    defined = np.isfinite(f.values(a, b))
    corners = _corners(a, b, extent)
    smooth = [
        [candidate.same_sides(nodes, JUMPING, (a, b), there, values) for there in corners]
        for nodes in map(candidate.pair, (0, 1))
    ]
    claimed, true = (np.where(defined, part, np.nan) for part in (claimed, true))
    return Comparison(candidate, a, b, extent, values, claimed, true, ~np.all(smooth, axis=1))


def _corners(a: Array, b: Array, extent: Range) -> list[tuple[Array, Array]]:
    """Return the corners of small rectangles around points."""
    near_a, near_b = _NEAR * (extent.a_high - extent.a_low), _NEAR * (extent.b_high - extent.b_low)
    return [(a + i * near_a, b + j * near_b) for i in (-1, 1) for j in (-1, 1)]
