"""Data as CSV files, in and out."""

import csv
import io
import math
import os
from pathlib import Path

from gdviz.base.files import refusal, shown, write_file
from gdviz.engine.objectives.data import MAX_COLUMNS, MAX_ROWS, Data, check_column_name
from gdviz.files.delimited_text import cells_of, check_width, delimiter_of, is_number, read_lines

#: Far more than as many rows and columns as are read can take.
MAX_FILE_SIZE = 2_000_000


class DataError(ValueError):
    """A data file that is refused, in one sentence."""


def load_data(path: str | os.PathLike[str]) -> Data:
    """Read data from a CSV file: a line of names, and then a line of numbers for each row.

    Cells are separated by semicolons, tabs or commas, whichever the first line has; numbers are
    written with a point. Empty lines are passed over.

    Parameters
    ----------
    path : path-like
        The file: UTF-8, with or without a byte order mark.

    Raises
    ------
    DataError
        If it cannot be read, or is not such a table; with the place and the file's name.
    """
    path = Path(path)
    try:
        return _table(read_lines(path, MAX_FILE_SIZE), path.name)
    except OSError as error:
        raise DataError(refusal(path, error)) from None
    except ValueError as error:
        raise DataError(f"{error} (in {shown(path.name)})") from error


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


def _table(lines: list[tuple[int, str]], name: str) -> Data:
    delimiter = delimiter_of(lines[0][1], ",") if lines else ","
    records = ((number, cells_of(line, delimiter)) for number, line in lines)
    filled = (record for record in records if any(record[1]))
    _, names = next(filled, (0, []))
    _check_names(names)
    rows: list[list[float]] = []
    for line, cells in filled:
        check_width(line, cells, len(names))
        if len(rows) == MAX_ROWS:
            raise DataError(f"this has more than {MAX_ROWS:,} rows")
        rows.append(
            [_number(cell, line, column) for cell, column in zip(cells, names, strict=True)]
        )
    if not rows:
        raise DataError("this has names in its first line, but no rows below it")
    return Data(dict(zip(names, zip(*rows, strict=True), strict=True)), name)


def _check_names(names: list[str]) -> None:
    if not names:
        raise DataError("this file is empty: the first line names the columns, such as x,y")
    if len(names) > MAX_COLUMNS:
        raise DataError(f"this has {len(names)} columns: at most {MAX_COLUMNS} are allowed")
    for position, name in enumerate(names, start=1):
        if not name:
            raise DataError(f"column {position} has no name in the first line")
        if is_number(name):
            raise DataError(f"the first line holds the number {name[:30]} instead of column names")
        check_column_name(name)
        if name in names[: position - 1]:
            raise DataError(f"two columns are called {name}")


def _number(text: str, line: int, column: str) -> float:
    where = f"line {line}, column {column}"
    if not text:
        raise DataError(f"{where} is empty")
    try:
        number = float(text)
    except ValueError:
        hint = ": decimals are written with a point" if is_number(text.replace(",", ".")) else ""
        shown = text if len(text) <= 30 else text[:29] + "…"
        raise DataError(f"{where} holds {shown!r}, which is not a number{hint}") from None
    if not math.isfinite(number):
        raise DataError(f"{where} holds {text}, which is not a finite number")
    return number
