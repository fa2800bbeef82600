"""What samples may miss: branches of kinks and jumps on which none of them lies.

Once each kink and jump has a sign for "which side", a formula is smooth, and two smooth formulas
that agree at some points in 120 digits agree everywhere. So the two are compared with every choice
of signs; and where they differ with one, a point is looked for that has these signs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from flint import arb

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.climbing import climb
from gdviz.engine.language.enclosures.ball_arithmetic import enclose
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.operations import BRANCHING
from gdviz.engine.language.parser import parse

#: What has a kink or a jump, by the sign ``s`` of what is zero there.
BY_SIGN = {
    "abs": "s*u",
    "sign": "s",
    "relu": "(1 + s)/2*u",
    "step": "(1 + s)/2",
    "heaviside": "(1 + s)/2",
    "max": "(u + v + s*(u - v))/2",
    "min": "(u + v - s*(u - v))/2",
}
#: Up to so many signs all choices are looked at, and beyond so many of them, with data at random.
_ALL_SIGNS, _CHOICES, _DRAWS = 6, 64, 8
#: Points at which the two are compared with a choice of signs, and tried if they are undefined.
_AGREEING, _TRIED = 2, 6
#: Operations on balls for one component.
_MOST_OPERATIONS = 400_000
#: Choices of signs for which a point is looked for, each from so many starts.
_SOUGHT, _STARTS = 12, 3
#: Rectangles up to which it is shown that a choice of signs occurs nowhere.
_RECTANGLES = 300
_SAME_RATIO = 1e-9
_BITS = 64


@dataclass(frozen=True)
class Branches:
    """Where two nodes may differ, branch by branch.

    Attributes
    ----------
    points : ndarray, shape (m, 2)
        Points on branches where they differ.
    settled : bool
        Whether no other branch is left on which they might.
    """

    points: Array
    settled: bool


def compare_branches(
    candidate: CandidateGradient, nodes: tuple[int, int], a: Array, b: Array, extent: Range
) -> Branches:
    """Compare two nodes of a candidate's graph on all branches of their kinks and jumps.

    Parameters
    ----------
    candidate : CandidateGradient
        Whose graph, constants and data they are.
    nodes : (int, int)
        The nodes.
    a, b : ndarray, shape (n,)
        Sampled points, the first of which lie on no line that means something to a formula.
    extent : Range
        Where a point is looked for.
    """
    graph = candidate.graph
    signed, zeros = _signed(graph, nodes)
    effort = len(graph.reachable(signed)) * candidate.objective.rows
    budget = _MOST_OPERATIONS // effort
    if not zeros:
        differ, decided = _differ(candidate, signed, {}, a, b)
        return Branches(np.empty((0, 2)), decided and not differ)
    sides = candidate.evaluate(list(zeros), a, b, candidate.constants)
    single = [k for k, zero in enumerate(zeros) if not graph[zero].varies]
    flat = np.array([sides[k][:, 0] for k in single])
    choices, settled = _choices(flat)
    search = _Search(candidate, [list(zeros)[k] for k in single], flat, a, b, extent)
    points: list[tuple[float, float]] = []
    sought: set[tuple[float, ...]] = set()
    for signs, choice in _completed(choices, sides, single):
        if (budget := budget - _AGREEING) < 0:
            settled = False
            break
        differ, decided = _differ(
            candidate, signed, dict(zip(zeros.values(), signs, strict=True)), a, b
        )
        if (decided and not differ) or choice in sought:
            continue
        sought.add(choice)
        if not choice or len(sought) > _SOUGHT:
            settled = False
        elif found := search.points_with(choice):
            points += found
        else:
            settled &= search.occurs_nowhere(choice)
    return Branches(np.array(points).reshape(-1, 2), settled)


# -- with signs


def _signed(graph: Graph, nodes: Iterable[int]) -> tuple[list[int], dict[int, str]]:
    """Return nodes with signs for sides, and the signs' names by the node of what is zero."""
    done: dict[int, int] = {}
    zeros: dict[int, str] = {}
    for index in graph.reachable(nodes):
        node = graph[index]
        operands = [done[i] for i in node.arguments]
        if node.operation in BRANCHING:
            zero = graph.zero_of(index)
            name = zeros.setdefault(zero, f"sign {len(zeros)}")
            sign = graph.name(name, varies=graph[zero].varies)
            bound = {**dict(zip("uv", operands, strict=False)), "s": sign}
            done[index] = lower(parse(BY_SIGN[node.operation], ("u", "v", "s")), graph, bound)
        else:
            done[index] = graph.apply(node.operation, *operands) if operands else index
    return [done[i] for i in nodes], zeros


def _differ(
    candidate: CandidateGradient, nodes: list[int], signs: dict[str, Any], a: Array, b: Array
) -> tuple[bool, bool]:
    """Tell whether two nodes differ with a choice of signs, and whether that could be decided."""
    agreeing = 0
    for at in zip(a[:_TRIED].tolist(), b[:_TRIED].tolist(), strict=True):
        names = {**candidate.names(*at, candidate.constants), **signs}
        first, second = (enclose(candidate.graph, node, names) for node in nodes)
        if first is None or second is None or not (first.is_finite() and second.is_finite()):
            continue
        if not first.overlaps(second):
            return True, True
        agreeing += 1
        if agreeing == _AGREEING:
            return False, True
    return False, False


