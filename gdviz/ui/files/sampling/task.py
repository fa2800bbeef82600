"""Sampling in the background: what the window is shown of it while it goes on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.base.files import file_type
from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.sampling.cells import as_picture
from gdviz.sampling.landscape_file import NO_LOSS, TO_COME, LandscapeFile, reopen
from gdviz.sampling.progress import Progress
from gdviz.sampling.request import Request, Sampled, sample
from gdviz.sampling.subject import SamplingError
from gdviz.ui.tasks.task import Job

#: Seconds between two pictures.
_PICTURE = 0.2
#: The index of the colour of cells without a loss.
HOLE = 256


@dataclass(frozen=True)
class Begun:
    """What there is of a landscape.

    Attributes
    ----------
    shape : (int, int)
        Points along a and along b.
    done : int
        Cells that are computed.
    """

    shape: tuple[int, int]
    done: int

    @classmethod
    def of(cls, file: LandscapeFile) -> "Begun":
        """Return it of a file that is open."""
        return cls(file.axes.shape, int(np.count_nonzero(file.state != TO_COME)))

    @property
    def cells(self) -> int:
        """How many it will have."""
        return self.shape[0] * self.shape[1]

    @property
    def finer(self) -> tuple[int, int]:
        """Points of a grid that is twice as fine, or of this one where there is no such."""
        nx, ny = (2 * n - 1 for n in self.shape)
        return (nx, ny) if max(nx, ny) <= MAX_POINTS else self.shape


@dataclass(frozen=True, eq=False)
class Seen:
    """What there is so far.

    Attributes
    ----------
    progress : Progress
        How far it is.
    shape : (int, int)
        Points along a and along b.
    colors : ndarray of uint16, shape (ny, nx), or None
        As a picture: the colour of each cell, from 0 to 255, without gaps, and `HOLE` where there
        is no loss. None while nothing is known.
    scale : ColorScale or None
        What the colours stand for.
    extent : Range
        From the first points of the axes to the last ones.
    """

    progress: Progress
    shape: tuple[int, int]
    colors: NDArray[np.uint16] | None
    scale: ColorScale | None
    extent: Range


@dataclass(frozen=True, eq=False)
class Found:
    """What stands where a landscape is to be.

    Attributes
    ----------
    path : Path
        Where.
    is_there : bool
        Whether anything does.
    begun : Begun or None
        What there is of a landscape; None where there is none that can be gone on with.
    error : SamplingError or None
        Why what is there cannot be.
    """

    path: Path
    is_there: bool
    begun: Begun | None = None
    error: SamplingError | None = None


def ask(_job: Job, question: Callable[[Path], Found], path: Path) -> Found:
    """Return what a question about a path is answered with, in the background."""
    return question(path)


def look_at(path: Path) -> Found:
    """Return what stands at a path."""
    if file_type(path) == "absent":
        return Found(path, False)
    try:
        with reopen(path) as file:
            return Found(path, True, Begun.of(file))
    except SamplingError as error:
        return Found(path, True, error=error)


def free_name(path: Path) -> Found:
    """Return a name for the landscape beside a file that nothing has yet."""
    found, number = path.with_suffix(".h5"), 2
    while file_type(found) != "absent":
        found, number = path.with_name(f"{path.stem}-{number}.h5"), number + 1
    return Found(found, False)


def sample_request(job: Job, request: Request) -> Sampled:
    """Sample a person's loss; partial results are what is seen of it."""
    return sample(request, (view := _View(job)).tell, job.cancelled, view.begin)


class _View:
    """Reports what the file holds, not too often."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._file: LandscapeFile | None = None
        self._shown = 0.0

    def begin(self, file: LandscapeFile) -> None:
        self._file = file

    def tell(self, progress: Progress) -> None:
        self._job.progress(progress.done / progress.total)
        is_over = progress.done == progress.total
        if self._file is None or not (is_over or time.monotonic() - self._shown > _PICTURE):
            return
        self._job.report(_seen(progress, self._file))
        self._shown = time.monotonic()


def _seen(progress: Progress, file: LandscapeFile) -> Seen:
    losses = as_picture(file.losses())
    losses[(file.state == NO_LOSS).reshape(losses.shape)] = np.nan
    shape, extent = file.axes.shape, file.axes.extent
    if not np.isfinite(losses).any():
        return Seen(progress, shape, None, None, extent)
    scale = ColorScale.fit(losses)
    places = scale.place(losses)
    colors = (np.nan_to_num(places) * 255).astype(np.uint16)
    colors[np.isnan(places)] = HOLE
    return Seen(progress, shape, colors, scale, extent)
