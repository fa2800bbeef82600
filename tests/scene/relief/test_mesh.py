"""The surface as triangles with colours: what the window and figures draw."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.mesh import (
    basin_colors,
    ground_triangles,
    surface_colors,
    surface_triangles,
    surface_vertices,
    towards_viewer,
)
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import HEIGHT, Relief

TABLE = np.random.default_rng(0).integers(0, 256, (256, 4), dtype=np.uint8)


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
    triangles = surface_triangles(flat)[0]
    assert len(triangles) == 2 * 9
    corners = surface_vertices(flat)[triangles][..., :2].astype(float)
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2.0
    assert (areas > 0.0).all()
    assert areas.sum() == 4.0


def test_a_cell_at_a_hole_is_left_out():
    places = np.zeros((4, 4))
    places[1, 1] = np.nan  # a corner of four cells
    triangles, cells = surface_triangles(relief(places))
    assert len(triangles) == len(cells) == 2 * (9 - 4)
    assert not {0, 1, 3, 4} & set(cells.tolist())
    assert 5 not in triangles


def test_colours_are_the_maps_where_the_surface_is_level():
    for place, row in ((0.0, 0), (1.0, 255), (0.5, 128)):
        colors = surface_colors(relief(np.full((3, 3), place)), TABLE)
        assert (colors == TABLE[row]).all()


def test_basins_are_looked_up_where_their_starts_are():
    pixels = np.full((512, 512, 4), 255, np.uint8)
    pixels[:, :256] = (10, 20, 30, 255)
    colors = basin_colors(relief(np.zeros((5, 5))), pixels).reshape(5, 5, 4)
    assert (colors[:, :2] == (10, 20, 30, 255)).all()
    assert (colors[:, 3:] == 255).all()


@pytest.mark.parametrize("azimuth", [-170, -60, 20, 110])
@pytest.mark.parametrize("distance", [0.5, 1.0, 5.5])
def test_cells_come_in_order_towards_the_viewer(azimuth: float, distance: float) -> None:
    flat = relief(np.zeros((9, 9)))
    eye = Projection(Camera(azimuth=azimuth, elevation=20.0, distance=distance)).eye
    _, cells = surface_triangles(flat)
    order = towards_viewer(flat, cells, eye)
    assert sorted(order.tolist()) == list(range(len(cells)))
    row, column = np.divmod(cells[order].astype(int), 8)
    at = np.stack([flat.x[column] + 0.125, flat.y[row] + 0.125])
    away = np.abs(at - eye[:2, None])
    same_side = np.sign(at - eye[:2, None])
    for first in range(0, len(cells), 5):
        later = slice(first + 1, None)
        # One that is between another and the viewer along both axes is not drawn before it.
        between = (away[:, later] > away[:, [first]] + 0.3).all(axis=0)
        between &= (same_side[:, later] == same_side[:, [first]]).all(axis=0)
        assert not between.any()


@pytest.mark.parametrize("n", [8, 9])
def test_of_what_is_level_every_other_point_covers_all(n: int) -> None:
    flat = relief(np.zeros((n, n)))
    triangles = ground_triangles(flat)
    corners = surface_vertices(flat)[triangles][..., :2].astype(float)
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    assert ((one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2.0).sum() == pytest.approx(4.0)
    assert len(triangles) == 2 * (n // 2) ** 2
    places = np.zeros((n, n))
    places[3, 3] = np.nan
    assert 3 * n + 3 not in ground_triangles(relief(places))
