"""A computation graph as functions of JavaScript: the same operations, in the same order.

As in :mod:`~gdviz.engine.language.compiler` the text holds nothing that a person typed: operations
come from the tables, numbers are printed from floats, and names are numbered. JavaScript's numbers
are float64, and raise nothing where IEEE 754 has inf or nan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gdviz.engine.language.backends import SMALL_POWERS, Backend
from gdviz.engine.language.compiler import body, indented, rewritten
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS

#: Small powers are products in Python; JavaScript has the same signs, and another assignment.
_POWERS = {power: text.replace(":=", "=") for power, text in SMALL_POWERS.items()}


@dataclass(frozen=True, eq=False)
class _Numbers(Backend):
    """Float64 as JavaScript has it."""

    def expression(self, operation: str, arguments: Sequence[str], exponent: float | None) -> str:
        """Return the text of one operation."""
        row = OPERATIONS[operation]
        if operation == "pow" and exponent is not None and exponent in _POWERS:
            return _POWERS[exponent].format(arguments[0])
        if row.on_javascript:
            return row.on_javascript.format(*arguments)
        if row.symbol and operation != "pow":
            sign = f" {row.symbol} " if row.arity == 2 else row.symbol
            return sign.join(arguments) if row.arity == 2 else f"{sign}{arguments[0]}"
        return f"Math.{operation}({', '.join(arguments)})"


@dataclass(frozen=True, eq=False)
class _ComplexNumbers(Backend):
    """Complex numbers, which JavaScript has none of: functions of the page's own."""

    def expression(self, operation: str, arguments: Sequence[str], exponent: float | None) -> str:
        """Return the text of one operation."""
        if operation == "pow" and exponent is not None and exponent in _POWERS:
            return f"Complex.times({arguments[0]}, {int(exponent)})"
        return f"Complex.{operation}({', '.join(arguments)})"


#: As on Python's floats, and as on NumPy's arrays, where exponentials may overflow.
JAVASCRIPT = _Numbers("javascript", {}, complement="product")
JAVASCRIPT_FAR = _Numbers("javascript far", {}, complement="quotient")
JAVASCRIPT_COMPLEX = _ComplexNumbers("javascript complex", {})


def function_text(
    name: str,
    graph: Graph,
    outputs: Sequence[int],
    parameters: Sequence[str],
    slots: Mapping[str, str],
    backend: Backend = JAVASCRIPT,
) -> str:
    """Return a function of single numbers as text; it returns an array.

    Parameters
    ----------
    name : str
        What the function is called.
    graph, outputs : Graph, sequence of int
        What it computes.
    parameters : sequence of str
        The names of the graph that are its parameters.
    slots : mapping of str to str
        What stands in the text for each name of the graph.
    backend : Backend, optional
        The kind of number.
    """
    lines, results = body(graph, outputs, slots, backend)
    variables = dict.fromkeys(line.split(" = ", 1)[0] for line in lines)
    return _function(name, [slots[each] for each in parameters], variables, lines, results)


def rows_function_text(
    name: str,
    graph: Graph,
    outputs: Sequence[int],
    parameters: Sequence[str],
    slots: Mapping[str, str],
) -> str:
    """Return a function over the rows of data as text, with what it needs before it.

    What has a number for each row is an array of :data:`ROW_COUNT` numbers, and ``rowSum`` adds
    them up.

    Parameters
    ----------
    name, graph, outputs, parameters, slots
        As of :func:`function_text`; data columns stand for arrays.
    """
    backend, code = JAVASCRIPT_FAR, dict[int, str]()
    outputs = rewritten(graph, outputs, backend)
    arrays, variables, lines = list[str](), list[str](), list[str]()
    for index in graph.reachable(outputs):
        node = graph[index]
        if node.operation in ("number", "name"):
            code[index] = slots[node.name] if node.name else f"({node.value!r})"
            continue
        if node.operation == "sum":
            code[index] = f"v{index}"
            variables.append(code[index])
            lines.append(f"{code[index]} = rowSum({code[node.arguments[0]]})")
            continue
        operands = [code[i] + ("[i]" if graph[i].varies else "") for i in node.arguments]
        last = graph[node.arguments[-1]]
        exponent = last.value if last.operation == "number" else None
        text = backend.expression(node.operation, operands, exponent)
        if node.varies:
            code[index] = f"{name}{index}"
            arrays.append(f"const {code[index]} = new Float64Array({ROW_COUNT});")
            lines.append(f"for (let i = 0; i < {ROW_COUNT}; i++) {code[index]}[i] = {text}")
        else:
            code[index] = f"v{index}"
            variables.append(code[index])
            lines.append(f"{code[index]} = {text}")
    results = [code[output] for output in outputs]
    function = _function(name, [slots[each] for each in parameters], variables, lines, results)
    return "\n".join([*arrays, function])


#: What the number of rows is called.
ROW_COUNT = "rowCount"


def _function(
    name: str,
    parameters: Sequence[str],
    variables: Sequence[str] | Mapping[str, None],
    lines: Sequence[str],
    results: Sequence[str],
) -> str:
    text = [f"let {', '.join(['s', *variables])};", *(f"{line};" for line in lines)]
    text.append(f"return [{', '.join(results)}];")
    return "\n".join([f"function {name}({', '.join(parameters)}) {{", *indented(text), "}"])
