"""Work off the GUI thread: what is computed, how requests follow each other, what becomes of it."""

import logging
import os
import time
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import Enum
from functools import cache, partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from shiboken6 import isValid

from gdviz.base.cancel import Cancelled
from gdviz.base.input_error import InputError

logger = logging.getLogger(__name__)

# Python's own threads: PySide hands a QRunnable over to C++ and never lets go of one that C++ does
# not delete itself, so that each would stay alive with its result. They are also joined before
# PySide deletes the QObjects at exit.
# On few processors there are more threads than these: the next picture must not wait for a sweep.
_POOL = ThreadPoolExecutor(max(4, os.cpu_count() or 1), thread_name_prefix="gdviz")
# What waits for a drive has as many as it takes: one that is gone keeps its thread for good.
_DRIVES = ThreadPoolExecutor(1000, thread_name_prefix="gdviz-drive")
_PROGRESS = 0.05  #: seconds between two words on how far a job is
#: Seconds for which a task that is stopped waits: until what was given up looks whether it is still
#: wanted, and until the rest is finished. What takes longer hangs, as on a drive that is gone.
ENDING, FINISHING = 5.0, 20.0

#: What was given up and goes on: see :func:`is_anything_left`.
_LEFT: "weakref.WeakSet[Future[Any]]" = weakref.WeakSet()


#: What takes a result: a slot, or a signal that passes it on.
Taker = Callable[[Any], object] | SignalInstance


def is_anything_left() -> bool:
    """Tell whether something that was given up hangs: the end of the program would wait for it."""
    return bool(wait(_LEFT, ENDING).not_done)


class Newer(Enum):
    """What a request does to the one before it that still runs."""

    OVERTAKES = "it ends within `patience_ms`: a drag shows results on the way"
    REPLACES = "it is given up at once"
    QUEUES = "it is finished, and so is everything that waits"


class Job:
    """One call of a task's function, which is handed the job; runs in a thread of the pool.

    Whoever lets go of it last destroys what it holds, which may be that thread: neither arguments
    nor results may hold a QObject.

    Attributes
    ----------
    part_done : float
        From 0 to 1, as the function says.
    has_reported : bool
        Whether there was a partial result.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        self.part_done = 0.0
        self.has_reported = False
        self.reports: deque[Any] = deque(maxlen=1)  # the newest that nobody has looked at
        self._is_cancelled = False
        self._wake = wake
        self._told_at = time.monotonic()

    def cancel(self) -> None:
        """Say that the result is no longer wanted."""
        self._is_cancelled = True

    def cancelled(self) -> bool:
        """Tell the function whether the result is no longer wanted."""
        return self._is_cancelled

    def report(self, result: Any) -> None:
        """Hand over a partial result; one that comes before the last was looked at replaces it."""
        self.reports.append(result)
        self._wake()

    def progress(self, part: float) -> None:
        """Say which part of the work is done, from 0 to 1; as often as the function likes."""
        self.part_done = part
        now = time.monotonic()
        if now - self._told_at >= _PROGRESS:
            self._told_at = now
            self._wake()

    def run(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Return ``function(self, *arguments)``; nothing where that raises Cancelled."""
        try:
            return function(self, *arguments)
        except Cancelled:
            self.cancel()


