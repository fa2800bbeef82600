"""Text to a checked syntax tree: the formula language's grammar and its refusals.

Text is untrusted (it comes in files people share), so nothing here evaluates anything, and
length, nesting and size are bounded before anyone looks at the tree. A parser of our own, in
place of ``ast`` with a whitelist, because each refusal names a place and a remedy, because
``^`` has to bind like ``**``, and because it does not change with Python's version.

Grammar, loosest first; ``^`` and ``**`` are the same and associate to the right::

    sum     = product { ("+" | "-") product }
    product = unary { ("*" | "/") unary }
    unary   = ("+" | "-") unary | power
    power   = atom [ ("^" | "**") unary | raised ]
    atom    = number | name | name "(" sum { "," sum } ")" | "(" sum ")"

A number in raised digits is a power, as this program prints it: a².

Over data, a formula may name columns within ``sum(...)`` and ``mean(...)``, and the number
of rows n.
"""

import difflib
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeVar

from gdviz.engine.language.lexer import (
    LETTERS,
    NAMES_ARE,
    FormulaError,
    Token,
    is_name,
    read_tokens,
)
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, OPERATIONS, ROWS

__all__ = [
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_LENGTH",
    "MAX_NAME",
    "MAX_NODES",
    "NAMED_NUMBERS",
    "PARAMETERS",
    "Apply",
    "Datum",
    "FormulaError",
    "Name",
    "Number",
    "Tree",
    "Written",
    "check_constant_name",
    "is_taken",
    "leaves",
    "names_in",
    "parse",
    "parse_row",
]

MAX_LENGTH = 2_000  #: characters in a formula
MAX_DEPTH = 60  #: levels of nesting (parentheses, signs, powers)
MAX_NODES = 600  #: numbers, names and operations in a formula
MAX_DIGITS = 40  #: characters in a number
MAX_NAME = 30  #: characters in a constant's name

PARAMETERS = ("a", "b")
NAMED_NUMBERS = {"pi": math.pi, "e": math.e}


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal."""

    value: float
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, a constant, or a named number."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Datum:
    """A data column: its number in the row at hand."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation of :mod:`gdviz.engine.language.operations` on its arguments."""

    operation: str
    arguments: tuple["Tree", ...]
    column: int


Tree = Number | Name | Datum | Apply
_Leaf = TypeVar("_Leaf", Number, Name, Datum)


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "⁻")
#: What follows the last token, where a text ends at a character that is refused.
_END = Token("end", "", 0, 0)
_SIGNS = {row.symbol: row.name for row in OPERATIONS.values() if row.arity == 2}


def parse(text: str, constants: Iterable[str] = (), data: Iterable[str] = ()) -> Tree:
    """Parse a formula.

    Parameters
    ----------
    text : str
        The formula, for example ``b*sigmoid(a*x)``.
    constants : iterable of str
        Names that may stand in it beside ``a``, ``b``, ``pi`` and ``e``.
    data : iterable of str
        Names of data columns, which may stand within a sum or a mean over the rows. If there
        are any, ``n`` is the number of rows.

    Returns
    -------
    Tree
        The syntax tree, with the column of every part.

    Raises
    ------
    FormulaError
        With one sentence that names the column, if the text is not a formula.
    """
    tree = _Parser(text, frozenset(constants), frozenset(data)).formula()
    if (outside := _varying(tree)) is not None:
        raise FormulaError(
            f"the data column {outside.name} at column {outside.column} has a number for each "
            "row: put it inside sum(…) or mean(…)",
            outside.column,
        )
    return tree


def parse_row(text: str, constants: Iterable[str] = (), data: Iterable[str] = ()) -> Tree:
    """Parse a formula that has a value for each row of the data, such as a model's ``a*x + b``.

    Parameters and errors are those of :func:`parse`.
    """
    return _Parser(text, frozenset(constants), frozenset(data)).formula()


def leaves(tree: Tree, kind: type[_Leaf]) -> Iterator[_Leaf]:
    """Yield the leaves of one kind in a tree, from left to right."""
    if isinstance(tree, kind):
        yield tree
    elif isinstance(tree, Apply):
        for argument in tree.arguments:
            yield from leaves(argument, kind)


class Written(NamedTuple):
    """A name as it is written in a text, which may be no formula yet.

    Attributes
    ----------
    name : str
        The name, as the language spells it.
    column : int
        Where it begins, counted from 1.
    length : int
        The characters that it takes in the text.
    is_called : bool
        Whether a parenthesis follows, as after a function.
    """

    name: str
    column: int
    length: int
    is_called: bool


