"""The box that the surface stands in: its floor, and its axes with their ticks."""

from dataclasses import dataclass

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import FLOOR, HEIGHT

#: From an axis, in units of the box: the ends of its ticks, its numbers, and its name.
TICK, NUMBERS, _NAME = 0.04, 0.13, 0.34
_LEAST = 0.13  #: of the upright edge: from a tick to the next one

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


def axes_of(extent: Range, scale: ColorScale, projection: Projection) -> tuple[Axis, Axis, Axis]:
    """Return the axes of a, b and the loss, at edges of the box that stand before nothing.

    Parameters
    ----------
    extent : Range
        The map.
    scale : ColorScale
        That of the losses, which heights follow.
    projection : Projection
        How the box is seen.
    """
    towards = projection.eye - projection.target
    near_x, near_y = (1.0 if each >= 0.0 else -1.0 for each in towards[:2])
    a_low, a_high, b_low, b_high = extent
    ticks_a = ColorScale("linear", a_low, a_high).ticks()
    ticks_b = ColorScale("linear", b_low, b_high).ticks()
    in_a = Axis(
        (-1.0, near_y, FLOOR), (1.0, near_y, FLOOR), (0.0, near_y, 0.0),
        tuple(((2.0 * place - 1.0, near_y, FLOOR), text) for place, text in ticks_a),
        (0.0, near_y * (1.0 + _NAME), FLOOR),
    )  # fmt: skip
    in_b = Axis(
        (near_x, -1.0, FLOOR), (near_x, 1.0, FLOOR), (near_x, 0.0, 0.0),
        tuple(((near_x, 2.0 * place - 1.0, FLOOR), text) for place, text in ticks_b),
        (near_x * (1.0 + _NAME), 0.0, FLOOR),
    )  # fmt: skip
    # Of the two upright edges at either side of the picture, the one at the left.
    sides = [(near_x, -near_y, (0.0, -near_y, 0.0)), (-near_x, near_y, (-near_x, 0.0, 0.0))]
    x, y, outwards = min(sides, key=lambda side: _across(projection, side[0], side[1]))
    loss = Axis(
        (x, y, 0.0), (x, y, HEIGHT), outwards,
        tuple(((x, y, place * HEIGHT), text) for place, text in _apart(scale.ticks())),
        (x, y, HEIGHT + 0.4 * _NAME),
    )  # fmt: skip
    return in_a, in_b, loss


def _apart(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return ticks of an upright edge, which is shorter than a colour bar: those with room."""
    kept: list[tuple[float, str]] = []
    for place, text in ticks:
        if not kept or place - kept[-1][0] >= _LEAST:
            kept.append((place, text))
    return kept


def _across(projection: Projection, x: float, y: float) -> float:
    """Return how far to the right an upright edge stands; the viewer may be beside or before it."""
    azimuth = np.radians(projection.camera.azimuth)
    return float(-np.sin(azimuth) * x + np.cos(azimuth) * y)
