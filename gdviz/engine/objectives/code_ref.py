"""A person's own Python code: which code it is, and what may be wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from gdviz.base.captured_output import CapturedOutput
from gdviz.base.types import Array

#: What is asked of it: ``loss`` or ``gradient``.
VALUE, GRADIENT = 0, 1


class CodeError(ValueError):
    """What is wrong with the code, in one sentence that names the line.

    Attributes
    ----------
    output : CapturedOutput or None
        What the code has printed.
    """

    output: CapturedOutput | None = None


@dataclass(frozen=True)
class Code:
    """Which code an experiment is about; the code itself is in the file.

    Parameters
    ----------
    path : str
        The file.
    digest : str
        The SHA-256 of what it held when it was opened, in hexadecimal digits.
    has_gradient : bool, default False
        Whether it defines ``gradient(a, b)``.
    takes_complex : bool, default False
        Whether ``loss`` was found to take complex numbers, as the complex step needs it.
    """

    path: str
    digest: str
    has_gradient: bool = False
    takes_complex: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePath(self.path).name


class CodeRunner(Protocol):
    """What runs code that was opened: :class:`~gdviz.engine.objectives.code_process.CodeProcess`.

    Most never open code, and need not wait for multiprocessing to be imported.
    """

    code: Code
    calls: int
    output: CapturedOutput

    def call(self, kind: int, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
        """Return what one of its functions returns at points."""

    def interrupt(self) -> None:
        """Give up the call that runs."""

    def stop(self) -> None:
        """End it."""
