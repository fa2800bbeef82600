"""The process that measures a network's loss, its gradient and its differences, and ends.

:mod:`gdviz.sampling.cost_process` has the other end.
"""

import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from gdviz.base.child_socket import private_socket
from gdviz.engine.objectives.code_child.defined_network import find_network
from gdviz.engine.objectives.code_child.loading import load_module
from gdviz.engine.objectives.code_child.names import signature
from gdviz.engine.objectives.code_child.source_file import SourceFile
from gdviz.engine.objectives.code_ref import CodeError, StochasticError
from gdviz.engine.objectives.network.network import Network, check_displaced
from gdviz.engine.objectives.network.network_costs import NetworkCosts, network_costs
from gdviz.sampling.cost_messages import Asked, CostReply, DoneReply, Reply, encode
from gdviz.sampling.messages import RefusedReply

#: Seconds between two messages that say how far it is.
_INTERVAL = 0.1


def main() -> None:
    """Measure what the first message names; the argument is the socket."""
    for stream in (sys.stdout, sys.stderr):  # each line is seen, whatever ends the process
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]
    connection = Connection(private_socket(int(sys.argv[-1])).detach())
    asked: Asked = pickle.loads(connection.recv_bytes())  # noqa: S301 - of whoever started us
    file = SourceFile(asked.path)
    with np.errstate(all="ignore"), suppress(EOFError, OSError):
        _send(connection, _reply(connection, asked, file))
    os._exit(0)  # without waiting for threads of the code's


def _reply(connection: Connection, asked: Asked, file: SourceFile) -> Reply:
    name = Path(asked.path).name
    try:
        return CostReply(_measured(connection, asked, file))
    except StochasticError as error:
        error = StochasticError(f"{name}: {error.said}", asked.loss_seed, error.evaluation)
        return RefusedReply(str(error), is_stochastic=True)
    except CodeError as error:
        said = str(error)
        return RefusedReply(said if said.startswith(name) else f"{name}: {said}")
    except BaseException as error:  # SystemExit as well: it is the code's, not ours
        return RefusedReply(file.sentence(error, None))


def _measured(connection: Connection, asked: Asked, file: SourceFile) -> NetworkCosts:
    module = load_module(file, asked.source, asked.loss_seed)
    network = find_network(module)
    if network is None:
        raise CodeError("it defines no network: neither parameters() nor model, with their loss")
    called = signature("loss", module.__dict__["loss"])
    check_displaced(network, _displaced(network, asked.seed), called)
    _send(connection, DoneReply(0.0))  # it is open
    told = time.monotonic()

    def tell(done: float) -> None:
        nonlocal told
        if time.monotonic() - told >= _INTERVAL:
            told = time.monotonic()
            _send(connection, DoneReply(done))

    return network_costs(network, time.perf_counter, asked.seed, tell)


def _displaced(network: Network, seed: int) -> Iterator[Callable[[], float]]:
    """Return losses where all parameters are displaced at random, by about their size."""
    generator = np.random.default_rng(seed)
    for scale in (1.0, 0.1):
        moved = [
            part + scale * generator.standard_normal(part.shape) * (1.0 + np.abs(part))
            for part in network.centre
        ]
        yield partial(network.value, network.like(moved))


def _send(connection: Connection, reply: Reply) -> None:
    for stream in (sys.stdout, sys.stderr):  # whose last line may not have ended
        with suppress(Exception):  # the code may have put its own there
            stream.flush()
    connection.send_bytes(encode(reply))
