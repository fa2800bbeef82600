"""What is wrong with JSON, in sentences of ours: parsers have words for programmers."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from gdviz.base.format import printable

_MOST = 60  #: characters of what somebody wrote
_NO_MAPPING: Mapping[str, Collection[str]] = MappingProxyType({})
#: By the beginning of what Python's parser says.
_SYNTAX = {
    "Expecting value": "a value is missing",
    "Expecting property name": "a name in double quotes is missing",
    "Expecting ',' delimiter": "a comma, or the closing bracket, is missing",
    "Expecting ':' delimiter": "a colon is missing after a name",
    "Illegal trailing comma": "a comma stands before a closing bracket",
    "Unterminated string": "a text that begins has no closing quote",
    "Extra data": "more follows after its end",
    "Invalid control character": "a line end or another control character is within a text",
    "Invalid \\": "a backslash is within a text that stands for nothing",
    "Exceeds the limit": "a number has thousands of digits",
    "Number out of range": "a number is out of range",
}
_PLACE = re.compile(r"line (\d+) column (\d+)")
_BYTE = re.compile(r"\(byte (\d+)\)")
_NOT_TEXT = re.compile(r"codec can't decode bytes? .* in position (\d+)")
_FIELD = re.compile(r" - at `\$\.?(.*)`$", re.DOTALL)
#: What a value should be, or is, in words.
_KINDS = {
    "float": "a number", "int": "a whole number", "str": "text", "bool": "true or false",
    "null": "null", "array": "a list", "object": "an object",
}  # fmt: skip
_EXPECTED = re.compile(r"Expected `([^`]+)`(?: of length (\d+))?, got (?:`([^`]+)`|(\d+))")
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_INVALID = re.compile(r"Invalid (?:enum )?value '(.*)'", re.DOTALL)


def syntax_refusal(error: Exception) -> str:
    """Return why a text is no JSON, from what its parser raised."""
    said = str(error)
    why = next((words for begin, words in _SYNTAX.items() if said.startswith(begin)), "")
    if place := _PLACE.search(said):
        why = f"{why or 'it ends or goes on'} at line {place[1]}, column {place[2]}"
    elif place := _NOT_TEXT.search(said):
        why = f"it is no text in UTF-8, from byte {int(place[1]) + 1:,} on"
    elif place := _BYTE.search(said):
        why = f"at byte {int(place[1]) + 1:,} is nothing that JSON has, such as nan"
    return f"this is not JSON: {why or 'it is cut short, or no text'}"


def field_refusal(error: Exception, known: Mapping[str, Collection[str]] = _NO_MAPPING) -> str:
    """Return why a value does not fit its field, from what the conversion raised.

    Parameters
    ----------
    error : Exception
        What it raised, such as ``Expected `float`, got `str` - at `$.alpha```.
    known : mapping of str to collection of str
        By field, the words that it may hold.
    """
    said = str(error)
    at = _FIELD.search(said)
    field = at[1].replace("[...]", "") if at else ""
    said = said[: at.start()] if at else said
    where = f" in {printable(field, _MOST)}" if field else ""
    name = printable(field, _MOST) or "it"
    if match := _EXPECTED.fullmatch(said):
        wanted, length, got, count = match.groups()
        if length:
            return f"{name} must be a list of {length}, not of {count}"
        kinds = [_KINDS.get(kind, kind) for kind in wanted.split(" | ")]
        return f"{name} must be {' or '.join(kinds)}, not {_KINDS.get(got, got)}"
    if match := _MISSING.fullmatch(said):
        return f"the field {printable(match[1], _MOST)} is missing{where}"
    if match := _UNKNOWN.fullmatch(said):
        return f"there is no field {printable(match[1], _MOST)}{where}"
    if match := _INVALID.fullmatch(said):
        words = known.get(field.rpartition(".")[2], ())
        one_of = f": it is one of {', '.join(words)}" if words else ""
        return f"{name} cannot be '{printable(match[1], _MOST)}'{one_of}"
    return printable(f"{name}: {said}", 300)
