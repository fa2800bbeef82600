"""Where points of the map are in a frame, flat or in three dimensions, and the other way round."""

from dataclasses import dataclass

import numpy as np

from gdviz.base.types import Array
from gdviz.export.axes.ground import Ground
from gdviz.scene.scene import Point


@dataclass(frozen=True)
class MapPlace:
    """Where points of the map are in a frame.

    Parameters
    ----------
    box : (float, float, float, float)
        Where the map, or the surface, has its room: left, top, right and bottom in pixels.
    limits : (float, float, float, float)
        What is there in the coordinates of the ground: from left to right, and from bottom to top.
    ground : Ground
        Where points of the map are in those.
    """

    box: tuple[float, float, float, float]
    limits: tuple[float, float, float, float]
    ground: Ground

    def line(self, first: Point, last: Point) -> Array:
        """Return the visible parts of a line on the map in pixels, shape (n, 2).

        There are rows of nan between the parts.
        """
        return self._in_pixels(self.ground.line(np.array([first, last])))

    def seen(self, point: Point) -> tuple[float, float] | None:
        """Return where a point of the map is in pixels; None where it is not seen."""
        found = self._in_pixels(self.ground.points(np.array([point])))
        return None if not len(found) else (float(found[0, 0]), float(found[0, 1]))

    def point_at(self, x: float, y: float) -> Point | None:
        """Return the point of the map that is at a pixel, or nearest; None where there is none."""
        left, top, right, bottom = self.box
        x_low, x_high, y_low, y_high = self.limits
        return self.ground.point_at(
            x_low + (x - left) / (right - left) * (x_high - x_low),
            y_high - (y - top) / (bottom - top) * (y_high - y_low),
        )

    def _in_pixels(self, points: Array) -> Array:
        left, top, right, bottom = self.box
        x_low, x_high, y_low, y_high = self.limits
        x, y = points.T
        return np.column_stack(
            [
                left + (x - x_low) / (x_high - x_low) * (right - left),
                top + (y_high - y) / (y_high - y_low) * (bottom - top),
            ]
        )
