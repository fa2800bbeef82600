"""Data as CSV files, in and out."""

import csv
import hashlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

import numpy as np

from gdviz.base.files import absolute, file_type, read_file, refusal, shown, write_file
from gdviz.base.format import brief
from gdviz.base.input_error import InputError
from gdviz.engine.language.lexer import is_name
from gdviz.engine.language.parser import MAX_NAME
from gdviz.engine.objectives.data import (
    MANY_ROWS,
    MAX_COLUMNS,
    Data,
    DataFile,
    check_column_name,
)
from gdviz.files.landscape_formats.point_rows import off_the_grid
from gdviz.files.text_table import MAX_PLAIN, Table, forget_table, table_in

#: What stands before a name that means something already, or does not begin with a letter.
_COLUMN = "col_"
#: Characters of a name, which leaves room for that and for a number.
_MOST = MAX_NAME - 8


class DataError(InputError):
    """A data file that is refused, in one sentence."""


def load_data(path: str | os.PathLike[str]) -> tuple[Data, tuple[str, ...]]:
    """Read data from a table in text: a row of numbers for each observation.

    Cells are separated by semicolons, tabs, commas or blanks; decimals have a point or a comma.
    Names in the first line become names that a formula can hold; without any, the columns are
    called x and y, or x1, x2, … and y. What numbers the rows, and columns of text, are left out;
    so are rows in which a number is missing. One column alone has the number of the row beside it.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    data : Data
    notes : tuple of str
        What was left out or renamed, in sentences.

    Raises
    ------
    DataError
        If it cannot be read, or is not such a table; with the place and the file's name.
    """
    path = Path(path)
    try:
        return data_in(read_file(path, MAX_PLAIN + 1), path)
    except OSError as error:
        raise DataError(refusal(path, error)) from None


def data_in(content: bytes, path: Path) -> tuple[Data, tuple[str, ...]]:
    """Return the data in what was read of a file, and notes: see :func:`load_data`.

    Parameters
    ----------
    content : bytes
        What the file holds.
    path : Path
        The file. Where there are many rows the data knows it again.

    Raises
    ------
    DataError
    """
    try:
        table = table_in(content)
        data, notes = _data(table, path.name)
    except ValueError as error:
        raise DataError(f"{error} (in {shown(path.name)})") from error
    if data.rows > MANY_ROWS:
        forget_table()
        if file_type(path) == "file":
            digest = hashlib.sha256(content).hexdigest()
            data = replace(data, file=DataFile(str(absolute(path)), digest, len(content)))
    return data, (*table.left_out(), *notes, *filter(None, [off_the_grid(table)]))


def save_data(data: Data, path: str | os.PathLike[str]) -> None:
    """Write data as a CSV file.

    Raises
    ------
    OSError
        If it cannot be written; the file, if there was one, is then as it was.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(data.names)
    writer.writerows(zip(*data.columns.values(), strict=True))
    write_file(path, text.getvalue().encode())


def _data(table: Table, source: str) -> tuple[Data, list[str]]:
    if table.headed:
        raise DataError("this is a matrix with its coordinates: it is a loss landscape, not data")
    rows, width = table.rows.shape
    if width > MAX_COLUMNS:
        raise DataError(f"this has {width} columns: at most {MAX_COLUMNS} are allowed")
    missing = np.isnan(table.rows)
    is_whole = ~missing.any(axis=1) if missing.any() else np.ones(rows, bool)  # quicker, if so
    kept = table.rows if is_whole.all() else table.rows[is_whole]
    notes = []
    if not len(kept):
        column = int(missing.sum(axis=0).argmax())
        name = brief(table.names[column]) if table.names else column + 1
        raise DataError(f"no row has a number in each column, least of all in the column {name}")
    if len(kept) < rows:
        are = "is" if rows - len(kept) == 1 else "are"
        notes.append(
            f"{rows - len(kept):,} of {rows:,} rows {are} left out, where a number is missing"
        )
    names = list(table.names) or _default_names(width)
    written = writable_names(names)
    renamed = [(old, new) for old, new in zip(names, written, strict=True) if old != new]
    if renamed:
        pairs = ", ".join(f"{brief(old) or '(no name)'} → {new}" for old, new in renamed)
        notes.append(f"columns have names that a formula can hold: {pairs}")
    elif not table.names:
        notes.append(f"the columns have no names, and are called {', '.join(names)}")
    for row, column in np.argwhere(~np.isfinite(kept))[:1].tolist():
        line = table.lines[int(np.flatnonzero(is_whole)[row])]
        raise DataError(
            f"line {line}, column {written[column]} holds {kept[row, column]}, which is not finite"
        )
    columns = dict(zip(written, kept.T, strict=True))
    if width == 1:  # which a line would be fitted to by itself
        x = "row" if written == ["x"] else "x"
        notes.append(f"there is only one column of numbers: {x} is the number of the row")
        columns = {x: np.arange(1.0, len(kept) + 1), **columns}
    return Data.of_arrays(columns, source), notes


def _default_names(width: int) -> list[str]:
    return ["x", "y"] if width == 2 else [*(f"x{k}" for k in range(1, width)), "y"]


def writable_names(names: Sequence[str]) -> list[str]:
    """Return names of columns that a formula can hold, as near as they can be to other names.

    Units in brackets go, and what is neither letter nor digit becomes ``_``: ``Weight 1 (kg)`` is
    ``weight_1``. What means something already, such as ``a``, ``n`` and ``pi``, begins with
    ``col_``, and what is there twice ends with a number.
    """
    written = [
        name if _is_writable(name) and names.index(name) == k else ""
        for k, name in enumerate(names)
    ]
    for k, name in enumerate(names):
        if not written[k]:
            word = _near(name) or str(k + 1)
            word = word if _is_writable(word) else f"{_COLUMN}{word}"
            endings = chain([""], (f"_{again}" for again in count(2)))
            written[k] = next(word + end for end in endings if word + end not in written)
    return written


def _near(name: str) -> str:
    if _is_writable(name):
        return name[:_MOST]
    word = re.sub(r"\([^()]*\)|\[[^][]*\]", " ", name)
    word = "".join(letter if is_name(f"x{letter}") else " " for letter in word)
    return "_".join(word.replace("_", " ").lower().split())[:_MOST]


def _is_writable(name: str) -> bool:
    try:
        check_column_name(name)
    except ValueError:
        return False
    return True
