"""The process in which a person's own Python code runs: the child's side.

It reads points, calls ``loss`` or ``gradient`` and writes numbers. Whatever the code does, prints
or breaks stays in here. See :mod:`gdviz.engine.code_process` for the parent's side.
"""

import builtins
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

from gdviz.engine.code import GRADIENT, VALUE, CodeError

#: The first byte of a reply: numbers, or a sentence.
NUMBERS, REFUSED = 0, 1
#: The types of numbers by the second byte of a request: their size.
TYPES = {8: np.float64, 4: np.float32}
#: Seconds between two looks at whether the code still runs.
_WATCH = 0.1


def serve(connection: Connection, path: str, source: bytes, limit: float) -> None:
    """Load the code, say whether it has a gradient, and answer requests until nobody asks.

    Parameters
    ----------
    connection : Connection
        To the parent.
    path : str
        The file's, for the sentences and for what the code imports.
    source : bytes
        What the file held when the person opened it.
    limit : float
        Seconds that loading, or a call, may take.
    """
    os.dup2(2, 1)  # what the code prints is no output of ours
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's
    code = _Code(path, connection, limit)
    with np.errstate(all="ignore"):
        for reply in code.replies(source):
            connection.send_bytes(reply)


class _Code:
    """The person's functions, called under a watch."""

    def __init__(self, path: str, connection: Connection, limit: float) -> None:
        self._path = path
        self._connection = connection
        self._limit = limit
        self._since = 0.0  # when the call that runs began; 0 while none does
        self._main = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    def replies(self, source: bytes) -> Iterator[bytes]:
        """Answer the opening of the file, and then each request."""
        functions: dict[int, Callable[..., Any]] = {}
        yield self._reply(partial(self._load, source, functions))
        while functions:
            try:
                request = self._connection.recv_bytes()
            except EOFError:
                return
            yield self._reply(partial(self._answer, request, functions))

    def _reply(self, work: Callable[[], bytes]) -> bytes:
        try:
            self._since = time.monotonic()
            return bytes([NUMBERS]) + work()
        except CodeError as error:
            sentence = str(error)
        except BaseException as error:  # SystemExit as well: it is the code's, not ours
            sentence = self._sentence(error)
        finally:
            self._since = 0.0
        return bytes([REFUSED]) + sentence.encode(errors="replace")

    # -- what the code does

    def _load(self, source: bytes, functions: dict[int, Callable[..., Any]]) -> bytes:
        """Run the file, and check that it does what it should on a few points."""
        folder, name = Path(self._path).parent, Path(self._path).name
        sys.path.insert(0, str(folder))
        os.chdir(folder)  # where the data lies that it may read
        module = types.ModuleType(Path(self._path).stem)
        module.__file__ = self._path
        sys.modules[module.__name__] = module
        exec(compile(source, self._path, "exec"), module.__dict__)  # noqa: S102 - asked for
        found = {VALUE: getattr(module, "loss", None), GRADIENT: getattr(module, "gradient", None)}
        if not callable(found[VALUE]):
            raise CodeError(f"{name} defines no function loss(a, b)")
        if found[GRADIENT] is not None and not callable(found[GRADIENT]):
            raise CodeError(f"gradient in {name} is no function of (a, b)")
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
        found = function(a, b)
        line = getattr(getattr(function, "__code__", None), "co_firstlineno", 0)
        where = f"{Path(self._path).name}, line {line}: " if line else ""
        try:
            result = np.asarray(found)
            if result.dtype.kind not in "fiub":
                raise TypeError
        except (TypeError, ValueError):
            raise CodeError(f"{where}{name} returned no real numbers") from None
        if result.shape != expected:
            what = "two such arrays" if kind == GRADIENT else "one"
            raise CodeError(
                f"{where}{name} got arrays of shape {a.shape} and returned shape {result.shape}; "
                f"it must return {what} of shape {a.shape}"
            )
        return result

    # -- what is said of it

    def _sentence(self, error: BaseException) -> str:
        name = Path(self._path).name
        kind = type(error).__name__
        if isinstance(error, SyntaxError) and error.filename == self._path:
            return f"{name}, line {error.lineno}: {error.msg}"
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == self._path
        ]
        where = f"{name}, line {lines[-1]}" if lines else name
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
            since = self._since
            if since and time.monotonic() - since > self._limit:
                frame = sys._current_frames().get(self._main)  # noqa: SLF001 - its only way
                line = 0
                while frame is not None and not line:
                    line = frame.f_lineno if frame.f_code.co_filename == self._path else 0
                    frame = frame.f_back
                where = f", line {line}" if line else ""
                sentence = (
                    f"{Path(self._path).name}{where}: still running after {self._limit:g} s, and "
                    "was stopped"
                )
                self._connection.send_bytes(bytes([REFUSED]) + sentence.encode(errors="replace"))
                os._exit(1)
