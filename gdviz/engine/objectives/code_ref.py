"""A person's own Python code: which code it is, and what may be wrong with it."""

from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import PurePath

#: What is asked of it: ``loss`` or ``gradient``.
VALUE, GRADIENT = 0, 1
#: Tells whether what a thread computes is no longer wanted. It is asked around each call of code:
#: a single one may take longer than a whole path of a formula, which asks once in many steps.
CANCELLED: ContextVar[Callable[[], bool]] = ContextVar("CANCELLED", default=bool)


class CodeError(ValueError):
    """What is wrong with the code, in one sentence that names the line."""


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
    """

    path: str
    digest: str
    has_gradient: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePath(self.path).name


#: How often some code was opened: what it imports, and so what it computes, may differ each time.
RUNS: Counter[Code] = Counter()
