"""The bound on α beside its slider, red where α exceeds it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.stability_bound import RateBound, rate_bound
from gdviz.experiment.model import Experiment
from gdviz.scene.scene import Scene

_NONE = RateBound(None, "")


class RateBoundLabel(QLabel):
    """α < 2/λmax; empty where there is no bound.

    Its place is kept while it is empty: the sliders under it must not move.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rate_bound")
        self.setProperty("muted", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMinimumHeight(self.fontMetrics().height())
        self._bound = _NONE
        self._function: tuple | None = None  # that it is the bound of
        self._alpha = 0.0
        self._is_own = False  # it is a method's own α, and not that of the slider
        self._exceeded = False

    def show_scene(self, scene: Scene) -> None:
        """Take the minimum that the first shown path nears."""
        bound, experiment = _NONE, scene.experiment
        self._function = _function(experiment)
        if scene.runs:
            minima = experiment.built_in.minima if experiment.built_in else ()
            path = scene.runs[0].path
            bound = rate_bound(scene.objective, minima, path, experiment.remark)
        self._take(bound)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take the largest learning rate that gradient descent runs with: the bound is on that."""
        rates = [experiment.alpha_of(m) for m in experiment.methods if m.shown and m.rule == "gd"]
        alpha = max(rates, default=0.0)
        is_own = alpha > experiment.alpha
        if (alpha, is_own) != (self._alpha, self._is_own):
            self._alpha, self._is_own = alpha, is_own
            self._show()
        if _function(experiment) != self._function:
            self._take(_NONE)  # until there is a scene of this one

    def _take(self, bound: RateBound) -> None:
        if bound != self._bound:
            self._bound = bound
            self.setToolTip(bound.sentence)
            self._show()

    def _show(self) -> None:
        rate = self._bound.rate
        exceeded = rate is not None and self._alpha > rate
        if rate is None:
            self.clear()
        else:
            sign = ("⚠ own α > " if self._is_own else "⚠ α > ") if exceeded else "α < "
            self.setText(f"{sign}2/λₘₐₓ = {number(rate, 4)}")
        if exceeded != self._exceeded:
            self._exceeded = exceeded
            self.setProperty("error", exceeded)
            self.style().polish(self)  # the style sheet looks at the property once


def _function(experiment: Experiment) -> tuple:
    return experiment.text, experiment.grid, experiment.code
