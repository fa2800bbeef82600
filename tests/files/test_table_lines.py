"""Which lines of a text are its table: what surrounds it, and what is between its cells."""

from pathlib import Path

import pytest

from gdviz.files.file_kinds import Verdict
from gdviz.files.landscapes import decide, load_landscape
from gdviz.files.table_lines import table_lines

POINTS = [(x, y, 10 * x + y) for x in (0.5, 1.5, 2.5) for y in (1.0, 2.0, 4.0)]


def rows(delimiter: str = ",", ends: str = "") -> str:
    return "".join(f"{ends}{delimiter.join(map(str, row))}{ends}\n" for row in POINTS)


@pytest.mark.parametrize(
    ("text", "names", "left_out"),
    [
        ("x,y,loss\n" + rows(), ("x", "y"), ()),
        ("x|y|loss\n" + rows("|"), ("x", "y"), ()),
        ("sep=|\nx|y|loss\n" + rows("|"), ("x", "y"), ()),
        ("| x | y | loss |\n|---|:-:|---|\n" + rows(" | ", "|"), ("x", "y"), ()),
        (" x | y | loss\n---+---+-----\n" + rows(" | ") + "(9 rows)\n", ("x", "y"), (12,)),
        ("% COMSOL 6.1\n% x y loss\n" + rows(" "), ("x", "y"), ()),
        ("// a scan\nx,y,loss\n" + rows(), ("x", "y"), ()),
        ("a title\n\nDate: 2024-01-01\nx,y,loss\n" + rows(), ("x", "y"), (1, 3)),
        ("Run,7\nDate,2024-01-01\n\n" + rows(), ("a", "b"), (1, 2)),
        ("a scan\nof mine\n" + '"x" "y" "loss"\n' + "".join(
            f'"{k}" {row}\n' for k, row in enumerate(rows(" ").splitlines(), 1)),
         ("x", "y"), (1, 2)),  # R writes no name above those of the rows
        ("x,y,loss\n" + rows() + "Source: me\nand others\n", ("x", "y"), (11, 12)),
        (",,\n,,\nx,y,loss\n" + rows() + ",,\n", ("x", "y"), ()),
        (",x,y,loss,\n" + "".join(f",{row},\n" for row in rows().splitlines()), ("x", "y"), ()),
        ('"x\n(mm)",y,loss\n' + rows(), ("x (mm)", "y"), ()),
    ],
)  # fmt: skip
def test_what_is_around_a_table(
    tmp_path: Path, text: str, names: tuple[str, str], left_out: tuple[int, ...]
) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text)
    assert decide(path) == Verdict("landscape")
    found = load_landscape(path)
    assert found.grid.names == names
    assert found.metrics == ("value" if names == ("a", "b") else "loss",)
    assert (found.grid.a, found.grid.b) == ((0.5, 1.5, 2.5), (1.0, 2.0, 4.0))
    assert found.grid.values[2] == (9.0, 19.0, 29.0)
    said = [f"line {line} is left out, which is no row of the table" for line in left_out]
    assert [note.partition(":")[0] for note in found.notes if "is left out, which" in note] == said


@pytest.mark.parametrize("text", ["0.5\n0.7\n1,2,3\n4,5,6\n7,8,9\n", "1,2,3\n4,5,6\n7,8,9\n10\n"])
def test_rows_that_are_too_short_are_no_remarks(text: str) -> None:
    found = table_lines(text.encode())
    assert len(found.records) == text.count("\n")
    assert found.notes == []


def test_missing_cells_of_a_matrix_stay_where_they_are(tmp_path: Path) -> None:
    """A column, or a row, that is not computed yet is no delimiter too many."""
    path = tmp_path / "s.csv"
    path.write_text("1,2,,4\n5,6,,8\n9,1,,3\n,,,\n")
    found = load_landscape(path, extent=(0, 3, 0, 3)).grid
    assert (len(found.a), len(found.b)) == (4, 4)
    assert found.values[0] == (1.0, 2.0, None, 4.0)
    assert found.values[3] == (None, None, None, None)
