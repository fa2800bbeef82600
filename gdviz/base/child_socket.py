"""The socket of a child process, in the child: see :mod:`gdviz.base.child_process`."""

import socket
import sys
from contextlib import suppress

#: The lowest number of our descriptor: beyond what code closes or redirects when it means its own.
_PRIVATE = 200


def private_socket(handle: int) -> socket.socket:
    """Return the socket under a number of ours, which no process that is started here inherits.

    Raises
    ------
    OSError
        If the number is none of a socket.
    """
    connection = socket.socket(fileno=handle)
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):  # so many are not allowed
            number = fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, _PRIVATE)
            connection.close()
            connection = socket.socket(fileno=number)
    connection.set_inheritable(False)
    return connection
