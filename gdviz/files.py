"""Writing files so that a failure leaves what was there."""

import os
import stat
import tempfile
from pathlib import Path


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
