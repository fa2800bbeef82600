"""A formula as LaTeX, through SymPy.

SymPy takes a quarter of a second to import: import this module in a worker, after the first
frame. Expressions are built without evaluation, so that the formula keeps the form in which it
was written, and so that no power of numbers is worked out exactly: ``(1/3)^1e15`` is a zero to
floats, and out of reach to rationals.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sympy

from gdviz.engine.language.operations import DERIVATIVES, ROWS
from gdviz.engine.language.parser import Apply, Datum, Name, Number, Tree, parse, parse_row

_NAMED_NUMBERS = {"pi": sympy.pi, "e": sympy.E}


def _sum(u: Any, v: Any) -> Any:
    # A sum on the left continues; one on the right was written in parentheses.
    return sympy.Add(*(u.args if u.is_Add else (u,)), v)


def _product(u: Any, v: Any) -> Any:
    factors = u.args if u.is_Mul else () if u == 1 else (u,)
    return sympy.Mul(*factors, v)


def _negative(u: Any) -> Any:
    if u.is_Number:
        return sympy.Integer(-int(u)) if u.is_Integer else sympy.Float(-float(u), 15)
    return sympy.Mul(-1, *(u.args if u.is_Mul else (u,)))


def column_symbol(name: str) -> Any:
    """Return a data column's symbol, in which i is the row: x₁ becomes x_{1,i}."""
    match = re.fullmatch(r"(.*?)_?(\d+)", name)
    if match:
        return sympy.Symbol(rf"{_upright(match[1])}_{{{match[2]},i}}", real=True)
    return sympy.Symbol(rf"{_upright(name)}_{{i}}", real=True)


def _upright(name: str) -> str:
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


class _OverRows(sympy.Function):
    """A sum or a mean over the rows of the data."""

    sign: str
    word: str
    of_constant: Any

    def _eval_derivative(self, symbol: Any) -> Any:
        argument: Any = self.args[0]
        partial = argument.diff(symbol)
        varies = any("i}" in name.name for name in partial.free_symbols)
        return type(self)(partial) if varies else partial * self.of_constant

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        written = rf"{self.sign} \left({printer._print(self.args[0])}\right)"  # noqa: SLF001
        return rf"\left({written}\right)^{{{exp}}}" if exp else written

    def _sympystr(self, printer: Any) -> str:
        return f"{self.word}({printer._print(self.args[0])})"  # noqa: SLF001


class RowSum(_OverRows):
    """A sum over the rows of the data."""

    sign = r"\sum_{i}"
    word = "sum"
    of_constant = sympy.Symbol(ROWS)


class _Mean(_OverRows):
    sign = r"\mathrm{mean}_{i}"
    word = "mean"
    of_constant = sympy.Integer(1)


_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": _sum,
    "sub": lambda u, v: _sum(u, _negative(v)),
    "mul": _product,
    "div": lambda u, v: _product(u, sympy.Pow(v, -1)),
    "neg": _negative,
    "pow": sympy.Pow,
    "sqrt": sympy.sqrt,
    "abs": sympy.Abs,
    "sum": RowSum,
    "mean": _Mean,
}
#: LaTeX's own names, where they differ from ours.
_LATEX_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
#: Functions whose sign is not their name, or for which SymPy's own would mean something else.
_SIGNS = {
    "abs": r"\mathrm{abs}",
    "log10": r"\log_{10}",
    "sign": r"\mathrm{sgn}",
    "sigmoid": r"\sigma",
    "softplus": r"\mathrm{softplus}",
    "relu": r"\mathrm{relu}",
    "step": r"\mathrm{step}",
    "heaviside": "H",
    "max": r"\max",
    "min": r"\min",
}


@lru_cache(maxsize=64)
def latex(text: str, constants: tuple[str, ...] = (), data: tuple[str, ...] = ()) -> str:
    """Return a formula as LaTeX, in the form in which it was written.

    Parameters
    ----------
    text : str
        The formula.
    constants : tuple of str
        The names of its constants.
    data : tuple of str
        The names of the data's columns.

    Raises
    ------
    FormulaError
        If it is not a formula.
    """
    with sympy.evaluate(False):
        return str(sympy.latex(_expression(parse_row(text, constants, data)), order="none"))


def _expression(tree: Tree) -> Any:
    match tree:
        case Number(value):
            return sympy.Integer(int(value)) if _is_short_integer(value) else sympy.Float(value, 15)
        case Name(name):
            return _NAMED_NUMBERS.get(name) or sympy.Symbol(name)
        case Datum(name):
            return column_symbol(name)
        case Apply(operation, arguments):
            operands = [_expression(argument) for argument in arguments]
            if operation in _ARITHMETIC:
                return _ARITHMETIC[operation](*operands)
            function = sympy.Function(_SIGNS[operation]) if operation in _SIGNS else None
            return (function or getattr(sympy, operation))(*operands)


def _is_short_integer(value: float) -> bool:
    return value.is_integer() and abs(value) < 1e9


# -- the gradient, written out

#: Nodes of a formula up to which its gradient is written out: longer ones fill no line.
_MAX_WRITTEN = 40


