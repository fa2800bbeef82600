"""The computation graph: each distinct subexpression is one node.

Nodes are interned (value numbering), so a subexpression that occurs twice is computed, and
counted, once. That is common-subexpression elimination at the time of building, in linear time.
"""

import math
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gdviz.engine.language.backends import MATH
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.operations import AGGREGATES, OPERATIONS, ROWS
from gdviz.engine.language.parser import NAMED_NUMBERS
from gdviz.engine.language.syntax_tree import Apply, Datum, Name, Number, Tree

#: Outputs whose nodes are remembered: with a new formula a dozen places ask for those of four.
_KEPT = 8


class Node(NamedTuple):
    """A number (`value`), a name (`name`), or an operation on earlier nodes (`arguments`).

    It `varies` if it holds a number for each row of the data in place of a single one.
    """

    operation: str  # "number", "name", or one of operations.OPERATIONS
    arguments: tuple[int, ...] = ()
    value: float = 0.0
    name: str = ""
    varies: bool = False


class Graph:
    """An append-only list of nodes; a node is known by its index, arguments come first.

    Threads may add nodes at the same time: the window derives a path's gradient while a worker
    compiles the same formula for the grid.
    """

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._index: dict[Node, int] = {}
        self._folded: dict[int, tuple[str, tuple[int, ...]]] = {}
        self._lock = threading.Lock()
        self._reached: dict[tuple[int, ...], tuple[int, ...]] = {}  # by outputs

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, index: int) -> Node:
        return self._nodes[index]

    def number(self, value: float) -> int:
        """Return the node of a number."""
        # −0.0 == 0.0 would intern them as one node; adding 0.0 makes both 0.0.
        return self._intern(Node("number", value=value + 0.0))

    def name(self, name: str, *, varies: bool = False) -> int:
        """Return the node of a parameter or constant, or of a data column, which varies."""
        return self._intern(Node("name", name=name, varies=varies))

    def sum(self, argument: int, rows: int | None = None) -> int:
        """Return the node of a sum over the rows; of a single number, it is as many times that.

        `rows` is the node of the number of rows: by default the name n.
        """
        if self._nodes[argument].varies:
            return self._intern(Node("sum", (argument,)))
        return self.apply("mul", argument, self.name(ROWS) if rows is None else rows)

    def apply(self, operation: str, *arguments: int) -> int:
        """Return the node of an operation, simplified where that is exact.

        Numbers are folded when the result is finite; 0 and 1 disappear from sums, products and
        powers. Nothing is reordered but the arguments of commutative operations, so that the
        arithmetic stays the one that was written.
        """
        if operation == "sum":
            return self.sum(*arguments)
        numbers = [n.value for i in arguments if (n := self._nodes[i]).operation == "number"]
        if len(numbers) == len(arguments):
            folded = _fold(operation, numbers)
            if math.isfinite(folded):
                index = self.number(folded)
                if index > max(arguments):  # and was no number of the formula before
                    self._folded.setdefault(index, (operation, arguments))
                return index
        elif numbers and (same := self._identity(operation, arguments)) is not None:
            return same
        if operation == "neg" and self._nodes[arguments[0]].operation == "neg":
            return self._nodes[arguments[0]].arguments[0]
        if OPERATIONS[operation].is_commutative:
            arguments = tuple(sorted(arguments))
        varies = any(self._nodes[i].varies for i in arguments)
        return self._intern(Node(operation, arguments, varies=varies))

    def zero_of(self, index: int) -> int:
        """Return the node at whose zeros a node has its kink or its jump."""
        first, *second = self._nodes[index].arguments
        return self.apply("sub", first, *second) if second else first

    def unfolded(self, index: int) -> tuple[str, tuple[int, ...]]:
        """Return the operation and the arguments of a node, of a number those it was folded from.

        A folded number is rounded, and what is folded from that may be far off: log(cos(1e-3)).
        """
        node = self._nodes[index]
        return self._folded.get(index, (node.operation, node.arguments))

    def reachable(self, outputs: Iterable[int], *, unfolded: bool = False) -> list[int]:
        """Return the nodes that `outputs` need, arguments before their users.

        Those from which numbers were folded are among them if `unfolded`.
        """
        stack = list(outputs)
        key = tuple(stack)
        if not unfolded and (known := self._reached.get(key)):
            return [*known]
        needed: set[int] = set()
        while stack:
            index = stack.pop()
            if index not in needed:
                needed.add(index)
                node = self._nodes[index]
                stack.extend(self.unfolded(index)[1] if unfolded else node.arguments)
        found = sorted(needed)
        if not unfolded:
            if len(self._reached) >= _KEPT:
                self._reached.clear()
            self._reached[key] = tuple(found)
        return found

    def dependencies(self, outputs: Iterable[int]) -> dict[int, frozenset[str]]:
        """Return, for each node that `outputs` need, the names it depends on."""
        result: dict[int, frozenset[str]] = {}
        for index in self.reachable(outputs):
            node = self._nodes[index]
            own = frozenset((node.name,) if node.operation == "name" else ())
            result[index] = own.union(*(result[i] for i in node.arguments))
        return result

    def names(self, outputs: Iterable[int]) -> Iterator[str]:
        """Yield the names that `outputs` depend on."""
        for index in self.reachable(outputs):
            if self._nodes[index].operation == "name":
                yield self._nodes[index].name

    def _intern(self, node: Node) -> int:
        index = self._index.get(node)
        if index is None:
            with self._lock:
                index = self._index.get(node)
                if index is None:
                    index = len(self._nodes)
                    self._nodes.append(node)
                    self._index[node] = index  # last: whoever sees it finds the node there
        return index

    def _identity(self, operation: str, arguments: tuple[int, ...]) -> int | None:
        """Simplify an operation of which one argument, and not the other, is a number."""
        left, right = (self._nodes[i] for i in arguments)
        number, other = (
            (left, arguments[1]) if left.operation == "number" else (right, arguments[0])
        )
        first = number is left
        match operation, number.value, first:
            case ("add", 0.0, _) | ("mul" | "gate" | "mask", 1.0, _) | ("sub", 0.0, False):
                return other
            case ("div" | "pow", 1.0, False):
                return other
            case ("mul" | "gate" | "mask", 0.0, _) | ("div", 0.0, True):
                return self.number(0.0)
            case ("pow", 0.0, False) | ("pow", 1.0, True):
                return self.number(1.0)
            case ("mul" | "gate" | "mask", -1.0, _) | ("div", -1.0, False) | ("sub", 0.0, True):
                return self.apply("neg", other)
            case _:
                return None


