"""Rectangles of the plane of the two parameters."""

from typing import NamedTuple

#: As a person gives a rectangle, in any order: (a_low, a_high, b_low, b_high).
Extent = tuple[float, float, float, float]


class Range(NamedTuple):
    """A rectangle of the (a, b) plane: `a_low` < `a_high`, `b_low` < `b_high`."""

    a_low: float
    a_high: float
    b_low: float
    b_high: float

    def contains(self, a: float, b: float) -> bool:
        """Tell whether (a, b) lies in the rectangle, its border included."""
        return self.a_low <= a <= self.a_high and self.b_low <= b <= self.b_high
