"""Rectangles of the plane of the two parameters."""

import math
from typing import NamedTuple

#: As a person gives a rectangle, in any order: (a_low, a_high, b_low, b_high).
Extent = tuple[float, float, float, float]
#: How far from 0 a map can reach: beyond the units that data have (populations, yen, kilograms of
#: stars), and no farther than float32 does.
FARTHEST = 1e36

_DIGITS = 4  #: of a point that is rounded, by the rectangle's own size
_BEYOND = 0.1  #: how much farther than a point a range reaches that is made to, in parts of it


class Range(NamedTuple):
    """A rectangle of the (a, b) plane: `a_low` < `a_high`, `b_low` < `b_high`."""

    a_low: float
    a_high: float
    b_low: float
    b_high: float

    def contains(self, a: float, b: float) -> bool:
        """Tell whether (a, b) lies in the rectangle, its border included."""
        return self.a_low <= a <= self.a_high and self.b_low <= b <= self.b_high

    def reaching(self, a: float, b: float) -> "Range":
        """Return the range that reaches as far as a point and a little beyond, in round numbers.

        It is this one if the point lies in it.
        """
        return Range(*_reaching(*self[:2], a), *_reaching(*self[2:], b))

    def rounded(self, a: float, b: float) -> tuple[float, float]:
        """Return a point to about a ten-thousandth of the rectangle, as one that is pointed at.

        That is a part of a pixel: all 17 digits of a mouse's place would say nothing.
        """
        spans = self.a_high - self.a_low, self.b_high - self.b_low
        places = (max(0, round(_DIGITS - math.log10(span))) for span in spans)
        near_a, near_b = (round(x, digits) for x, digits in zip((a, b), places, strict=True))
        return near_a, near_b


def _reaching(low: float, high: float, point: float) -> tuple[float, float]:
    if low <= point <= high:
        return low, high
    beyond = _BEYOND * (max(high, point) - min(low, point))
    unit = 10.0 ** math.floor(math.log10(beyond))
    if point < low:
        return float(f"{math.floor((point - beyond) / unit) * unit:.12g}"), high
    return low, float(f"{math.ceil((point + beyond) / unit) * unit:.12g}")
