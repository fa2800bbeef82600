"""Measuring: ours and a peer in turn, medians and quartiles."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A measured ratio.

    Attributes
    ----------
    name, peer : str
        What was measured, and against what.
    ours, theirs : tuple of float
        First quartile, median, third quartile, in `unit`.
    unit : str
        Of both.
    aim : float
        The ratio to reach.
    faster : bool
        Whether the ratio is how many times faster ours is (the more the better), or how many
        times the peer's cost ours is (the less the better).
    limit : float or None
        What our median may be at most, in `unit`, besides.
    """

    name: str
    peer: str
    ours: tuple[float, float, float]
    theirs: tuple[float, float, float]
    unit: str
    aim: float
    faster: bool
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """The ratio of the medians."""
        return self.theirs[1] / self.ours[1] if self.faster else self.ours[1] / self.theirs[1]

    @property
    def met(self) -> bool:
        """Whether the aim is met."""
        reached = self.ratio >= self.aim if self.faster else self.ratio <= self.aim
        return reached and (self.limit is None or self.ours[1] < self.limit)

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        aim = f"{'≥' if self.faster else '≤'} {self.aim:g}"
        if self.limit is not None:
            aim += f", < {self.limit:g} {self.unit}"
        return (
            self.name, spread(self.ours, self.unit), self.peer, spread(self.theirs, self.unit),
            f"{self.ratio:.2f}", aim, "yes" if self.met else "NO",
        )  # fmt: skip


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Return first quartile, median and third quartile."""
    if len(values) == 1:
        return (values[0],) * 3
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def in_turn(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    repeats: int,
    scale: float = 1e3,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Time two functions in turn, so that the machine's other work meets both.

    Parameters
    ----------
    ours, theirs : callable
        Called once each a round, after one round to warm up.
    repeats : int
        Rounds.
    scale : float, default 1e3
        From seconds to the unit of the result: milliseconds.
    clock : callable, optional
        Tells the seconds; by default those of a clock on the wall.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for k in range(repeats + 1):
        for function, taken in zip((ours, theirs), times, strict=True):
            begin = clock()
            function()
            if k:
                taken.append((clock() - begin) * scale)
    return quartiles(times[0]), quartiles(times[1])


def spread(values: tuple[float, ...], unit: str) -> str:
    """Return quartiles as text, the median first."""
    low, middle, high = (f"{value:.3g}" for value in values)
    return f"{middle} {unit} ({low}–{high})"
