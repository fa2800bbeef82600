"""How a person's file becomes a module, in the process that runs it."""

import os
import sys
import types
from pathlib import Path

from gdviz.base.child_main import STANDARD
from gdviz.engine.objectives.code_child.seeding import seed_calls
from gdviz.engine.objectives.code_child.source_file import MODULE, SourceFile
from gdviz.engine.objectives.code_ref import CodeError


def load_module(file: SourceFile, source: bytes, loss_seed: int | None = None) -> types.ModuleType:
    """Run a file, in its folder and with what lies there to be imported.

    Parameters
    ----------
    file : SourceFile
        Where it is.
    source : bytes
        What it holds.
    loss_seed : int, optional
        What generators are seeded with before each call of its loss, and its gradient; by default
        they are not.

    Raises
    ------
    CodeError, or what the code raises
    """
    _import_from(Path(file.path).parent)
    module = types.ModuleType(MODULE)
    module.__file__ = file.path
    sys.modules["__main__"] = sys.modules[MODULE] = module
    if b"\0" in source:  # of which the compiler does not say where
        line = source[: source.index(b"\0")].count(b"\n") + 1
        raise CodeError(f"{file.where(line)}: Python code cannot hold a null byte")
    exec(compile(source, file.path, "exec"), module.__dict__)  # noqa: S102 - asked for
    if loss_seed is not None:
        seed_calls(module, loss_seed)
    return module


def _import_from(folder: Path) -> None:
    """Work in the file's folder, and import what is there, but no namesake of a standard module."""
    os.chdir(folder)  # where the data lies that it may read
    sys.path.insert(sum(path in STANDARD for path in sys.path), str(folder))  # right after it
