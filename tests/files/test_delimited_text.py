"""Lines of text, cut into cells."""

import pytest

from gdviz.files.delimited_text import (
    BLANKS,
    TableError,
    cells_of,
    check_width,
    delimiter_of,
    lines_of,
)


def test_lines_have_the_numbers_that_an_editor_shows() -> None:
    expected = [(1, "x,y"), (4, "1,α"), (5, "\t2")]
    assert lines_of(b"\xef\xbb\xbfx,y\r\n\r\n  \n1,\xce\xb1\n\t2\n", 100) == (expected, "")
    # as spreadsheets do
    assert lines_of("x,y\r\n\r\n  \n1,α\n\t2\n".encode("utf-16"), 100) == (expected, "")


def test_what_is_no_text() -> None:
    assert len(lines_of(b"1,2\n" * 500_001, 2_000_004)[0]) == 500_001
    with pytest.raises(TableError, match="this is larger than 2 MB"):
        lines_of(b"1,2\n" * 500_001, 2_000_003)
    with pytest.raises(TableError, match="this is not a text file in UTF-8"):
        lines_of(b"x,y\n\x00\xff\n", 100)


def test_what_spreadsheets_write_on_windows() -> None:
    lines, note = lines_of("größe;€\n1;2\n".encode("cp1252"), 100)
    assert lines == [(1, "größe;€"), (2, "1;2")]
    assert note.startswith("this is not in UTF-8, and is read as Windows-1252")


def test_a_quoted_cell_of_several_lines() -> None:
    text = b'"x\n(mm)",y\n1,2\n5" pipe,3\n4,5\n'
    lines = [(1, '"x (mm)",y'), (3, "1,2"), (4, '5" pipe,3'), (5, "4,5")]
    assert lines_of(text, 100) == (lines, "")


@pytest.mark.parametrize(
    ("line", "delimiter", "cells"),
    [
        ("1,2,3", ",", ["1", "2", "3"]),
        (" 1 , 2,3 \r", ",", ["1", "2", "3"]),
        ("1,5;2,5", ";", ["1,5", "2,5"]),
        ("1\t2,5", "\t", ["1", "2,5"]),
        ("\t1\t", "\t", ["", "1", ""]),
        ('"x", "y z","a,b"', ",", ["x", "y z", "a,b"]),
        ('"he said ""no""",1', ",", ['he said "no"', "1"]),
        ("  1   2\t", "\t", ["1   2", ""]),
        ("  1   2 ", BLANKS, ["1", "2"]),
    ],
)
def test_cells(line: str, delimiter: str, cells: list[str]) -> None:
    assert delimiter_of([line]) == delimiter
    assert cells_of(line, delimiter) == cells


@pytest.mark.parametrize("line", ['1,"2', '"1" 2,3'])
def test_quotes_that_are_not_closed(line: str) -> None:
    with pytest.raises(TableError, match="a quote is not closed, or something follows it"):
        cells_of(line, ",")


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["x,y;z", "1,5;2", "2,5;3"], ";"),
        (['"width; mm",y', "1,2", "3,4"], ","),
        (["x\ty, z", "1\t2", "3\t4"], "\t"),
        (["a;b,c", "1"], ";"),  # nothing cuts both alike
    ],
)
def test_what_cuts_all_lines_alike_is_the_delimiter(lines: list[str], delimiter: str) -> None:
    assert delimiter_of(lines) == delimiter


def test_a_line_without_delimiters_is_cut_as_is_said() -> None:
    assert delimiter_of(["temperature"], ",") == ","
    assert cells_of("1 2", ",") == ["1 2"]


def test_widths() -> None:
    check_width(2, ["1", "2"], 2)
    with pytest.raises(TableError, match=r"line 12 has 1,000 cells, but the first has 2"):
        check_width(12, ["1"] * 1000, 2)
