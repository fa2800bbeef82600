"""What differences would cost on a person's network, measured in a process of its own."""

import hashlib
import pickle
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from gdviz.base.cancel import Cancelled, no_progress
from gdviz.base.captured_output import CapturedOutput
from gdviz.base.child_process import ChildProcess
from gdviz.base.files import absolute
from gdviz.base.format import printable
from gdviz.engine.objectives.network.network_costs import NetworkCosts
from gdviz.files.python_code import read_source
from gdviz.sampling.cost_messages import Asked, CostReply, DoneReply, decode
from gdviz.sampling.messages import RefusedReply
from gdviz.sampling.subject import SamplingError

_CHILD = "gdviz.sampling.cost_child"
#: Seconds between two looks at whether the answer is still wanted.
_PATIENCE = 0.05
#: Bytes of a message, characters of a sentence, and lines of what was printed.
_MOST_BYTES, _MOST, _MOST_LINES = 65_536, 400, 20


@dataclass(frozen=True)
class Measured:
    """What was measured, and what the person's code printed meanwhile."""

    costs: NetworkCosts
    printed: str


def measure_costs(
    path: Path,
    seed: int = 0,
    progress: Callable[[float], object] = no_progress,
    cancelled: Callable[[], bool] = bool,
    loss_seed: int | None = None,
    digest: str = "",
) -> Measured:
    """Measure what differences would cost: run the person's code, because they asked for it.

    Parameters
    ----------
    path : Path
        Their file, which defines a network.
    seed : int, default 0
        What coordinates are drawn by.
    progress : callable, optional
        Takes how much is done, from 0 to 1.
    cancelled : callable, optional
        Tells whether it is no longer wanted.
    loss_seed : int, optional
        What generators are seeded with before each call of the loss.
    digest : str, default ""
        The SHA-256 of what the file held when the person opened it; else whatever it holds is run.

    Raises
    ------
    SamplingError, CodeError
        In one sentence.
    Cancelled
        If `cancelled` said so.
    """
    path = absolute(path)
    source = read_source(path)
    if digest and hashlib.sha256(source).hexdigest() != digest:
        raise SamplingError(f"{path.name} has changed since it was opened: reload it first")
    asked, output = Asked(str(path), source, seed, loss_seed), CapturedOutput()
    with ChildProcess(
        _CHILD, connects=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as child:
        output.read(child.take_output())
        with Connection(child.connection.detach()) as connection:
            why = f"{path.name}: its process ended before all was measured"
            try:
                connection.send_bytes(pickle.dumps(asked))
                while True:
                    while not connection.poll(_PATIENCE):
                        if cancelled():
                            raise Cancelled
                    reply = decode(connection.recv_bytes(_MOST_BYTES))
                    if not isinstance(reply, DoneReply):
                        break
                    progress(reply.done)
            except msgspec.DecodeError:
                reply = RefusedReply(
                    f"{path.name} sent what nobody asked for, so it was stopped: it may write "
                    "only to files and descriptors that it has opened itself"
                )
            except (EOFError, OSError):
                reply = RefusedReply(why)
    output.wait()
    printed = output.text(_MOST_LINES)
    if isinstance(reply, CostReply):
        return Measured(reply.costs, printed)
    raise SamplingError(printable(reply.sentence, _MOST), printed, reply.is_stochastic)
