"""The process in which a person's own Python code runs: the child's side.

It reads points, calls ``loss`` or ``gradient`` and writes numbers. Whatever the code does, prints
or breaks stays in here. See :mod:`gdviz.engine.objectives.code_process` for the parent's side.
"""

import json
import os
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gdviz.base.child_socket import private_socket
from gdviz.base.format import pair
from gdviz.base.memory import keep_freed_memory
from gdviz.engine.objectives.code_child.calls import Called
from gdviz.engine.objectives.code_child.found import Examine, Found, own_calls, slice_calls
from gdviz.engine.objectives.code_child.loading import load_module
from gdviz.engine.objectives.code_child.patience import Patience
from gdviz.engine.objectives.code_child.source_file import SourceFile
from gdviz.engine.objectives.code_frames import (
    EXTENT,
    HEADER_SIZE,
    HOLE,
    LOAD,
    MAX_SENTENCE,
    NUMBERS,
    PROGRESS,
    REFUSED,
    TRY_COMPLEX,
    TYPES,
    frame,
    request_header,
)
from gdviz.engine.objectives.code_ref import VALUE, CodeError
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import NetworkFile, network_file
from gdviz.engine.objectives.returned import Array
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE

#: Points at which it is tried what the code does, as parts of the map: odd ones, near its middle.
_TRIED = np.array([[0.5513, 0.4727, 0.6121, 0.3889], [0.5271, 0.5817, 0.3923, 0.4649]])
#: And all over it, where it has no value there.
_EVERYWHERE = np.array(np.meshgrid(*[(np.arange(8) + 0.513) / 8] * 2)).reshape(2, -1)
#: The steps with which it is tried whether the code takes complex numbers: an imaginary one, and
#: one of central differences, and how well the two have to agree.
_IMAGINARY, _REAL, _AGREE = 1e-20, 1e-5, 1e-4
#: How many slices of a network are kept, beside it: those that undo may go back to.
_KEPT = 8
#: Seconds between two looks at whether the code still runs, and between two signs that it does.
_WATCH, _SIGNS = 0.1, 0.3


def main() -> None:
    """Load the code, say whether it has a gradient, and answer requests until nobody asks.

    A first reply says that all is ready for that: from then on it is the code that takes its time.
    The arguments are the file's path, for the sentences and for what the code imports; the seconds
    that a call, and loading, may take; and the socket.
    """
    path, limit, loading_limit, handle = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):  # each line is seen, whatever ends the process
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]
    keep_freed_memory()
    with private_socket(int(handle)) as connection:
        code = _Code(path, connection, float(limit), float(loading_limit))
        with np.errstate(all="ignore"):
            code.serve()
    os._exit(0)  # without waiting for threads of the code's


