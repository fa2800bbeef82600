"""A computation graph as a Python function: one assignment a node.

The text that is compiled holds nothing that a person typed: operations come from the tables,
numbers are printed from floats, and names are numbered.
"""

from collections.abc import Callable, Sequence
from typing import Any

from gdviz.engine.graph import Graph
from gdviz.engine.targets import Target


def generate(
    graph: Graph, outputs: Sequence[int], arguments: Sequence[str], target: Target
) -> Callable[..., Any]:
    """Compile the nodes that `outputs` need.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : sequence of int
        What the function returns: one value, or a tuple where there are several.
    arguments : sequence of str
        The names that become the function's positional arguments, in this order.
    target : Target
        The kind of number.

    Returns
    -------
    callable
        A function of `arguments`.
    """
    outputs = _stabilised(graph, outputs)
    slots = {name: f"p{i}" for i, name in enumerate(arguments)}
    code: dict[int, str] = {}
    lines = [f"def function({', '.join(slots.values())}):"]
    for index in graph.reachable(outputs):
        node = graph[index]
        if node.operation == "number":
            code[index] = f"({node.value!r})"
        elif node.operation == "name":
            code[index] = slots[node.name]
        else:
            operands = [code[i] for i in node.arguments]
            kinds = [graph[i] for i in node.arguments]
            if target.wrap and all(kind.operation == "number" for kind in kinds):
                # Left unfolded because it is not finite: Python would raise where IEEE has inf.
                operands = [f"{target.wrap}{operand}" for operand in operands]
            exponent = kinds[-1].value if kinds[-1].operation == "number" else None
            lines.append(f"    v{index} = {target.expression(node.operation, operands, exponent)}")
            code[index] = f"v{index}"
    results = [code[output] for output in outputs]
    lines.append(f"    return {', '.join(results)}")
    # Without builtins: the text can name the target's functions and nothing else.
    namespace: dict[str, Any] = {**target.functions, "__builtins__": {}}
    exec(compile("\n".join(lines), f"<gdviz {target.name}>", "exec"), namespace)  # noqa: S102
    function: Callable[..., Any] = namespace["function"]
    return function


def _stabilised(graph: Graph, outputs: Sequence[int]) -> list[int]:
    """Rewrite 1 − σ(t) as σ(−t): the same number, but one that does not cancel for large t."""
    one = graph.number(1.0)
    done: dict[int, int] = {}
    for index in graph.reachable(outputs):
        node = graph[index]
        if node.operation in ("number", "name"):
            done[index] = index
            continue
        arguments = [done[i] for i in node.arguments]
        last = graph[arguments[-1]]
        if node.operation == "sub" and arguments[0] == one and last.operation == "sigmoid":
            done[index] = graph.apply("sigmoid", graph.apply("neg", *last.arguments))
        else:
            done[index] = graph.apply(node.operation, *arguments)
    return [done[output] for output in outputs]
