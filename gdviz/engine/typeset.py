"""A formula as LaTeX, through SymPy.

SymPy takes a quarter of a second to import: import this module in a worker, after the first
frame. Expressions are built without evaluation, so that the formula keeps the form in which it
was written, and so that no power of numbers is worked out exactly: ``(1/3)^1e15`` is a zero to
floats, and out of reach to rationals.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sympy

from gdviz.engine.syntax import Apply, Name, Number, Tree, parse

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


_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": _sum,
    "sub": lambda u, v: _sum(u, _negative(v)),
    "mul": _product,
    "div": lambda u, v: _product(u, sympy.Pow(v, -1)),
    "neg": _negative,
    "pow": sympy.Pow,
    "sqrt": sympy.sqrt,
    "abs": sympy.Abs,
}
#: Functions whose sign is not their name, or for which SymPy's own would mean something else.
_SIGNS = {
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
def latex(text: str, constants: tuple[str, ...] = ()) -> str:
    """Return a formula as LaTeX, in the form in which it was written.

    Parameters
    ----------
    text : str
        The formula.
    constants : tuple of str
        The names of its constants.

    Raises
    ------
    FormulaError
        If it is not a formula.
    """
    with sympy.evaluate(False):
        return str(sympy.latex(_expression(parse(text, constants)), order="none"))


def _expression(tree: Tree) -> Any:
    match tree:
        case Number(value):
            return sympy.Integer(int(value)) if _is_short_integer(value) else sympy.Float(value, 15)
        case Name(name):
            return _NAMED_NUMBERS.get(name) or sympy.Symbol(name)
        case Apply(operation, arguments):
            operands = [_expression(argument) for argument in arguments]
            if operation in _ARITHMETIC:
                return _ARITHMETIC[operation](*operands)
            function = sympy.Function(_SIGNS[operation]) if operation in _SIGNS else None
            return (function or getattr(sympy, operation))(*operands)


def _is_short_integer(value: float) -> bool:
    return value.is_integer() and abs(value) < 1e9
