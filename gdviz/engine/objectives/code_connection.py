"""The process that runs a person's Python code, and the requests that it is sent, one by one."""

import socket
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from gdviz.base.captured_output import CapturedOutput
from gdviz.base.child_process import ChildProcess
from gdviz.engine.objectives import code_frames as frames
from gdviz.engine.objectives.code_ref import CodeError

#: Seconds between two looks at whether the result is still wanted.
_PATIENCE = 0.05
#: Seconds in which a call that is no longer wanted may end: a process takes as long to start.
_LEISURE = 0.5
_WORKER = "gdviz.engine.objectives.code_child.worker"


class CodeConnection:
    """The process of a file, which those share that look at slices of one network.

    Whoever uses it holds its lock.

    Parameters
    ----------
    name : str
        The file's.

    Attributes
    ----------
    lock : threading.Lock
        Which whoever asks holds.
    child : ChildProcess or None
        The process, if it was started and not ended here.
    users : WeakSet
        Those for whom it runs.
    loaded : bytes
        What it was told to load last.
    interrupts : int
        How often a call that ran was given up.
    leisure : float
        Seconds in which a call that is no longer wanted may end.
    output : CapturedOutput
        What the code printed.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.lock = threading.Lock()
        self.child: ChildProcess | None = None
        self.users: WeakSet[Any] = WeakSet()
        self.loaded, self._number = b"", 0  # the last request's number
        self.interrupts = 0
        self.leisure = _LEISURE
        self.output = CapturedOutput()

    def is_open(self) -> bool:
        """Tell whether the process runs, as far as is known."""
        return self.child is not None and frames.is_open(self.child.connection)

    def start(self, arguments: list[str], check: Callable[..., None]) -> None:
        """Start the process anew, and wait until it is there.

        Parameters
        ----------
        arguments : list of str
            What it is started with.
        check : callable
            Raises where it is no longer waited for; told True, it waits as long again.

        Raises
        ------
        CodeError
            If it ends at once.
        """
        self.end()
        self.child = child = ChildProcess(
            _WORKER, arguments, connects=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.output.read(child.take_output())
        self._number, self.loaded = 0, b""
        child.connection.settimeout(_PATIENCE)
        self._reply(child.connection, 0, check)

    def ask(self, kind: int, body: bytes, length: int, check: Callable[..., None]) -> bytes:
        """Return the reply to a request.

        Parameters
        ----------
        kind : int
            Of the request: see :mod:`gdviz.engine.objectives.code_frames`.
        body : bytes
            What it says.
        length : int
            Bytes of the reply at the most.
        check : callable
            As for :meth:`start`.

        Raises
        ------
        CodeError
            With the sentence by which it is refused, or if there is no such reply.
        """
        if self.child is None:
            raise CodeError(self.ended)
        connection = self.child.connection
        connection.settimeout(_PATIENCE)
        self._number += 1
        request = memoryview(frames.frame(self._number, kind, body))
        with suppress(ConnectionError):  # then there may be a reply that says why
            while request:
                with suppress(TimeoutError):
                    request = request[connection.send(request) :]
                check()
        return self._reply(connection, length, check)

    def _reply(self, connection: socket.socket, length: int, check: Callable[..., None]) -> bytes:
        """Return what was asked for, of so many bytes, or raise the sentence that refuses it."""
        try:
            kind, follows = frames.PROGRESS, 0
            while kind == frames.PROGRESS:
                header = frames.received(connection, frames.HEADER_SIZE, check)
                kind, follows = frames.reply_header(header, self._number, length)
                check(kind == frames.PROGRESS)
            body = frames.received(connection, follows, check)
        except ConnectionError:
            raise CodeError(self.ended) from None
        except frames.FrameError:
            raise CodeError(self.unasked) from None
        if kind != frames.NUMBERS:
            raise CodeError(frames.sentence_in(body))
        return body

    @property
    def ended(self) -> str:
        """The sentence for a process that has ended by itself."""
        return f"{self._name} ended the process it ran in"

    @property
    def unasked(self) -> str:
        """The sentence for a reply that is none."""
        return (
            f"{self._name} sent what nobody asked for, so it was stopped: it may write only "
            "to files and descriptors that it has opened itself"
        )

    def end(self) -> None:
        """End the process, if it runs."""
        child, self.child = self.child, None
        if child is not None:
            child.end()
            self.output.wait()
