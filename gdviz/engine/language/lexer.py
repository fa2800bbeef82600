"""The words of a formula: numbers, names and signs, and the refusal of any other character.

Letters, digits and signs of other fonts, as they are copied out of PDFs, are the plain ones.
Letters of scripts that look like Latin ones are refused: a Cyrillic а would be a constant that
nobody can tell from a.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple


class FormulaError(ValueError):
    """A formula that is refused, in one sentence.

    Parameters
    ----------
    message : str
        The sentence, which already names the column.
    column : int, optional
        Where, counted from 1; None when it is no one place.
    is_unfinished : bool, default False
        Whether more text could still make a formula of it.
    """

    def __init__(
        self, message: str, column: int | None = None, *, is_unfinished: bool = False
    ) -> None:
        super().__init__(message)
        self.column = column
        self.is_unfinished = is_unfinished


class Token(NamedTuple):
    """A word of a formula.

    Attributes
    ----------
    kind : {"number", "raised", "name", "sign", "end"}
        What it is.
    text : str
        How it is spelt in plain letters: ``pi`` for π.
    column : int
        Where it begins, counted from 1.
    length : int
        Characters in the text as it was written.
    """

    kind: str
    text: str
    column: int
    length: int


# Latin letters with and without accents, and Greek ones; µ is the keyboard's. Of other scripts
# those that none of these can be taken for: kana, Chinese characters and Hangul.
_LETTER = "A-Za-zÀ-ÖØ-öø-žµΑ-Ωα-ωϑϕϖϰϱϵ\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uac00-\ud7a3"
_NAME = rf"[{_LETTER}_][{_LETTER}_0-9₀-₉]*"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
      | (?P<name>{_NAME})
      | (?P<sign>\*\*|[-+*/^(),])""",
    re.VERBOSE,
)
# Signs and letters that this program prints and that people paste.
_TYPOGRAPHIC = str.maketrans({"−": "-", "·": "*", "×": "*", "÷": "/"})
# Letters that nobody can tell apart are one: the two epsilons and mus, and Greek letters that look
# like Latin ones.
_LOOK_ALIKE = str.maketrans("ϵµΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "εμABEZHIKMNOPTYXo")
#: What Greek letters stand for. α, ε and η are the learning rate, the difference step and the
#: length of the finite step: beside their sliders a person's own letter is called by its name.
LETTERS = {
    "π": "pi", "σ": "sigmoid", "α": "alpha", "ε": "epsilon", "η": "eta", "κ": "kappa",
}  # fmt: skip
#: What a name is, for those who refuse one.
NAMES_ARE = (
    "a name has letters (Latin, Greek, Chinese, Japanese or Korean), digits and _, and begins with "
    "a letter"
)


def read_tokens(text: str) -> Iterator[Token]:
    """Yield the words of a formula, and an end.

    Raises
    ------
    FormulaError
        At the first character that the language does not know, after what precedes it.
    """
    position, text = 0, plain_letters(text)
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unexpected(text[position], position + 1)
        kind, written = match.lastgroup or "", match.group()
        if kind != "space":
            yield Token(kind, LETTERS.get(written, written), position + 1, len(written))
        position = match.end()
    yield Token("end", "", len(text) + 1, 0)


def shortened(text: str) -> str:
    """Return a text for a sentence about it, which has a piece of a long one."""
    return text if len(text) <= 30 else text[:27] + "…"


def is_name(text: str) -> bool:
    """Tell whether a text is spelt as names are."""
    return re.fullmatch(_NAME, text) is not None


def plain_letters(text: str) -> str:
    """Return a text of the same length with plain signs, and letters of no particular font."""
    plain = "".join(map(_plain_character, text.translate(_TYPOGRAPHIC)))
    return plain.translate(_LOOK_ALIKE)


def spelled(name: str) -> str:
    """Return a name as the language spells it: one for all ways of writing it."""
    plain = plain_letters(name)
    return LETTERS.get(plain, plain)


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    kind, *meant = unicodedata.decomposition(character).split() or [""]
    return chr(int(meant[0], 16)) if kind in ("<font>", "<wide>") else character


def _unexpected(character: str, column: int) -> FormulaError:
    """Refuse a character that the language does not know."""
    shown = repr(character) if character.isprintable() else f"U+{ord(character):04X}"
    meant = unicodedata.normalize("NFKC", character).replace("\N{FRACTION SLASH}", "/")
    if unicodedata.decomposition(character).startswith("<super>"):
        remedy = "powers are written with ^"
    elif meant != character and meant.isascii() and meant.replace("/", "").isalnum():
        remedy = f"write {meant}"
    elif character.isalpha():
        # Where a letter looks like another, only its script's name tells them apart.
        script = unicodedata.name(character, "").partition(" ")[0]
        shown += ", a Cyrillic letter," * (script == "CYRILLIC")
        remedy = NAMES_ARE
    else:
        remedy = "a formula is written with + - * / ^, parentheses, numbers, names and functions"
    return FormulaError(f"unexpected {shown} at column {column}: {remedy}", column)
