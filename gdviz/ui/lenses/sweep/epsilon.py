"""The page of the ε sweep: the gradient's error against ε, at one point."""

import math
from itertools import groupby

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from gdviz.base.format import pair, sentence
from gdviz.base.types import Precision
from gdviz.engine.analysis.epsilon_sweep import LARGEST, PRECISIONS, SMALLEST, Sweep
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import method_title, point_name
from gdviz.scene.epsilon_sweep import (
    best_cells,
    drawn_errors,
    left_out,
    remark,
    short_title,
    sweep_experiment,
    theory,
    used_estimates,
)
from gdviz.scene.palette import ESTIMATE_COLORS, PATH_COLORS, path_color
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Task
from gdviz.ui.tasks.throttle import Throttle
from gdviz.ui.toolkit.build import button, check, column, combo, label, row
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot, log10
from gdviz.ui.toolkit.text import as_tip

_STYLES: dict[Precision, tuple[Qt.PenStyle, str]] = {
    "float64": (Qt.PenStyle.SolidLine, "━"),
    "float32": (Qt.PenStyle.DashLine, "╍"),
}
#: Milliseconds between two sweeps while the point moves: some twenty curves of noise take longer
#: to paint than a frame has, and nobody reads them meanwhile.
_PAUSE = 80
_START, _PICKED = -1, -2  #: the choices of a point that are no run's


