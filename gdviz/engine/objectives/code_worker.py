"""The process in which a person's own Python code runs: the child's side.

It reads points, calls ``loss`` or ``gradient`` and writes numbers. Whatever the code does, prints
or breaks stays in here. See :mod:`gdviz.engine.objectives.code_process` for the parent's side.
"""

import builtins
import math
import os
import socket
import sys
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gdviz.base.child_main import STANDARD
from gdviz.engine.objectives.code_frames import (
    HEADER_SIZE,
    LOAD,
    MAX_SENTENCE,
    NUMBERS,
    REFUSED,
    TRY_COMPLEX,
    TYPES,
    frame,
    request_header,
)
from gdviz.engine.objectives.code_ref import GRADIENT, VALUE, CodeError

#: Points at which it is tried what the code does.
_TRIED = np.array([[0.5, -0.25, 1.0], [0.25, 0.75, -1.0]])
#: The steps with which it is tried whether the code takes complex numbers: an imaginary one, and
#: one of central differences, and how well the two have to agree.
_IMAGINARY, _REAL, _AGREE = 1e-20, 1e-5, 1e-4
#: Seconds between two looks at whether the code still runs.
_WATCH = 0.1
#: The lowest number of our descriptor: beyond what code closes or redirects when it means its own.
_PRIVATE = 200
#: What a file is called within Python: as in a process that multiprocessing starts for a program.
#: So what is in it can be handed to other processes, and ``__name__ == "__main__"`` does not hold.
_MODULE = "__mp_main__"


def main() -> None:
    """Load the code, say whether it has a gradient, and answer requests until nobody asks.

    A first reply says that all is ready for that: from then on it is the code that takes its time.
    The arguments are the file's path, for the sentences and for what the code imports; the seconds
    that a call, and loading, may take; and the socket.
    """
    path, limit, loading_limit, handle = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):  # each line is seen, whatever ends the process
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]
    with _private(int(handle)) as connection:
        code = _Code(path, connection, float(limit), float(loading_limit))
        with np.errstate(all="ignore"):
            code.serve()
    os._exit(0)  # without waiting for threads of the code's


def _private(handle: int) -> socket.socket:
    """Return the socket under a number of ours, which no process that the code starts inherits."""
    connection = socket.socket(fileno=handle)
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):  # so many are not allowed
            number = fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, _PRIVATE)
            connection.close()
            connection = socket.socket(fileno=number)
    connection.set_inheritable(False)
    return connection


