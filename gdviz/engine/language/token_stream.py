"""The words of a formula one after the other, and refusals of them with what may be meant."""

import re
import string
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from gdviz.engine.language.lexer import FormulaError, Token, shortened, tokens_in
from gdviz.engine.language.spellings import (
    ELSEWHERE,
    INSTEAD,
    LOGARITHMS,
    NO_REMAINDER,
    WHOLE_NUMBERS,
    function_called,
)
from gdviz.engine.language.syntax_tree import Tree


def refusal(
    place: Token | Tree,
    sentence: str,
    *,
    is_unfinished: bool = False,
    corrections: tuple[str, ...] = (),
) -> FormulaError:
    """Return a refusal, in whose sentence the first "@" stands for the column.

    Parameters
    ----------
    place : Token or Tree
        Where.
    sentence : str
        Why.
    is_unfinished, corrections
        As in :class:`~gdviz.engine.language.lexer.FormulaError`.
    """
    column = place.column
    return FormulaError(
        sentence.replace("@", f"at column {column}", 1),
        column,
        is_unfinished=is_unfinished,
        corrections=corrections,
    )


#: The power after a word, which is that of its last letter.
_POWER = re.compile(r"\s*(?:[²³⁴-⁹]|(?:\^|\*\*)\s*(?:\d+(?:\.\d+)?|\w))")
#: Digits in threes, with a space where books have a thin one.
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\s[0-9]{3})+(?![0-9])(?:[.,][0-9]+)?")


class Ways(NamedTuple):
    """What may stand in the place of a word.

    Attributes
    ----------
    begin, end : int
        The place, in characters.
    whole : str
        What stands there where all of it belongs to the sign before it: ``(a*b)`` of ``1/ab``.
    first : str
        Where only the first factor does, ``a*b``; nothing where that is the same.
    lead : str
        What stands before both in a sentence: ``1/``.
    """

    begin: int
    end: int
    whole: str
    first: str = ""
    lead: str = ""


