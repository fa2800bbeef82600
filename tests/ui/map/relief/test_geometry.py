"""The arrays that the graphics card takes."""

import numpy as np

from gdviz.ui.map.relief.geometry import line_pieces, piece_triangles


def test_a_line_is_a_rectangle_for_each_piece_and_none_across_a_gap():
    points = np.array([[0, 0, 0], [1, 0, 0], [np.nan] * 3, [2, 0, 0], [3, 0, 0], [4, 1, 1]], float)
    pieces = line_pieces(points).reshape(-1, 4, 14)
    assert len(pieces) == 3
    np.testing.assert_array_equal(pieces[:, 0, 3:6], points[[0, 3, 4]])
    np.testing.assert_array_equal(pieces[:, 0, 6:9], points[[1, 4, 5]])
    # What a piece shares its borders with; at the ends of a line there is nothing.
    np.testing.assert_array_equal(pieces[:, 0, :3], points[[0, 3, 3]])
    np.testing.assert_array_equal(pieces[:, 0, 9:12], points[[1, 5, 5]])
    assert {tuple(corner) for corner in pieces[0, :, 12:]} == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    assert piece_triangles(3).max() == 11


def test_nothing_is_no_line():
    assert len(line_pieces(np.empty((0, 3)))) == 0
