"""The names and functions of a formula, as a part of its grammar."""

import dataclasses
import difflib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from gdviz.engine.language.joined_words import factors_before_function, is_base, readings
from gdviz.engine.language.lexer import (
    FormulaError,
    Token,
    canonical,
    read_head,
    shortened,
    spelled,
)
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, ROWS
from gdviz.engine.language.spellings import (
    ELSEWHERE,
    GREEK,
    INSTEAD,
    MADE_OF,
    NO_REMAINDER,
    WHOLE_NUMBERS,
    arity,
    function_called,
)
from gdviz.engine.language.syntax_tree import Apply, Datum, Name, Number, Tree, varying
from gdviz.engine.language.token_stream import TokenStream, refusal

MAX_LENGTH = 2_000  #: characters in a formula
MAX_DEPTH = 60  #: levels of nesting (parentheses, signs, powers)
MAX_NODES = 600  #: numbers, names and operations in a formula
MAX_DIGITS = 40  #: characters in a number
MAX_NAME = 30  #: characters in a constant's name

#: How alike a word is to the one that it may be misspelt of: epsilon is less so to sin.
_ALIKE = 0.65

PARAMETERS = ("a", "b")
NAMED_NUMBERS = {"pi": math.pi, "e": math.e}


_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}
#: What else is meant by a function's name, and how that is written.
_NO_FUNCTION = {"sigmoid": "; σ is this function, and a constant has another name, such as s"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "⁻")


