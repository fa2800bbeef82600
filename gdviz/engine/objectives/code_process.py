"""A person's own Python code, run in a process of its own: the parent's side.

Code may hang, crash or exit, and only a process can be stopped from outside. The code is what the
file held when it was opened: a file that changes later is another one.
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.captured_output import CapturedOutput
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.objectives import code_frames as frames
from gdviz.engine.objectives.code_connection import CodeConnection
from gdviz.engine.objectives.code_ref import NUMBERS_OF, VALUE, Code, CodeError, Facts
from gdviz.engine.objectives.network.settings import SliceSettings

#: Seconds that a call may take.
LIMIT = 5.0
#: Seconds that the loading of a file may take, and the first calls, as what is compiled then does.
#: It may import much: as long as it imports one module after the other it may take longer.
LOADING_LIMIT = 30.0
#: Seconds beyond these until a process that does not even say so is killed.
GRACE = 1.0
#: Seconds that a new process may take to import NumPy and us.
_STARTUP = 30.0
#: Points of an answer that tell what a point takes.
_MANY = 64


class _NoSliceError(CodeError):
    """There is no such slice; what was loaded before stays."""


class CodeProcess:
    """A process that has loaded a file, and evaluates it: see :func:`open_code`.

    It ends with the program, or when the last who holds it lets go of it; if it ends otherwise, it
    is started anew by the next call. Slices of one network have one process: see :meth:`on_slice`.

    Parameters
    ----------
    path : Path
        The file.
    source : bytes
        What it holds.
    limit, loading_limit : float
        Seconds that a call, and the loading of the file, may take.
    extent : Range, optional
        The map, within which it is tried what the code does; by default its home range.
    settings : SliceSettings, optional
        Which slice it is, if it is a network.
    loss_seed : int, optional
        What generators are seeded with before each call of it.

    Attributes
    ----------
    code : Code
        What an experiment refers to it by, once it was started.
    facts : Facts
        What was found out about it then.
    calls : int
        How many have been answered.
    """

    def __init__(
        self,
        path: Path,
        source: bytes,
        limit: float = LIMIT,
        loading_limit: float = LOADING_LIMIT,
        extent: Range | None = None,
        settings: SliceSettings | None = None,
        loss_seed: int | None = None,
    ) -> None:
        self._path = path
        self._source = source
        self._limits = limit, loading_limit
        self._extent = np.array(extent or Range(*[math.nan] * 4))
        self._settings = settings or SliceSettings()
        self._connection = CodeConnection(path.name)
        self._timed = 0, 0.0  # points of the largest answer, and seconds a point
        self.facts = Facts()
        digest = hashlib.sha256(source).hexdigest()
        self.code = Code(str(path), digest, loss_seed=loss_seed)
        self.calls = 0

    @property
    def output(self) -> CapturedOutput:
        """What the code printed, on its standard output and on its standard error."""
        return self._connection.output

    def on_slice(
        self,
        settings: SliceSettings,
        extent: Range | None = None,
        cancelled: Callable[[], bool] = bool,
    ) -> "CodeProcess":
        """Return the same network on another slice: its file is not run again.

        Parameters
        ----------
        settings : SliceSettings
            Which slice.
        extent : Range, optional
            The map, as at first.
        cancelled : callable, optional
            Tells whether it is no longer wanted.

        Raises
        ------
        CodeError, Cancelled
            As :meth:`start`; the slice that was there stays.
        """
        limits, seed = self._limits, self.code.loss_seed
        other = CodeProcess(self._path, self._source, *limits, extent, settings, seed)
        other._connection = self._connection
        other.code = replace(other.code, takes_complex=self.code.takes_complex)
        other.start(cancelled)
        return other

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
        facts = self.facts
        self.code = replace(
            self.code,
            has_gradient=bool(facts.gradient or facts.autodiff),
            loss=facts.loss,
            no_gradient=facts.no_gradient,
            has_hessian=facts.has_hessian,
            hessian_gradients=facts.hessian_gradients,
            slice=self._settings if facts.is_slice else None,
            is_single=facts.is_single,
            short=facts.short,
        )

    @property
    def seconds(self) -> float:
        """About what a point takes: as in the largest answer, or as when it was loaded."""
        return self._timed[1] or self.facts.seconds

    def try_complex(self, cancelled: Callable[[], bool] = bool) -> None:
        """Find out whether ``loss`` takes complex numbers, once the file was started.

        A process that hangs or ends over it is started again by the next call.

        Raises
        ------
        Cancelled
            If `cancelled` said so.
        """
        with suppress(CodeError), self._wanted(cancelled) as is_over:
            check = self._until(4 * self._limits[0], is_over)  # of four calls
            takes = self._started(is_over).ask(frames.TRY_COMPLEX, b"", 1, check) == b"\1"
            self.code = replace(self.code, takes_complex=takes)

    def call(self, kind: int, a: Array, b: Array, cancelled: Callable[[], bool] = bool) -> Array:
        """Return ``loss`` (k,), ``gradient`` (2, k) or its Hessian (3, k) at the first points.

        At one of them at least.

        They are in the coordinates' type, and as many as do not take long.

        Parameters
        ----------
        kind : {VALUE, GRADIENT, HESSIAN}
            Which of them, as code_ref numbers them.
        a, b : ndarray, shape (n,)
            The points' coordinates, float64 or float32, or complex numbers of these.
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
            points = bytes([ord(real.char)]) + a.tobytes() + b.tobytes()
            rows = NUMBERS_OF[kind]
            length = rows * a.nbytes
            check = self._until(self._limits[0], is_over)
            began = time.monotonic()
            answer = connection.ask(kind, points, length, check)
            self.calls += 1
            if len(answer) % (length // max(1, len(a)) or 1) or bool(answer) != bool(length):
                raise CodeError(connection.unasked)
            numbers = np.frombuffer(answer, real)
            found = numbers.reshape(rows, -1) if rows > 1 else numbers
            count = found.shape[-1]
            # Its way here takes time as well, which is less to each of more points.
            if kind == VALUE and count >= max(self._timed[0], 4 * self.facts.timed, _MANY):
                self._timed = count, (time.monotonic() - began) / count
            return found

    def hole(self, at: tuple[float, float] | None = None) -> str:
        """Return, in a sentence, where ``loss`` raises and what; empty if it does not.

        Parameters
        ----------
        at : (float, float), optional
            The point that is tried; by default the first one at which it raised.

        Raises
        ------
        CodeError, Cancelled
            As :meth:`call`.
        """
        with self._wanted(bool) as is_over:
            connection = self._started(is_over)
            check = self._until(self._limits[0], is_over)
            point = b"" if at is None else np.array(at, np.float64).tobytes()
            said = connection.ask(frames.HOLE, point, frames.MAX_SENTENCE, check)
            return frames.sentence_in(said)

    def interrupt(self) -> None:
        """Make the call that runs raise Cancelled; the next one starts the code again."""
        self._connection.interrupts += 1

    def stop(self) -> None:
        """End the process, for good or until the next call; if others use it, let go of it."""
        self._connection.users.discard(self)
        if self._connection.users:
            return
        self.interrupt()
        with self._connection.lock:
            self._connection.end()

    @contextmanager
    def _wanted(self, cancelled: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
        """Hold the lock, and hand out what tells whether the reply is no longer waited for."""
        connection = self._connection
        interrupts = (
            connection.interrupts
        )  # from here on: a call that still waits is given up as well
        unwanted_since = math.inf

        def is_over() -> bool:
            nonlocal unwanted_since
            if cancelled():
                unwanted_since = min(unwanted_since, time.monotonic())
            is_late = time.monotonic() > unwanted_since + connection.leisure
            return connection.interrupts != interrupts or is_late

        with connection.lock:
            if connection.interrupts != interrupts or cancelled():
                raise Cancelled
            try:
                yield is_over
            except BaseException as error:
                if not isinstance(error, _NoSliceError):
                    self._connection.end()  # its replies can no longer be told apart
                if isinstance(error, CodeError):
                    error.output = self.output
                raise

    # -- under the lock

    def _started(self, is_over: Callable[[], bool]) -> CodeConnection:
        connection = self._connection
        connection.users.add(self)
        if not connection.is_open():
            arguments = [str(self._path), *map(str, self._limits)]
            connection.start(arguments, self._until(_STARTUP, is_over))
        settings = msgspec.json.encode([self._settings, self.code.loss_seed]) + b"\n"
        wanted = self._extent.tobytes() + settings
        if connection.loaded != wanted:
            self._load(wanted, is_over)
        return connection

    def _load(self, wanted: bytes, is_over: Callable[[], bool]) -> None:
        """Have the file run, or another slice made of the network that it has become."""
        connection, began = self._connection, time.monotonic()
        check = self._until(self._limits[1], is_over)
        said = connection.ask(frames.LOAD, wanted + self._source, frames.MAX_FACTS, check)
        try:
            facts = frames.facts_in(said)
        except frames.FrameError:
            raise CodeError(connection.unasked) from None
        if facts.refused:
            raise _NoSliceError(facts.refused)
        self.facts, connection.loaded = facts, wanted
        # What is no longer wanted is waited for rather than to run a file for longer again.
        leisure = min(time.monotonic() - began, self._limits[0])
        connection.leisure = max(connection.leisure, leisure)

    def _until(self, limit: float, is_over: Callable[[], bool]) -> Callable[..., None]:
        """Return what raises where a reply is no longer waited for, after so many seconds.

        Told that something happens, it waits as long again.
        """
        deadline = time.monotonic() + limit + GRACE

        def check(is_alive: bool = False) -> None:
            nonlocal deadline
            if is_alive:
                deadline = time.monotonic() + limit + GRACE
            if is_over():
                raise Cancelled
            if time.monotonic() > deadline:
                raise CodeError(
                    f"{self._path.name} did not respond for {limit:g} s, so it was stopped"
                )

        return check


def open_code(
    path: Path,
    source: bytes,
    limit: float = LIMIT,
    loading_limit: float = LOADING_LIMIT,
    cancelled: Callable[[], bool] = bool,
    extent: Range | None = None,
    settings: SliceSettings | None = None,
    loss_seed: int | None = None,
) -> CodeProcess:
    """Run Python code because the person asked for it: nothing else is ever run.

    Parameters
    ----------
    path : Path
        The file it is from, absolute.
    source : bytes
        Code that defines ``loss(a, b)``, and perhaps ``gradient(a, b)``. They take arrays of
        points and return an array, or two; or they take the two numbers of a point, or a vector of
        these. A loss may have another name.
    limit : float, default 5
        Seconds that a call may take.
    loading_limit : float, default 30
        Seconds that loading it may take, and a first call.
    cancelled : callable, optional
        Tells whether the code is no longer wanted.
    extent : Range, optional
        The map: it is tried at no point beyond. By default its home range.
    settings : SliceSettings, optional
        Which slice of its loss it is, if it defines a network.
    loss_seed : int, optional
        What generators are seeded with before each call, so that a stochastic loss is a function.

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
    process = CodeProcess(path, source, limit, loading_limit, extent, settings, loss_seed)
    process.start(cancelled)
    process.try_complex(cancelled)
    return process
