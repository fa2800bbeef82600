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
from collections.abc import Callable, Iterable, Sequence

from gdviz.engine.language.lexer import FormulaError, Token, read_tokens, shortened, spelled
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, OPERATIONS, ROWS
from gdviz.engine.language.syntax_tree import Apply, Datum, Name, Number, Tree

MAX_LENGTH = 2_000  #: characters in a formula
MAX_DEPTH = 60  #: levels of nesting (parentheses, signs, powers)
MAX_NODES = 600  #: numbers, names and operations in a formula
MAX_DIGITS = 40  #: characters in a number
MAX_NAME = 30  #: characters in a constant's name

PARAMETERS = ("a", "b")
NAMED_NUMBERS = {"pi": math.pi, "e": math.e}


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "⁻")
_SIGNS = {
    row.symbol: row.name for row in OPERATIONS.values() if row.arity == 2 and not row.is_internal
}


def parse(
    text: str,
    constants: Iterable[str] = (),
    data: Iterable[str] = (),
    parameters: Iterable[str] = PARAMETERS,
) -> Tree:
    """Parse a formula.

    Parameters
    ----------
    text : str
        The formula, for example ``b*sigmoid(a*x)``.
    constants : iterable of str
        Names that may stand in it beside the parameters, ``pi`` and ``e``.
    data : iterable of str
        Names of data columns, which may stand within a sum or a mean over the rows. If there
        are any, ``n`` is the number of rows.
    parameters : iterable of str, default ("a", "b")
        The names of what it is a function of.

    Returns
    -------
    Tree
        The syntax tree, with the column of every part.

    Raises
    ------
    FormulaError
        With one sentence that names the column, if the text is not a formula.
    """
    tree = parse_row(text, constants, data, parameters)
    if (outside := _varying(tree)) is not None:
        raise _refusal(
            outside,
            f"the data column {outside.name} @ has a number for each row: put it inside sum(…) or "
            "mean(…)",
        )
    return tree


def parse_row(
    text: str,
    constants: Iterable[str] = (),
    data: Iterable[str] = (),
    parameters: Iterable[str] = PARAMETERS,
) -> Tree:
    """Parse a formula that has a value for each row of the data, such as a model's ``a*x + b``.

    Parameters
    ----------
    text, constants, data, parameters
        As in :func:`parse`, and so are the errors.
    """
    return _Parser(text, tuple(parameters), tuple(constants), tuple(data)).formula()


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


def _refusal(place: Token | Tree, sentence: str, *, is_unfinished: bool = False) -> FormulaError:
    """Return a refusal, in whose sentence "@" stands for the column."""
    column = place.column
    return FormulaError(
        sentence.replace("@", f"at column {column}"), column, is_unfinished=is_unfinished
    )


class _Parser:
    def __init__(
        self, text: str, parameters: Sequence[str], constants: Sequence[str], data: Sequence[str]
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise FormulaError(
                f"the formula has {len(text):,} characters: at most {MAX_LENGTH:,} are allowed"
            )
        self._parameters = parameters
        self._data = {spelled(name): name for name in data}
        own = {spelled(name): name for name in (*parameters, *constants)}
        others = (*NAMED_NUMBERS, *self._data, *([ROWS] if data else []))
        self._names = dict(zip(others, others, strict=True)) | own
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
            raise _refusal(tree, f"the formula has more than {MAX_NODES} parts @: shorten it")
        return tree

    # -- the grammar

    def formula(self) -> Tree:
        if self._token.kind == "end":
            a, b = self._parameters
            raise FormulaError(
                f"the formula is empty: write one in {a} and {b}, such as {a}^2 + {b}^2", 1
            )
        tree = self._sum()
        token = self._token
        if token.kind == "end":
            return tree
        if token.text == ")":
            raise _refusal(token, "the parenthesis @ closes nothing")
        if token.text == ",":
            raise _refusal(
                token,
                "unexpected ',' @: decimals are written with a point, and only arguments are "
                "separated by commas",
            )
        raise _refusal(
            token,
            f"an operator is missing before {shortened(token.text)!r} @: "
            "products are written with *",
        )

    def _deeper(self, rule: Callable[[], Tree]) -> Tree:
        """Apply a rule one level further in."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _refusal(self._token, f"the formula is nested more than {MAX_DEPTH} deep @")
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
            raise _refusal(
                self._token,
                "the power @ follows a raised number: write parentheses around one of them",
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
            sentence = "the formula ends @ where a value is expected"
            raise _refusal(token, sentence, is_unfinished=True)
        raise _refusal(token, f"unexpected {token.text!r} @: a value is expected there")

    def _close(self, opening: Token) -> None:
        if self._take(")"):
            return
        token = self._token
        if token.kind == "end":
            sentence = "the parenthesis opened @ is not closed"
            raise _refusal(opening, sentence, is_unfinished=True)
        raise _refusal(
            token, f"unexpected {shortened(token.text)!r} @: an operator or ')' is expected there"
        )

    def _name(self, token: Token) -> Name | Datum:
        if token.text in self._data:
            return Datum(self._data[token.text], token.column)
        if token.text not in self._names and token.text in {*FUNCTIONS, *AGGREGATES}:
            raise _refusal(
                token,
                f"the function {token.text} @ needs its arguments in parentheses, such as "
                f"{token.text}({self._parameters[0]})",
                is_unfinished=self._token.kind == "end",
            )
        if token.text not in self._names:
            raise _refusal(token, self._unknown(token, "name"))
        return Name(self._names[token.text], token.column)

    def _call(self, token: Token) -> Tree:
        opening = self._tokens[self._next - 1]
        if token.text not in {*FUNCTIONS, *AGGREGATES}:
            if token.text in self._names:
                raise _refusal(
                    token, f"{token.text!r} @ is not a function: products are written with *"
                )
            raise _refusal(token, self._unknown(token, "function"))
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
            raise _refusal(token, f"{token.text} @ takes {wanted}, not {len(arguments)}")
        if token.text in AGGREGATES and _varying(arguments[0]) is None:
            known = f"use {', '.join(sorted(self._data))}" if self._data else "no data is loaded"
            raise _refusal(
                token,
                f"{token.text} @ runs over the rows of the data, but has no data column in it: "
                f"{known}",
            )
        tree = self._node(Apply(token.text, tuple(arguments[:expected]), token.column))
        for argument in arguments[expected:]:
            tree = self._node(Apply(token.text, (tree, argument), token.column))
        return tree

    def _unknown(self, token: Token, kind: str) -> str:
        if len(token.text) > MAX_NAME:
            return (
                f"the name {shortened(token.text)!r} @ has {len(token.text):,} characters: "
                f"at most {MAX_NAME} are allowed"
            )
        names = sorted(self._names, key=lambda name: (name not in self._parameters, name))
        functions = [*FUNCTIONS, *(AGGREGATES if self._data else ())]
        known = functions if kind == "function" else names
        near = difflib.get_close_matches(token.text, [*names, *functions], n=1)
        hint = f"did you mean {near[0]}?" if near else f"known names are {', '.join(known)}"
        if not self._data and any(token.text in AGGREGATES for token in self._tokens):
            hint = "no data is loaded that could have such a column"
        return f"unknown {kind} {shortened(token.text)!r} @: {hint}"


def _number(token: Token) -> Number:
    if len(token.text) > MAX_DIGITS:
        raise _refusal(
            token,
            f"the number @ has {len(token.text)} characters: at most {MAX_DIGITS} are allowed",
        )
    value = float(token.text)
    if math.isinf(value):
        raise _refusal(token, f"the number {token.text} @ is too large")
    return Number(value, token.column)
