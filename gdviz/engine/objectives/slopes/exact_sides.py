"""∇f where rounding hides what f does beside a point, by one-sided derivatives in many digits.

In float64 |arccos(cos a)| is 0 for all |a| < 10⁻⁸, and it is |a|. Arb's balls tell the two apart,
at distances where nothing is left of f's curvature.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.objectives.slopes.one_sided_derivatives import NEAR

#: How far beside the point, in units of the coordinate (at least 1): a slope that has a bound is
#: the same at both distances.
#: Nearer than where a·√|a| has a slope that float64 could tell from none.
_FAR, _NEAR = 2.0**-240, 2.0**-400
#: For what is left of their squares, and of the squares of these.
BITS = 2_000
#: The part of the slopes that is no difference: what a curvature makes of the distance is less.
_EQUAL = 1e-12
#: Along a, along b, and between them.
_WAYS = ((1, 0), (0, 1), (1, 1), (1, -1))
#: All directions, and in how many of them a crease goes on.
_AROUND = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j], float)
_ALONG = 2
#: What f cannot change by over so short a way without a jump, in parts of it: |a|^0.1 does not.
_JUMP = 2.0**-20
#: A side on which f has no value.
_EDGE = np.inf
#: Points that are looked at; each takes a millisecond or more.
MOST = 64


def are_hidden(creases: Callable[..., Sequence[Array]], at: Sequence[Array]) -> NDArray[np.bool_]:
    """Tell at which points on a crease rounding hides how it is left.

    A line that is a crease is left in all directions but two.

    Parameters
    ----------
    creases : callable
        Returns at points what is zero on a crease, for each of them.
    at : sequence of ndarray, two of shape (n,)
        The points.
    """
    sizes = (np.maximum(1.0, np.abs(x)) for x in at)
    a, b = (
        x + sign[:, None] * NEAR * size for x, sign, size in zip(at, _AROUND.T, sizes, strict=True)
    )
    zeros = [(np.broadcast_to(crease, a.shape) == 0.0).sum(axis=0) for crease in creases(a, b)]
    result: NDArray[np.bool_] = np.max(zeros, axis=0) > _ALONG
    return result


def past_rounding(
    formula: Formula,
    arguments: Sequence[Any],
    at: tuple[Any, Any],
    gradient: tuple[Any, Any],
    hidden: NDArray[np.bool_],
    taken: tuple[Any, Any] | None,
) -> tuple[Any, Any]:
    """Return a gradient that is known also where rounding hides what f does beside a point.

    Parameters
    ----------
    formula : Formula
        The formula.
    arguments : sequence
        What its functions take after a and b.
    at : (float or ndarray, float or ndarray)
        The points.
    gradient : (float or ndarray, float or ndarray)
        The gradient there.
    hidden : ndarray of bool
        Where one looks closer; the first of many.
    taken : (float or ndarray, float or ndarray), optional
        What is returned where f has no derivative, in place of nan.
    """
    own = formula.parameters
    others = dict(zip(formula.arguments, arguments, strict=True))
    a, b = (np.broadcast_to(x, hidden.shape) for x in at)
    result = [np.array(part, np.float64) for part in gradient]
    for index in np.argwhere(hidden)[:MOST]:
        where = tuple(index)
        point = float(a[where]), float(b[where])
        exact = exact_gradient(formula.graph, formula.output, own, point, others)
        if exact is None:
            continue
        for k, slope in enumerate(exact):
            if np.isnan(slope) and taken is not None:
                slope = np.broadcast_to(taken[k], hidden.shape)[where]
            result[k][where] = slope
    return result[0][()], result[1][()]


def exact_gradient(
    graph: Graph,
    output: int,
    parameters: tuple[str, str],
    at: tuple[float, float],
    others: Mapping[str, Any],
) -> tuple[float, float] | None:
    """Return ∇f at a point.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node of f.
    parameters : (str, str)
        The names of a and b.
    at : (float, float)
        The point.
    others : mapping of str to float or ndarray, shape (rows,)
        What the other names stand for.

    Returns
    -------
    (float, float) or None
        nan along an axis where the two sides differ, and twice where directions between the axes
        do; None where this is not told, as where f has no value on one side.
    """
    sides = _sides(graph, output, parameters, at, others, 1.0)
    if any(side is None or side == _EDGE for way in sides for side in way):
        return None
    in_a, in_b = _partials(sides, at, 1.0)
    assert in_a is not None
    assert in_b is not None
    return in_a, in_b


def exact_partials(
    graph: Graph,
    output: int,
    parameters: tuple[str, str],
    at: tuple[Any, Any],
    others: Mapping[str, Any],
    unit: float,
) -> tuple[float | None, float | None]:
    """Return the same of each component alone; at an edge of f the one side that there is decides.

    Parameters
    ----------
    graph, output, parameters, others
        As for :func:`exact_gradient`.
    at : (float or arb, float or arb)
        The point, which may be known better than a float is.
    unit : float
        The size of a slope: a 10¹²th of it is no difference.

    Returns
    -------
    (float or None, float or None)
        nan where f has no such derivative, and None where this is not told.
    """
    return _partials(_sides(graph, output, parameters, at, others, unit), at, unit)


def _sides(
    graph: Graph,
    output: int,
    parameters: tuple[str, str],
    at: tuple[Any, Any],
    others: Mapping[str, Any],
    unit: float,
) -> list[tuple[float | None, float | None]]:
    """Return the slopes after and before a point, in each of the ways.

    nan where one has no bound, or f jumps; None where it is not told, and ``_EDGE`` where f has no
    value.
    """
    # Arb takes 35 ms to import, and most formulas never need it.
    from gdviz.engine.language.enclosures.ball_arithmetic import ball_of, enclosed, many_digits

    def value(way: tuple[int, int], distance: float) -> Any:
        shifted = (
            ball_of(x) + ball_of(sign * distance * size)
            for x, sign, size in zip(at, way, sizes, strict=True)
        )
        names = {**others, **dict(zip(parameters, shifted, strict=True))}
        return enclosed(graph, output, names, as_floats=True)

    def side(there: Sequence[Any], steps: Sequence[float]) -> float | None:
        if any(ball is None for ball in there):
            return _EDGE
        if not all(ball.is_finite() for ball in there):
            return None
        far, near = ((v - here) / ball_of(x) for v, x in zip(there, steps, strict=True))
        return _limit(far, near, unit)

    def both(way: tuple[int, int]) -> tuple[float | None, float | None]:
        steps = [(sign * _FAR, sign * _NEAR) for sign in (1, -1)]
        there = [[value(way, step) for step in two] for two in steps]
        nearest = [ball for _, ball in there if ball is not None and ball.is_finite()]
        # On a curve that is known but nearly, a sign is anything, and f as well if it jumps.
        if not is_exact and len(nearest) == 2 and _is_jump(*nearest):
            return np.nan, np.nan
        after, before = map(side, there, steps)
        return after, before

    sizes, is_exact = _sizes(at), all(isinstance(x, float) for x in at)
    with many_digits(BITS):
        here = value((0, 0), 0.0)
        if here is None or not here.is_finite():
            return [(None, None)] * len(_WAYS)
        return [both(way) for way in _WAYS]


def _is_jump(after: Any, before: Any) -> bool:
    """Tell whether f differs so much so near that it is no matter of its slope."""
    size = 1.0 + float(abs(after).mid()) + float(abs(before).mid())
    return bool(abs(after - before) > _JUMP * size)


def _sizes(at: tuple[Any, Any]) -> list[float]:
    return [max(1.0, abs(float(x))) for x in at]


def _partials(
    sides: list[tuple[float | None, float | None]], at: tuple[Any, Any], unit: float
) -> tuple[float | None, float | None]:
    """Return the derivatives that the slopes of all ways make."""

    def slope(after: float | None, before: float | None) -> float | None:
        if after is None or before is None or after == before == _EDGE:
            return None
        if _EDGE in (after, before):
            return min(after, before) if after == after and before == before else np.nan
        is_same = _are_equal(after, before, unit)
        return (after + before) / 2 if is_same else np.nan  # no curvature

    slopes = [slope(*way) for way in sides]
    known = [each for each in slopes if each is not None]
    is_inside = not any(_EDGE in way for way in sides)
    if len(known) == len(_WAYS) and is_inside and np.isfinite(known[:2]).all():
        in_a, in_b, up, down = known
        if not (_are_equal(up, in_a + in_b, unit) and _are_equal(down, in_a - in_b, unit)):
            return np.nan, np.nan
    first, second = (
        None if each is None else each / size
        for each, size in zip(slopes[:2], _sizes(at), strict=True)
    )
    return first, second


def _limit(far: Any, near: Any, unit: float) -> float | None:
    """Return the slope that two quotients tend to; nan where it has no bound, None if unknown."""
    before, limit = float(far.mid()), float(near.mid())
    scale = abs(before) + abs(limit)
    if not np.isfinite(scale) or float(near.rad()) > _EQUAL * (unit + scale):
        return None
    return limit if _are_equal(before, limit, unit) else np.nan


def _are_equal(one: float, other: float, unit: float) -> bool:
    return abs(one - other) <= _EQUAL * (unit + abs(one) + abs(other))  # False for nan
