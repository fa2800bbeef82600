"""The objective of a person's own Python code, which knows no derivative but what it is given."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.objectives.code_ref import GRADIENT, RUNS, VALUE, Code
from gdviz.engine.objectives.objective import BlackBox, Known

#: Points in one call: some megabytes at the most, whatever the code makes of them.
_BLOCK = 65_536


@dataclass(frozen=True)
class CodeObjective(BlackBox):
    """The functions ``loss`` and ``gradient`` of a Python file.

    Unlike other objectives it may raise :class:`~gdviz.engine.objectives.code_ref.CodeError` and,
    when the person interrupts it, :class:`~gdviz.base.cancel.Cancelled`.

    Parameters
    ----------
    code : Code
        Which code; it must have been opened.

    Attributes
    ----------
    run : int
        How often it had been: opened again, it is another function.
    """

    code: Code
    run: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "run", RUNS[self.code])

    @property
    def name(self) -> str:
        """The file's name."""
        return self.code.name

    @property
    def no_gradient(self) -> str:
        """Why there is no ∇f, where the file defines none."""
        return "" if self.code.has_gradient else f"{self.name} defines no gradient(a, b)"

    def evaluate(self, quantity: Known, a: Array, b: Array) -> Array:
        """Return what the file's function returns at points."""
        # Most never open code, and need not wait for multiprocessing to be imported.
        from gdviz.engine.objectives.code_process import process_of

        call = partial(process_of(self.code).call, GRADIENT if quantity == "gradient" else VALUE)
        blocks = [slice(first, first + _BLOCK) for first in range(0, max(1, len(a)), _BLOCK)]
        return np.concatenate([call(a[block], b[block]) for block in blocks], axis=-1)
