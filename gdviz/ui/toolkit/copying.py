"""Tables, curves and pictures of widgets, as they are copied and saved."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QTableView, QWidget

from gdviz.base.format import read_number
from gdviz.ui.toolkit.plots.plot import Plot

#: Pixels of a picture to one of the screen: it may be shown larger.
_FINER = 2
#: Rows of a table that are copied: the clipboard is no file.
MOST_ROWS = 100_000

#: What the column of sentences is called that go over a whole row.
_REMARK = "remark"

Rows = list[list[str]]


def table_rows(table: QTableView) -> Rows:
    """Return the texts of a table with its headings, where it shows any.

    Numbers are spelled as programs read them. A sentence that goes over a whole row is one column
    more of the row before it.
    """
    model = table.model()
    columns = [c for c in range(model.columnCount()) if not table.isColumnHidden(c)]
    named = table.verticalHeader().isVisibleTo(table)
    across, up = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    heading = [_plain(model.headerData(column, across)) for column in columns]
    rows = [[""] * named + heading] if any(heading) else []
    for row in range(min(model.rowCount(), MOST_ROWS)):
        name = [_plain(model.headerData(row, up))] * named
        texts = [as_typed(_plain(model.index(row, column).data())) for column in columns]
        if len(columns) > 1 and table.columnSpan(row, columns[0]) == model.columnCount():
            rows[-1].append(texts[0])
        else:
            rows.append(name + texts)
    widest = max(map(len, rows), default=0)
    if rows and any(heading):
        rows[0] += [_REMARK] * (widest - len(rows[0]))
    return [row + [""] * (widest - len(row)) for row in rows]


def as_typed(text: str) -> str:
    """Return a number that is spelled as in print as programs read it; other text as it is."""
    with suppress(ValueError):
        float(text)
        return text
    with suppress(ValueError):
        return f"{read_number(text):.15g}"
    return text


def curve_rows(plot: Plot) -> Rows:
    """Return the points of the curves that a plot shows: x, and a column a curve with a name.

    Logarithmic axes have the numbers themselves, and not their logarithms.
    """
    columns: list[dict[float, float]] = []
    for x, y in plot.curves():
        is_known = np.isfinite(x) & np.isfinite(y)
        x, y = x[is_known], y[is_known]
        with np.errstate(over="ignore"):
            across = 10.0**x if plot.bottom.is_log else x
            up = 10.0**y if plot.left.is_log else y
        columns.append(dict(zip(across.tolist(), up.tolist(), strict=True)))
    names = plot.curve_names()
    if any(names) and len(names) == len(columns):
        columns = [column for column, name in zip(columns, names, strict=True) if name]
        names = list(filter(None, names))
    else:
        names = [f"y{k + 1}" for k in range(len(columns))]
    places = sorted({x for column in columns for x in column})[:MOST_ROWS]
    rows = [[f"{x:.15g}", *(_number(column.get(x)) for column in columns)] for x in places]
    return [[plot.bottom.labelText or "x", *names], *rows]


def as_csv(rows: Rows) -> str:
    """Return a table as a file of comma-separated values has it."""
    return _separated(rows, ",")


def as_tabs(rows: Rows) -> str:
    """Return a table as spreadsheets paste it."""
    return _separated(rows, "\t")


def picture_of(widget: QWidget) -> QImage:
    """Return a picture of a widget, finer than the screen's, on its own ground."""
    picture = QImage(widget.size() * _FINER, QImage.Format.Format_ARGB32)
    picture.setDevicePixelRatio(_FINER)
    picture.fill(widget.palette().color(QPalette.ColorRole.AlternateBase))
    with _uncached(widget):
        widget.render(picture)
    return picture


@contextmanager
def _uncached(widget: QWidget) -> Iterator[None]:
    """Have all items in plots painted anew, which are kept as pixels of the screen."""
    views = [view for view in (widget, *widget.findChildren(QGraphicsView))
             if isinstance(view, QGraphicsView)]  # fmt: skip
    kept = [
        (item, item.cacheMode())
        for view in views
        for item in view.scene().items()
        if item.cacheMode() != QGraphicsItem.CacheMode.NoCache
    ]
    for item, _ in kept:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    try:
        yield
    finally:
        for item, mode in kept:
            item.setCacheMode(mode)


def as_png(picture: QImage) -> bytes:
    """Return a picture as a PNG file holds it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # not bytes, as is said
    return bytes(buffer.data().data())


def _separated(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _plain(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
