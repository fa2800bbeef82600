"""The order of the cells: coarse to fine, each once, and given out again where one was lost."""

import numpy as np
import pytest

from gdviz.sampling.cells import Queue, as_picture, axis_level, levels

SHAPES = [(2, 2), (7, 4), (9, 9), (10, 10), (51, 51), (512, 3), (17, 100)]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_cell_comes_once(shape):
    every = np.concatenate(list(levels(*shape)))
    assert sorted(every.tolist()) == list(range(shape[0] * shape[1]))


@pytest.mark.parametrize("points", [2, 9, 10, 51, 64, 100, 512])
def test_a_level_has_the_points_of_the_coarser_one_and_both_ends(points):
    for level in range(8):
        coarse, fine = axis_level(points, level), axis_level(points, level + 1)
        assert set(coarse) <= set(fine)
        assert (coarse[0], coarse[-1]) == (0, points - 1)
        assert np.ptp(np.diff(coarse)) <= 1  # as evenly spaced as they can be


def test_the_first_picture_has_nine_by_nine_cells_all_over_the_grid():
    first, *_ = levels(51, 33)
    rows, columns = np.unique(first // 51), np.unique(first % 51)
    assert len(first) == 81
    assert rows.tolist() == [0, 4, 8, 12, 16, 20, 24, 28, 32]
    assert columns.tolist() == [0, 6, 13, 19, 25, 31, 38, 44, 50]


def test_what_is_known_is_not_given_out():
    is_known = np.zeros(28, bool)
    is_known[[3, 7, 27]] = True
    queue = Queue((7, 4), is_known)
    assert len(queue) == 25
    given = []
    while len(queue):
        given += queue.take(4).tolist()
    assert sorted(given) == sorted({*range(28)} - {3, 7, 27})


def test_cells_that_were_lost_come_by_themselves_and_first():
    queue = Queue((7, 4), np.zeros(28, bool))
    lost = queue.take(3)
    queue.put_back(lost)
    assert len(queue) == 28
    assert [queue.take(10).tolist() for _ in range(3)] == [[cell] for cell in lost.tolist()]
    assert len(queue.take(100)) == 25


def test_a_picture_has_no_gaps_and_no_cell_that_is_not_the_nearest_one():
    losses = np.full((33, 51), np.nan)
    first = next(levels(51, 33))
    losses.ravel()[first] = first
    picture = as_picture(losses)
    assert not np.isnan(picture).any()
    np.testing.assert_array_equal(picture.ravel()[first], first)
    assert picture[3, 4] == 4 * 51 + 6  # of the rows 0, 4 and the columns 0, 6
    losses[3, 4] = 0.5
    assert as_picture(losses)[3, 4] == 0.5
    assert np.isnan(as_picture(np.full((4, 7), np.nan))).all()
