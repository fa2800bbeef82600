"""JSON that others wrote: bounded before it is parsed, each name once, in linear time."""

import json
import re
from collections import Counter
from itertools import accumulate
from reprlib import repr as shortened
from typing import Any

from gdviz.base.json_refusals import syntax_refusal

#: Lists and objects within each other; figures of Plotly with their templates have a dozen.
MAX_DEPTH = 64
#: Characters of a name. Those of arrays are joined by the levels that they lie in.
MAX_NAME = 1_000

_STRING = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL
)  # one that is not closed goes on to the end
_BRACKETS = re.compile(r"[][{}]")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


class JsonError(ValueError):
    """A text that is no JSON, or more of it than is read, in one sentence."""


def parse(content: bytes | str, most: int) -> Any:
    """Return what JSON holds; nan and infinite numbers, which Python writes, are read as well.

    Parameters
    ----------
    content : bytes or str
        The text; as bytes in UTF-8, with or without a byte order mark, which some editors write.
    most : int
        Values, names and lists together that it may hold. They are counted before any is made.

    Raises
    ------
    JsonError
        If it is not JSON, holds more than `most`, is nested more than `MAX_DEPTH` deep, or has an
        object that gives a name twice.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        _check_size(text, most)
        return json.loads(text, object_pairs_hook=_object)
    except JsonError:
        raise
    except ValueError as error:  # not JSON, not UTF-8, or an integer of thousands of digits
        raise JsonError(syntax_refusal(error)) from None


def _check_size(text: str, most: int) -> None:
    """Refuse a text that holds too much, or too deep, before anything is made of it."""
    too_many = JsonError(f"this JSON holds more than {most:,} values")
    if text.count('"') > 2 * most:
        raise too_many
    # A bracket opens a list or an object, and a comma stands before each further value.
    rest = _STRING.sub("", text)
    if max(sum(map(rest.count, "[{,")), sum(map(rest.count, "]}"))) > most:
        raise too_many
    depths = accumulate(_STEPS[bracket] for bracket in _BRACKETS.findall(rest))
    if max(depths, default=0) > MAX_DEPTH:
        raise JsonError(f"this JSON is nested more than {MAX_DEPTH} levels deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; refuse one that gives a name twice: nobody can know which is meant."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise JsonError(f"the field {shortened(twice)} is given twice")
    if any(len(name) > MAX_NAME for name in fields):
        raise JsonError(f"this JSON has a name of more than {MAX_NAME:,} characters")
    return fields
