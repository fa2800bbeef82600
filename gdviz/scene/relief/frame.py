"""The box that the surface stands in: its floor, and its axes with their ticks."""

from dataclasses import dataclass

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import FLOOR, HEIGHT

#: From an axis, in units of the box: the ends of its ticks, and its name.
TICK, _NAME = 0.04, 0.34

Corner = tuple[float, float, float]


@dataclass(frozen=True)
class Axis:
    """An axis along an edge of the box.

    Attributes
    ----------
    start, end : (float, float, float)
        The edge.
    outwards : (float, float, float)
        The direction, of length 1, in which ticks and words stand beside it.
    ticks : tuple of ((float, float, float), str)
        Where on the edge round numbers are, and how they are written.
    name_at : (float, float, float)
        Where the name of what it shows stands.
    """

    start: Corner
    end: Corner
    outwards: Corner
    ticks: tuple[tuple[Corner, str], ...]
    name_at: Corner


def floor() -> Array:
    """Return the corners of the floor, the first one again at the end, shape (5, 3)."""
    x, y = [-1.0, 1.0, 1.0, -1.0, -1.0], [-1.0, -1.0, 1.0, 1.0, -1.0]
    return np.column_stack([x, y, np.full(5, FLOOR)])


@dataclass(frozen=True)
class Edge:
    """An edge of the box along which an axis stands; see :class:`Axis`."""

    start: Corner
    end: Corner
    outwards: Corner

    def at(self, part: float, away: float = 0.0) -> Corner:
        """Return the place at a part of it, from 0 to 1, and so far beside it."""
        x, y, z = (
            one + part * (other - one) + away * out
            for one, other, out in zip(self.start, self.end, self.outwards, strict=True)
        )
        return x, y, z


def edges_of(projection: Projection) -> tuple[Edge, Edge, Edge]:
    """Return the edges for the axes of a, b and the loss: those that stand before nothing.

    Parameters
    ----------
    projection : Projection
        How the box is seen.
    """
    towards = projection.eye - projection.target
    near_x, near_y = (1.0 if each >= 0.0 else -1.0 for each in towards[:2])
    # Of the two upright edges at either side of the picture, the one at the left.
    sides = [(near_x, -near_y, (0.0, -near_y, 0.0)), (-near_x, near_y, (-near_x, 0.0, 0.0))]
    x, y, outwards = min(sides, key=lambda side: _across(projection, side[0], side[1]))
    return (
        Edge((-1.0, near_y, FLOOR), (1.0, near_y, FLOOR), (0.0, near_y, 0.0)),
        Edge((near_x, -1.0, FLOOR), (near_x, 1.0, FLOOR), (near_x, 0.0, 0.0)),
        Edge((x, y, 0.0), (x, y, HEIGHT), outwards),
    )


def axes_of(extent: Range, scale: ColorScale, projection: Projection) -> tuple[Axis, Axis, Axis]:
    """Return the axes of a, b and the loss.

    Parameters
    ----------
    extent : Range
        The map.
    scale : ColorScale
        That of the losses, which heights follow.
    projection : Projection
        How the box is seen.
    """
    a_low, a_high, b_low, b_high = extent
    along_a, along_b, upright = edges = edges_of(projection)
    in_a, in_b, above = _names_at(edges)

    def axis(edge: Edge, on: ColorScale, name_at: Corner) -> Axis:
        ticks = tuple((edge.at(place), text) for place, text in on.ticks())
        return Axis(edge.start, edge.end, edge.outwards, ticks, name_at)

    return (
        axis(along_a, ColorScale("linear", a_low, a_high), in_a),
        axis(along_b, ColorScale("linear", b_low, b_high), in_b),
        axis(upright, scale, above),
    )


def _names_at(edges: tuple[Edge, Edge, Edge]) -> tuple[Corner, Corner, Corner]:
    """Return where the names of what edges show stand."""
    along_a, along_b, upright = edges
    x, y, top = upright.end
    return along_a.at(0.5, _NAME), along_b.at(0.5, _NAME), (x, y, top + 0.4 * _NAME)


def _across(projection: Projection, x: float, y: float) -> float:
    """Return how far to the right an upright edge stands; the viewer may be beside or before it."""
    azimuth = np.radians(projection.camera.azimuth)
    return float(-np.sin(azimuth) * x + np.cos(azimuth) * y)
