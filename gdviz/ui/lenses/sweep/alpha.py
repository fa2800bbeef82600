"""The page of the α sweep: where each method gets in its steps, against the learning rate."""

import math
from collections.abc import Hashable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number, sentence
from gdviz.engine.analysis.alpha_sweep import LARGEST, SMALLEST, RateSweep, rates
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.scene.alpha_sweep import (
    LossAxis,
    about_losses,
    computed_from,
    left_out,
    loss_axis,
    sweep_experiment,
    swept_rows,
    swept_title,
)
from gdviz.scene.palette import path_color
from gdviz.scene.status_marks import STATUS_MARKS
from gdviz.ui.lenses.page import Page
from gdviz.ui.lenses.sweep.status_strip import StatusRow, StatusStrip
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import button, column, label, row, thin_bar
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.theme import Theme

_PAUSE = 120  #: milliseconds without a change before the sweep begins: a drag is not swept
_STRIDES = (slice(0, None, 8), slice(4, None, 8), slice(2, None, 4), slice(1, None, 2))


class AlphaPage(Page):
    """Final loss against α on log–log axes, how each path ended above it, 2/λmax in it.

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._swept: Experiment | None = None  # or being swept
        self._depends_on: tuple[Hashable, ...] = ()  # what the sweep depends on
        self._result: RateSweep | None = None
        self._axis = LossAxis(True, 0.1, 10.0)
        self._drawn: tuple = ()
        self._is_busy = False
        self._is_given_up = False
        self._task = Task(
            _sweep, self._finish, self._fail,
            reported=self._show_part, newer=Newer.REPLACES, pause_ms=_PAUSE, parent=self,
        )  # fmt: skip
        self._task.busy_changed.connect(self._show_busy)
        self._build()

    def _build(self) -> None:
        self._strip = StatusStrip(self)
        self._plot = Plot(
            "Final loss against α", "α", "f at the last point", log_x=True, log_y=True, parent=self
        )
        self._plot.left.setStyle(maxTickLevel=2)
        self._plot.bottom.setStyle(hideOverlappingLabels=False)
        self._plot.box.sigResized.connect(self._align)
        # Above all, for its label's sake.
        self._limit = self._plot.add_line(
            lambda theme: pen(theme.text, 1.0, Qt.PenStyle.DashLine), z=40
        )
        self._limit.label = pg.InfLineLabel(self._limit, position=0.97, movable=False)
        self._plot.color(self._limit.label.setColor, lambda theme: theme.text)
        self._shared = self._plot.add_marks(9)
        self._own = self._plot.add_marks(12, "d")
        for marks in (self._shared, self._own):
            self._plot.color(marks.setPen, lambda theme: pen(theme.text))
        self._plot.add_handle(math.log10(SMALLEST), math.log10(LARGEST))
        self._plot.dragged.connect(self._drag)
        self._sentence = label(parent=self)
        self.fit_font()
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._progress = thin_bar(len(rates()), self)
        tip = "Stop the sweep and keep what there is, or start it again"
        self._button = button("Cancel", tip, self._toggle, self)
        for widget in (self._progress, self._button):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)  # else the plot would jump with every sweep
            widget.setSizePolicy(policy)
            widget.hide()
        column(
            self._strip, (self._plot, 1), self._sentence, row((self._progress, 1), self._button),
            inside=self, margins=(0, 4, 0, 0),
        )  # fmt: skip

    def recolor(self, theme: Theme) -> None:
        """Take the ground of a label."""
        self._limit.label.fill = brush(theme.panel)

    def fit_font(self) -> None:
        """Keep room for the lines that may come."""
        self._sentence.setMinimumHeight(3 * self.fontMetrics().lineSpacing())

    # ---------------------------------------------------------------- computing

    def refresh(self) -> None:
        """Show the scene's learning rates; sweep, unless that has been done."""
        experiment = self.scene.experiment
        depends_on = computed_from(experiment, self.scene.objective), left_out(experiment)
        if self._swept is None or self._depends_on != depends_on:
            if self._swept is None or self._swept.methods != experiment.methods:
                self._result = None  # curves of other methods
            self._swept, self._depends_on = experiment, depends_on
            self._begin()
        self._draw()

    def cancel(self) -> None:
        """Give up the sweep that runs."""
        if self._task.cancel():
            self._is_given_up = True
            self._sentence.setText("Cancelled: not every α was tried.")
            self._show_state()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._task.cancel():
            self._swept = None  # to be asked for again

    def _toggle(self) -> None:
        if self._task.is_running():
            self.cancel()
        elif self._swept is not None:
            self._begin()

    def _begin(self) -> None:
        self._is_given_up = False
        self._show_state()
        self._task.request(self._swept, self.scene.objective)

    def _show_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._show_state()

    def _show_state(self) -> None:
        self._progress.setVisible(self._is_busy)
        self._button.setText("Cancel" if self._is_busy else "Sweep again")
        self._button.setVisible(self._is_busy or self._is_given_up)

    def _show_part(self, result: RateSweep) -> None:
        self._progress.setValue(len(result.alpha))
        self._sentence.setText(f"{len(result.alpha)} of {len(rates())} learning rates …")
        self._result = result
        self._draw()

    def _finish(self, result: RateSweep) -> None:
        self._result = result
        self._draw()
        if self._swept is None or not any(method.shown for method in self._swept.methods):
            self._sentence.setText("No method is shown: tick one on the left.")
            return
        said = map(sentence, (result.bound.sentence, left_out(self._swept), about_losses(result)))
        self._sentence.setText(" ".join(filter(None, said)).replace("λmax", "λₘₐₓ"))

    def _fail(self, error: Exception) -> None:
        self._sentence.setText(failure(error, "The sweep"))

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        """Draw the curves where they are others, and the learning rates now."""
        methods = self.scene.experiment.methods
        rows = swept_rows(self.scene.experiment)
        look = [
            (swept_title(methods[row]), path_color(methods[row], row), methods[row].alpha)
            for row in rows
        ]
        if (self._result, look) != self._drawn:
            self._drawn = self._result, look
            self._draw_curves(look)
        self._draw_now()

    def _draw_curves(self, look: list[tuple[str, str, float | None]]) -> None:
        result = self._result or RateSweep(np.empty(0), ())
        order = np.argsort(result.alpha)
        x = np.log10(result.alpha[order])
        self._axis = loss_axis(result)
        self._plot.left.set_log(self._axis.is_log)
        curves, strip, legend = [], [], []
        for rank, (curve, (title, color, own)) in enumerate(zip(result.curves, look, strict=False)):
            # What lies beneath an equal curve shows as its rim.
            width = 1.8 + 1.8 * min(len(result.curves) - 1 - rank, 3)
            loss, statuses = curve.loss[order], tuple(curve.statuses[i] for i in order)
            ended = [STATUS_MARKS[status].title for status in statuses]
            curves.append(Curve(x, self._height(loss), pen(color, width), title, loss, ended))
            strip.append(StatusRow(title, color, statuses))
            mark, note = ("●", "") if own is None else ("◆", f"; own ◆ {number(own)}")
            legend.append(
                f"<span style='color:{color}'>━{mark}</span> {title}"
                f"{_lowest(result, curve.loss)}{note}"
            )
        ends = math.log10(SMALLEST), math.log10(LARGEST)
        low, high = self._height(np.array([self._axis.low, self._axis.high]))
        room = 0.07 * (high - low)  # for the label of 2/λmax
        self._plot.set_range(_padded(*ends), _padded(low, high + room))
        self._plot.show_curves(curves)
        self._strip.show_rows(x, tuple(strip))
        self._align()
        self._plot.show_legend("<br>".join([*legend, _status_legend(strip)]))
        limit = result.bound.alpha
        self._limit.setVisible(limit is not None and SMALLEST <= limit <= LARGEST)
        if limit is not None:
            self._limit.setPos(math.log10(limit))
            self._limit.label.setFormat(f"2/λₘₐₓ = {number(limit, 4)}")

    def _draw_now(self) -> None:
        """Draw the learning rates that the methods have now, where their paths end."""
        experiment = self.scene.experiment
        self._plot.set_handle(math.log10(min(max(experiment.alpha, SMALLEST), LARGEST)))
        rows = swept_rows(experiment) if self._result is not None else ()
        marks: dict[bool, list] = {True: [], False: []}
        for run in self.scene.runs:
            loss = self._height(run.path.loss[-1:])[0]
            if (
                run.index in rows
                and SMALLEST <= run.settings.alpha <= LARGEST
                and np.isfinite(loss)
            ):
                spot = {
                    "pos": (math.log10(run.settings.alpha), loss),
                    "brush": brush(path_color(run.method, run.index)),
                }
                marks[run.method.alpha is not None].append(spot)
        self._shared.setData(marks[False])
        self._own.setData(marks[True])

    def _height(self, loss: np.ndarray) -> np.ndarray:
        placed = self._axis.place(loss)
        return np.log10(placed) if self._axis.is_log else placed

    def _align(self) -> None:
        """Lay the strip's cells over the plot's axis of α."""
        area = self._plot.box.sceneBoundingRect()
        ends = tuple(self._plot.box.viewRange()[0])
        self._strip.set_span(round(area.left()), round(area.right()), ends)

    def _drag(self, x: float) -> None:
        self.changed.emit({"alpha": float(f"{10**x:.3g}")})


