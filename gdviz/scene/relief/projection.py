"""How a camera sees the box: a perspective, its inverse, and which points are in front."""

import math
from dataclasses import dataclass

import numpy as np

from gdviz.base.types import Array
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.surface import MIDDLE

#: Degrees that are seen from the lowest to the highest point of a picture that is wide enough.
FIELD_OF_VIEW = 32.0
#: What is nearer to the viewer than this is not seen, nor is what is farther than that.
NEAR, FAR = 0.05, 100.0


@dataclass(frozen=True)
class Fit:
    """Where the projection's picture is in a rectangle.

    Parameters
    ----------
    width, height : float
        The rectangle's, in pixels.
    unit : float
        How many pixels 1 is in the projection's units.
    shift : (float, float), default (0, 0)
        How many pixels to the right of the rectangle's middle, and above it, the picture's is.
    """

    width: float
    height: float
    unit: float
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def middle(self) -> Array:
        """Where the picture's middle is, from the left and from the top, shape (2,)."""
        right, up = self.shift
        return np.array([self.width / 2.0 + right, self.height / 2.0 - up])

    def pixels(self, seen: Array) -> Array:
        """Return points of the picture from the left and from the top, shape (..., 2)."""
        at: Array = self.middle + self.unit * seen * (1.0, -1.0)
        return at

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the rectangle as one of the picture: the inverse of `pixels`."""
        left, top = self.middle.tolist()
        return (x - left) / self.unit, (top - y) / self.unit

    def times(self, factor: float) -> "Fit":
        """Return the same in a rectangle so many times as large."""
        right, up = self.shift
        return Fit(
            self.width * factor, self.height * factor, self.unit * factor,
            (right * factor, up * factor),
        )  # fmt: skip

    def part(self, pixels: float) -> float:
        """Return a length in the projection's units."""
        return pixels / self.unit


@dataclass(frozen=True)
class Projection:
    """The perspective of a camera.

    Points of a picture are (x, y) from its middle: x to the right, y upwards. In a picture that is
    wide enough y reaches from −1 to 1; see :class:`Fit`.

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

    def matrix(self, fit: Fit) -> Array:
        """Return the projection as OpenGL has it: from the box to its clip space, shape (4, 4).

        Parameters
        ----------
        fit : Fit
            Where the picture is in the one that OpenGL draws.
        """
        look = np.eye(4)
        look[:3, :3] = self.axes
        look[:3, 3] = -self.axes @ self.eye
        lens = np.zeros((4, 4))
        for row, (size, shift) in enumerate(zip((fit.width, fit.height), fit.shift, strict=True)):
            lens[row, row] = 2.0 * self._focal_length * fit.unit / size
            lens[row, 2] = -2.0 * shift / size
        lens[2, 2:] = (FAR + NEAR) / (NEAR - FAR), 2.0 * FAR * NEAR / (NEAR - FAR)
        lens[3, 2] = -1.0
        return lens @ look