def names_in(text: str) -> list[Written]:
    """Return the names in a text, up to the first character that the language does not know."""
    tokens: list[Token] = []
    with suppress(FormulaError):
        tokens.extend(read_tokens(text[:MAX_LENGTH]))
    return [
        Written(token.text, token.column, token.length, follower.text == "(")
        for token, follower in pairwise([*tokens, _END])
        if token.kind == "name"
    ]


def is_taken(name: str) -> bool:
    """Tell whether a name means something already, so that it cannot be a constant's."""
    return name in {*PARAMETERS, *NAMED_NUMBERS, *FUNCTIONS, *AGGREGATES, *LETTERS}


def _varying(tree: Tree) -> Datum | None:
    """Return a data column in a tree that is within no sum or mean, if there is one."""
    match tree:
        case Datum():
            return tree
        case Apply(operation, arguments):
            found = (datum for argument in arguments if (datum := _varying(argument)))
            first = next(found, None)
            return None if operation in AGGREGATES else first
        case _:
            return None


def check_constant_name(name: str) -> None:
    """Refuse a constant's name that the language could not tell apart.

    Raises
    ------
    FormulaError
        If `name` is not an identifier, or already means something.
    """
    if len(name) > MAX_NAME:
        raise FormulaError(
            f"a constant cannot be called {_shorten(name)!r}: "
            f"at most {MAX_NAME} characters are allowed"
        )
    if not is_name(name):
        raise FormulaError(f"a constant cannot be called {name!r}: {NAMES_ARE}")
    if is_taken(name):
        raise FormulaError(f"a constant cannot be called {name!r}: the name is taken")


def _shorten(text: str) -> str:
    return text if len(text) <= 30 else text[:27] + "…"


