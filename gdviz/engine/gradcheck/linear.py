"""Sums in which a term stands twice, gathered: a − (−a) is zero where a is."""

import math
from collections.abc import Mapping
from fractions import Fraction

from gdviz.engine.language.graph import Graph

_MOST = 64  #: terms; in a graph a few nodes may stand for any number of them


def gathered(graph: Graph, node: int) -> tuple[int, bool] | None:
    """Return a node with the zeros of a sum, in which each term stands once.

    Parameters
    ----------
    graph : Graph
        The graph, which may gain nodes.
    node : int
        The sum.

    Returns
    -------
    (int, bool) or None
        The node, and whether its sign is the opposite one; None where each term stands once
        already, where all of them cancel, or where they get factors that no float is.
    """
    terms = _terms(graph, node)
    factors: dict[int, Fraction] = {}
    for term, factor in terms:
        factors[term] = factors.get(term, Fraction(0)) + factor
    level = factors.pop(graph.number(1.0), Fraction(0))
    left = {term: factor for term, factor in factors.items() if factor}
    if len(left) == len([term for term, _ in terms if term != graph.number(1.0)]) or not left:
        return None
    unit = next(iter(left.values()))
    left = {term: factor / unit for term, factor in left.items()}
    level /= unit
    if any(Fraction(float(factor)) != factor for factor in (*left.values(), level)):
        return None
    return _sum(graph, left, level), unit < 0


def _sum(graph: Graph, terms: Mapping[int, Fraction], level: Fraction) -> int:
    """Return the node of a sum whose first factor is 1."""
    result, *_ = terms
    others = [*terms.items()][1:]
    if level:
        others.append((graph.number(1.0), level))
    for term, factor in others:
        part = graph.apply("mul", graph.number(abs(float(factor))), term)
        result = graph.apply("add" if factor > 0 else "sub", result, part)
    return result


def _terms(graph: Graph, node: int) -> list[tuple[int, Fraction]]:
    """Return the terms of a sum with their factors, of a number 1; none where they are many."""
    found: list[tuple[int, Fraction]] = []
    todo = [(node, Fraction(1))]
    while todo:
        if len(found) + len(todo) > _MOST:
            return []
        index, factor = todo.pop()
        operation, arguments, value, *_ = graph[index]
        numbers = [_value(graph, argument) for argument in arguments]
        match operation, numbers:
            case "number", _ if math.isfinite(value):
                found.append((graph.number(1.0), factor * Fraction(value)))
            case "add" | "sub", _:
                sign = 1 if operation == "add" else -1
                todo += [(arguments[1], sign * factor), (arguments[0], factor)]
            case "neg", _:
                todo.append((arguments[0], -factor))
            case "mul", [Fraction() as times, _]:
                todo.append((arguments[1], factor * times))
            case "mul", [_, Fraction() as times]:
                todo.append((arguments[0], factor * times))
            case "div", [_, Fraction() as parts] if parts:
                todo.append((arguments[0], factor / parts))
            case _:
                found.append((index, factor))
    return found


def _value(graph: Graph, node: int) -> Fraction | None:
    operation, _, value, *_ = graph[node]
    return Fraction(value) if operation == "number" and math.isfinite(value) else None
