"""What numbers look like in cells."""

import math

import pytest

from gdviz.files.delimited_text import TableError
from gdviz.files.number_text import as_number, can_be_number, is_number, rewrite


def test_numbers() -> None:
    assert all(map(is_number, ("1", " -2.5e-3 ", "nan", "inf", "1.0E+05", "−2.5", "1.5D-03", "∞")))
    assert not any(map(is_number, ("", "x", "1,5", "0x10", "1_000", "-", "2024-01-01")))
    assert [as_number(cell) for cell in ("−2.5", "1.5D-03", "1.#INF")] == [-2.5, 1.5e-3, math.inf]


@pytest.mark.parametrize(
    "word", ["", "NA", "<NA>", "#N/A", "#DIV/0!", "NULL", "\\N", ".", "--", "NaN", "-1.#IND"]
)
def test_words_for_what_is_missing(word: str) -> None:
    assert can_be_number(word)
    assert math.isnan(as_number(word))


@pytest.mark.parametrize(
    ("cells", "delimiter", "read"),
    [
        (["1", "2.5", "x, y"], ",", []),
        (["1,5", "-,5e-3", "7", "a,5"], ";", ["1.5", "-.5e-3", "7", "a,5"]),
        (["1,500", "2,000"], "\t", ["1.500", "2.000"]),
        (["1.234.500,5", "2,0"], ";", ["1234500.5", "2.0"]),
        (["1,500", "2,000,000.5", "3.5"], ",", ["1500", "2000000.5", "3.5"]),  # in quotes
        (["1,500.25", "2,000"], "\t", ["1500.25", "2000"]),
        (["1,5", "2,000"], ",", ["1.5", "2.000"]),
        (["Smith, 3", "1,500"], ",", ["Smith, 3", "1500"]),
        (["1.234,5", "1.234", "12,5"], ";", ["1234.5", "1234", "12.5"]),
        (["1.234.567", "1.000"], ";", ["1234567", "1000"]),
        (["1.234.567", "0.25"], ";", []),  # a version
        ([], ",", []),
    ],
)
def test_commas_and_points_inside_cells(cells: list[str], delimiter: str, read: list[str]) -> None:
    records = [list(cells)]
    notes = rewrite(records, delimiter)
    assert records == [read or cells]
    assert len(notes) == bool(read)


@pytest.mark.parametrize("cells", [["1,5", "2.5"], ["1,5", "1.234"], ["1.234,5", "2.5"]])
def test_two_ways_to_write_decimals(cells: list[str]) -> None:
    with pytest.raises(TableError, match=r"with a comma, such as .*, and with a point, such as"):
        rewrite([cells], ";")


@pytest.mark.parametrize(
    ("column", "read", "note"),
    [
        (["cost", "$1,200.50", "-$3"], ["1200.50", "-3"], "beside numbers are left out: $ (cost)"),
        (["share", "12 %", "7.5 %"], ["12", "7.5"], "% (share)"),
        (["x", "1.200,50 €", "7,5 €"], ["1200.50", "7.5"], "€ (x)"),
        (["x", "EUR 5", "", "EUR 7"], ["5", "", "7"], "EUR (x)"),
        (["h", "1.8m", "NA", "1.7m"], ["1.8", "NA", "1.7"], "m (h)"),
        (["t", "20 °C", "−3 °C"], ["20", "-3"], "°C (t)"),
        (["v", "3 m/s²", "4 m/s²"], ["3", "4"], "m/s² (v)"),
        (["x", "1 200,5", "950"], ["1200.5", "950"], "what separates thousands is left out"),
        (["x", "1\u202f200", "1\u00a0300"], ["1200", "1300"], "what separates thousands"),
        (["x", "1'200.5", "7"], ["1200.5", "7"], "what separates thousands is left out: 1'200.5"),
        (["x", "(1,200)", "300"], ["-1200", "300"], "numbers in brackets are negative: (1,200)"),
        (["x", "2.5 ± 0.1", "3+/-0.2"], ["2.5", "3"], "uncertainties are left out: ± 0.1"),
        (["x", "($5)", "$7"], ["-5", "7"], "numbers in brackets are negative: ($5)"),
    ],
)
def test_units_beside_numbers(column: list[str], read: list[str], note: str) -> None:
    records = [[cell] for cell in column]
    notes = rewrite(records, ";" if "200," in column[1] else ",")
    assert [record[0] for record in records[1:]] == read
    assert records[0] == column[:1]
    assert note in "; ".join(notes)


def test_units_of_columns_without_names() -> None:
    records = [["1 kg", "2"], ["2 kg", "3"]]
    assert rewrite(records, ",") == ["units beside numbers are left out: kg"]
    assert records == [["1", "2"], ["2", "3"]]


@pytest.mark.parametrize(
    "column",
    [
        ["x", "50%", "0.6"],  # 0.5 or 50
        ["x", "1 kg", "2 g"],
        ["x", "run 1", "run 2"],
        ["x", "R2", "R3"],
        ["x", "2j", "3j"],
        ["x", "555 1234", "555 9876"],
        ["x", "12:30", "12:45"],
        ["x", "2024-01-01", "2024-01-02"],
        ["x", "(1)", "(2)"],
        ["x", "1.5x10^3", "2.5x10^3"],
    ],
)
def test_what_is_no_unit(column: list[str]) -> None:
    records = [[cell] for cell in column]
    assert rewrite(records, ",") == []
    assert records == [[cell] for cell in column]
