"""How a camera moves: in the directions that hands mean, and never out of its bounds."""

import numpy as np
import pytest

from gdviz.experiment.camera import Camera
from gdviz.experiment.validation import BOUNDS
from gdviz.scene.relief.moves import orbited, panned, zoomed
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import MIDDLE


def test_going_to_the_right_turns_what_is_in_front_to_the_left() -> None:
    before, after = Camera(azimuth=-90.0, elevation=0.0), orbited(Camera(-90.0, 0.0), 10.0, 0.0)
    assert after.azimuth == pytest.approx(-80.0)
    near = np.array([0.0, -1.0, MIDDLE])
    assert Projection(after).project(near)[0] < Projection(before).project(near)[0]


def test_an_orbit_wraps_around_and_ends_straight_above_and_below() -> None:
    assert orbited(Camera(azimuth=170.0), 20.0, 0.0).azimuth == pytest.approx(-170.0)
    assert orbited(Camera(azimuth=-170.0), -20.0, 0.0).azimuth == pytest.approx(170.0)
    assert orbited(Camera(), 0.0, 1e3).elevation == 90.0
    assert orbited(Camera(), 0.0, -1e3).elevation == -90.0
    assert orbited(orbited(Camera(), 30.0, 20.0), -30.0, -20.0) == Camera()


def test_a_pan_moves_what_is_in_the_middle_as_far_as_the_hand() -> None:
    camera = Camera(azimuth=20.0, elevation=40.0, center=(0.1, -0.2, 0.3))
    moved = panned(camera, 0.25, -0.1)
    middle = Projection(camera).target
    np.testing.assert_allclose(Projection(moved).project(middle), [0.25, -0.1], atol=1e-12)
    assert (moved.azimuth, moved.elevation, moved.distance) == (20.0, 40.0, camera.distance)


def test_a_zoom_makes_things_as_many_times_as_large() -> None:
    point = np.array([0.5, 0.0, MIDDLE])  # beside the middle, at the middle's distance
    camera = Camera(azimuth=-90.0, elevation=0.0)
    before, after = (Projection(each).project(point)[0] for each in (camera, zoomed(camera, 2.0)))
    assert after == pytest.approx(2.0 * before)


def test_no_move_leaves_the_bounds() -> None:
    camera = Camera()
    for _ in range(300):
        camera = panned(zoomed(orbited(camera, 77.0, 13.0), 0.7), 3.0, 2.0)
    assert camera.distance == BOUNDS["distance"][1]
    assert max(map(abs, camera.center)) <= BOUNDS["center"][1]
    for _ in range(100):
        camera = zoomed(camera, 1.5)
    assert camera.distance == BOUNDS["distance"][0]
