"""How long work still takes that goes on steadily once it has begun."""

import math
import time


class SteadyWork:
    """Tells how much is left of work that goes on as fast as it did since its first part was done.

    What comes before that, such as layout and colours, comes once.
    """

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None

    def seconds_left(self, done: float, now: float | None = None) -> float:
        """Return how long the rest takes; nan until a second part is done.

        Parameters
        ----------
        done : float
            How much of all, from 0 to 1.
        now : float, optional
            The moment, in seconds from any other one; by default this one.
        """
        now = time.monotonic() if now is None else now
        if self._first is None:
            self._first = done, now
        before, then = self._first
        return (1.0 - done) * (now - then) / (done - before) if done > before else math.nan
