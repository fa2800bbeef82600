"""Tables of numbers in text, whoever wrote them: what is a header, an index, text, and a number.

A file is read so once, whatever its numbers mean, data or losses; with bounds on everything.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.base.files import read_file
from gdviz.base.format import brief, listed
from gdviz.engine.objectives.data import MAX_ROWS
from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.files.delimited_text import MAX_LINES, TableError, check_width
from gdviz.files.number_text import as_number, can_be_number, floats, is_missing, is_number
from gdviz.files.plain_numbers import HEAD, head_of, plain_rows
from gdviz.files.table_lines import MAX_FILE_SIZE, are_names, are_words, table_lines

_MAX_COLUMNS = 50
#: Bytes of a table of nothing but numbers, which is read without making a text of each.
MAX_PLAIN = 100_000_000
#: What may be meant for a number, above a column.
_NUMERIC = re.compile(r"[+-]?[\d.,]")
#: What pandas, R and spreadsheets write above a column that numbers the rows.
_INDEX = re.compile(r"|unnamed: \d+(_level_\d+)?(\.\d+)*|index|level_\d+", re.IGNORECASE)
#: What pivot tables of spreadsheets write beside and below their sums.
_TOTALS = {"grand total", "total", "gesamtergebnis", "total général", "total general", "suma total"}
_COUNTING = "the first column counts the rows, and is left out"


@dataclass(frozen=True)
class Table:
    """A table of numbers.

    Attributes
    ----------
    names : tuple of str
        What stands above the columns, if these are names.
    rows : ndarray
        The numbers; nan where one is missing.
    lines : sequence of int
        Each row's number among the lines of the file.
    notes : tuple of str
        Sentences about what was left out, but for columns of text: see :meth:`left_out`.
    headed : bool
        Whether the first row and column surely are coordinates, as where a word stands in their
        corner, which is nan here.
    corner : str
        That word: of the rows, or of the rows and the columns with a backslash between them.
    surfaces : tuple of str
        For each column but the first of a headed table, to which of several surfaces it belongs.
    numbered : bool
        Whether rows and columns had numbers for names, 0, 1, 2, …, which are left out.
    texts : mapping of str to tuple of str
        The columns of text, by name, which are not among `rows`.
    """

    names: tuple[str, ...]
    rows: NDArray[np.float64]
    lines: Sequence[int]
    notes: tuple[str, ...] = ()
    headed: bool = False
    corner: str = ""
    surfaces: tuple[str, ...] = ()
    numbered: bool = False
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def left_out(self, used: Collection[str] = ()) -> list[str]:
        """Return the sentences about what is left out, if only some columns of text are used."""
        text = [name for name in self.texts if name not in used]
        return [*self.notes, *([f"columns of text are left out: {listed(text)}"] if text else ())]


def runs(axis: NDArray[np.float64]) -> bool:
    """Tell whether numbers increase, or decrease, all the way."""
    steps = np.diff(axis)
    return bool(np.isfinite(axis).all() and ((steps > 0).all() or (steps < 0).all()))


def is_even(axis: NDArray[np.float64]) -> bool:
    """Tell whether numbers are evenly spaced, as far as they were printed."""
    if len(axis) < 3 or not runs(axis):
        return False
    even = np.linspace(axis[0], axis[-1], len(axis))
    return bool((np.abs(axis - even) <= 0.01 * abs(even[1] - even[0])).all())


def read_table(path: Path) -> Table:
    """Read a table of numbers.

    What stands above evenly spaced columns and beside evenly spaced rows may lack its first cell,
    as where cells are separated by blanks, and no word is in it; the table then has nan there.

    Raises
    ------
    TableError
        With the line, where there is one.
    OSError
    """
    return table_in(read_file(path, MAX_PLAIN + 1))


@lru_cache(maxsize=1)  # a file is looked into before it is opened, and both read all of it
def table_in(content: bytes) -> Table:
    """Return the table in what was read of a file: see :func:`read_table`."""
    if (plain := _plain_table(content)) is not None:
        return plain
    if MAX_FILE_SIZE < len(content) <= MAX_PLAIN:
        raise TableError(
            f"this is larger than {MAX_FILE_SIZE // 1_000_000} MB, and only a table of nothing but "
            "numbers may be, with one separator between them"
        )
    return _read_by_cells(content)


def forget_table() -> None:
    """Let go of the table that was read last, and of its text, which may be large."""
    table_in.cache_clear()


def _plain_table(content: bytes) -> Table | None:
    """Return a large table of nothing but numbers, as reading it by cells would; None of others.

    Its head is read by cells, and has to be plain: what could still make another table of it in
    a later row is then no number.
    """
    head = head_of(content)
    if head is None or len(content) > MAX_PLAIN or head.lines > MAX_LINES:
        return None
    try:
        table = _read_by_cells(head.text)
    except TableError:
        return None
    rows, width = table.rows.shape
    first = table.lines[0]
    has_index = not table.names and _counts([f"{x:g}" for x in table.rows[:, 0].tolist()])
    is_numbered = bool(table.names) and table.notes == (_COUNTING,)
    if (
        table.headed or table.numbered or table.texts or has_index
        or (table.notes and not is_numbered)
        or any(map(_NUMERIC.match, table.names))
        or list(table.lines) != list(range(first, HEAD + 1))
    ):  # fmt: skip
        return None
    numbers = plain_rows(content, first, width + is_numbered)
    if numbers is not None and is_numbered:
        if not np.array_equal(numbers[:, 0], numbers[0, 0] + np.arange(len(numbers))):
            return None
        numbers = np.ascontiguousarray(numbers[:, 1:])
    if numbers is None or not np.array_equal(numbers[:rows], table.rows, equal_nan=True):
        return None
    _check_size(*numbers.shape)
    numbers.flags.writeable = False
    return replace(table, rows=numbers, lines=range(first, first + len(numbers)))


def _read_by_cells(content: bytes) -> Table:
    draft = _Draft(*table_lines(content))
    draft.leave_out_totals()
    draft.take_head()
    draft.match_widths()
    draft.leave_out_numbering()
    return draft.numbers()


class _Draft:
    """A table under way: each step takes what it knows from the cells."""

    def __init__(
        self, comment: list[str], lines: list[int], records: list[list[str]], notes: list[str]
    ) -> None:
        self.lines, self.records, self.notes = lines, records, notes
        self._comment = comment
        self.names: list[str] = []
        self.headed = self.numbered = self._lacks_one = False
        self.corner = ""
        self.surfaces: list[str] = []

    def leave_out_totals(self) -> None:
        """Leave out the sums beside and below a table, and the line above a pivot table."""
        first, last = self.records[0], self.records[-1]
        if len(self.records) > 2:
            self._leave_out_line_above_pivot(first, self.records[1])
        heads = self.records[: min(2, len(self.records) - 1)]
        beside = any(len(head) > 3 and head[-1].lower() in _TOTALS for head in heads)
        below = len(self.records) > 2 and any(cell.lower() in _TOTALS for cell in last)
        if beside:
            width = len(heads[-1])
            for record in self.records:
                del record[width - 1 :]
        if below:
            self._pop(-1)
        if beside or below:
            self.notes.append("totals are left out")
        if self.records[0][0].lower() == "row labels":  # which says nothing
            self.records[0][0] = ""

    def _leave_out_line_above_pivot(self, first: list[str], second: list[str]) -> None:
        there = list(filter(None, first))
        if len(there) in (1, 2) and there == first[: len(there)] and are_words(there):
            within = second[:-1] if second[-1].lower() in _TOTALS else second
            if len(first) > 3 and _is_word_beside_numbers(within):
                self._leave_out_line(0)

    def take_head(self) -> None:
        """Take the names from above the numbers, and the word beside them."""
        full = next((k for k, record in enumerate(self.records) if any(record)), 0)
        if full and are_words(self.records[full]):
            del self.records[:full], self.lines[:full]
        first, second = self.records[0], self.records[min(1, len(self.records) - 1)]
        if len(first) == 1 < len(second) and are_words(first) and are_names(second):
            self._leave_out_line(0)  # a title
        first = self.records[0]
        if len(first) > 3 and _INDEX.fullmatch(first[0]) and _is_word_beside_numbers(first[1:]):
            self._leave_out_first(_COUNTING)  # a table of pandas's whose index was reset
        first = self.records[0]
        if _is_word_beside_numbers(first):
            below = self._take_word(1)
            self._set_corner(below or first[0], first[0] if below else "")
        elif are_names(first):
            self._pop(0)
            self.names = first
            if self.records and self._has_surfaces():
                columns, below = self.records[0][0], self._take_word(1)
                self._set_corner(below or first[0], columns)
                self.names, self.surfaces = [], first[1:]
            elif len(self.records) > 1 and are_words(self.records[0]):
                self._leave_out_line(0)  # units
        if not self.records:
            raise TableError("this has names in its first line, but no rows below it")

    def _has_surfaces(self) -> bool:
        """Tell whether names are those of several surfaces, as a pivot table of pandas has them."""
        second = self.records[0]
        above = self.names[1:]
        return (
            len(second) == len(self.names) > 2
            and len(set(above)) * 2 <= len(above)
            and len({above.count(name) for name in above}) == 1
            and _is_word_beside_numbers([second[0] or "w", *second[1:]])
        )

    def _set_corner(self, of_rows: str, of_columns: str) -> None:
        self.headed = True
        self.corner = f"{of_rows}\\{of_columns}" if of_columns else of_rows
        self.records[0][0] = ""

    def _take_word(self, at: int) -> str:
        """Take away a row that holds nothing but a word in its first cell."""
        if len(self.records) <= at:
            return ""
        word, *others = self.records[at]
        if can_be_number(word) or any(others) or (not others and len(self.records[0]) == 1):
            return ""
        self._pop(at)
        return word

    def _leave_out_line(self, at: int) -> None:
        text = brief(" ".join(self.records[at]))
        self.notes.append(f"line {self.lines[at]} is left out, which holds no numbers: {text}")
        self._pop(at)

    def _pop(self, at: int) -> None:
        del self.records[at], self.lines[at]

    def match_widths(self) -> None:
        """Give the first line as many cells as the others have, or refuse what has not."""
        head = self.names or self.records[0]
        below = self.records if self.names else self.records[1:]
        more = len(head) + 1
        if below and len(below[0]) == more:
            if all(len(record) == more and not record[-1] for record in below):
                for record in below:
                    record.pop()
            elif len(self.names) > 1 and _name_rows([record[0] for record in below]):
                self.names.insert(0, "")  # R writes no name above those of the rows
            elif not (self.names or self.headed) and len(below) > 1:
                self.records[0].insert(0, "")
                self._lacks_one = True
        width = len(self.names or self.records[0])
        for number, record in zip(self.lines, self.records, strict=True):
            check_width(number, record, width)
        if self.names and not self.headed:
            there = [k for k, record in enumerate(self.records) if any(record)]
            self.records = [self.records[k] for k in there] or self.records
            self.lines = [self.lines[k] for k in there] or self.lines
        _check_size(len(self.records), width)
        # np.savetxt writes its header as a comment.
        is_head = len(self._comment) == width and not all(map(can_be_number, self._comment))
        if is_head and not (self.names or self.headed or self._lacks_one):
            self.names = self._comment

    def leave_out_numbering(self) -> None:
        """Leave out what only counts rows or columns, as pandas and R write it unasked."""
        while len(self.names) > 2 and _INDEX.fullmatch(self.names[0]):
            has_gaps = self.names[0].lower()[:7] in ("", "unnamed")
            index = [record[0].removesuffix(".0") for record in self.records]
            if not _counts(index, has_gaps=has_gaps):
                break
            self.names.pop(0)
            self._leave_out_first(_COUNTING)
        if len(self.names) == 2 and not self.names[0]:
            self.names[0] = "x"  # the index of a series
        if len(self.names) > 1 and self.names == [f"V{k}" for k in range(1, len(self.names) + 1)]:
            self.names, self.numbered = [], True  # R's names for columns without any
        first = self.records[0]
        if self.names or self.headed or len(self.records) < 3:
            return
        if first[0] == "" and _counts(first[1:]) and _counts([r[0] for r in self.records[1:]]):
            self._pop(0)
            self._leave_out_first("rows and columns are only counted, which is left out")
            self.numbered = True
        elif _counts(first) and not any(map(_is_whole, self.records[1])):
            self._pop(0)
            self.numbered = True
            self.notes.append("the first line counts the columns, and is left out")
        elif len(first) > 2 and self._has_index():
            self._leave_out_first(f"{_COUNTING}: write names above the columns to keep it")
            self.numbered = True

    def _has_index(self) -> bool:
        """Tell whether the first of unnamed columns counts the rows, and others hold fractions."""
        return _counts([record[0] for record in self.records]) and not all(
            _is_whole(cell) for record in self.records for cell in record[1:]
        )

    def _leave_out_first(self, note: str) -> None:
        for record in self.records:
            record.pop(0)
        if note not in self.notes:
            self.notes.append(note)

    def numbers(self) -> Table:
        """Return the table, without columns of text."""
        kept: list[int] = []
        columns: list[NDArray[np.float64]] = []
        texts: dict[str, tuple[str, ...]] = {}
        for k, column in enumerate(zip(*self.records, strict=True)):
            numbers = floats(column)
            if numbers is None and not self.headed and self._is_text(column):
                name = self.names[k] if self.names else ""
                texts[name if name and name not in texts else f"column {k + 1}"] = column
                continue
            if numbers is None:
                self._refuse(k, column)
            elif not any(column) and self._is_beside(k):
                continue
            else:
                kept.append(k)
                columns.append(numbers)
        if not columns:
            raise TableError("this has no column of numbers")
        rows = np.column_stack(columns)
        rows.flags.writeable = False
        if self._lacks_one and not (is_even(rows[0, 1:]) and is_even(rows[1:, 0])):
            check_width(self.lines[1], self.records[1], len(self.records[0]) - 1)
        names = tuple(self.names[k] for k in kept) if self.names else ()
        if not (names or self.numbered) and min(rows.shape) > 2 and self.records[0][0] == "":
            # An empty first cell is no loss that is missing if all beside it can be coordinates.
            self.headed = self.headed or (runs(rows[0, 1:]) and runs(rows[1:, 0]))
        return Table(
            names, rows, tuple(self.lines), tuple(self.notes), self.headed, self.corner,
            tuple(self.surfaces), self.numbered, texts,
        )  # fmt: skip

    def _is_beside(self, k: int) -> bool:
        """Tell whether an empty column is nothing but delimiters: what it is called, or where."""
        last = len(self.records[0]) - 1
        return not self.names[k] if self.names else 1 < k == last

    def _is_text(self, column: Sequence[str]) -> bool:
        there = [cell for cell in column if not is_missing(cell)]
        return 2 * sum(map(is_number, there)) < len(there)

    def _refuse(self, k: int, column: Sequence[str]) -> None:
        row = next(row for row, cell in enumerate(column) if not can_be_number(cell))
        name = brief(self.names[k]) if self.names and self.names[k] else str(k + 1)
        raise TableError(
            f"line {self.lines[row]}, column {name} holds {brief(column[row])}, which is not a "
            "number"
        )


def _check_size(rows: int, columns: int) -> None:
    if (
        columns > MAX_POINTS + 1
        or rows > MAX_ROWS
        or (rows > MAX_POINTS + 1 and columns > _MAX_COLUMNS)
    ):
        raise TableError(
            f"this has {rows:,} rows and {columns:,} columns, which is too large: a matrix may "
            f"have {MAX_POINTS} each way, and a table of columns {_MAX_COLUMNS} of them and "
            f"{MAX_ROWS:,} rows"
        )


def _is_word_beside_numbers(cells: Sequence[str]) -> bool:
    word, *others = cells
    return (
        len(others) >= 2
        and not can_be_number(word)
        and all(can_be_number(cell) and math.isfinite(as_number(cell)) for cell in others)
    )


def _counts(cells: Sequence[str], *, has_gaps: bool = False) -> bool:
    """Tell whether cells count 0, 1, 2, … or 1, 2, 3, …, or from anywhere, with some left out."""
    if not cells or not all(map(_is_whole, cells)):
        return False
    numbers = list(map(int, cells))
    if has_gaps:
        return len(set(numbers)) == len(numbers)
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _name_rows(cells: Sequence[str]) -> bool:
    """Tell whether cells are names of rows: words, or numbers that count them."""
    return len(cells) > 1 and (_counts(cells) or not any(map(can_be_number, cells)))


def _is_whole(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) < 10
