"""What each method spent and where it ended: the table of the Run lens."""

from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gdviz.base.format import amount, capitalized, number
from gdviz.experiment.experiment import Method
from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.ui.toolkit.color_icon import color_icon
from gdviz.ui.toolkit.text import as_tip

#: Heading, tooltip, and the widest of the usual texts.
_COLUMNS = (
    ("method", "The gradient estimate, and the update rule unless it is gradient descent", ""),
    ("evals", "All evaluations of the path, as counted", "10,000"),
    ("f", "The loss at the last point", "−1.2·10⁻¹⁰"),
    ("‖∇f‖", "The norm of the exact gradient at the last point", "0.0001234"),
)


_ICON, _PADDING = 10, 12  #: pixels of a cell: its icon, and around that and its text


class _Head(NamedTuple):
    """What a run's rows say of its method, which stays while its path is another one.

    Attributes
    ----------
    method : Method or None
        Of the experiment; None where nothing is said yet.
    rank : int
        Which of the experiment's methods it is, which gives its colour.
    name, own : str
        Its name, and its own values.
    """

    method: Method | None = None
    rank: int = 0
    name: str = ""
    own: str = ""


class ResultsTable(QTableWidget):
    """Two rows a run: its numbers, and its own values with the sentence of how it ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self._numbers: list[list[QTableWidgetItem]] = []  # of each run
        self._sentences: list[QTableWidgetItem] = []
        self._heads: list[_Head] = []
        for column, (name, tip, _) in enumerate(_COLUMNS):
            item = QTableWidgetItem(name)
            item.setToolTip(as_tip(tip))
            item.setTextAlignment(_alignment(column))
            self.setHorizontalHeaderItem(column, item)
        self.setAccessibleName("Results by method")
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        # A click leaves the keys where they are. Tab leads out of it, arrows through it.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(_COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self._fit_columns()
        header.sectionResized.connect(self._fit_names)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _fit_columns(self) -> None:
        advance = self.fontMetrics().horizontalAdvance
        for column, (name, _, sample) in enumerate(_COLUMNS[1:], 1):
            self.setColumnWidth(column, max(advance(name), advance(sample)) + 10)

    def show_scene(self, scene: Scene) -> None:
        """Show the runs of a scene."""
        if self.rowCount() != 2 * len(scene.runs):
            self._lay_out(len(scene.runs))
        for index, run in enumerate(scene.runs):
            self._show_run(index, run, not scene.objective.no_gradient)

    def _lay_out(self, runs: int) -> None:
        self.clearSpans()
        self.setRowCount(2 * runs)
        self._numbers = [[QTableWidgetItem() for _ in _COLUMNS] for _ in range(runs)]
        self._sentences = [QTableWidgetItem() for _ in range(runs)]
        self._heads = [_Head()] * runs
        for index, (numbers, sentence) in enumerate(
            zip(self._numbers, self._sentences, strict=True)
        ):
            row = 2 * index
            for column, item in enumerate(numbers):
                item.setTextAlignment(_alignment(column))
                self.setItem(row, column, item)
            sentence.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            sentence.setForeground(self.palette().placeholderText())
            self.setItem(row + 1, 0, sentence)
            self.setSpan(row + 1, 0, 1, len(_COLUMNS))
        self._fit_rows()

    def _fit_rows(self) -> None:
        for row in range(0, self.rowCount(), 2):
            self.setRowHeight(row, self.fontMetrics().height() + 6)
        self._fit_sentences()

    def _show_run(self, index: int, run: Run, has_gradient: bool) -> None:
        path = run.path
        if (run.method, run.index) != self._heads[index][:2]:
            self._show_method(index, run)
        texts = (
            amount(path.evaluations.sum()),
            _short(path.loss[-1]),
            _short(float(np.hypot(*path.exact_gradient[-1]))) if has_gradient else "—",
        )
        for cell, text in zip(self._numbers[index][1:], texts, strict=True):
            cell.setText(text)
        said = ". ".join(filter(None, (self._heads[index].own, capitalized(path.sentence))))
        sentence = self._sentences[index]
        if said != sentence.text():
            sentence.setText(said)
            sentence.setToolTip(as_tip(said))
            self._fit_sentence(sentence)

    def _show_method(self, index: int, run: Run) -> None:
        title = method_title(run.method)
        # The column is too narrow for α and ε, which are all that tells some rows apart.
        alone = replace(run.method, alpha=None, epsilon=None, options={}, estimate_options={})
        name = method_title(alone)
        own = title[len(name) :].removeprefix(", ")
        self._heads[index] = _Head(run.method, run.index, name, own)
        cell = self._numbers[index][0]
        cell.setIcon(color_icon(path_color(run.method, run.index), _ICON))
        self._fit_name(index)
        cell.setToolTip(as_tip(title))
        # Alone in its column's width it may be cut off.
        cell.setData(Qt.ItemDataRole.AccessibleTextRole, title)

    def _fit_names(self) -> None:
        for index in range(len(self._heads)):
            self._fit_name(index)

    def _fit_name(self, index: int) -> None:
        """Leave out of a name that is too long what it is short of: Forward, L-BFGS."""
        cell, name = self._numbers[index][0], self._heads[index].name
        # What the other columns leave: its own width follows later, and Qt does not say when.
        others = sum(map(self.columnWidth, range(1, len(_COLUMNS))))
        room = self.viewport().width() - others - _ICON - _PADDING
        is_long = self.fontMetrics().horizontalAdvance(name) > room
        cell.setText(name.replace(" difference", "") if is_long else name)

    def _fit_sentences(self) -> None:
        for sentence in self._sentences:
            self._fit_sentence(sentence)

    def _fit_sentence(self, sentence: QTableWidgetItem) -> None:
        """Give a sentence the lines it needs, three at most."""
        metrics = self.fontMetrics()
        room = QRect(0, 0, self.viewport().width() - 8, 1000)
        text = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, sentence.text())
        height = min(max(text.height(), metrics.height()), 3 * metrics.lineSpacing()) + 5
        if height != self.rowHeight(sentence.row()):
            self.setRowHeight(sentence.row(), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground as well: else all that lies below, up to the window, is painted too."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        painter.end()
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for sentence in self._sentences:
                sentence.setForeground(self.palette().placeholderText())
        elif event.type() == QEvent.Type.FontChange:
            self._fit_columns()
            self._fit_names()
            self._fit_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()
        self._fit_sentences()


def _short(value: float) -> str:
    """Return a number in the width of a column: a power of ten leaves room for two digits."""
    return number(value, 4 if value == 0.0 or 1e-4 <= abs(value) < 1e5 else 2)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
