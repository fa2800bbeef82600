"""What is so on the curves where operations have a kink or a jump: f may have a derivative there.

Kinks of operations may cancel, in f and in what is claimed. So points of a curve are looked for,
and f's derivative is told from both sides of them, in many digits and from f alone; what is claimed
has to be that, with its own values on the curve.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from flint import arb

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.comparison import Place
from gdviz.engine.gradcheck.domain import Condition
from gdviz.engine.gradcheck.samples import Samples
from gdviz.engine.language.enclosures.ball_arithmetic import ball_of, enclosed, many_digits
from gdviz.engine.objectives.slopes.exact_sides import BITS, exact_partials

#: Points of a curve: of the grid, and beside those that the person names, others.
_OF_GRID, _OTHERS = 5, 6
#: Operations on balls for one curve, and how many times a point's derivative takes all of them.
_MOST_OPERATIONS, _TIMES = 400_000, 20
#: Halvings of a segment that a curve crosses, and then secants, to all digits.
_HALVINGS, _SECANTS = 64, 14
#: How well a point of a curve is known that no float is.
_LEFT = 2.0**-900
#: The part of two derivatives, and of the size of f's, that is no difference.
_SAME, _NO_DIFFERENCE = 1e-9, 1e-11


@dataclass(frozen=True, slots=True)
class KinkPoint:
    """A point of a curve.

    Attributes
    ----------
    a, b : float or arb
        The point; a ball where no float is on the curve.
    slopes : (float or None, float or None)
        f's derivatives there: nan where there is none, None where that is not told.
    """

    a: Any
    b: Any
    slopes: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class OnKink:
    """What was found on a curve of one component.

    Attributes
    ----------
    condition : Condition
        What does not hold on the curve.
    told, without : int
        At how many points it is told whether f has the derivative, and at how many of them not.
    wrong : tuple of Place
        Where what is claimed is another number.
    lacking : tuple of mapping
        What the names stand for where it has no value.
    unclear : bool
        Whether somewhere f has the derivative and what is claimed is not told.
    beyond : bool
        Whether the points are of the plane, as there is none in the range.
    """

    condition: Condition
    told: int
    without: int
    wrong: tuple[Place, ...]
    lacking: tuple[dict[str, Any], ...]
    unclear: bool
    beyond: bool


@dataclass(frozen=True, eq=False)
class Kinks:
    """The curves of kinks of a claimed and a true gradient; each is looked at once.

    Parameters
    ----------
    candidate : CandidateGradient
        What is judged.
    samples : Samples
        Where it was looked.
    unit : float
        The size of f's derivatives.
    """

    candidate: CandidateGradient
    samples: Samples
    unit: float

    def on(self, component: int, condition: Condition, *, anywhere: bool) -> OnKink:
        """Return what is so on a curve.

        Parameters
        ----------
        component : int
            0 for ∂f/∂a, 1 for ∂f/∂b.
        condition : Condition
            What does not hold there.
        anywhere : bool
            Whether to look beyond the range where the curve does not meet it.
        """
        points, beyond = self._points(condition.node, False), False
        if not points and anywhere:
            points, beyond = self._points(condition.node, True), True
        told = [(each, slope) for each in points if (slope := each.slopes[component]) is not None]
        smooth = [(each, slope) for each, slope in told if not np.isnan(slope)]
        wrong, lacking, unclear = [], [], False
        for each, slope in smooth:
            claimed = self._claimed(component, each)
            if claimed is None:
                lacking.append(self._names(each))
                continue
            value, spread = float(claimed.mid()), float(claimed.rad())
            allowed = _SAME * (abs(value) + abs(slope)) + _NO_DIFFERENCE * self.unit
            if not spread <= allowed:  # nor where it is nan
                unclear = True
            elif (off := abs(value - slope)) > allowed:
                at = float(each.a), float(each.b)
                wrong.append(Place(*at, self.candidate.constants, value, slope, off, 0.0))
        without = len(told) - len(smooth)
        return OnKink(condition, len(told), without, tuple(wrong), tuple(lacking), unclear, beyond)

    def _names(self, point: KinkPoint) -> dict[str, Any]:
        return self.candidate.names(point.a, point.b, self.candidate.constants)

    def _claimed(self, component: int, point: KinkPoint) -> Any:
        """Return what is claimed at a point as a ball; None where it has no value."""
        if not self._most:
            value = self.candidate.parts[component].value(point.a, point.b)
            return ball_of(value) if np.isfinite(value) else None
        claimed = self.candidate.pair(component)[1]
        with many_digits(BITS):
            return enclosed(self.candidate.graph, claimed, self._names(point), as_floats=True)

    @cached_property
    def _points(self) -> Callable[[int, bool], tuple[KinkPoint, ...]]:
        """What returns points of a curve, in the range or else of the plane, each curve once."""
        return cache(lambda node, beyond: tuple(self._looked_at(node, beyond)))

    @cached_property
    def _most(self) -> int:
        """How many points of a curve are looked at; 0 where data has too many rows for balls."""
        candidate = self.candidate
        effort = len(candidate.graph.reachable([candidate.nodes[0]])) * candidate.objective.rows
        return _MOST_OPERATIONS // (_TIMES * effort)

    def _looked_at(self, node: int, beyond: bool) -> Iterator[KinkPoint]:
        candidate = self.candidate
        sampled = [] if beyond else self._sampled(node)
        if not self._most:
            for a, b in sampled:
                in_a, in_b = candidate.objective.gradient(a, b)
                yield KinkPoint(a, b, (float(in_a), float(in_b)))
            return
        crossed = [at for at in self._crossed(node, beyond) if at not in sampled]
        for at in [*sampled, *crossed][: self._most]:
            own, names = candidate.objective.parameters, candidate.names(*at, candidate.constants)
            slopes = exact_partials(candidate.graph, candidate.nodes[0], own, at, names, self.unit)
            yield KinkPoint(*at, slopes)

    def _sampled(self, node: int) -> list[tuple[Any, Any]]:
        """Return points that a person names, and some of the grid, which lie on a curve."""
        candidate, samples = self.candidate, self.samples
        first = samples.named_at.start
        a, b = (x[first:] for x in samples.points)
        (zeros,) = candidate.evaluate([node], a, b, candidate.constants)
        on = np.flatnonzero((zeros == 0.0).any(axis=1))
        named = on[on < len(samples.named)]
        grid = on[on >= len(samples.named)]
        some = grid[np.linspace(0, len(grid) - 1, min(_OF_GRID, len(grid))).astype(int)]
        points = [(float(a[i]), float(b[i])) for i in [*named, *some]]
        return [at for at in points if not self._most or self._is_on(node, at)]

    def _is_on(self, node: int, at: tuple[float, float]) -> bool:
        """Tell whether a point is on a curve, and not only near it as rounding has it."""
        names = self.candidate.names(at[0], at[1], self.candidate.constants)
        with many_digits(BITS):
            zeros = enclosed(self.candidate.graph, node, names, as_floats=True)
        return any(zero == 0 for zero in np.ravel(zeros))

    def _crossed(self, node: int, beyond: bool) -> list[tuple[Any, Any]]:
        """Return points at which segments along an axis, between sampled points, cross a curve."""
        candidate, wanted = self.candidate, min(_OTHERS, self._most)
        a, b = self.samples.far if beyond else self.samples.lattice
        (values,) = candidate.evaluate([node], a, b, candidate.constants)
        rows = np.unique(np.linspace(0, values.shape[1] - 1, wanted).astype(int))
        found: list[tuple[Any, Any] | None] = []
        for row in np.resize(rows, wanted):
            above, below = (np.flatnonzero(sign * values[:, row] > 0.0) for sign in (1, -1))
            if not len(above) or not len(below):
                continue
            k = len(found)  # other points for each
            one, other = above[k * len(above) // wanted], below[(k + 1) * len(below) // wanted - 1]
            found.append(self._crossing(node, int(row), (a[one], b[one]), (a[other], b[other])))
        return [at for at in found if at is not None]

    def _crossing(
        self, node: int, row: int, above: tuple[float, float], below: tuple[float, float]
    ) -> tuple[Any, Any] | None:
        """Return where a node is zero on the way from one point to another, first along a."""
        candidate = self.candidate

        def value(at: tuple[float, float]) -> float:
            a, b = (np.array([x]) for x in at)
            (values,) = candidate.evaluate([node], a, b, candidate.constants)
            return float(values[0, row])

        def ball(x: Any) -> Any:
            point = (x, corner[1]) if axis == 0 else (corner[0], x)
            names = candidate.names(point[0], point[1], candidate.constants)
            found = enclosed(candidate.graph, node, names, as_floats=True)
            return found[row] if isinstance(found, np.ndarray) else found

        corner = float(below[0]), float(above[1])
        if (turn := value(corner)) == 0.0:
            return corner
        # Where it is above at the corner, it falls from there on, along b.
        axis = 1 if turn > 0.0 else 0
        high, low = (corner[1], below[1]) if turn > 0.0 else (above[0], corner[0])
        for _ in range(_HALVINGS):
            middle = (high + low) / 2
            here = value((middle, corner[1]) if axis == 0 else (corner[0], middle))
            if here == 0.0 or np.isnan(here):
                high = low = middle
                break
            high, low = (middle, low) if here > 0.0 else (high, middle)
        with many_digits(BITS):
            exact = _zero(ball, float(high), float(low))
        if exact is None:
            return None
        return (exact, corner[1]) if axis == 0 else (corner[0], exact)


def _zero(ball: Callable[[Any], Any], high: float, low: float) -> Any:
    """Return where a function is zero: one of two floats, or a ball near them; None if unknown."""
    for x in (high, low, *([0.0] if min(high, low) < 0.0 < max(high, low) else [])):
        value = ball(ball_of(x))
        if value is not None and value == 0:
            return x
    near = max(abs(high - low), np.spacing(max(abs(high), abs(low))))
    before, after = ball_of(high - near), ball_of(low + near)
    at_before, at_after = ball(before), ball(after)
    for _ in range(_SECANTS):
        if at_before is None or at_after is None:
            return None
        difference = (at_after - at_before).mid()
        if difference == 0:
            return None
        step = (at_after.mid() * (after - before) / difference).mid()
        if not step.is_finite():
            return None
        before, at_before = after, at_after
        after = (after - step).mid()
        at_after = ball(after)
        if abs(step) < _LEFT:
            is_near = abs(after - ball_of(high)) < 2**20 * near
            return arb(after, _LEFT) if is_near else None
    return None
