"""Text that is no table of numbers, or too large a one."""

from pathlib import Path

import pytest

from gdviz.files import text_table
from gdviz.files.csv_data import load_data
from gdviz.files.landscapes import LandscapeError, decide, load_landscape
from tests.files.landscape_formats.written_files import RANGE_5


def test_a_table_that_is_looked_into_and_then_opened_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, draft = [], text_table._Draft
    monkeypatch.setattr(text_table, "_Draft", lambda *parts: made.append(parts) or draft(*parts))
    path = tmp_path / "s.csv"
    for corner in (7, 8):  # the file may change between
        path.write_text(f"x,y,loss\n0,0,{corner}\n0,1,1\n1,0,2\n1,1,3\n")
        assert decide(path) == ("landscape", "", "")
        assert load_landscape(path).grid.values[0][0] == corner
    assert len(made) == 2


@pytest.mark.parametrize("above", ["Average of loss,Column Labels,,,\n", "AVERAGE of f,,,,\n", ""])
@pytest.mark.parametrize("corner", ["wd", "Row Labels"])
def test_a_pivot_table_of_a_spreadsheet(tmp_path: Path, above: str, corner: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        f"{above}{corner},0.5,1.5,2.5,Grand Total\n"
        "1,1,2,3,2\n2,4,5,6,5\nGrand Total,2.5,3.5,4.5,3.5\n"
    )
    assert decide(path) == ("landscape", "", "")
    found = load_landscape(path)
    assert (found.grid.a, found.grid.b) == ((0.5, 1.5, 2.5), (1.0, 2.0))
    assert found.grid.values == ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    assert found.grid.names == (("lr", "wd") if corner == "wd" else ("a", "b"))
    assert "totals are left out" in found.notes


def test_a_last_row_of_totals(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("x,y\n1,2\n2,4\nTotal,6\n")
    data, notes = load_data(path)
    assert data.columns == {"x": (1.0, 2.0), "y": (2.0, 4.0)}
    assert notes == ("totals are left out",)


def test_an_index_without_a_name_above_it(tmp_path: Path) -> None:
    """As pandas writes it with header=False: beside points, data, and a matrix."""
    note = "the first column counts the rows, and is left out: write names above the columns"
    path = tmp_path / "s.csv"
    points = [(x, y, 10 * x + y) for x in (0.5, 1.5, 2.5) for y in (1.0, 2.0, 3.0, 4.0)]
    path.write_text("".join(f"{k},{x},{y},{z}\n" for k, (x, y, z) in enumerate(points)))
    assert decide(path) == ("landscape", "", "")
    found = load_landscape(path)
    assert (found.grid.a, found.grid.values[3][2]) == ((0.5, 1.5, 2.5), 29.0)
    assert found.notes[0].startswith(note)
    path.write_text("".join(f"{k},{x},{z}\n" for k, (x, _, z) in enumerate(points)))
    assert decide(path) == ("data", "", "")
    data, notes = load_data(path)
    assert data.names == ("x", "y")
    assert data.columns["x"][:5] == (0.5, 0.5, 0.5, 0.5, 1.5)
    assert notes[0].startswith(note)
    path.write_text("0,1.5,2.5\n1,3.5,4.5\n2,5.5,7.5\n")
    assert load_landscape(path, extent=RANGE_5).grid.values == ((1.5, 2.5), (3.5, 4.5), (5.5, 7.5))
    path.write_text("1,2,3\n2,1,5\n3,1,9\n")  # whole numbers are no index
    assert load_landscape(path, extent=RANGE_5).grid.values[0] == (1.0, 2.0, 3.0)


def test_an_empty_corner_without_columns_is_a_value_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text('""\n0.5\n0.25\n0.125\n')
    assert load_landscape(path, extent=RANGE_5).grid.values[0] == (None, 0.5, 0.25, 0.125)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this file is empty"),
        ("x,y,loss\n", "names in its first line, but no rows"),
        ("1,2\n3\n", "line 2 has 1 cells, but the first has 2"),
        ("1,2\n3,four\n", "line 2, column 2 holds four, which is not a number"),
        ("1,2,x3\n4,5,6\n", "line 1, column 3 holds x3, which is not a number"),
        ("x,y,loss\n0,left,1\n0,1,1\n", "line 2, column y holds left, which is not a number"),
        ("x,y\n1,2\n3,4\n", "the columns x, y are not those of a surface"),
        ("x,y,loss\n" + "0,0,1\n" * 4, "the columns x and y lie on no grid"),
        ("w,v,loss\n" + "0,0,1\n" * 4, "w, v, loss are not those of a surface"),
        ("nan,nan\nnan,nan\n", "no four neighbouring points"),
        ("\xff\n", "not those of a surface|no rows below"),
    ],
)
def test_text_that_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.csv").write_text(text)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(tmp_path / "s.csv", extent=RANGE_5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\n" * 1_000_101, "more than 1,000,100 lines"),
        ("1," * 600_000, "lines of more than 25,600 characters"),
        ("1,1,1\n" * 600, "do not form a grid"),
        (("1 " * 30 + "\n") * 600, "600 × 30 points"),
        ((" 1" * 600 + "\n") * 3, "3 rows and 600 columns"),
        ("x,y,loss\n0,0,1\n0,1,1\n1e9,0,1\n1e9,1,1\n", "at most 10⁶ is allowed"),
        ("x,y,loss\n-1e308,0,1\n-1e308,1,1\n1e308,0,1\n1e308,1,1\n", "lie on no grid"),
    ],
)
def test_text_that_is_too_large(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.csv").write_text(text)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(tmp_path / "s.csv", extent=RANGE_5)


def test_an_empty_heading_alone_counts_no_columns(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text('""\n-0.5\n0.25\n')
    data, notes = load_data(tmp_path / "s.csv")
    assert data.columns == {"x": (1.0, 2.0), "y": (-0.5, 0.25)}
    assert notes[0] == "1 of 3 rows is left out, where a number is missing"
