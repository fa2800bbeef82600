"""The process that samples: it opens a file once, and returns its loss at cells until nobody asks.

:mod:`gdviz.sampling.process` has the other end. A call may take as long as it takes.
"""

import math
import os
import pickle
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection

import numpy as np

from gdviz.base.child_socket import private_socket
from gdviz.base.memory import keep_freed_memory
from gdviz.engine.objectives.code_child.source_file import SourceFile
from gdviz.engine.objectives.code_ref import CodeError, StochasticError
from gdviz.engine.objectives.network.batches import Batch, together
from gdviz.sampling.messages import (
    ASK_PLANE,
    OpenedReply,
    PlaneReply,
    RefusedReply,
    Reply,
    ValuesReply,
    encode,
)
from gdviz.sampling.plane_loss import PlaneLoss, examined, open_loss
from gdviz.sampling.subject import Subject


def main() -> None:
    """Open what the first message says, and answer the others; the argument is the socket."""
    for stream in (sys.stdout, sys.stderr):  # each line is seen, whatever ends the process
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]
    keep_freed_memory()
    connection = Connection(private_socket(int(sys.argv[-1])).detach())
    subject: Subject = pickle.loads(connection.recv_bytes())  # noqa: S301 - of whoever started us
    file = SourceFile(subject.path)
    with np.errstate(all="ignore"), suppress(EOFError, OSError):
        found = None
        try:
            found = open_loss(subject, file)
            reply: Reply = OpenedReply(opened := examined(found, subject))
        except CodeError as error:
            reply = RefusedReply(str(error), isinstance(error, StochasticError))
        except BaseException as error:  # SystemExit as well: it is the code's, not ours
            reply = RefusedReply(file.sentence(error, None))
        _send(connection, reply)
        while found is not None:
            if (request := connection.recv_bytes()) == ASK_PLANE:
                _send(connection, PlaneReply.of(found.plane))
                continue
            cells = np.frombuffer(request).reshape(-1, 2)
            with found.many_passes():
                values = _values(found, opened.batch, file, cells.tolist())
            _send(connection, values)
    os._exit(0)  # without waiting for threads of the code's


def _send(connection: Connection, reply: Reply) -> None:
    for stream in (sys.stdout, sys.stderr):  # whose last line may not have ended
        with suppress(Exception):  # the code may have put its own there
            stream.flush()
    connection.send_bytes(encode(reply))


def _values(
    found: PlaneLoss, batch: Batch, file: SourceFile, cells: list[list[float]]
) -> ValuesReply:
    """Return the loss at each cell; what is raised at one is no reason to leave out another."""
    values, reasons = np.full(len(cells), np.nan), {}
    began = time.perf_counter()
    if found.network is not None:
        values = together(found.network, batch, cells)
    for place in np.flatnonzero(~np.isfinite(values)).tolist():
        a, b = cells[place]
        try:
            values[place] = value = found.value(a, b)
        except CodeError as error:
            reasons[place] = str(error)
        except Exception as error:
            reasons[place] = file.sentence(error, None)
        else:
            if not math.isfinite(value):
                reasons[place] = f"{found.loss} is {value:g}"
    return ValuesReply(values.tobytes(), reasons, time.perf_counter() - began)
