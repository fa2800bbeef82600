"""What a word without a meaning may be: names, and functions of names, written without signs.

Such a word is asked about: ax may be a·x, sina may be sin(a), and both may be names.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from gdviz.engine.language.lexer import canonical
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS
from gdviz.engine.language.spellings import (
    ELSEWHERE,
    FUNCTION_NAMES,
    GREEK,
    MADE_OF,
    arity,
    function_called,
)

_MOST = 8  # names and functions in a word
_MOST_READINGS = 2
_MOST_TRIED = 6
_INDEX = "(?:_?[0-9]+|[₀-₉]+)?"
#: What is one letter, in the order in which the beginning of a word is taken for it: a Greek one by
#: its name, or any, with its index.
_LETTERS = (
    re.compile(f"(?:{'|'.join(sorted(GREEK, key=len, reverse=True))}){_INDEX}"),
    re.compile(rf"[^\W\d_]{_INDEX}"),
)
_LETTER = f"(?:{'|'.join(letter.pattern for letter in _LETTERS)})"
_FEW = re.compile(f"({_LETTER})({_LETTER})({_LETTER})?")
_HAS_INDEX = re.compile(".*[0-9₀-₉]")
#: Two letters that people multiply sooner than they call one thing so: xy, αβ.
_PAIRS = frozenset(
    (canonical(first), canonical(second))
    for first, second in ("xy", "uv", "pq", "AB", "XY", "αβ", "θφ", "μν")
)
#: Functions of one argument, the longest first: asin before a factor a and sin.
_FUNCTIONS = tuple(
    sorted(
        (
            name
            for name in (*FUNCTIONS, *FUNCTION_NAMES, *MADE_OF)
            if name not in AGGREGATES and arity(function_called(name)) == 1
        ),
        key=len,
        reverse=True,
    )
)
#: The same by their first letter.
_BEGINNING = {
    initial: tuple(name for name in _FUNCTIONS if name[0] == initial)
    for initial in {name[0] for name in _FUNCTIONS}
}
#: Greek letters, but for those that make one thing with what follows: Δx.
_WEIGHTS = frozenset(map(canonical, GREEK - {"Delta", "delta"}))
_INVERSE = ("asin", "acos", "atan")  # a*sin(b) is the likelier one where a is a name
_CALLED = re.compile(f"(?:{'|'.join(_FUNCTIONS)})([0-9]*π?)({_LETTER})({_LETTER}$)?")
_POWER = re.compile(r"\s*(?:\^|\*\*)\s*[^\s\d.]")
_DIGITS = re.compile("[0-9]*")
_OF_NUMBER = re.compile(r"\([0-9]+\)\*")  # sin(2)*x
_ENDS_EARLY = re.compile(r"\)\*[^(]*$")  # exp2(x)*y
#: The last letters of arguments that have a coefficient: sin(ωt).
_VARIABLES = ("x", "y", "z", "t", "θ", "φ")


def is_letter(word: str) -> bool:
    """Tell whether a name is one letter, perhaps with an index: x, θ₁, alpha."""
    return any(letter.fullmatch(word) for letter in _LETTERS)


def is_base(rest: str) -> bool:
    """Tell whether what follows a word is a power that is no number, as e has them."""
    return _POWER.match(rest) is not None


def readings(
    word: str,
    names: Collection[str],
    *,
    columns: Collection[str] = (),
    beside: Collection[str] = (),
    any_letter: bool = False,
    is_base: bool = False,
) -> tuple[str, ...]:
    """Return what a word may be, in signs: a*x, sin(a); nothing where it can only be a name.

    Parameters
    ----------
    word : str
        A name without a meaning.
    names : collection of str
        The :func:`~gdviz.engine.language.lexer.canonical` names that have one, or that stand
        elsewhere in the text: α is one letter, though the language calls it alpha.
    columns : collection of str, default ()
        Those of them that any letter may be the coefficient of: in wx, x is a data column.
    beside : collection of str, default ()
        Those of them that any letter may be a factor of, before or after one or two of them.
    any_letter : bool, default False
        Whether a function may be one of any letter, and two letters such as x and y a product.
    is_base : bool, default False
        Whether it stands before a power that is no number: xe^y is more likely one of e.

    Returns
    -------
    tuple of str
        At most two, the likelier one first.
    """
    if is_letter(word) or word in ELSEWHERE:
        return ()
    others = {name for name in names if name != canonical(word)}
    if few := _FEW.fullmatch(word):
        letters = [*map(canonical, filter(None, few.groups()))]
        if _is_joined(letters, others, columns, beside, any_letter) or (
            is_base and letters[1:] == ["e"]
        ):
            others |= {*letters}
    for number, first, second in _CALLED.findall(word):
        letters = [*map(canonical, filter(None, (first, second)))]
        is_of_variable = second in _VARIABLES  # sinkx
        if number or any_letter or is_of_variable or not first.isascii():  # sin2x and sinθ
            is_one = len(letters) == 1 or _is_joined(letters, others, columns, beside, True)
            others |= {*letters} if is_one or is_of_variable else set()
    found = islice(_products(word, others, _MOST), _MOST_TRIED)
    texts = dict.fromkeys("*".join(parts) for parts in found)
    return tuple(sorted(texts, key=_unlikely)[:_MOST_READINGS])


def _unlikely(text: str) -> tuple[bool, bool, bool]:
    """Return what makes a reading a less likely one."""
    is_of_number = _OF_NUMBER.search(text) is not None
    return text.startswith(_INVERSE), is_of_number, _ENDS_EARLY.search(text) is not None


def factors_before_function(word: str, names: Collection[str]) -> str:
    """Return what a word that is called may be, in signs: b*sin of bsin(a); nothing if none.

    Parameters
    ----------
    word : str
        A function without a meaning.
    names : collection of str
        The canonical names that may be factors; so may one letter be.
    """
    for function in _FUNCTIONS if word not in ELSEWHERE else ():
        before = word.removesuffix(function)
        if before == word:
            continue
        factors = (before,) if is_letter(before) else next(_products(before, names, _MOST), ())
        if factors:
            return "*".join((*factors, function))
    return ""


def _is_joined(
    letters: Sequence[str],
    names: Collection[str],
    columns: Collection[str],
    beside: Collection[str],
    any_letter: bool,
) -> bool:
    """Tell whether two letters, or three, are factors, though nothing else is known of one."""
    if sum(letter in beside for letter in letters) == len(letters) - 1:
        return True
    first, second = letters[:2]
    is_pair = any_letter and _is_pair(letters)
    have_indices = _HAS_INDEX.fullmatch(first) and _HAS_INDEX.fullmatch(second)  # x1x2
    is_weight = first in _WEIGHTS and second in names  # λa
    return len(letters) == 2 and bool(second in columns or is_pair or have_indices or is_weight)


def _is_pair(letters: Sequence[str]) -> bool:
    first, second = letters[:2]
    return bool({(first, second), (second, first)} & _PAIRS)


def _products(word: str, names: Collection[str], most: int) -> Iterator[tuple[str, ...]]:
    """Yield the factors that a word may consist of."""
    if not word:
        yield ()
    if not (word and most):
        return
    for function in _BEGINNING.get(word[0], ()):
        if word.startswith(function):
            yield from _applied(function, word[len(function) :], names, most - 1)
    for first in _beginnings(word, names):
        for others in _products(word[len(first) :], names, most - 1):
            yield (first, *others)


def _applied(
    function: str, word: str, names: Collection[str], most: int
) -> Iterator[tuple[str, ...]]:
    """Yield a function of as much of what follows it as may be, and then of less."""
    digits = _DIGITS.match(word) if function not in MADE_OF else None  # sec1 is no secant
    number = digits[0] if digits else ""
    for arguments in _arguments(word[len(number) :], names, most):
        argument = "*".join((*([number] if number else []), *arguments))
        rest = word[len(number) + sum(map(len, arguments)) :]
        if argument:
            for others in _products(rest, names, most - len(arguments)):
                yield (f"{function}({argument})", *others)


def _arguments(word: str, names: Collection[str], most: int) -> Iterator[tuple[str, ...]]:
    for first in _beginnings(word, names) if most else ():
        for others in _arguments(word[len(first) :], names, most - 1):
            yield (first, *others)
    yield ()


def _beginnings(word: str, names: Collection[str]) -> Iterator[str]:
    """Yield the names with which a word begins: letters, and then words."""
    for letter in _LETTERS:
        first = letter.match(word)
        if first is not None and canonical(first[0]) in names:
            yield first[0]
    words = (name for name in names if word.startswith(name) and not is_letter(name))
    yield from sorted(words, key=len, reverse=True)
