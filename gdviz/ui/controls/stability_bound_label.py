"""The bound on α beside its slider, red where α exceeds it."""

from collections.abc import Hashable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number, sentence
from gdviz.engine.analysis.stability_bound import NO_BOUND, StabilityBound
from gdviz.experiment.experiment import Experiment
from gdviz.scene.alpha_sweep import bound_of
from gdviz.scene.scene import Scene
from gdviz.ui.toolkit.text import PlainLabel, as_tip

#: Where it would take too long to be found at each change.
_OF_CODE = StabilityBound(None, "the bound on α of Python code is found by the sweep of α")


class StabilityBoundLabel(PlainLabel):
    """α < 2/λmax; empty where there is no bound.

    Its place is kept while it is empty: the sliders under it must not move.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stability_bound")
        self.setProperty("muted", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMinimumHeight(self.fontMetrics().height())
        self._bound = NO_BOUND
        self._function: Hashable = None  # that it is the bound of
        self._alpha = 0.0
        self._is_own = False  # it is a method's own α, and not that of the slider
        self._exceeded = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumHeight(self.fontMetrics().height())

    def show_scene(self, scene: Scene) -> None:
        """Take the bound at the minimum that small steps from the start lead to."""
        self._function = scene.experiment.function.identity
        code = scene.experiment.function.code
        if code is not None and code.has_hessian:  # nobody knows how long that takes
            self._take(_OF_CODE)
        else:
            self._take(bound_of(scene.experiment) if scene.runs else NO_BOUND)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take the largest learning rate that gradient descent runs with: the bound is on that."""
        rates = [experiment.alpha_of(m) for m in experiment.methods if m.shown and m.rule == "gd"]
        alpha = max(rates, default=0.0)
        is_own = alpha > experiment.alpha
        if (alpha, is_own) != (self._alpha, self._is_own):
            self._alpha, self._is_own = alpha, is_own
            self._show()
        if experiment.function.identity != self._function:
            self._take(NO_BOUND)  # until there is a scene of this one

    def _take(self, bound: StabilityBound) -> None:
        if bound != self._bound:
            self._bound = bound
            self.setToolTip(as_tip(sentence(bound.sentence).replace("λmax", "λₘₐₓ")))
            self._show()

    def _show(self) -> None:
        limit = self._bound.alpha
        exceeded = limit is not None and self._alpha > limit
        if limit is None:
            self.clear()
        else:
            sign = ("⚠ own α > " if self._is_own else "⚠ α > ") if exceeded else "α < "
            self.setText(f"{sign}2/λₘₐₓ = {number(limit, 4)}")
        if exceeded != self._exceeded:
            self._exceeded = exceeded
            self.setProperty("error", exceeded)
            self.style().polish(self)  # the style sheet looks at the property once
