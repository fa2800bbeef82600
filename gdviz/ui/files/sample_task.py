"""Sampling in the background: what the window is shown of it while it goes on."""

import time
from dataclasses import dataclass

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.sampling.cells import as_picture
from gdviz.sampling.landscape_file import NO_LOSS, LandscapeFile
from gdviz.sampling.progress import Progress
from gdviz.sampling.request import Request, Sampled, sample
from gdviz.ui.tasks.task import Job

#: Seconds between two pictures.
_PICTURE = 0.2


@dataclass(frozen=True, eq=False)
class Seen:
    """What there is so far.

    Attributes
    ----------
    progress : Progress
        How far it is.
    losses : ndarray, shape (ny, nx)
        As a picture: without gaps, but where there is no loss.
    extent : Range
        From the first points of the axes to the last ones.
    """

    progress: Progress
    losses: Array
    extent: Range


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
        losses = as_picture(self._file.losses())
        losses[(self._file.state == NO_LOSS).reshape(losses.shape)] = np.nan
        self._job.report(Seen(progress, losses, self._file.axes.extent))
        self._shown = time.monotonic()
