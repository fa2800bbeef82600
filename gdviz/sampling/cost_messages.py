"""What goes between us and a process that measures costs: MessagePack, of which none is code."""

from dataclasses import dataclass

import msgspec

from gdviz.engine.objectives.network.network_costs import NetworkCosts
from gdviz.sampling.messages import RefusedReply


@dataclass(frozen=True)
class Asked:
    """What is measured.

    Parameters
    ----------
    path : str
        The person's file.
    source : bytes
        What it holds.
    seed : int
        What coordinates are drawn by.
    loss_seed : int, optional
        What generators are seeded with before each call of the loss.
    """

    path: str
    source: bytes
    seed: int
    loss_seed: int | None = None


class DoneReply(msgspec.Struct, tag=True):
    """How much is done, from 0 to 1."""

    done: float


class CostReply(msgspec.Struct, tag=True):
    """What was measured."""

    costs: NetworkCosts


Reply = DoneReply | CostReply | RefusedReply
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Reply).decode