class EpsilonPage(Page):
    """The gradient's error against ε on log–log axes: what the methods estimate it with, or all.

    The point is the start, the current step of a run, or one that was picked on the map. The last
    is a matter of looking, like the zoom of a plot: it belongs to no experiment.

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    picking_asked : Signal(bool)
        The next click on the map is to be the point, or no longer is.
    point_changed : Signal(object)
        The picked point (a, b) if the sweep is made there, else None.
    """

    changed = Signal(dict)
    picking_asked = Signal(bool)
    point_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sweep: Sweep | None = None
        self._key: tuple = ()
        self._sweeping = Throttle(self._sweep_if_moved, _PAUSE, self)
        self._picked: tuple[float, float] | None = None
        self._picked_on: Objective | None = None
        # A person's own code takes its time, and may raise.
        self._task = Task(_sweep, self._show_sweep, self._fail, parent=self)
        tip = "The point where the gradient is estimated with every ε"
        self._where = combo("Point of the sweep", tip, self._choose, parent=self)
        self._pick = QPushButton("Pick on map", self)
        self._pick.setCheckable(True)
        self._pick.setProperty("segment", True)
        self._pick.setToolTip(
            as_tip(
                "The next click on the map chooses the sweep's point; the start stays. Esc cancels."
            )
        )
        self._pick.toggled.connect(self.picking_asked)
        self._at = label(kind="muted", wraps=False, parent=self)
        tip = "Also draw estimates that no method on the left uses, or none that is ticked"
        self._all = check("all estimates", tip, self._choose, self)
        tip = "Draw the curves of both precisions; those of float32 are dashed"
        self._both = check("float32", tip, self._choose, self)
        tip = "Truncation error, rising with ε, and round-off, falling: dotted"
        self._lines = check("asymptotes", tip, self._draw, self)
        self._lines.setChecked(True)
        self._plot = Plot(
            "Gradient error against ε",
            "ε",
            "distance of ĝ from ∇f",
            log_x=True,
            log_y=True,
            parent=self,
        )
        self._best = self._plot.add_marks(9)
        self._plot.color(self._best.setPen, lambda theme: pen(theme.text))
        self._plot.add_handle(math.log10(SMALLEST), math.log10(LARGEST))
        self._plot.dragged.connect(self._drag)
        self._sentence = label(kind="error", parent=self)
        self._left_out = label(kind="muted", parent=self)
        tip = "Whose marked ε is taken, in the experiment's precision"
        self._estimate = combo("Estimate whose best ε is used", tip, None, parent=self)
        tip = "Use the best ε of this estimate for the experiment"
        self._take = button("Take the best ε", tip, self._take_best, self)
        column(
            row((self._where, 1), self._pick), self._at,
            row(self._all, self._both, self._lines, None),
            (self._plot, 1), self._sentence, self._left_out,
            row((self._estimate, 1), self._take), inside=self,
        )  # fmt: skip

    # ---------------------------------------------------------------- showing

    def cancel(self) -> None:
        """Leave the next click to the start."""
        self._pick.setChecked(False)

    def _choose(self, _index: int) -> None:
        self.refresh()
        self._sweeping.call()  # whoever chose a point waits for it

    def refresh(self) -> None:
        """Show the scene at the step."""
        if self._picked_on != self.scene.objective:
            self._picked = None
        self._fill_choices()
        at = self._point()
        experiment = self.scene.experiment
        if self._wanted() != self._key:
            self._sweeping.ask()
        self._at.setText(f"{point_name(experiment)} = {pair(at, 6)}")
        self.point_changed.emit(at if self._where.currentData() == _PICKED else None)
        other = next(name for name in PRECISIONS if name != experiment.precision)
        name = self.scene.objective.arithmetic(other)
        if self._both.text() != name:
            self._both.setText(name)
        said = left_out(experiment, all_estimates=self._all.isChecked())
        if self._left_out.text() != said:
            self._left_out.setText(said)
        self._left_out.setVisible(bool(said))
        self._set_handle()

    def _wanted(self) -> tuple:
        """Return what the sweep is to be of."""
        experiment = self.scene.experiment
        offered = experiment.function.estimates_with_epsilon
        estimates = offered if self._all.isChecked() else used_estimates(experiment)
        precisions = PRECISIONS if self._both.isChecked() else (experiment.precision,)
        same = experiment.representable_step, experiment.map_range
        return self.scene.objective, self._point(), estimates, precisions, *same

    def _sweep_if_moved(self) -> None:
        key, objective = self._wanted(), self.scene.objective
        if key == self._key:
            return
        is_other = self._key[:1] != key[:1]  # another function than before
        self._key = key
        self._task.cancel()
        what = (self.scene.experiment, *key[:4])
        if not key[2]:
            self._draw_nothing(_NONE)
        elif math.isfinite(objective.effort("value")) and objective.rows == 1 and _is_quick(key[2]):
            self._show_sweep(_sweep(Job(), *what))
        else:
            if is_other:
                self._draw_nothing("Computing…")
            self._task.request(*what)

    def _show_sweep(self, found: Sweep) -> None:
        self._sweep = found
        self._draw()

    def _fail(self, error: Exception) -> None:
        self._draw_nothing(failure(error, "The sweep"))

    def _draw_nothing(self, why: str) -> None:
        self._sweep = None
        self._best.clear()
        self._enable(False)
        self._sentence.hide()
        self._plot.say(why)

    def _set_handle(self) -> None:
        """Put the handle where the experiment's ε is, between the ends of the sweep."""
        ends = (SMALLEST, LARGEST) if self._sweep is None else self._sweep.epsilon[[0, -1]]
        low, high = map(math.log10, ends)
        self._plot.set_handle(math.log10(self.scene.experiment.epsilon), (low, high))

    def _enable(self, shown: bool) -> None:
        for control in (self._estimate, self._take):
            control.setEnabled(shown)

    def _fill_choices(self) -> None:
        rows = [("at the start", _START)]
        if self._picked is not None:
            rows.append((f"picked {pair(self._picked)}", _PICKED))
        rows += [
            (f"at the step of {method_title(run.method)}", run.index) for run in self.scene.runs
        ]
        _fill(self._where, rows)

    def _point(self) -> tuple[float, float]:
        if self._where.currentData() == _PICKED and self._picked is not None:
            return self._picked
        for run in self.scene.runs:
            if run.index == self._where.currentData():
                theta = run.path.theta[min(self._step, run.path.updates)]
                if np.isfinite(theta).all():
                    return float(theta[0]), float(theta[1])
        return self.scene.experiment.start

    def _draw(self) -> None:
        sweep = self._sweep
        if sweep is None:
            return
        x = np.log10(sweep.epsilon)
        ends = [0, -1]  # an asymptote is straight
        colors = _colors(self.scene.experiment, [curve.estimate for curve in sweep.curves])
        curves = []
        for curve in sweep.curves:
            color = colors[curve.estimate]
            look = pen(color, 1.6, _STYLES[curve.precision][0])
            title = f"{short_title(curve.estimate)}, {curve.arithmetic}"
            curves.append(Curve(x, log10(curve.error), look, title, curve.error))
            if self._lines.isChecked() and curve.precision == self.scene.experiment.precision:
                dotted = pen(color, 1.0, Qt.PenStyle.DotLine)
                curves += [
                    Curve(x[ends], log10(line[ends]), dotted)
                    for line in (curve.truncation, curve.round_off)
                ]
        marks = [c for c in sweep.curves if c.best is not None]
        self._best.setData(
            pos=np.array([(x[c.best], float(log10(c.expected)[c.best])) for c in marks]).reshape(
                -1, 2
            ),
            brush=[brush(colors[c.estimate]) for c in marks],
        )
        finite = log10(drawn_errors(sweep))
        finite = finite[np.isfinite(finite)]
        low, high = (finite.min(), finite.max()) if finite.size else (-16, 0)
        self._plot.set_range((x[0], x[-1]), (low - 0.5, high + 0.5))
        against = "an estimate of ∇f" if sweep.uncertainty else "∇f"
        self._plot.set_label("left", f"distance of ĝ from {against}")
        self._set_handle()
        self._plot.show_curves(curves)
        self._plot.show_legend(_legend(sweep, colors))
        said = remark(sweep)
        self._sentence.setText(sentence(said))
        self._sentence.setVisible(bool(said))
        precision = self.scene.experiment.precision
        known = [c.estimate for c in marks if c.precision == precision]
        _fill(self._estimate, [(ESTIMATES[name].title, name) for name in known])
        self._enable(bool(known))

    # ---------------------------------------------------------------- what the person does

    def pick(self, a: float, b: float) -> None:
        """Make the sweep at a point of the map."""
        self._picked, self._picked_on = (a, b), self.scene.objective
        self._fill_choices()
        index = self._where.findData(_PICKED)
        self._where.setCurrentIndex(index)
        self._choose(index)
        self.cancel()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._sweeping.stop()
        self.cancel()
        self.point_changed.emit(None)  # a mark without its sweep would be a riddle

    def _drag(self, x: float) -> None:
        self.changed.emit({"epsilon": float(f"{10**x:.3g}")})

    def _take_best(self) -> None:
        sweep, wanted = self._sweep, (self._estimate.currentData(), self.scene.experiment.precision)
        for curve in sweep.curves if sweep else ():
            if sweep and (curve.estimate, curve.precision) == wanted and curve.best is not None:
                self.changed.emit({"epsilon": float(sweep.epsilon[curve.best])})


