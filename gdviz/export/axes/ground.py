"""Where points of the map are in an Axes: on the flat map, or on the surface as it is seen."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.scene.clipping import clip_polyline
from gdviz.scene.relief.lines import drape, lift
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.rays import is_hidden, meeting_point
from gdviz.scene.relief.surface import Relief

#: Points at which it is looked for what is before them: of a line that has more, some.
_MOST_ASKED = 40_000


class Ground(Protocol):
    """What lies on the surface, in the coordinates of an Axes."""

    def line(self, points: Array) -> Array:
        """Return the visible parts of a polyline (a, b), shape (n, 2), with rows of nan between."""
        ...

    def points(self, points: Array) -> Array:
        """Return the visible ones of points (a, b), shape (n, 2)."""
        ...

    def has(self, point: tuple[float, float]) -> bool:
        """Tell whether a point (a, b) is on it, be it hidden by what is before it."""
        ...

    def point_at(self, x: float, y: float) -> tuple[float, float] | None:
        """Return the point (a, b) that is seen there, or near there; None where there is none."""
        ...


@dataclass(frozen=True)
class FlatGround:
    """The map.

    Parameters
    ----------
    window : Range
        Its range, which the axes have.
    """

    window: Range

    def line(self, points: Array) -> Array:
        """Return the parts of a polyline that are on the map."""
        return clip_polyline(points, self.window)

    def points(self, points: Array) -> Array:
        """Return those of points that are on the map."""
        kept: Array = points[_within(points, self.window)]
        return kept

    def has(self, point: tuple[float, float]) -> bool:
        """Tell whether a point is on the map."""
        return self.window.contains(*point)

    def point_at(self, x: float, y: float) -> tuple[float, float] | None:
        """Return the nearest point of the map."""
        a_low, a_high, b_low, b_high = self.window
        return min(max(x, a_low), a_high), min(max(y, b_low), b_high)


@dataclass(frozen=True)
class ReliefGround:
    """The surface, seen by a camera.

    Parameters
    ----------
    relief : Relief
        The surface.
    projection : Projection
        How it is seen.
    """

    relief: Relief
    projection: Projection

    def line(self, points: Array) -> Array:
        """Return the parts of a polyline that are on the surface and not behind it."""
        return self.seen(drape(self.relief, points))

    def points(self, points: Array) -> Array:
        """Return those of points that are on the surface and not behind it."""
        relief = self.relief
        on_map = points[_within(points, relief.range)]
        seen = self.seen(lift(relief, relief.in_box(on_map)))
        kept: Array = seen[np.isfinite(seen).all(axis=1)]
        return kept

    def has(self, point: tuple[float, float]) -> bool:
        """Tell whether a point is on the surface, also where that hides it."""
        at = self.relief.in_box(np.array([point]))
        return bool(np.isfinite(self.relief.height_at(at)).all())

    def point_at(self, x: float, y: float) -> tuple[float, float] | None:
        """Return the point of the surface that is seen there; None beside it."""
        return meeting_point(self.relief, *self.projection.ray(x, y))

    def seen(self, points: Array) -> Array:
        """Return where points on the surface are seen, and nan for those that are not.

        Parameters
        ----------
        points : ndarray, shape (n, 3)
            In units of the box.
        """
        seen = self.projection.project(points)
        # Of lines that lie closer than anybody could tell them apart neighbours share the answer.
        each = -(-len(points) // _MOST_ASKED) or 1
        hidden = is_hidden(self.relief, points[::each], self.projection.eye)
        seen[np.repeat(hidden, each)[: len(points)]] = np.nan
        return seen


def _within(points: Array, window: Range) -> Array:
    a, b = points.T
    inside: Array = (
        (a >= window.a_low) & (a <= window.a_high) & (b >= window.b_low) & (b <= window.b_high)
    )
    return inside
