"""A formula as LaTeX, through SymPy.

SymPy takes a quarter of a second to import: import this module in a worker, after the first
frame. Expressions are built without evaluation, so that the formula keeps the form in which it
was written, and so that no power of numbers is worked out exactly: ``(1/3)^1e15`` is a zero to
floats, and out of reach to rationals.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import takewhile
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from gdviz.base.format import latex_name, latex_number
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.language.parser import PARAMETERS, parse_row
from gdviz.engine.language.syntax_tree import Apply, Datum, Name, Number, Tree

_NAMED_NUMBERS = {"pi": sympy.pi, "e": sympy.E}


def _sum(u: Any, v: Any) -> Any:
    # A sum on the left continues; one on the right was written in parentheses.
    return sympy.Add(*(u.args if u.is_Add else (u,)), v)


def _product(u: Any, v: Any) -> Any:
    factors = u.args if u.is_Mul else () if u == 1 else (u,)
    if v.is_Number and v.is_nonnegative:  # a number behind something looks like an index of it
        first = sum(1 for _ in takewhile(lambda factor: factor.is_Number, factors))
        return sympy.Mul(*factors[:first], v, *factors[first:])
    return sympy.Mul(*factors, v)


def _negative(u: Any) -> Any:
    if u.is_Number:
        return sympy.Integer(-int(u)) if u.is_Integer else sympy.Float(-float(u), 15)
    return sympy.Mul(-1, *(u.args if u.is_Mul else (u,)))


def column_symbol(name: str) -> Any:
    """Return a data column's symbol, in which i is the row: x₁ becomes x_{1,i}."""
    return sympy.Symbol(latex_name(name, "i"), real=True)


def name_symbol(name: str) -> Any:
    """Return the symbol of a parameter or a constant."""
    return sympy.Symbol(latex_name(name))


@lru_cache(maxsize=64)
def typeset_function(operation: str) -> Callable[..., Any]:
    """Return an operation on SymPy's expressions, for typesetting.

    Of a function SymPy knows no more than how to print it: sin(−a) stays what it is.
    """
    row = OPERATIONS[operation]
    if row.symbol:
        assert row.function is not None
        return row.function
    if row.latex is None:
        function: Callable[..., Any] = getattr(sympy, operation)
        return function
    return _printed(operation, row.latex or rf"\mathrm{{{operation}}}")


def _printed(name: str, sign: str) -> Callable[..., Any]:
    """Return a function that SymPy can print, with a sign as in the table of operations."""

    def _latex(self: Any, printer: Any, exp: str | None = None) -> str:
        arguments = ", ".join(map(printer._print, self.args))  # noqa: SLF001
        power = f"^{{{exp}}}" if exp else ""
        if "%s" not in sign:
            return rf"{sign}{power}{{\left({arguments} \right)}}"
        written = sign % arguments
        is_closed = not power or sign.startswith(r"\left")
        return written + power if is_closed else rf"\left({written}\right){power}"

    return type(name, (sympy.Function,), {"_latex": _latex})


#: What is built up as it was written, and not as SymPy does.
_AS_WRITTEN: Mapping[str, Callable[..., Any]] = {
    "add": _sum,
    "sub": lambda u, v: _sum(u, _negative(v)),
    "mul": _product,
    "div": lambda u, v: _product(u, sympy.Pow(v, -1)),
    "neg": _negative,
    "mean": _printed("mean", r"\mathrm{mean}_{i} \left(%s\right)"),
}


