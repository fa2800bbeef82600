"""The three ledgers as a table: what a gradient costs, by the way to it."""

import math
from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gdviz.base.format import amount
from gdviz.engine.analysis.gradient_programs import VARIANTS
from gdviz.engine.analysis.operation_counts import KIND_SIGNS, Cost
from gdviz.ui.toolkit.sizes import smaller_pixels
from gdviz.ui.toolkit.text import as_tip

#: The rows above the kinds of operation: ledger, title, tooltip.
_TOTALS = (
    ("evaluations", "evaluations", "A component of the gradient or a value of f counts as one"),
    (
        "passes",
        "passes",
        "Over the graph: a value is one, a gradient two (forward and backward), and a slope by a "
        "tangent two (forward, and the tangents beside it)",
    ),
    ("operations", "operations", "Elementary operations of all kinds; repeated ones count once"),
)
#: Columns for which the lens has room.
FEW = 6
_TIME = ("time in µs", "Measured time of a step on Python floats")


class CostTable(QTableWidget):
    """A column a variant; rows for evaluations, passes, operations, their kinds, and time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: tuple[str, ...] | None = None
        self._variants: tuple[str, ...] = ()
        self.setAccessibleName("Costs by variant")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setShowGrid(False)
        self._widths: list[int] = []
        self._size = 0
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_font()

    def _fit_font(self) -> None:
        # Six columns in the width of a lens: the theme's room around headings is too much, and
        # "analytic" as large as the numbers would lose its first letter.
        size = smaller_pixels()
        if size == self._size:
            return
        self._size = size
        font = self.font()
        font.setPixelSize(size)
        self._heading_width = QFontMetrics(font).horizontalAdvance
        self.setStyleSheet(f"QHeaderView::section {{ padding: 2px 1px; font-size: {size}px; }}")
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 5)
        variants, kinds = self._variants, self._kinds
        self._variants = ()
        self._set_variants(variants)
        if kinds is not None:
            self._set_kinds(kinds)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_font()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column what its heading needs, and an equal part of what is left."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        if not self._widths:
            return
        more = (self.viewport().width() - sum(self._widths)) // len(self._widths)
        for column, width in enumerate(self._widths):
            self.setColumnWidth(column, width + max(more, 0))

    def show_costs(
        self,
        names: tuple[str, ...],
        costs: Mapping[str, Cost | None],
        seconds: Mapping[str, float],
    ) -> None:
        """Fill the table.

        Parameters
        ----------
        names : tuple of str
            The variants, which have a column each.
        costs : mapping of str to Cost or None
            By variant; None is the cost of what is never reached.
        seconds : dict of str to float
            Measured time of a step, by variant; empty until it is measured.
        """
        self._set_variants(names)
        known = [cost for cost in costs.values() if cost is not None]
        kinds = known[0].operations if known else ()
        self._set_kinds(tuple(k for k in kinds if any(cost.operations[k] for cost in known)))
        for column, name in enumerate(names):
            cells = [""] * self.rowCount()
            if name in costs:
                cells = self._cells(costs[name], seconds.get(name, math.nan))
            for row, text in enumerate(cells):
                self._cell(row, column).setText(text)

    def _cells(self, cost: Cost | None, seconds: float) -> list[str]:
        if cost is None:
            return ["never", *[""] * (self.rowCount() - 1)]
        counts = [cost.total(ledger) for ledger, _, _ in _TOTALS]
        counts += [cost.operations[kind] for kind in self._kinds or ()]
        return [*map(amount, counts), "" if math.isnan(seconds) else f"{seconds * 1e6:.2f}"]

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
        return item

    def _set_variants(self, names: tuple[str, ...]) -> None:
        if names == self._variants:
            return
        self._variants = names
        self.setColumnCount(len(names))
        self._widths = []
        for column, name in enumerate(names):
            variant = VARIANTS[name]
            words = variant.title.lower().replace(",", "").split()
            item = QTableWidgetItem("\n".join(words))
            item.setToolTip(as_tip(variant.about))
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self.setHorizontalHeaderItem(column, item)
            # A heading may be shorter than a time, as "spsa" is.
            time = self.fontMetrics().horizontalAdvance("0.00") + 8
            self._widths.append(max(*map(self._heading_width, words), time - 4) + 4)
        policy = Qt.ScrollBarPolicy
        is_few = len(names) <= FEW
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if is_few else policy.ScrollBarAlwaysOn
        )
        self._share_width()
        self._kinds = None  # the height follows the headings'

    def _set_kinds(self, kinds: tuple[str, ...]) -> None:
        if kinds == self._kinds:
            return
        self._kinds = kinds
        headings = [(title, tip) for _, title, tip in _TOTALS]
        headings += [
            (f"   {KIND_SIGNS.get(k, k)}", "Of these operations, this kind") for k in kinds
        ]
        headings.append(_TIME)
        self.setRowCount(len(headings))
        for row, (title, tip) in enumerate(headings):
            item = QTableWidgetItem(title)
            item.setToolTip(as_tip(tip))
            self.setVerticalHeaderItem(row, item)
        header = self.horizontalHeader().sizeHint().height()
        bar = self.horizontalScrollBar().sizeHint().height() * (len(self._variants) > FEW)
        self.setFixedHeight(header + self.verticalHeader().length() + bar + 4)