class NamesParser(TokenStream):
    """What the grammar does with a name: what it stands for, or a function of what follows.

    Parameters
    ----------
    text : str
        The formula.
    parameters, constants, data : sequence of str
        The names that may stand in it.
    """

    def __init__(
        self, text: str, parameters: Sequence[str], constants: Sequence[str], data: Sequence[str]
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise FormulaError(
                f"the formula has {len(text):,} characters: at most {MAX_LENGTH:,} are allowed"
            )
        self._parameters = parameters
        self._data = {canonical(name): name for name in data}
        own = {canonical(name): name for name in (*parameters, *constants)}
        others = (*NAMED_NUMBERS, *([ROWS] if data else []))
        self._names = dict(zip(others, others, strict=True)) | own
        super().__init__(text, {*map(spelled, (*self._names.values(), *data))})
        self._depth = 0
        self._nodes = 0
        self._bars = 0  # that are open

    # -- what the rest of the grammar does

    def formula(self) -> Tree:
        """Return the whole text as a tree."""
        raise NotImplementedError

    def _sum(self) -> Tree:
        raise NotImplementedError

    def _unary(self) -> Tree:
        raise NotImplementedError

    def _power(self) -> Tree:
        raise NotImplementedError

    def _atom(self) -> Tree:
        raise NotImplementedError

    # -- parts of it

    def _node(self, tree: Tree) -> Tree:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise refusal(tree, f"the formula has more than {MAX_NODES} parts @: shorten it")
        return tree

    def _deeper(self, rule: Callable[[], Tree]) -> Tree:
        """Apply a rule one level further in."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise refusal(self._token, f"the formula is nested more than {MAX_DEPTH} deep @")
        tree = rule()
        self._depth -= 1
        return tree

    def _inside(self, opening: Token, rule: Callable[[], Tree], bars: int = 0) -> Tree:
        """Apply a rule up to what closes a parenthesis or a bar."""
        self._bars, before = bars, self._bars
        tree = self._deeper(rule)
        self._close(opening)
        self._bars = before
        return tree

    def _close(self, opening: Token) -> None:
        closing = _CLOSING[opening.text]
        if self._take(closing):
            return
        token = self._token
        what = "bar" if closing == "|" else "parenthesis"
        if token.kind == "end":
            sentence = f"the {what} opened @ is not closed"
            raise refusal(opening, sentence, is_unfinished=True)
        if token.kind in ("number", "fraction"):
            raise self._no_operator(token)
        raise refusal(
            token,
            f"unexpected {shortened(token.text)!r} @: an operator or {closing!r} is expected there",
        )

    def _begins_factor(self) -> bool:
        """Tell whether a factor follows without a sign, as in 2a and (a + 1)(b − 1)."""
        token = self._token
        if token.kind == "name":
            return not (token.text.startswith("_") and self._is_joined())
        return token.kind == "sign" and (
            token.text in ("(", "{", "√", "frac") or (token.text == "|" and not self._bars)
        )

    def _whole_power(self, token: Token) -> Tree:
        """Return the number in raised digits."""
        exponent = self._node(number_of(token._replace(text=token.text.translate(_RAISED))))
        if token.text.startswith("⁻"):
            exponent = self._node(Apply("neg", (exponent,), token.column))
        return exponent

    # -- names and functions

    def _named(self, token: Token) -> Tree:
        is_called, name = self._token.text in ("(", "["), canonical(token.text)
        own = name in self._data or name in self._names
        if own and is_called:
            raise refusal(
                token,
                f"{token.text!r} @ is not a function: write {self._product_of(token)}",
                corrections=(self._with(self._token.column, "*"),),
            )
        if name in self._data:
            return self._node(Datum(self._data[name], token.column))
        if own:
            return self._node(Name(self._names[name], token.column))
        function = function_called(token.text)
        kinds = ("name", "number", "fraction", "raised")
        is_value = self._token.kind in kinds or self._token.text in ("√", "^", "**")  # sec^2(a)
        if not function or (function in MADE_OF and not (is_called or is_value)):
            raise self._unknown(token, "function" if self._token.text in ("(", "[") else "name")
        return self._applied(token, function)

    def _applied(self, token: Token, function: str) -> Tree:
        """Return a function with its arguments, and with a power before these: sin²(a)."""
        power: Tree | None = None
        raised = self._token
        if raised.kind == "raised" and self._tokens[self._next + 1].kind != "end":
            self._next += 1
            power = self._whole_power(raised)
        elif self._take("^", "**"):
            power = self._power_of(token)
        if power is not None and isinstance(power, Apply):  # sin⁻¹
            rest = self._text[self._token.column - 1 :]
            before = self._text[: token.column - 1]
            inverse = {"sin": "asin", "cos": "acos", "tan": "atan"}.get(function, "")
            texts = [f"{before}{inverse}{rest}"] if inverse and self._token.text == "(" else []
            raise refusal(
                token,
                f"a negative power of {function} @ can be read in two ways: write "
                + (f"{inverse}(…) or " if inverse else "")
                + f"{function}(…)^-1",
                corrections=tuple(texts),
            )
        # Mathematica's Sin[a], and LaTeX's max{a, b}, where braces are no group.
        takes_braces = arity(function) > 1 or function in AGGREGATES
        if opening := self._take("(", "[", *["{"] * takes_braces):
            tree = self._call(token, function, opening)
        else:
            tree = self._bare(token, function)
        if power is None:
            return tree
        if self._token.kind == "raised" or self._token.text in ("^", "**"):
            raise refusal(self._token, "the power @ is a second one: write parentheses")
        return self._node(Apply("pow", (tree, power), raised.column))

    def _power_of(self, token: Token) -> Tree:
        """Return the number between a function and its arguments."""
        opening = self._take("{")
        minus = self._take("-")
        number = self._token
        if number.kind != "number":
            raise refusal(
                number,
                f"the power @ stands between {shortened(token.text)} and its arguments: write "
                "it after these",
            )
        self._next += 1
        if opening is not None:
            self._close(opening)
        tree = self._node(number_of(number))
        return self._node(Apply("neg", (tree,), minus.column)) if minus else tree

    def _bare(self, token: Token, function: str) -> Tree:
        """Return a function of the one value that follows it without parentheses: ln a."""
        first = self._token
        is_value = first.kind in ("number", "fraction", "name") or (
            first.kind == "sign" and first.text in ("{", "√", "frac", "|", "-")
        )
        is_sum = function in AGGREGATES and first.text != "|"  # mean|x - y| has one meaning
        if not is_value or arity(function) > 1 or is_sum:
            raise refusal(
                token,
                f"the function {token.text} @ needs its arguments in parentheses, such as "
                f"{token.text}({self._parameters[0]}){_NO_FUNCTION.get(token.text, '')}",
                is_unfinished=first.kind == "end",
            )
        begin, sign = self._end(), self._take("-")
        argument = self._deeper(self._atom)
        middle = self._end()
        is_next = self._token.kind == "name" and bool(function_called(self._token.text))
        if sign or (self._continues() and not is_next) or self._token.text in ("*", "/"):
            while self._continues() or self._token.text in ("*", "/"):
                self._continue()
            raise self._two_ways(token, begin, middle, lead=token.text)
        self._check_rows(token, function, argument)
        if function in MADE_OF:
            return self._put_in(self._made_of(function), {"u": argument}, token.column)
        return self._node(Apply(function, (argument,), token.column))

    def _continues(self) -> bool:
        """Tell whether what follows binds an operand without parentheses to something more."""
        token = self._token
        return token.kind == "raised" or token.text in ("^", "**") or self._begins_factor()

    def _continue(self) -> None:
        if self._take("^", "**", "*", "/"):
            self._unary()
        elif self._token.kind == "raised":
            self._next += 1
        else:
            self._power()

    def _call(self, token: Token, function: str, opening: Token) -> Tree:
        arguments: list[Tree] = []

        def argument() -> Tree:
            arguments.append(self._sum())
            while self._take(","):
                arguments.append(self._sum())
            return arguments[0]

        self._inside(opening, argument)
        expected = arity(function)
        is_variadic = function in FUNCTIONS and FUNCTIONS[function].is_variadic
        if len(arguments) < expected or (len(arguments) > expected and not is_variadic):
            count = ("one argument", "two arguments")[expected - 1]
            wanted = f"at least {count}" if is_variadic else count
            raise refusal(token, f"{token.text} @ takes {wanted}, not {len(arguments)}")
        self._check_rows(token, function, arguments[0])
        if function in MADE_OF:
            given = dict(zip("uv", arguments, strict=False))
            return self._put_in(self._made_of(function), given, token.column)
        tree = self._node(Apply(function, tuple(arguments[:expected]), token.column))
        for argument_ in arguments[expected:]:
            tree = self._node(Apply(function, (tree, argument_), token.column))
        return tree

    def _check_rows(self, token: Token, function: str, argument: Tree) -> None:
        """Refuse a sum over rows of what is the same in all of them."""
        if function in AGGREGATES and varying(argument) is None:
            known = (
                f"use {', '.join(sorted(self._data.values()))}"
                if self._data
                else "no data is loaded"
            )
            raise refusal(
                token,
                f"{token.text} @ runs over the rows of the data, but has no data column in it: "
                f"{known}",
            )

    def _made_of(self, function: str) -> Tree:
        return type(self)(MADE_OF[function], PARAMETERS, ("u", "v"), ()).formula()

    def _put_in(self, tree: Tree, given: Mapping[str, Tree], column: int) -> Tree:
        """Return what a function is made of, with its arguments."""
        match tree:
            case Name(name):
                return self._again(given[name]) if name in given else tree
            case Apply(operation, arguments):
                parts = tuple(self._put_in(part, given, column) for part in arguments)
                return self._node(Apply(operation, parts, column))
            case _:
                return self._node(dataclasses.replace(tree, column=column))

    def _again(self, tree: Tree) -> Tree:
        """Count an argument once more, which a function is made of."""
        for part in tree.arguments if isinstance(tree, Apply) else ():
            self._again(part)
        return self._node(tree)

    def _unknown(self, token: Token, kind: str) -> FormulaError:
        """Refuse a name or a function that is none."""
        if len(token.text) > MAX_NAME:
            return refusal(
                token,
                f"the name {shortened(token.text)!r} @ has {len(token.text):,} characters: "
                f"at most {MAX_NAME} are allowed",
            )
        own = self._names.values()
        names = sorted(own, key=lambda name: (name not in self._parameters, name))
        columns = [*self._data.values()]
        functions = [*FUNCTIONS, *(AGGREGATES if self._data else ())]
        known = functions if kind == "function" else [*names, *columns]
        is_misspelt = len(token.text) > 1 and token.text not in ELSEWHERE
        alike = [*names, *columns, *functions] if is_misspelt else []
        near = difflib.get_close_matches(token.text, alike, n=1, cutoff=_ALIKE)
        hint = f"did you mean {near[0]}?" if near else f"known names are {', '.join(known)}"
        corrections = tuple(self._replacing({token: name}) for name in near)
        meant, pair = self._readings(token), self._pair()
        if pair and not meant and kind == "name":  # the other of two is asked
            token = next(filter(self._readings, self._without_meaning()), token)
            meant = self._readings(token)
        if meant:
            hint = self._either_in_signs(token, meant)
            hint += f", or begin with f({', '.join(pair)}) = to keep the names" if pair else ""
            corrections = self._in_signs(token, meant, pair)
        elif kind == "function" and (
            product := factors_before_function(token.text, {*self._names, *self._data})
        ):
            hint = f"write {product}(…) for the product"
            corrections = (self._replacing({token: product}),)
        elif kind == "function" and (numbered := self._numbered(token)):
            hint = f"write {' or '.join(map(shortened, numbered))}"
            corrections = tuple(self._instead_of_call(token, text) for text in numbered)
        elif kind == "function" and not near and len(token.text) == 1:
            hint += f"; or write {self._product_of(token)}"
            corrections = (self._with(self._token.column, "*"),)
        elif token.text in WHOLE_NUMBERS:
            hint = NO_REMAINDER
        elif kind == "function" and (instead := INSTEAD.get(token.text)):
            hint = f"write {' or '.join(instead)}"
            corrections = tuple(self._replacing({token: word}) for word in instead)
        if not self._data and any(token.text in AGGREGATES for token in self._tokens):
            hint = "no data is loaded that could have such a column"
        sentence = f"unknown {kind} {shortened(token.text)!r} @: {hint}"
        error = refusal(token, sentence, corrections=corrections)
        error.unknown = token.text if kind == "name" else ""
        error.pair = pair if meant else ()
        return error

    def _readings(self, token: Token) -> tuple[str, ...]:
        """Return what a word without a meaning may be, in signs."""
        rest = self._text[token.column - 1 + token.length :]
        found = readings(
            token.text,
            {*self._names, *self._data},
            columns=self._data,
            beside=[*map(canonical, self._parameters)],
            any_letter=True,
            is_base=is_base(rest),
        )
        is_called = rest.lstrip()[:1] == "("
        return tuple(each for each in found if not (is_called and "(" in each))  # sin2(a)

    def _without_meaning(self) -> Iterator[Token]:
        known = {*self._names, *self._data}
        for token in self._tokens:
            is_known = canonical(token.text) in known or function_called(token.text)
            if token.kind == "name" and not is_known:
                yield token

    def _pair(self) -> tuple[str, ...]:
        """Return the names that would be the parameters as they stand, if there are two."""
        there = {canonical(token.text) for token in self._tokens if token.kind == "name"}
        free = {canonical(token.text): token.text for token in self._without_meaning()}
        is_open = len(free) == len(PARAMETERS) and not there & {*map(canonical, self._parameters)}
        return tuple(free[name] for name in sorted(free)) if is_open else ()

    def _either_in_signs(self, token: Token, meant: Sequence[str]) -> str:
        """Return what to write for a word, and for another that may end after its first factor."""
        shown = [self._ways(token, reading) for reading in meant]
        texts = [f"{way.lead}{text}" for way in shown for text in (way.whole, way.first) if text]
        hint = f"write {' or '.join(texts)}" + " for the product" * ("(" not in meant[0])
        for each in self._without_meaning():
            way = self._ways(each, next(iter(self._readings(each)), ""))
            if each != token and way.first:
                return f"{hint}, and {way.lead}{way.whole} or {way.lead}{way.first}"
        return hint

    def _in_signs(self, token: Token, meant: Sequence[str], pair: Sequence[str]) -> tuple[str, ...]:
        """Return the whole text with signs in all its words, or with the names kept."""
        found = {each: self._readings(each) for each in self._without_meaning()}
        texts = []
        for reading in meant:
            by = {each: first[0] for each, first in found.items() if first}
            by |= {each: reading for each in by if each.text == token.text}
            ways = [self._ways(each, text) for each, text in by.items()]
            texts.append(self._with_ways([(way, way.whole) for way in ways]))
            texts.append(self._with_ways([(way, way.first or way.whole) for way in ways]))
        formula = self._text[read_head(self._text).length :].strip()
        keeping = [f"f({', '.join(pair)}) = {formula}"] if pair else []
        return tuple(dict.fromkeys((texts[0], *keeping, *texts[1:])))


def is_word(token: Token) -> bool:
    """Tell whether a name is of several letters, as words of a sentence are; x₁ is of one."""
    name = token.text.rstrip("0123456789₀₁₂₃₄₅₆₇₈₉").rstrip("_")
    return len(name) > 1 and name not in GREEK and not function_called(name) and name != "pi"


def number_of(token: Token) -> Number:
    """Return the number that a word spells."""
    if len(token.text) > MAX_DIGITS:
        raise refusal(
            token,
            f"the number @ has {len(token.text)} characters: at most {MAX_DIGITS} are allowed",
        )
    value = float(token.text)
    if math.isinf(value):
        raise refusal(token, f"the number {token.text} @ is too large")
    return Number(value, token.column)
