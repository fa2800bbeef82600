"""Words at the axes: beside their ticks, wholly seen, and none over another."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.frame import TICK, axes_of, edges_of
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.surface import FLOOR, HEIGHT
from gdviz.scene.relief.words import Word, fitted, have_room, middles_of, words_of

EXTENT = Range(-2.0, 2.0, 0.0, 10.0)
SCALE = ColorScale("linear", 0.0, 1.0)
WORD = (30.0, 16.0)
CORNERS = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (FLOOR, HEIGHT)])


def written(camera: Camera) -> tuple[list[Word], Array]:
    """Return words of the usual size, also at the very ends of the axes."""
    axes = axes_of(Range(0.0, 1.0, 0.0, 1.0), SCALE, Projection(camera))
    words = words_of(axes, ("a", "b", "f"))
    return words, np.full((len(words), 2), WORD)


def outline(camera: Camera, fit: Fit) -> tuple[Array, Array]:
    """Return the lowest and highest pixels of the box and of its words."""
    projection, (words, sizes) = Projection(camera), written(camera)
    middles = middles_of(words, sizes, projection, fit)
    box = fit.pixels(projection.project(CORNERS))
    low, high = (np.vstack([box, middles + sign * sizes / 2.0]) for sign in (-1, 1))
    return low.min(axis=0), high.max(axis=0)


@pytest.mark.sampled(60)
@pytest.mark.parametrize("azimuth", range(-180, 180, 25))
@pytest.mark.parametrize("elevation", [-90.0, -30.0, 0.0, 35.0, 60.0, 90.0])
@pytest.mark.parametrize("size", [(1000.0, 700.0), (320.0, 560.0), (500.0, 500.0), (200.0, 900.0)])
def test_the_box_and_its_words_are_in_the_picture(
    azimuth: float, elevation: float, size: tuple[float, float]
) -> None:
    camera = Camera(azimuth=azimuth, elevation=elevation)
    fit = fitted(camera, *size, *written(camera))
    low, high = outline(camera, fit)
    assert (low >= -0.01).all()
    assert (high <= np.array(size) + 0.01).all()
    assert size[0] / 4.0 < fit.unit <= size[1] / 2.0


@pytest.mark.parametrize("azimuth", [-60.0, -90.0, 10.0])
def test_in_a_high_picture_the_box_is_as_wide_as_there_is_room(azimuth: float) -> None:
    camera = Camera(azimuth=azimuth)
    low, high = outline(camera, fitted(camera, 320.0, 560.0, *written(camera)))
    assert low[0] == pytest.approx(0.0, abs=2.01)
    assert high[0] == pytest.approx(320.0, abs=2.01)


def test_zooming_and_moving_leave_the_fit_alone() -> None:
    moved, what = Camera(distance=2.0, center=(0.5, 0.1, 0.0)), written(Camera())
    assert fitted(moved, 320.0, 560.0, *what) == fitted(Camera(), 320.0, 560.0, *what)
    assert fitted(Camera(), 1000.0, 700.0, *what).shift == (0.0, 0.0)
    assert fitted(Camera(), 1000.0, 700.0, [], np.empty((0, 2))).unit == 350.0


def test_names_come_before_numbers() -> None:
    words = words_of(axes_of(EXTENT, SCALE, Projection(Camera())), ("a", "b", "f"))
    assert [word.text for word in words[:3]] == ["a", "b", "f"]
    assert [word.is_name for word in words] == [True] * 3 + [False] * (len(words) - 3)
    assert [word.text for word in words[3:8]] == ["−2", "−1", "0", "1", "2"]


@pytest.mark.parametrize("width", [8.0, 40.0, 90.0])
def test_numbers_touch_their_ticks_however_wide_they_are(width: float) -> None:
    projection, fit, height = Projection(Camera()), Fit(600.0, 600.0, 250.0), 16.0
    words = words_of(axes_of(EXTENT, SCALE, projection), ("a", "b", "f"))[3:]
    sizes = np.full((len(words), 2), (width, height))
    middles = middles_of(words, sizes, projection, fit)
    ends = fit.pixels(projection.project(np.array([word.at for word in words])))
    # From a tick's end to the nearest point of its number.
    gaps = np.maximum(np.abs(ends - middles) - sizes / 2.0, 0.0)
    apart = np.hypot(*gaps.T)
    assert (apart > 0.05 * height).all()
    assert (apart < 0.35 * height).all()
    edges = edges_of(projection)
    assert words[0].at == edges[0].at(0.0, TICK)


def test_words_that_cover_an_earlier_one_or_stand_out_do_not_stand() -> None:
    middles = np.array([[50, 50], [65, 50], [80, 50], [65, 80], [np.nan, 1], [95, 50], [50, 3]])
    sizes = np.full((7, 2), (20.0, 10.0))
    stand = have_room(middles, sizes, 100.0, 100.0)
    assert stand == [True, False, True, True, False, False, False]
    assert have_room(np.empty((0, 2)), np.empty((0, 2)), 9.0, 9.0) == []
