"""The page of scaling: what a gradient costs with N parameters, and what it takes to a loss."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.reach import reach as reaching
from gdviz.engine.analysis.scaling import LARGEST, QUANTITIES, ScalingResult, powers, scale
from gdviz.scene.palette import SCALING_COLORS
from gdviz.scene.reach_text import conclusions, slope_text
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Task
from gdviz.ui.toolkit.build import button, column, combo, label, row, thin_bar
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.number_field import NumberField
from gdviz.ui.toolkit.widgets.segments import Segments

Result = ScalingResult | reaching.ReachResult
_ERROR = "relative_error"  # which is drawn as costs are
#: How a line is drawn of what gives ∇f, and of what draws.
_DASHES = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
#: The least and the greatest loss that can be asked for.
_LOSSES = 1e-3, 0.69


@dataclass(frozen=True)
class _Question:
    """What is measured: its button, what is said and drawn of it, and how many parts it has."""

    title: str
    tip: str
    about: str
    quantities: Mapping[str, str]
    first: str
    variants: tuple[str, ...]
    measure: Callable[[Job, float], Result]
    parts: int


def _cost(job: Job, _loss: float) -> ScalingResult:
    return scale(progress=job.report, cancelled=job.cancelled)


def _reach(job: Job, loss: float) -> reaching.ReachResult:
    return reaching.reach(loss=loss, progress=job.report, cancelled=job.cancelled)


_QUESTIONS: Mapping[str, _Question] = MappingProxyType(
    {
        "cost": _Question(
            "One gradient",
            "What one gradient costs; it takes about twenty seconds",
            "Logistic regression f(θ) = Σ log(1 + exp(−y·(xᵀθ))) with N parameters on synthetic "
            f"data. One gradient each way, for N = 1, 2, 4 … {LARGEST:,}: counted, timed, and "
            "compared with the exact one.",
            {**QUANTITIES, _ERROR: "Error relative to ‖∇f‖"},
            "passes",
            tuple(VARIANTS),
            _cost,
            len(powers()),
        ),
        "reach": _Question(
            "To reach a loss",
            "What gradient descent takes to a loss, each way at its best α; it takes a minute",
            "Gradient descent on the same problem from θ = 0, where the loss a row is log 2 = "
            f"0.693, for N = 1, 2, 4 … {LARGEST:,}: each way at its best α, found by a sweep; "
            f"{reaching.STEPS:,} steps at most. Steps counted, gradients timed. "
            f"{reaching.LEFT_OUT}",
            reaching.QUANTITIES,
            "steps",
            reaching.COMPARED,
            _reach,
            len(powers()) * len(reaching.COMPARED),
        ),
    }
)


class ScalePage(Page):
    """Cost against N on log–log axes, measured in a worker and drawn as it comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results: dict[str, Result] = {}
        self._running = ""
        self._task = Task(_measure, self._finish, self._fail, reported=self._keep, parent=self)
        self._build()
        self._ask(self._asked.choice())

    def _build(self) -> None:
        self._about = label(kind="muted", parent=self)
        self._asked = Segments({name: (q.title, q.tip) for name, q in _QUESTIONS.items()}, self)
        self._asked.chosen.connect(self._ask)
        what = "What is drawn against N"
        self._quantity = combo(what, what, self._choose, parent=self)
        tip = "The loss a row that is to be reached; with few parameters the least is 0.465"
        self._loss_name = label("loss", tip, wraps=False, parent=self)
        self._loss = NumberField(
            "loss", reaching.LOSS, minimum=_LOSSES[0], maximum=_LOSSES[1], step=0.01, parent=self
        )
        self._loss.setToolTip(as_tip(tip))
        self._loss.setMaximumWidth(70)
        self._refused = FieldErrors(self)
        self._refused.watch([self._loss])
        self._loss.rejected.connect(self._allow)
        self._loss.accepted.connect(self._allow)
        tip = "Start measuring; it plots as it goes"
        self._run = button("Run", tip, self._toggle, self)
        self._progress = thin_bar(1, self)
        self._progress.hide()
        self._plot = Plot("Cost against N", "N", log_x=True, log_y=True, parent=self)
        self._marks = self._plot.add_marks(6)
        self._marks.setPen(None)
        self._nothing = label("Nothing measured yet: press Run.", wraps=False, parent=self)
        self._came_out = label(kind="muted", parent=self)
        self._error = label(kind="error", parent=self)
        self._error.hide()
        column(
            self._asked, self._about,
            row((self._quantity, 1), self._loss_name, self._loss, self._run), self._refused,
            self._progress,
            (self._plot, 8), self._nothing, self._came_out, self._error, None, inside=self,
        )  # fmt: skip

    @property
    def _question(self) -> _Question:
        return _QUESTIONS[self._asked.choice()]

    def _ask(self, name: str) -> None:
        """Show what is known of a question."""
        question = self._question
        self._about.setText(question.about)
        self._quantity.clear()
        for key, title in question.quantities.items():
            self._quantity.addItem(title, key)
        self._quantity.setCurrentIndex(list(question.quantities).index(question.first))
        for part in (self._loss_name, self._loss):
            part.setVisible(name == "reach")
        self._allow()
        self._draw()

    def _allow(self, _sentence: str = "") -> None:
        """Let nothing be measured for a loss that is refused, and say so where it is asked for."""
        is_asked = self._asked.choice() == "reach"
        is_refused = is_asked and bool(self._loss.error())
        self._refused.say(self._loss.error() if is_refused else "")
        self._run.setEnabled(self._task.is_running() or not is_refused)

    # ---------------------------------------------------------------- measuring

    def _toggle(self) -> None:
        if self._task.cancel():
            self._rest()
            return
        self._running = self._asked.choice()
        self._results.pop(self._running, None)
        self._run.setText("Cancel")
        self._error.hide()
        self._progress.setMaximum(self._question.parts)
        self._progress.setValue(0)
        self._progress.show()
        self._task.request(self._running, self._loss.value())

    def _finish(self, result: Result) -> None:
        self._keep(result)
        self._rest()

    def _fail(self, error: Exception) -> None:
        self._error.setText(failure(error, "The measurement"))
        self._error.show()
        self._rest()

    def _rest(self) -> None:
        self._run.setText("Run")
        self._progress.hide()
        self._allow()

    def _keep(self, result: Result) -> None:
        """Take a result so far."""
        if isinstance(result, ScalingResult):
            name, done = "cost", len(result.measurements) // len(VARIANTS)
        else:
            name, done = "reach", len(result.found)
        self._results[name] = result
        self._progress.setValue(done)
        if name == self._asked.choice():
            self._draw()

    # ---------------------------------------------------------------- showing

    def _choose(self, _index: int) -> None:
        self._draw()

    def _draw(self) -> None:
        result, quantity = self._results.get(self._asked.choice()), self._quantity.currentData()
        names = self._question.variants
        drawn = {name: result.curve(name, quantity) for name in names} if result else {}
        has_points = any(len(n) for n, _ in drawn.values())
        self._plot.setVisible(has_points)
        said = conclusions(result) if isinstance(result, reaching.ReachResult) else []
        self._came_out.setText("\n".join(said))
        self._came_out.setVisible(bool(said))
        self._nothing.setVisible(not has_points and not said)
        if result is None or not has_points:
            return
        self._plot.set_label("left", self._quantity.currentText())
        curves, brushes = [], []
        for name, (n, cost) in drawn.items():
            row = VARIANTS[name]
            line = pen(SCALING_COLORS[name], 2.0, _DASHES[row.is_random])
            y = np.log10(np.maximum(cost, 1e-12))
            curves.append(Curve(np.log10(n), y, line, row.title, cost))
            brushes += [brush(SCALING_COLORS[name])] * len(n)
        x, y = (np.concatenate(each) for each in zip(*(c[:2] for c in curves), strict=True))
        pad = 0.06 * max(np.ptp(y), 1.0)
        self._plot.set_range((-0.1, np.log10(powers()[-1]) + 0.1), (y.min() - pad, y.max() + pad))
        self._plot.show_curves(curves)
        self._marks.setData(x, y, brush=brushes)
        self._plot.show_legend(_legend(result, names, quantity))


