"""The formula's computation graph at a point: values forward, adjoints backward, what depends.

The numbers come from one generated function per formula that returns every node's value and
adjoint and every edge's local derivative. Its arithmetic is that of the compiled gradient, so
the adjoints of a and b are ∇f to the last bit; all are nan where f is.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from gdviz.base.format import number
from gdviz.engine.language.autodiff import adjoints, local_derivative
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.formula_objective import FormulaObjective

Kind = Literal["number", "name", "operation"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of the value's graph.

    Attributes
    ----------
    kind : {"number", "name", "operation"}
        A number or a name is an input; an operation has edges from its arguments.
    operation : str
        The engine's name of the operation; empty for an input.
    sign : str
        What to write in it: a number, a name, ``+``, ``σ``.
    rank : int
        The longest way from an input: 0 for inputs, and larger than each argument's.
    depends_on : frozenset of str
        The parameters and constants in it. If one is shifted, the node must be computed again.
    value : float
        The node's value, over data in one row.
    adjoint : float
        ∂f/∂node.
    varies : bool
        Whether it has a value for each row of the data.
    column : int or None
        Where the operation is written first in the formula.
    """

    kind: Kind
    operation: str
    sign: str
    rank: int
    depends_on: frozenset[str]
    varies: bool
    value: float
    adjoint: float
    column: int | None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """From an argument to the operation that uses it; x·x has two.

    Attributes
    ----------
    argument, user : int
        Positions in :attr:`GraphView.nodes`; ``argument < user``.
    derivative : float
        ∂user/∂argument at this argument, the other held.
    """

    argument: int
    user: int
    derivative: float


