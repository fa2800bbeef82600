"""The names in a text that may be no formula yet, and which names a constant can have."""

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gdviz.engine.language.joined_words import is_base, readings
from gdviz.engine.language.lexer import (
    NAMES_ARE,
    FormulaError,
    Token,
    canonical,
    is_name,
    read_head,
    read_tokens,
    shortened,
    spelled,
    tokens_in,
)
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, ROWS
from gdviz.engine.language.parser import (
    MAX_LENGTH,
    MAX_NAME,
    NAMED_NUMBERS,
    PARAMETERS,
)
from gdviz.engine.language.spellings import FUNCTION_NAMES, MADE_OF, function_called

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
        Whether a parenthesis follows, as after a function, or the value of one: ``ln a``.
    """

    name: str
    column: int
    length: int
    is_called: bool


def names_in(text: str) -> tuple[Written, ...]:
    """Return the names in a text, up to the first character that the language does not know."""
    return _names_in(text[:MAX_LENGTH])


@lru_cache(maxsize=8)  # with each key a dozen places ask for those of one text
def _names_in(text: str) -> tuple[Written, ...]:
    tokens: list[Token] = []
    try:
        tokens += tokens_in(text)
    except FormulaError:
        with suppress(FormulaError):
            tokens.extend(read_tokens(text))
    first: dict[str, str] = {}  # names that look alike are one, spelled as they are first
    return tuple(
        Written(
            first.setdefault(canonical(token.text), token.text),
            token.column,
            token.length,
            _is_called(token, follower),
        )
        for token, follower in pairwise([*tokens, _END])
        if token.kind == "name"
    )


def _is_called(token: Token, follower: Token) -> bool:
    if follower.text == "(" or (follower.text == "[" and function_called(token.text)):
        return True
    is_value = follower.kind in ("name", "number", "fraction", "raised") or follower.text == "√"
    if token.text in MADE_OF:
        return is_value or follower.text in ("^", "**")  # sec^2(a)
    is_value |= follower.text in "{|"
    return token.text in FUNCTION_NAMES and follower.kind != "end" and is_value


def bases_in(text: str) -> set[str]:
    """Return the names before a power that is no number."""
    names = names_in(text)
    return {each.name for each in names if is_base(text[each.column - 1 + each.length :])}


def is_taken(name: str) -> bool:
    """Tell whether a name means something already, so that it cannot be a person's own."""
    return name in NAMED_NUMBERS or name in FUNCTIONS or name in AGGREGATES


def check_name(name: str, what: str = "a constant", taken: Collection[str] = ()) -> None:
    """Refuse a name that the language could not tell apart.

    Parameters
    ----------
    name : str
        The name.
    what : str, default "a constant"
        What is called so.
    taken : collection of str
        Other names that mean something.

    Raises
    ------
    FormulaError
        If `name` is not an identifier, or already means something.
    """
    refusal = f"{what} cannot be called {shortened(name)!r}: "
    if len(name) > MAX_NAME:
        raise FormulaError(f"{refusal}at most {MAX_NAME} characters are allowed")
    if not is_name(name):
        raise FormulaError(refusal + NAMES_ARE)
    if is_taken(spelled(name)):
        raise FormulaError(f"{refusal}the name is taken")
    if alike := next((other for other in taken if canonical(other) == canonical(name)), ""):
        said = "the name is taken" if spelled(alike) == spelled(name) else f"it looks like {alike}"
        raise FormulaError(f"{refusal}{said}")


def check_names(
    parameters: tuple[str, ...], constants: tuple[str, ...] = (), data: tuple[str, ...] = ()
) -> None:
    """Refuse names of a formula that the language could not tell apart.

    Parameters
    ----------
    parameters, constants, data : tuple of str
        What they call; the names of data columns are known to be none that are taken.

    Raises
    ------
    FormulaError
    """
    columns = {canonical(name): "a data column" for name in data}
    columns |= {ROWS: "the number of rows"} if data else {}
    before: list[str] = []
    for what, names in (("a parameter", parameters), ("a constant", constants)):
        for name in names:
            check_name(name, what, before)
            if meaning := columns.get(canonical(name)):
                raise FormulaError(f"{what} cannot be called {name!r}: that is {meaning}")
            before.append(name)


#: Letters that people write for a function, and not before a parenthesis for a product.
_CALLED = frozenset("fghJL")
#: Pairs of names for two unknowns, in the order in which people think of them.
_CUSTOMARY = (
    ("x", "y"), ("u", "v"), ("p", "q"), ("s", "t"), ("A", "B"), ("X", "Y"), ("w", "b"), ("m", "b"),
    ("W", "b"), ("w", "v"), ("alpha", "beta"), ("theta", "phi"), ("mu", "nu"),
)  # fmt: skip
_INDEXED = re.compile("(.+)_([0-9]+)")