def _fold(operation: str, numbers: list[float]) -> float:
    """Evaluate an operation on numbers; nan where it is undefined, infinite or too large."""
    try:
        return float(MATH.evaluate(operation, numbers))
    except (ArithmeticError, ValueError):
        return math.nan


def lower(
    tree: Tree,
    graph: Graph,
    bound: Mapping[str, int] | None = None,
    places: dict[int, int] | None = None,
) -> int:
    """Add a syntax tree to a graph and return its node.

    Parameters
    ----------
    tree : Tree
        The formula.
    graph : Graph
        Where its nodes go.
    bound : mapping, optional
        Nodes that stand for names; by default a name is a node of that name.
    places : dict, optional
        Receives, for each operation's node, the column of the text where it is written first.

    Raises
    ------
    FormulaError
        If a part that holds only numbers has no finite value, such as ``1/0`` or ``9^9^9``.
    """
    match tree:
        case Number(value):
            return graph.number(value)
        case Name(name) | Datum(name):
            if bound is not None and name in bound:
                return bound[name]
            if name in NAMED_NUMBERS:
                return graph.number(NAMED_NUMBERS[name])
            return graph.name(name, varies=isinstance(tree, Datum))
        case Apply(operation, arguments, column):
            indices = [lower(argument, graph, bound, places) for argument in arguments]
            made = _operation(operation, indices, graph, bound or {})
            node = made[-1]
            # In a derivative (bound) this is no refusal: 0^a has log(0) in it.
            kinds = {graph[i].operation for i in indices}
            if bound is None and kinds == {"number"} and graph[node].operation != "number":
                raise FormulaError(f"the numbers at column {column} have no finite result", column)
            if places is not None:
                for index in made:
                    if graph[index].arguments:
                        places.setdefault(index, column)
            return node


def _operation(
    operation: str, arguments: list[int], graph: Graph, bound: Mapping[str, int]
) -> list[int]:
    """Return the nodes of an operation, the last one its result: a mean is a sum divided by n."""
    if operation not in AGGREGATES:
        return [graph.apply(operation, *arguments)]
    rows = bound[ROWS] if ROWS in bound else graph.name(ROWS)
    total = graph.sum(arguments[0], rows)
    return [total, graph.apply("div", total, rows)] if operation == "mean" else [total]
