"""Lines of the map on the surface."""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.scene.relief.lines import drape, once
from gdviz.scene.relief.surface import HEIGHT, Relief

EXTENT = Range(0.0, 10.0, 0.0, 10.0)
AXIS = np.linspace(-1.0, 1.0, 101)


def relief(heights: np.ndarray) -> Relief:
    return Relief(EXTENT, AXIS, AXIS, np.broadcast_to(heights / HEIGHT, (101, 101)).copy())


BOWL = relief(0.4 * (AXIS**2 + AXIS[:, None] ** 2))


def test_a_line_follows_the_surface_between_its_vertices() -> None:
    line = drape(BOWL, np.array([[0.0, 5.0], [10.0, 5.0]]))
    np.testing.assert_allclose(line[[0, -1], 0], [-1.0, 1.0])
    assert np.diff(line[:, 0]).max() <= 0.0101
    np.testing.assert_allclose(line[:, 2], 0.4 * line[:, 0] ** 2, atol=5e-5)


def test_vertices_stay_in_the_line_and_the_outside_is_cut_off() -> None:
    path = np.array([[5.0, 5.0], [6.0, 7.0], [6.0, 1e300], [9.0, 9.0]])
    line = drape(BOWL, path)
    assert np.isfinite(line[:, 0]).all() or np.isnan(line).all(axis=1).any()
    there = line[np.isfinite(line[:, 0])]
    assert np.abs(there[:, :2]).max() <= 1.0
    for a, b in path[:2]:
        assert (np.abs(there[:, :2] - [a / 5 - 1, b / 5 - 1]).max(axis=1) < 1e-12).any()


def test_a_path_of_one_point_or_beside_the_map_is_no_line() -> None:
    assert len(drape(BOWL, np.array([[5.0, 5.0]]))) == 0
    assert len(drape(BOWL, np.array([[50.0, 5.0], [60.0, 5.0]]))) == 0


def test_ten_thousand_steps_across_the_map_stay_a_line_of_some_thousand_points() -> None:
    path = np.column_stack([np.tile([0.0, 10.0], 5000), np.linspace(0.0, 10.0, 10_000)])
    line = drape(BOWL, path)
    assert 10_000 <= len(line) <= 60_000
    assert np.isfinite(line).all()


def test_over_a_hole_a_line_has_a_gap() -> None:
    heights = BOWL.heights.copy()
    heights[:, 48:53] = np.nan
    line = drape(relief(heights), np.array([[0.0, 5.0], [10.0, 5.0]]))
    missing = np.isnan(line[:, 2])
    np.testing.assert_array_equal(missing, np.abs(line[:, 0]) < 0.06 - 1e-9)


def test_of_a_path_that_jumps_to_and_fro_each_piece_is_drawn_once() -> None:
    there, back = (1.0, 5.0), (9.0, 5.0)
    path = np.array([there, back] * 2_000 + [(9.0, 6.0)] * 500 + [there])
    pieces = once(BOWL, path).reshape(-1, 3, 2)
    assert np.isnan(pieces[:, 2]).all()
    assert pieces[:, :2].tolist() == [
        [list(there), list(back)], [list(back), [9.0, 6.0]], [[9.0, 6.0], list(there)],
    ]  # fmt: skip
    line = drape(BOWL, once(BOWL, path))
    assert len(line) < 700
    assert np.nanmax(line[:, 0]) == 0.8


def test_a_short_path_is_drawn_as_it_is_and_a_long_one_may_diverge() -> None:
    path = np.random.default_rng(0).uniform(0.0, 10.0, (300, 2))
    assert once(BOWL, path) is path
    far = np.vstack([path, path + 0.01, [[1e300, np.inf], [np.nan, 0.0]]])
    assert len(once(BOWL, far)) >= 3 * 600
