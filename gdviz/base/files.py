"""Reading no more than is wanted, and writing so that a failure leaves what was there."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal

from gdviz.base.cancel import Cancelled
from gdviz.base.format import printable

#: Seconds that are waited for somebody at the other end of a pipe, or for another process's lock.
_PATIENCE = 5.0
#: Seconds after which a temporary file is one that nobody will rename any more.
_LEFT_BEHIND = 60.0
#: How the names of temporary files begin and end.
_TEMPORARY = (".gdviz.", ".part")
#: Characters of a long path that are shown at each end.
_SHOWN = 120


@contextmanager
def _asking(path: str | os.PathLike[str]) -> Iterator[None]:
    """Ask the system about a path: what it refuses to be asked is an OSError as well.

    No file's name holds a null character, or half of a UTF-16 pair.
    """
    try:
        yield
    except ValueError as error:
        raise OSError(errno.EINVAL, "No file can be called that", str(path)) from error


def absolute(path: str | os.PathLike[str]) -> Path:
    """Return a path from the root on; where the current folder is gone, the path as it is."""
    try:
        return Path(path).absolute()
    except OSError:
        return Path(path)


def file_type(path: str | os.PathLike[str]) -> Literal["file", "folder", "special", "absent"]:
    """Return what stands at a path: the one place that asks, and it never raises.

    What may not be looked at (in a folder that may not be entered, with a name that is too long,
    on a drive that is gone) counts as absent: the attempt to open it says why it fails.

    Parameters
    ----------
    path : path-like
        The path; a symbolic link is followed.

    Returns
    -------
    {"file", "folder", "special", "absent"}
        Special are devices, pipes and sockets, which have no end, or are waited for.
    """
    if os.path.isfile(path):  # noqa: PTH113 - which, unlike Path's, answers for all paths
        return "file"
    if os.path.isdir(path):  # noqa: PTH112
        return "folder"
    return "special" if os.path.exists(path) else "absent"  # noqa: PTH110


def file_size(path: str | os.PathLike[str]) -> int:
    """Return how many bytes a file has.

    Raises
    ------
    OSError
        If that cannot be told.
    """
    with _asking(path):
        return Path(path).stat().st_size


def is_there(path: str | os.PathLike[str]) -> bool:
    """Tell whether something stands at a path, be it a link to nothing.

    Raises
    ------
    OSError
        If that cannot be told.
    """
    try:
        with _asking(path):
            os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def files_in(folder: str | os.PathLike[str], suffix: str) -> list[Path]:
    """Return the paths in a folder that end in a suffix, in order; none where it cannot be read."""
    try:
        with _asking(folder), os.scandir(folder) as entries:
            return sorted(Path(folder, e.name) for e in entries if e.name.endswith(suffix))
    except OSError:
        return []


def stamp(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    """Return what changes when a file is written, time and size; None where there is none."""
    try:
        with _asking(path):
            found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def open_to_read(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file to read bytes; an OSError says why not, whatever the path is."""
    with _asking(path):
        return Path(path).open("rb")


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
    with _asking(path):
        is_pipe = stat.S_ISFIFO(Path(path).stat().st_mode)
    if not is_pipe:
        with open_to_read(path) as file:
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


def write_file(
    path: str | os.PathLike[str], data: bytes, cancelled: Callable[[], bool] = bool
) -> None:
    """Write a file under a temporary name beside it, flush it to the disk, then rename it.

    What is not a regular file (``/dev/stdout``, a named pipe) is written to directly; a symbolic
    link stays one, and its target is replaced. Temporary files that a process left behind which was
    killed while it wrote are removed from the folder, if they are older than a minute.

    Parameters
    ----------
    path : path-like
        The file.
    data : bytes
        Its new content.
    cancelled : callable, optional
        Asked once all is on the disk, before it is renamed: whether the file stays as it was.

    Raises
    ------
    OSError
        If it cannot be written, is read-only, or is a pipe from which nobody reads; the file, if
        there was one, is then as it was.
    Cancelled
        If `cancelled` says so.
    """
    if file_type(path) == "special":
        _write_special(Path(path), data)
        return
    with new_file(path, cancelled) as temporary:
        temporary.write_bytes(data)


