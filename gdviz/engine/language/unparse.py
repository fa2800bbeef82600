"""A node of the computation graph as text of the formula language."""

from gdviz.engine.language.graph import Graph

#: Signs of operations, and how tightly they bind.
_SIGNS = {"add": (" + ", 1), "sub": (" - ", 1), "mul": ("*", 2), "div": ("/", 2), "pow": ("^", 4)}
_NEGATIVE, _ATOM = 3, 5
#: Where an operand on the right that binds as tightly changes what is meant.
_LEFT_TO_RIGHT = frozenset({"sub", "div"})


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
                done[index] = f"{node.value:.17g}", _NEGATIVE if node.value < 0 else _ATOM
            case "name":
                done[index] = node.name, _ATOM
            case "neg":
                done[index] = f"-{_wrapped(operands[0], _NEGATIVE)}", _NEGATIVE
            case operation if operation in _SIGNS:
                sign, tight = _SIGNS[operation]
                left, right = operands
                after = tight + (operation in _LEFT_TO_RIGHT)
                before = tight + (operation == "pow")
                done[index] = f"{_wrapped(left, before)}{sign}{_wrapped(right, after)}", tight
            case function:
                done[index] = f"{function}({', '.join(text for text, _ in operands)})", _ATOM
    text = done[output][0]
    return text if len(text) <= longest else ""


def _wrapped(operand: tuple[str, int], tight: int) -> str:
    text, own = operand
    return text if own >= tight else f"({text})"
