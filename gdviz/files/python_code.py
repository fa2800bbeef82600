"""Python files whose function is minimised. Opening one runs it."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from gdviz.base.files import absolute, file_type, read_file, refusal, shown
from gdviz.base.geometry import Range
from gdviz.engine.objectives.code_process import CodeProcess, open_code
from gdviz.engine.objectives.code_ref import Code, CodeError
from gdviz.engine.objectives.network.settings import SliceSettings

#: Larger than this no hand has written it.
MAX_SIZE = 1_000_000


def open_code_file(
    path: str | os.PathLike[str],
    extent: Range | None = None,
    settings: SliceSettings | None = None,
    cancelled: Callable[[], bool] = bool,
    loss_seed: int | None = None,
) -> CodeProcess:
    """Run a Python file because the person asked for it.

    Parameters
    ----------
    path : path-like
        A file that defines ``loss(a, b)``, or a function of another name, and perhaps its gradient,
        or a network: see :func:`gdviz.engine.objectives.code_process.open_code`.
    extent : Range, optional
        The map: it is tried at no point beyond. By default its home range.
    settings : SliceSettings, optional
        Which slice of its loss it is, if it is a network.
    cancelled : callable, optional
        Tells whether it is no longer wanted.
    loss_seed : int, optional
        What generators are seeded with before each call, so that a stochastic loss is a function.

    Raises
    ------
    CodeError
        In one sentence, with the line in the file where there is one.
    Cancelled
        If `cancelled` said so.
    """
    path = absolute(path)
    return open_code(
        path, read_source(path), cancelled=cancelled, extent=extent, settings=settings,
        loss_seed=loss_seed,
    )  # fmt: skip


def has_changed(code: Code) -> bool:
    """Tell whether a file holds something else than when it was opened; nothing is run.

    Raises
    ------
    CodeError
        If it cannot be read.
    """
    return hashlib.sha256(read_source(Path(code.path))).hexdigest() != code.digest


def read_source(path: Path) -> bytes:
    """Return what a file holds; nothing is run.

    Raises
    ------
    CodeError
        If it cannot be read.
    """
    if file_type(path) in ("special", "folder"):  # a pipe would be waited for
        raise CodeError(f"{shown(path)} is not a file")
    try:
        source = read_file(path, MAX_SIZE + 1)
    except OSError as error:
        raise CodeError(refusal(path, error)) from None
    if len(source) > MAX_SIZE:
        raise CodeError(f"{shown(path.name)} is too large to be code")
    return source
