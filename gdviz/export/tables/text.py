"""CSV and JSON whose numbers round-trip, in lines that end with a line feed alone."""

import csv
import io
from collections.abc import Iterable, Sequence

import msgspec

Cell = str | int | float | None


def column_names(parameters: tuple[str, str], taken: Sequence[str]) -> tuple[str, str]:
    """Return what the columns of two parameters are called, beside others whose names are taken."""
    first, second = (
        f"parameter_{name}" if {name, f"gradient_{name}"} & {*taken} else name
        for name in parameters
    )
    return first, second


def csv_text(columns: Sequence[str], cells: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV with a header line.

    Parameters
    ----------
    columns : sequence of str
        The header.
    cells : iterable of sequence of Cell
        The rows. Numbers are written with 17 significant digits, which read back as the same.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(_csv_cell, row) for row in cells)
    return out.getvalue()


def unsigned(cell: Cell) -> Cell:
    """Return a cell as it is, but 0 for −0."""
    return cell + 0.0 if isinstance(cell, float) else cell


def _csv_cell(cell: Cell) -> Cell:
    return format(unsigned(cell), ".17g") if isinstance(cell, float) else cell


def json_text(value: object, indent: int = 2) -> str:
    """Return a value as JSON, which has null for what is not a number.

    Numbers are the shortest texts that read back as the same; dataclasses are objects.
    """
    encoded = msgspec.json.encode(value, enc_hook=float)  # NumPy's numbers
    return msgspec.json.format(encoded, indent=indent).decode() + "\n"
