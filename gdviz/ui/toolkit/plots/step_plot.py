"""A plot of something against the step, one line a run: what the Run lens is made of."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gdviz.base.format import number
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.scene.wording import method_title
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.axes import ValueAxis, paint_axes, value_plot
from gdviz.ui.toolkit.plots.curve_item import CurveItem
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.card import Card
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel

_AXIS_WIDTH = 58  #: pixels: tick labels must not move the plot while a slider is dragged
_PADDING = 0.08
_FILLED = 0.6  #: of its axis that the data must fill; else the axis is fitted anew


class StepPlot(QWidget):
    """A line a run against the step, with a crosshair that says the values.

    A subclass says what is plotted: it sets `title`, `choices` and `tip`, and gives
    :meth:`series` and :meth:`is_log`.

    Attributes
    ----------
    pointed_at : Signal(object)
        The step under the cursor, or None.
    choice_changed : Signal()
        The person chose what is shown.
    """

    pointed_at = Signal(object)
    choice_changed = Signal()

    title = ""
    tip = ""
    choices: Sequence[str] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._lines: list[CurveItem] = []
        self._extent: tuple = ((), 0.0, 0.0, False)  # x, low, high, log: what the axes show
        self.heading = QLabel(self.title, self)
        self.heading.setToolTip(self.tip)
        self.choice = QComboBox(self)
        self.choice.addItems(self.choices)
        self.choice.setAccessibleName(f"What the plot {self.title} shows")
        self.choice.setToolTip("What the plot shows")
        self.choice.setFrame(False)
        self.choice.activated.connect(self._choose)
        self.note = ElidedLabel(self)
        self.note.setProperty("muted", True)

        self._axis = ValueAxis(_AXIS_WIDTH)
        self._plot = value_plot(self, self.title, self._axis, ValueAxis(0, "bottom"))
        self._plot.setMinimumHeight(70)
        self._box: pg.ViewBox = self._plot.getViewBox()
        self._box.setDefaultPadding(0.0)
        self._plot.getAxis("bottom").setLabel("step")
        # pyqtgraph's own grid lengthens the ticks, and took 10 ms a plot to paint.
        self._grid = pg.PlotCurveItem(connect="pairs", antialias=False)
        self._grid.setZValue(-10)
        self._box.addItem(self._grid, ignoreBounds=True)
        self._now = pg.InfiniteLine(angle=90)  # the current step
        self._cross = pg.InfiniteLine(angle=90)  # the step under the cursor
        self._cross.hide()
        for line in (self._now, self._cross):
            self._box.addItem(line, ignoreBounds=True)
        self._card = Card(self._plot)
        self._empty = QLabel(self._plot)
        self._empty.setProperty("muted", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.hide()

        head = QHBoxLayout()
        head.setContentsMargins(_AXIS_WIDTH, 0, 4, 0)
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addWidget(self.note, 1)
        head.addWidget(self.choice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._plot, 1)
        self._plot.scene().sigMouseMoved.connect(self._move)
        self._plot.viewport().installEventFilter(self)

    # ---------------------------------------------------------------- what a subclass says

    @abstractmethod
    def series(self, run: Run) -> np.ndarray:
        """Return what is plotted of a run, one value a step."""

    @abstractmethod
    def is_log(self) -> bool:
        """Return whether the vertical axis is logarithmic."""

    def why_empty(self, _scene: Scene) -> str:
        """Say why there is nothing to draw, where that is known."""
        return ""

    def axis_name(self) -> str:
        """Return the name of the vertical axis."""
        return self.choice.currentText()

    # ---------------------------------------------------------------- showing

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ground, axes and crosshair."""
        paint_axes(self._plot, theme)
        self._grid.setPen(pg.mkPen(theme.grid))
        self._now.setPen(pg.mkPen(theme.accent, width=1))
        self._cross.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine))

    def show_scene(self, scene: Scene) -> None:
        """Draw the runs of a scene."""
        self._scene = scene
        while len(self._lines) < len(scene.runs):
            line = CurveItem()
            self._box.addItem(line, ignoreBounds=True)
            self._lines.append(line)
        log = self.is_log()
        low, high, last, unseen = np.inf, -np.inf, 1, []
        for line, run in zip(self._lines, scene.runs, strict=False):
            values = self._scaled(self.series(run))
            finite = values[np.isfinite(values)]
            if finite.size:
                low, high = min(low, finite.min()), max(high, finite.max())
            elif log:
                unseen.append(run)
            last = max(last, run.path.updates)
            color = path_color(run.method, run.index)
            line.set_data(np.arange(len(values), dtype=float), values, pen(color, 2.0))
            line.show()
        for line in self._lines[len(scene.runs) :]:
            line.hide()
        self._axis.set_log(log)
        if self.axis_name() != self._axis.labelText:  # a new label lays the plot out again
            self._axis.setLabel(self.axis_name())
        self._show_note(unseen)
        if np.isfinite(low):
            self._fit((-0.02 * last, 1.02 * last), low, high)
        self._say_empty(scene, bool(np.isfinite(low)))
        self._card.hide()
        self._cross.hide()

    def _fit(self, x: tuple[float, float], low: float, high: float) -> None:
        """Give the axes room for steps `x` and values from `low` to `high`."""
        # A flat line still needs an axis: a hundredth of it, or half a decade.
        log = self.is_log()
        span = max(high - low, 0.5 if log else 1e-2 * max(abs(high), 1e-9))
        old_x, old_low, old_high, was_log = self._extent
        # An axis that still fits stays: while the start is dragged it would jitter otherwise, and
        # its ticks are a third of the cost of a frame.
        fits = old_low <= low and high <= old_high and span >= _FILLED * (old_high - old_low)
        if fits and (x, log) == (old_x, was_log):
            return
        middle, half = (low + high) / 2, span * (0.5 + _PADDING)
        self._extent = (x, middle - half, middle + half, log)
        y = (middle - half, middle + half)
        self._box.setRange(xRange=x, yRange=y, padding=0)
        self._box.updateMatrix()  # else that happens in the paint, which then is done twice
        self._draw_grid(x, y)

    def show_step(self, step: int) -> None:
        """Mark the current step."""
        self._now.setPos(step)

    def _draw_grid(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Draw a line at each labelled tick."""
        size = self._box.size()
        across = self._plot.getAxis("bottom").tickValues(*x, size.width())[0][1]
        up = self._axis.tickValues(*y, size.height())[0][1]
        ends = [((t, y[0]), (t, y[1])) for t in across] + [((x[0], t), (x[1], t)) for t in up]
        self._grid.setData(*np.array(ends, float).reshape(-1, 2).T)

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        values = np.asarray(values, float)
        if not self.is_log():
            return np.where(np.abs(values) < 1e300, values, np.nan)
        # pyqtgraph's log mode drops values ≤ 0 without a word; here they leave a gap, and the
        # note says so.
        with np.errstate(all="ignore"):
            return np.where(values > 0, np.log10(values), np.nan)

    def _show_note(self, unseen: Sequence[Run]) -> None:
        """Say which runs are nowhere on a logarithmic axis."""
        exact = [run.method for run in unseen if is_zero(self.series(run))]
        # The names last: they are what can be cut off.
        self.note.setText(f"exactly 0: {'; '.join(map(method_title, exact))}" if exact else "")

    def _say_empty(self, scene: Scene, drawn: bool) -> None:
        for item in (self._grid, self._now):  # which would run through the sentence
            item.setVisible(drawn)
        if drawn:
            self._empty.hide()
            return
        self._empty.setText(
            "No method is shown: tick one on the left."
            if not scene.runs
            else self.why_empty(scene)
            or (
                "Nothing to draw: no value is positive, and the axis is logarithmic."
                if self.is_log()
                else "Nothing to draw: no value is finite."
            )
        )
        self._empty.setGeometry(self._plot.rect().adjusted(_AXIS_WIDTH, 10, -10, -30))
        self._empty.show()

    # ---------------------------------------------------------------- crosshair

    def _move(self, scene_position: QPointF) -> None:
        if self._scene is None or not self._box.sceneBoundingRect().contains(scene_position):
            self.pointed_at.emit(None)
            return
        step = round(self._box.mapSceneToView(scene_position).x())
        last = max((len(run.path) - 1 for run in self._scene.runs), default=0)
        self.pointed_at.emit(min(max(0, step), last))

    def point_at(self, step: int | None, with_card: bool) -> None:
        """Show the crosshair at a step; with the card of values, if the cursor is here."""
        visible = step is not None and self._scene is not None and bool(self._scene.runs)
        self._cross.setVisible(visible)
        self._card.hide()
        if not visible:
            return
        self._cross.setPos(step)
        if with_card:
            rows = [f"<b>step {step}</b>"]
            for run in self._scene.runs:
                values = self.series(run)
                value = number(values[step], 4) if step < len(values) else "ended"
                if value == "nan":
                    value = "none"
                color = path_color(run.method, run.index)
                title = method_title(run.method)
                rows.append(f"<span style='color:{color}'>●</span> {title}: {value}")
            area = self._box.sceneBoundingRect()
            x = self._box.mapViewToScene(QPointF(step, 0)).x()
            spot = self._plot.mapFromScene(QPointF(x, area.top()))
            self._card.show_at(spot, "<br>".join(rows))

    def eventFilter(self, watched, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointed_at.emit(None)
        return super().eventFilter(watched, event)

    def _choose(self, _index: int) -> None:
        if self._scene is not None:
            self.show_scene(self._scene)
        self.choice_changed.emit()


def is_zero(values: np.ndarray) -> bool:
    """Tell whether all values that there are, and there are some, are zero."""
    known = values[~np.isnan(values)]
    return bool(known.size) and not known.any()
