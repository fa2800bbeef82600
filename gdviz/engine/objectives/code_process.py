"""A person's own Python code, run in a process of its own: the parent's side.

Code may hang, crash or exit, and only a process can be stopped from outside. The code is what the
file held when it was opened: a file that changes later is another one.
"""

import hashlib
import multiprocessing
import shlex
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.types import Array
from gdviz.engine.objectives.code_ref import CANCELLED, GRADIENT, RUNS, Code, CodeError
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
#: How many files are kept open: those of the last few versions, for undo.
_KEPT = 8


class CodeProcess:
    """A process that has loaded a file, and evaluates it; it is started when it is needed.

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
    has_gradient : bool
        Whether the file defines one; known once it is started.
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
        self.has_gradient = False
        self.calls = 0

    def start(self) -> None:
        """Run the file, if it does not run already.

        Raises
        ------
        CodeError
            If it cannot be loaded, with the line.
        """
        with self._wanted() as interrupts:
            self._started(interrupts)

    def call(self, kind: int, a: Array, b: Array) -> Array:
        """Return ``loss`` (n,) or ``gradient`` (2, n) at n points, in the coordinates' type.

        Parameters
        ----------
        kind : {VALUE, GRADIENT}
            Which of the two, as code_ref numbers them.
        a, b : ndarray, shape (n,)
            The points' coordinates, float64 or float32.

        Raises
        ------
        CodeError
            If the code raises, takes too long or returns something else, with the line.
        Cancelled
            If :meth:`interrupt` was called meanwhile, or the thread's
            :data:`~gdviz.engine.objectives.code_ref.CANCELLED` says so.
        """
        real = a.dtype
        with self._wanted() as interrupts:
            connection = self._started(interrupts)
            with suppress(BrokenPipeError, ConnectionError):  # then there is no reply, either
                connection.send_bytes(bytes([kind, real.itemsize]) + a.tobytes() + b.tobytes())
            numbers = np.frombuffer(self._reply(self._limits[0], interrupts), real)
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
    def _wanted(self) -> Iterator[int]:
        interrupts = self._interrupts  # from here on: a call that still waits is given up as well
        with self._lock:
            if self._interrupts != interrupts or CANCELLED.get()():
                raise Cancelled
            try:
                yield interrupts
            except BaseException:
                self._kill()  # its replies can no longer be told apart
                raise

    # -- under the lock

    def _started(self, interrupts: int) -> Connection:
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
        self._reply(_STARTUP, interrupts)  # from here on it is the file that takes its time
        self.has_gradient = self._reply(sum(self._limits), interrupts) == b"\1"
        return self._connection

    def _reply(self, limit: float, interrupts: int) -> bytes:
        connection, now = self._connection, time.monotonic()
        deadline, unwanted = now + limit + GRACE, 0.0
        if connection is None:
            raise Cancelled
        is_cancelled = CANCELLED.get()
        while not connection.poll(_PATIENCE):
            now = time.monotonic()
            if is_cancelled():
                unwanted = unwanted or now
            if self._interrupts != interrupts or (unwanted and now > unwanted + _LEISURE):
                raise Cancelled
            if now > deadline:
                raise CodeError(
                    f"{self._path.name} did not respond for {limit:g} s, so it was stopped"
                )
        try:
            reply = connection.recv_bytes()
        except (EOFError, OSError):
            raise CodeError(f"{self._path.name} ended the process it ran in") from None
        if reply[0] != NUMBERS:
            raise CodeError(reply[1:].decode())
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


#: What a person has opened, by its code: nothing else is ever run.
_opened: dict[Code, CodeProcess] = {}
#: What is being opened.
_opening: set[CodeProcess] = set()


def open_code(
    path: Path, source: bytes, limit: float = LIMIT, loading_limit: float = LOADING_LIMIT
) -> Code:
    """Run Python code because the person asked for it.

    It is run anew also where it is open: what it imports may be another since then.

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

    Returns
    -------
    Code
        What an experiment refers to it by.

    Raises
    ------
    CodeError
        In one sentence, with the line in the file where there is one.
    Cancelled
        If :func:`interrupt_all` was called meanwhile, or the thread's
        :data:`~gdviz.engine.objectives.code_ref.CANCELLED` says so.
    """
    process = CodeProcess(path, source, limit, loading_limit)
    _opening.add(process)
    try:
        process.start()
    finally:
        _opening.discard(process)
    code = Code(str(path), hashlib.sha256(source).hexdigest(), process.has_gradient)
    before = _opened.pop(code, None)
    _opened[code] = process
    RUNS[code] += 1
    if before is not None:
        before.stop()
    for oldest in list(_opened)[:-_KEPT]:
        _opened.pop(oldest).stop()
    return code


def process_of(code: Code) -> CodeProcess:
    """Return what evaluates code that was opened.

    Raises
    ------
    CodeError
        If it was not, or not this version of it.
    """
    if code in _opened:
        return _opened[code]
    raise CodeError(
        f"{code.name} is Python code, which is run only when you open it yourself: "
        f"gdviz open {shlex.quote(code.path)}"
    )


def is_open(code: Code) -> bool:
    """Tell whether the person has opened this version of the code."""
    return code in _opened


def interrupt_all() -> None:
    """Give up every call that runs, and every file that is being opened."""
    for process in (*_opening, *_opened.values()):
        process.interrupt()


def close_all() -> None:
    """End all processes, and forget what was opened."""
    interrupt_all()  # all at once: each is waited for below
    while _opened:
        _, process = _opened.popitem()
        process.stop()
