"""An animation as a file: whole or not at all, with what it will cost told before."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gdviz.base.cancel import Cancelled, no_progress
from gdviz.base.files import new_file
from gdviz.export.animation.drawer import FrameDrawer
from gdviz.export.animation.formats import Reel, animation_format, fitted
from gdviz.export.animation.pixels import Pixels
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import Plan
from gdviz.scene.animation.motion import Motion

#: Eight by six inches at 100 dpi: 800 × 600 pixels.
USUAL = FigureOptions(dpi=100.0)
#: Frames that are drawn for the colours that all share.
_SAMPLED = 3
#: At how many places an estimate looks.
_PLACES = 3


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


def save_animation(
    plan: Plan,
    path: str | os.PathLike[str],
    options: FigureOptions = USUAL,
    motion: Motion = Motion(),  # noqa: B008 - frozen
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
) -> None:
    """Write an animation; frames are drawn, compressed and written one after the other.

    Parameters
    ----------
    plan : Plan
        What it shows.
    path : path-like
        The file; its ending, .gif, .mp4, .webm, .webp or .apng, decides the format.
    options : FigureOptions, optional
        Size, resolution, panels and theme; by default 800 × 600 pixels.
    motion : Motion, optional
        How fast it goes.
    progress : callable, optional
        Told which part is done, from 0 to 1.
    cancelled : callable, optional
        Asked before each frame; when it returns True the work ends.

    Raises
    ------
    AnimationError
        If the format is none, lacks something that has to be installed, or cannot be that large.
    OSError
        If the file cannot be written. If there was one, it is then as it was, as after Cancelled.
    Cancelled
        If `cancelled` said so.
    """
    writer = _Writer(plan, path, options, motion, cancelled)
    with new_file(path) as temporary:
        writer.write(temporary, range(len(plan)), progress)


@dataclass(frozen=True, eq=False)
class FirstFrame:
    """The first frame of an animation.

    Attributes
    ----------
    pixels : ndarray, shape (height, width)
        The frame.
    map_box : (float, float, float, float) or None
        Where the map is: left, top, right and bottom in pixels; None in three dimensions.
    """

    pixels: Pixels
    map_box: tuple[float, float, float, float] | None


def first_frame(plan: Plan, options: FigureOptions = USUAL) -> FirstFrame:
    """Draw the first frame.

    Parameters
    ----------
    plan : Plan
        What the animation shows.
    options : FigureOptions, optional
        Size, resolution, panels and theme.
    """
    drawer = FrameDrawer(plan, options)
    return FirstFrame(drawer.draw(plan.frame(0)), drawer.map_box)


def estimated(
    plan: Plan,
    path: str | os.PathLike[str],
    options: FigureOptions = USUAL,
    motion: Motion = Motion(),  # noqa: B008 - frozen
    cancelled: Callable[[], bool] = bool,
) -> Cost:
    """Estimate what an animation will take, by writing a few short pieces of it.

    Parameters
    ----------
    plan, path, options, motion, cancelled
        As for :func:`save_animation`; nothing is written to the path.

    Raises
    ------
    AnimationError
        As :func:`save_animation`.
    Cancelled
        If `cancelled` said so.
    """
    begun = time.perf_counter()
    writer = _Writer(plan, path, options, replace(motion, pause=0.0), cancelled)
    total, run = len(plan), writer.format.run
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "piece")

        def cost(frames: Sequence[int]) -> tuple[int, float]:
            before = time.perf_counter()
            writer.write(file, frames)
            return len(file.read_bytes()), time.perf_counter() - before

        first, _ = cost([0])
        began = time.perf_counter() - begun
        frames, grown, seconds = 0, 0, 0.0
        for low in plan.some(_PLACES + 1)[:-1]:
            high = min(low + run, total)
            (one, before), (many, after) = cost([low]), cost(range(low, high))
            frames, grown = frames + high - low - 1, grown + many - one
            seconds += after - before
    rest = (total - 1) / max(frames, 1)
    return Cost(round(first + max(grown, 0) * rest), began + max(seconds, 0.0) * rest)


class _Writer:
    """Writes frames of a plan, as many and as often as wanted, in the same colours.

    Parameters
    ----------
    plan, path, options, motion, cancelled
        As for :func:`save_animation`.
    """

    def __init__(
        self,
        plan: Plan,
        path: str | os.PathLike[str],
        options: FigureOptions,
        motion: Motion,
        cancelled: Callable[[], bool],
    ) -> None:
        self.format = animation_format(path)
        self._plan, self._motion, self._cancelled = plan, motion, cancelled
        self._drawer = FrameDrawer(plan, fitted(options, path)[0])
        self._sample: list[Pixels] = []

    def write(
        self, path: Path, places: Sequence[int], progress: Callable[[float], None] = no_progress
    ) -> None:
        """Write some frames to a file.

        Parameters
        ----------
        path : Path
            The file, whatever its name ends in.
        places : sequence of int
            Which frames of the plan.
        progress : callable, optional
            Told which part is done, from 0 to 1.
        """
        sample = self._sample = self._sample or [self._draw(k) for k in self._plan.some(_SAMPLED)]
        height, width = sample[0].shape
        reel = Reel((width, height), len(places), self._motion, sample, self._cancelled)
        self.format.write(path, self._drawn(path, places, progress), reel)

    def _drawn(
        self, path: Path, places: Sequence[int], progress: Callable[[float], None]
    ) -> Iterator[Pixels]:
        for k, place in enumerate(places):
            yield self._draw(place)
            with suppress(OSError):
                os.utime(path)  # so that nobody takes it for left behind
            progress((k + 1) / len(places))

    def _draw(self, place: int) -> Pixels:
        if self._cancelled():
            raise Cancelled
        return self._drawer.draw(self._plan.frame(place, self._cancelled))