#: Where no curve is asked for.
_NONE = "No ticked method is swept over ε. Tick another on the left, or all estimates above."


def _is_quick(estimates: tuple[str, ...]) -> bool:
    """Tell whether theory needs no fifth derivatives, which take long to derive at first."""
    return all(ESTIMATES[name].order != 4 for name in estimates)


def _legend(sweep: Sweep, colors: dict[str, str]) -> str:
    """Return a row a curve: its best ε, the error to expect there, the best ε in theory."""
    right = "<td align='right'>&nbsp;{}</td>".format
    heads = "".join(map(right, ("best ε", "error there", "in theory")))
    rows = []
    for (precision, arithmetic), curves in groupby(
        sweep.curves, lambda curve: (curve.precision, curve.arithmetic)
    ):
        rows.append(f"<tr><td>{arithmetic}</td>{heads}</tr>")
        rows += [
            f"<tr><td><span style='color:{colors[c.estimate]}'>{_STYLES[precision][1]}●</span> "
            f"{short_title(c.estimate)}</td>{''.join(map(right, best_cells(sweep, c)))}</tr>"
            for c in curves
        ]
    formulas = theory(sweep)
    return f"<table width='100%' cellspacing='0' cellpadding='0'>{''.join(rows)}</table>" + (
        f"<small>In theory: {formulas}</small>" if formulas else ""
    )


def _colors(experiment: Experiment, estimates: list[str]) -> dict[str, str]:
    """Return the colour of the first method with each estimate, or one that is no method's."""
    methods = experiment.methods
    used = {path_color(method, index).upper() for index, method in enumerate(methods)}
    colors: dict[str, str] = {}
    for index, method in enumerate(methods):
        if method.estimate in estimates and method.epsilon is None:
            colors.setdefault(method.estimate, path_color(method, index))
    for other in estimates:
        if other not in colors:
            taken = {color.upper() for color in colors.values()}
            # Its own as in exported figures; where methods have all, at least no other curve's.
            choices = (ESTIMATE_COLORS[other], *PATH_COLORS[:7])
            left = [color for color in choices if color not in taken]
            colors[other] = next((color for color in left if color not in used), left[0])
    return colors


def _sweep(
    job: Job,
    experiment: Experiment,
    objective: Objective,
    at: tuple[float, float],
    estimates: tuple[str, ...],
    precisions: tuple[Precision, ...],
) -> Sweep:
    return sweep_experiment(
        experiment, objective, at,
        estimates=estimates, precisions=precisions, cancelled=job.cancelled,
    )  # fmt: skip


def _fill(combo: QComboBox, rows: list[tuple]) -> None:
    """Fill a combo box if its rows are others, and keep what was chosen."""
    shown = [(combo.itemText(i), combo.itemData(i)) for i in range(combo.count())]
    if rows != shown:
        chosen = combo.currentData()
        combo.clear()
        for title, data in rows:
            combo.addItem(title, data)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
