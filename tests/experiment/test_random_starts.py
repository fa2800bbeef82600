"""Points drawn at random."""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.experiment.random_starts import random_starts

EXTENT = Range(-1.0, 3.0, 10.0, 11.0)


def test_a_seed_draws_the_same_points_and_another_one_others():
    assert random_starts(EXTENT, 20, 0) == random_starts(EXTENT, 20, 0)
    assert set(random_starts(EXTENT, 20, 0)).isdisjoint(random_starts(EXTENT, 20, 1))


def test_fewer_points_are_the_first_of_more():
    assert random_starts(EXTENT, 20, 0)[:5] == random_starts(EXTENT, 5, 0)


def test_they_lie_uniformly_over_the_range():
    points = np.array(random_starts(EXTENT, 4000, 7))
    assert all(EXTENT.contains(a, b) for a, b in points)
    counts, *_ = np.histogram2d(*points.T, bins=4, range=((-1, 3), (10, 11)))
    # Of 250 in each bin √250 ≈ 16 is the standard deviation.
    assert np.abs(counts - 250).max() < 5 * 16
