"""The perspective: where points are seen, its inverse, and the matrix that OpenGL is given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.experiment.camera import Camera
from gdviz.scene.relief.projection import FIELD_OF_VIEW, Fit, Projection
from gdviz.scene.relief.surface import MIDDLE

CAMERAS = st.builds(
    Camera,
    azimuth=st.floats(-360, 360),
    elevation=st.floats(-90, 90),
    distance=st.floats(2.5, 20),
    center=st.tuples(*[st.floats(-1, 1)] * 3),
)


def test_from_above_the_box_is_seen_as_the_map_is() -> None:
    from_above = Projection(Camera(azimuth=-90.0, elevation=90.0))
    seen = from_above.project(np.array([[0, 0, MIDDLE], [1, 0, MIDDLE], [0, 1, MIDDLE]], float))
    size = 1.0 / (5.5 * np.tan(np.radians(FIELD_OF_VIEW / 2.0)))
    np.testing.assert_allclose(seen, [[0, 0], [size, 0], [0, size]], atol=1e-12)


def test_from_the_front_a_runs_to_the_right_and_heights_go_up() -> None:
    front = Projection(Camera(azimuth=-90.0, elevation=0.0))
    np.testing.assert_allclose(front.eye, [0.0, -5.5, MIDDLE], atol=1e-12)
    left, right, low, high = front.project(
        np.array([[-1, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 1]], float)
    )
    assert left[0] < right[0]
    assert low[1] < high[1]


def test_what_is_nearer_is_larger_and_what_is_behind_is_not_seen() -> None:
    front = Projection(Camera(azimuth=-90.0, elevation=0.0))
    far, near, behind = front.project(np.array([[1, 1, 0], [1, -1, 0], [1, -7, 0]], float))
    assert near[0] == pytest.approx(far[0] * 6.5 / 4.5)
    assert np.isnan(behind).all()


@given(CAMERAS, st.floats(-1, 1), st.floats(-1, 1), st.floats(0.5, 5))
def test_a_line_of_sight_is_seen_as_a_point(camera: Camera, x: float, y: float, far: float) -> None:
    projection = Projection(camera)
    origin, direction = projection.ray(x, y)
    assert np.linalg.norm(direction) == pytest.approx(1.0)
    np.testing.assert_allclose(projection.project(origin + far * direction), [x, y], atol=1e-9)


@given(CAMERAS, st.sampled_from([0.5, 1.0, 1.6]), st.floats(-0.3, 0.3))
def test_the_matrix_projects_as_the_picture_does(
    camera: Camera, aspect: float, shift: float
) -> None:
    projection = Projection(camera)
    points = np.array([[0, 0, 0], [1, 1, 0.9], [-1, 1, 0.2], [0.3, -0.4, -0.3]], float)
    fit = Fit(aspect, 1.0, 0.4, (shift, -shift / 2.0))
    clip = np.column_stack([points, np.ones(4)]) @ projection.matrix(fit).T
    in_front = clip[:, 3] > 0.1
    seen = projection.project(points)[in_front]
    right, up = (clip[:, :2] / clip[:, 3:])[in_front].T
    pixels = np.column_stack([(1.0 + right) / 2.0 * aspect, (1.0 - up) / 2.0])
    np.testing.assert_allclose(pixels, fit.pixels(seen), atol=1e-9)
    depth = (clip[:, 2] / clip[:, 3])[in_front]
    nearness = np.linalg.norm((points - projection.eye)[in_front], axis=1)
    assert (np.abs(depth) < 1.0).all()
    forward = -(points - projection.eye)[in_front] @ (projection.eye - projection.target)
    assert (np.argsort(depth, kind="stable") == np.argsort(forward, kind="stable")).all() or (
        np.ptp(nearness) < 1e-3 or np.diff(np.sort(forward)).min() < 1e-3
    )


def test_pixels_and_points_of_the_picture() -> None:
    fit = Fit(800.0, 400.0, 200.0)
    assert fit.seen(400.0, 200.0) == (0.0, 0.0)
    assert fit.seen(400.0, 0.0) == (0.0, 1.0)
    assert fit.part(50.0) == 0.25
    moved = Fit(800.0, 400.0, 200.0, (10.0, 20.0))
    np.testing.assert_array_equal(moved.pixels(np.zeros(2)), [410.0, 180.0])
    assert moved.seen(*moved.pixels(np.array([0.5, -0.25]))) == (0.5, -0.25)
    twice = moved.times(2.0)
    np.testing.assert_array_equal(twice.pixels(np.ones(2)), 2.0 * moved.pixels(np.ones(2)))
