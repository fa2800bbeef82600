"""A person's own Python code, run in a process of its own: the parent's side.

Code may hang, crash or exit, and only a process can be stopped from outside. The code is what the
file held when it was opened: a file that changes later is another one.
"""

import hashlib
import math
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.format import printable
from gdviz.base.types import Array
from gdviz.engine.objectives.code_ref import GRADIENT, Code, CodeError
from gdviz.engine.objectives.code_worker import NUMBERS, serve

#: Seconds that a call may take.
LIMIT = 5.0
#: Seconds that the loading of a file may take: it may import much.
LOADING_LIMIT = 30.0
#: Seconds beyond these until a process that does not even say so is killed.
GRACE = 1.0
#: Seconds that a new process may take to import NumPy and us.
_STARTUP = 30.0
#: Seconds between two looks at whether the result is still wanted.
_PATIENCE = 0.05
#: Seconds in which a call that is no longer wanted may end: a process takes as long to start.
_LEISURE = 0.5
#: How processes are started: anew, with nothing of the window in them.
CONTEXT = multiprocessing.get_context("spawn")


class CodeProcess:
    """A process that has loaded a file, and evaluates it: see :func:`open_code`.

    It ends with the program, or when the last who holds it lets go of it; if it ends otherwise, it
    is started anew by the next call.

    Parameters
    ----------
    path : Path
        The file.
    source : bytes
        What it holds.
    limit, loading_limit : float
        Seconds that a call, and the loading of the file, may take.

    Attributes
    ----------
    code : Code
        What an experiment refers to it by, once it was started.
    calls : int
        How many have been answered.
    """

    def __init__(
        self,
        path: Path,
        source: bytes,
        limit: float = LIMIT,
        loading_limit: float = LOADING_LIMIT,
    ) -> None:
        self._path = path
        self._source = source
        self._limits = limit, loading_limit
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._interrupts = 0
        self._has_gradient = False
        self.code = Code(str(path), hashlib.sha256(source).hexdigest())
        self.calls = 0

    def start(self, cancelled: Callable[[], bool] = bool) -> None:
        """Run the file for the first time.

        Raises
        ------
        CodeError
            If it cannot be loaded, with the line.
        Cancelled
            If `cancelled` said so.
        """
        with self._wanted(cancelled) as is_over:
            self._started(is_over)
        self.code = replace(self.code, has_gradient=self._has_gradient)

    def call(self, kind: int, a: Array, b: Array, cancelled: Callable[[], bool] = bool) -> Array:
        """Return ``loss`` (n,) or ``gradient`` (2, n) at n points, in the coordinates' type.

        Parameters
        ----------
        kind : {VALUE, GRADIENT}
            Which of the two, as code_ref numbers them.
        a, b : ndarray, shape (n,)
            The points' coordinates, float64 or float32.
        cancelled : callable, optional
            Tells whether the result is no longer wanted. It is asked around each call of code: a
            single one may take longer than a whole path of a formula.

        Raises
        ------
        CodeError
            If the code raises, takes too long or returns something else, with the line.
        Cancelled
            If :meth:`interrupt` was called meanwhile, or `cancelled` said so.
        """
        real = a.dtype
        with self._wanted(cancelled) as is_over:
            connection = self._started(is_over)
            with suppress(BrokenPipeError, ConnectionError):  # then there is no reply, either
                connection.send_bytes(bytes([kind, real.itemsize]) + a.tobytes() + b.tobytes())
            numbers = np.frombuffer(self._reply(self._limits[0], is_over), real)
            self.calls += 1
            return numbers.reshape(2, -1) if kind == GRADIENT else numbers

    def interrupt(self) -> None:
        """Make the call that runs raise Cancelled; the next one starts the code again."""
        self._interrupts += 1

    def stop(self) -> None:
        """End the process, for good or until the next call."""
        self.interrupt()
        with self._lock:
            self._kill()

    @contextmanager
    def _wanted(self, cancelled: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
        """Hold the lock, and hand out what tells whether the reply is no longer waited for."""
        interrupts = self._interrupts  # from here on: a call that still waits is given up as well
        unwanted_since = math.inf

        def is_over() -> bool:
            nonlocal unwanted_since
            if cancelled():
                unwanted_since = min(unwanted_since, time.monotonic())
            return self._interrupts != interrupts or time.monotonic() > unwanted_since + _LEISURE

        with self._lock:
            if self._interrupts != interrupts or cancelled():
                raise Cancelled
            try:
                yield is_over
            except BaseException:
                self._kill()  # its replies can no longer be told apart
                raise

    # -- under the lock

    def _started(self, is_over: Callable[[], bool]) -> Connection:
        if self._connection is not None and self._process is not None:
            if self._process.is_alive():
                return self._connection
            self._kill()
        self._connection, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(
            target=serve,
            args=(theirs, str(self._path), self._source, *self._limits),
            name=f"gdviz: {self._path.name}",
            daemon=True,
        )
        self._process.start()
        theirs.close()  # so that its end is seen here
        self._reply(_STARTUP, is_over)  # from here on it is the file that takes its time
        self._has_gradient = self._reply(sum(self._limits), is_over) == b"\1"
        return self._connection

    def _reply(self, limit: float, is_over: Callable[[], bool]) -> bytes:
        connection, deadline = self._connection, time.monotonic() + limit + GRACE
        if connection is None:
            raise Cancelled
        while not connection.poll(_PATIENCE):
            if is_over():
                raise Cancelled
            if time.monotonic() > deadline:
                raise CodeError(
                    f"{self._path.name} did not respond for {limit:g} s, so it was stopped"
                )
        try:
            reply = connection.recv_bytes()
        except (EOFError, OSError):
            raise CodeError(f"{self._path.name} ended the process it ran in") from None
        if reply[0] != NUMBERS:
            raise CodeError(printable(reply[1:].decode(errors="replace"), 500))
        return reply[1:]

    def _kill(self) -> None:
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()


def open_code(
    path: Path,
    source: bytes,
    limit: float = LIMIT,
    loading_limit: float = LOADING_LIMIT,
    cancelled: Callable[[], bool] = bool,
) -> CodeProcess:
    """Run Python code because the person asked for it: nothing else is ever run.

    Parameters
    ----------
    path : Path
        The file it is from, absolute.
    source : bytes
        Code that defines ``loss(a, b)``, arrays in and an array out, and perhaps
        ``gradient(a, b)``, which returns two.
    limit : float, default 5
        Seconds that a call may take.
    loading_limit : float, default 30
        Seconds that loading it may take.
    cancelled : callable, optional
        Tells whether the code is no longer wanted.

    Returns
    -------
    CodeProcess
        What :class:`~gdviz.engine.objectives.code_objective.CodeObjective` evaluates it with.

    Raises
    ------
    CodeError
        In one sentence, with the line in the file where there is one.
    Cancelled
        If `cancelled` said so.
    """
    process = CodeProcess(path, source, limit, loading_limit)
    process.start(cancelled)
    return process
