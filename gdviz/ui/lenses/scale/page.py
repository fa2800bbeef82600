"""The page of scaling: what a gradient costs with N parameters, counted and timed."""

import numpy as np
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.logistic_problem import VARIANTS
from gdviz.engine.analysis.scaling import LARGEST, QUANTITIES, ScalingResult, powers, scale
from gdviz.scene.palette import PATH_COLORS
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Task
from gdviz.ui.toolkit.build import button, column, combo, label, row, thin_bar
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.plot import Curve, Plot

_ABOUT = (
    "Logistic regression f(θ) = Σ log(1 + exp(−y·(xᵀθ))) with N parameters on synthetic data. One "
    "gradient each way, for N = 1, 2, 4 … {largest:,}: counted, timed, and compared with the "
    "exact one."
)


class ScalePage(Page):
    """Cost against N on log–log axes, measured in a worker and drawn as it comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: ScalingResult | None = None
        self._task = Task(_measure, self._finish, self._fail, reported=self._show, parent=self)
        self._build()

    def _build(self) -> None:
        about = label(_ABOUT.format(largest=LARGEST), kind="muted", parent=self)
        what = "What is drawn against N"
        self._quantity = combo(what, what, self._choose, QUANTITIES, parent=self)
        self._quantity.setCurrentIndex(list(QUANTITIES).index("passes"))
        tip = "Start measuring; it takes a few seconds and plots as it goes"
        self._run = button("Run", tip, self._toggle, self)
        self._progress = thin_bar(len(powers()), self)
        self._progress.hide()
        self._plot = Plot("Cost against N", "N", log_x=True, log_y=True, parent=self)
        self._marks = self._plot.add_marks(6)
        self._marks.setPen(None)
        self._plot.hide()  # until there is something to draw
        self._nothing = label("Nothing measured yet: press Run.", wraps=False, parent=self)
        self._error = label(kind="error", parent=self)
        self._error.hide()
        column(
            about, row((self._quantity, 1), self._run), self._progress, (self._plot, 1),
            self._nothing, self._error, None, inside=self,
        )  # fmt: skip

    # ---------------------------------------------------------------- measuring

    def _toggle(self) -> None:
        if self._task.cancel():
            self._rest()
            return
        self._result = None
        self._run.setText("Cancel")
        self._error.hide()
        self._progress.setValue(0)
        self._progress.show()
        self._task.request()

    def _finish(self, result: ScalingResult) -> None:
        self._show(result)
        self._rest()

    def _fail(self, error: Exception) -> None:
        self._error.setText(failure(error, "The measurement"))
        self._error.show()
        self._rest()

    def _rest(self) -> None:
        self._run.setText("Run")
        self._progress.hide()

    # ---------------------------------------------------------------- showing

    def _choose(self, _index: int) -> None:
        if self._result is not None:
            self._show(self._result)

    def _show(self, result: ScalingResult) -> None:
        self._result = result
        self._plot.show()
        self._nothing.hide()
        quantity = self._quantity.currentData()
        self._progress.setValue(len(result.measurements) // len(VARIANTS))
        rows, curves, brushes = [], [], []
        for color, (name, variant) in zip(PATH_COLORS, VARIANTS.items(), strict=False):
            n, cost = result.curve(name, quantity)
            curve = Curve(np.log10(n), np.log10(np.maximum(cost, 1e-12)), pen(color, 2.0))
            curves.append(curve)
            brushes += [brush(color)] * len(n)
            errors = result.curve(name, "relative_error")[1]
            slope = result.slope(name, quantity)
            grows = "" if np.isnan(slope) else f" ∝ N<sup>{slope:.2f}</sup>,"
            rows.append(
                f"<span style='color:{color}'>━●</span> {variant.title}:{grows} "
                f"error at most {number(float(errors.max()), 2)}"
            )
        self._plot.set_label("left", self._quantity.currentText())
        x, y = (np.concatenate(each) for each in zip(*(c[:2] for c in curves), strict=True))
        pad = 0.06 * max(np.ptp(y), 1.0)
        self._plot.set_range((-0.1, np.log10(powers()[-1]) + 0.1), (y.min() - pad, y.max() + pad))
        self._plot.show_curves(curves)
        self._marks.setData(x, y, brush=brushes)
        self._plot.show_legend("<br>".join(rows))


def _measure(job: Job) -> ScalingResult:
    return scale(progress=job.report, cancelled=job.cancelled)
