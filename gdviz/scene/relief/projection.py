"""How a camera sees the box: a perspective, its inverse, and which points are in front."""

import math
from dataclasses import dataclass

import numpy as np

from gdviz.base.types import Array
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.surface import MIDDLE

#: Degrees that are seen at least from the lowest to the highest point of a picture, and how many
#: times as much there is seen at least from left to right: so that the box has room in it.
FIELD_OF_VIEW, _WIDE = 32.0, 1.25
#: What is nearer to the viewer than this is not seen, nor is what is farther than that.
NEAR, FAR = 0.05, 100.0


def unit(width: float, height: float) -> float:
    """Return what is 1 in the projection's units, in those of a picture's width and height."""
    return min(width / _WIDE, height) / 2.0


@dataclass(frozen=True)
class Projection:
    """The perspective of a camera.

    Points of a picture are (x, y) from its middle: x to the right, y upwards. In a picture that is
    wider than high y reaches from −1 to 1; see :func:`unit`.

    Parameters
    ----------
    camera : Camera
        Who looks.
    """

    camera: Camera

    @property
    def _focal_length(self) -> float:
        return 1.0 / math.tan(math.radians(FIELD_OF_VIEW) / 2.0)

    @property
    def target(self) -> Array:
        """What is in the middle of the picture, shape (3,), in units of the box."""
        x, y, z = self.camera.center
        return np.array([x, y, z + MIDDLE])

    @property
    def eye(self) -> Array:
        """Where the viewer is, shape (3,), in units of the box."""
        eye: Array = self.target + self.camera.distance * self.axes[2]
        return eye

    @property
    def axes(self) -> Array:
        """The directions to the right, upwards, and towards the viewer, as rows."""
        azimuth, elevation = map(math.radians, (self.camera.azimuth, self.camera.elevation))
        cos_a, sin_a = math.cos(azimuth), math.sin(azimuth)
        cos_e, sin_e = math.cos(elevation), math.sin(elevation)
        return np.array(
            [
                [-sin_a, cos_a, 0.0],
                [-sin_e * cos_a, -sin_e * sin_a, cos_e],
                [cos_e * cos_a, cos_e * sin_a, sin_e],
            ]
        )

    def project(self, points: Array) -> Array:
        """Return where points are seen.

        Parameters
        ----------
        points : ndarray, shape (..., 3)
            In units of the box.

        Returns
        -------
        ndarray, shape (..., 2)
            In the picture; nan for points beside or behind the viewer.
        """
        right, up, towards = np.moveaxis((points - self.eye) @ self.axes.T, -1, 0)
        with np.errstate(all="ignore"):
            depth = np.where(-towards > NEAR, -towards, np.nan)
            return self._focal_length * np.stack([right / depth, up / depth], axis=-1)

    def ray(self, x: float, y: float) -> tuple[Array, Array]:
        """Return the line of sight of a point of the picture: its origin, and its direction.

        Parameters
        ----------
        x, y : float
            In the picture.
        """
        right, up, towards = self.axes
        direction = x * right + y * up - self._focal_length * towards
        return self.eye, direction / np.linalg.norm(direction)

    def matrix(self, aspect: float) -> Array:
        """Return the projection as OpenGL has it: from the box to its clip space, shape (4, 4).

        Parameters
        ----------
        aspect : float
            The picture's width over its height.
        """
        look = np.eye(4)
        look[:3, :3] = self.axes
        look[:3, 3] = -self.axes @ self.eye
        focal = self._focal_length
        lens = np.zeros((4, 4))
        half = unit(aspect, 1.0)
        lens[0, 0], lens[1, 1] = 2.0 * focal * half / aspect, 2.0 * focal * half
        lens[2, 2:] = (FAR + NEAR) / (NEAR - FAR), 2.0 * FAR * NEAR / (NEAR - FAR)
        lens[3, 2] = -1.0
        return lens @ look
