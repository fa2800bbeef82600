"""The names in a text that may be no formula yet, and which names a constant can have."""

from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

from gdviz.engine.language.lexer import (
    LETTERS,
    NAMES_ARE,
    FormulaError,
    Token,
    is_name,
    read_tokens,
    shortened,
)
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS
from gdviz.engine.language.parser import MAX_LENGTH, MAX_NAME, NAMED_NUMBERS, PARAMETERS

#: What follows the last token, where a text ends at a character that is refused.
_END = Token("end", "", 0, 0)


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


def check_constant_name(name: str) -> None:
    """Refuse a constant's name that the language could not tell apart.

    Raises
    ------
    FormulaError
        If `name` is not an identifier, or already means something.
    """
    if len(name) > MAX_NAME:
        raise FormulaError(
            f"a constant cannot be called {shortened(name)!r}: "
            f"at most {MAX_NAME} characters are allowed"
        )
    if not is_name(name):
        raise FormulaError(f"a constant cannot be called {name!r}: {NAMES_ARE}")
    if is_taken(name):
        raise FormulaError(f"a constant cannot be called {name!r}: the name is taken")