def _padded(low: float, high: float) -> tuple[float, float]:
    room = 0.02 * (high - low)
    return low - room, high + room


def _lowest(result: RateSweep, loss: np.ndarray) -> str:
    """Say where a curve is lowest, once it is complete."""
    if not result.bound.sentence or not np.isfinite(loss).any():
        return ""
    best = int(np.nanargmin(loss))
    return f": lowest {number(loss[best], 2)} at α = {number(result.alpha[best], 2)}"


def _status_legend(rows: list[StatusRow]) -> str:
    present = {status for row in rows for status in row.statuses}
    return "&nbsp;&nbsp; ".join(
        dict.fromkeys(
            f"{mark.glyph}&nbsp;{mark.title.replace(' ', '&nbsp;')}"
            for status, mark in STATUS_MARKS.items()
            if status in present
        )
    )


def _sweep(job: Job, experiment: Experiment, objective: Objective) -> RateSweep:
    """Sweep, every eighth rate first: the whole range is there early, and then grows finer."""
    if not swept_rows(experiment):
        return RateSweep(np.empty(0), ())
    grid = rates()
    alpha = np.concatenate([grid[stride] for stride in _STRIDES])
    return sweep_experiment(
        experiment, objective, alpha=alpha, progress=job.report, cancelled=job.cancelled
    )