class _Parser:
    def __init__(self, text: str, constants: frozenset[str], data: frozenset[str]) -> None:
        if len(text) > MAX_LENGTH:
            raise FormulaError(
                f"the formula has {len(text):,} characters: at most {MAX_LENGTH:,} are allowed"
            )
        self._data = data
        self._names = {*PARAMETERS, *NAMED_NUMBERS, *constants, *data, *([ROWS] if data else [])}
        self._tokens = list(read_tokens(text))
        self._next = 0
        self._depth = 0
        self._nodes = 0

    # -- reading tokens

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *signs: str) -> Token | None:
        token = self._token
        if token.kind == "sign" and token.text in signs:
            self._next += 1
            return token
        return None

    def _node(self, tree: Tree) -> Tree:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise FormulaError(
                f"the formula has more than {MAX_NODES} parts at column {tree.column}: shorten it",
                tree.column,
            )
        return tree

    # -- the grammar

    def formula(self) -> Tree:
        if self._token.kind == "end":
            raise FormulaError("the formula is empty: write one in a and b, such as a^2 + b^2", 1)
        tree = self._sum()
        token = self._token
        if token.kind == "end":
            return tree
        if token.text == ")":
            raise FormulaError(
                f"the parenthesis at column {token.column} closes nothing", token.column
            )
        if token.text == ",":
            raise FormulaError(
                f"unexpected ',' at column {token.column}: decimals are written with a point, "
                "and only arguments are separated by commas",
                token.column,
            )
        raise FormulaError(
            f"an operator is missing before {_shorten(token.text)!r} at column {token.column}: "
            "products are written with *",
            token.column,
        )

    def _deeper(self, rule: Callable[[], Tree]) -> Tree:
        """Apply a rule one level further in."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            column = self._token.column
            raise FormulaError(
                f"the formula is nested more than {MAX_DEPTH} deep at column {column}", column
            )
        tree = rule()
        self._depth -= 1
        return tree

    def _sum(self) -> Tree:
        left = self._product()
        while sign := self._take("+", "-"):
            left = self._binary(sign, left, self._product())
        return left

    def _product(self) -> Tree:
        left = self._unary()
        while sign := self._take("*", "/"):
            left = self._binary(sign, left, self._unary())
        return left

    def _binary(self, sign: Token, left: Tree, right: Tree) -> Tree:
        return self._node(Apply(_SIGNS[sign.text], (left, right), sign.column))

    def _unary(self) -> Tree:
        sign = self._take("+", "-")
        if sign is None:
            return self._power()
        tree = self._deeper(self._unary)
        return self._node(Apply("neg", (tree,), sign.column)) if sign.text == "-" else tree

    def _power(self) -> Tree:
        base = self._atom()
        if sign := self._take("^", "**"):
            return self._node(Apply("pow", (base, self._deeper(self._unary)), sign.column))
        if self._token.kind == "raised":
            return self._raised(base)
        return base

    def _raised(self, base: Tree) -> Tree:
        token = self._token
        self._next += 1
        exponent = self._node(_number(token._replace(text=token.text.translate(_RAISED))))
        if token.text.startswith("⁻"):
            exponent = self._node(Apply("neg", (exponent,), token.column))
        if self._token.text in ("^", "**"):  # (a²)^b or a^(2^b)?
            raise FormulaError(
                f"the power at column {self._token.column} follows a raised number: "
                "write parentheses around one of them",
                self._token.column,
            )
        return self._node(Apply("pow", (base, exponent), token.column))

    def _atom(self) -> Tree:
        token = self._token
        if token.kind == "number":
            self._next += 1
            return self._node(_number(token))
        if token.kind == "name":
            self._next += 1
            return self._call(token) if self._take("(") else self._node(self._name(token))
        if opening := self._take("("):
            tree = self._deeper(self._sum)
            self._close(opening)
            return tree
        if token.kind == "end":
            raise FormulaError(
                f"the formula ends at column {token.column} where a value is expected",
                token.column,
                is_unfinished=True,
            )
        raise FormulaError(
            f"unexpected {token.text!r} at column {token.column}: a value is expected there",
            token.column,
        )

    def _close(self, opening: Token) -> None:
        if self._take(")"):
            return
        token = self._token
        if token.kind == "end":
            raise FormulaError(
                f"the parenthesis opened at column {opening.column} is not closed",
                opening.column,
                is_unfinished=True,
            )
        raise FormulaError(
            f"unexpected {_shorten(token.text)!r} at column {token.column}: "
            "an operator or ')' is expected there",
            token.column,
        )

    def _name(self, token: Token) -> Name | Datum:
        if token.text in self._data:
            return Datum(token.text, token.column)
        if token.text not in self._names and token.text in {*FUNCTIONS, *AGGREGATES}:
            raise FormulaError(
                f"the function {token.text} at column {token.column} needs its arguments in "
                f"parentheses, such as {token.text}(a)",
                token.column,
                is_unfinished=self._token.kind == "end",
            )
        if token.text not in self._names:
            raise FormulaError(self._unknown(token, "name"), token.column)
        return Name(token.text, token.column)

    def _call(self, token: Token) -> Tree:
        opening = self._tokens[self._next - 1]
        if token.text not in {*FUNCTIONS, *AGGREGATES}:
            if token.text in self._names:
                raise FormulaError(
                    f"{token.text!r} at column {token.column} is not a function: "
                    "products are written with *",
                    token.column,
                )
            raise FormulaError(self._unknown(token, "function"), token.column)
        arguments = [self._deeper(self._sum)]
        while self._take(","):
            arguments.append(self._deeper(self._sum))
        self._close(opening)
        function = FUNCTIONS.get(token.text)
        expected = function.arity if function else 1  # an aggregate takes one
        is_variadic = function is not None and function.is_variadic
        if len(arguments) < expected or (len(arguments) > expected and not is_variadic):
            count = ("one argument", "two arguments")[expected - 1]
            wanted = f"at least {count}" if is_variadic else count
            raise FormulaError(
                f"{token.text} at column {token.column} takes {wanted}, not {len(arguments)}",
                token.column,
            )
        if token.text in AGGREGATES and _varying(arguments[0]) is None:
            known = f"use {', '.join(sorted(self._data))}" if self._data else "no data is loaded"
            raise FormulaError(
                f"{token.text} at column {token.column} runs over the rows of the data, but has no "
                f"data column in it: {known}",
                token.column,
            )
        tree = self._node(Apply(token.text, tuple(arguments[:expected]), token.column))
        for argument in arguments[expected:]:
            tree = self._node(Apply(token.text, (tree, argument), token.column))
        return tree

    def _unknown(self, token: Token, kind: str) -> str:
        if len(token.text) > MAX_NAME:
            return (
                f"the name {_shorten(token.text)!r} at column {token.column} has "
                f"{len(token.text):,} characters: at most {MAX_NAME} are allowed"
            )
        names = sorted(self._names, key=lambda name: (name not in PARAMETERS, name))
        functions = [*FUNCTIONS, *(AGGREGATES if self._data else ())]
        known = functions if kind == "function" else names
        near = difflib.get_close_matches(token.text, [*names, *functions], n=1)
        hint = f"did you mean {near[0]}?" if near else f"known names are {', '.join(known)}"
        if not self._data and any(token.text in AGGREGATES for token in self._tokens):
            hint = "no data is loaded that could have such a column"
        return f"unknown {kind} {_shorten(token.text)!r} at column {token.column}: {hint}"


def _number(token: Token) -> Number:
    if len(token.text) > MAX_DIGITS:
        raise FormulaError(
            f"the number at column {token.column} has {len(token.text)} characters: "
            f"at most {MAX_DIGITS} are allowed",
            token.column,
        )
    value = float(token.text)
    if math.isinf(value):
        raise FormulaError(
            f"the number {token.text} at column {token.column} is too large", token.column
        )
    return Number(value, token.column)
