"""Text to a checked syntax tree: the formula language's grammar and its refusals.

Text is untrusted (it comes in files people share), so nothing here evaluates anything, and
length, nesting and size are bounded before anyone looks at the tree. A parser of our own, in
place of ``ast`` with a whitelist, because each refusal names a place and a remedy, because
``^`` has to bind like ``**``, and because it does not change with Python's version.

Grammar, loosest first; ``^`` and ``**`` are the same and associate to the right::

    sum     = product { ("+" | "-") product }
    product = unary { ("*" | "/") unary | power }
    unary   = ("+" | "-") unary | power
    power   = atom [ ("^" | "**") unary | raised ]
    atom    = number | name | function | group | "|" sum "|" | "√" atom | frac group group
    function = name [ raised | "^" number ] ( "(" sum { "," sum } ")" | atom )
    group   = "(" sum ")" | "[" sum "]" | "{" sum "}"

A number in raised digits is a power, as this program prints it: a². What people write in other ways
is read where it has one meaning, such as 2a, |a| or sin²(a); of what has two, such as 1/2a, the
refusal has the corrections.

Over data, a formula may name columns within ``sum(...)`` and ``mean(...)``, and the number
of rows n.
"""

import unicodedata
from collections.abc import Iterable

from gdviz.engine.language.lexer import FormulaError, Token, canonical, read_head, shortened
from gdviz.engine.language.names_parser import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_LENGTH,
    MAX_NAME,
    MAX_NODES,
    NAMED_NUMBERS,
    PARAMETERS,
    NamesParser,
    is_word,
    number_of,
)
from gdviz.engine.language.operations import AGGREGATES, OPERATIONS
from gdviz.engine.language.syntax_tree import Apply, Name, Number, Tree, varying
from gdviz.engine.language.token_stream import refusal