def _legend(result: Result, names: Sequence[str], quantity: str) -> str:
    """Return a legend: the ways that give ∇f at the left, and at the right what draws.

    Each has how it grows, or of errors the largest.
    """
    columns = [[name for name in names if VARIANTS[name].is_random == draws] for draws in (0, 1)]
    cells = (
        "".join(_entry(result, name, quantity) if name else "<td/><td/>" for name in line)
        for line in zip_longest(*columns)
    )
    if quantity == _ERROR:
        about = "The largest error of each"
    elif isinstance(result, ScalingResult):
        about = "p of the growth like Nᵖ towards the largest N"
    else:
        about = f"p of the growth like Nᵖ up to N = {result.rows}, the rows of the data; and beyond"
    rows = "".join(f"<tr>{line}</tr>" for line in cells)
    return f"<table width='100%'>{rows}</table><small>{about}. Dashed: right on average</small>"


def _entry(result: Result, name: str, quantity: str) -> str:
    variant, said = VARIANTS[name], []
    if quantity == _ERROR:
        errors = result.curve(name, quantity)[1]
        said = [number(float(errors.max()), 2)] if len(errors) else []
    else:
        slopes = [result.slope(name, quantity)]
        if isinstance(result, reaching.ReachResult):
            slopes.append(result.slope(name, quantity, beyond=True))
        said = [slope_text(slope) for slope in slopes if math.isfinite(slope)]
    line = "╍●" if variant.is_random else "━●"
    # Qt breaks a line in a cell unless its spaces are none.
    title = variant.title.removesuffix(" difference").replace(" ", "&nbsp;")
    return (
        f"<td><small><span style='color:{SCALING_COLORS[name]}'>{line}</span>&nbsp;{title}&nbsp;"
        f"</small></td><td align='right'><small>{'&nbsp;'.join(said)}&nbsp;</small></td>"
    )


def _measure(job: Job, name: str, loss: float) -> Result:
    return _QUESTIONS[name].measure(job, loss)
