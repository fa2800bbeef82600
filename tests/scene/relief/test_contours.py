"""Contour lines of the drawn surface: closed, whole, at their heights."""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.scene.relief.contours import contours_on
from gdviz.scene.relief.surface import HEIGHT, Relief
from tests.scene.relief.test_cut import relief

EXTENT = Range(-1.0, 1.0, -1.0, 1.0)


def lines_of(points: np.ndarray) -> list[np.ndarray]:
    ends = np.flatnonzero(np.isnan(points[:, 0]))
    return [part[np.isfinite(part[:, 0])] for part in np.split(points, ends) if len(part) > 1]


def test_those_of_a_cone_are_circles_that_close() -> None:
    axis = np.linspace(-1.0, 1.0, 101)
    cone = Relief(EXTENT, axis, axis, np.hypot(axis, axis[:, None]) / np.sqrt(2.0))
    lines = lines_of(contours_on(cone, 8))
    inside = [line for line in lines if np.abs(line[:, :2]).max() < 0.99]
    assert len(inside) == 6  # levels k + 1/2 of 8 up to the radius 1; the others leave the map
    assert len(lines) == 6 + 2 * 4
    for line in inside:
        assert (line[0] == line[-1]).all()
        place = line[:, 2] / HEIGHT
        assert np.ptp(place) < 1e-12
        np.testing.assert_allclose(np.hypot(*line[:, :2].T), place[0] * np.sqrt(2.0), atol=1e-3)
        steps = np.hypot(*np.diff(line[:, :2], axis=0).T)
        assert steps.max() < 0.03  # along the circle, and never across it


def test_a_line_lies_on_the_triangles_that_are_drawn() -> None:
    half = relief("sqrt(1.5^2 - a^2 - b^2)", 128, 64)
    for line in lines_of(contours_on(half)):
        assert (line[0] == line[-1]).all()  # also where cells are cut: each is whole
        heights = half.height_at(line[:, :2])
        # Within a whole cell heights are asked for as of a bilinear surface, not as of triangles.
        assert np.nanmedian(np.abs(heights - line[:, 2])) < 2e-3


def test_at_a_hole_a_line_ends_and_a_level_surface_has_none() -> None:
    plane = relief("a + 1e-9*log(abs(b) - 0.3)", 64)
    lines = lines_of(contours_on(plane, 5))
    assert len(lines) == 2 * 5
    for line in lines:
        low, high = np.sort(np.abs(line[[0, -1], 1]))
        assert low == np.float64(0.15) or abs(low - 0.15) < 1e-3
        assert high == 1.0
    axis = np.linspace(-1.0, 1.0, 9)
    assert not len(contours_on(Relief(EXTENT, axis, axis, np.zeros((9, 9)))))
