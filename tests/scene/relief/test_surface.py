"""The surface as heights: the map's scale, its clipping and its holes, against closed forms."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale, Kind
from gdviz.engine.analysis.domain_rim import rim_of
from gdviz.engine.analysis.grid import Contours, Grid
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.relief.surface import HEIGHT, STILL, Relief, has_surface, relief_of
from gdviz.scene.scene import Landscape

EXTENT = Range(-2.0, 4.0, 1.0, 5.0)
NO_LINES = Contours(np.empty(0), np.empty(0), np.empty(0, bool))


def landscape(
    f: Callable[[Any, Any], Any], n: int = 61, kind: Kind | None = "linear", extent: Range = EXTENT
) -> Landscape:
    a, b = np.linspace(*extent[:2], n), np.linspace(*extent[2:], n)
    with np.errstate(all="ignore"):
        values = np.asarray(f(a, b[:, None]) + 0.0 * (a + b[:, None]), float)
    grid = Grid(extent, a, b, values)
    rim = rim_of(Objective.from_callable(f, vectorized=True), grid)
    return Landscape(grid, ColorScale.fit(values, kind), NO_LINES, rim)


@pytest.mark.parametrize("kind", ["linear", "sqrt", "log"])
def test_a_height_is_the_place_of_the_loss_on_the_maps_scale(kind: Kind) -> None:
    ground = landscape(lambda a, b: a**2 + 100.0 * b, kind=kind)
    relief = relief_of(ground)
    np.testing.assert_array_equal(relief.heights, HEIGHT * ground.scale.place(ground.grid.values))
    assert relief.heights.min() == 0.0
    assert relief.heights.max() == HEIGHT


def test_the_height_at_a_point_of_a_plane_is_the_planes() -> None:
    """f = a + 2·b from −2 + 2 = 0 to 4 + 10 = 14: its height is H·f/14 wherever that is asked."""
    relief = relief_of(landscape(lambda a, b: a + 2.0 * b))
    points = np.random.default_rng(1).uniform([-2.0, 1.0], [4.0, 5.0], (200, 2))
    points[0] = 4.0, 5.0
    heights = relief.height_at(relief.in_box(points))
    np.testing.assert_allclose(heights, HEIGHT * (points @ [1.0, 2.0]) / 14.0, atol=1e-12)
    assert np.isnan(relief.height_at(np.array([[1.1, 0.0], [0.0, -1.1], [np.nan, 0.0]]))).all()


def test_the_box_is_the_map() -> None:
    relief = relief_of(landscape(lambda a, b: a + b))
    corners = np.array([[-2.0, 1.0], [4.0, 5.0], [1.0, 3.0]])
    np.testing.assert_array_equal(relief.in_box(corners), [[-1, -1], [1, 1], [0, 0]])
    np.testing.assert_allclose(relief.on_map(relief.in_box(corners)), corners)


def test_what_is_not_finite_is_a_hole() -> None:
    ground = landscape(lambda a, b: np.where((a == 1.0) & (b == 3.0), np.inf, a + b))
    relief = relief_of(ground)
    assert np.isnan(relief.heights).sum() == 1
    assert (~relief.cells()).sum() == 4
    assert not relief.is_empty()
    assert np.isnan(relief.height_at(np.zeros((1, 2)))).all()
    assert relief_of(landscape(lambda a, b: np.nan * a)).is_empty()


def test_the_light_changes_no_colour_where_the_surface_is_level() -> None:
    assert (relief_of(landscape(lambda a, _: 0.0 * a)).shades() == 1.0).all()
    hole = landscape(lambda a, b: np.where((a - 1.0) ** 2 + (b - 3.0) ** 2 < 0.5, np.nan, 3.0))
    np.testing.assert_array_equal(relief_of(hole).shades(), 1.0)


def test_what_is_turned_to_the_light_is_brighter_than_what_is_turned_away() -> None:
    roof = relief_of(landscape(lambda a, b: -np.abs(a - 1.0) + 0.0 * b)).shades()
    assert (roof[:, :29] > 1.0).all()  # the light comes from the left
    assert (roof[:, 32:] < 1.0).all()
    np.testing.assert_allclose(roof[:, 5], roof[0, 5])


def test_of_a_fine_grid_evenly_spaced_points_are_kept_with_both_ends() -> None:
    ground = landscape(lambda a, b: a - 3.0 * b, n=512)
    relief = relief_of(ground, 200)
    assert relief.x.shape == relief.y.shape == (200,)
    assert (relief.x[0], relief.x[-1]) == (-1.0, 1.0)
    assert np.diff(relief.x).max() < 1.6 * 2.0 / 199
    np.testing.assert_array_equal(
        relief.heights[[0, -1]][:, [0, -1]],
        HEIGHT * ground.scale.place(ground.grid.values[[0, -1]][:, [0, -1]]),
    )
    assert len(relief_of(ground).x) == STILL
    assert len(relief_of(landscape(lambda a, b: a + b)).x) == 61


def test_single_points_of_a_fine_grid_are_no_surface_where_some_of_them_are_kept() -> None:
    """Every other one of 512 has a loss; of 320 that are kept some are beside each other."""
    extent = Range(0.0, 511.0, 0.0, 511.0)
    points = landscape(
        lambda a, b: np.where((a % 2 == 0) & (b % 2 == 0), a + b, np.nan), n=512, extent=extent
    )
    assert relief_of(points).is_empty()
    assert not has_surface(points)
    assert has_surface(landscape(lambda a, b: a + b, n=512, extent=extent))


def test_losses_beyond_the_scale_are_as_high_as_its_end() -> None:
    ground = landscape(lambda a, b: 1e-3 * a + np.where((a == 4.0) & (b == 5.0), 1e30, 0.0))
    assert ground.scale.greatest == 1e30
    heights = relief_of(ground).heights
    assert heights[-1, -1] == heights.max() == HEIGHT
    assert np.ptp(heights[:, :-1]) > 0.8 * HEIGHT  # the rest is not flattened


def test_a_relief_is_row_by_row_from_the_lowest_b() -> None:
    relief = Relief(
        EXTENT, np.linspace(-1, 1, 3), np.linspace(-1, 1, 3), np.arange(9.0).reshape(3, 3)
    )
    corner = relief.height_at(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    np.testing.assert_allclose(corner, [2.0 * HEIGHT, 6.0 * HEIGHT])
