"""What is left of steady work."""

import math

import pytest

from gdviz.base.steady_work import SteadyWork


def test_what_comes_before_the_first_part_counts_once():
    work = SteadyWork()
    assert math.isnan(work.seconds_left(0.1, 40.0))
    assert math.isnan(work.seconds_left(0.1, 41.0))
    assert work.seconds_left(0.2, 42.0) == pytest.approx(16.0)
    assert work.seconds_left(0.6, 50.0) == pytest.approx(8.0)
    assert work.seconds_left(1.0, 58.0) == 0.0
