"""Differentiation on the computation graph: in reverse, and forward along a direction.

SymPy's ``diff`` rewrites whole expressions, and its output grows like the cube of the nesting:
the Hessian of a product of forty factors took 5.8 s to derive and 4.3 s to share again with
``cse``, of 24 nested functions 2.7 s and 1.6 s. Going backwards over the graph gives
the gradient in a constant number of nodes a node, so that no formula within the language's
bounds can hang. A sum over the rows of the data passes its adjoint to every row; a single number
that is used in a row gets the sum of its terms there. The local derivatives are lines of the
formula language (:data:`gdviz.engine.language.operations.OPERATIONS`); SymPy confirms each of
them in the tests.

References
----------
A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, chapter 3.
"""

from collections.abc import Container, Mapping, Sequence
from functools import cache

from gdviz.engine.language.enclosures.cancellation import constants
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.operations import JUMPING, OPERATIONS
from gdviz.engine.language.parser import parse
from gdviz.engine.language.syntax_tree import Tree

#: Operations of finite value whose derivatives may be infinite,
_UNBOUNDED = frozenset({"div", "pow", "sqrt", "log", "log10", "asin", "acos", "gate", "mask"})
#: those whose derivatives are zero where they are flat, so that what is beyond does not matter
#: there, and which may be zero far and wide themselves, as sums of jumps may;
_FLAT = frozenset({"relu", "max", "min", "gate", "mask"})
#: those that are zero where an argument is: a sign is so at a point alone.
_PASSING = frozenset(
    {
        "mul",
        "div",
        "pow",
        "neg",
        "sqrt",
        "abs",
        "sign",
        "sin",
        "tan",
        "asin",
        "atan",
        "sinh",
        "tanh",
    }
)


def adjoints(graph: Graph, output: int) -> dict[int, int]:
    """Return for each node the node of ∂output/∂node.

    Parameters
    ----------
    graph : Graph
        The graph; the nodes of the derivatives are added to it.
    output : int
        The node to differentiate.

    Returns
    -------
    dict of int to int
        Nodes on which `output` does not depend, or only with derivative zero, are missing.
    """
    order = [i for i in graph.reachable([output]) if graph[i].operation != "number"]
    result = {output: graph.number(1.0)}
    constant = constants(graph, output)
    unbounded, open_, flat = _beyond(graph, order, constant)
    for index in reversed(order):
        node = graph[index]
        if index not in result or node.operation == "name" or index in constant:
            continue  # where f is constant nothing matters that is beyond
        adjoint = result[index]
        for position, argument in enumerate(node.arguments):
            if graph[argument].operation == "number":
                continue
            partial = local_derivative(graph, index, position)
            is_flat = (index, position) in flat
            if argument not in unbounded:
                term = graph.apply("mul", adjoint, partial)
            elif is_flat and node.operation == "pow" and position == 0:
                # The zero of v·u^(v − 1) is meant where v is 0, and not where u is.
                is_on = graph.apply("abs", graph.apply("sign", node.arguments[1]))
                term = graph.apply("mask", graph.apply("mask", is_on, adjoint), partial)
            elif index in open_:
                term = graph.apply("mask" if is_flat else "mul", partial, adjoint)
            else:
                term = graph.apply("gate" if is_flat else "mask", adjoint, partial)
            if node.varies and not graph[argument].varies:
                term = graph.sum(term)  # what is used in every row hears from every row
            if term != graph.number(0.0):
                other = result.get(argument)
                result[argument] = term if other is None else graph.apply("add", other, term)
    return result


def _beyond(
    graph: Graph, order: Sequence[int], constant: Container[int]
) -> tuple[set[int], set[int], set[tuple[int, int]]]:
    """Return where a derivative may be the product of infinity and a zero that is meant.

    Parameters
    ----------
    graph : Graph
        The graph.
    order : sequence of int
        The nodes that the last of them needs, arguments before their users; no numbers.
    constant : container of int
        Those of them that have one value.

    Returns
    -------
    unbounded : set of int
        Nodes that reach the last one through an operation with an infinite derivative.
    open_ : set of int
        Nodes that reach it not only through what may be flat.
    flat : set of (int, int)
        Such operations, and by which of their arguments.
    """
    unbounded, open_, flat = set[int](), set(order[-1:]), set[tuple[int, int]]()
    if _UNBOUNDED.isdisjoint(graph[index].operation for index in order):
        return unbounded, open_, flat
    level, vanishing = _zeros(graph, order, constant)
    for index in reversed(order):
        node = graph[index]
        if index in unbounded or node.operation in _UNBOUNDED:
            unbounded.update(node.arguments)
        for position, argument in enumerate(node.arguments):
            others = node.arguments[:position] + node.arguments[position + 1 :]
            is_product = node.operation in ("mul", "div") and not vanishing.isdisjoint(others)
            # u^0 and 1^v are flat as well.
            zero = level if position else vanishing if index in unbounded else ()
            is_power = node.operation == "pow" and not set(zero).isdisjoint(others)
            if node.operation in _FLAT or is_product or is_power:
                flat.add((index, position))
            elif index in open_:
                open_.add(argument)
    return unbounded, open_, flat