class _Code:
    """The person's functions, called under a watch."""

    def __init__(
        self, path: str, connection: socket.socket, limit: float, loading_limit: float
    ) -> None:
        self._path = path
        self._connection = connection
        self._limit, self._loading_limit = limit, loading_limit
        self._functions: dict[int, Callable[..., Any]] = {}
        self._number = 0  # of the request
        self._deadline = math.inf  # of what runs
        self._overdue = ""  # what is said after it
        self._called: Callable[..., Any] | None = None
        self._main, self._process = threading.get_ident(), os.getpid()
        self._sending = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def serve(self) -> None:
        """Say that all is ready, and answer each request until there can be no other one."""
        self._send(NUMBERS, b"")
        with suppress(OSError):
            while header := self._received(HEADER_SIZE):
                self._number, kind, length = request_header(header)
                body = self._received(length)
                asked = {LOAD: self._load, TRY_COMPLEX: self._try_complex}
                work = asked.get(kind, partial(self._answer, kind))
                self._send(*self._reply(partial(work, body)))

    def _received(self, length: int) -> bytes:
        """Return so many bytes, or none if the other end is closed."""
        parts = bytearray()
        while len(parts) < length:
            some = self._connection.recv(length - len(parts))
            if not some:
                return b""
            parts += some
        return bytes(parts)

    def _send(self, kind: int, body: bytes) -> None:
        if kind == REFUSED:
            body = body[:MAX_SENTENCE]
        for stream in (sys.stdout, sys.stderr):  # whose last line may not have ended
            with suppress(Exception):  # the code may have put its own there
                stream.flush()
        with self._sending:
            self._connection.sendall(frame(self._number, kind, body))

    def _reply(self, work: Callable[[], bytes]) -> tuple[int, bytes]:
        try:
            result = work()
            self._check_that_it_is_no_copy()
            return NUMBERS, result
        except CodeError as error:
            sentence = str(error)
        except BaseException as error:  # SystemExit as well: it is the code's, not ours
            if os.getpid() != self._process:
                self._end_copy(error)
            sentence = self._sentence(error)
        finally:
            self._deadline = math.inf
            self._called = None
        return REFUSED, sentence.encode(errors="replace")

    def _check_that_it_is_no_copy(self) -> None:
        """End a copy of the process, which returned as the process itself does, and say so."""
        if os.getpid() != self._process:
            where = self._where(self._line_of(self._called))
            sentence = (
                f"{where}: a copy of the process, made by os.fork(), came back as well; it must "
                "end with os._exit(0)"
            )
            with suppress(OSError):
                self._send(REFUSED, sentence.encode(errors="replace"))
            os._exit(1)

    def _end_copy(self, error: BaseException) -> None:
        """End a copy of the process as Python would: it is none of ours."""
        if not isinstance(error, SystemExit):
            traceback.print_exception(error)
        os._exit(0 if isinstance(error, SystemExit) and not error.code else 1)

    def _allow(self, limit: float, what: str) -> None:
        self._overdue = f"still {what} after {limit:g} s, so it was stopped"
        self._deadline = time.monotonic() + limit

    # -- what the code does

    def _load(self, source: bytes) -> bytes:
        """Run the file, and check that it does what it should on a few points."""
        self._allow(self._loading_limit, "loading")
        name = Path(self._path).name
        _import_from(Path(self._path).parent)
        module = types.ModuleType(_MODULE)
        module.__file__ = self._path
        sys.modules["__main__"] = sys.modules[_MODULE] = module
        if b"\0" in source:  # of which the compiler does not say where
            line = source[: source.index(b"\0")].count(b"\n") + 1
            raise CodeError(f"{self._where(line)}: Python code cannot hold a null byte")
        exec(compile(source, self._path, "exec"), module.__dict__)  # noqa: S102 - asked for
        found = {VALUE: getattr(module, "loss", None), GRADIENT: getattr(module, "gradient", None)}
        if not callable(found[VALUE]):
            raise CodeError(f"{name} defines no function loss(a, b)")
        if found[GRADIENT] is not None and not callable(found[GRADIENT]):
            raise CodeError(f"gradient in {name} is not a function of (a, b)")
        self._functions = {kind: call for kind, call in found.items() if call is not None}
        for kind in self._functions:
            self._call(kind, *_TRIED.copy())
        return bytes([GRADIENT in self._functions])

    def _try_complex(self, _body: bytes) -> bytes:
        """Try at a point whether complex steps give what central differences do.

        Code may refuse complex numbers, drop what is imaginary, or take an absolute value. No call
        has more points than those at loading, which are known to be few enough.
        """
        sign, along_a, along_b = np.array([1.0, -1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0])
        shift = 1j * _IMAGINARY
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                losses = self._call(VALUE, *_TRIED.copy())
                a, b = _TRIED[:, np.argmax(np.isfinite(losses))]
                in_a = self._call(VALUE, a + _REAL * sign, b + 0.0 * sign)
                in_b = self._call(VALUE, a + 0.0 * sign, b + _REAL * sign)
                found = self._call(VALUE, a + shift * along_a, b + shift * along_b)
        except Exception:  # of whatever kind: it takes real numbers, and that is enough
            return bytes([False])
        slopes = np.array([in_a[0] - in_a[1], in_b[0] - in_b[1]]) / (2.0 * _REAL)
        off = np.abs(np.imag(found) / _IMAGINARY - slopes)
        return bytes([bool((off <= _AGREE * np.abs(slopes).max()).all())])

    def _answer(self, kind: int, request: bytes) -> bytes:
        type_ = TYPES[request[0]]
        a, b = np.frombuffer(request, type_, offset=1).reshape(2, -1)
        # The code may write into what it is given.
        return self._call(kind, a.copy(), b.copy()).astype(type_).tobytes()

    def _call(
        self, kind: int, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        function = self._functions[kind]
        name, expected = ("gradient", (2, len(a))) if kind == GRADIENT else ("loss", a.shape)
        self._called = function
        self._allow(self._limit, "running")
        found = function(a, b)
        where = self._where(self._line_of(function))
        try:
            result = np.asarray(found)
            if result.dtype.kind not in ("fiubc" if a.dtype.kind == "c" else "fiub"):
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
        if kind not in dir(builtins):
            module = type(error).__module__
            kind = f"{Path(self._path).stem if module == _MODULE else module}.{kind}"
        return f"{where}: {kind}: {said}" if said else f"{where}: {kind}"

    def _watch(self) -> None:
        """End the process when a call takes too long, and say so."""
        while True:
            time.sleep(_WATCH)
            with self._sending:
                if time.monotonic() > self._deadline:
                    try:
                        self._connection.sendall(frame(self._number, REFUSED, self._late()))
                    finally:  # whoever is no longer there
                        os._exit(1)

    def _late(self) -> bytes:
        """Return that a call takes too long, and at which line it is."""
        frame = sys._current_frames().get(self._main)  # noqa: SLF001 - its only way
        line = 0
        while frame is not None and not line:
            line = frame.f_lineno if frame.f_code.co_filename == self._path else 0
            frame = frame.f_back
        sentence = f"{self._where(line)}: {self._overdue}"
        return sentence.encode(errors="replace")[:MAX_SENTENCE]


def _import_from(folder: Path) -> None:
    """Work in the file's folder, and import what is there, but no namesake of a standard module."""
    os.chdir(folder)  # where the data lies that it may read
    sys.path.insert(sum(path in STANDARD for path in sys.path), str(folder))  # right after it