@contextmanager
def new_file(path: str | os.PathLike[str], cancelled: Callable[[], bool] = bool) -> Iterator[Path]:
    """Have a file written under a temporary name beside it, and renamed if that went well.

    See :func:`write_file`, which is for what is in memory as a whole.

    Parameters
    ----------
    path : path-like
        The file.
    cancelled : callable, optional
        See :func:`write_file`.

    Yields
    ------
    Path
        An empty file to write to.

    Raises
    ------
    OSError
        If it cannot be written, is read-only, or is no regular file; the file, if there was one, is
        then as it was, and so it is if what is done meanwhile raises.
    """
    path = Path(path)
    kind = file_type(path)
    if kind == "folder":  # the rename would say so only after the work, and less clearly
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
    if kind == "special":
        raise OSError(errno.EINVAL, "It is no regular file", str(path))
    with _asking(path), suppress(FileNotFoundError):
        path.stat()  # in a folder that may not be entered, or a link to itself, nothing is absent
    path = Path(os.path.realpath(path))
    mode = stat.S_IMODE(path.stat().st_mode) if kind == "file" else None
    # A rename asks the folder alone; and the mode speaks where everything is allowed to the user.
    if mode is not None and not (mode & 0o222 and os.access(path, os.W_OK)):
        raise PermissionError(errno.EACCES, "The file is read-only", str(path))
    temporary = path.with_name(f"{_TEMPORARY[0]}{os.urandom(8).hex()}{_TEMPORARY[1]}")
    try:
        temporary.open("xb").close()
    except OSError as error:  # which names a file that nobody has heard of
        raise type(error)(error.errno, error.strerror, str(path)) from None
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        if cancelled():
            raise Cancelled
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _remove_leftovers(path.parent)


def _write_special(path: Path, data: bytes) -> None:
    if not stat.S_ISFIFO(path.stat().st_mode):
        path.write_bytes(data)
        return
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:  # otherwise this would wait for a reader without end
            pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > deadline:
                raise OSError(errno.ENXIO, "Nobody reads from this pipe", str(path)) from None
            time.sleep(0.05)
    os.set_blocking(pipe, True)
    with os.fdopen(pipe, "wb") as file:
        file.write(data)


def _remove_leftovers(folder: Path) -> None:
    """Remove temporary files of processes that were killed, as far as that is allowed."""
    oldest = time.time() - _LEFT_BEHIND
    start, end = _TEMPORARY
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(start) and entry.name.endswith(end):
                with suppress(OSError):  # another process may be as quick
                    if entry.stat(follow_symlinks=False).st_mtime < oldest:
                        Path(entry).unlink()


@contextmanager
def locked(path: str | os.PathLike[str]) -> Iterator[None]:
    """Keep other processes that ask for the same lock from changing a file meanwhile.

    Parameters
    ----------
    path : path-like
        The file. The lock is a file beside it; its folder is made if there is none.

    Raises
    ------
    OSError
        If the lock cannot be made, or another process holds it for ``_PATIENCE`` seconds.
    """
    from filelock import FileLock, Timeout  # not on the way to the first frame

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Asked for often: who saves again and again leaves the others gaps of a millisecond.
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE)
    try:
        lock.acquire(poll_interval=0.001)
    except Timeout:
        raise OSError(errno.EAGAIN, "Another program is changing it", str(path)) from None
    try:
        yield
    finally:
        lock.release()


def reason(error: OSError) -> str:
    """Return why an operation on a file failed, as the end of a sentence."""
    return (error.strerror or str(error)).lower()


def shown(path: str | os.PathLike[str]) -> str:
    """Return a path as a sentence may hold it: printable, and its beginning and end if long."""
    text = printable(str(path))
    return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]}…{text[-_SHOWN:]}"


def refusal(
    path: str | os.PathLike[str], error: OSError, done: Literal["read", "written"] = "read"
) -> str:
    """Return a sentence about a file, without a full stop.

    Parameters
    ----------
    path : path-like
        The file.
    error : OSError
        Why.
    done : {"read", "written"}, default "read"
        What cannot be done with it.
    """
    return f"{shown(path)} cannot be {done}: {reason(error)}"
