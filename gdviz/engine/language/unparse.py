"""A node of the computation graph, or a syntax tree, as text of the formula language."""

from gdviz.base.format import format_number
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.language.syntax_tree import Apply, Datum, Name, Number, Tree

#: How tightly a minus sign binds, and what needs no parentheses.
_NEGATIVE, _ATOM = OPERATIONS["neg"].binding, 5


def graph_text(graph: Graph, output: int, longest: int) -> str:
    """Return a node as a formula, or nothing where that is too long.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node.
    longest : int
        The most characters.
    """
    done: dict[int, tuple[str, int]] = {}  # text, and how tightly it binds
    for index in graph.reachable([output]):
        node = graph[index]
        operands = [done[i] for i in node.arguments]
        if any(len(text) > longest for text, _ in operands):
            return ""  # a node may occur in another many times: the whole would be out of reach
        match node.operation:
            case "number":
                done[index] = _number(node.value), _NEGATIVE if node.value < 0 else _ATOM
            case "name":
                done[index] = node.name, _ATOM
            case operation:
                done[index] = _applied(operation, operands)
    text = done[output][0]
    return text if len(text) <= longest else ""


def tree_text(tree: Tree) -> str:
    """Return a syntax tree as a formula, in the form in which it was written."""
    return _of_tree(tree)[0]


def _of_tree(tree: Tree) -> tuple[str, int]:
    match tree:
        case Number(value):
            return _number(value), _ATOM
        case Name(name) | Datum(name):
            return name, _ATOM
        case Apply(operation, arguments):
            return _applied(operation, [_of_tree(argument) for argument in arguments])


def _number(value: float) -> str:
    """Return a number with as many digits as it needs."""
    text = format_number(value)
    return text if float(text) == value else repr(value)


def _applied(operation: str, operands: list[tuple[str, int]]) -> tuple[str, int]:
    """Return an operation on texts, and how tightly it binds."""
    row = OPERATIONS.get(operation)  # a mean is none
    if operation == "neg":
        return f"-{_wrapped(operands[0], _NEGATIVE)}", _NEGATIVE
    if row is None or not row.symbol:
        return f"{operation}({', '.join(text for text, _ in operands)})", _ATOM
    # a − (b − c) and a − b − c are two things, and so are (a^b)^c and a^b^c.
    is_power = operation == "pow"
    left = _wrapped(operands[0], row.binding + is_power)
    right = _wrapped(operands[1], row.binding + (not (is_power or row.is_commutative)))
    symbol = f" {row.symbol} " if row.binding == 1 else row.symbol
    return f"{left}{symbol}{right}", row.binding


def _wrapped(operand: tuple[str, int], tight: int) -> str:
    text, own = operand
    return text if own >= tight else f"({text})"