__all__ = [
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_LENGTH",
    "MAX_NAME",
    "MAX_NODES",
    "NAMED_NUMBERS",
    "PARAMETERS",
    "parse",
    "parse_row",
]

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
    if (outside := varying(tree)) is not None:
        raise refusal(
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


class _Parser(NamesParser):
    # -- the grammar

    def formula(self) -> Tree:
        a, b = self._parameters
        head = read_head(self._text).parameters
        if head is not None and [*map(canonical, head)] != [canonical(a), canonical(b)]:
            raise FormulaError(
                f"at column 1 it is said to be a function of {' and '.join(head)}, but it is one "
                f"of {a} and {b}",
                1,
            )
        if self._token.kind == "end":
            raise FormulaError(
                f"the formula is empty: write one in {a} and {b}, such as {a}^2 + {b}^2", 1
            )
        tree = self._sum()
        token = self._token
        if token.kind == "end":
            return tree
        if token.text in (")", "]", "}", "|"):
            what = "bar" if token.text == "|" else "parenthesis"
            raise refusal(token, f"the {what} @ closes nothing")
        if token.text == ",":
            raise refusal(
                token,
                "unexpected ',' @: decimals are written with a point, and only arguments are "
                "separated by commas",
            )
        raise self._no_operator(token)

    def _sum(self) -> Tree:
        left = self._product()
        while sign := self._take("+", "-"):
            left = self._binary(sign, left, self._product())
        return left

    def _product(self) -> Tree:
        left = self._unary()
        divisor: int | None = None  # the word with which it begins
        while True:
            if sign := self._take("*", "/"):
                divisor = self._next if sign.text == "/" else None
                left = self._binary(sign, left, self._unary())
            elif self._begins_factor():
                token = self._token
                self._check_factor(divisor)
                left = self._node(Apply("mul", (left, self._power()), token.column))
            else:
                return left

    def _check_factor(self, divisor: int | None) -> None:
        """Refuse a factor without a sign that may be meant to be something else."""
        token, before = self._token, self._tokens[self._next - 1]
        if divisor is not None:  # 1/2a
            begin, middle = self._tokens[divisor].column - 1, self._end()
            while self._begins_factor():
                self._power()
            raise self._two_ways(token, begin, middle, lead="…/", sign="*")
        if before.kind == token.kind == "name" and (is_word(before) or is_word(token)):
            raise self._no_operator(token)

    def _binary(self, sign: Token, left: Tree, right: Tree) -> Tree:
        return self._node(Apply(_SIGNS[sign.text], (left, right), sign.column))

    def _unary(self) -> Tree:
        sign = self._take("+", "-")
        if sign is None:
            return self._power()
        tree = self._deeper(self._unary)
        return self._node(Apply("neg", (tree,), sign.column)) if sign.text == "-" else tree

    def _power(self) -> Tree:
        first = self._next
        base = self._atom()
        self._check_sum(base, first)
        if sign := self._take("^", "**"):
            begin = self._token.column - 1
            tree = self._node(Apply("pow", (base, self._deeper(self._unary)), sign.column))
            if isinstance(base, Name) and base.name == "e":
                self._check_exponent(begin)
            return tree
        if self._token.kind == "raised":
            return self._raised(base)
        return base

    def _check_sum(self, base: Tree, first: int) -> None:
        """Refuse Σ (x − y)², which in mathematics is a sum of squares, and as a call its square."""
        if not (isinstance(base, Apply) and base.operation in AGGREGATES):
            return
        token, opening = self._tokens[first : first + 2]
        begin, middle = token.column - 1, self._end()
        is_call = self._text[begin : opening.column - 1] == base.operation
        is_power = self._token.kind == "raised" or self._token.text in ("^", "**")
        if token.kind != "name" or is_call or not is_power:
            return
        self._continue()
        text, start, end = self._text, begin + token.length, self._end()
        raise refusal(
            token,
            f"the power after {token.text} @ can be of each row or of the whole: put parentheses "
            "around what it is of",
            corrections=(
                f"{text[:start]}({text[start:end].strip()}){text[end:]}",
                f"{text[:begin]}({text[begin:middle]}){text[middle:]}",
            ),
        )

    def _check_exponent(self, begin: int) -> None:
        """Refuse e^2a, where the exponent may go on."""
        token, middle = self._token, self._end()
        if self._before() not in (")", "}") and self._is_joined() and self._begins_factor():
            while self._begins_factor():
                self._power()
            raise self._two_ways(token, begin, middle, lead="e^", sign="*")

    def _raised(self, base: Tree) -> Tree:
        token = self._token
        self._next += 1
        exponent = self._whole_power(token)
        if self._token.text in ("^", "**"):  # (a²)^b or a^(2^b)?
            raise refusal(
                self._token,
                "the power @ follows a raised number: write parentheses around one of them",
            )
        return self._node(Apply("pow", (base, exponent), token.column))

    def _atom(self) -> Tree:
        token = self._token
        if token.kind in ("number", "fraction"):
            self._next += 1
            if token.kind == "number":
                return self._node(number_of(token))
            digits = unicodedata.normalize("NFKC", token.text).split("\N{FRACTION SLASH}")
            above, below = (Number(float(digit), token.column) for digit in digits)
            return self._node(Apply("div", (above, below), token.column))
        if token.kind == "name":
            self._next += 1
            return self._named(token)
        if opening := self._take("(", "[", "{"):
            return self._inside(opening, self._sum)
        if opening := self._take("|"):
            tree = self._inside(opening, self._sum, bars=1)
            return self._node(Apply("abs", (tree,), opening.column))
        if self._take("√"):
            return self._root(token)
        if self._take("frac"):
            quotient = self._latex_argument(), self._latex_argument()
            return self._node(Apply("div", quotient, token.column))
        if token.kind == "end":
            raise refusal(token, "the formula ends @ where a value is expected", is_unfinished=True)
        raise refusal(token, f"unexpected {shortened(token.text)!r} @: a value is expected there")

    def _latex_argument(self) -> Tree:
        """Return what a command of LaTeX takes: a group, or the next letter or digit."""
        token = self._token
        if opening := self._take("{"):
            return self._inside(opening, self._sum)
        if token.kind == "number" and token.text.isdigit() and len(token.text) > 1:
            rest = token._replace(
                text=token.text[1:], column=token.column + 1, length=token.length - 1
            )
            self._tokens[self._next : self._next + 1] = [
                token._replace(text=token.text[0], length=1), rest,
            ]  # fmt: skip
        return self._deeper(self._atom)

    def _root(self, sign: Token) -> Tree:
        degree: Tree | None = None
        if sign.length > 1 and (opening := self._take("[")):  # \sqrt[3]{a}
            degree = self._inside(opening, self._sum)
        token, begin = self._token, self._next
        tree = self._deeper(self._latex_argument if sign.length > 1 else self._atom)
        if token.kind in ("name", "number") and self._next == begin + 1:
            after, middle = self._token, self._end()
            if self._continues():
                while self._continues():
                    self._continue()
                raise self._two_ways(after, token.column - 1, middle, lead="√")
        if degree is None:
            return self._node(Apply("sqrt", (tree,), sign.column))
        one = self._node(Number(1.0, sign.column))
        inverse = self._node(Apply("div", (one, degree), sign.column))
        return self._node(Apply("pow", (tree, inverse), sign.column))
