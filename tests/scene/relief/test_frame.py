"""The axes of the box: at its front, with round numbers."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.frame import axes_of, floor
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
