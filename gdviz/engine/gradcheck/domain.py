"""For which points a formula is undefined, in words such as "a ≤ 0"."""

from collections.abc import Iterable, Mapping
from typing import Any

from gdviz.engine.gradcheck.ball_arithmetic import enclose
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.language.unparse import graph_text

#: Where an operation of u and v is undefined, and where it is not.
CONDITIONS = {
    "div": ("{v} = 0", "{v} ≠ 0"),
    "pow": ("{u} < 0", "{u} ≥ 0"),
    "log": ("{u} ≤ 0", "{u} > 0"),
    "log10": ("{u} ≤ 0", "{u} > 0"),
    "sqrt": ("{u} < 0", "{u} ≥ 0"),
    "asin": ("|{u}| > 1", "|{u}| ≤ 1"),
    "acos": ("|{u}| > 1", "|{u}| ≤ 1"),
}
_LONGEST = 40  #: characters of u or v
_TOO_LONG = "…"


def undefined_where(
    graph: Graph, output: int, places: Iterable[Mapping[str, Any]]
) -> tuple[str, str]:
    """Say for which points a node is undefined, and for which it is not.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node.
    places : iterable of mapping
        What the names stand for at points where it is undefined.

    Returns
    -------
    (str, str)
        Such as "a ≤ 0 or b ≤ 0" and "a > 0 and b > 0".
    """
    found: dict[tuple[str, str], None] = {}
    restricted = [i for i in graph.reachable([output]) if _is_restricted(graph, i)]
    for names in places:
        for index in restricted:
            if enclose(graph, index, names) is None:  # the first one, before what is made of it
                found.setdefault(_condition(graph, index))
                break
    conditions = list(found)
    return (
        " or ".join(undefined for undefined, _ in conditions),
        " and ".join(defined for _, defined in conditions),
    )


def _is_restricted(graph: Graph, index: int) -> bool:
    row = OPERATIONS.get(graph[index].operation)
    return row is not None and row.is_undefined is not None


def _condition(graph: Graph, index: int) -> tuple[str, str]:
    node = graph[index]
    texts = [graph_text(graph, i, _LONGEST) or _TOO_LONG for i in node.arguments]
    undefined, defined = CONDITIONS[node.operation]
    names = dict(zip("uv", texts, strict=False))
    return undefined.format(**names), defined.format(**names)
