"""What an animation will take, told before: size and time, from a few frames of it."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gdviz.export.animation.save import USUAL
from gdviz.export.animation.writer import Writer
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import Plan
from gdviz.scene.animation.motion import Motion

#: At how many places an estimate looks, and at how many frames that are the same.
_PLACES, _STILLS = 5, 8


@dataclass(frozen=True)
class Cost:
    """What an animation will take, about.

    Attributes
    ----------
    bytes : int
        On the disk.
    seconds : float
        Until it is written.
    """

    bytes: int
    seconds: float


def estimated(
    plan: Plan,
    path: str | os.PathLike[str],
    options: FigureOptions = USUAL,
    motion: Motion = Motion(),  # noqa: B008 - frozen
    cancelled: Callable[[], bool] = bool,
) -> Cost:
    """Estimate what an animation will take, by encoding a few short pieces of it.

    Parameters
    ----------
    plan, path, options, motion, cancelled
        As for :func:`~gdviz.export.animation.save.save_animation`; nothing is written to the path.

    Raises
    ------
    AnimationError
        As :func:`~gdviz.export.animation.save.save_animation`.
    Cancelled
        If `cancelled` said so.
    """
    begun = time.perf_counter()
    writer = Writer(plan, path, options, motion, cancelled)
    total = len(plan)
    # Of few steps, many frames show the same.
    changes = [k for k in range(total) if not k or not plan.are_alike(k - 1, k)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "piece")

        def piece(places: Sequence[int]) -> _Piece:
            before = time.perf_counter()
            sizes = writer.sizes(file, places)
            return _Piece(sizes, len(places) - 1, time.perf_counter() - before)

        piece(changes[:1])  # lays out the figure, and finds the colours
        began = time.perf_counter() - begun
        alone = piece(changes[:1])
        still = piece(changes[:1] * (1 + _STILLS))
        shown = total + motion.repeats()  # of a video; elsewhere, what does not change is nothing
        size = still.bytes_each * (shown - len(changes))
        seconds = still.seconds_each(alone) * (total - len(changes))
        whole = alone.sizes[0]
        for places, stands_for in _runs(changes, writer.format.run):
            found = piece(places)
            whole = max(whole, found.sizes[0])  # what others tell by is stored better
            size += found.bytes_each * stands_for
            seconds += found.seconds_each(alone) * stands_for
    return Cost(round(writer.format.wholes(shown) * whole + size), began + seconds)


@dataclass(frozen=True)
class _Piece:
    """A few frames in a row, encoded.

    Parameters
    ----------
    sizes : list of int
        What those took that are unlike the ones before, in bytes; the first one is whole.
    others : int
        How many there were but the first.
    seconds : float
        How long it took.
    """

    sizes: list[int]
    others: int
    seconds: float

    @property
    def bytes_each(self) -> float:
        """What each but the first took."""
        return sum(self.sizes[1:]) / self.others

    def seconds_each(self, alone: "_Piece") -> float:
        """Return how long each but the first took, where one was encoded alone as well."""
        return max(self.seconds - alone.seconds, 0.0) / self.others


def _runs(changes: Sequence[int], run: int) -> Iterator[tuple[Sequence[int], float]]:
    """Yield a few frames in a row from each of equal parts, and how many changes they stand for.

    Parameters
    ----------
    changes : sequence of int
        The frames that show something else than those before them, and the first.
    run : int
        How many in a row.
    """
    many = len(changes) - 1
    if many <= _PLACES * (run - 1):
        yield changes, many
        return
    share = many / _PLACES
    for k in range(_PLACES):
        low = round((k + 0.5) * share - (run - 1) / 2)
        yield changes[low : low + run], share
