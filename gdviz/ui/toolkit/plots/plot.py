"""One plot for all lenses: curves over two axes, and what marks and explains them."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QObject, QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsItem, QGridLayout, QSizePolicy, QWidget

from gdviz.base.types import Array
from gdviz.ui.toolkit.build import row
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.axes import ValueAxis, leave_idle_parts, paint_axes
from gdviz.ui.toolkit.plots.curve_item import Curve, LinesItem
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem
from gdviz.ui.toolkit.text import PlainLabel, RichLabel
from gdviz.ui.toolkit.theme import LIGHT, Theme
from gdviz.ui.toolkit.widgets.card import Card

AXIS_WIDTH = 58  #: pixels: tick labels must not move the plot while something is dragged
_FILLED = 0.6  #: of the left axis that the values must fill; else it is fitted anew
LARGEST = 1e300  #: above it a painter loses count
HEADER, PLOT, _LEGEND = range(3)  #: the rows of its layout


T = TypeVar("T")


class Plot(QWidget):
    """Curves that are drawn anew while something is dragged.

    Parameters
    ----------
    name : str
        What it shows, for screen readers.
    x_label, y_label : str
        The axes' names.
    log_x, log_y : bool, default False
        Whether an axis shows powers of ten; it is handed decimal logarithms.
    padding : float, default 0.06
        The room above and below the values, in parts of what they span.
    parent : QWidget, optional

    Attributes
    ----------
    pointed_at : Signal(object)
        The x under the cursor, or None where it left the axes.
    dragged : Signal(float)
        The person moved the handle to an x.
    left, bottom : ValueAxis
    theme : Theme
        The colours.
    legend : RichLabel
        Rich text below the plot.
    shown : sequence of Curve
        The curves that were handed over to be drawn.
    """

    pointed_at = Signal(object)
    dragged = Signal(float)

    def __init__(
        self,
        name: str,
        x_label: str = "",
        y_label: str = "",
        *,
        log_x: bool = False,
        log_y: bool = False,
        padding: float = 0.06,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self._padding = padding
        self.left, self.bottom = ValueAxis(AXIS_WIDTH), ValueAxis(0, "bottom")
        self.left.set_log(log_y)
        self.bottom.set_log(log_x)
        # The finest ticks take most of an axis's time, and in so small a plot nobody counts them.
        self.left.setStyle(maxTickLevel=1)
        axes = {"left": self.left, "bottom": self.bottom}
        self.plot = pg.PlotWidget(self, axisItems=axes, enableMenu=False)
        self.plot.setAccessibleName(name)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.getPlotItem().layout.setContentsMargins(0, 6, 10, 0)
        leave_idle_parts(self.plot)
        self.set_label("bottom", x_label)
        self.set_label("left", y_label)
        self.plot.setMinimumHeight(90)
        self.box: pg.ViewBox = self.plot.getViewBox()
        self.box.disableAutoRange()
        self.box.setDefaultPadding(0.0)
        self._extent = (0.0, 0.0), 0.0, 0.0, log_y  # x, low, high, log: what the axes show
        self._colored: list[tuple[Callable[[Any], object], Callable[[Theme], object]]] = []
        self._grid: pg.PlotCurveItem | None = None
        self._handle: pg.InfiniteLine | None = None
        self._curves = LinesItem(are_graphs=True)
        self.shown: Sequence[Curve] = ()
        self.add(self._curves, 10)
        self._card = Card(self.plot)
        self._cross = self.add_line(lambda theme: pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        self._cross.hide()
        self._sentence = PlainLabel(self)
        self._sentence.setProperty("muted", True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._sentence.hide()
        self.legend = RichLabel(self)
        self.legend.setWordWrap(True)
        self.legend.setContentsMargins(0, 6, 0, 0)
        self.legend.hide()
        self.rows = QGridLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setVerticalSpacing(0)
        self.rows.setRowStretch(PLOT, 1)
        self.rows.addWidget(self.plot, PLOT, 0)
        # Over it, between the axes: a style sheet takes a label's own margins away.
        over = row((self._sentence, 1), margins=(AXIS_WIDTH, 10, 10, 30))
        self.rows.addLayout(over, PLOT, 0)
        self.rows.addWidget(self.legend, _LEGEND, 0)
        self.plot.sceneObj.sigMouseMoved.connect(self._point)
        self.plot.viewport().installEventFilter(self)

    # ---------------------------------------------------------------- what it is made of

    def add(self, item: QGraphicsItem, z: float) -> None:
        """Add an item that the axes need not have room for."""
        item.setZValue(z)
        self.box.addItem(item, ignoreBounds=True)

    def color(self, setter: Callable[[T], object], look: Callable[[Theme], T]) -> None:
        """Hand a setter, such as an item's setPen, what it needs in each theme."""
        self._colored.append((setter, look))
        setter(look(self.theme))

    def add_line(
        self, look: Callable[[Theme], QPen], angle: float = 90.0, z: float = 0.0
    ) -> pg.InfiniteLine:
        """Add a line from one end of an axis to the other.

        Parameters
        ----------
        look : callable
            Returns its pen in a theme.
        angle : float, default 90
            90 for a vertical line, 0 for a horizontal one.
        z : float, default 0
            Curves have 10.
        """
        line = pg.InfiniteLine(angle=angle)
        self.color(line.setPen, look)
        self.add(line, z)
        return line

    def add_marks(self, size: float, symbol: str = "o", z: float = 20.0) -> ScatterItem:
        """Add a set of marks, at first an empty one.

        Parameters
        ----------
        size : float
            Width in pixels.
        symbol : str, default "o"
            As pyqtgraph names them.
        z : float, default 20
            How high they lie: above what has less.
        """
        marks = ScatterItem(pxMode=True, size=size, symbol=symbol)
        self.add(marks, z)
        return marks

    def add_handle(self, low: float, high: float) -> None:
        """Add a vertical line that the person can drag between two ends."""
        self._handle = self.add_line(lambda theme: pen(theme.accent, 2.0), z=30.0)
        self._handle.setMovable(True)
        self._handle.setBounds((low, high))
        self.color(self._handle.setHoverPen, lambda theme: pen(theme.text, 3.0))
        self._handle.sigPositionChanged.connect(self._drag)

    def add_grid(self) -> None:
        """Draw a line at each coarse tick; in a large plot finer ones have labels as well."""
        # pyqtgraph's own grid lengthens the ticks, and took 10 ms a plot to paint.
        self._grid = pg.PlotCurveItem(connect="pairs", antialias=False)
        self.color(self._grid.setPen, lambda theme: pen(theme.grid))
        self.add(self._grid, -10)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ground, axes and all that is coloured by the theme."""
        self.theme = theme
        paint_axes(self.plot, theme)
        for setter, look in self._colored:
            setter(look(theme))

    # ---------------------------------------------------------------- axes

    def set_label(self, side: str, label: str) -> None:
        """Name the axis at the ``"left"`` or the ``"bottom"``."""
        if self.plot.getAxis(side).labelText != label:  # a label lays the plot out again
            self.plot.setLabel(side, label)

    def fit(self, x: tuple[float, float], values: ArrayLike, least_span: float = 0.0) -> None:
        """Give the axes room, and leave them as they are if they have it and not too much of it.

        Parameters
        ----------
        x : (float, float)
            The ends of the bottom axis.
        values : array_like of float
            Those that are finite are to be seen.
        least_span : float, default 0
            What the left axis spans at least, without the room above and below.
        """
        finite = np.asarray(values, float)
        finite = finite[np.abs(finite) < LARGEST]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        middle, span = (low + high) / 2, max(high - low, least_span)
        # A flat line needs an axis.
        half = (0.5 + self._padding) * span or 1e-2 * max(abs(high), 1e-9)
        old_x, bottom, top, was_log = self._extent
        fits = bottom <= low and high <= top and 2 * half >= _FILLED * (top - bottom)
        if fits and (x, self.left.is_log) == (old_x, was_log):
            return  # an axis that moved with every frame would jitter, and ticks take their time
        self.set_range(x, (middle - half, middle + half))

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Let the axes reach from end to end."""
        if (x, *y, self.left.is_log) == self._extent:
            return
        self._extent = x, *y, self.left.is_log
        self.box.setRange(xRange=x, yRange=y, padding=0)
        self.box.updateMatrix()  # else that happens in the paint, which then is done twice
        if self._grid is not None:
            size = self.box.size()
            across = self.bottom.tickValues(*x, size.width())[0][1]
            up = self.left.tickValues(*y, size.height())[0][1]
            ends = [((t, y[0]), (t, y[1])) for t in across] + [((x[0], t), (x[1], t)) for t in up]
            self._grid.setData(*np.array(ends, float).reshape(-1, 2).T)

    @property
    def top(self) -> float:
        """The upper end of the left axis."""
        return self._extent[2]

    # ---------------------------------------------------------------- what it shows

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Draw curves, a later one over those before, in place of what was drawn.

        On a logarithmic axis their numbers are decimal logarithms.
        """
        self.shown = curves
        joined = np.concatenate([np.empty(0), *(curve.y for curve in curves)])  # in one go
        joined[~(np.abs(joined) < LARGEST)] = np.nan
        heights = apart(joined, [len(curve.y) for curve in curves])
        self._curves.set_lines([
            (curve.x, y, curve.pen) for curve, y in zip(curves, heights, strict=True)
        ])  # fmt: skip
        if self._grid is not None:
            self._grid.setVisible(bool(curves))
        self._sentence.hide()
        self.plot.show()

    def curves(self) -> list[tuple[Array, Array]]:
        """Return x and y of the curves that are drawn."""
        return [(line.x, line.y) for line in self._curves.lines]

    def curve_names(self) -> list[str]:
        """Return what the curves are called that are drawn, "" for those that only guide the eye.

        Where none has a name, each stands for itself.
        """
        return [curve.name for curve in self.shown]

    def say(self, sentence: str, *, keep_axes: bool = False) -> None:
        """Show a sentence in place of the curves, and of the axes, which are of what was there."""
        self.show_curves(())
        self.plot.setVisible(keep_axes)
        self.show_legend("")
        self._sentence.setText(sentence)
        self._sentence.show()

    def show_legend(self, html: str) -> None:
        """Say below the plot what is what."""
        self.legend.setText(html)
        self.legend.setVisible(bool(html))

    def set_handle(self, x: float, ends: tuple[float, float] | None = None) -> None:
        """Put the handle somewhere, within its ends, or within new ones."""
        if self._handle is not None:
            with QSignalBlocker(self._handle):
                self._handle.setBounds(ends or self._handle.maxRange)
                self._handle.setPos(x)

    # ---------------------------------------------------------------- what the person does

    def show_crosshair(self, x: float | None, html: str = "") -> None:
        """Draw a line at an x, or none, and a card beside it if there is something to say."""
        self._cross.setVisible(x is not None)
        self._card.hide()
        if x is not None:
            self._cross.setPos(x)
            if html:
                area = self.box.sceneBoundingRect()
                across = self.box.mapViewToScene(QPointF(x, 0)).x()
                self._card.show_at(self.plot.mapFromScene(QPointF(across, area.top())), html)

    def _point(self, at: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(at)
        self.pointed_at.emit(self.box.mapSceneToView(at).x() if inside else None)

    def _drag(self, handle: pg.InfiniteLine) -> None:
        self.dragged.emit(handle.value())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.left.fit_font()
            self.bottom.fit_font()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointed_at.emit(None)
        return super().eventFilter(watched, event)


def apart(joined: Array, lengths: Iterable[int]) -> list[Array]:
    """Return the parts of an array that several were joined to, by their lengths."""
    ends = list(accumulate(lengths, initial=0))
    return [joined[first:end] for first, end in pairwise(ends)]


def log10(values: ArrayLike) -> Array:
    """Return log10; what is not positive lies half a decade below the rest, nan nowhere."""
    values = np.asarray(values, float)
    positive = values[(values > 0.0) & np.isfinite(values)]
    floor = float(positive.min()) / math.sqrt(10.0) if positive.size else 1e-18
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(values), np.log10(np.maximum(values, floor)), np.nan)