def gradient_latex(
    text: str,
    constants: Mapping[str, float],
    theta: tuple[float, float],
    data: tuple[str, ...] = (),
) -> tuple[tuple[str, str], ...]:
    """Return the gradient's formula, and the same with numbers put in.

    Parameters
    ----------
    text : str
        The formula.
    constants : mapping of str to float
        Its constants.
    theta : (float, float)
        The point (a, b) whose numbers are put in.
    data : tuple of str
        The names of the data's columns, which stay symbols.

    Returns
    -------
    tuple of (str, str)
        For ∂f/∂a and ∂f/∂b: symbols and numbers, as LaTeX; empty where the formula is too long
        to be worth reading.
    """
    symbolic = _gradient(text, tuple(sorted(constants)), data)
    return tuple(_written(partial, constants, theta) for partial in symbolic)


def candidate_latex(
    texts: tuple[str, ...],
    constants: Mapping[str, float],
    theta: tuple[float, float],
    data: tuple[str, ...] = (),
) -> tuple[tuple[str, str], ...]:
    """Return formulas in the form in which they were written, and the same with numbers put in.

    Parameters
    ----------
    texts : tuple of str
        The formulas.
    constants, theta, data
        As for :func:`gradient_latex`.

    Returns
    -------
    tuple of (str, str)
        Symbols and numbers of each; empty where one is too long to be worth reading.
    """
    trees = [parse_row(text, tuple(sorted(constants)), data) for text in texts]
    if any(_size(tree) > _MAX_WRITTEN for tree in trees):
        return ()
    with sympy.evaluate(False):
        return tuple(_written(_expression(tree), constants, theta) for tree in trees)


def _written(
    expression: Any, constants: Mapping[str, float], theta: tuple[float, float]
) -> tuple[str, str]:
    numbers = {"a": theta[0], "b": theta[1], **constants}
    names = {sympy.Symbol(name): _number_latex(value) for name, value in numbers.items()}
    return (
        str(sympy.latex(expression, order="none")),
        str(sympy.latex(expression, order="none", symbol_names=names, mul_symbol="dot")),
    )


def _number_latex(value: float) -> str:
    text = f"{value:.4g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return rf"\left({text}\right)" if value < 0 or "cdot" in text else text


@lru_cache(maxsize=64)
def _gradient(text: str, constants: tuple[str, ...], data: tuple[str, ...]) -> tuple[Any, ...]:
    tree = parse(text, constants, data)
    if _size(tree) > _MAX_WRITTEN:
        return ()
    expression = _derivable(tree)
    return tuple(expression.diff(sympy.Symbol(name)) for name in "ab")


def _size(tree: Tree) -> int:
    return 1 + sum(map(_size, tree.arguments)) if isinstance(tree, Apply) else 1


@lru_cache(maxsize=32)
def opaque_function(operation: str) -> Any:
    """Return a function that SymPy prints, and differentiates by the language's own table.

    It does nothing else with it: sin(−a) stays what it is.
    """

    def fdiff(self: Any, argindex: int = 1) -> Any:
        rule = parse(DERIVATIVES[operation][argindex - 1], ("u", "v"))
        bound = dict(zip(("u", "v"), self.args, strict=False))
        return _derivable(rule).subs({sympy.Symbol(name): arg for name, arg in bound.items()})

    name = _SIGNS.get(operation, rf"\{_LATEX_NAMES.get(operation, operation)}")
    return type(operation, (sympy.Function,), {"fdiff": fdiff, "_latex": _latex_method(name)})


def _latex_method(name: str) -> Callable[..., str]:
    def _latex(self: Any, printer: Any, exp: str | None = None) -> str:
        arguments = ", ".join(printer._print(argument) for argument in self.args)  # noqa: SLF001
        power = f"^{{{exp}}}" if exp else ""
        return rf"{name}{power}{{\left({arguments} \right)}}"

    return _latex


def _derivable(tree: Tree) -> Any:
    """Build an expression that is evaluated; large numbers become floats, which stay small."""
    match tree:
        case Number(value):
            small = value.is_integer() and abs(value) <= 100
            return sympy.Integer(int(value)) if small else sympy.Float(value, 15)
        case Name(name):
            return _NAMED_NUMBERS.get(name) or sympy.Symbol(name)
        case Datum(name):
            return column_symbol(name)
        case Apply(operation, arguments):
            operands = [_derivable(argument) for argument in arguments]
            if operation in _EVALUATED:
                return _EVALUATED[operation](*operands)
            if operation in _SIGNS:
                return opaque_function(operation)(*operands)
            return getattr(sympy, operation)(*operands)


def _evaluated_power(u: Any, v: Any) -> Any:
    """Return a power; of numbers exactly only where that is short, and else as a float.

    ``(2/3)^(99^9)`` has more digits than there is memory for.
    """
    if not (u.is_number and v.is_number):
        return u**v
    if v.is_Integer and abs(v) <= 10 and u.is_Rational and max(abs(u.p), u.q) < 10**6:
        return u**v
    try:
        return sympy.Float(math.pow(float(u), float(v)), 15)
    except (ArithmeticError, ValueError, TypeError):
        return sympy.nan


_EVALUATED: Mapping[str, Callable[..., Any]] = {
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "neg": lambda u: -u,
    "pow": _evaluated_power,
    "sqrt": sympy.sqrt,
    "sum": RowSum,
    "mean": _Mean,
}
