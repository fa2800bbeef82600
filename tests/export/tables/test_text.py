"""CSV and JSON: their numbers, and what is not one."""

import json
import math

import numpy as np
import pytest

from gdviz.export.tables.text import csv_text, json_text


def test_csv_has_17_digits_and_empty_cells() -> None:
    assert csv_text(("x", "y"), [(0.1, None), (math.nan, 3)]) == (
        "x,y\n0.10000000000000001,\nnan,3\n"
    )


def test_json_has_null_for_what_is_not_a_number() -> None:
    text = json_text({"α": [math.nan, math.inf, 1e-7, 1e22, np.float64(0.1)], "of": {}}, 0)
    assert text == '{"α": [null, null, 1e-7, 1e22, 0.1], "of": {}}\n'
    assert json.loads(text)["α"][2:] == [1e-7, 1e22, 0.1]


def test_json_refuses_what_it_cannot_say() -> None:
    with pytest.raises(TypeError):
        json_text({"x": object()})