def _zeros(
    graph: Graph, order: Sequence[int], constant: Container[int]
) -> tuple[set[int], set[int]]:
    """Return the nodes that have no slope, and those that may be zero far and wide."""
    level, vanishing = set[int](), set[int]()
    for index in order:
        node = graph[index]
        parts = [i for i in node.arguments if graph[i].operation != "number"]
        is_made_of_level = bool(node.arguments) and level.issuperset(parts)
        if is_made_of_level or node.operation in JUMPING or index in constant:
            level.add(index)
        if node.operation in _PASSING:
            vanishes = not vanishing.isdisjoint(parts)
        else:
            vanishes = node.operation in _FLAT or index in level
        if vanishes:
            vanishing.add(index)
    return level, vanishing


def differentiate(graph: Graph, output: int, names: Sequence[str]) -> list[int]:
    """Return the nodes of derivatives.

    Parameters
    ----------
    graph : Graph
        The graph; the derivatives' nodes are added to it.
    output : int
        The node to differentiate.
    names : sequence of str
        With respect to what.

    Returns
    -------
    list of int
        In the order of `names`.
    """
    result = adjoints(graph, output)
    zero = graph.number(0.0)
    return [result.get(graph.name(name), zero) for name in names]


def tangent(graph: Graph, output: int, direction: Mapping[int, int]) -> int:
    """Return the node of the derivative along a direction, carried forward beside each value.

    Parameters
    ----------
    graph : Graph
        The graph; the tangents' nodes are added to it.
    output : int
        The node to differentiate.
    direction : mapping of int to int
        By the node of a name, the node of its part of the direction.

    References
    ----------
    A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, section 3.1.
    """
    order = graph.reachable([output])
    constant, carried = constants(graph, output), dict(direction)
    for index in order:
        node, total = graph[index], None
        if index in constant:
            continue
        for position, argument in enumerate(node.arguments):
            if argument not in carried:
                continue
            partial = local_derivative(graph, index, position)
            # What is flat has a zero that is meant, whatever comes to it.
            product = "gate" if node.operation in _FLAT else "mul"
            term = graph.apply(product, partial, carried[argument])
            if node.operation == "sum":
                term = graph.sum(carried[argument])
            if term != graph.number(0.0):
                total = term if total is None else graph.apply("add", total, term)
        if total is not None:
            carried[index] = total
    return carried.get(output, graph.number(0.0))


@cache
def _local_derivatives(operation: str) -> tuple[Tree, ...]:
    return tuple(parse(text, ("u", "v", "w")) for text in OPERATIONS[operation].derivatives)


def local_derivative(graph: Graph, index: int, position: int) -> int:
    """Return the node of ∂node/∂argument, the other arguments held.

    Parameters
    ----------
    graph : Graph
        The graph; the derivative's nodes are added to it.
    index : int
        The node: an operation.
    position : int
        Which of its arguments.
    """
    node = graph[index]
    if node.operation == "pow":
        # v·u^(v − 1) and u^v·log(u): where u or v is 0 that zero is meant, and not 0·∞.
        u, v = node.arguments
        if position == 1 and not (graph[u].operation == "number" and graph[u].value > 0.0):
            return graph.apply("gate", graph.apply("log", u), index)
        if position == 0 and graph[v].operation != "number":
            less = graph.apply("sub", v, graph.number(1.0))
            return graph.apply("gate", graph.apply("pow", u, less), v)
    bound = {**dict(zip("uv", node.arguments, strict=False)), "w": index}
    return lower(_local_derivatives(node.operation)[position], graph, bound)
