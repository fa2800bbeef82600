"""What goes between us and a process that samples: length and MessagePack, of which none is code.

The process runs a person's code, which can reach any descriptor of its process.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from gdviz.engine.objectives.returned import Array
from gdviz.sampling.subject import Opened, Plane

#: Bytes of one message: of a network's parameters, three times.
MAX_BYTES = 1 << 36


class Arrays(msgspec.Struct):
    """Arrays as they are sent."""

    types: list[str]
    shapes: list[list[int]]
    bodies: list[bytes]

    @classmethod
    def of(cls, arrays: Any) -> "Arrays":
        """Take them apart."""
        arrays = list(map(np.asarray, arrays))
        return cls(
            [array.dtype.str for array in arrays],
            [list(array.shape) for array in arrays],
            [np.ascontiguousarray(array).tobytes() for array in arrays],
        )

    def restored(self) -> list[Array]:
        """Return them."""
        parts = zip(self.types, self.shapes, self.bodies, strict=True)
        return [np.frombuffer(body, type_).reshape(shape) for type_, shape, body in parts]


class OpenedReply(msgspec.Struct, tag=True):
    """The file is open."""

    opened: Opened


class PlaneReply(msgspec.Struct, tag=True):
    """The parameters and the directions."""

    names: list[str]
    center: Arrays
    directions: tuple[Arrays, Arrays]
    trajectory: list[tuple[float, float]]

    @classmethod
    def of(cls, plane: Plane) -> "PlaneReply":
        """Take a plane apart."""
        first, second = map(Arrays.of, plane.directions)
        points = list(plane.trajectory)
        return cls(list(plane.names), Arrays.of(plane.center), (first, second), points)

    def restored(self) -> Plane:
        """Return it."""
        first, second = (arrays.restored() for arrays in self.directions)
        return Plane(self.names, self.center.restored(), (first, second), self.trajectory)


class ValuesReply(msgspec.Struct, tag=True):
    """The losses at some cells, and why some are not finite."""

    values: bytes
    reasons: Mapping[int, str]
    seconds: float


class RefusedReply(msgspec.Struct, tag=True):
    """Why not, in one sentence; and whether it is because the loss is stochastic."""

    sentence: str
    is_stochastic: bool = False


#: What asks for the plane, instead of cells.
ASK_PLANE = b""
Reply = OpenedReply | PlaneReply | ValuesReply | RefusedReply
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Reply).decode