def parameters_in(
    text: str, constants: Iterable[str] = (), data: Collection[str] = ()
) -> tuple[str, str]:
    """Return what a formula is a function of: a and b, unless its names say something else.

    Where neither a nor b occurs and exactly two names are free, these are the parameters, in
    alphabetical order; of more names it is the pair that people use for two unknowns, such as x and
    y or θ₁ and θ₂, if there is one such pair. So it is of w and b, where a does not occur. A letter
    before a parenthesis is such a name where that makes the pair, as in 2x + y(x + 1). A word that
    may be a product or a function of a, b, the others or a data column, such as xy, aa, sinx or wx,
    is none, and ax and by are none together: the grammar asks what they are.

    Parameters
    ----------
    text : str
        The formula.
    constants : iterable of str
        The names of constants, which are no parameters.
    data : collection of str
        Those of data columns.
    """
    if (said := read_head(text[:MAX_LENGTH]).parameters) is not None:
        return said
    columns = {canonical(name) for name in data}
    known = {canonical(name) for name in constants} | columns | ({ROWS} if data else set())
    unknown = [
        written
        for written in names_in(text)
        if not (is_taken(written.name) or len(written.name) > MAX_NAME)
        and canonical(written.name) not in known
    ]
    meant = {canonical(each.name) for each in unknown} | known | {*NAMED_NUMBERS, *PARAMETERS}
    free = {
        each.name
        for each in unknown
        if not (each.is_called or readings(each.name, meant, columns=columns))
    }
    letters = {each.name for each in unknown if len(each.name) == 1} - _CALLED
    found = _parameters_of(free)
    if found == PARAMETERS and "=" not in text:
        found = _parameters_of(free | letters)
    bases = bases_in(text)
    is_asked = any(
        readings(name, meant, columns=columns, any_letter=True, is_base=name in bases)
        for name in found
    )
    beside = [{p for p in PARAMETERS if readings(name, (), beside=(p,))} for name in found]
    is_asked |= beside in ([{"a"}, {"b"}], [{"b"}, {"a"}])  # ax and by
    return PARAMETERS if is_asked else found


def _parameters_of(free: set[str]) -> tuple[str, str]:
    """Return which of the names that mean nothing are the parameters; a and b if that is open."""
    two = [pair for pair in _pairs(free) if PARAMETERS[0] not in free]
    if len(two) == 1 and (PARAMETERS[1] not in free or free == set(two[0])):
        return two[0]
    if len(free) != len(PARAMETERS) or free & set(PARAMETERS):
        return PARAMETERS
    first, second = sorted(free, key=canonical)
    return first, second


def _pairs(names: Collection[str]) -> list[tuple[str, str]]:
    """Return the pairs that people use for two unknowns: customary ones, and of the same stem."""
    by = {canonical(name): name for name in names}
    keys = [tuple(map(canonical, pair)) for pair in _CUSTOMARY]
    found = [(by[first], by[second]) for first, second in keys if {first, second} <= by.keys()]
    stems: dict[str, list[str]] = {}
    for key in sorted(by):
        if match := _INDEXED.fullmatch(key):
            stems.setdefault(match[1], []).append(by[key])
    return found + [(pair[0], pair[1]) for pair in stems.values() if len(pair) == len(PARAMETERS)]


def parameters_note(text: str, parameters: tuple[str, str], constants: Collection[str] = ()) -> str:
    """Say what a text is a function of, where that is not a and b; else nothing.

    Parameters
    ----------
    text : str
        The formula.
    parameters : (str, str)
        What it is a function of.
    constants : collection of str, default ()
        Its constants: where there are some, but no parameter, it says so.
    """
    if read_head(text[:MAX_LENGTH]).parameters is not None:
        return ""
    names = {written.name for written in names_in(text)}
    if parameters == PARAMETERS:
        if not constants or names & {*PARAMETERS}:
            return ""
        are = "is a constant" if len(constants) == 1 else "are constants"
        said = f"neither {' nor '.join(PARAMETERS)} occurs, so f is flat"
        return f"{said}: {' and '.join(constants)} {are}"
    others = sorted(names & {*PARAMETERS} - {*parameters})
    if others:
        said = "is a constant" if len(others) == 1 else "are constants"
        why = f", and {' and '.join(others)} {said}"
    else:
        why = "" if {*parameters} & {*PARAMETERS} else ", as neither a nor b occurs"
    return f"the parameters are {' and '.join(parameters)}{why}"
