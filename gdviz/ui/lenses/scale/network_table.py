"""The table of what a gradient costs on a network: a row for each way to it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gdviz.scene.network_costs import ABOUT, HEADINGS
from gdviz.ui.toolkit.sizes import smaller_pixels
from gdviz.ui.toolkit.text import as_tip

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
#: Pixels beside the text of a cell.
_ROOM = 7


class NetworkTable(QTableWidget):
    """Names at the left, and numbers as text, of which nothing can be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 1 + len(HEADINGS), parent)
        self.setAccessibleName("What a gradient costs, by the way to it")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setShowGrid(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._size = 0
        self._fit_font()
        for place, (heading, about) in enumerate(zip(("", *HEADINGS), ("", *ABOUT), strict=True)):
            item = QTableWidgetItem(heading.replace(" ", "\n", 1))
            item.setToolTip(as_tip(about))
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self.setHorizontalHeaderItem(place, item)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _fit_font(self) -> None:
        size = smaller_pixels()  # so that it has room in a lens
        if size != self._size:
            self._size = size
            self.setStyleSheet(
                f"* {{ font-size: {size}px; }} QHeaderView::section {{ padding: 2px 2px; }}"
            )
            self._fit_rows()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_font()

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show rows, each of a name and what the headings say."""
        self.setRowCount(len(rows))
        for place, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_RIGHT if column else _LEFT)
                self.setItem(place, column, item)
        self._fit_rows()

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        bar = self.horizontalScrollBar().sizeHint().height()
        height = self.horizontalHeader().sizeHint().height() + self.verticalHeader().length()
        self.setFixedHeight(height + bar + 4)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column what its cells need, and an equal part of what is left."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        width = self.fontMetrics().horizontalAdvance
        needed = []
        for column, heading in enumerate(("", *HEADINGS)):
            items = [self.item(row, column) for row in range(self.rowCount())]
            texts = [item.text() for item in items if item is not None]
            needed.append(max(map(width, [*texts, *heading.split(" ", 1)])) + _ROOM)
        more = max(0, self.viewport().width() - sum(needed)) // len(needed)
        for column, pixels in enumerate(needed):
            self.setColumnWidth(column, pixels + more)
