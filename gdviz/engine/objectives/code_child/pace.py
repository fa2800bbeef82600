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

    def took(self, points: int, seconds: float) -> None:
        """Take in how long a call took."""
        if points < self.size and seconds < CALL_SECONDS:
            return  # the rest of some points, or one of a path: it says little of many
        fewer, sooner = self._last
        more = (seconds - sooner) / (points - fewer) if points > fewer else seconds / points
        a_point = min(max(more, 1e-9), max(seconds, 1e-9) / points)  # apart from the call itself
        self._last = points, seconds
        if seconds <= CALL_SECONDS:
            wanted = points + (CALL_SECONDS - seconds) / a_point
        elif a_point * points < seconds / 2:  # fewer points would hardly take less
            wanted = points
        else:
            wanted = points * CALL_SECONDS / seconds
        most = min(points * _GROWTH, _MOST_POINTS)
        # Powers of two: what is compiled for each shape is compiled for a few.
        self.size = 2 ** int(math.log2(max(1.0, min(wanted, most))))

    def failed(self, points: int) -> None:
        """Take in that one of so many points is outside of the domain."""
        self.size = max(1, points // 2)
