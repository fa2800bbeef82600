"""Tables, curves and pictures of widgets, as they are copied and saved."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QTableView, QWidget

from gdviz.base.cancel import Cancelled, no_progress
from gdviz.base.format import read_number
from gdviz.base.types import Array
from gdviz.ui.toolkit.plots.plot import Plot

#: Pixels of a picture to one of the screen: it may be shown larger.
_FINER = 2

#: What the column of sentences is called that go over a whole row.
_REMARK = "remark"
_A_TIME = 500  #: lines between two questions whether the table is still wanted

Rows = list[list[str]]


@dataclass(frozen=True)
class Lines:
    """The lines of a table, the headings first; they hold nothing of a widget.

    Attributes
    ----------
    count : int
        How many rows there are at most, without the headings.
    make : callable
        Makes them.
    """

    count: int
    make: Callable[[], Iterable[Sequence[str]]]


def table_text(
    lines: Lines,
    delimiter: str,
    most: int | None = None,
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Return a table as text.

    Parameters
    ----------
    lines : Lines
        What it holds.
    delimiter : str
        Between two cells: a comma in files, a tabulator where spreadsheets paste it.
    most : int or None, default None
        How many rows are written; None writes all.
    progress, cancelled : callable, optional
        Takes the share that is done, and says whether the table is no longer wanted.

    Raises
    ------
    Cancelled
        If it is not.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    total = 1 + (lines.count if most is None else min(lines.count, most))
    made, done = iter(lines.make()), 0
    while part := list(islice(made, min(_A_TIME, total - done))):
        writer.writerows(part)
        done += len(part)
        if cancelled():
            raise Cancelled
        progress(done / total)
    return out.getvalue()


class LongTable(QTableView):
    """A table with so many rows that their texts are made off the GUI thread."""

    def lines(self) -> Lines:
        """Return what is copied and saved of it."""
        raise NotImplementedError


def table_lines(table: QTableView) -> Lines:
    """Return what is copied and saved of a table."""
    if isinstance(table, LongTable):
        return table.lines()
    rows = table_rows(table)
    return Lines(len(rows), lambda: rows)


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
    for row in range(model.rowCount()):
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


class _Column(NamedTuple):
    """A column of a table of curves: its texts by their place."""

    name: str
    texts: dict[float, str]


def curve_lines(plot: Plot) -> Lines:
    """Return the points of the curves that a plot shows: x, and a column a curve with a name.

    Logarithmic axes have the numbers themselves, and not their logarithms. A curve's remarks are a
    column of their own.
    """
    is_log = plot.bottom.is_log, plot.left.is_log
    names = plot.curve_names()
    # Without pens, which are Qt's.
    curves = [(curve.x, curve.y, curve.values, curve.remarks) for curve in plot.shown]
    title = plot.bottom.labelText or "x"
    count = sum(len(curve[0]) for curve in curves)
    return Lines(count, partial(_of_curves, title, curves, names, is_log))


def _of_curves(
    title: str,
    curves: Sequence[tuple[Array, Array, Array | None, Sequence[str]]],
    names: Sequence[str],
    is_log: tuple[bool, bool],
) -> Iterator[list[str]]:
    columns: list[_Column] = []
    if not (any(names) and len(names) == len(curves)):
        names = [f"y{k + 1}" for k in range(len(curves))]
    for name, (x, y, values, remarks) in zip(names, curves, strict=True):
        if not name:
            continue
        with np.errstate(over="ignore"):
            across = 10.0**x if is_log[0] else x
            up = values if values is not None else 10.0**y if is_log[1] else y
        is_known = np.isfinite(across) & np.isfinite(up)
        numbers = map(repr, up[is_known].tolist())
        columns.append(_Column(name, dict(zip(across[is_known].tolist(), numbers, strict=True))))
        if remarks:
            said = dict(zip(across.tolist(), remarks, strict=True))
            columns.append(_Column(f"{name}: how it ended", said))
    yield [title, *(column.name for column in columns)]
    for place in sorted({place for column in columns for place in column.texts}):
        yield [f"{place:.15g}", *(column.texts.get(place, "") for column in columns)]


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


def _plain(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
