"""What is wrong with JSON is said in sentences that name the place."""

import pytest

from gdviz.experiment.json_file import from_json
from gdviz.experiment.validation import ExperimentError


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        (',"alpha":"x"}', "alpha must be a number, not text"),
        (',"steps":2.5}', "steps must be a whole number, not a number"),
        (',"start":[1,2,3]}', "start must be a list of 2, not of 3"),
        (',"start":{"a":1}}', "start must be a list, not an object"),
        (',"range":5}', "range must be a list or null, not a whole number"),
        (',"foo":1}', "there is no field foo"),
        (',"methods":[{"foo":1}]}', "there is no field foo in methods[0]"),
        (',"methods":[{}]}', "the field estimate is missing in methods[0]"),
        (',"precision":"x"}', "precision cannot be 'x': it is one of float64, float32"),
        (',"function":{"kind":"bar"}}', "function.kind cannot be 'bar': it is one of surface, "
         "formula, grid, code"),
        (',"function":{"kind":"formula"}}', "the field text is missing in function"),
        (',"schedule_options":{"a":"b"}}', "schedule_options must be a number, not text"),
        (',"alpha":1,}', "this is not JSON: a name in double quotes is missing at line 1, "
         "column 24"),
        (' "alpha":1}', "this is not JSON: a comma, or the closing bracket, is missing at line 1, "
         "column 14"),
        (',"alpha" 1}', "this is not JSON: a colon is missing after a name at line 1, column 22"),
        (',\n"alpha":}', "this is not JSON: a value is missing at line 2, column 9"),
        ("} {}", "this is not JSON: more follows after its end at line 1, column 15"),
        (',"alpha":NaN}', "this is not JSON: at byte 22 is nothing that JSON has, such as nan"),
        (',"alpha":"x', "this is not JSON: a text that begins has no closing quote at line 1, "
         "column 22"),
        (f',"alpha":{5000 * "9"}}}', "this is not JSON: a number has thousands of digits"),
        (',"alpha":1e400}', "this is not JSON: a number is out of range"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_field_or_the_place(rest: str, sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        from_json('{"version":2' + rest)
    assert str(caught.value) == sentence


def test_of_what_is_no_text_it_says_from_where_on() -> None:
    with pytest.raises(ExperimentError) as caught:
        from_json(b'{"a\xff": 1}')
    assert str(caught.value) == "this is not JSON: it is no text in UTF-8, from byte 4 on"
