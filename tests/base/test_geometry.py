"""Rectangles: what a place on one is rounded to."""

import numpy as np
import pytest

from gdviz.base.geometry import Range


@pytest.mark.parametrize(
    ("window", "point", "rounded"),
    [
        (Range(-5.0, 5.0, -1.0, 1.0), (1.23456789, 0.123456789), (1.235, 0.1235)),
        (Range(0.0, 1e-6, 0.0, 3e5), (1.23456789e-7, 12345.6789), (1.235e-7, 12346.0)),
        (Range(0.0, 1e9, 0.0, 1.0), (123456789.5, 1.0), (123456790.0, 1.0)),
    ],
)
def test_a_place_is_rounded_to_a_ten_thousandth_of_the_rectangle(window, point, rounded):
    assert window.rounded(*point) == pytest.approx(rounded, rel=1e-12)


def test_what_is_rounded_is_off_by_less_than_a_pixel():
    rng = np.random.default_rng(3)
    for span in 10.0 ** rng.uniform(-9, 9, 50):
        window = Range(0.0, span, -span, span)
        a, b = rng.uniform(0.0, span, 2).tolist()
        near_a, near_b = window.rounded(a, b)
        assert abs(near_a - a) <= span / 1000
        assert abs(near_b - b) <= span / 1000


@pytest.mark.parametrize(
    ("point", "reached"),
    [
        ((1, 2), Range(-5, 5, -5, 5)), ((5, -5), Range(-5, 5, -5, 5)),
        ((8, 2), Range(-5, 10, -5, 5)), ((-1e6, 2), Range(-1.2e6, 5, -5, 5)),
        ((0, -5.01), Range(-5, 5, -7, 5)),
    ],
)  # fmt: skip
def test_a_range_reaches_a_point_and_a_little_beyond(point, reached):
    assert Range(-5, 5, -5, 5).reaching(*point) == reached
