"""A formula's first and second derivatives, written out, from the computation graph.

The graph differentiates at once whatever the formula is; SymPy only gathers numbers and equal
terms, and prints. Its simplifications can take for ever, and nothing stops them within a process,
so none is called here that could: what is too long to be read is not written out, and numbers and
powers that have grown out of bounds end the attempt. SymPy takes a quarter of a second to import:
import this module in a worker, after the first frame.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import sympy
from sympy.printing.str import StrPrinter

from gdviz.base.cancel import Cancelled
from gdviz.base.format import latex_number
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.latex import (
    NumberPrinter,
    column_symbol,
    is_long,
    name_symbol,
    numbers_put_in,
    typeset_function,
)
from gdviz.engine.language.operations import ROWS
from gdviz.engine.language.parser import PARAMETERS

_SECONDS = 1.5  # for all five
_MAX_SIZE = 400  # parts of a derivative as it comes out of the graph
_MAX_LATEX = 900  # characters: three lines that nobody reads
_MAX_TERMS = 120  # up to which products are multiplied out, to see whether that is shorter
_LARGEST = 10**12  # an integer beyond this is a float
_MAX_POWER = 64
_DIGITS = 9  # that a number may need; what needs more is written with six
#: What numbers may be simple multiples of, and the largest denominator of such.
_UNITS = ((1.0, sympy.Integer(1)), (math.pi, sympy.pi), (math.e, sympy.E))
_MAX_DENOMINATOR = 1_000


class Derivative(NamedTuple):
    """A derivative, written out.

    Attributes
    ----------
    latex : str
        As LaTeX; empty where it is too long to be worth reading, or took too long.
    text : str
        As text of the formula language.
    expression : sympy.Expr or None
        The same; None where `latex` is empty.
    """

    latex: str = ""
    text: str = ""
    expression: Any = None


class _TooLongError(Exception):
    """What comes out is not worth reading."""


def written_derivatives(
    text: str,
    constants: tuple[str, ...] = (),
    data: tuple[str, ...] = (),
    parameters: tuple[str, str] = PARAMETERS,
    cancelled: Callable[[], bool] = bool,
) -> tuple[Derivative, ...]:
    """Return ∂f/∂a, ∂f/∂b, ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b² of a formula.

    Parameters
    ----------
    text : str
        The formula.
    constants : tuple of str
        The names of its constants.
    data : tuple of str
        The names of the data's columns.
    parameters : (str, str), default ("a", "b")
        What it is a function of.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Returns
    -------
    tuple of Derivative

    Raises
    ------
    FormulaError
        If it is not a formula.
    Cancelled
        If `cancelled` said so.
    """
    formula = Formula.parse(text, constants, data, parameters)
    return _all_written(formula, (*formula.gradient_nodes, *formula.hessian_nodes), cancelled)


def gradient_latex(
    text: str,
    constants: dict[str, float],
    theta: tuple[float, float],
    data: tuple[str, ...] = (),
    parameters: tuple[str, str] = PARAMETERS,
) -> tuple[tuple[str, str], ...]:
    """Return the gradient's formula, and the same with numbers put in.

    Parameters
    ----------
    text : str
        The formula.
    constants : dict of str to float
        Its constants.
    theta : (float, float)
        The point (a, b) whose numbers are put in.
    data : tuple of str
        The names of the data's columns, which stay symbols.
    parameters : (str, str), default ("a", "b")
        What it is a function of.

    Returns
    -------
    tuple of (str, str)
        For ∂f/∂a and ∂f/∂b: symbols, as :func:`written_derivatives` has them, and numbers, as
        LaTeX; empty where it is too long to be worth reading.
    """
    gradient = _gradient(text, tuple(sorted(constants)), data, parameters)
    printer = _Printer(numbers_put_in(constants | dict(zip(parameters, theta, strict=True))))  # type: ignore[no-untyped-call]
    return tuple((part.latex, printer.doprint(part.expression)) for part in gradient)


@lru_cache(maxsize=64)
def _gradient(
    text: str, constants: tuple[str, ...], data: tuple[str, ...], parameters: tuple[str, str]
) -> tuple[Derivative, ...]:
    formula = Formula.parse(text, constants, data, parameters)
    written = () if is_long(formula.tree) else _all_written(formula, formula.gradient_nodes)
    return written if all(part.latex for part in written) else ()


def _all_written(
    formula: Formula, nodes: Sequence[int], cancelled: Callable[[], bool] = bool
) -> tuple[Derivative, ...]:
    end = time.thread_time() + _SECONDS
    return tuple(_written(formula, index, end, cancelled) for index in nodes)


def _written(formula: Formula, index: int, end: float, cancelled: Callable[[], bool]) -> Derivative:
    graph = formula.graph
    terms = _terms(graph, index)
    if terms is None:
        return Derivative()
    try:
        written = _expression(graph, index, end, cancelled)
        forms = [written, sympy.factor_terms(written)]
        if terms <= _MAX_TERMS and not written.atoms(sympy.Function, sympy.exp):
            forms.append(sympy.expand(written))
    except _TooLongError:
        return Derivative()
    forms = [_with_decimals(form) for form in forms]
    latex, chosen = min(((_print(form), form) for form in forms), key=_length)
    if len(latex) > _MAX_LATEX or "infty" in latex or "NaN" in latex:
        return Derivative()
    names = {column_symbol(name): sympy.Symbol(name) for name in formula.data}
    names |= {
        name_symbol(name): sympy.Symbol(name) for name in (*formula.parameters, *formula.constants)
    }
    return Derivative(latex, expression_text(chosen.xreplace(names)), chosen)


class _TextPrinter(StrPrinter):
    """SymPy's text, in the language's names."""

    def _print_Abs(self, expression: Any) -> str:  # noqa: N802
        return f"abs({self._print(expression.args[0])})"

    def _print_Float(self, expression: Any) -> str:  # noqa: N802
        mantissa, _, exponent = str(expression.n(15)).partition("e")
        digits = mantissa.rstrip("0").removesuffix(".") if "." in mantissa else mantissa
        return f"{digits}e{int(exponent)}" if exponent else digits

    def _print_Exp1(self, _expression: Any) -> str:  # noqa: N802
        return "e"


_print_text: Callable[[Any], str] = _TextPrinter().doprint  # type: ignore[no-untyped-call]


def expression_text(expression: Any) -> str:
    """Return an expression as text of the formula language.

    What the language has no word for, such as I or zoo, its parser will refuse.
    """
    return _print_text(expression).replace("**", "^")


class _Printer(NumberPrinter):
    """LaTeX in which b − a² is not −a² + b, and no number has 15 digits."""

    def _print_Float(self, expression: Any) -> str:  # noqa: N802
        value = float(expression)
        short = float(f"{value:.{_DIGITS}g}")
        is_short = math.isclose(short, value, rel_tol=1e-15)
        return latex_number(short) if is_short else latex_number(value, 6)

    def _as_ordered_terms(self, expression: Any, order: str | None = None) -> list[Any]:
        ordered: Callable[..., list[Any]] = super()._as_ordered_terms
        terms = ordered(expression, order)
        first = next((i for i, t in enumerate(terms) if not t.could_extract_minus_sign()), 0)
        return [terms[first], *terms[:first], *terms[first + 1 :]]


_print: Callable[[Any], str] = _Printer().doprint  # type: ignore[no-untyped-call]


def _length(written: tuple[str, Any]) -> int:
    return len(written[0])


def _terms(graph: Graph, output: int) -> float | None:
    """Return how many terms there are once all is multiplied out; None where it is too long."""
    size: dict[int, float] = {}
    terms: dict[int, float] = {}
    for index in graph.reachable([output]):
        node = graph[index]
        size[index] = 1 + sum(size[i] for i in node.arguments)
        counts = [terms[i] for i in node.arguments]
        match node.operation:
            case "add" | "sub":
                terms[index] = sum(counts)
            case "mul" | "gate" | "mask" | "div":  # denominators are multiplied out as well
                terms[index] = math.prod(counts)
            case "neg":
                terms[index] = counts[0]
            case "pow":
                power = graph[node.arguments[1]]
                whole = power.operation == "number" and power.value.is_integer()
                exponent = min(abs(power.value), 20.0) if whole else 1.0
                terms[index] = min(counts[0], 1e6) ** exponent
            case _:
                terms[index] = 1
    return terms[output] if size[output] <= _MAX_SIZE else None


def _expression(graph: Graph, output: int, end: float, cancelled: Callable[[], bool]) -> Any:
    done: dict[int, Any] = {}
    for index in graph.reachable([output]):
        if cancelled():
            raise Cancelled
        if time.thread_time() > end:
            raise _TooLongError
        node = graph[index]
        arguments = [done[i] for i in node.arguments]
        match node.operation:
            case "number":
                done[index] = exact_number(node.value, _LARGEST)
            case "name":
                done[index] = column_symbol(node.name) if node.varies else name_symbol(node.name)
            case operation:
                function = _DERIVED.get(operation) or typeset_function(operation)
                done[index] = _checked(function(*arguments))
    return done[output]


def _power(u: Any, v: Any) -> Any:
    if v.is_number and (u.is_number or abs(v) > _MAX_POWER):
        raise _TooLongError  # the graph has folded what can be folded
    return u**v


def _sum_over_rows(term: Any) -> Any:
    """Return a sum over the rows, with what is the same in each of them before it."""
    columns = [symbol for symbol in term.free_symbols if symbol.name.endswith("i}")]
    factor, varying = term.as_independent(*columns, as_Add=False)
    return factor * typeset_function("sum")(varying) if columns else term * sympy.Symbol(ROWS)


#: Operations whose results could grow out of bounds, or are gathered.
_DERIVED: Mapping[str, Callable[..., Any]] = {"pow": _power, "sum": _sum_over_rows}


def _checked(expression: Any) -> Any:
    """Refuse an expression in which SymPy has worked out numbers or powers beyond bounds."""
    for number in expression.atoms(sympy.Number):
        if not number.is_finite or (number.is_Rational and max(abs(number.p), number.q) > _LARGEST):
            raise _TooLongError
        if number.is_Float and number and not 0.0 < abs(float(number)) < math.inf:
            raise _TooLongError
    for power in expression.atoms(sympy.Pow):
        if power.exp.is_number and abs(power.exp) > 20 * _MAX_POWER:
            raise _TooLongError
    return expression


@lru_cache(maxsize=512)
def exact_number(value: float, largest: float = 2.0**53) -> Any:
    """Return the simple fraction, or multiple of π or e, whose nearest float a number is.

    Beyond the `largest` no number is simple.
    """
    for size, unit in _UNITS if abs(value) < largest else ():
        fraction = Fraction(value / size).limit_denominator(_MAX_DENOMINATOR)
        if math.isclose(float(fraction) * size, value, rel_tol=4e-16):
            return sympy.Rational(fraction.numerator, fraction.denominator) * unit
    return sympy.Float(value, 15)


def _with_decimals(expression: Any) -> Any:
    """Write what has few decimals with a point, but for halves."""
    decimals = {
        number: sympy.Float(number, 15)
        for number in expression.atoms(sympy.Rational)
        if number.q > 2 and 10**6 % number.q == 0
    }
    return expression.xreplace(decimals)
