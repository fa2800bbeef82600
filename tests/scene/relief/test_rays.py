"""Where lines of sight meet the surface, against closed forms, and what is hidden behind it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.geometry import Range
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.rays import is_hidden, meeting_point
from gdviz.scene.relief.surface import HEIGHT, Relief

EXTENT = Range(-1.0, 1.0, -1.0, 1.0)  # the box's own units
AXIS = np.linspace(-1.0, 1.0, 101)
DOWN = np.array([0.0, 0.0, -1.0])


def relief(heights: np.ndarray) -> Relief:
    return Relief(EXTENT, AXIS, AXIS, np.broadcast_to(heights / HEIGHT, (101, 101)).copy())


PLANE = relief(0.4 + 0.1 * AXIS + 0.2 * AXIS[:, None])
BOWL = relief(0.4 * (AXIS**2 + AXIS[:, None] ** 2))


def test_a_plane_is_met_where_geometry_says() -> None:
    """z = 0.4 + 0.1x + 0.2y along (0, −3, 2) + t·(0.1, 1, −0.6): one linear equation for t."""
    origin, direction = np.array([0.0, -3.0, 2.0]), np.array([0.1, 1.0, -0.6])
    t = (2.0 - 0.4 + 0.6) / (0.6 + 0.01 + 0.2)
    found = meeting_point(PLANE, origin, direction)
    assert found == pytest.approx((0.1 * t, -3.0 + t), abs=1e-9)


def test_a_bowl_is_met_on_its_near_side() -> None:
    """z = 0.4(x² + y²) along (−3, 0, 1.5) + t·(1, 0, −0.5): the first root of a quadratic."""
    found = meeting_point(BOWL, np.array([-3.0, 0.0, 1.5]), np.array([1.0, 0.0, -0.5]))
    # 0.4(t − 3)² = 1.5 − 0.5t, so that t = 3 − 5/4, which is left of the bowl's rim, or t = 3.
    assert found == pytest.approx((0.0, 0.0), abs=1e-9)
    level = meeting_point(BOWL, np.array([-0.9, 0.0, 0.1]), np.array([1.0, 0.0, 0.0]))
    assert level == pytest.approx((-0.5, 0.0), abs=2e-4)  # from below; chords of 1/50 for a curve


@given(st.floats(-0.99, 0.99), st.floats(-0.99, 0.99))
def test_from_straight_above_the_point_below_is_met(x: float, y: float) -> None:
    found = meeting_point(BOWL, np.array([x, y, 5.0]), DOWN)
    assert found == pytest.approx((x, y), abs=1e-9)


@given(st.floats(-180, 180), st.floats(25, 90), st.floats(-0.95, 0.95), st.floats(-0.95, 0.95))
def test_a_point_of_the_surface_is_met_where_it_is_seen(
    azimuth: float, elevation: float, x: float, y: float
) -> None:
    """A plane hides nothing from above: a click on a point of it means that point."""
    projection = Projection(Camera(azimuth=azimuth, elevation=elevation))
    point = np.array([x, y, 0.4 + 0.1 * x + 0.2 * y])
    found = meeting_point(PLANE, *projection.ray(*projection.project(point)))
    assert found == pytest.approx((x, y), abs=1e-8)


@pytest.mark.parametrize(
    ("origin", "direction"),
    [
        ([0.0, 0.0, 5.0], [0.0, 0.0, 1.0]),  # away from it
        ([3.0, 0.0, 5.0], [0.0, 0.0, -1.0]),  # beside the map
        ([0.0, -3.0, 2.0], [0.0, 1.0, 0.0]),  # above it
        ([0.0, -3.0, 0.05], [0.0, 1.0, 0.0]),  # below it
        ([np.nan, 0.0, 0.0], [0.0, 0.0, 1.0]),
    ],
)
def test_lines_that_go_past_meet_nothing(origin: list[float], direction: list[float]) -> None:
    assert meeting_point(PLANE, np.array(origin), np.array(direction)) is None


def test_a_line_through_a_hole_meets_what_is_behind_it() -> None:
    heights = PLANE.heights.copy()
    heights[:, 40:61] = np.nan
    hollow = relief(heights)
    assert meeting_point(hollow, np.array([0.0, 0.0, 5.0]), DOWN) is None
    origin, aim = np.array([0.0, 0.0, 2.0]), np.array([0.9, 0.0, 0.49])
    assert meeting_point(hollow, origin, aim - origin) == pytest.approx((0.9, 0.0), abs=1e-9)


def test_points_behind_a_ridge_are_hidden() -> None:
    """A wall of height 0.8 at x = 0, seen from the left: only what is before it is seen."""
    wall = relief(np.where(np.abs(AXIS) < 0.015, 0.8, 0.0)[None, :])
    points = np.array([[-0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.3, 0.8], [np.nan, 0.0, 0.0]])
    left = is_hidden(wall, points, np.array([-5.0, 0.0, 1.0]))
    assert left.tolist() == [False, True, False, False]
    right = is_hidden(wall, points, np.array([5.0, 0.0, 1.0]))
    assert right.tolist() == [True, False, False, False]
    above = is_hidden(wall, points, np.array([0.0, 0.0, 9.0]))
    assert not above.any()


def test_a_convex_surface_hides_nothing_from_above_and_a_hill_its_back() -> None:
    points = np.random.default_rng(3).uniform(-0.9, 0.9, (400, 2))
    on_bowl = np.column_stack([points, BOWL.height_at(points)])
    assert not is_hidden(BOWL, on_bowl, np.array([0.0, 0.0, 6.0])).any()
    hill = relief(0.8 - BOWL.heights)
    eye = np.array([-5.0, 0.0, 0.8])
    on_hill = np.column_stack([points, hill.height_at(points)])
    # z = 0.8 − 0.4r² faces the viewer where n·(e − p) = 0.8x(−5 − x) − 0.8y² + 0.4r² > 0.
    x, y = points.T
    facing = 0.8 * x * (-5.0 - x) - 0.8 * y**2 + 0.4 * (x**2 + y**2)
    clear = np.abs(facing) > 0.35  # near the horizon an inch more or less decides
    np.testing.assert_array_equal(is_hidden(hill, on_hill, eye)[clear], facing[clear] < 0.0)


def test_the_underside_is_seen_from_below() -> None:
    points = np.array([[0.2, 0.1, 0.44], [-0.5, 0.5, 0.45]])
    assert not is_hidden(PLANE, points, np.array([0.0, -3.0, -4.0])).any()
