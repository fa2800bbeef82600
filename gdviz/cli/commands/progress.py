"""How far a long command is, for a person who watches a terminal."""

import math
import sys
import time
from collections.abc import Callable
from typing import Self

from gdviz.base.format import duration
from gdviz.base.steady_work import SteadyWork

_INTERVAL = 0.25  #: seconds between two lines, and before the first: a short command says nothing
_CLEAR = "\r\x1b[K"


class Progress:
    """A line on standard error that is gone at the end; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._is_watched = sys.stderr.isatty()
        self._said = time.monotonic()
        self._steady = SteadyWork()
        self._is_dirty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_dirty:
            self._write(_CLEAR)

    def part(self, k: int, count: int) -> Callable[[float], None]:
        """Return what is told how much is done, from 0 to 1, of the k-th of equal parts."""
        return lambda done: self.tell((k + done) / count)

    def tell(self, done: float, seconds_left: float = math.nan) -> None:
        """Take how much of all is done, from 0 to 1, and how long the rest takes, if known."""
        now = time.monotonic()
        if self._is_watched and now - self._said >= _INTERVAL:
            self._said, self._is_dirty = now, True
            left = "" if math.isnan(seconds_left) else f", about {duration(seconds_left)} left"
            self._write(f"{_CLEAR}gdviz: {int(100 * done)} %{left}")  # not rounded: full is done

    def tell_steady(self, done: float) -> None:
        """Take how much of all is done, of work that goes on steadily once it has begun."""
        self.tell(done, self._steady.seconds_left(done))

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
