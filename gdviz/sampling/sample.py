"""Sampling itself: blocks of cells go out, coarse to fine, and what comes back goes to the file."""

import math
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait

from gdviz.base.cancel import Cancelled
from gdviz.sampling import blocks
from gdviz.sampling.cells import Indices, Queue
from gdviz.sampling.executors import Workers
from gdviz.sampling.landscape_file import TO_COME, LandscapeFile
from gdviz.sampling.progress import Progress
from gdviz.sampling.subject import Block, Opened, OpeningEnded, Plane, SamplingError, Subject

#: Seconds between two looks at whether the result is still wanted.
_PATIENCE = 0.1
#: Blocks that are out for each worker: one that it computes, and one that it need not wait for.
_AHEAD = 2
#: Cells of a block, however quick they are.
_MOST_CELLS = 4096
#: How often a cell may end its process, alone, until it is known that it does; and how many blocks
#: may end theirs, one after the other, until it is known that it is none of the cells.
_TRIES, _ENDINGS = 2, 12
#: How often a file may end the process that opens it, or the worker that does, until it is known
#: that it is the file, and nobody who killed it.
_OPENINGS = 3


def open_subject(
    subject: Subject, workers: Workers, cancelled: Callable[[], bool] = bool
) -> tuple[Opened, Plane]:
    """Open a file where it is going to be sampled, and find out what that is.

    Parameters
    ----------
    subject : Subject
        The file.
    workers : Workers
        Where.
    cancelled : callable, optional
        Tells whether it is no longer wanted.

    Raises
    ------
    SamplingError
        If it is refused.
    Cancelled
        If `cancelled` said so.
    """
    for tries in range(1, _OPENINGS + 1):
        future = workers.executor.submit(blocks.open_file, subject)
        for _ in range(workers.count() - 1 if tries == 1 else 0):
            workers.executor.submit(blocks.warm_up, subject)
        while not wait([future], _PATIENCE).done:
            if cancelled():
                raise Cancelled
        try:
            return future.result()
        except OpeningEnded as error:
            ending = str(error)
        except workers.lost as error:
            ending = f"the worker that opened {subject.name} ended over it ({type(error).__name__})"
    raise SamplingError(f"{ending}, {_OPENINGS} times")


def fill(
    file: LandscapeFile,
    subject: Subject,
    workers: Workers,
    seconds: float,
    tell: Callable[[Progress], object] = lambda _: None,
    cancelled: Callable[[], bool] = bool,
) -> None:
    """Compute the cells of a file that are still to come.

    Parameters
    ----------
    file : LandscapeFile
        The file.
    subject : Subject
        What is sampled.
    workers : Workers
        What computes it.
    seconds : float
        About what a cell takes.
    tell : callable, optional
        Takes how far it is, after each block.
    cancelled : callable, optional
        Tells whether no more is wanted.

    Raises
    ------
    SamplingError
        If it cannot go on; what was computed is in the file.
    Cancelled
        If `cancelled` said so.
    """
    _Run(file, subject, workers, seconds).go(tell, cancelled)


class _Run:
    """Which cells are out, and what is known about those that come back."""

    def __init__(
        self, file: LandscapeFile, subject: Subject, workers: Workers, seconds: float
    ) -> None:
        self._file, self._subject, self._workers = file, subject, workers
        self._queue = Queue(file.axes.shape, file.state != TO_COME)
        self._seconds = seconds
        self._out: dict[Future[Block], Indices] = {}
        self._tries: Counter[int] = Counter()
        self._endings = 0  # of processes, since a block came back
        self._began, self._new = time.monotonic(), 0

    def go(self, tell: Callable[[Progress], object], cancelled: Callable[[], bool]) -> None:
        total = self._file.state.size
        tell(Progress(total - len(self._queue), total))
        while self._out or len(self._queue):
            if cancelled():
                raise Cancelled
            if why := self._workers.why_gone():
                raise SamplingError(f"{why}; {self._file.how_to_go_on}")
            self._give_out()
            for future in wait(self._out, _PATIENCE, FIRST_COMPLETED).done:
                self._take(future)
                left = len(self._queue) + sum(map(len, self._out.values()))
                pace = (time.monotonic() - self._began) / self._new if self._new else math.nan
                tell(Progress(total - left, total, pace * left))

    def _give_out(self) -> None:
        count = self._workers.count()
        while len(self._queue) and len(self._out) < _AHEAD * count:
            share = math.ceil(len(self._queue) / (_AHEAD * count))
            many = self._workers.seconds / max(self._seconds, 1e-9)
            cells = self._queue.take(int(max(1, min(many, share, _MOST_CELLS))))
            points = self._file.axes.points(cells)
            future = self._workers.executor.submit(blocks.losses, self._subject, points)
            self._out[future] = cells

    def _take(self, future: "Future[Block]") -> None:
        cells = self._out.pop(future)
        try:
            block = future.result()
        except self._workers.lost as error:
            block = Block(ending=f"its worker ended ({type(error).__name__})")
        if block.ending:
            self._take_ending(cells, block)
            return
        self._endings, self._new = 0, self._new + len(cells)
        self._seconds = block.seconds / len(cells)
        self._file.write(cells, block.values, block.reasons or {})

    def _take_ending(self, cells: Indices, block: Block) -> None:
        """Give out cells again whose process has ended, until one is known to do that."""
        ending = block.ending
        self._endings += 1
        if self._endings >= _ENDINGS:
            raise SamplingError(
                f"{ending} {self._endings} times, one after the other, so it was given up: fewer "
                f"--workers need less memory; {self._file.how_to_go_on}",
                about="workers",
            )
        if len(cells) == 1 and block.is_theirs:
            cell = int(cells[0])
            self._tries[cell] += 1
            if self._tries[cell] >= _TRIES:
                self._file.write(cells, [math.nan], {0: ending})
                return
        self._queue.put_back(cells)
