"""The axes of the box: at its front, with round numbers."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.frame import NUMBERS, axes_of, edges_of, fitted, floor, have_room, words_of
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import FLOOR, HEIGHT

EXTENT = Range(-2.0, 2.0, 0.0, 10.0)
SCALE = ColorScale("log", 0.0, 1e5)


@pytest.mark.parametrize("azimuth", range(-170, 190, 40))
@pytest.mark.parametrize("elevation", [-40.0, 20.0, 60.0])
def test_axes_stand_at_the_front_and_the_losses_at_the_left(
    azimuth: float, elevation: float
) -> None:
    projection = Projection(Camera(azimuth=azimuth, elevation=elevation))
    in_a, in_b, loss = axes_of(EXTENT, SCALE, projection)
    for axis in (in_a, in_b):
        middle = (np.array(axis.start) + axis.end) / 2.0
        opposite = middle * (-1.0, -1.0, 1.0)
        near, far = (np.linalg.norm(projection.eye - each) for each in (middle, opposite))
        assert near <= far
    upright = projection.project(np.array([loss.start, loss.end]))
    others = [projection.project(np.array([[x, y, 0.0]]))[0, 0]
              for x in (-1.0, 1.0) for y in (-1.0, 1.0)]  # fmt: skip
    assert upright[0, 0] <= sorted(others)[1] + 1e-9
    assert (np.diff(upright[:, 1]) > 0.0).all()


def test_ticks_are_round_numbers_at_their_places() -> None:
    in_a, in_b, loss = axes_of(EXTENT, SCALE, Projection(Camera()))
    assert [text for _, text in in_a.ticks] == ["−2", "−1", "0", "1", "2"]
    np.testing.assert_allclose([at[0] for at, _ in in_a.ticks], [-1, -0.5, 0, 0.5, 1])
    np.testing.assert_allclose([at[1] for at, _ in in_b.ticks][1], 2 * 2 / 10 - 1)
    assert [(at[2], text) for at, text in loss.ticks] == [
        (place * HEIGHT, text) for place, text in SCALE.ticks()
    ]
    assert (floor()[:, 2] == FLOOR).all()
    assert (floor()[0] == floor()[-1]).all()


CORNERS = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (FLOOR, HEIGHT)])


@pytest.mark.parametrize("azimuth", range(-180, 180, 25))
@pytest.mark.parametrize("elevation", [-90.0, -30.0, 0.0, 35.0, 60.0, 90.0])
@pytest.mark.parametrize("size", [(1000.0, 700.0), (320.0, 560.0), (500.0, 500.0), (200.0, 900.0)])
def test_the_box_and_its_numbers_are_in_the_picture(
    azimuth: float, elevation: float, size: tuple[float, float]
) -> None:
    camera, word = Camera(azimuth=azimuth, elevation=elevation), (30.0, 16.0)
    fit, projection = fitted(camera, *size, word), Projection(camera)
    numbers = [edge.at(end, NUMBERS) for edge in edges_of(projection) for end in (0.0, 1.0)]
    at = fit.pixels(projection.project(np.vstack([CORNERS, numbers])))
    half = np.array(word) / 2.0
    assert (at >= half - 1e-6).all()
    assert (at <= np.array(size) - half + 1e-6).all()
    assert fit.unit <= size[1] / 2.0


def test_in_a_high_picture_the_box_is_as_wide_as_there_is_room() -> None:
    for azimuth in (-60.0, -90.0, 10.0):
        camera = Camera(azimuth=azimuth)
        fit, projection = fitted(camera, 320.0, 560.0, (30.0, 16.0)), Projection(camera)
        numbers = [edge.at(end, NUMBERS) for edge in edges_of(projection) for end in (0.0, 1.0)]
        names = [axis.name_at for axis in axes_of(EXTENT, SCALE, projection)]
        x = fit.pixels(projection.project(np.vstack([CORNERS, numbers, names])))[:, 0]
        assert x.min() == pytest.approx(15.0)
        assert x.max() == pytest.approx(305.0)


def test_zooming_and_moving_leave_the_fit_alone() -> None:
    size = 320.0, 560.0, (30.0, 16.0)
    moved = Camera(distance=2.0, center=(0.5, 0.1, 0.0))
    assert fitted(moved, *size) == fitted(Camera(), *size)
    assert fitted(Camera(), 1000.0, 700.0, (30.0, 16.0)).shift == (0.0, 0.0)


def test_names_come_before_numbers() -> None:
    words = words_of(axes_of(EXTENT, SCALE, Projection(Camera())), ("a", "b", "f"))
    assert [word.text for word in words[:3]] == ["a", "b", "f"]
    assert [word.is_name for word in words].count(True) == 3
    assert [word.text for word in words[3:8]] == ["−2", "−1", "0", "1", "2"]


def test_words_that_cover_an_earlier_one_or_stand_out_do_not_stand() -> None:
    middles = np.array([[50, 50], [65, 50], [80, 50], [65, 80], [np.nan, 1], [95, 50], [50, 3]])
    sizes = np.full((7, 2), (20.0, 10.0))
    stand = have_room(middles, sizes, 100.0, 100.0)
    assert stand == [True, False, True, True, False, False, False]
    assert have_room(np.empty((0, 2)), np.empty((0, 2)), 9.0, 9.0) == []
