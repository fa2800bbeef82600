"""Data: named columns of numbers, a row for each observation."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import number, printable
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.names import check_name
from gdviz.engine.language.operations import ROWS
from gdviz.engine.language.parser import PARAMETERS

MAX_ROWS = 2_000
MAX_COLUMNS = 20
#: Numbers larger than this are refused: their squares would leave no room for anything else.
MAX_SIZE = 1e100


@dataclass(frozen=True)
class Data:
    """Columns of equal length.

    Parameters
    ----------
    columns : dict of str to tuple of float
        The numbers by name. A name is a short word that the formula language can tell apart.
    source : str, default ""
        Where it comes from, for captions: a file's name. It is made printable.

    Raises
    ------
    ValueError
        With one sentence, if there is no column or no row, too many of them, a name that cannot
        be used, a column of another length, or a number that is not finite.
    """

    columns: dict[str, tuple[float, ...]]
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", printable(self.source, 255))  # as in a LossGrid
        if not self.columns:
            raise ValueError("data needs at least one column")
        if len(self.columns) > MAX_COLUMNS:
            raise ValueError(
                f"data may have at most {MAX_COLUMNS} columns, not {len(self.columns)}"
            )
        (first, numbers), *_ = self.columns.items()
        if not 1 <= len(numbers) <= MAX_ROWS:
            raise ValueError(f"data must have 1 to {MAX_ROWS:,} rows, not {len(numbers):,}")
        for name, column in self.columns.items():
            check_column_name(name)
            if len(column) != len(numbers):
                raise ValueError(
                    f"the column {name} has {len(column)} rows, and {first} has {len(numbers)}"
                )
            for row, value in enumerate(column, start=1):
                if not abs(value) <= MAX_SIZE:  # nan is refused as well
                    raise ValueError(f"row {row} of the column {name} holds {number(value)}")

    def __hash__(self) -> int:
        return hash((tuple(self.columns), self.rows, self.source))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))

    @cached_property
    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """The columns as arrays, each of shape (rows,)."""
        return {name: np.array(column, np.float64) for name, column in self.columns.items()}


def check_column_name(name: str) -> None:
    """Refuse a column's name that a formula could not tell apart.

    Raises
    ------
    ValueError
    """
    try:
        check_name(name, "a data column", PARAMETERS)
    except FormulaError as error:
        raise ValueError(str(error)) from None
    if name == ROWS:
        raise ValueError(f"a data column cannot be called {ROWS!r}: that is the number of rows")
