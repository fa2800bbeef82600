"""A plot of a few lines that is drawn anew while something is dragged."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gdviz.ui.toolkit.plots.axes import ValueAxis, paint_axes, value_plot
from gdviz.ui.toolkit.plots.curve_item import CurveItem
from gdviz.ui.toolkit.theme import Theme

_AXIS_WIDTH = 58  #: pixels: tick labels must not move the plot
_PADDING = 0.06
_FILLED = 0.6  #: of the left axis that the values must fill; else it is fitted anew
_LARGEST = 1e300  #: above it a painter loses count

Line = tuple[np.ndarray, np.ndarray, QPen]


class LinePlot(QWidget):
    """Lines over one axis, and a sentence where there are none.

    Parameters
    ----------
    name : str
        What it shows, for screen readers.
    x_label, y_label : str
        The axes' names.
    parent : QWidget, optional
    """

    def __init__(
        self, name: str, x_label: str, y_label: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.left, self.bottom = ValueAxis(_AXIS_WIDTH), ValueAxis(0, "bottom")
        # The finest ticks take most of an axis's time, and in so small a plot nobody counts them.
        self.left.setStyle(maxTickLevel=1)
        self.plot = value_plot(self, name, self.left, self.bottom)
        self.set_label("bottom", x_label)
        self.set_label("left", y_label)
        self.plot.setMinimumHeight(90)
        self._box: pg.ViewBox = self.plot.getViewBox()
        self._extent = (0.0, 0.0), 0.0, 0.0  # x, low, high: what the axes show
        self._lines: list[CurveItem] = []
        self._sentence = QLabel(self)
        self._sentence.setProperty("muted", True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._sentence.setContentsMargins(_AXIS_WIDTH, 10, 10, 30)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._sentence.hide()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.plot, self._sentence):  # one over the other
            layout.addWidget(widget, 0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ground and axes."""
        paint_axes(self.plot, theme)

    def add(self, item: pg.GraphicsObject, z: float) -> None:
        """Add an item that the axes need not have room for."""
        item.setZValue(z)
        self._box.addItem(item, ignoreBounds=True)

    def set_label(self, side: str, label: str) -> None:
        """Name the axis at the ``"left"`` or the ``"bottom"``."""
        if self.plot.getAxis(side).labelText != label:  # a label lays the plot out again
            self.plot.setLabel(side, label)

    def fit(self, x: tuple[float, float], values: Iterable[float]) -> None:
        """Give the axes room for `x`, and for those of the values that are finite."""
        values = np.fromiter(values, float)
        values = values[np.abs(values) < _LARGEST]
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        room = _PADDING * (high - low) or 1e-2 * max(abs(high), 1e-9)  # a flat line needs an axis
        old_x, bottom, top = self._extent
        fits = bottom <= low and high <= top and high - low + 2 * room >= _FILLED * (top - bottom)
        if fits and x == old_x:
            return  # an axis that moved with every frame would jitter, and ticks take their time
        self._extent = x, low - room, high + room
        self._box.setRange(xRange=x, yRange=self._extent[1:], padding=0)
        self._box.updateMatrix()  # else that happens in the paint, which then is done twice

    @property
    def top(self) -> float:
        """The upper end of the left axis."""
        return self._extent[2]

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw lines, each of x, y and a pen, in place of those before."""
        while len(self._lines) < len(lines):
            self._lines.append(CurveItem())
            self.add(self._lines[-1], 10 + len(self._lines))
        for item, (x, y, pen) in zip(self._lines, lines, strict=False):
            item.set_data(x, np.where(np.abs(y) < _LARGEST, y, np.nan), pen)
            item.show()
        for item in self._lines[len(lines) :]:
            item.hide()
        self._sentence.hide()
        self.plot.show()

    def lines(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return x and y of the lines that are drawn."""
        return [line.getData() for line in self._lines if line.isVisible()]

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the lines."""
        self.show_lines(())
        self.plot.hide()  # with an axis of what was there before
        self._sentence.setText(sentence)
        self._sentence.show()