@dataclass(frozen=True, slots=True)
class GraphView:
    """The computation graph at a point.

    Attributes
    ----------
    nodes : tuple of GraphNode
        Arguments before their users; the last is f.
    edges : tuple of GraphEdge
        By user, in the order of its arguments.
    failure : str
        Which operation has no finite value, or else no finite derivative, and where; empty if
        f and ∇f are finite.
    row : int
        The row of the data, from 0, whose numbers stand in the nodes that have one for each: the
        first of those in which most is not finite.
    rows : int
        How many rows there are; 1 without data.
    parameters : (str, str)
        What the parameters are called.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    failure: str
    row: int = 0
    rows: int = 1
    parameters: tuple[str, str] = PARAMETERS

    @property
    def v(self) -> int:
        """How many nodes: operations, names and numbers."""
        return len(self.nodes)

    @property
    def e(self) -> int:
        """How many edges."""
        return len(self.edges)

    @property
    def gradient(self) -> tuple[float, float]:
        """The adjoints of a and b; 0 for one that is not in the formula, if f has a value."""
        found = {node.sign: node.adjoint for node in self.nodes if node.kind == "name"}
        absent = math.nan if math.isnan(self.nodes[-1].value) else 0.0
        in_a, in_b = (found.get(name, absent) for name in self.parameters)
        return in_a, in_b

    def recomputed(self, parameter: str) -> frozenset[int]:
        """Return the positions of the operations to compute again if `parameter` is shifted.

        All other operations are reused.
        """
        return frozenset(
            i
            for i, node in enumerate(self.nodes)
            if node.kind == "operation" and parameter in node.depends_on
        )


def graph_view(objective: FormulaObjective, a: float, b: float) -> GraphView:
    """Return the computation graph of an objective at (a, b).

    No point raises: what is undefined is nan or infinite, and the view's `failure` says why.

    Parameters
    ----------
    objective : FormulaObjective
        The function.
    a, b : float
        The point.
    """
    plan = _plan(objective.formula)
    with np.errstate(all="ignore"):
        results = plan.function(np.float64(a), np.float64(b), *objective.arguments())
    row = _row_of_most_holes(results, objective.rows)
    numbers = [float(np.broadcast_to(result, objective.rows)[row]) for result in results]
    v = len(plan.nodes)
    # Where f has no value it has no derivatives, whatever those of its parts are.
    found = [math.nan] * v if math.isnan(numbers[v - 1]) else numbers[v : 2 * v]
    nodes = tuple(
        GraphNode(*drawn, value, adjoint, column)
        for drawn, value, adjoint, column in zip(
            plan.nodes, numbers[:v], found, plan.places, strict=True
        )
    )
    edges = tuple(
        GraphEdge(*ends, derivative)
        for ends, derivative in zip(plan.edges, numbers[2 * v :], strict=True)
    )
    parameters = objective.formula.parameters
    failure = _failure(nodes, edges, parameters)
    return GraphView(nodes, edges, failure, row, objective.rows, parameters)


def _row_of_most_holes(results: Iterable[Any], rows: int) -> int:
    """Return the first of the rows in which most is not finite."""
    holes = np.zeros(rows, np.intp)
    with np.errstate(all="ignore"):
        for result in results:
            # What has a finite sum has no hole, which is the usual case and quickly told.
            if np.ndim(result) and not np.isfinite(np.sum(result)):
                holes += ~np.isfinite(result)
    return int(np.argmax(holes))


# -- what does not depend on the point


@dataclass(frozen=True, eq=False)
class _Plan:
    nodes: tuple[tuple[Kind, str, str, int, frozenset[str], bool], ...]
    edges: tuple[tuple[int, int], ...]
    places: tuple[int | None, ...]
    function: Callable[..., Sequence[Any]]  # values, adjoints, local derivatives


@lru_cache(maxsize=16)
def _plan(formula: Formula) -> _Plan:
    graph, output = formula.graph, formula.output
    depends = graph.dependencies([output])
    order = list(depends)
    position = {index: i for i, index in enumerate(order)}
    zero = graph.number(0.0)
    adjoint = adjoints(graph, output)
    rank: dict[int, int] = {}
    edges: list[tuple[int, int]] = []
    derivatives: list[int] = []
    for index in order:
        arguments = graph[index].arguments
        rank[index] = 1 + max((rank[i] for i in arguments), default=-1)
        for place, argument in enumerate(arguments):
            edges.append((position[argument], position[index]))
            constant = graph[argument].operation == "number"
            derivatives.append(zero if constant else local_derivative(graph, index, place))
    outputs = [*order, *(adjoint.get(index, zero) for index in order), *derivatives]
    return _Plan(
        tuple((*_drawn(graph, i), rank[i], depends[i], graph[i].varies) for i in order),
        tuple(edges),
        tuple(formula.places.get(index) for index in order),
        generate(graph, outputs, (*formula.parameters, *formula.arguments), NUMPY),
    )


def _drawn(graph: Graph, index: int) -> tuple[Kind, str, str]:
    node = graph[index]
    if node.operation == "number":
        return "number", "", _number(node.value)
    if node.operation == "name":
        return "name", "", node.name
    return "operation", node.operation, OPERATIONS[node.operation].read_as


# -- what is undefined


def _failure(
    nodes: Sequence[GraphNode], edges: Sequence[GraphEdge], parameters: tuple[str, str]
) -> str:
    """Return a sentence on the first operation that is not finite though its arguments are."""
    arguments: list[list[int]] = [[] for _ in nodes]
    for edge in edges:
        arguments[edge.user].append(edge.argument)

    def described(i: int) -> str:
        place = "" if nodes[i].column is None else f" at column {nodes[i].column}"
        return f"{_written(nodes[i], [nodes[j].value for j in arguments[i]])}{place}"

    i = len(nodes) - 1
    if not math.isfinite(nodes[i].value):
        while culprits := [j for j in arguments[i] if not math.isfinite(nodes[j].value)]:
            i = culprits[0]
        return f"{described(i)} {_wrong(nodes[i], [nodes[j].value for j in arguments[i]])}"
    if all(math.isfinite(n.adjoint) for n in nodes if n.kind == "name" and n.sign in parameters):
        return ""
    for edge in reversed(edges):
        if not math.isfinite(edge.derivative):
            return f"{described(edge.user)} has no finite derivative"
    return "the gradient is too large for a number"


def _wrong(node: GraphNode, arguments: Sequence[float]) -> str:
    if node.operation == "div" and arguments[1] == 0.0:
        return "divides by zero"
    return "is undefined" if math.isnan(node.value) else "is infinite or too large for a number"


def _written(node: GraphNode, arguments: Sequence[float]) -> str:
    """Return an operation with its numbers: ``log(−1)``, ``1 ÷ 0``."""
    numbers = list(map(_number, arguments))
    if node.kind != "operation" or not OPERATIONS[node.operation].symbol:
        return f"{node.sign}({', '.join(numbers)})" if numbers else node.sign
    numbers = [f"({n})" if n.startswith("−") else n for n in numbers]
    return f" {node.sign} ".join(numbers) if len(numbers) > 1 else f"{node.sign}{numbers[0]}"


def _number(value: float) -> str:
    return number(value)
