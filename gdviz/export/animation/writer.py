"""Frames of a plan into a file of a format, as many as wanted, in the same colours."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from gdviz.base.cancel import Cancelled, no_progress
from gdviz.export.animation.drawer import FrameDrawer
from gdviz.export.animation.formats import Reel, animation_format, fitted
from gdviz.export.animation.pixels import Pixels
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import Plan
from gdviz.scene.animation.motion import Motion

#: Frames that are drawn for the colours that all share.
_SAMPLED = 3


class Writer:
    """Writes frames of a plan, as many and as often as wanted, in the same colours.

    Parameters
    ----------
    plan : Plan
        What they show.
    path : path-like
        A file whose name ends as the format's do.
    options : FigureOptions
        Size, resolution, panels and theme.
    motion : Motion
        How fast they go.
    cancelled : callable
        Asked before each frame; when it returns True the work ends with Cancelled.
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
        self._drawer = FrameDrawer(plan, fitted(options, path)[0], cancelled)
        self._sample: list[Pixels] = []

    def write(self, path: Path, progress: Callable[[float], None] = no_progress) -> None:
        """Write all frames to a file.

        Parameters
        ----------
        path : Path
            The file, whatever its name ends in.
        progress : callable, optional
            Told which part is done, from 0 to 1.
        """
        places = range(len(self._plan))
        reel = self._reel(len(places))
        self.format.write(path, self._drawn(path, places, progress), reel)

    def sizes(self, path: Path, places: Sequence[int]) -> list[int]:
        """Return what some frames take in such a file; those that are like others may be missing.

        Parameters
        ----------
        path : Path
            A file to find that out in.
        places : sequence of int
            Which frames of the plan.
        """
        reel = self._reel(len(places))
        return self.format.sizes(path, self._drawn(path, places, no_progress), reel)

    def _reel(self, count: int) -> Reel:
        if not self._sample:
            self._sample = [self._draw(k) for k in self._plan.some(_SAMPLED)]
        height, width = self._sample[0].shape
        return Reel((width, height), count, self._motion, self._sample, self._cancelled)

    def _drawn(
        self, path: Path, places: Sequence[int], progress: Callable[[float], None]
    ) -> Iterator[Pixels]:
        last: tuple[int, Pixels] | None = None
        for k, place in enumerate(places):
            if last is None or not self._plan.are_alike(last[0], place):
                last = place, self._draw(place)
            yield last[1]
            with suppress(OSError):
                os.utime(path)  # so that nobody takes it for left behind
            progress((k + 1) / len(places))

    def _draw(self, place: int) -> Pixels:
        if self._cancelled():
            raise Cancelled
        return self._drawer.draw(self._plan.frame(place, self._cancelled))
