"""The difference of two nodes of a computation graph through SymPy, in the formula language.

This may take any time: run it where it can be ended. SymPy is built from the graph, where numbers
are folded already, so that no power of numbers is worked out exactly.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy

from gdviz.engine.language.graph import Graph
from gdviz.engine.language.latex_derivatives import expression_text
from gdviz.engine.language.operations import ROWS

#: Operations over SymPy's numbers; the others are opaque functions of their names.
_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "neg": lambda u: -u,
    "pow": lambda u, v: u**v,
    "sqrt": sympy.sqrt,
    "abs": sympy.Abs,
    "log10": lambda u: sympy.log(u, 10),
    **{
        name: getattr(sympy, name)
        for name in ("exp", "log", "sign", "sin", "cos", "tan", "asin", "acos", "atan")
    },
    **{name: getattr(sympy, name) for name in ("sinh", "cosh", "tanh")},
}
_OPAQUE = {
    name: sympy.Function(name)
    for name in ("sigmoid", "softplus", "relu", "step", "heaviside", "max", "min", "sum")
}
_Sum = _OPAQUE["sum"]
#: What opaque functions are made of.
_MADE_OF: Mapping[Any, Callable[[Any], Any]] = {
    _OPAQUE["sigmoid"]: lambda t: 1 / (1 + sympy.exp(-t)),
    _OPAQUE["softplus"]: lambda t: sympy.log(1 + sympy.exp(t)),
    sympy.tanh: lambda t: (sympy.exp(2 * t) - 1) / (sympy.exp(2 * t) + 1),
    sympy.sinh: lambda t: (sympy.exp(t) - sympy.exp(-t)) / 2,
    sympy.cosh: lambda t: (sympy.exp(t) + sympy.exp(-t)) / 2,
}
#: What folded numbers may be simple multiples of, and the largest denominator of such.
_UNITS = ((1.0, sympy.Integer(1)), (math.pi, sympy.pi), (math.e, sympy.E))
_MAX_DENOMINATOR = 1_000


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
    for start in (plain, plain.replace(_is_made, _made)):
        for form in (_identity, sympy.expand, sympy.factor, sympy.simplify, _factored):
            expression = _gathered(start, form, columns)
            # σ says more than what it is made of, unless that stands in the formulas already.
            if expression == 0 or start is plain or plain.has(sympy.exp):
                yield expression_text(expression)
            if expression == 0:
                return


def _symbol(name: str) -> Any:
    return sympy.Symbol(name, real=True)


def _expressions(graph: Graph, outputs: tuple[int, ...]) -> list[Any]:
    done: dict[int, Any] = {}
    for index in graph.reachable(outputs):
        node = graph[index]
        match node.operation:
            case "number":
                done[index] = _number(node.value)
            case "name":
                done[index] = _symbol(node.name)
            case operation:
                apply = _OPERATIONS.get(operation) or _OPAQUE[operation]
                done[index] = apply(*(done[i] for i in node.arguments))
    return [done[output] for output in outputs]


def _number(value: float) -> Any:
    """Return the simple fraction, or multiple of π or e, whose nearest float a number is."""
    if value.is_integer() and abs(value) < 2.0**53:
        return sympy.Integer(int(value))
    for size, unit in _UNITS:
        fraction = Fraction(value / size).limit_denominator(_MAX_DENOMINATOR)
        if fraction and math.isclose(float(fraction) * size, value, rel_tol=4e-16):
            return sympy.Rational(fraction.numerator, fraction.denominator) * unit
    return sympy.Float(value, 15)


def _identity(expression: Any) -> Any:
    return expression


def _factored(expression: Any) -> Any:
    return sympy.factor(sympy.simplify(expression))


def _is_made(expression: Any) -> bool:
    return expression.func in _MADE_OF


def _made(expression: Any) -> Any:
    return _MADE_OF[expression.func](*expression.args)


def _gathered(expression: Any, form: Callable[[Any], Any], columns: list[Any]) -> Any:
    """Bring an expression into a form; sums over the rows become one, and that is taken inside."""
    if not expression.has(_Sum):
        return form(expression)
    inside, rest = sympy.Integer(0), sympy.Integer(0)
    for term in sympy.Add.make_args(sympy.expand(expression, deep=False)):
        factor, sums = term.as_independent(_Sum)
        if isinstance(sums, _Sum):
            inside += factor * sums.args[0]
        else:
            rest += term
    factor, varying = form(inside).as_independent(*columns, as_Add=False)
    if varying.has(*columns):
        return factor * _Sum(varying) + form(rest)
    return form(factor * varying * _symbol(ROWS) + rest)  # as many times the same
