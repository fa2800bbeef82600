"""A process that samples, seen from where it was started: see :mod:`gdviz.sampling.child`."""

import math
import os
import pickle
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection

import msgspec
import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.captured_output import CapturedOutput
from gdviz.base.child_process import ChildProcess
from gdviz.base.format import printable
from gdviz.engine.objectives.returned import Array
from gdviz.sampling.messages import (
    ASK_PLANE,
    MAX_BYTES,
    OpenedReply,
    PlaneReply,
    RefusedReply,
    Reply,
    ValuesReply,
    decode,
)
from gdviz.sampling.subject import Block, Opened, Plane, SamplingError, Subject

_CHILD = "gdviz.sampling.child"
#: Seconds between two looks at whether the answer is still wanted.
_PATIENCE = 0.05
#: Characters of a sentence, and lines of what was printed.
_MOST, _MOST_LINES = 400, 20
#: What says how many threads multiply matrices, in the libraries that do; XLA, that computes for
#: JAX, heeds the last alone, and none of its own flags: xla/pjrt/utils.cc.
_THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NPROC",
)  # fmt: skip


class Ended(Exception):  # noqa: N818 - it may be started again
    """The process has ended by itself, or was killed."""


class SamplingProcess:
    """A process that has opened a person's file.

    It ends with this one, and when it is let go of. Neither what the code prints nor what it
    breaks comes here.

    Parameters
    ----------
    subject : Subject
        What it samples.
    is_over : callable
        Tells whether nobody wants an answer any more.

    Attributes
    ----------
    opened : Opened
        What was found out about the file.
    is_ended : bool
        Whether it was ended from here.

    Raises
    ------
    SamplingError
        If the file is refused, in one sentence with the line.
    Ended
        If the process ends over it.
    Cancelled
        If nobody wants it any more.
    """

    def __init__(self, subject: Subject, is_over: Callable[[], bool]) -> None:
        self.subject = subject
        self.is_ended = False
        self._is_over = is_over
        self._answered = math.inf
        self._output = CapturedOutput()
        threads = dict.fromkeys(_THREADS, str(subject.threads)) if subject.threads else {}
        environment = {name: n for name, n in threads.items() if name not in os.environ}
        self._child = ChildProcess(
            _CHILD, connects=True, environment=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._output.read(self._child.take_output())
        self._connection = Connection(self._child.connection.detach())
        reply = self._answer(pickle.dumps(subject))
        printed = self._output.text(_MOST_LINES)
        if not isinstance(reply, OpenedReply):
            self.end()
            is_stochastic = isinstance(reply, RefusedReply) and reply.is_stochastic
            raise SamplingError(printable(_sentence(reply, subject), _MOST), printed, is_stochastic)
        self.opened: Opened = replace(reply.opened, printed=printed)

    def plane(self) -> Plane:
        """Return where in the space of the parameters the cells lie.

        Raises
        ------
        Ended, Cancelled
            As :meth:`losses`.
        """
        reply = self._answer(ASK_PLANE)
        if not isinstance(reply, PlaneReply):
            self.end()
            raise SamplingError(_unasked(self.subject))
        return reply.restored()

    def losses(self, cells: Array) -> Block:
        """Return the losses at cells.

        Parameters
        ----------
        cells : ndarray, shape (n, 2)
            Their points (a, b).

        Raises
        ------
        Ended
            If the process ends meanwhile.
        Cancelled
            If nobody wants them any more.
        """
        reply = self._answer(np.ascontiguousarray(cells, np.float64).tobytes())
        if not isinstance(reply, ValuesReply) or len(reply.values) != 8 * len(cells):
            self.end()
            raise SamplingError(_unasked(self.subject))
        values = np.frombuffer(reply.values)
        reasons = {place: printable(said, _MOST) for place, said in reply.reasons.items()}
        if reasons.keys() != set(np.flatnonzero(~np.isfinite(values)).tolist()):
            raise SamplingError(_unasked(self.subject))
        seconds = reply.seconds if math.isfinite(reply.seconds) else 0.0
        return Block(tuple(values.tolist()), reasons, seconds)

    def idle(self) -> float:
        """Return how many seconds ago it answered; 0 while it is asked."""
        return max(0.0, time.monotonic() - self._answered)

    def end(self) -> None:
        """End it now, with all that it has started."""
        self.is_ended = True
        self._child.end()
        self._output.wait()

    def _answer(self, request: bytes) -> Reply:
        self._answered = math.inf
        try:
            self._connection.send_bytes(request)
            while not self._connection.poll(_PATIENCE):
                if self._is_over():
                    self.end()
                    raise Cancelled
            return decode(self._connection.recv_bytes(MAX_BYTES))
        except msgspec.DecodeError:
            self.end()
            raise SamplingError(_unasked(self.subject)) from None
        except (EOFError, OSError):
            self.end()
            raise Ended from None
        finally:
            self._answered = time.monotonic()


def _sentence(reply: Reply, subject: Subject) -> str:
    return reply.sentence if isinstance(reply, RefusedReply) else _unasked(subject)


def _unasked(subject: Subject) -> str:
    return (
        f"{subject.name} sent what nobody asked for, so it was stopped: it may write only to files "
        "and descriptors that it has opened itself"
    )
