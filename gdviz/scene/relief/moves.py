"""How a camera moves: around the surface, along the picture, and nearer; never out of bounds."""

import math

import msgspec
import numpy as np

from gdviz.experiment.camera import Camera
from gdviz.experiment.validation import BOUNDS
from gdviz.scene.relief.projection import FIELD_OF_VIEW, Projection


def orbited(camera: Camera, degrees_right: float, degrees_up: float) -> Camera:
    """Return a camera that has gone around what it looks at.

    Parameters
    ----------
    camera : Camera
        Where it was.
    degrees_right, degrees_up : float
        How far it goes, to its right and upwards; straight above and below it comes to an end.
    """
    azimuth = (camera.azimuth + degrees_right + 180.0) % 360.0 - 180.0
    elevation = _within("elevation", camera.elevation + degrees_up)
    return msgspec.structs.replace(camera, azimuth=azimuth, elevation=elevation)


def panned(camera: Camera, right: float, up: float) -> Camera:
    """Return a camera whose picture has moved.

    Parameters
    ----------
    camera : Camera
        Where it was.
    right, up : float
        How far what is in the middle of the picture moves, in the projection's units.
    """
    size = camera.distance * math.tan(math.radians(FIELD_OF_VIEW) / 2.0)
    to_right, upwards, _ = Projection(camera).axes
    center = np.array(camera.center) - size * (right * to_right + up * upwards)
    x, y, z = (_within("center", each) for each in center.tolist())
    return msgspec.structs.replace(camera, center=(x, y, z))


def zoomed(camera: Camera, factor: float) -> Camera:
    """Return a camera to which things are so many times as large."""
    distance = _within("distance", camera.distance / factor)
    return msgspec.structs.replace(camera, distance=distance)


def _within(bound: str, value: float) -> float:
    low, high = BOUNDS[bound]
    return min(max(value, low), high)
