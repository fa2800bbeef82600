"""What is said of something that is no number within bounds."""

import numpy as np
import pytest

from gdviz.base.number_check import why_no_number


@pytest.mark.parametrize(
    ("value", "whole", "sentence"),
    [
        (3, True, ""),
        (np.int64(3), True, ""),
        (2.5, False, ""),
        (np.float32(2.5), False, ""),
        (2.5, True, "must be a whole number, not 2.5"),
        (np.float64(2.5), True, "must be a whole number, not 2.5"),
        (2.0, True, "must be a whole number, not 2.0"),
        (float("nan"), True, "must be a whole number, not nan"),
        (float("nan"), False, "must be between 0 and 5, not nan"),
        (True, True, "must be a whole number, not True"),
        (True, False, "must be a number, not True"),
        (np.True_, False, "must be a number, not np.True_"),
        ("x", True, "must be a whole number, not 'x'"),
        (None, False, "must be a number, not None"),
        (1j, False, "must be a number, not 1j"),
        (-1, True, "must be between 0 and 5, not -1"),
        (5.5, False, "must be between 0 and 5, not 5.5"),
        (10**400, True, "must be between 0 and 5, not a number of that size"),
    ],
)
def test_what_it_must_be(value: object, whole: bool, sentence: str) -> None:
    assert why_no_number(value, 0, 5, whole=whole) == sentence
