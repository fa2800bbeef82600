"""Data: named columns of numbers, a row for each observation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.format import number, printable
from gdviz.base.types import Array
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.names import check_name
from gdviz.engine.language.operations import ROWS
from gdviz.engine.language.parser import PARAMETERS

MAX_ROWS = 1_000_000
MAX_COLUMNS = 20
#: Rows from which on a sum over all of them is not what one can do at each of many points.
MANY_ROWS = 2_000
#: Numbers larger than this are refused: their squares would leave no room for anything else.
MAX_SIZE = 1e100


class Column(Sequence[float]):
    """The numbers of a column: a sequence of floats, like a tuple of them, that is an array inside.

    A tuple of 10⁶ floats takes four times the memory, and a tenth of a second to look at.

    Parameters
    ----------
    numbers : array-like, shape (n,)
        The numbers, which are copied.

    Attributes
    ----------
    array : ndarray, shape (n,)
        They, in float64; it cannot be written to.
    """

    __slots__ = ("array",)

    def __init__(self, numbers: ArrayLike) -> None:
        self.array: Array = np.array(numbers, np.float64)
        self.array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[float, ...]: ...
    def __getitem__(self, index: int | slice) -> float | tuple[float, ...]:
        if isinstance(index, slice):
            return tuple(self.array[index].tolist())
        return float(self.array[index])

    def __iter__(self) -> Iterator[float]:
        return iter(self.array.tolist())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Column):
            return self is other or np.array_equal(self.array, other.array)
        return isinstance(other, Sequence) and self.array.tolist() == list(other)

    def __repr__(self) -> str:
        return f"Column({np.array2string(self.array, threshold=8, separator=', ')})"


@dataclass(frozen=True)
class DataFile:
    """The file that data was read from: where it is, and by what it is known again.

    Parameters
    ----------
    path : str
        The whole path; in an experiment file it may be told from that one's folder.
    sha256 : str
        The SHA-256 of its content, in hexadecimal digits.
    size : int
        Its bytes.
    standardised : tuple of str, default ()
        Columns that were standardised since.
    """

    path: str
    sha256: str
    size: int
    standardised: tuple[str, ...] = ()

    def is_same(self, other: "DataFile") -> bool:
        """Tell whether both files hold the same, wherever they are."""
        return (self.sha256, self.size) == (other.sha256, other.size)


@dataclass(frozen=True)
class Data:
    """Columns of equal length.

    Parameters
    ----------
    columns : mapping of str to sequence of float
        The numbers by name, which become a :class:`Column` each. A name is a short word that the
        formula language can tell apart.
    source : str, default ""
        Where it comes from, for captions: a file's name. It is made printable.
    file : DataFile, optional
        The file that holds it, if it was read from one and has many rows. It makes no difference
        between data.

    Raises
    ------
    ValueError
        With one sentence, if there is no column or no row, too many of them, a name that cannot
        be used, a column of another length, or a number that is not finite.
    """

    columns: Mapping[str, Sequence[float]]
    source: str = ""
    file: DataFile | None = field(default=None, compare=False)

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
        columns = {name: _column(column) for name, column in self.columns.items()}
        for name, column in columns.items():
            check_column_name(name)
            if len(column) != len(numbers):
                raise ValueError(
                    f"the column {name} has {len(column)} rows, and {first} has {len(numbers)}"
                )
            is_out = ~(np.abs(column.array) <= MAX_SIZE)  # nan is refused as well
            if is_out.any():
                row = int(is_out.argmax())
                raise ValueError(f"row {row + 1} of the column {name} holds {number(column[row])}")
        object.__setattr__(self, "columns", columns)

    @classmethod
    def of_arrays(cls, columns: Mapping[str, Array], source: str = "") -> "Data":
        """Return data of arrays, each of shape (rows,)."""
        return cls({name: Column(column) for name, column in columns.items()}, source)

    def standardised(self, names: Collection[str]) -> "Data":
        """Return data of which some columns have the mean 0 and the standard deviation 1."""
        columns = dict(self.columns)
        for name in names:
            column = self.arrays[name]
            columns[name] = Column((column - float(column.mean())) / float(column.std()))
        file = self.file and replace(self.file, standardised=(*self.file.standardised, *names))
        return Data(columns, self.source, file)

    def of_some_rows(self, most: int) -> "Data":
        """Return data of at most so many of the rows: see :func:`some_rows`."""
        if self.rows <= most:
            return self
        rows = some_rows(self.rows, most)
        columns = {name: column[rows] for name, column in self.arrays.items()}
        return Data.of_arrays(columns, self.source)

    def __hash__(self) -> int:
        return hash((frozenset(self.columns), self.rows, self.source))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))

    @cached_property
    def arrays(self) -> dict[str, Array]:
        """The columns as arrays, each of shape (rows,)."""
        return {name: _column(column).array for name, column in self.columns.items()}


@lru_cache(maxsize=8)
def some_rows(rows: int, most: int) -> NDArray[np.intp]:
    """Return which rows stand for all where these are too many, in order: random, always the same.

    Parameters
    ----------
    rows : int
        How many there are.
    most : int
        How many are wanted, at most.
    """
    if rows <= most:
        return np.arange(rows)
    chosen = np.random.default_rng(rows).choice(rows, most, replace=False, shuffle=False)
    return np.sort(chosen)


def _column(numbers: Sequence[float]) -> Column:
    return numbers if isinstance(numbers, Column) else Column(numbers)


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
