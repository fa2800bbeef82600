"""The process in which a person's own Python code runs: the child's side.

It reads points, calls ``loss`` or ``gradient`` and writes numbers. Whatever the code does, prints
or breaks stays in here. See :mod:`gdviz.engine.objectives.code_process` for the parent's side.
"""

import builtins
import math
import os
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from gdviz.engine.objectives.code_ref import GRADIENT, VALUE, CodeError

#: The first byte of a reply: numbers, or a sentence.
NUMBERS, REFUSED = 0, 1
#: The types of numbers by the second byte of a request: their size.
TYPES = {8: np.float64, 4: np.float32}
#: Seconds between two looks at whether the code still runs.
_WATCH = 0.1


def serve(
    connection: Connection, path: str, source: bytes, limit: float, loading_limit: float
) -> None:
    """Load the code, say whether it has a gradient, and answer requests until nobody asks.

    A first reply says that all is ready for that: from then on it is the code that takes its time.

    Parameters
    ----------
    connection : Connection
        To the parent.
    path : str
        The file's, for the sentences and for what the code imports.
    source : bytes
        What the file held when the person opened it.
    limit, loading_limit : float
        Seconds that a call, and loading, may take.
    """
    os.dup2(2, 1)  # what the code prints is no output of ours
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's
    code = _Code(path, connection, limit)
    connection.send_bytes(bytes([NUMBERS]))
    with np.errstate(all="ignore"):
        for reply in code.replies(source, loading_limit):
            connection.send_bytes(reply)


class _Code:
    """The person's functions, called under a watch."""

    def __init__(self, path: str, connection: Connection, limit: float) -> None:
        self._path = path
        self._connection = connection
        self._limit = limit
        self._deadline = math.inf  # of what runs
        self._overdue = ""  # what is said after it
        self._called: Callable[..., Any] | None = None
        self._main = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    def replies(self, source: bytes, loading_limit: float) -> Iterator[bytes]:
        """Answer the opening of the file, and then each request."""
        functions: dict[int, Callable[..., Any]] = {}
        yield self._reply(partial(self._load, source, loading_limit, functions))
        while functions:
            try:
                request = self._connection.recv_bytes()
            except EOFError:
                return
            yield self._reply(partial(self._answer, request, functions))

    def _reply(self, work: Callable[[], bytes]) -> bytes:
        try:
            return bytes([NUMBERS]) + work()
        except CodeError as error:
            sentence = str(error)
        except BaseException as error:  # SystemExit as well: it is the code's, not ours
            sentence = self._sentence(error)
        finally:
            self._deadline = math.inf
            self._called = None
        return bytes([REFUSED]) + sentence.encode(errors="replace")

    def _allow(self, limit: float, what: str) -> None:
        self._overdue = f"still {what} after {limit:g} s, so it was stopped"
        self._deadline = time.monotonic() + limit

    # -- what the code does

    def _load(self, source: bytes, limit: float, functions: dict[int, Callable[..., Any]]) -> bytes:
        """Run the file, and check that it does what it should on a few points."""
        self._allow(limit, "loading")
        folder, name = Path(self._path).parent, Path(self._path).name
        sys.path.insert(0, str(folder))
        os.chdir(folder)  # where the data lies that it may read
        module = types.ModuleType(Path(self._path).stem)
        module.__file__ = self._path
        sys.modules[module.__name__] = module
        if b"\0" in source:  # of which the compiler does not say where
            line = source[: source.index(b"\0")].count(b"\n") + 1
            raise CodeError(f"{self._where(line)}: Python code cannot hold a null byte")
        exec(compile(source, self._path, "exec"), module.__dict__)  # noqa: S102 - asked for
        found = {VALUE: getattr(module, "loss", None), GRADIENT: getattr(module, "gradient", None)}
        if not callable(found[VALUE]):
            raise CodeError(f"{name} defines no function loss(a, b)")
        if found[GRADIENT] is not None and not callable(found[GRADIENT]):
            raise CodeError(f"gradient in {name} is not a function of (a, b)")
        functions.update({kind: call for kind, call in found.items() if call is not None})
        a, b = np.array([0.5, -0.25, 1.0]), np.array([0.25, 0.75, -1.0])
        for kind in functions:
            self._call(kind, functions, a, b)
        return bytes([GRADIENT in functions])

    def _answer(self, request: bytes, functions: dict[int, Callable[..., Any]]) -> bytes:
        kind, size = request[0], request[1]
        a, b = np.frombuffer(request, TYPES[size], offset=2).reshape(2, -1)
        # The code may write into what it is given.
        return self._call(kind, functions, a.copy(), b.copy()).astype(TYPES[size]).tobytes()

    def _call(
        self,
        kind: int,
        functions: dict[int, Callable[..., Any]],
        a: np.ndarray[Any, Any],
        b: np.ndarray[Any, Any],
    ) -> np.ndarray[Any, Any]:
        function = functions[kind]
        name, expected = ("gradient", (2, len(a))) if kind == GRADIENT else ("loss", a.shape)
        self._called = function
        self._allow(self._limit, "running")
        found = function(a, b)
        where = self._where(self._line_of(function))
        try:
            result = np.asarray(found)
            if result.dtype.kind not in "fiub":
                raise TypeError
        except (TypeError, ValueError):
            raise CodeError(f"{where}: {name} did not return real numbers") from None
        if result.shape != expected:
            what = "two such arrays" if kind == GRADIENT else "one"
            raise CodeError(
                f"{where}: {name} got arrays of shape {a.shape} and returned shape {result.shape}; "
                f"it must return {what} of shape {a.shape}"
            )
        return result

    # -- what is said of it

    def _where(self, line: int) -> str:
        name = Path(self._path).name
        return f"{name}, line {line}" if line else name

    def _line_of(self, function: Callable[..., Any] | None) -> int:
        """Return the line of the file in which a function, or what an object does, begins; or 0."""
        if not hasattr(function, "__code__"):
            function = getattr(type(function), "__call__", None)  # noqa: B004 - for its line
        code = getattr(function, "__code__", None)
        return code.co_firstlineno if code is not None and code.co_filename == self._path else 0

    def _sentence(self, error: BaseException) -> str:
        kind = type(error).__name__
        if isinstance(error, SyntaxError) and error.filename == self._path:
            return f"{self._where(error.lineno or 0)}: {error.msg}"
        lines = [
            frame.lineno or 0
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == self._path
        ]
        # What cannot even be called as we do, as with one parameter too few, has not begun.
        where = self._where(lines[-1] if lines else self._line_of(self._called))
        try:
            said = " ".join(str(error).split())
        except Exception:  # __str__ is the person's code as well
            said = ""
        if len(said) > 200:
            said = said[:199] + "…"
        kind = kind if kind in dir(builtins) else f"{type(error).__module__}.{kind}"
        return f"{where}: {kind}: {said}" if said else f"{where}: {kind}"

    def _watch(self) -> None:
        """End the process when a call takes too long, and say at which line it was."""
        while True:
            time.sleep(_WATCH)
            if time.monotonic() > self._deadline:
                frame = sys._current_frames().get(self._main)  # noqa: SLF001 - its only way
                line = 0
                while frame is not None and not line:
                    line = frame.f_lineno if frame.f_code.co_filename == self._path else 0
                    frame = frame.f_back
                sentence = f"{self._where(line)}: {self._overdue}"
                self._connection.send_bytes(bytes([REFUSED]) + sentence.encode(errors="replace"))
                os._exit(1)
