"""The words of a formula one after the other, and refusals of them with what may be meant."""

from collections.abc import Collection, Mapping

from gdviz.engine.language.lexer import FormulaError, Token, shortened, tokens_in
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
