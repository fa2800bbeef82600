"""Axes that pyqtgraph does not have."""

import math
from html import escape
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPicture
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneResizeEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gdviz.base.format import log_label, number, tick_label
from gdviz.ui.toolkit.sizes import widened
from gdviz.ui.toolkit.theme import Theme

#: Pixels by which pyqtgraph places a name too low.
_BELOW = 4
#: Pixels that are empty around a name, of whatever size.
_AROUND = 4
#: A range this narrow, relative to its numbers, has labels of more digits than there is room for.
_NARROW = 1e-3


class ValueAxis(pg.AxisItem):
    """An axis of values, or of their decimal logarithms.

    pyqtgraph's own logarithmic axis labels every multiple within a decade, one over the other
    where there is little room; this one labels decades, and 2 and 5 where there are few.

    Parameters
    ----------
    width : int
        Pixels; fixed, since tick labels must not move the plot while a slider is dragged. 0 for a
        horizontal axis.
    orientation : {"left", "bottom"}
        Where it stands.
    name : str, default ""
        The coordinate that it shows. Where that has too many digits in common all along the axis,
        they are taken out of the labels and into the name.
    """

    def __init__(self, width: int, orientation: str = "left", name: str = "") -> None:
        self._name, self._offset, self._unit = name, 0.0, 1.0  # which the constructor asks for
        self._sized, self._box = QSizeF(-1.0, -1.0), QRectF()  # the size that the box is of
        super().__init__(orientation)
        self.is_log = False
        if name:
            self.setLabel(name)
        self._canvas = QPicture()
        # Its ticks reach into the plot: each new curve there would have all labels set again.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._usual_width = width
        self.fit_font()
        self.enableAutoSIPrefix(False)

    def fit_font(self) -> None:
        """Take the application's font, which has become larger or smaller."""
        font = QGuiApplication.font()
        if self._usual_width:
            self.setWidth(widened(self._usual_width, QFontMetrics(font).horizontalAdvance("0")))
        if self.label is not None:
            self.label.setFont(font)
        self.setStyle(tickFont=font)

    def boundingRect(self) -> QRectF:
        """Return what it is painted in; pyqtgraph finds it anew, five times a frame."""
        size = self.size()
        if size != self._sized:
            self._sized, self._box = size, super().boundingRect()
        return self._box

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Paint the axis, and draw it first where it changed."""
        if self.picture is None:
            # pyqtgraph makes a new QPicture each time, and PySide then keeps references to None.
            canvas = QPainter(self._canvas)
            try:
                specs = self.generateDrawSpecs(canvas)
                if specs is not None:
                    self.drawPicture(canvas, *specs)
            finally:
                canvas.end()
            vars(self)["picture"] = self._canvas  # None, as far as pyqtgraph says of its type
        self._canvas.play(painter)

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """Place the name, and at the bottom all of it: pyqtgraph cuts what reaches below a line.

        A name that is longer than its axis is written smaller: it would be cut at both ends.
        """
        super().resizeEvent(event)
        if self.label is not None and self.orientation == "bottom":
            self.label.moveBy(0, -_BELOW)
        elif self.label is not None:
            length, room = self.label.boundingRect().width(), self.size().height()
            is_cut = 0.0 < room < length
            self.label.setScale(room / length if is_cut else 1.0)
            if is_cut:
                self.label.setY(room)

    def _updateHeight(self) -> None:
        """Give a name below the labels its room: pyqtgraph leaves out a fifth of its height.

        What is empty around a name of the usual size makes up for that, around a larger one not.
        """
        super()._updateHeight()
        if self.orientation == "bottom" and self.label.isVisible() and self.maximumHeight() > 0:
            lacks = 0.2 * self.label.boundingRect().height() - _AROUND
            height = self.maximumHeight() + max(0.0, lacks)
            self.setMaximumHeight(height)
            self.setMinimumHeight(height)

    def setLabel(self, text: str | None = None, *args: Any, **style: Any) -> None:
        """Take another name, and place it by its own size: pyqtgraph waits for the next resize."""
        super().setLabel(text, *args, **style)
        if self.label is not None:
            self.resizeEvent()

    def setRange(self, low: float, high: float) -> None:
        """Take a range, and what all numbers in it have in common."""
        if self._name:
            offset = _common(low, high)
            unit = _unit(low, high) if offset else 1.0
            if (offset, unit) != (self._offset, self._unit):
                self._offset, self._unit = offset, unit
                self.setLabel(self._in_common() if offset else self._name)
        super().setRange(low, high)

    def set_name(self, name: str) -> None:
        """Take another name of the coordinate."""
        if name != self._name:  # a label lays the plot out again
            self._name = name
            self.setLabel(self._in_common() if self._offset else name)

    def _in_common(self) -> str:
        """Return the name with what was taken out of the labels: b − 0.30012, in 10⁻⁵."""
        sign, size = "+" if self._offset < 0 else "−", number(abs(self._offset), 10)
        unit = "" if self._unit == 1.0 else f", in {log_label(math.log10(self._unit), math.inf)}"
        return f"{self._name} {sign} {size}{unit}"

    def labelString(self) -> str:
        """Return the label as markup, which pyqtgraph would take its text for."""
        style = ";".join(f"{name}: {value}" for name, value in self.labelStyle.items())
        return f"<span style='{style}'>{escape(self.labelText)}</span>"

    def set_log(self, log: bool) -> None:
        """Say whether the numbers on this axis are logarithms."""
        if log != self.is_log:
            self.is_log = log
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> list:
        """Return (spacing, positions), coarse ticks first."""
        size = max(size, 1.0)  # a plot that has not been laid out yet has none
        if not self.is_log:
            return _ticks(low, high, [spacing for spacing, _ in self.tickSpacing(low, high, size)])
        decades = high - low
        if decades > 1.5:
            label = 28 if self.orientation == "left" else 44
            stride = max(1, math.ceil(decades * label / size))
            first = math.ceil(low / stride) * stride
            return [(stride, list(range(first, math.floor(high) + 1, stride)))]
        ticks = [
            k + math.log10(m)
            for k in range(math.floor(low), math.ceil(high) + 1)
            for m in (range(1, 10) if decades < 0.7 else (1, 2, 5))
        ]
        return [(decades, [t for t in ticks if low <= t <= high])]

    def tickStrings(self, values: list, scale: float, spacing: float) -> list[str]:
        """Return the labels."""
        if not self.is_log:
            factor = scale / self._unit
            return [
                tick_label((value - self._offset) * factor, spacing * factor) for value in values
            ]
        farthest = max(map(abs, self.range))
        return [log_label(value, farthest) for value in values]


def _common(low: float, high: float) -> float:
    """Return a round number in a range that is narrow for where it lies; 0 for any other."""
    if high - low > _NARROW * max(abs(low), abs(high)):
        return 0.0
    return round((low + high) / 2, -_places(low, high))


def _unit(low: float, high: float) -> float:
    """Return the power of ten in which the labels are short."""
    places = _places(low, high)
    return 1.0 if -2 <= places <= 2 else 10.0**places


def _places(low: float, high: float) -> int:
    """Return the power of ten that numbers of a range differ by."""
    return math.floor(math.log10((high - low) / 2))


def _ticks(low: float, high: float, spacings: list[float]) -> list[tuple[float, list[float]]]:
    """Return (spacing, positions), those of a coarser spacing left out; as pyqtgraph, but fast."""
    levels: list[tuple[float, list[float]]] = []
    for rank, spacing in enumerate(spacings):
        first, last = math.ceil(low / spacing), math.floor(high / spacing)
        ticks = [k * spacing for k in range(first, last + 1)]
        for coarser in spacings[:rank]:
            ticks = [t for t in ticks if abs(t - round(t / coarser) * coarser) > 0.01 * spacing]
        levels.append((spacing, ticks))
    return levels


def leave_idle_parts(plot: pg.PlotWidget) -> None:
    """Let go of what shows nothing, and yet is asked in each frame."""
    for side in ("top", "right"):  # each new range would write their labels anew
        plot.getAxis(side).unlinkFromView()
    plot.getPlotItem().setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
    plot.getViewBox().border = None  # one without a pen is drawn, too


def paint_axes(plot: pg.PlotWidget, theme: Theme) -> None:
    """Give a plot the theme's ground and the colours of its axes."""
    plot.setBackground(theme.panel)
    for name in ("left", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(theme.axis)
        axis.setTextPen(theme.muted)
