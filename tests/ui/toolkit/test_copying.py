"""What is copied of tables, curves and widgets."""

import csv
import io

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from gdviz.ui.toolkit.copying import as_csv, as_png, as_tabs, curve_rows, picture_of, table_rows
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
    assert rows == [["evals", "f, there"], ["80", "−0.03"], ['a "b"', "x y"]]
    assert [*csv.reader(io.StringIO(as_csv(rows)))] == rows
    assert [*csv.reader(io.StringIO(as_tabs(rows)), delimiter="\t")] == rows
    table.verticalHeader().show()
    assert table_rows(table)[1] == ["1", "80", "−0.03"]


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

    assert curve_rows(plot) == [
        ["step", "y1", "y2"], ["0", said(1.0), ""], ["1", said(2.0), said(5.0)],
        ["2", "", said(6.0)], ["3", said(3.0), ""],
    ]  # fmt: skip


def test_a_picture_is_twice_as_fine_and_a_png(table):
    table.resize(200, 90)
    picture = picture_of(table)
    assert (picture.width(), picture.height()) == (400, 180)
    again = QImage.fromData(as_png(picture))
    assert (again.width(), again.height()) == (400, 180)
    colors = {again.pixel(x, y) for x in range(0, 400, 3) for y in range(0, 180, 3)}
    assert len(colors) > 2  # and something on it
