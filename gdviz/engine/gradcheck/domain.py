"""For which points a formula is undefined, in words such as "a ≤ 0"."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gdviz.base.format import number
from gdviz.engine.language.enclosures.ball_arithmetic import enclose
from gdviz.engine.language.enclosures.bounds import Bounds, has_value
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import PARTIAL
from gdviz.engine.language.unparse import graph_text

#: What an operation needs to have a value, and of which argument; of a power see below.
RELATIONS = {
    "div": ("≠ 0", 1),
    "log": ("> 0", 0),
    "log10": ("> 0", 0),
    "sqrt": ("≥ 0", 0),
    "asin": ("≤ 1", 0),  # its size
    "acos": ("≤ 1", 0),
}
_OPPOSITE = {"≠": "=", "=": "≠", ">": "≤", "≤": ">", "≥": "<", "<": "≥"}
_MIRRORED = {"≠": "≠", "=": "=", ">": "<", "<": ">", "≥": "≤", "≤": "≥"}
_LONGEST = 40  #: characters of one side
_TOO_LONG = "…"


class Condition(NamedTuple):
    """Of a node that it be "> 0", "≥ 0", "< 0", "≤ 0" or "≠ 0", or its size "≤ 1".

    As a base it `is_rough`: a power with an exponent that is no number may have values elsewhere.
    """

    relation: str
    node: int
    is_rough: bool = False

    def says(self, other: "Condition") -> bool:
        """Tell whether another one holds wherever this one does."""
        strict = {"≠ 0": ("> 0", "< 0"), "≥ 0": ("> 0",), "≤ 0": ("< 0",)}
        return self.node == other.node and self.relation in (
            other.relation,
            *strict.get(other.relation, ()),
        )

    def text(self, graph: Graph, *, holds: bool) -> str:
        """Return where it holds, or where it does not; with data, for all rows or for some."""
        sign, bound = self.relation.split()
        sign = sign if holds else _OPPOSITE[sign]
        if bound == "1":
            return f"|{_side(graph, self.node)}| {sign} 1"
        left, right = _sides(graph, self.node)
        if graph[left].operation == "number":
            left, right, sign = right, left, _MIRRORED[sign]
        rows = "" if not graph[self.node].varies else " in each row" if holds else " in some row"
        return f"{_side(graph, left)} {sign} {_side(graph, right)}{rows}"


def _sides(graph: Graph, node: int) -> tuple[int, int]:
    """Return two nodes whose difference a node is."""
    operation, arguments, *_ = graph[node]
    if operation == "sub":
        return arguments[0], arguments[1]
    if operation == "add" and graph[arguments[0]].operation == "number":
        return arguments[1], graph.number(-graph[arguments[0]].value)
    return node, graph.number(0.0)


def _side(graph: Graph, node: int) -> str:
    if graph[node].operation == "number":
        return number(graph[node].value)
    return graph_text(graph, node, _LONGEST) or _TOO_LONG


def conditions(
    graph: Graph, outputs: Iterable[int], known: Mapping[int, Bounds]
) -> Iterator[Condition]:
    """Yield what nodes need to have a value, and may lack.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : iterable of int
        The nodes.
    known : mapping of int to Bounds
        Those of all nodes that these need: what holds by them is left out.
    """
    for index in graph.reachable(outputs):
        if graph[index].operation in PARTIAL and not has_value(graph, index, known):
            yield condition(graph, index, known)


def condition(graph: Graph, index: int, known: Mapping[int, Bounds]) -> Condition:
    """Return what an operation needs to have a value.

    Parameters
    ----------
    graph, known
        As for :func:`conditions`.
    index : int
        The operation's node.
    """
    operation, arguments, *_ = graph[index]
    if operation != "pow":
        relation, position = RELATIONS[operation]
        return simplified(graph, Condition(relation, arguments[position]), known)
    base, exponent = arguments
    value = graph[exponent].value
    if graph[exponent].operation != "number":
        return simplified(graph, Condition("≥ 0", base, is_rough=True), known)
    relation = "≠ 0" if value.is_integer() else "≥ 0" if value > 0.0 else "> 0"
    return simplified(graph, Condition(relation, base), known)


def simplified(graph: Graph, asked: Condition, known: Mapping[int, Bounds]) -> Condition:
    """Return the same of a simpler node: 2·√u ≠ 0 where u ≠ 0.

    Parameters
    ----------
    graph, known
        As for :func:`conditions`.
    asked : Condition
        The condition.
    """
    while (simpler := _simpler(graph, asked, known)) is not None:
        asked = simpler
    return asked


def _simpler(graph: Graph, asked: Condition, known: Mapping[int, Bounds]) -> Condition | None:
    relation, node, _ = asked
    operation, arguments, *_ = graph[node]
    if relation == "≤ 1":
        return None
    is_level = relation == "≠ 0"
    if relation == "> 0" and node in known and known[node].low >= 0.0:
        return asked._replace(relation="≠ 0")
    if operation == "neg":
        return asked._replace(relation=_mirrored(relation), node=arguments[0])
    if operation in ("mul", "div"):
        for one, other in (arguments, arguments[::-1])[: 1 if operation == "div" else 2]:
            factor = known.get(other)
            if is_level and operation == "div":
                return asked._replace(node=one)
            if factor is not None and (factor.is_positive or (is_level and not factor.has_zero)):
                return asked._replace(node=one)
            if factor is not None and factor.is_negative:
                return asked._replace(relation=_mirrored(relation), node=one)
    is_power = operation == "pow" and graph[arguments[1]].operation == "number"
    if is_level and (
        operation in ("abs", "sqrt", "sinh", "tanh", "asin", "atan", "sign")
        or (is_power and graph[arguments[1]].value > 0.0)
    ):
        return asked._replace(node=arguments[0])
    return None


def _mirrored(relation: str) -> str:
    sign, bound = relation.split()
    return f"{_MIRRORED[sign]} {bound}"


def undefined_at(
    graph: Graph,
    output: int,
    places: Iterable[Mapping[str, Any]],
    known: Mapping[int, Bounds],
) -> list[Condition]:
    """Return what a node lacks at points.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node.
    places : iterable of mapping
        What the names stand for at points where it is undefined.
    known : mapping of int to Bounds
        Those of all nodes that it needs.
    """
    found: dict[Condition, None] = {}
    restricted = [i for i in graph.reachable([output]) if graph[i].operation in PARTIAL]
    for names in places:
        for index in restricted:
            if enclose(graph, index, names) is None:  # the first one, before what is made of it
                found.setdefault(condition(graph, index, known))
                break
    return list(found)


def in_words(graph: Graph, found: Collection[Condition], *, holds: bool) -> str:
    """Return where all of some conditions hold, or where one does not.

    Parameters
    ----------
    graph : Graph
        The graph.
    found : collection of Condition
        The conditions.
    holds : bool
        Which of the two.
    """
    texts = dict.fromkeys(each.text(graph, holds=holds) for each in found)
    return (" and " if holds else " or ").join(texts)


def unsaid(found: Sequence[Condition], others: Iterable[Condition]) -> list[Condition]:
    """Return which of some conditions neither others nor those before them say.

    Parameters
    ----------
    found : sequence of Condition
        The conditions.
    others : iterable of Condition
        What is known to hold.
    """
    kept: list[Condition] = []
    others = list(others)
    for each in found:
        rest = [other for other in found if other is not each and other != each]
        stronger = any(other.says(each) for other in (*others, *rest))
        if not stronger and each not in kept:
            kept.append(each)
    return kept
