"""Writing files so that a failure leaves what was there."""

import os
import tempfile
from pathlib import Path


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file under a temporary name beside it, then rename.

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
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes the file private; give it the mode that open() would have given.
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def reason(error: OSError) -> str:
    """Return why an operation on a file failed, as the end of a sentence."""
    return (error.strerror or str(error)).lower()
