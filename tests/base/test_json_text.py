"""JSON that others wrote: what is read, what is refused, and that the work grows with the text."""

import json
from typing import Any

import pytest

from gdviz.base import json_text
from gdviz.base.json_text import MAX_DEPTH, MAX_NAME, JsonError, parse


@pytest.mark.parametrize("value", [None, 1, "[,]", [], {}, [[1.5], {"a": [True, '\\"{']}]])
def test_what_is_read(value: Any) -> None:
    text = json.dumps(value)
    assert parse(text, 20) == parse(text.encode("utf-8-sig"), 20) == value


def test_the_bounds_are_allowed() -> None:
    parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, 100)
    parse(json.dumps({"n" * MAX_NAME: 1}), 1)
    assert parse("[0,0,0]", 3) == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"\xff", "not JSON"),
        ("", "not JSON"),
        ('{"a"', "not JSON"),
        ("1" * 5_000, "not JSON: a number has thousands of digits$"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested more than 64 levels deep"),
        ('["\\"' + "[" * 100, "not JSON"),  # they are in a string that is not closed
        ("[0,0,0,0]", "more than 3 values"),
        ('"' * 7, "more than 3 values"),
        ("[" * 4, "more than 3 values"),
        ("]" * 4, "more than 3 values"),
        ('{"a":1,"a":2}', "the field 'a' is given twice"),
        ('[{"a":{"b":1,"b":1}}]', "the field 'b' is given twice"),
        (json.dumps({"n" * (MAX_NAME + 1): 1}), "a name of more than 1,000 characters"),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_refused(text: str | bytes, words: str) -> None:
    with pytest.raises(JsonError, match=words):
        parse(text, 3 if len(text) < 15 else 1_000)


@pytest.mark.parametrize("text", ["[[[[", "[0,0,0,0,0]", '["","","","",""]', "]]]]"])
def test_too_much_is_refused_before_anything_is_made(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text.json, "loads", None)
    with pytest.raises(JsonError, match="more than 3 values"):
        parse(text, 3)


class _Name(str):
    """A name that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        _Name.compared += 1
        return str.__eq__(self, other)  # type: ignore[arg-type]

    __hash__ = str.__hash__


def test_each_name_is_compared_a_few_times_however_many_there_are() -> None:
    """Each was counted anew among all others: 20,000 names took nine seconds."""
    count = 5_000
    _Name.compared = 0
    with pytest.raises(JsonError, match=f"'n{count - 1}' is given twice"):
        json_text._object([(_Name(f"n{min(i, count - 1)}"), i) for i in range(count + 1)])
    assert _Name.compared < 10 * count


def test_a_string_that_is_not_closed_is_looked_for_once() -> None:
    text = '"' + '\\"' * 1_000
    assert json_text._STRING.findall(text) == [text]
