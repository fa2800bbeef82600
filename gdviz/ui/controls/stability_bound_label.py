"""The bound on α beside its slider, red where α exceeds it."""

from collections.abc import Hashable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number, sentence
from gdviz.base.geometry import Range
from gdviz.engine.analysis.stability_bound import NO_BOUND, StabilityBound, stability_bound
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.method_settings import path_bounds
from gdviz.scene.scene import Scene
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.task import Job
from gdviz.ui.toolkit.text import PlainLabel, as_tip

#: Of the flow to a minimum, and around that.
_POINTS = 60
#: Milliseconds without another formula, after which one that takes long is derived.
_QUIET_MS = 150
#: Where it would take too long to be found at each change.
_OF_CODE = StabilityBound(None, "the bound on α of Python code is found by the sweep of α")


class StabilityBoundLabel(PlainLabel):
    """α < 2/λmax; empty where there is no bound.

    Its place is kept while it is empty: the sliders under it must not move.

    Attributes
    ----------
    bound_changed : Signal()
        There is another one.
    """

    bound_changed = Signal()

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
        self._known = CachedResult(_bound_of, self._arrive, self)
        self._known.pause_ms = _QUIET_MS

    @property
    def sentence(self) -> str:
        """What there is to say of the bound; empty where that is nothing."""
        return sentence(self._bound.sentence).replace("λmax", "λₘₐₓ")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumHeight(self.fontMetrics().height())

    def show_scene(self, scene: Scene) -> None:
        """Take the bound at the minimum that small steps from the start lead to."""
        function = scene.experiment.function
        is_of_code = function.code is not None and function.code.has_hessian
        is_new = function.identity != self._function
        if is_new:
            self._function, self._known.result = function.identity, None
        if is_of_code or not scene.runs:
            self._known.cancel()
            self._take(_OF_CODE if is_of_code else NO_BOUND)  # nobody knows how long code takes
            return
        given = scene.experiment.start, path_bounds(scene.experiment), function.remark
        bound = self._known.of(scene.objective, *given, points=_POINTS, derives=is_new)
        self._take(bound or NO_BOUND)

    def _arrive(self) -> None:
        self._take(self._known.result or NO_BOUND)

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
            self.setToolTip(as_tip(self.sentence))
            self._show()
            self.bound_changed.emit()

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


def _bound_of(
    _job: Job, objective: Objective, start: tuple[float, float], bounds: Range, remark: str
) -> StabilityBound:
    return stability_bound(objective, start, bounds, remark)
