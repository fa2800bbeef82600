"""Work off the GUI thread: one job at a time, the newest request next."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from gdviz.base.cancel import Cancelled
from gdviz.engine.objectives.code_ref import CANCELLED


class _Job(QRunnable):
    """A function on its way through the thread pool.

    It is handed ``cancelled``, a function that tells whether the result is still wanted.
    """

    class Signals(QObject):
        # Without arguments: queueing a Python object takes the GIL under one of Qt's locks, which
        # a thread that holds the GIL and destroys an object may be waiting for.
        ended = Signal()

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.setAutoDelete(False)  # Python owns it
        self.signals = self.Signals()
        self.result: Any = None
        self.error: Exception | None = None
        self.has_ended = False
        self._is_over = Event()
        self._function = function
        self._cancelled = False

    def cancel(self) -> None:
        self._cancelled = True

    def is_cancelled(self) -> bool:
        return self._cancelled

    def run(self) -> None:
        CANCELLED.set(self.is_cancelled)
        try:
            self.result = self._function(self.is_cancelled)
        except Cancelled:
            self.cancel()
        except Exception as error:
            self.error = error
        self.has_ended = True
        # RuntimeError: the window is gone and took the signals' object along.
        with suppress(RuntimeError):
            self.signals.ended.emit()
        self._is_over.set()

    def wait(self) -> None:
        """Return once it does not run, and never will."""
        if not QThreadPool.globalInstance().tryTake(self):  # it had begun
            self._is_over.wait()


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
        self._job = _Job(function)
        self._job.signals.ended.connect(self._end)
        self._patience.start()
        QThreadPool.globalInstance().start(self._job)

    def _lose_patience(self) -> None:
        if self._waiting is not None and self._job is not None:
            self._job.cancel()
        self._set_busy(True)

    def _end(self) -> None:
        job = self._job
        if job is None or not job.has_ended:
            return  # it was one that stop() had given up
        self._next()
        if job.error is not None:
            self.failed.emit(job.error)
        elif not job.is_cancelled():
            self.done.emit(job.result)

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