class _Code:
    """The person's functions, called under a watch."""

    def __init__(
        self, path: str, connection: socket.socket, limit: float, loading_limit: float
    ) -> None:
        self._file = SourceFile(path)
        self._connection = connection
        self._limit, self._loading_limit = limit, loading_limit
        self._functions: dict[int, Called] = {}
        self._network: NetworkFile | None = None
        self._known: dict[bytes, Found] = {}  # slices of it that were looked at
        self._is_loading = False
        self._signed = 0.0  # when it was last said that something happens
        self._patience = Patience(limit)  # with what runs
        self._number = 0  # of the request
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
                asked = {
                    LOAD: self._load, TRY_COMPLEX: self._try_complex, HOLE: self._tell_hole
                }  # fmt: skip
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
            self._patience.rest()
            self._called = None
        return REFUSED, sentence.encode(errors="replace")

    def _check_that_it_is_no_copy(self) -> None:
        """End a copy of the process, which returned as the process itself does, and say so."""
        if os.getpid() != self._process:
            where = self._file.where_of(self._called)
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

    def _allow(self, limit: float, what: str, importing: bool = False) -> None:
        """Let what comes take so many seconds, and say that what came before is done.

        Parameters
        ----------
        limit : float
            The seconds.
        what : str
            What the code does, for the sentence that ends it.
        importing : bool, default False
            Whether it may take longer as long as more and more modules are imported.
        """
        now = time.monotonic()
        self._patience.allow(limit, what, now, importing=importing)
        if now - self._signed > _SIGNS and os.getpid() == self._process:
            with self._sending:
                self._sign(now)

    def _sign(self, now: float) -> None:
        """Say that something happens; whoever calls has the lock."""
        self._signed = now
        self._connection.sendall(frame(self._number, PROGRESS, b""))

    # -- what the code does

    def _load(self, request: bytes) -> bytes:
        """Run the file, and find out on a few points what it does.

        Of a network the file is run once: what is asked for from then on are slices of it.
        """
        extent = np.frombuffer(request[:EXTENT], np.float64).reshape(2, 2)
        given, _, source = request[EXTENT:].partition(b"\n")
        chosen, loss_seed = json.loads(given)
        examine = partial(self._examine, None if np.isnan(extent).any() else extent)
        settings, key = SliceSettings(**chosen), request[:EXTENT] + given
        self._is_loading = True
        try:
            if not self._functions:
                found = self._first(source, loss_seed, settings, examine)
            else:
                found = self._another(key, settings, examine)
        except Exception as error:
            if not self._functions:
                raise
            said = str(error) if isinstance(error, CodeError) else self._sentence(error)
            return json.dumps({"refused": said[:MAX_SENTENCE]}).encode()
        finally:
            self._is_loading = False
        self._functions, self._known[key] = found.functions, found
        for oldest in list(self._known)[:-_KEPT]:
            del self._known[oldest]
        return json.dumps(self._facts(found), allow_nan=False).encode()

    def _first(
        self, source: bytes, loss_seed: int | None, settings: SliceSettings, examine: Examine
    ) -> Found:
        """Run the file, and return what it defines."""
        self._allow(self._loading_limit, "loading", importing=True)
        path = Path(self._file.path)
        module = load_module(self._file, source, loss_seed)
        self._network = network_file(module, path, self._next_call)
        if self._network is None:
            return own_calls(module, path.name, self._next_call, examine)
        return slice_calls(self._network, settings, self._next_call, examine)

    def _another(self, key: bytes, settings: SliceSettings, examine: Examine) -> Found:
        """Return another slice of the network; one that was looked at lately is kept."""
        if self._network is None:
            raise CodeError(f"{Path(self._file.path).name} defines no network to slice")
        known = self._known.pop(key, None)
        return known or slice_calls(self._network, settings, self._next_call, examine)

    def _next_call(self) -> None:
        """Let a call take its time; the first ones compile what is compiled when it is called."""
        limit = self._loading_limit if self._is_loading else self._limit
        self._allow(limit, "running", importing=self._is_loading)

    @staticmethod
    def _facts(found: Found) -> dict[str, Any]:
        value = found.functions[VALUE]
        return found.facts | {
            "takes_arrays": value.takes_arrays,
            "seconds": value.seconds,
            "alone": value.alone,
            "timed": value.timed,
            "is_single": any(called.is_single for called in found.functions.values()),
            "noise": value.noise,
            "others": value.others,
        }

    def _examine(
        self, extent: Array | None, called: Called, home: Sequence[float] = DEFAULT_RANGE
    ) -> None:
        """Find out what a function does, within the map that was asked for or its own."""
        extent = np.reshape(home, (2, 2)) if extent is None else extent
        low, sides = extent[:, :1], np.diff(extent)
        points, more = low + sides * _TRIED, low + sides * _EVERYWHERE
        with self._named(called):
            called.examine(points, more)

    @contextmanager
    def _named(self, called: Called) -> Iterator[None]:
        """Name the line of a function that does not return what it should."""
        self._called = called.function
        try:
            yield
        except CodeError as error:
            where = self._file.where_of(called.function)
            raise CodeError(f"{where}: {error}") from None

    def _try_complex(self, _body: bytes) -> bytes:
        """Try at a point whether complex steps give what central differences do.

        Code may refuse complex numbers, drop what is imaginary, or take an absolute value.
        """
        sign, along_a, along_b = np.array([1.0, -1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0])
        shift = 1j * _IMAGINARY
        loss = self._functions[VALUE]
        a, b = loss.known
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                in_a = loss.all(a + _REAL * sign, b + 0.0 * sign)[0]
                in_b = loss.all(a + 0.0 * sign, b + _REAL * sign)[0]
                found = loss.all(a + shift * along_a, b + shift * along_b)[0]
        except Exception:  # of whatever kind: it takes real numbers, and that is enough
            return bytes([False])
        slopes = np.array([in_a[0] - in_a[1], in_b[0] - in_b[1]]) / (2.0 * _REAL)
        off = np.abs(np.imag(found) / _IMAGINARY - slopes)
        return bytes([bool((off <= _AGREE * np.abs(slopes).max()).all())])

    def _answer(self, kind: int, request: bytes) -> bytes:
        type_ = TYPES[request[0]]
        a, b = np.frombuffer(request, type_, offset=1).reshape(2, -1)
        called = self._functions[kind]
        with self._named(called):
            return called.some(a, b).tobytes()

    def _tell_hole(self, request: bytes) -> bytes:
        """Return what is raised at a point, or was at the first of all, or nothing."""
        loss = self._functions[VALUE]
        if request:
            with self._named(loss):
                error = loss.why(*np.frombuffer(request, np.float64).tolist())
            return b"" if error is None else self._sentence(error).encode()[:MAX_SENTENCE]
        if loss.hole is None:
            return b""
        a, b, error = loss.hole
        return f"{pair((a, b))}: {self._sentence(error)}".encode()[:MAX_SENTENCE]

    def _sentence(self, error: BaseException) -> str:
        return self._file.sentence(error, self._called)

    def _watch(self) -> None:
        """End the process when a call takes too long, and say so."""
        while True:
            time.sleep(_WATCH)
            with self._sending:
                now = time.monotonic()
                if self._patience.goes_on(now, len(sys.modules)):
                    self._sign(now)
                if self._patience.is_over(time.monotonic()):
                    try:
                        self._connection.sendall(frame(self._number, REFUSED, self._late()))
                    finally:  # whoever is no longer there
                        os._exit(1)

    def _late(self) -> bytes:
        """Return that a call takes too long, and at which line it is."""
        frame = sys._current_frames().get(self._main)  # noqa: SLF001 - its only way
        line = 0
        while frame is not None and not line:
            line = frame.f_lineno if frame.f_code.co_filename == self._file.path else 0
            frame = frame.f_back
        what, limit = self._patience.what, self._patience.limit
        sentence = f"{self._file.where(line)}: still {what} after {limit:g} s, so it was stopped"
        return sentence.encode(errors="replace")[:MAX_SENTENCE]