class Task(QObject):
    """Calls one function in the background, for one request after the other.

    Parameters
    ----------
    function : callable
        ``function(job, *arguments)`` returns a result. It asks ``job.cancelled()``, and may call
        ``job.report(partial_result)`` and ``job.progress(part)``, see :class:`Job`.
    done : callable
        Takes a result. Not called for a job that was cancelled.
    failed : callable
        Takes an exception that the function raised, but not :class:`~gdviz.base.cancel.Cancelled`.
    reported : callable, optional
        Takes the newest partial result.
    newer : Newer, default OVERTAKES
        What a request does to the one before it.
    pause_ms : int, default 0
        Milliseconds for which nothing more is asked for until a job begins.
    patience_ms : int, default 250
        Milliseconds after which a job takes long: it gives way to one that overtakes it, and the
        task is busy. One that has reported a partial result gives way at once.
    waits_for_drive : bool, default False
        Whether the function only asks what is at a path, or reads it: where the drive never
        answers, it takes no thread from what computes, and :meth:`stop` does not wait for it.
    parent : QObject, optional

    Attributes
    ----------
    busy_changed : Signal(bool)
        A job has been running for `patience_ms`, or no longer runs.
    ended : Signal()
        Nothing runs or waits any more; it comes before the last result or failure.
    progressed : Signal(float)
        Which part of the work is done.
    """

    done = Signal(object)
    failed = Signal(object)
    reported = Signal(object)
    progressed = Signal(float)
    busy_changed = Signal(bool)
    ended = Signal()

    def __init__(
        self,
        function: Callable[..., Any],
        done: Taker,
        failed: Taker,
        *,
        reported: Taker | None = None,
        newer: Newer = Newer.OVERTAKES,
        pause_ms: int = 0,
        patience_ms: int = 250,
        waits_for_drive: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pool = _DRIVES if waits_for_drive else _POOL
        self.pause_ms = pause_ms
        self._function, self._newer = function, newer
        self._asked: tuple[Any, ...] | None = None
        self._waiting: deque[tuple[Any, ...]] = deque()
        self._job: Job | None = None
        self._future: Future[Any] | None = None
        self._is_busy = self._is_over = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._begin)
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._lose_patience)
        self.done.connect(done)
        self.failed.connect(failed)
        if reported is not None:
            self.reported.connect(reported)

    def request(self, *arguments: Any) -> None:
        """Ask for a result; of the requests that wait for the running job only the last is kept."""
        if self._is_over:
            return
        if self._newer is not Newer.QUEUES:
            self._waiting.clear()
        self._waiting.append(arguments)
        if self._newer is Newer.REPLACES and self._job is not None:
            self._job.cancel()
        if self.pause_ms:
            self._pause.start(self.pause_ms)
        else:
            self._begin()

    def ask(self, *arguments: Any) -> bool:
        """Ask for a result unless it was asked for last, and not given up since.

        Parameters
        ----------
        *arguments
            They are kept, and compared with those of the last time: without nan.

        Returns
        -------
        bool
            Whether it is asked for now.
        """
        if arguments == self._asked:
            return False
        self.request(*arguments)
        self._asked = arguments
        return True

    def is_running(self) -> bool:
        """Return whether a job runs, waits or is about to begin."""
        return self._job is not None or bool(self._waiting)

    @property
    def part_done(self) -> float:
        """Which part of the running job is done, from 0 to 1."""
        return self._job.part_done if self._job is not None else 0.0

    def cancel(self) -> bool:
        """Give up what runs and what waits; return whether there was anything."""
        was_running = self.is_running()
        self._asked = None
        self._pause.stop()
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()
        return was_running

    def wait(self, seconds: float | None = None) -> None:
        """Block until the running job has ended, or for so long, and take what it has to say."""
        if self._future is not None:
            wait([self._future], seconds)
            self.look()

    def abandon(self) -> None:
        """Give up what runs and what waits, and go on without it: it may hang."""
        self.cancel()
        self._patience.stop()
        if self._future is not None:
            _LEFT.add(self._future)
        self._job = self._future = None
        self._set_busy(False)
        self.ended.emit()

    def stop(self) -> None:
        """Take nothing more, for good, and return once nothing runs any more, or what runs hangs.

        What runs and what waits is given up, but finished where requests queue.
        """
        queues = self._newer is Newer.QUEUES
        queue = [*self._waiting] if queues else []
        self.cancel()
        self._is_over = True
        self._patience.stop()
        running = self._future
        if running is not None and self._pool is _DRIVES:  # nobody needs its answer
            _LEFT.add(running)
            running = None
        elif running is not None and not queues and running.cancel():  # it had not begun
            running = None
        futures = [] if running is None else [running]
        deadline = time.monotonic() + (FINISHING if queues else ENDING)
        while futures:
            _, left = wait(futures, max(0.0, deadline - time.monotonic()))
            if left:
                logger.error("%s hangs", self._function.__qualname__)
                _LEFT.update(left)
                break
            futures = [_POOL.submit(Job().run, self._function, queue.pop(0))] if queue else []
        self._job = self._future = None

    def look(self) -> None:
        """Take what the job has to say, and its result if it has ended."""
        job, future = self._job, self._future
        if job is None or future is None:
            return  # it was one that stop() had given up
        has_ended = future.done()  # before its last report is taken
        if not job.cancelled():
            self.progressed.emit(job.part_done)
            if job.reports:
                job.has_reported = True
                self.reported.emit(job.reports.pop())
            self._give_way()
        if has_ended and job is self._job:
            self._end(job, future)

    def _begin(self) -> None:
        """Begin what waits, as soon as nothing runs."""
        if self._job is not None:
            self._give_way()
        elif self._waiting and not self._pause.isActive():
            wake = partial(_courier().carry, weakref.ref(self))
            self._job = job = Job(wake)
            self._future = self._pool.submit(job.run, self._function, self._waiting.popleft())
            self._future.add_done_callback(wake)
            if self._patience.interval():
                self._patience.start()
            else:  # also where it ends, cancelled, before a timer would
                self._set_busy(True)
        else:
            self._set_busy(False)

    def _give_way(self) -> None:
        """Give the running job up for one that overtakes it, once it has had its chance."""
        job = self._job
        if job is None or not self._waiting or self._newer is not Newer.OVERTAKES:
            return
        if job.has_reported or not self._patience.isActive():
            job.cancel()

    def _lose_patience(self) -> None:
        self._give_way()
        self._set_busy(True)

    def _end(self, job: Job, future: Future[Any]) -> None:
        self._job = self._future = None
        self._patience.stop()
        if job.cancelled() and not self._waiting:
            self._asked = None
        self._begin()
        if not self.is_running():
            self.ended.emit()
        if error := future.exception():
            # What is refused is told to the person, and is no fault of the program.
            level = logging.INFO if isinstance(error, InputError) else logging.ERROR
            logger.log(level, "%s failed", self._function.__qualname__, exc_info=error)
            self.failed.emit(error)
        elif not job.cancelled():
            self.done.emit(future.result())

    def _set_busy(self, is_busy: bool) -> None:
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self.busy_changed.emit(is_busy)


class _Courier(QObject):
    """Has tasks look at their jobs, in the GUI thread; lives as long as the program.

    One in each turn of the event loop: keys, the mouse and painting wait for one result at most,
    however many come at once.
    """

    # Without arguments: queueing a Python object takes the GIL under one of Qt's locks, which a
    # thread that holds the GIL and destroys an object may be waiting for.
    _arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tasks: deque[weakref.ref[Task]] = deque()
        self._arrived.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        # Without a pause, and yet once in a turn, which what is posted is not.
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._deliver)

    def carry(self, task: "weakref.ref[Task]", _future: Future[Any] | None = None) -> None:
        """Take word for a task; in the thread that its job runs in."""
        self._tasks.append(task)
        self._arrived.emit()

    def _begin(self) -> None:
        if not self._next.isActive():
            self._deliver()

    def _deliver(self) -> None:
        if not self._tasks:
            return
        task = self._tasks.popleft()()
        if self._tasks:  # before the task may open a dialog, in which the others go on
            self._next.start()
        if task is not None and isValid(task):
            task.look()


@cache
def _courier() -> _Courier:
    return _Courier()
