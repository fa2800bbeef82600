"""A computation graph as a Python function: one assignment a node.

The text that is compiled holds nothing that a person typed: operations come from the tables,
numbers are printed from floats, and names are numbered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdviz.engine.language.backends import Backend
from gdviz.engine.language.graph import Graph, Node
from gdviz.engine.language.operations import OPERATIONS

#: What may be computed in another way, or be part of what is.
_REWRITTEN = frozenset({"sigmoid", "softplus", "sub"})
#: What Python floats raise where IEEE 754 arithmetic gives inf or nan.
RAISED = (ArithmeticError, ValueError)


def generate(
    graph: Graph,
    outputs: Sequence[int],
    arguments: Sequence[str],
    backend: Backend,
    besides: Sequence[int] = (),
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
    besides : sequence of int, default ()
        Operations on Python's floats: where one has no value, ValueError is raised.

    Returns
    -------
    callable
        A function of `arguments`.
    """
    slots = _slots(arguments)
    lines, results = guarded_body(
        graph, outputs, slots, backend, besides=besides, statement="raise raised[-1]"
    )
    text = [*lines, f"return {', '.join(results)}"]
    return compiled([f"def function({', '.join(slots.values())}):", *indented(text)], backend)


def generate_counted(
    graph: Graph,
    outputs: Sequence[int],
    arguments: Sequence[str],
    backend: Backend,
    besides: Sequence[int] = (),
    unless: Sequence[int] = (),
    unless_nan: Sequence[int] = (),
) -> Callable[..., Any]:
    """Compile the same as a function that counts its calls and does not raise.

    This is done in the text because a function around a function costs a descent a tenth of
    its time.

    Parameters
    ----------
    graph, outputs, arguments, backend, besides
        As for :func:`generate`.
    unless : sequence of int, default ()
        Nodes at whose zeros ``again`` is called as well,
    unless_nan : sequence of int, default ()
        and nodes that may be nan, on NumPy's numbers.

    Returns
    -------
    callable
        A function of `arguments`, and of three more: ``tally``, a list whose only number is
        raised by ``kind`` with each call; and ``again``, a function of the first two arguments
        that is called where the arithmetic raises.
    """
    slots = _slots(arguments)
    names = list(slots.values())
    again = f"return again({', '.join(names[:2])})"
    lines, results = guarded_body(
        graph,
        outputs,
        slots,
        backend,
        unless=unless,
        unless_nan=unless_nan,
        besides=besides,
        statement=again,
    )
    text = [
        f"def function({', '.join(names)}, tally, kind, again):",
        "    tally[0] += kind",
        "    try:",
        *indented(indented([*lines, f"return {', '.join(results)}"])),
        "    except raised:",
        f"        {again}",
    ]
    return compiled(text, backend)


def guarded_body(
    graph: Graph,
    outputs: Sequence[int],
    slots: Mapping[str, str],
    backend: Backend,
    *,
    unless: Sequence[int] = (),
    unless_nan: Sequence[int] = (),
    besides: Sequence[int] = (),
    statement: str,
    prefix: str = "v",
) -> tuple[list[str], list[str]]:
    """Return the same as :func:`body`, with a statement that is carried out at some points.

    Parameters
    ----------
    graph, outputs, slots, backend, prefix
        As for :func:`body`.
    unless : sequence of int, default ()
        Nodes at whose zeros it is,
    unless_nan : sequence of int, default ()
        nodes where they are nan,
    besides : sequence of int, default ()
        and operations where they have no value; some of them raise there.
    statement : str
        What is done.
    """
    wanted = [*outputs, *unless, *unless_nan]
    first, last = len(outputs), len(outputs) + len(unless)
    conditions = [f"{{{k}}}" for k in range(first, last)]
    conditions += [f"{{{k}}} == {{{k}}}" for k in range(last, len(wanted))]
    for index in besides:
        operation, arguments, *_ = graph[index]
        domain = OPERATIONS[operation].domain
        condition = domain and domain.on_floats
        if condition:
            places = (f"{{{len(wanted) + k}}}" for k in range(len(arguments)))
            conditions.append(condition.format(*places))
        wanted += arguments if condition else [index]
    lines, results = body(graph, wanted, slots, backend, prefix)
    if conditions:
        lines += [f"if not ({' and '.join(conditions)}):".format(*results), f"    {statement}"]
    return lines, results[: len(outputs)]


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
    outputs = rewritten(graph, outputs, backend)
    code: dict[int, str] = {}
    lines = []
    order, kept = graph.reachable(outputs), frozenset(outputs)
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
            ended = [i for i in {*node.arguments} - kept if last_user[i] == index]
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


