"""For which points a formula is undefined, in words such as "a ≤ 0"."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gdviz.base.format import number
from gdviz.engine.gradcheck.linear import gathered
from gdviz.engine.language.enclosures.ball_arithmetic import enclose
from gdviz.engine.language.enclosures.bounds import ANY, Bounds, has_value
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS, PARTIAL
from gdviz.engine.language.unparse import graph_text

_OPPOSITE = {"≠": "=", "=": "≠", ">": "≤", "≤": ">", "≥": "<", "<": "≥"}
_MIRRORED = {"≠": "≠", "=": "=", ">": "<", "<": ">", "≥": "≤", "≤": "≥"}
#: Functions that are zero where their argument is, and nowhere else.
_PASSING = frozenset({"abs", "sqrt", "sinh", "tanh", "asin", "atan", "sign"})
_LONGEST = 40  #: characters of one side
_TOO_LONG = "…"


class Condition(NamedTuple):
    """Of a node that it be "> 0", "≥ 0", "< 0", "≤ 0" or "≠ 0", or its size "≤ 1".

    As a base it `is_rough`: a power with an exponent that is no number may have values elsewhere.
    With a base that is never negative it is that it be not 0, or else what is `otherwise`: that the
    exponent be not negative.
    """

    relation: str
    node: int
    is_rough: bool = False
    otherwise: "Condition | None" = None

    def says(self, other: "Condition") -> bool:
        """Tell whether another one holds wherever this one does."""
        strict = {"≠ 0": ("> 0", "< 0"), "≥ 0": ("> 0",), "≤ 0": ("< 0",)}
        is_as_strict = self.otherwise in (None, other.otherwise)
        return (
            is_as_strict
            and self.node == other.node
            and self.relation
            in (
                other.relation,
                *strict.get(other.relation, ()),
            )
        )

    def text(self, graph: Graph, *, holds: bool) -> str:
        """Return where it holds, or where it does not; with data, for all rows or for some."""
        if self.otherwise is not None:
            both = self._replace(otherwise=None), self.otherwise
            word = " or " if holds else " and "
            return word.join(each.text(graph, holds=holds) for each in both)
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
    domain = OPERATIONS[operation].domain
    if domain and domain.relation:
        asked = Condition(domain.relation, arguments[domain.argument])
        return simplified(graph, asked, known)
    base, exponent = arguments
    value = graph[exponent].value
    if graph[exponent].operation != "number":
        if known.get(base, ANY).low < 0.0:
            return simplified(graph, Condition("≥ 0", base, is_rough=True), known)
        otherwise = simplified(graph, Condition("≥ 0", exponent), known)
        return simplified(graph, Condition("≠ 0", base, otherwise=otherwise), known)
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
    relation, node, *_ = asked
    operation, arguments, *_ = graph[node]
    if relation == "≤ 1":
        return None
    if relation == "> 0" and node in known and known[node].low >= 0.0:
        return asked._replace(relation="≠ 0")
    if operation == "neg":
        return asked._replace(relation=_mirrored(relation), node=arguments[0])
    if operation in ("mul", "div"):
        return _without_factor(graph, asked, known)
    if operation in ("add", "sub") and (found := gathered(graph, node)) is not None:
        simpler, is_opposite = found
        relation = _mirrored(relation) if is_opposite else relation
        return asked._replace(relation=relation, node=simpler)
    return _same_zeros(graph, asked) if relation == "≠ 0" else None


def _without_factor(
    graph: Graph, asked: Condition, known: Mapping[int, Bounds]
) -> Condition | None:
    """Return the same of one factor, where the other has one sign, or is not zero."""
    operation, arguments, *_ = graph[asked.node]
    is_level = asked.relation == "≠ 0"
    if is_level and operation == "div":
        return asked._replace(node=arguments[0])
    for one, other in (arguments, arguments[::-1])[: 1 if operation == "div" else 2]:
        factor = known.get(other, ANY)
        if factor.is_positive or (is_level and not factor.has_zero):
            return asked._replace(node=one)
        if factor.is_negative:
            return asked._replace(relation=_mirrored(asked.relation), node=one)
    return None


def _same_zeros(graph: Graph, asked: Condition) -> Condition | None:
    """Return that another node is not zero, which is where the node is: √u where u is."""
    operation, arguments, *_ = graph[asked.node]
    if operation == "sub" and arguments[0] > arguments[1]:
        return asked._replace(node=graph.apply("sub", arguments[1], arguments[0]))
    exponent = graph[arguments[1]] if operation == "pow" else None
    is_power = exponent and exponent.operation == "number" and exponent.value > 0.0
    return asked._replace(node=arguments[0]) if is_power or operation in _PASSING else None


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
    texts = {each.text(graph, holds=holds): each for each in found}
    parts = (f"({t})" if each.otherwise and len(texts) > 1 else t for t, each in texts.items())
    return (" and " if holds else " or ").join(parts)


def unsaid(
    graph: Graph,
    found: Iterable[Condition],
    others: Iterable[Condition],
    known: Mapping[int, Bounds],
) -> list[Condition]:
    """Return what of some conditions does not follow from others, nor from the rest of them.

    Parameters
    ----------
    graph : Graph
        The graph.
    found : iterable of Condition
        The conditions.
    others : iterable of Condition
        What is known to hold.
    known : mapping of int to Bounds
        Those of the nodes.
    """
    given = [each for other in others for each in _factors(graph, other)]
    left = dict.fromkeys(_left(each, given) for each in found)
    new = [each for each in left if not _follows(graph, each, given, known)]

    def is_said(each: Condition, by: Sequence[Condition]) -> bool:
        # Of two that say the same the rough one stays, which no words are exact for.
        others = (o for o in by if o != each and o.says(each))
        return any(not (each.is_rough and each.says(o)) for o in others)

    kept = [each for each in new if not is_said(each, new)]
    # u ≥ 0 and u ≠ 0 are u > 0.
    level = {each.node for each in kept if each.relation == "≠ 0" and not each.otherwise}
    strict = {"≥ 0": "> 0", "≤ 0": "< 0"}
    both = [
        each._replace(relation=strict[each.relation])
        if each.relation in strict and each.node in level
        else each
        for each in kept
    ]
    return [each for each in both if not is_said(each, both)]


def _left(asked: Condition, given: Iterable[Condition]) -> Condition:
    """Return what a condition says that is not known: of u > 0, where u ≥ 0, that u ≠ 0."""
    weaker = {"> 0": "≥ 0", "< 0": "≤ 0"}.get(asked.relation)
    is_known = weaker and any(asked._replace(relation=weaker) == each for each in given)
    return asked._replace(relation="≠ 0") if is_known else asked


def _factors(graph: Graph, given: Condition) -> Iterator[Condition]:
    """Yield a condition and what it says of factors: where u·v > 0, there u ≠ 0."""
    yield given
    operation, arguments, *_ = graph[given.node]
    is_level = given.relation in ("≠ 0", "> 0", "< 0") and not given.otherwise
    if operation in ("mul", "div") and is_level:
        for argument in arguments:
            yield from _factors(graph, Condition("≠ 0", argument))


def _follows(
    graph: Graph, asked: Condition, given: Sequence[Condition], known: Mapping[int, Bounds]
) -> bool:
    """Tell whether a condition follows from others."""
    if any(each.says(asked) for each in given):
        return True
    operation, arguments, *_ = graph[asked.node]
    if asked.relation != "≠ 0" or operation not in ("mul", "add", "pow"):
        return False
    if operation == "pow":  # which is 0 at most where its base is
        arguments = arguments[:1]
    parts = (simplified(graph, Condition("≠ 0", i), known) for i in arguments)
    follow = [_follows(graph, part, given, known) for part in parts]
    if operation != "add":
        return all(follow)
    # A sum of what is not negative is zero where all of it is.
    return any(follow) and all(i in known and known[i].low >= 0.0 for i in arguments)
