"""What is copied of tables, curves and widgets."""

import csv
import io

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from gdviz.base.cancel import Cancelled
from gdviz.ui.toolkit.copying import (
    Lines,
    as_png,
    curve_lines,
    picture_of,
    table_lines,
    table_rows,
    table_text,
)
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot


@pytest.fixture
def table(qtbot):
    made = QTableWidget(2, 2)
    qtbot.addWidget(made)
    made.setHorizontalHeaderLabels(["evals", "f,\nthere"])
    made.verticalHeader().hide()
    for row, texts in enumerate((("80", "−0.03"), ('a "b"', "x\ty"))):
        for column, text in enumerate(texts):
            made.setItem(row, column, QTableWidgetItem(text))
    return made


def test_a_table_is_its_headings_and_texts(table):
    rows = table_rows(table)
    assert rows == [["evals", "f, there"], ["80", "-0.03"], ['a "b"', "x y"]]
    for delimiter in ",\t":
        text = table_text(table_lines(table), delimiter)
        assert [*csv.reader(io.StringIO(text), delimiter=delimiter)] == rows
    table.verticalHeader().show()
    assert table_rows(table)[1] == ["1", "80", "-0.03"]


def test_numbers_are_spelled_for_programs_and_a_sentence_stands_beside_its_row(table):
    table.item(0, 0).setText("3.1·10⁻⁷")
    table.item(1, 0).setText("Stopped, at −2 and 3")
    table.setSpan(1, 0, 1, 2)
    assert table_rows(table) == [
        ["evals", "f, there", "remark"], ["3.1e-07", "-0.03", "Stopped, at −2 and 3"],
    ]  # fmt: skip


@pytest.mark.parametrize("log", [False, True])
def test_curves_share_a_column_of_places(qtbot, log):
    plot = Plot("p", "step", log_y=log)
    qtbot.addWidget(plot)
    up = np.array([1.0, 2.0, np.nan, 3.0])
    plot.show_curves([
        Curve(np.arange(4.0), up, pen("#000000")),
        Curve(np.arange(1.0, 3.0), np.array([5.0, 6.0]), pen("#ff0000")),
    ])  # fmt: skip

    def said(y):
        return repr(10.0**y if log else y)

    assert [*curve_lines(plot).make()] == [
        ["step", "y1", "y2"], ["0", said(1.0), ""], ["1", said(2.0), said(5.0)],
        ["2", "", said(6.0)], ["3", said(3.0), ""],
    ]  # fmt: skip


def test_curves_with_names_are_the_columns_and_guides_are_none(qtbot):
    plot = Plot("p", "ε", log_x=True, log_y=True)
    qtbot.addWidget(plot)
    x = np.array([-2.0, -1.0])
    plot.show_curves([
        Curve(x, np.array([-4.0, -2.0]), pen("#000000"), "central, float64"),
        Curve(x, np.array([-3.0, -3.0]), pen("#000000")),
        Curve(x, np.array([-1.0, 0.0]), pen("#000000"), "forward, float64"),
    ])  # fmt: skip
    assert [*curve_lines(plot).make()] == [
        ["ε", "central, float64", "forward, float64"],
        ["0.01", "0.0001", "0.1"], ["0.1", "0.01", "1.0"],
    ]  # fmt: skip


def test_what_is_drawn_elsewhere_than_it_is_has_its_own_number(qtbot):
    plot = Plot("p", "ε", log_y=True)
    qtbot.addWidget(plot)
    x, errors = np.arange(3.0), np.array([0.0, 0.1, np.nan])
    drawn = np.array([-1.5, -1.0, np.nan])
    plot.show_curves([Curve(x, drawn, pen("#000000"), "central", errors, ["exact", "", "lost"])])
    assert [*curve_lines(plot).make()] == [
        ["ε", "central", "central: how it ended"],
        ["0", "0.0", "exact"], ["1", "0.1", ""], ["2", "", "lost"],
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 499, 500, 1_000, 1_234])
def test_a_table_is_as_long_as_it_may_be_and_says_how_far_it_is(count):
    lines = Lines(count, lambda: iter([["n"], *([str(k)] for k in range(count))]))
    for most in (None, 7, 600):
        parts = []
        text = table_text(lines, ",", most, parts.append)
        rows = count if most is None else min(most, count)
        assert text.split() == ["n", *map(str, range(rows))]
        assert parts == sorted(parts)
        assert parts[-1] == 1.0
    with pytest.raises(Cancelled):
        table_text(lines, ",", cancelled=lambda: True)


def test_a_picture_is_twice_as_fine_and_a_png(table):
    table.resize(200, 90)
    picture = picture_of(table)
    assert (picture.width(), picture.height()) == (400, 180)
    again = QImage.fromData(as_png(picture))
    assert (again.width(), again.height()) == (400, 180)
    colors = {again.pixel(x, y) for x in range(0, 400, 3) for y in range(0, 180, 3)}
    assert len(colors) > 2  # and something on it


def test_a_curve_in_a_picture_is_as_wide_as_on_the_screen(qtbot):
    plot = Plot("p", "step")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show_curves([Curve(np.arange(4.0), np.full(4, 0.5), pen("#ff0000", 6.0))])
    plot.show()

    def thickness(picture):
        middle = picture.width() // 2
        reds = [picture.pixelColor(middle, y).getRgb()[:3] for y in range(picture.height())]
        return sum(red > 200 and green < 60 and blue < 60 for red, green, blue in reds)

    assert thickness(plot.grab().toImage()) == pytest.approx(6, abs=1)
    assert thickness(picture_of(plot)) == pytest.approx(12, abs=1)


def test_what_is_kept_as_pixels_is_painted_anew_for_a_picture(qtbot):
    plot = Plot("p", "step")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show()
    plot.grab()
    picture = picture_of(plot)
    axis = plot.bottom
    assert axis.cacheMode() == axis.CacheMode.DeviceCoordinateCache
    for item in axis.scene().items():
        item.setCacheMode(axis.CacheMode.NoCache)
    assert picture_of(plot) == picture
