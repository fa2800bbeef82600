"""Large tables of nothing but numbers: what is read at once is what is read cell by cell."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from gdviz.files import plain_numbers, text_table
from gdviz.files.csv_data import DataError, load_data
from gdviz.files.plain_numbers import HEAD, LEAST_LINES, head_of
from gdviz.files.text_table import Table, TableError

ROWS = LEAST_LINES + 100
#: A row in which something may stand that is no plain number, after the lines that are looked at.
LATE = LEAST_LINES + 37


def numbers(fmt: str = "%.6g", between: str = ",", columns: int = 2, rows: int = ROWS) -> list[str]:
    noise = np.random.default_rng(5)
    values = noise.normal(size=(rows, columns)) * 10.0 ** noise.integers(-12, 12, (rows, columns))
    return [between.join(fmt % x for x in row) for row in values]


def text(rows: list[str], head: str = "x,y", end: str = "\n") -> bytes:
    return (end.join(([head] if head else []) + rows) + end).encode()


def by_cells(content: bytes) -> Table | str:
    try:
        return text_table._read_by_cells(content)
    except TableError as error:
        return str(error)


def is_same(one: Table, other: Table) -> bool:
    for field in fields(Table):
        x, y = getattr(one, field.name), getattr(other, field.name)
        if field.name == "rows":
            if x.tobytes() != y.tobytes():  # each bit, of −0 as well
                return False
        elif (list(x) != list(y)) if field.name == "lines" else (x != y):
            return False
    return True


@pytest.mark.parametrize(
    "content",
    [
        text(numbers()),
        text(numbers("%.17g")),
        text(numbers("%.18e", " "), head=""),
        text(numbers("%.18e", " "), head="# x y"),
        text(numbers(between=";"), head="x;y"),
        text(numbers(between="\t"), head="x\ty"),
        text(numbers(between=", "), head="x, y"),
        text(numbers(columns=5), head="p,q,r,s,t"),
        text(numbers(columns=1), head="loss"),
        text(numbers(columns=1), head=""),
        text(numbers(), head='"x","y"', end="\r\n"),
        "\ufeff".encode() + text(numbers(), head="größe,y"),
        text(numbers(), head="# made by hand\nx,y"),
        text(numbers(), head="\n\nx,y"),
        text(numbers())[:-1],
        text(numbers()) + b"\n\n\n",
        text([f"{k},{k * k}" for k in range(5, ROWS)], head="x,y"),
        text(["12345678901234567890123,9007199254740993", "1e-320,2.5e-310"] * ROWS),
        text(["0.1,2.675", "9007199254740992.5,4.35E-7"] * ROWS),
        text(numbers(between=";"), head="sep=;\nx;y"),
        text([f"{k},{row}" for k, row in enumerate(numbers())], head=",x,y"),  # an index of pandas
        text([f"{k},{row}" for k, row in enumerate(numbers(), 1)], head="index,x,y"),
        text([*numbers(), "1,", *numbers()]),
        text([*numbers(), ",1", *numbers(), ",1"]),
        text(["1,", *numbers(), ",1", "2,"]),
        text([*numbers(columns=4), "1,,,2", ",,,3", "4,,,", *numbers(columns=4)], head="p,q,r,s"),
        text([*numbers(between=";"), "1;", ";2"], head="x;y"),
        text([*numbers(between="\t"), "1\t", "\t2"], head="x\ty"),
        text([*(f"{k},{row}" for k, row in enumerate(numbers())), f"{ROWS},,1"], head=",x,y"),
    ],
)
@pytest.mark.parametrize("piece", [1, 700, 10**9])
def test_plain_tables_are_read_at_once_to_the_same_bits(
    content: bytes, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_numbers, "_PIECE", piece)
    found, careful = text_table._plain_table(content), by_cells(content)
    assert found is not None
    assert isinstance(careful, Table)
    assert is_same(found, careful)
    assert not found.rows.flags.writeable


def with_row(row: str) -> Callable[[], bytes]:
    def made() -> bytes:
        rows = numbers()
        rows[LATE] = row
        return text(rows)

    return made


@pytest.mark.parametrize(
    "row",
    [
        ",", "1,nan", "1,NA", "1,inf", "1,1e999", "1,+2", "1,.5", "1,5.", "1,007", "1,-0",
        "1,0x10", "1,1_0", '1,"2"', "1,2,3", "1", "", "# 1,2", "1;2", "1\t2", "1 2", "1,2 3",
        "1,2 kg", "1,1.5.2", "1,2024-01-02", "1,--", "1,-", "1,1e", "1,true", "1,1d5", "x,y",
        "1,−2", "1,∞", "1,2\x00", "1,2%", "Total,6", "1,2,", "1,[2]", "1,null", "-0,-0", "1,1e+",
    ],
)  # fmt: skip
@pytest.mark.parametrize("piece", [1, 700, 10**9])
def test_a_late_row_that_is_none_of_plain_numbers(
    row: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_numbers, "_PIECE", piece)
    content = with_row(row)()
    found, careful = text_table._plain_table(content), by_cells(content)
    assert found is None
    if isinstance(careful, str):
        with pytest.raises(TableError) as error:
            text_table.table_in(content)
        assert str(error.value) == careful
    else:
        assert is_same(text_table.table_in(content), careful)


@pytest.mark.parametrize(
    "content",
    [
        text(numbers(), head="x,y")[: len("x,y\n") + 5],  # one row
        text(numbers(rows=LEAST_LINES - 10)),
        text(numbers()).decode().encode("utf-16"),
        text([f"{k + (k == LATE)},{row}" for k, row in enumerate(numbers())], head=",x,y"),
        text([f"{k * (k != LATE)},{row}" for k, row in enumerate(numbers())], head=",x,y"),
        text([f"{k},{row}" for k, row in enumerate(numbers())], head=""),
        # Counted from the first row on, with a fraction beside it after the head alone.
        text([f"{k},{k},{k / (1 + (k == LATE))}" for k in range(ROWS)], head=""),
        text([f"{k},{k},{k}" for k in range(ROWS)], head=""),
        text(numbers(between=";"), head="1,5;x"),
        text([row.replace(".", ",").replace(";", ";") for row in numbers(between=";")], head="x;y"),
        text(numbers(), head="-,x,total"),
        text([f"{row}," for row in numbers()]),
        text([*numbers()[:10], "", *numbers()]),
        text([f"|{row}|" for row in numbers(between="|")], head="|x|y|"),
    ],
)
def test_what_only_cells_tell_is_read_by_cells(content: bytes) -> None:
    found, careful = text_table._plain_table(content), by_cells(content)
    assert found is None
    if isinstance(careful, Table):
        assert is_same(text_table.table_in(content), careful)


def test_the_head_ends_with_a_line() -> None:
    content = text(numbers())
    head = head_of(content)
    assert head is not None
    assert head.lines == content.count(b"\n") == ROWS + 1
    assert head.text == b"".join(content.splitlines(keepends=True)[:HEAD])


def test_as_many_rows_as_there_may_be(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("x,y\n" + "1,2\n" * 999_999 + "3,4\n")
    data, notes = load_data(path)
    assert (data.rows, notes) == (1_000_000, ())
    assert (data.columns["x"][-1], sum(data.columns["y"])) == (3.0, 2_000_002.0)
    path.write_text("x,y\n" + "1,2\n" * 1_000_001)
    with pytest.raises(DataError, match="1,000,001 rows and 2 columns, which is too large"):
        load_data(path)


def test_what_is_too_large_unless_it_is_plain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_table, "MAX_FILE_SIZE", 1_000)
    monkeypatch.setattr(text_table, "MAX_PLAIN", 100_000)
    path = tmp_path / "d.csv"
    path.write_bytes(text(numbers()))
    assert load_data(path)[0].rows == ROWS
    rows = numbers()
    rows[LATE] = "1,?"
    path.write_bytes(text(rows))
    with pytest.raises(DataError, match="only a table of nothing but numbers may be"):
        load_data(path)


def test_a_large_text_is_not_kept_once_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(text(numbers(rows=3_000)))
    assert load_data(path)[0].rows == 3_000
    assert text_table.table_in.cache_info().currsize == 0