def _choices(sides: Array) -> tuple[list[tuple[float, ...]], bool]:
    """Return choices of signs for sides, shape (m, n), and whether these are all there are."""
    free, tied = _independent(sides)
    if len(free) <= _ALL_SIGNS:
        some: Iterable[tuple[float, ...]] = product((-1.0, 1.0), repeat=len(free))
    else:  # those that occur, and those on the other side of one kink from them
        signs, counts = np.unique(np.sign(sides[free]), axis=1, return_counts=True)
        occurring = signs[:, np.argsort(-counts)].T[:_CHOICES]
        flips = [row * np.where(np.arange(len(free)) == k, -1.0, 1.0)
                 for row in occurring for k in range(len(free))]  # fmt: skip
        unique = dict.fromkeys(tuple(row.tolist()) for row in [*occurring, *flips])
        some = [row for row in unique if set(row) <= {-1.0, 1.0}][: 2 * _CHOICES]
    result = []
    for row in some:
        chosen = dict(zip(free, row, strict=True))
        chosen |= {k: chosen[j] * sign for k, (j, sign) in tied.items()}
        result.append(tuple(chosen[k] for k in range(len(sides))))
    return result, len(free) <= _ALL_SIGNS


def _independent(sides: Array) -> tuple[list[int], dict[int, tuple[int, float]]]:
    """Return which sides are no multiple of one before, and of the others of which, by its sign."""
    free: list[int] = []
    tied: dict[int, tuple[int, float]] = {}
    for k, side in enumerate(sides):
        for j in free:
            with np.errstate(all="ignore"):
                ratio = side / sides[j]
            known = ratio[np.isfinite(ratio)]
            if len(known) and np.ptp(known) <= _SAME_RATIO * abs(known[0]):
                tied[k] = j, float(np.sign(known[0]))
                break
        else:
            free.append(k)
    return free, tied


def _completed(
    choices: list[tuple[float, ...]], sides: list[Array], single: list[int]
) -> Iterator[tuple[list[Any], tuple[float, ...]]]:
    """Yield signs of all sides, random ones of what varies over the rows, and the choice."""
    pick = np.random.default_rng(0)
    draws = 1 if len(single) == len(sides) else -(-_DRAWS // len(choices))
    for choice in choices:
        chosen = dict(zip(single, choice, strict=True))
        for _ in range(draws):
            signs = [
                chosen[k] if k in chosen else pick.choice([-1.0, 1.0], side.shape[1])
                for k, side in enumerate(sides)
            ]
            yield signs, choice


# -- where


@dataclass(frozen=True)
class _Search:
    """Where the zeros of some nodes leave a point on given sides.

    Parameters
    ----------
    candidate : CandidateGradient
        Whose nodes they are.
    zeros : list of int
        The nodes, none of which varies over rows.
    sides : ndarray, shape (m, n)
        Their values at sampled points.
    a, b : ndarray, shape (n,)
        The points.
    extent : Range
        Where to look.
    """

    candidate: CandidateGradient
    zeros: list[int]
    sides: Array
    a: Array
    b: Array
    extent: Range

    def points_with(self, signs: tuple[float, ...]) -> list[tuple[float, float]]:
        """Return some points on the sides with given signs, if any are found."""
        finite = np.where(np.isfinite(self.sides), np.abs(self.sides), 0.0)
        weights = np.array(signs) / np.maximum(finite.max(axis=1), np.finfo(float).tiny)

        def depth(sides: Array) -> Array:
            least: Array = (sides.T * weights).min(axis=-1)
            return np.nan_to_num(least, nan=-np.inf)

        def height(a: float, b: float) -> float:
            at = np.array([a]), np.array([b])
            values = self.candidate.evaluate(self.zeros, *at, self.candidate.constants)
            return float(depth(np.array([value[:, 0] for value in values]))[0])

        depths = depth(self.sides)
        best = np.argsort(-depths, kind="stable")[:_STARTS]
        found = [(float(self.a[i]), float(self.b[i])) for i in best if depths[i] > 0.0]
        for i in [] if found else best:
            *at, reached = climb(height, (float(self.a[i]), float(self.b[i])), self.extent, 0.0)
            if reached > 0.0:
                return [(at[0], at[1])]
        return found

    def occurs_nowhere(self, signs: tuple[float, ...]) -> bool:
        """Show that no point has given signs, as far as so many parts of the range tell."""
        waiting = [self.extent]
        for _ in range(_RECTANGLES):
            if not waiting:
                return True
            part = waiting.pop()
            a, b = (part.a_low + part.a_high) / 2, (part.b_low + part.b_high) / 2
            balls = arb(a, part.a_high - a), arb(b, part.b_high - b)
            names = self.candidate.names(*balls, self.candidate.constants)
            values = (enclose(self.candidate.graph, zero, names, _BITS) for zero in self.zeros)
            if any(u is None or u == 0 or s * u < 0 for u, s in zip(values, signs, strict=True)):
                continue
            waiting += [
                Range(*along_a, *along_b)
                for along_a in ((part.a_low, a), (a, part.a_high))
                for along_b in ((part.b_low, b), (b, part.b_high))
            ]
        return False
