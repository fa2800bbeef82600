"""The page of scaling: what a gradient costs with N parameters, counted and timed."""

import numpy as np
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.base.format import number
from gdviz.engine.analysis.logistic_problem import VARIANTS
from gdviz.engine.analysis.scaling import LARGEST, QUANTITIES, ScalingResult, powers, scale
from gdviz.scene.palette import PATH_COLORS
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Task
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
        about = QLabel(_ABOUT.format(largest=LARGEST), self)
        about.setWordWrap(True)
        about.setProperty("muted", True)
        self._quantity = QComboBox(self)
        for name, title in QUANTITIES.items():
            self._quantity.addItem(title, name)
        self._quantity.setCurrentIndex(list(QUANTITIES).index("passes"))
        self._quantity.setAccessibleName("What is drawn against N")
        self._quantity.setToolTip("What is drawn against N")
        self._quantity.activated.connect(self._choose)
        self._run = QPushButton("Run", self)
        self._run.setToolTip("Start measuring; it takes a few seconds and plots as it goes")
        self._run.clicked.connect(self._toggle)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, len(powers()))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(6)
        self._progress.hide()
        self._plot = Plot("Cost against N", "N", log_x=True, log_y=True, parent=self)
        self._marks = self._plot.add_marks(6)
        self._marks.setPen(None)
        self._plot.hide()  # until there is something to draw
        self._nothing = QLabel("Nothing measured yet: press Run.", self)
        self._error = QLabel(self)
        self._error.setProperty("error", True)
        self._error.setWordWrap(True)
        self._error.hide()
        top = QHBoxLayout()
        top.addWidget(self._quantity, 1)
        top.addWidget(self._run)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(about)
        column.addLayout(top)
        column.addWidget(self._progress)
        column.addWidget(self._plot, 1)
        column.addWidget(self._nothing)
        column.addWidget(self._error)
        column.addStretch(0)  # takes what room the plot leaves

    def stop(self) -> None:
        """Give up the measurement."""
        self._task.stop()

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
