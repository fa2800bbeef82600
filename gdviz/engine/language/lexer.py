"""The words of a formula: numbers, names and signs, and the refusal of any other character.

Letters, digits and signs of other fonts, as they are copied out of PDFs, are the plain ones, and
what stands before the formula (``f(x, y) =``) and before its functions (``np.``) is passed over.
In LaTeX, which is where there is a backslash, ``ax`` is a times x.
Letters of scripts that look like Latin ones are refused: a Cyrillic а would be a constant that
nobody can tell from a.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from gdviz.base.format import GREEK_LETTERS
from gdviz.base.input_error import InputError
from gdviz.engine.language.spellings import (
    COMMANDS,
    GREEK,
    HEAD,
    MODULES,
    REMEDIES,
    SIGNS,
    as_call,
    function_called,
    takes_several,
    with_commas,
)


class FormulaError(InputError):
    """A formula that is refused, in one sentence.

    Parameters
    ----------
    message : str
        The sentence, which already names the column.
    column : int, optional
        Where, counted from 1; None when it is no one place.
    is_unfinished : bool, default False
        Whether more text could still make a formula of it.
    corrections : tuple of str, default ()
        Whole texts that may be meant.

    Attributes
    ----------
    unknown : str
        The name without a meaning that it is about, which may be a constant's; else nothing.
    pair : tuple of str
        The two names that would be the parameters as they stand, where that is asked; else nothing.
    """

    unknown = ""
    pair: tuple[str, ...] = ()

    def __init__(
        self,
        message: str,
        column: int | None = None,
        *,
        is_unfinished: bool = False,
        corrections: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.column = column
        self.is_unfinished = is_unfinished
        self.corrections = corrections


class Token(NamedTuple):
    """A word of a formula.

    Attributes
    ----------
    kind : {"number", "fraction", "raised", "name", "sign", "end"}
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
# So many letters are a millisecond's work for `re`, wherever they stand in a pattern.
_WORD = rf"(?![0-9])[{_LETTER}_0-9]+"
_NAME = rf"{_WORD}[₀-₉]*"  # x₁x₂ are two
_TOKEN = re.compile(
    rf"""(?P<space>\s+|;\s*$|\.(?=[*/^])
        |\\(?:begin|end)\s*\{{[a-z]+\*?\}}
        |\\[()\[\],;:!\ ]|\b(?:(?:{"|".join(MODULES)})\.)+(?=[A-Za-z_]))
      | \\(?:operatorname\*?|math(?:rm|it|bf|sf|tt)|text(?:rm)?)\s*\{{\s*(?P<upright>{_WORD})\s*\}}
      | \\(?P<command>[A-Za-z]+)
      | (?P<grouped>[0-9]{{1,3}}(?:(?:_[0-9]{{3}})+|(?:\.[0-9]{{3}}){{2,}})(?![.0-9_eE]))
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
      | (?P<fraction>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])
      | (?P<name>π(?![0-9_₀-₉])|{_NAME}(?:\[[0-9]+\])?)
      | (?P<sign>\*\*|\\?[{{}}|]|[-+*/^(),√\[\]])""",
    re.VERBOSE,
)
_DECIMALS = re.compile(r",[0-9]+(?:[eE][+-]?[0-9]+)?")
#: In English this is a thousand or more, elsewhere a number with three decimals.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}(?![0-9])")
#: Over which rows a sum of LaTeX's runs, where that is over all, as it is here.
_LIMITS = re.compile(
    r"\s*(?:\\limits)?\s*_\s*(?:\{\s*[ijk](?:\s*=\s*[01])?\s*\}|[ijk])"
    r"(?:\s*\^\s*(?:\{\s*[nNmM](?:\s*-\s*1)?\s*\}|[nNmM]))?"
)
_BELOW = re.compile(r"\s*_\s*(?:\{\s*(\w+)\s*\}|(\w+))")
# Letters that nobody can tell apart are one: other forms of Greek letters, the keyboard's µ, a
# dotless ı, and Greek letters that look like Latin ones.
_LOOK_ALIKE = str.maketrans("ϵϑϕϰϱµıΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "εθφκρμiABEZHIKMNOPTYXo")
_BASE_AND_INDEX = re.compile("(.+?)_?([0-9₀-₉]*)")
_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
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


Words = list[Token]


class Head(NamedTuple):
    """What stands before a formula, such as ``f(x, y) =``.

    Attributes
    ----------
    length : int
        Its characters.
    parameters : (str, str) or None
        What it says the formula is a function of.
    """

    length: int
    parameters: tuple[str, str] | None = None


def read_head(text: str) -> Head:
    """Return what stands before a formula; of nothing the length is 0."""
    plain = _plain_text(text)
    match = HEAD.match(plain)
    if match is None:
        return Head(0)
    named = [spelled(_in_latex(name)) for key, name in match.groupdict().items() if name]
    if match["vector"] or match["vector_"]:  # of whose components the rest has to be
        rest = plain[match.end() :]
        stem = re.escape(named[0].removeprefix("var"))
        components = rf"(?<![^\W\d_])(?:\\(?:var)?)?{stem}\s*"
        has_others = re.search(rf"{components}(?![\s\w\[₀-₉])", rest)
        is_of_it = re.search(rf"{components}(?:_?\{{?[0-9]|\[[0-9]|[₀-₉])", rest)
        return Head(match.end() if is_of_it and not has_others else 0)
    if match["left"] is None:
        return Head(match.end(), (named[0], named[1]) if named else None)
    # With what is on its right it would be an equation.
    is_equation = re.search(rf"(?<!\w){re.escape(named[0])}(?!\w)", plain[match.end() :])
    return Head(0 if is_equation or named[0] in ("a", "b") else match.end())


def _plain_text(text: str) -> str:
    """Return a text with plain letters, and blanks where LaTeX has the signs around it."""
    plain = plain_letters(text)
    return plain.replace("$", " ") if plain.lstrip().startswith("$") else plain


def _in_latex(name: str) -> str:
    return re.sub(r"\\(?:vec|bar|mathbf|boldsymbol|bm|underline)\b|[\\{}\s]", "", name)


def read_tokens(text: str, known: Collection[str] = ()) -> Iterator[Token]:
    """Yield the words of a formula, and an end.

    Parameters
    ----------
    text : str
        The formula, perhaps with what stands before it.
    known : collection of str
        Names that are whole words in LaTeX too, where others are products of letters.

    Raises
    ------
    FormulaError
        At the first character that the language does not know, after what precedes it.
    """
    position, plain = read_head(text).length, _plain_text(text)
    commas = _Commas(text)
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            raise _unexpected(plain, position)
        tokens, position = _read(match, known, commas)
        for token in tokens:
            commas.pass_by(token)
            yield token
    commas.check()
    yield Token("end", "", len(plain) + 1, 0)


def tokens_in(text: str, known: Collection[str] = ()) -> tuple[Token, ...]:
    """Return the tokens of a text; the last ones are kept, as a text is read twice."""
    is_latex = "\\" in plain_letters(text)  # else `known` means nothing
    return _tokens_in(text, frozenset(known) if is_latex else frozenset())


@lru_cache(maxsize=8)
def _tokens_in(text: str, known: frozenset[str]) -> tuple[Token, ...]:
    return tuple(read_tokens(text, known))


def _read(match: re.Match[str], known: Collection[str], commas: "_Commas") -> tuple[Words, int]:
    """Return the words of a match, and where they end."""
    kind = match.lastgroup or ""
    written, column, end = match[kind], match.start() + 1, match.end()
    match kind:
        case "space":
            return [], end
        case "command":
            return _read_command(match)
        case "name" if "\\" in match.string:
            stem = written.rstrip("_") or written
            written, end = stem, match.start() + len(stem)
            *tokens, last = _letters(written, column, known)
            below = _BELOW.match(match.string, end)
            end = below.end() if below else end
            text, length = _word(last.text, below), end + 1 - last.column
            return [*tokens, last._replace(text=text, length=length)], end
        case "name":
            written, end = _indexed(match)
        case "number":
            written, end = commas.number(written, match.start(), end)
        case "grouped":  # 1_000 of Python, and 1.000.000, which is no decimal number
            kind, by_points = "number", "." in written
            written = re.sub(r"[._]", "", written)
            if by_points:
                written, end = commas.number(written, match.start(), end)
        case "upright":
            kind = "name"
        case "sign":
            written = written.removeprefix("\\")
    return [Token(kind, LETTERS.get(written, written), column, end + 1 - column)], end


def _indexed(match: re.Match[str]) -> tuple[str, int]:
    """Return a name with its index, NumPy's x[0] or the x_{1} of LaTeX, and where it ends."""
    written, end = match["name"], match.end()
    if written.endswith("_") and match.string[end : end + 1] == "{":
        below = _BELOW.match(match.string, end - 1)
        return (_word(written[:-1], below), below.end()) if below else (written, end)
    if not written.endswith("]"):
        return written, end
    stem, _, index = written[:-1].partition("[")
    if function_called(stem):  # exp[2] is no name
        return stem, match.start() + len(stem)
    return f"{stem}_{index}", end


def _read_command(match: re.Match[str]) -> tuple[Words, int]:
    """Return the words of a command of LaTeX, and where they end."""
    command, column, end = match["command"], match.start() + 1, match.end()
    sign = COMMANDS.get(command)
    if sign is not None:
        return [Token("sign", sign, column, end + 1 - column)] if sign else [], end
    if command in GREEK:
        below = _BELOW.match(match.string, end)
        end = below.end() if below else end
        return [Token("name", _word(command, below), column, end + 1 - column)], end
    below = _BELOW.match(match.string, end) if command == "log" else None
    if below is not None and function_called(_word(command, below)):
        end = below.end()
        return [Token("name", _word(command, below), column, end + 1 - column)], end
    if command == "sum" and (limits := _LIMITS.match(match.string, end)):
        end = limits.end()
    word = {"sigma": "sigmoid"}.get(command, command)
    if function_called(word) or word == "pi":
        return [Token("name", word, column, end + 1 - column)], end
    raise FormulaError(
        f"unexpected {shortened(match[0])} at column {column}: this command of LaTeX is unknown "
        "here",
        column,
    )


def _letters(written: str, column: int, known: Collection[str]) -> Words:
    """Return a word of LaTeX: a name that is known, or else the product of its letters."""
    name = LETTERS.get(written, written)
    if (
        name in known
        or function_called(name)
        or name == "pi"
        or not written.isalpha()
        or len(written) == 1
    ):
        return [Token("name", name, column, len(written))]
    return [Token("name", LETTERS.get(c, c), k, 1) for k, c in enumerate(written, column)]


def _word(name: str, below: re.Match[str] | None) -> str:
    """Return a name of LaTeX with what stands below it."""
    name = name.removeprefix("var") if name in GREEK else name
    return f"{name}_{below[1] or below[2]}" if below else name


class _Commas:
    """Tells decimal commas from those between arguments.

    A comma between two digits belongs to a number, unless it stands in a function that has several
    arguments. Where both occur in a text, the latter are doubtful.
    """

    def __init__(self, text: str) -> None:
        self._text, self._plain = text, plain_letters(text)
        self._takes_several: list[bool] = []
        self._before = ""
        self._has_decimal = False
        self._doubtful = 0

    def pass_by(self, token: Token) -> None:
        """Take note of a word."""
        if token.text in ("(", "[", "{"):
            is_call = token.text == "(" or bool(function_called(self._before))
            self._takes_several.append(is_call and takes_several(self._before))
        elif token.text in (")", "]", "}") and self._takes_several:
            self._takes_several.pop()
        self._before = token.text if token.kind == "name" else ""

    def number(self, written: str, start: int, end: int) -> tuple[str, int]:
        """Return a number with its decimals, and where it ends."""
        decimals = _DECIMALS.match(self._plain, end) if written.isdigit() else None
        if decimals is None:
            return written, end
        if self._takes_several and self._takes_several[-1]:
            self._doubtful = self._doubtful or end + 1
            return written, end
        if _THOUSANDS.match(self._plain, start):
            texts = (f"{self._text[:end]}{sign}{self._text[end + 1 :]}" for sign in (".", ""))
            raise FormulaError(
                f"the comma at column {end + 1} may separate decimals or thousands: write "
                f"{written}.{decimals[0][1:]} or {written}{decimals[0][1:]}",
                end + 1,
                corrections=tuple(texts),
            )
        self._has_decimal = True
        return f"{written}.{decimals[0][1:]}", decimals.end()

    def check(self) -> None:
        """Refuse commas that may be either."""
        if self._has_decimal and self._doubtful:
            column = self._doubtful
            texts = (f"{self._text[: column - 1]}{c}{self._text[column:]}" for c in (".", ", "))
            raise FormulaError(
                f"the comma at column {column} may separate decimals or arguments: write a point, "
                "or a blank after it",
                column,
                corrections=tuple(texts),
            )


def shortened(text: str) -> str:
    """Return a text for a sentence about it, which has a piece of a long one."""
    return text if len(text) <= 30 else text[:27] + "…"


def is_name(text: str) -> bool:
    """Tell whether a text is spelt as names are."""
    if text.isascii():  # which most are: the pattern takes milliseconds to be made
        return text.isidentifier()
    return re.fullmatch(_NAME, text) is not None


def plain_letters(text: str) -> str:
    """Return a text of the same length with plain signs, and letters of no particular font."""
    if text.isascii():
        return text
    plain = "".join(map(_plain_character, text.translate(SIGNS)))
    return plain.translate(_LOOK_ALIKE)


def spelled(name: str) -> str:
    """Return a name as the language spells it: one for all ways of writing it."""
    plain = plain_letters(name)
    return LETTERS.get(plain, plain)


@lru_cache(maxsize=1024)  # a keystroke in a formula asks for those of its names 600 times
def canonical(name: str) -> str:
    """Return the one spelling of all names that look alike, typeset or not.

    θ₁, θ_1, θ1 and theta_1 are one name: there is one constant of them, and one slider.
    """
    match = _BASE_AND_INDEX.fullmatch(spelled(name))
    if match is None:
        return name
    base = GREEK_LETTERS.get(match[1], match[1]).translate(_PLAIN_DIGITS)
    return f"{base}_{match[2].translate(_PLAIN_DIGITS)}" if match[2] else base


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    kind, *meant = unicodedata.decomposition(character).split() or [""]
    if kind and not kind.startswith("<") and not meant:  # the ohm sign is an omega
        return chr(int(kind, 16))
    return chr(int(meant[0], 16)) if kind in ("<font>", "<wide>") else character


def _unexpected(text: str, position: int) -> FormulaError:
    """Refuse a character that the language does not know."""
    character, column = text[position], position + 1
    corrections: tuple[str, ...] = ()
    shown = repr(character) if character.isprintable() else f"U+{ord(character):04X}"
    meant = unicodedata.normalize("NFKC", character).replace("\N{FRACTION SLASH}", "/")
    if unicodedata.decomposition(character).startswith("<super>"):
        remedy = "powers are written with ^"
    elif meant != character and meant.isascii() and meant.replace("/", "").isalnum():
        remedy = f"write {meant}"
    elif call := as_call(text, position):
        remedy, corrections = f"write {shortened(call)}", (call,)
    elif character in REMEDIES:
        remedy, corrections = REMEDIES[character], with_commas(text, position)
    elif character.isalpha():
        # Where a letter looks like another, only its script's name tells them apart.
        script = unicodedata.name(character, "").partition(" ")[0]
        shown += ", a Cyrillic letter," * (script == "CYRILLIC")
        remedy = NAMES_ARE
    else:
        remedy = "a formula is written with + - * / ^, parentheses, numbers, names and functions"
    return FormulaError(
        f"unexpected {shown} at column {column}: {remedy}", column, corrections=corrections
    )
