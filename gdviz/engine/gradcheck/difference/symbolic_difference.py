"""The difference of two nodes of a computation graph through SymPy, in the formula language.

This may take any time: run it where it can be ended. SymPy is built from the graph, where numbers
are folded already, so that no power of numbers is worked out exactly.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import sympy

from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.latex_derivatives import exact_number, expression_text
from gdviz.engine.language.operations import OPERATIONS, ROWS
from gdviz.engine.language.parser import parse

#: Numbers in exponents up to which SymPy may rewrite what stands there.
_MAX_POWER = 1_000
#: Digits up to which a number is taken for exact, and what decimals are divided by at most.
_DIGITS, _LARGEST = 15, 10**40


def difference_forms(graph: Graph, minuend: int, subtrahend: int) -> Iterator[str]:
    """Yield forms of a difference as text of the formula language, quick ones first.

    Parameters
    ----------
    graph : Graph
        The graph.
    minuend, subtrahend : int
        The nodes.
    """
    left, right = _expressions(graph, (minuend, subtrahend))
    plain = left - right
    nodes = [graph[index] for index in graph.reachable((minuend, subtrahend))]
    columns = [_symbol(node.name) for node in nodes if node.operation == "name" and node.varies]
    forms = (_identity, sympy.expand, sympy.factor, sympy.simplify, _factored)
    for start in (plain, plain.replace(_is_made, _made)):
        for form in forms[:1] if _has_large_powers(start) else forms:
            expression = _gathered(start, form, columns)
            # σ says more than what it is made of, unless that stands in the formulas already.
            if expression == 0 or start is plain or plain.has(sympy.exp):
                yield expression_text(_with_decimals(expression))
            if expression == 0:
                return


@cache
def _function(operation: str) -> Callable[..., Any]:
    """Return an operation over SymPy's numbers; what SymPy does not know is a name to it."""
    known = OPERATIONS[operation].function or getattr(sympy, operation, None)
    return known if callable(known) else sympy.Function(operation)


_sum_of_rows: Any = _function("sum")


def _symbol(name: str) -> Any:
    return sympy.Symbol(name, real=True)


def _expressions(graph: Graph, outputs: tuple[int, ...]) -> list[Any]:
    done: dict[int, Any] = {}
    for index in graph.reachable(outputs):
        node = graph[index]
        match node.operation:
            case "number":
                done[index] = _exact(node.value)
            case "name":
                done[index] = _symbol(node.name)
            case operation:
                done[index] = _function(operation)(*(done[i] for i in node.arguments))
    return [done[output] for output in outputs]


def _exact(value: float) -> Any:
    """Return a number as it was written: what is left of two is not to be rounding."""
    text = repr(value)
    known = exact_number(value)
    is_short = len(text.partition("e")[0].strip("-0.").replace(".", "")) <= _DIGITS
    return sympy.Rational(text) if known.is_Float and is_short else known


def _has_large_powers(expression: Any) -> bool:
    """Tell whether a polynomial in what stands there could fill the memory: exp(10⁸·a) has e^a."""
    powers = expression.atoms(sympy.Pow, sympy.exp)
    return any(abs(n) > _MAX_POWER for power in powers for n in power.exp.atoms(sympy.Number))


def _with_decimals(expression: Any) -> Any:
    """Write as a decimal what is one, but for halves."""
    decimals = {
        number: sympy.Float(number, 15)
        for number in expression.atoms(sympy.Rational)
        if number.q > 2 and _LARGEST % number.q == 0
    }
    return expression.xreplace(decimals)


def _identity(expression: Any) -> Any:
    return expression


def _factored(expression: Any) -> Any:
    return sympy.factor(sympy.simplify(expression))


def _is_made(expression: Any) -> bool:
    row = OPERATIONS.get(expression.func.__name__)
    return row is not None and bool(row.made_of)


def _made(expression: Any) -> Any:
    """Return what a function is made of."""
    graph = Graph()
    output = lower(parse(OPERATIONS[expression.func.__name__].made_of, "u"), graph)
    return _expressions(graph, (output,))[0].subs(_symbol("u"), expression.args[0])


def _gathered(expression: Any, form: Callable[[Any], Any], columns: list[Any]) -> Any:
    """Bring an expression into a form; sums over the rows become one, and that is taken inside."""
    if not expression.has(_sum_of_rows):
        return form(expression)
    inside, rest = sympy.Integer(0), sympy.Integer(0)
    for term in sympy.Add.make_args(sympy.expand(expression, deep=False)):
        factor, sums = term.as_independent(_sum_of_rows)
        if isinstance(sums, _sum_of_rows):
            inside += factor * sums.args[0]
        else:
            rest += term
    factor, varying = form(inside).as_independent(*columns, as_Add=False)
    if varying.has(*columns):
        return factor * _sum_of_rows(varying) + form(rest)
    return form(factor * varying * _symbol(ROWS) + rest)  # as many times the same