class NumberPrinter(LatexPrinter):
    """SymPy's LaTeX, with numbers as they are spelled everywhere: 10⁻⁶ where SymPy has 1.0·10⁻⁶."""

    def _print_Integer(self, expression: Any) -> str:  # noqa: N802
        return latex_number(int(expression))

    def _print_Float(self, expression: Any) -> str:  # noqa: N802
        return latex_number(float(expression))

    def parenthesize(
        self, item: Any, level: int, is_neg: bool = False, strict: bool = False
    ) -> str:
        """Return a part of an expression, in brackets where it would be read wrongly.

        Parameters
        ----------
        item : sympy.Basic
            The part.
        level : int
            How tightly binds what it is a part of.
        is_neg, strict : bool, default False
            As SymPy has them.
        """
        if item.is_Number and level >= PRECEDENCE["Pow"] and "^" in (text := self._print(item)):
            return rf"\left({text}\right)"
        written: str = super().parenthesize(item, level, is_neg, strict)
        return written


def _written(expression: Any, **settings: Any) -> str:
    written: str = NumberPrinter({"order": "none", **settings}).doprint(expression)  # type: ignore[no-untyped-call]
    return written


@lru_cache(maxsize=64)
def latex(
    text: str,
    constants: tuple[str, ...] = (),
    data: tuple[str, ...] = (),
    parameters: tuple[str, str] = PARAMETERS,
) -> str:
    """Return a formula as LaTeX, in the form in which it was written.

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

    Raises
    ------
    FormulaError
        If it is not a formula.
    """
    with sympy.evaluate(False):
        return _written(_expression(parse_row(text, constants, data, parameters)))


def _expression(tree: Tree) -> Any:
    match tree:
        case Number(value):
            return sympy.Integer(int(value)) if _is_short_integer(value) else sympy.Float(value, 15)
        case Name(name):
            return _NAMED_NUMBERS.get(name) or name_symbol(name)
        case Datum(name):
            return column_symbol(name)
        case Apply(operation, arguments):
            operands = [_expression(argument) for argument in arguments]
            return (_AS_WRITTEN.get(operation) or typeset_function(operation))(*operands)


def _is_short_integer(value: float) -> bool:
    return value.is_integer() and abs(value) < 1e9


# -- with numbers put in

#: Nodes of a formula up to which numbers are put into it or its gradient: more fill no line.
_MAX_WRITTEN = 40


def is_long(tree: Tree) -> bool:
    """Tell whether a formula is too long for a line with its numbers put in to be worth reading."""
    return _size(tree) > _MAX_WRITTEN


def candidate_latex(
    texts: tuple[str, ...],
    constants: dict[str, float],
    theta: tuple[float, float],
    data: tuple[str, ...] = (),
    parameters: tuple[str, str] = PARAMETERS,
) -> tuple[tuple[str, str], ...]:
    """Return formulas in the form in which they were written, and the same with numbers put in.

    Parameters
    ----------
    texts : tuple of str
        The formulas.
    constants : dict of str to float
        Their constants.
    theta : (float, float)
        The point (a, b) whose numbers are put in.
    data : tuple of str
        The names of the data's columns, which stay symbols.
    parameters : (str, str), default ("a", "b")
        What they are functions of.

    Returns
    -------
    tuple of (str, str)
        Symbols and numbers of each; empty where one is too long to be worth reading.
    """
    trees = [parse_row(text, tuple(sorted(constants)), data, parameters) for text in texts]
    if any(map(is_long, trees)):
        return ()
    settings = numbers_put_in(constants | dict(zip(parameters, theta, strict=True)))
    with sympy.evaluate(False):
        expressions = [_expression(tree) for tree in trees]
        return tuple((_written(e), _written(e, **settings)) for e in expressions)


def numbers_put_in(numbers: Mapping[str, float]) -> dict[str, Any]:
    """Return the settings with which SymPy writes numbers in place of names."""
    names = {name_symbol(name): _factor(value) for name, value in numbers.items()}
    return {"symbol_names": names, "mul_symbol": "dot"}


def _factor(value: float) -> str:
    text = latex_number(value, 4)
    return rf"\left({text}\right)" if value < 0 or "cdot" in text else text


def _size(tree: Tree) -> int:
    return 1 + sum(map(_size, tree.arguments)) if isinstance(tree, Apply) else 1
