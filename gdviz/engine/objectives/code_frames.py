"""What goes between us and the process of a person's code: frames, whose length is known before.

A frame is a header and so many bytes. Nothing of it is believed: code can reach any descriptor of
its process, and copy the process.
"""

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import msgspec
import numpy as np

from gdviz.base.format import printable
from gdviz.engine.objectives.code_ref import Facts

#: What is asked for beside VALUE, GRADIENT and HESSIAN of code_ref: that the file is loaded, that
#: it is tried whether it takes complex numbers, and what it raises at a point.
LOAD, TRY_COMPLEX, HOLE = 2, 3, 4
#: Bytes in the request to load the file before what it holds: the corners of the map, or nan where
#: it has one of its own. Between them is which slice is wanted of a network, in JSON and a line.
EXTENT = 32
#: The types of numbers, by the first byte of a request for them.
TYPES = {ord(np.dtype(t).char): t for t in (np.float64, np.float32, np.complex128, np.complex64)}
#: What a reply is: numbers, a sentence, or that it is still being worked on.
NUMBERS, REFUSED, PROGRESS = 0, 1, 2
#: Bytes of a sentence that are read, and of what is found out when a file is loaded.
MAX_SENTENCE, MAX_FACTS = 4096, 1_000_000
#: Characters of a sentence that are shown, and of a function's name.
_LONGEST, _NAME = 500, 80
_MAGIC = b"gdv\n"
#: The magic, the number of the request, the kind, and the length of what follows.
_HEADER = struct.Struct("<4sQBQ")
HEADER_SIZE = _HEADER.size


class FrameError(ValueError):
    """Not what was asked for."""


def frame(number: int, kind: int, body: bytes) -> bytes:
    """Return a request, or the reply to it.

    Parameters
    ----------
    number : int
        The request's; a reply has that of what it replies to.
    kind : int
        Of a request VALUE, GRADIENT, HESSIAN, LOAD, TRY_COMPLEX or HOLE; of a reply NUMBERS,
        REFUSED or PROGRESS.
    body : bytes
        What follows the header.
    """
    return _HEADER.pack(_MAGIC, number, kind, len(body)) + body


def request_header(header: bytes) -> tuple[int, int, int]:
    """Return a request's number, kind and length."""
    _, number, kind, length = _HEADER.unpack(header)
    return number, kind, length


def reply_header(header: bytes, number: int, length: int) -> tuple[int, int]:
    """Return a reply's kind, and the length of what follows, which is no longer than it may be.

    Parameters
    ----------
    header : bytes
        As many as a header has.
    number : int
        Of the last request. An earlier one can be refused late: by a copy of the process.
    length : int
        Of the numbers that were asked for, in bytes: there are no more than these.

    Raises
    ------
    FrameError
        If it is no reply to this request.
    """
    magic, replied, kind, follows = _HEADER.unpack(header)
    is_answer = kind == NUMBERS and replied == number and follows <= length
    is_answer |= kind == PROGRESS and replied == number and follows == 0
    is_refusal = kind == REFUSED and replied <= number and follows <= MAX_SENTENCE
    if magic != _MAGIC or not (is_answer or is_refusal):
        raise FrameError
    return kind, follows


def sentence_in(body: bytes) -> str:
    """Return a sentence that can be shown."""
    return printable(body.decode(errors="replace"), _LONGEST)


def facts_in(body: bytes) -> Facts:
    """Return what was found out about a file, with sentences and names that can be shown.

    Raises
    ------
    FrameError
        If it is nothing of that kind.
    """
    try:
        facts = msgspec.json.decode(body, type=Facts)
    except msgspec.DecodeError:
        raise FrameError from None
    return replace(
        facts,
        loss=printable(facts.loss, _NAME),
        gradient=printable(facts.gradient, _NAME),
        autodiff=printable(facts.autodiff, _NAME),
        no_gradient=printable(facts.no_gradient, _LONGEST),
        notes=tuple(printable(note, _LONGEST) for note in facts.notes),
        refused=printable(facts.refused, _LONGEST),
    )


def is_open(connection: socket.socket) -> bool:
    """Tell whether the other end is there."""
    connection.settimeout(0.0)
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def received(connection: socket.socket, length: int, check: Callable[[], object]) -> bytes:
    """Return so many bytes, which may come in parts.

    Parameters
    ----------
    connection : socket
        Where from; reading it times out.
    length : int
        How many.
    check : callable
        Called whenever it does; it raises what ends that.

    Raises
    ------
    ConnectionError
        If the other end is closed before.
    """
    parts = bytearray()
    while len(parts) < length:
        with suppress(TimeoutError):
            some = connection.recv(length - len(parts))
            if not some:
                raise ConnectionError
            parts += some
            continue
        check()
    return bytes(parts)
