"""Where a component is most wrong: from the worst sampled places up to the highest near them."""

import math
from collections.abc import Callable

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.gradcheck.branches import compare_branches
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.climbing import VALUES, climb
from gdviz.engine.gradcheck.comparison import Comparison, Place, compare
from gdviz.engine.gradcheck.samples import Samples
from gdviz.engine.language.enclosures.ball_arithmetic import enclose

_STARTS = 4  #: of climbs
_APART = 0.05  #: how far they are apart, in units of the range
_CLEAR = 1e3  #: times the rounding error, from which on float64 tells which way is up
_BETTER = 1.001  #: by which another place must be worse than a sampled one, which is rounder
_DIGITS = 6  #: of a found place, with which a sentence writes it
_MOST_OPERATIONS = 2_000_000  #: on floats or balls, for one component
_FEWEST_VALUES = 20  #: with which a climb begins


def worst_place(component: int, here: Comparison, wrong: int, samples: Samples) -> Place:
    """Return the worst place that sampling and climbing find.

    Parameters
    ----------
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    here : Comparison
        With the constants as they are.
    wrong : int
        A point of it where the two differ for sure.
    samples : Samples
        The range, which is not left.
    """
    candidate, extent = here.candidate, samples.extent
    place = here.place(component, wrong)
    nodes = candidate.pair(component)
    is_clear = place.absolute > _CLEAR * place.level
    height = _in_floats(candidate, component) if is_clear else difference_height(candidate, *nodes)
    effort = len(candidate.graph.reachable(nodes)) * candidate.objective.rows
    values = min(VALUES, _MOST_OPERATIONS // (_STARTS * effort))
    found = [
        at
        for start in (_starts(component, here, wrong, samples) if values >= _FEWEST_VALUES else ())
        for *exact, _ in [climb(height, start, extent, values=values)]
        for at in (tuple(float(f"{x:.{_DIGITS}g}") for x in exact), tuple(exact))
        if extent.contains(*at)
    ]
    if found:
        climbed = compare(candidate, np.array(found)[:, 0], np.array(found)[:, 1], extent)
        error = np.nan_to_num(climbed.error[component], nan=-1.0)
        # Among those within a thousandth of the worst the first, which is round.
        order = np.flatnonzero(error * _BETTER >= error.max())
        proven = climbed.proven(component, order).wrong
        if proven is not None:
            other = climbed.place(component, proven)
            place = other if other.absolute > _BETTER * place.absolute else place
    return place


def _starts(
    component: int, here: Comparison, wrong: int, samples: Samples
) -> list[tuple[float, float]]:
    """Return points of the range to climb from: `wrong`, and the worst ones that are apart."""
    extent = samples.extent
    error = np.nan_to_num(here.error[component], nan=-1.0)
    width, height = extent.a_high - extent.a_low, extent.b_high - extent.b_low
    starts: list[tuple[float, float]] = []
    for i in [wrong, *np.argsort(-error, kind="stable")[:200].tolist()]:
        a, b = float(here.a[i]), float(here.b[i])
        apart = all(math.hypot((a - x) / width, (b - y) / height) > _APART for x, y in starts)
        if apart and extent.contains(a, b) and len(starts) < _STARTS:
            starts.append((a, b))
    return starts


def _in_floats(candidate: CandidateGradient, component: int) -> Callable[[float, float], float]:
    part, objective = candidate.parts[component], candidate.objective

    def height(a: float, b: float) -> float:
        difference = abs(part.value(a, b) - objective.gradient(a, b)[component])
        return math.log(difference) if 0.0 < difference < math.inf else -math.inf

    return height


def difference_height(candidate: CandidateGradient, *nodes: int) -> Callable[[float, float], float]:
    """Return log |difference| of two nodes, or log |value| of one, as a function of the point.

    In 120 digits, and with exponents of any size: there is a slope where float64 has none left.
    """

    def height(a: float, b: float) -> float:
        names = candidate.names(a, b, candidate.constants)
        balls = [enclose(candidate.graph, node, names) for node in nodes]
        if any(ball is None or not ball.is_finite() for ball in balls):
            return -math.inf
        middle = abs(balls[0] - balls[1] if len(balls) == 2 else balls[0]).mid()
        return float(middle.log()) if middle > 0 else -math.inf

    return height


def suspects(candidate: CandidateGradient, remainder: int, samples: Samples) -> tuple[Array, bool]:
    """Return points where a remainder that SymPy left is not 0, and whether it is 0 elsewhere.

    Parameters
    ----------
    candidate : CandidateGradient
        Whose graph it is in.
    remainder : int
        Its node.
    samples : Samples
        Where to look.

    Returns
    -------
    (ndarray, bool)
        Points, shape (m, 2), few or none; and whether, but for places around them, it is 0 on every
        branch of its kinks and jumps.
    """
    zero = candidate.graph.number(0.0)
    branches = compare_branches(candidate, (zero, remainder), *samples.points, samples.extent)
    height = difference_height(candidate, remainder)
    effort = len(candidate.graph.reachable([remainder])) * candidate.objective.rows
    values = min(VALUES, _MOST_OPERATIONS // (2 * _STARTS * effort))
    if values < _FEWEST_VALUES:
        return branches.points, False
    some = np.column_stack(samples.lattice)[:values].tolist()
    highest = sorted(some, key=lambda at: -height(*at))[:_STARTS]
    tops = [climb(height, (a, b), samples.extent, values=values) for a, b in highest]
    found = [(a, b) for a, b, reached in tops if reached > -math.inf]
    return np.concatenate([branches.points, np.array(found).reshape(-1, 2)]), branches.settled
