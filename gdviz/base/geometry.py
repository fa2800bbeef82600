"""Rectangles of the plane of the two parameters."""

import math
from typing import NamedTuple

#: As a person gives a rectangle, in any order: (a_low, a_high, b_low, b_high).
Extent = tuple[float, float, float, float]
#: How far from 0 a map can reach: beyond the units that data have (populations, yen, kilograms of
#: stars), and no farther than float32 does.
FARTHEST = 1e36

_DIGITS = 4  #: of a point that is rounded, by the rectangle's own size


class Range(NamedTuple):
    """A rectangle of the (a, b) plane: `a_low` < `a_high`, `b_low` < `b_high`."""

    a_low: float
    a_high: float
    b_low: float
    b_high: float

    def contains(self, a: float, b: float) -> bool:
        """Tell whether (a, b) lies in the rectangle, its border included."""
        return self.a_low <= a <= self.a_high and self.b_low <= b <= self.b_high

    def rounded(self, a: float, b: float) -> tuple[float, float]:
        """Return a point to about a ten-thousandth of the rectangle, as one that is pointed at.

        That is a part of a pixel: all 17 digits of a mouse's place would say nothing.
        """
        spans = self.a_high - self.a_low, self.b_high - self.b_low
        places = (max(0, round(_DIGITS - math.log10(span))) for span in spans)
        near_a, near_b = (round(x, digits) for x, digits in zip((a, b), places, strict=True))
        return near_a, near_b