def rewritten(graph: Graph, outputs: Sequence[int], backend: Backend) -> list[int]:
    """Rewrite functions and their derivatives so that these share their exp, and do not cancel.

    1 − σ(t), which cancels for large t, is σ(−t); with E = e^(−t) it is E·σ(t) as well, and
    σ(t) = 1/(1 + E), so that one exp does for both, and for softplus, whose derivative is σ.
    1 − tanh² cancels likewise.

    Parameters
    ----------
    graph : Graph
        The graph; what stands in the place of others is added to it.
    outputs : sequence of int
        What is computed.
    backend : Backend
        The kind of number.

    Returns
    -------
    list of int
        The nodes that stand for `outputs`.
    """
    order, done = graph.reachable(outputs), dict[int, int]()
    exps, shares = _Exponentials(graph, backend), bool(backend.complement)
    has_slope = {graph[i].arguments for i in order if shares and graph[i].operation == "sigmoid"}
    for index in order:
        node = graph[index]
        arguments = [done[i] for i in node.arguments]
        if arguments == [*node.arguments] and node.operation not in _REWRITTEN:
            done[index] = index  # as most
            continue
        match _kind(graph, node):
            case "sigmoid":
                done[index] = exps.sigmoid(arguments[0])
            case "softplus" if node.arguments in has_slope:
                power = exps.exponential(arguments[0])
                done[index] = graph.apply("softplus_of", arguments[0], power)
            case "1 - sigmoid":
                done[index] = exps.complement(done[graph[node.arguments[1]].arguments[0]])
            case "1 - tanh^2" if shares:
                (tanh, _) = graph[node.arguments[1]].arguments
                argument = done[graph[tanh].arguments[0]]
                done[index] = graph.apply("tanh_slope", argument, done[tanh])
            case _:
                done[index] = graph.apply(node.operation, *arguments)
    return [done[output] for output in outputs]


@dataclass(frozen=True, slots=True)
class _Exponentials:
    """Nodes of what has e^(−t) in it."""

    graph: Graph
    backend: Backend

    def exponential(self, t: int) -> int:
        return self.graph.apply("exp", self.graph.apply("neg", t))

    def sigmoid(self, t: int) -> int:
        if not self.backend.complement:
            return self.graph.apply("sigmoid", t)
        return self._over_one_and(self.exponential(t))

    def complement(self, t: int) -> int:
        power = self.exponential(t)
        match self.backend.complement:
            case "product":
                return self.graph.apply("mul", power, self.sigmoid(t))
            case "quotient":
                inverse = self.graph.apply("div", self.graph.number(1.0), power)
                return self._over_one_and(inverse)
        return self.sigmoid(self.graph.apply("neg", t))

    def _over_one_and(self, x: int) -> int:
        one = self.graph.number(1.0)
        return self.graph.apply("div", one, self.graph.apply("add", one, x))


def _kind(graph: Graph, node: Node) -> str:
    """Return the operation of a node, or what it is as a whole, such as "1 - sigmoid"."""
    if node.operation != "sub" or node.arguments[0] != graph.number(1.0):
        return node.operation
    last = graph[node.arguments[1]]
    if last.operation == "sigmoid":
        return "1 - sigmoid"
    if last.operation == "pow" and last.arguments[1] == graph.number(2.0):
        return "1 - tanh^2" if graph[last.arguments[0]].operation == "tanh" else "sub"
    return "sub"
