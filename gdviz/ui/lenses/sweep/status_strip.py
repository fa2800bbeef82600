"""How each path of an α sweep ended: a row a method, cells along the axis of α."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gdviz.base.format import number
from gdviz.engine.descent.path import Status
from gdviz.scene.status_marks import STATUS_MARKS
from gdviz.ui.toolkit.text import as_tip

_HEIGHT, _GAP = 9, 3  #: pixels of a row, and between two
_ROOM = 100  #: pixels for all rows; with many methods they are thinner
_BRUSHES = {
    "solid": Qt.BrushStyle.SolidPattern,
    "": Qt.BrushStyle.NoBrush,
    "---": Qt.BrushStyle.HorPattern,
    "///": Qt.BrushStyle.BDiagPattern,
    "xxx": Qt.BrushStyle.DiagCrossPattern,
    "|||": Qt.BrushStyle.VerPattern,
}


@dataclass(frozen=True)
class StatusRow:
    """A method's statuses.

    Parameters
    ----------
    title, color : str
        The method's.
    statuses : tuple of Status
        By α, ascending.
    """

    title: str
    color: str
    statuses: tuple[Status, ...]


class StatusStrip(QWidget):
    """Stands above a plot whose axis of log₁₀ α it shares."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[StatusRow, ...] = ()
        self._x = np.empty(0)
        self._span = (0, 1)
        self._ends = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How each path ended, by α")

    def set_span(self, left: int, right: int, ends: tuple[float, float]) -> None:
        """Align the strip with the plot's axis: pixels, and log₁₀ α at them.

        Parameters
        ----------
        left, right : int
            The axis's ends, in pixels of the strip.
        ends : (float, float)
            log₁₀ α there.
        """
        self._span, self._ends = (left, right), ends
        self.update()

    def show_rows(self, x: np.ndarray, rows: tuple[StatusRow, ...]) -> None:
        """Show rows.

        Parameters
        ----------
        x : ndarray, shape (n,)
            log₁₀ α, ascending.
        rows : tuple of StatusRow
            n statuses each.
        """
        if len(rows) != len(self._rows):
            self.updateGeometry()
        self._x, self._rows = x, rows
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, max(1, len(self._rows)) * self._pitch())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        edges = self._edges()
        for index, row in enumerate(self._rows):
            color = QColor(row.color)
            top, height = index * self._pitch() + 0.5, self._pitch() - _GAP
            for first, last, status in _runs_of_equal(row.statuses):
                cell = QRectF(QPointF(edges[first], top), QPointF(edges[last], top + height))
                painter.setPen(color)
                painter.setBrush(QBrush(color, _BRUSHES[STATUS_MARKS[status].hatch]))
                painter.drawRect(cell)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(
                event.globalPos(), as_tip(self.text_at(event.pos().x(), event.pos().y()))
            )
            return True
        return super().event(event)

    def text_at(self, x: int, y: int) -> str:
        """Return what the cell at a pixel says; empty where there is none."""
        row, edges = y // self._pitch(), self._edges()
        if not len(self._x) or not 0 <= row < len(self._rows) or not edges[0] <= x <= edges[-1]:
            return ""
        column = min(int(np.searchsorted(edges, x, "right")) - 1, len(self._x) - 1)
        title = STATUS_MARKS[self._rows[row].statuses[column]].title
        return f"{self._rows[row].title}, α = {number(10 ** self._x[column], 3)}: {title}"

    def _pitch(self) -> int:
        return min(_HEIGHT + _GAP, max(_GAP + 2, _ROOM // max(1, len(self._rows))))

    def _edges(self) -> np.ndarray:
        """Return the pixels between which the cells lie: halfway from one α to the next."""
        if not len(self._x):
            return np.zeros(1)
        (left, right), (low, high) = self._span, self._ends
        middles = (self._x[1:] + self._x[:-1]) / 2
        places = np.concatenate([[self._x[0]], middles, [self._x[-1]]])
        return left + (places - low) / (high - low) * (right - left)


def _runs_of_equal(statuses: tuple[Status, ...]) -> Iterator[tuple[int, int, Status]]:
    """Yield (first, last + 1, status) of each run of equal ones."""
    first = 0
    for status, equal in groupby(statuses):
        last = first + len(list(equal))
        yield first, last, status
        first = last
