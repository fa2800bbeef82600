"""How commands write: files, whole or not at all, and standard output."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from gdviz.base.files import file_type, reason, write_file
from gdviz.cli.arguments import UsageError


def output_path(arguments: Namespace, *endings: str) -> Path | None:
    """Return the file that ``-o`` names, or None where there is no ``-o``.

    Parameters
    ----------
    arguments : Namespace
        With the file as ``output``.
    *endings : str
        What its name may end in, without the dot.

    Raises
    ------
    UsageError
        If it ends in something else, or cannot be written.
    """
    if "output" not in arguments:
        return None
    path = Path(arguments.output)
    if path.suffix.lower().removeprefix(".") not in endings:
        *others, last = (f".{ending}" for ending in endings)
        wanted = f"{', '.join(others)} or {last}"
        raise UsageError(f"-o: the file's name must end in {wanted}, not {arguments.output!r}")
    check_folder(path)
    return path


def check_folder(path: Path) -> None:
    """Refuse at once what would only fail after the work.

    Raises
    ------
    UsageError
        If a file of that name cannot be written.
    """
    folder = path.parent
    if file_type(folder) != "folder":
        raise UsageError(f"{path} cannot be written: there is no folder {folder}")
    if file_type(path) == "folder":
        raise UsageError(f"{path} cannot be written: it is a folder")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{path} cannot be written: the folder is not writable")


def write(path: Path, data: bytes) -> None:
    """Write a file.

    Raises
    ------
    UsageError
        If that fails; what was there before is still there.
    """
    try:
        write_file(path, data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {reason(error)}") from error


def write_out(text: str) -> None:
    """Write to standard output, in UTF-8 on every system.

    Raises
    ------
    UsageError
        If that fails, unless the reader has enough.
    """
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python flushes once more at its end, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a reader like head has enough, and that is all
            raise UsageError(f"standard output cannot be written: {reason(error)}") from error


def aligned(rows: Sequence[Sequence[str]], right: bool = False) -> str:
    """Return rows of cells as lines of text, in columns two spaces apart.

    Parameters
    ----------
    rows : sequence of sequence of str
        As many cells in each row.
    right : bool, default False
        Set all columns but the first flush right, as numbers are.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if right and i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
