"""Reading no more than is wanted, and writing so that a failure leaves what was there."""

import errno
import os
import stat
import tempfile
import time
from pathlib import Path

#: Seconds that a pipe is waited for to which nobody writes.
_PATIENCE = 5.0


def read_file(path: str | os.PathLike[str], most: int) -> bytes:
    """Read a file, a device or a pipe, but no more than so many bytes.

    Where a shell writes ``<(command)`` it hands over a pipe; one in a folder may have nobody at its
    other end, and is not waited for without end.

    Parameters
    ----------
    path : path-like
        The file.
    most : int
        Bytes that are read at the most, whatever its size is said to be.

    Raises
    ------
    OSError
        If it cannot be read, or is a pipe to which nobody writes.
    """
    if not stat.S_ISFIFO(Path(path).stat().st_mode):
        with Path(path).open("rb") as file:
            return file.read(most)
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # otherwise this would wait already
    with os.fdopen(pipe, "rb") as file:
        deadline = time.monotonic() + _PATIENCE
        while not (first := _available(pipe)):
            if first is None:
                break  # somebody is about to write
            if time.monotonic() > deadline:
                raise OSError(errno.ENODATA, "nobody writes to this pipe", str(path))
            time.sleep(0.05)
        os.set_blocking(pipe, True)
        first = first or b""
        return first + file.read(most - len(first))


def _available(pipe: int) -> bytes | None:
    """Return the first byte of a pipe; none if nobody writes, None if nobody has written yet."""
    try:
        return os.read(pipe, 1)
    except BlockingIOError:
        return None


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file under a temporary name beside it, then rename.

    What is not a regular file (``/dev/stdout``, a named pipe) is written to directly; a symbolic
    link stays one, and its target is replaced.

    Parameters
    ----------
    path : path-like
        The file.
    data : bytes
        Its new content.

    Raises
    ------
    OSError
        If it cannot be written; the file, if there was one, is then as it was.
    """
    path = Path(path)
    if path.is_dir():  # the rename would say so only after the work, and less clearly
        raise IsADirectoryError(21, "Is a directory", str(path))
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    path = Path(os.path.realpath(path))
    # mkstemp makes the file private; give it the mode it had, or that open() would have given.
    if path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".gdviz.", suffix=".part")
    except OSError as error:  # which names a file that nobody has heard of
        raise type(error)(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def reason(error: OSError) -> str:
    """Return why an operation on a file failed, as the end of a sentence."""
    return (error.strerror or str(error)).lower()
