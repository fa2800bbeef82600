"""The arrays that the graphics card takes."""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.scene.relief.surface import HEIGHT, Relief
from gdviz.ui.map.color_bar import color_table
from gdviz.ui.map.map_view import COLORS
from gdviz.ui.map.relief.geometry import (
    basin_colors,
    hairlines,
    line_pieces,
    piece_triangles,
    surface_colors,
    surface_triangles,
    surface_vertices,
)


def relief(places: np.ndarray) -> Relief:
    axis = np.linspace(-1.0, 1.0, len(places))
    return Relief(Range(0.0, 1.0, 0.0, 1.0), axis, axis, places)


def test_vertices_stand_row_by_row_at_their_heights():
    vertices = surface_vertices(relief(np.array([[0.0, 0.5], [1.0, np.nan]])))
    assert vertices.dtype == np.float32
    np.testing.assert_allclose(
        vertices,
        [[-1, -1, 0], [1, -1, HEIGHT / 2], [-1, 1, HEIGHT], [1, 1, 0]],
        rtol=1e-6,
    )


def test_each_cell_is_two_triangles_that_cover_it():
    flat = relief(np.zeros((4, 4)))
    triangles = surface_triangles(flat).reshape(-1, 3)
    assert len(triangles) == 2 * 9
    corners = surface_vertices(flat)[triangles][..., :2].astype(float)
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2.0
    assert (areas > 0.0).all()
    assert areas.sum() == 4.0


def test_a_cell_at_a_hole_is_left_out():
    places = np.zeros((4, 4))
    places[1, 1] = np.nan  # a corner of four cells
    triangles = surface_triangles(relief(places))
    assert len(triangles) == 6 * (9 - 4)
    assert 5 not in triangles


def test_colours_are_the_maps_where_the_surface_is_level():
    table = color_table(COLORS)
    for place, row in ((0.0, 0), (1.0, 255), (0.5, 128)):
        colors = surface_colors(relief(np.full((3, 3), place)), table)
        assert (colors == table[row]).all()


def test_basins_are_looked_up_where_their_starts_are():
    pixels = np.full((512, 512, 4), 255, np.uint8)
    pixels[:, :256] = (10, 20, 30, 255)
    colors = basin_colors(relief(np.zeros((5, 5))), pixels).reshape(5, 5, 4)
    assert (colors[:, :2] == (10, 20, 30, 255)).all()
    assert (colors[:, 3:] == 255).all()


def test_a_line_is_a_rectangle_for_each_piece_and_none_across_a_gap():
    points = np.array([[0, 0, 0], [1, 0, 0], [np.nan] * 3, [2, 0, 0], [3, 0, 0], [4, 1, 1]], float)
    pieces = line_pieces(points).reshape(-1, 4, 8)
    assert len(pieces) == 3
    np.testing.assert_array_equal(pieces[:, 0, :3], points[[0, 3, 4]])
    np.testing.assert_array_equal(pieces[:, 0, 3:6], points[[1, 4, 5]])
    assert {tuple(corner) for corner in pieces[0, :, 6:]} == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    assert piece_triangles(3).max() == 11
    _, joined = hairlines(points)
    assert joined.reshape(-1, 2).tolist() == [[0, 1], [3, 4], [4, 5]]


def test_nothing_is_no_line():
    assert len(line_pieces(np.empty((0, 3)))) == 0
    assert len(hairlines(np.empty((0, 3)))[1]) == 0
