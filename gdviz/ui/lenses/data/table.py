"""The rows of the data as a table, with what the model says of each."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.model_curves import Fit, Fitting
from gdviz.ui.toolkit.copying import Lines, LongTable

_Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()
_ROLE = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_STRETCHED = 5  #: columns up to which they share the width; more are scrolled
_WRONG = "✗ "


class DataModel(QAbstractTableModel):
    """Data columns, and two of the model: what it says, and its residual or margin.

    A number becomes text when its cell is painted, so that a step costs what is in view.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitting: Fitting | None = None
        self._fit: Fit | None = None
        self._error = QColor()

    def set_error_color(self, color: str) -> None:
        """Take the colour of rows on the wrong side."""
        self._error = QColor(color)

    def show_fitting(self, fitting: Fitting) -> None:
        """Show other data."""
        self.beginResetModel()
        self._fitting, self._fit = fitting, None
        self.endResetModel()

    def show_fit(self, fit: Fit | None) -> None:
        """Show the model at another point."""
        self._fit = fit
        columns = self.columnCount()
        if self._fitting is not None and self._fitting.has_model:
            last = self.index(self.rowCount() - 1, columns - 1)
            self.dataChanged.emit(self.index(0, columns - 2), last)

    def rowCount(self, _parent: _Index = _ROOT) -> int:
        return self._fitting.data.rows if self._fitting else 0

    def columnCount(self, _parent: _Index = _ROOT) -> int:
        if self._fitting is None:
            return 0
        return len(self._fitting.data.names) + 2 * self._fitting.has_model

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == _ROLE.DisplayRole else None
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT
        if self._fitting is None or role not in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return None
        target, labels = self._fitting.target, self._fitting.labels
        titles = [(name, f"The column {name} of the data") for name in self._fitting.data.names]
        titles.append(("model", "What the model predicts for the row at the current step"))
        titles.append(
            ("margin", f"{target} · model: negative on the wrong side of the boundary")
            if labels
            else ("residual", f"{target} − model")
        )
        return titles[section][role == _ROLE.ToolTipRole]

    def lines(self) -> Lines:
        """Return the rows as lines of a table, as they are now."""
        if self._fitting is None:
            return Lines(0, lambda: ())
        across = Qt.Orientation.Horizontal
        titles = [str(self.headerData(k, across)) for k in range(self.columnCount())]
        columns: list[Iterable[float]] = [
            self._fitting.data.columns[name] for name in self._fitting.data.names
        ]
        if self._fitting.has_model and self._fit is not None:
            columns += [self._fit.predictions, self._fit.deviations]
        return Lines(self.rowCount(), partial(_lines, ["", *titles[: len(columns)]], columns))

    def data(self, index: _Index, role: int = 0) -> object:
        if self._fitting is None or not index.isValid():
            return None
        row, column = index.row(), index.column()
        names = self._fitting.data.names
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT
        if column < len(names):
            if role == _ROLE.DisplayRole:
                return number(self._fitting.data.columns[names[column]][row], 4)
            return None
        if self._fit is None:
            return None
        wrong = self._fit.wrong[row]
        if role == _ROLE.DisplayRole:
            if column == len(names):
                return _short(self._fit.predictions[row])
            return (_WRONG if wrong else "") + _short(self._fit.deviations[row])
        if role == _ROLE.ForegroundRole and wrong:
            return self._error
        if role == _ROLE.ToolTipRole and wrong:
            return "On the wrong side of the boundary"
        return None


class DataTable(LongTable):
    """Shows a :class:`DataModel`, a line a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = DataModel(self)
        self.setModel(self.rows)
        self.setAccessibleName("The data, and the model at the current step")
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self._fit_font()

    def _fit_font(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 5)
        widest = self.fontMetrics().horizontalAdvance("−0.017") + 10
        self.horizontalHeader().setMinimumSectionSize(widest)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_font()

    def lines(self) -> Lines:
        """Return all rows with all digits: what is seen is rounded to the width of a column."""
        return self.rows.lines()

    def show_fitting(self, fitting: Fitting) -> None:
        """Show other data."""
        self.rows.show_fitting(fitting)
        few = self.rows.columnCount() <= _STRETCHED
        mode = QHeaderView.ResizeMode.Stretch if few else QHeaderView.ResizeMode.Interactive
        self.horizontalHeader().setSectionResizeMode(mode)
        self.scrollToTop()


def _lines(titles: Sequence[str], columns: Sequence[Iterable[float]]) -> Iterator[Sequence[str]]:
    """Yield the titles, and each row with its number; what is no number is an empty cell."""
    yield titles
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        yield [str(row), *(repr(float(x)) if math.isfinite(x) else "" for x in values)]


def _short(value: float) -> str:
    """Return a number in the width of a column."""
    if not np.isfinite(value):
        return "none"
    if value == 0.0 or 1e-3 <= abs(value) < 1e4:
        return number(round(value, 3) + 0.0, 4)  # adding 0.0 makes −0.0 a 0
    return number(value, 3)
