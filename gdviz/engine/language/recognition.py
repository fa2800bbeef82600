"""What of a formula is computed as another one: log(1 + e^u) overflows where its value does not.

The typed formula stays what is shown; what is recognised is what is differentiated, compiled and
counted.

References
----------
P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and softmax
functions", IMA J. Numer. Anal. 41 (2021) 2311–2330.
"""

import math
from collections.abc import Mapping

from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.syntax_tree import Tree


def lower_recognised(
    tree: Tree,
    graph: Graph,
    bound: Mapping[str, int] | None = None,
    places: dict[int, int] | None = None,
) -> int:
    """Add a syntax tree to a graph, and return the node as which it is computed.

    Parameters
    ----------
    tree, graph, bound, places
        As for :func:`gdviz.engine.language.graph.lower`, and so are the errors.
    """
    output = lower(tree, graph, bound, places)
    order, done = graph.reachable([output]), dict[int, int]()
    if not any(graph[index].operation == "log" for index in order):
        return output
    for index in order:
        operation, arguments, *_ = graph[index]
        if not arguments:
            done[index] = index
            continue
        operands = [done[argument] for argument in arguments]
        found = _log_of_exponentials(graph, operands[0]) if operation == "log" else None
        done[index] = graph.apply(operation, *operands) if found is None else found
        if places is not None and index in places:
            places.setdefault(done[index], places[index])
    return done[output]


def _log_of_exponentials(graph: Graph, argument: int) -> int | None:
    """Return what log(1 + e^v) is computed as, and log(e^u + e^v) = u + log(1 + e^(v − u))."""
    operation, arguments, *_ = graph[argument]
    if operation != "add":
        return None
    one, other = (_exponent(graph, index) for index in arguments)
    if one is None or other is None or graph.number(0.0) == one == other:
        return None
    if other == graph.number(0.0):
        one, other = other, one
    return graph.apply("add", one, graph.apply("softplus", graph.apply("sub", other, one)))


def _exponent(graph: Graph, index: int) -> int | None:
    """Return u of e^u; of 1 it is 0."""
    operation, arguments, value, *_ = graph[index]
    if operation == "exp":
        return arguments[0]
    if operation == "pow" and graph[arguments[0]].value == math.e:
        return arguments[1]
    return graph.number(0.0) if operation == "number" and value == 1.0 else None