class TokenStream:
    """The words of a text, which are taken one by one.

    Parameters
    ----------
    text : str
        The text.
    known : collection of str
        Names that are whole words in LaTeX too.
    """

    def __init__(self, text: str, known: Collection[str]) -> None:
        self._text = text
        self._tokens = list(tokens_in(text, known))
        self._next = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *signs: str) -> Token | None:
        token = self._token
        if token.kind == "sign" and token.text in signs:
            self._next += 1
            return token
        return None

    def _before(self) -> str:
        return self._tokens[self._next - 1].text if self._next else ""

    def _end(self) -> int:
        """Return how many characters there are up to the end of the last word."""
        if not self._next:
            return 0
        last = self._tokens[self._next - 1]
        return last.column - 1 + last.length

    def _is_joined(self) -> bool:
        """Tell whether there is nothing between the last word and this one."""
        return self._token.column - 1 == self._end()

    # -- what may be meant

    def _with(self, column: int, sign: str) -> str:
        """Return the text with a sign before a column."""
        return self._text[: column - 1].rstrip() + sign + self._text[column - 1 :]

    def _replacing(self, texts: Mapping[Token, str]) -> str:
        """Return the text with others in the places of words."""
        whole = self._text
        for token in sorted(texts, key=lambda each: each.column, reverse=True):
            place = token.column - 1
            whole = whole[:place] + texts[token] + whole[place + token.length :]
        return whole

    def _no_operator(self, token: Token) -> FormulaError:
        """Refuse what follows an operand and cannot be one of its factors."""
        before = self._tokens[self._next - 1]
        if before.kind == token.kind == "number":
            self._check_digits(before, token)
        if {before.text, token.text} & WHOLE_NUMBERS:  # a mod b
            return refusal(token, f"unexpected {shortened(token.text)!r} @: {NO_REMAINDER}")
        if instead := INSTEAD.get(before.text):  # lg a
            return refusal(
                before,
                f"no function is called {before.text} @: write {' or '.join(instead)}",
                corrections=tuple(self._replacing({before: word}) for word in instead),
            )
        signs = ("*", "^") if token.kind == "number" and self._before() == ")" else ("*",)
        corrections = tuple(self._with(token.column, sign) for sign in signs)
        if token.kind == "fraction" and before.kind == "number":  # 2½
            begin, end = before.column - 1, token.column - 1 + token.length
            mixed = f"({before.text}+{token.text})"
            corrections = (self._text[:begin] + mixed + self._text[end:], *corrections)
        can_be_one = token.kind in ("number", "fraction", "name")
        start = before.column - 1 if before.kind == token.kind else token.column - 1
        end = token.column - 1 + token.length
        lead = self._text[start : token.column - 1].rstrip() or "…"
        pieces = [shortened(f"{lead}{sign}{self._text[token.column - 1 : end]}") for sign in signs]
        return refusal(
            token,
            f"an operator is missing before {shortened(token.text)!r} @: "
            + (f"write {' or '.join(pieces)}" if can_be_one else "products are written with *"),
            corrections=corrections if can_be_one else (),
        )

    def _closed(self) -> int:
        """Return where what stands in the next parentheses ends, in characters."""
        depth = 0
        for each in self._tokens[self._next :]:
            depth += (each.text in ("(", "[")) - (each.text in (")", "]"))
            if not depth:
                return each.column
        return len(self._text)

    def _called(self) -> str:
        """Return what stands in the next parentheses, with these."""
        return self._text[self._token.column - 1 : self._closed()]

    def _product_of(self, token: Token) -> str:
        """Return a name and what stands in parentheses after it, as their product."""
        return f"{token.text}*{shortened(self._called())}"

    def _numbered(self, token: Token) -> tuple[str, ...]:
        """Return what a function's name with a number may be: sin(2*(a)) or sin^2(a) of sin2(a)."""
        name = token.text.rstrip(string.digits)
        number, argument = token.text[len(name) :], self._called()
        is_closed = argument.endswith((")", "]"))
        is_other = token.text in ELSEWHERE or name in LOGARITHMS  # arctan2, and log3 to the base 3
        if is_other or not (number and function_called(name) and is_closed):
            return ()
        return f"{name}({number}*{argument})", f"{name}^{number}{argument}"

    def _instead_of_call(self, token: Token, text: str) -> str:
        """Return the whole text with another in the place of a name and its parentheses."""
        return f"{self._text[: token.column - 1]}{text}{self._text[self._closed() :]}"

    def _check_digits(self, number: Token, after: Token) -> None:
        """Refuse what is one number for people: 1 000, and what is none for anybody: 1.5.2."""
        begin = number.column - 1
        if groups := _GROUPS.match(self._text, begin):
            whole = re.sub(r"\s", "", groups[0])
            raise refusal(
                number,
                f"the number @ has a space in it: write {shortened(whole)}",
                corrections=(self._text[:begin] + whole + self._text[groups.end() :],),
            )
        if self._is_joined():
            raise refusal(
                number,
                f"the number {shortened(number.text + after.text)} @ has two points: a number has "
                "one, before its decimals",
            )

    def _ways(self, word: Token, product: str) -> Ways:
        """Return how far what stands before a word may reach into what it is, in signs.

        Parameters
        ----------
        word : Token
            A word without a meaning, as ab in 1/ab, e^-ab and √2ab.
        product : str
            What it may be.
        """
        at = self._tokens.index(word)
        begin, end = word.column - 1, word.column - 1 + word.length
        before, number = at - 1, ""
        if before >= 0 and self._tokens[before].kind == "number" and self._joins(before):
            before, number = before - 1, f"{self._tokens[before].text}*"
        if before > 0 and self._tokens[before].text == "-" and self._tokens[before - 1].text in (
            "^", "**",
        ):  # fmt: skip
            before, number = before - 1, f"-{number}"
        power = _POWER.match(self._text, end)  # of its last factor
        if power and product.endswith(")"):  # sina^2
            within = f"{product[:-1]}{power[0]})"
            return Ways(begin, power.end(), within, f"{product}{power[0]}")
        binding = self._tokens[before] if before >= 0 else word
        is_product = "*" in re.sub(r"\([^()]*\)", "", product)
        if not (is_product or number) or binding.text not in ("^", "**", "/", "√"):
            return Ways(begin, end, product)
        begin = self._tokens[before + 1].column - 1
        end = power.end() if power else end
        text = f"{number}{product}{power[0] if power else ''}"
        base = self._tokens[before - 1] if before and binding.text != "√" else None
        lead = base.text if base and base.kind in ("number", "name") else "…" * bool(base)
        return Ways(begin, end, f"({text})", text, f"{lead}{binding.text}")

    def _joins(self, index: int) -> bool:
        """Tell whether a word stands right before the next one."""
        token, follower = self._tokens[index : index + 2]
        return token.column + token.length == follower.column

    def _with_ways(self, chosen: Sequence[tuple[Ways, str]]) -> str:
        """Return the text with others in the places of some ways."""
        whole = self._text
        for way, text in sorted(chosen, reverse=True):
            whole = whole[: way.begin] + text + whole[way.end :]
        return whole

    def _two_ways(
        self, token: Token, begin: int, middle: int, *, lead: str, sign: str = ""
    ) -> FormulaError:
        """Refuse what may end at one place or at the last word.

        Parameters
        ----------
        token : Token
            The place.
        begin, middle : int
            The characters before it, and before the place where it may end.
        lead : str
            What stands before it in the sentence.
        sign : str, default: parentheses around the first part
            What may stand at that place.
        """
        first, rest = self._text[begin:middle].strip(), self._text[middle : self._end()]
        short = f"{first}{sign}{rest.lstrip()}" if sign else f"({first}){rest}"
        parts = dict.fromkeys((short, f"({first}{rest})"))
        shown = " or ".join(shortened(lead + part) for part in parts)
        after = self._text[self._end() :]
        return refusal(
            token,
            f"what stands @ {'can be read in two ways' if len(parts) > 1 else 'is ambiguous'}: "
            f"write {shown}",
            corrections=tuple(f"{self._text[:begin]}{part}{after}" for part in parts),
        )
