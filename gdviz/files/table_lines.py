"""Which lines of a text are its table, cut into cells: not comments, titles, rules, and remarks."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gdviz.base.format import brief
from gdviz.engine.objectives.loss_grid import MAX_POINTS
from gdviz.files.delimited_text import (
    DELIMITERS,
    TableError,
    cells_of,
    delimiter_of,
    lines_of,
)
from gdviz.files.number_text import can_be_number, is_number, rewrite

#: 512 × 512 rows of three long numbers.
MAX_FILE_SIZE = 24_000_000
_MAX_LINE = 50 * MAX_POINTS
#: NumPy and gnuplot, MATLAB and COMSOL, and code.
_COMMENTS = ("#", "%", "//")
#: Between the names and the rows of Markdown, psql and others.
_RULE = re.compile(r"(?=.*[|+])(?=.*[-=]{2})[|+:=\s-]*")
#: Lines by which it is told how many cells a row has, and that may stand above or below the table.
_SAMPLE, _MOST_REMARKS = 20, 50
_LEAST_LINES = 4


class TableLines(NamedTuple):
    """A table's lines, cut.

    Attributes
    ----------
    comment : list of str
        The cells of the last comment.
    numbers : list of int
        The lines' numbers in the file.
    records : list of list of str
        Their cells.
    notes : list of str
        Sentences about what was left out, and how numbers were read.
    """

    comment: list[str]
    numbers: list[int]
    records: list[list[str]]
    notes: list[str]


def table_lines(content: bytes) -> TableLines:
    """Return the lines of a text that are its table.

    Raises
    ------
    TableError
    """
    lines, note = lines_of(content, MAX_FILE_SIZE)
    if any(len(line) > _MAX_LINE for _, line in lines):
        raise TableError(f"this has lines of more than {_MAX_LINE:,} characters")
    lines = [(number, line.strip(" \r")) for number, line in lines]
    comments = [line.lstrip("#%/ ") for _, line in lines if line.startswith(_COMMENTS)]
    lines = [
        (number, line)
        for number, line in lines
        if not line.startswith(_COMMENTS) and not _RULE.fullmatch(line)
    ]
    told = ""
    if len(lines) > 1 and re.fullmatch("sep=.", lines[0][1]):  # as spreadsheets are told it
        told = lines.pop(0)[1][-1]
    if not lines:
        raise TableError("this file is empty: the first line names the columns, such as x,y")
    lines, notes = _without_remarks(lines)
    numbers, texts = [number for number, _ in lines], [line for _, line in lines]
    # Names in a comment may be cut otherwise than the numbers, and so may the first row.
    own = delimiter_of(texts)
    delimiter = delimiter_of(texts[1:] or texts, own)
    if told and told in DELIMITERS:
        own = delimiter = told
    records = [cells_of(line, delimiter) for line in texts]
    if own != delimiter and len(records[0]) != len(records[1]) and not are_names(records[1]):
        records[0] = cells_of(texts[0], own)
    notes += rewrite(records, delimiter)
    comment = cells_of(comments[-1], delimiter_of(comments[-1:])) if comments else []
    return TableLines(comment, numbers, records, [*([note] if note else ()), *notes])


def _without_remarks(lines: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[str]]:
    """Leave out what stands above the names and below the rows, with fewer cells than these."""
    if len(lines) < _LEAST_LINES:
        return lines, []
    sample = [line for _, line in lines[-min(_SAMPLE, len(lines) // 2 + 1) :]]
    delimiter = delimiter_of(sample)
    try:
        width = Counter(len(cells_of(line, delimiter)) for line in sample).most_common(1)[0][0]
        last = len(lines)
        while last > 1 and _is_remark(lines[last - 1][1], delimiter, 2) and width > 1:
            last -= 1
        first = 0
        while first < min(last, _MOST_REMARKS) and _is_remark(lines[first][1], delimiter, width):
            first += 1
        if 0 < first < last and len(cells_of(lines[first - 1][1], delimiter)) == width - 1:
            row = cells_of(lines[first][1], delimiter)  # R writes no name above those of the rows
            first -= not are_names(row) and (row[0].isdigit() or not can_be_number(row[0]))
    except TableError:
        return lines, []
    first = first if first > 1 else 0  # of a single line it is told later what it is
    notes = [
        f"line {number} is left out, which is no row of the table: {brief(line)}"
        for number, line in (*lines[:first], *lines[last:])
    ]
    return lines[first:last], notes[:3]


def _is_remark(line: str, delimiter: str, width: int) -> bool:
    """Tell whether a line has fewer cells than a row, and is no row that is too short."""
    cells = cells_of(line, delimiter)
    return len(cells) < width and not all(map(can_be_number, cells))


def are_names(cells: Sequence[str]) -> bool:
    """Tell whether a line is no numbers: if most cells are, the others are wrong, and no names."""
    return 2 * sum(map(can_be_number, cells)) <= len(cells)


def are_words(cells: Sequence[str]) -> bool:
    """Tell whether there is no number in a line, and something else."""
    return not any(map(is_number, cells)) and not all(map(can_be_number, cells))
