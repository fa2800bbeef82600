"""Work off the GUI thread: one job at a time, the newest request next."""

import os
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache, partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from gdviz.base.cancel import Cancelled
from gdviz.engine.objectives.code_ref import CANCELLED

# Python's own threads: PySide hands a QRunnable over to C++ and never lets go of one that C++ does
# not delete itself, so that each would stay alive with its result. They are also joined before
# PySide deletes the QObjects at exit.
_POOL = ThreadPoolExecutor(max(2, os.cpu_count() or 1), thread_name_prefix="gdviz")


class _Job:
    """A function on its way through the pool.

    It is handed ``cancelled``, a function that tells whether the result is still wanted. Whoever
    lets go of it last destroys what it holds, which may be a thread of the pool: no QObject.
    """

    def __init__(self, worker: "Worker", function: Callable[..., Any]) -> None:
        self._cancelled = False
        self.future: Future[Any] = _POOL.submit(self._run, function)
        # Not the job: the future, which it holds, keeps its callbacks.
        self.future.add_done_callback(partial(_courier().carry, weakref.ref(worker)))

    def cancel(self) -> None:
        self._cancelled = True

    def is_cancelled(self) -> bool:
        return self._cancelled

    def wait(self) -> None:
        """Return once it does not run, and never will."""
        if not self.future.cancel():  # it had begun
            wait([self.future])

    def _run(self, function: Callable[..., Any]) -> Any:
        token = CANCELLED.set(self.is_cancelled)
        try:
            return function(self.is_cancelled)
        except Cancelled:
            self.cancel()
        finally:
            CANCELLED.reset(token)  # else the thread would keep the job


class _Courier(QObject):
    """Tells workers, in the GUI thread, that a job has ended; lives as long as the program."""

    # Without arguments: queueing a Python object takes the GIL under one of Qt's locks, which a
    # thread that holds the GIL and destroys an object may be waiting for.
    _arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._workers: deque[weakref.ref[Worker]] = deque()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def carry(self, worker: "weakref.ref[Worker]", _future: Future[Any]) -> None:
        """Take word for a worker; in the thread that its job ran in."""
        self._workers.append(worker)
        self._arrived.emit()

    def _deliver(self) -> None:
        while self._workers:
            worker = self._workers.popleft()()
            if worker is not None and isValid(worker):
                worker.look()


@cache
def _courier() -> _Courier:
    return _Courier()


class Worker(QObject):
    """Runs one function at a time in the thread pool.

    A request made while one runs waits, and replaces one that waited before it. The running job
    is told to stop only after `patience` milliseconds, so that a stream of requests (a drag)
    still shows results on the way.

    Attributes
    ----------
    done : Signal(object)
        A result. Not emitted for a job that was cancelled.
    failed : Signal(object)
        An exception that is not :class:`~gdviz.engine.descent.descend.Cancelled`.
    busy_changed : Signal(bool)
        A job has been running for `patience`, or no longer runs.
    """

    done = Signal(object)
    failed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, patience: int = 250, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: _Job | None = None
        self._waiting: Callable[..., Any] | None = None
        self._busy = False
        self._patience = QTimer(self, singleShot=True, interval=patience)
        self._patience.timeout.connect(self._lose_patience)

    def is_running(self) -> bool:
        """Return whether a job runs or waits."""
        return self._job is not None

    def request(self, function: Callable[..., Any]) -> None:
        """Run ``function(cancelled)``, after the job that runs now."""
        if self._job is None:
            self._start(function)
            return
        self._waiting = function
        if not self._patience.isActive():
            self._job.cancel()

    def cancel(self) -> None:
        """Give up the running job and the waiting one."""
        self._waiting = None
        if self._job is not None:
            self._job.cancel()

    def stop(self) -> None:
        """Give up everything, and return once nothing of it runs any more."""
        self.cancel()
        self._patience.stop()
        if self._job is not None:
            self._job.wait()
        self._job = None

    def _start(self, function: Callable[..., Any]) -> None:
        self._patience.start()
        self._job = _Job(self, function)

    def _lose_patience(self) -> None:
        if self._waiting is not None and self._job is not None:
            self._job.cancel()
        self._set_busy(True)

    def look(self) -> None:
        """Take the result of the job if it has ended."""
        job = self._job
        if job is None or not job.future.done():
            return  # it was one that stop() had given up
        self._next()
        if error := job.future.exception():
            self.failed.emit(error)
        elif not job.is_cancelled():
            self.done.emit(job.future.result())

    def _next(self) -> None:
        self._job = None
        self._patience.stop()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._start(waiting)
        else:
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
