"""How many points a call of a person's function gets, from what the last ones took."""

import math
from dataclasses import dataclass

#: Seconds that a call should take at the most, well under any limit.
CALL_SECONDS = 0.5
#: How much larger than the last call the next one may be, and points of the largest one.
_GROWTH, _MOST_POINTS = 8, 65_536


@dataclass
class Pace:
    """How many points come next.

    Attributes
    ----------
    size : int
        That number.
    """

    size: int = _GROWTH
    _last: tuple[int, float] = (0, 0.0)  # points and seconds of a call
    _a_point: float = 0.0  # seconds

    def took(self, points: int, seconds: float) -> None:
        """Take in how long a call took."""
        if points < self.size and seconds < CALL_SECONDS:
            return  # the rest of some points, or one of a path: it says little of many
        others, then = self._last
        if points != others:
            more = (seconds - then) / (points - others)
        else:
            more = self._a_point + max(0.0, seconds - then) / points
        # Apart from the call itself.
        self._a_point = a_point = min(max(more, 1e-9), max(seconds, 1e-9) / points)
        self._last = points, seconds
        if seconds <= CALL_SECONDS:
            wanted = points + (CALL_SECONDS - seconds) / a_point
        elif a_point * points < seconds / 2:  # it is the call that takes long, not its points
            points = max(points, self.size)
            wanted = CALL_SECONDS / a_point
        else:
            wanted = points * CALL_SECONDS / seconds
        most = min(points * _GROWTH, _MOST_POINTS)
        # Powers of two: what is compiled for each shape is compiled for a few.
        self.size = 2 ** int(math.log2(max(1.0, min(wanted, most))))

    def failed(self, points: int) -> None:
        """Take in that one of so many points is outside of the domain."""
        self.size = max(1, points // 2)
