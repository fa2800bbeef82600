"""A computation graph as a Python function: one assignment a node.

The text that is compiled holds nothing that a person typed: operations come from the tables,
numbers are printed from floats, and names are numbered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gdviz.engine.language.backends import Backend
from gdviz.engine.language.graph import Graph

#: What Python floats raise where IEEE 754 arithmetic gives inf or nan.
RAISED = (ArithmeticError, ValueError)


def generate(
    graph: Graph, outputs: Sequence[int], arguments: Sequence[str], backend: Backend
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
    backend : Backend
        The kind of number.

    Returns
    -------
    callable
        A function of `arguments`.
    """
    slots = _slots(arguments)
    lines, results = body(graph, outputs, slots, backend)
    text = [*lines, f"return {', '.join(results)}"]
    return compiled([f"def function({', '.join(slots.values())}):", *indented(text)], backend)


def generate_counted(
    graph: Graph, outputs: Sequence[int], arguments: Sequence[str], backend: Backend
) -> Callable[..., Any]:
    """Compile the same as a function that counts its calls and does not raise.

    This is done in the text because a function around a function costs a descent a tenth of
    its time.

    Parameters
    ----------
    graph, outputs, arguments, backend
        As for :func:`generate`.

    Returns
    -------
    callable
        A function of `arguments`, and of three more: ``tally``, a list whose only number is
        raised by ``kind`` with each call; and ``again``, a function of the first two arguments
        that is called where the arithmetic raises.
    """
    slots = _slots(arguments)
    names = list(slots.values())
    lines, results = body(graph, outputs, slots, backend)
    text = [
        f"def function({', '.join(names)}, tally, kind, again):",
        "    tally[0] += kind",
        "    try:",
        *indented(indented([*lines, f"return {', '.join(results)}"])),
        "    except raised:",
        f"        return again({', '.join(names[:2])})",
    ]
    return compiled(text, backend)


def _slots(arguments: Sequence[str]) -> dict[str, str]:
    """Return the arguments' names in the text."""
    return {name: f"p{i}" for i, name in enumerate(arguments)}


def body(
    graph: Graph,
    outputs: Sequence[int],
    slots: Mapping[str, str],
    backend: Backend,
    prefix: str = "v",
) -> tuple[list[str], list[str]]:
    """Return the lines that compute `outputs`, and what stands for these after them.

    Parameters
    ----------
    graph, outputs : Graph, sequence of int
        What is computed.
    slots : mapping of str to str
        What stands for a name of the graph.
    backend : Backend
        The kind of number.
    prefix : str, default "v"
        What the variables' names begin with.

    Notes
    -----
    A variable is taken again as soon as nobody needs it: of arrays, few then stay alive at a
    time, and they stay in the processor's cache.
    """
    outputs = _stabilised(graph, outputs, backend)
    code: dict[int, str] = {}
    lines = []
    order = graph.reachable(outputs)
    last_user = {i: index for index in order for i in graph[index].arguments}
    variables = [f"{prefix}{i}" for i in reversed(range(len(order)))]
    for index in order:
        node = graph[index]
        if node.operation == "number":
            code[index] = f"({node.value!r})"
        elif node.operation == "name":
            code[index] = slots[node.name]
        else:
            operands = [code[i] for i in node.arguments]
            kinds = [graph[i] for i in node.arguments]
            if backend.wrap and all(kind.operation == "number" for kind in kinds):
                # Left unfolded because it is not finite: Python would raise where IEEE has inf.
                operands = [f"{backend.wrap}{operand}" for operand in operands]
            exponent = kinds[-1].value if kinds[-1].operation == "number" else None
            # Free before the result is named: the right side is computed first.
            ended = (i for i in set(node.arguments).difference(outputs) if last_user[i] == index)
            variables += [code[i] for i in ended if graph[i].arguments]
            code[index] = variables.pop()
            lines.append(
                f"{code[index]} = {backend.expression(node.operation, operands, exponent)}"
            )
    return lines, [code[output] for output in outputs]


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines one level further in."""
    return [f"    {line}" for line in lines]


def compiled(lines: Iterable[str], backend: Backend) -> Callable[..., Any]:
    """Return the function that lines define, which they call ``function``."""
    # Without builtins: the text can name the backend's functions and nothing else.
    namespace: dict[str, Any] = {**backend.functions, "raised": RAISED, "__builtins__": {}}
    exec(compile("\n".join(lines), f"<gdviz {backend.name}>", "exec"), namespace)  # noqa: S102
    function: Callable[..., Any] = namespace["function"]
    return function


def _stabilised(graph: Graph, outputs: Sequence[int], backend: Backend) -> list[int]:
    """Rewrite 1 − σ(t), which cancels for large t, as the same number without the cancellation.

    It is σ(−t). With E = e^(−t) it is also E·σ(t), which shares its exp with σ(t) = 1/(1 + E);
    but where E overflows only floats, which raise there, can tell.
    """
    one = graph.number(1.0)
    done: dict[int, int] = {}

    def exponential(argument: int) -> int:
        return graph.apply("exp", graph.apply("neg", argument))

    def sigmoid(argument: int) -> int:
        if not backend.shares_exp:
            return graph.apply("sigmoid", argument)
        return graph.apply("div", one, graph.apply("add", one, exponential(argument)))

    def complement(argument: int) -> int:
        if not backend.shares_exp:
            return sigmoid(graph.apply("neg", argument))
        return graph.apply("mul", exponential(argument), sigmoid(argument))

    for index in graph.reachable(outputs):
        node = graph[index]
        if node.operation in ("number", "name"):
            done[index] = index
            continue
        last = graph[node.arguments[-1]]
        if node.operation == "sigmoid":
            done[index] = sigmoid(done[node.arguments[0]])
        elif node.operation == "sub" and node.arguments[0] == one and last.operation == "sigmoid":
            done[index] = complement(done[last.arguments[0]])
        else:
            done[index] = graph.apply(node.operation, *(done[i] for i in node.arguments))
    return [done[output] for output in outputs]
