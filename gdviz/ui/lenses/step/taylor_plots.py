"""The plots of the Taylor models: a cut along the step, and what they predicted at each step."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.taylor_models import Cut, PredictedChanges, StepModels, cut
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.moment import Moment
from gdviz.scene.palette import FIRST_COLOR, SECOND_COLOR, path_color
from gdviz.scene.scene import Run
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.task import Job
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot

_CUT_POINTS = 121
_REACH = 2.0  #: how far the cut goes, in steps, at least
_FIRST, _SECOND = Qt.PenStyle.DotLine, Qt.PenStyle.DashLine


def cut_of(
    _job: Job, objective: Objective, models: StepModels, step: tuple[float, float], reach: float
) -> Cut:
    """Return f and its models along a step, from its point on.

    Parameters
    ----------
    objective : Objective
        The function.
    models : StepModels
        Its models at the point.
    step : (float, float)
        The step.
    reach : float
        How far.
    """
    return cut(objective, models, step, np.linspace(0.0, reach, _CUT_POINTS))


class CutPlot(Plot):
    """f, tangent and parabola against the length of the step, with the step's own marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "f and its models along the step", "length of the step", "f", parent=parent
        )
        self._taken = self.add_line(lambda theme: pen(theme.accent))
        self._rate = pg.TextItem(anchor=(0, 0))
        self.color(self._rate.setColor, lambda theme: theme.accent)
        self.add(self._rate, 0)

    def show_cut(self, models: StepModels, moment: Moment, cuts: CachedResult[Cut]) -> str | None:
        """Draw the cut at a moment; return which step it is along, empty where there is none.

        While another is computed, the last one stays as it is, and None is returned.

        Parameters
        ----------
        models : StepModels
            The models at its point.
        moment : Moment
            What is shown.
        cuts : CachedResult
            Computes the cut of :func:`cut_of`.
        """
        step, name, rate = _step(models, moment)
        length = float(np.hypot(*step))
        if not np.isfinite(models.gradient).all():
            self.say("Without ∇f there are no models to draw.")
            return ""
        if not 0.0 < length < math.inf:
            self.say("There is no step to follow: its length is zero.")
            return ""
        # In rough stages: the axis stays for a while when the step changes a little.
        reach = float(2.0 ** (np.ceil(2 * np.log2(_REACH * length)) / 2))
        asked = models, tuple(step.tolist()), reach
        along = cuts.of(moment.scene.objective, *asked, points=_CUT_POINTS)
        if along is None:
            self.say(cuts.failure or "Computing…")
            return ""
        if cuts.is_running():
            return None
        if not np.isfinite(along.f).any():
            self.say("f is not finite anywhere along the step.")
            return ""
        self.show_curves(
            [
                Curve(along.lengths, along.f, pen(self.theme.text, 1.8), "f"),
                Curve(along.lengths, along.tangent, pen(FIRST_COLOR, 2.0, _FIRST), "1st order"),
                Curve(along.lengths, along.parabola, pen(SECOND_COLOR, 2.0, _SECOND), "2nd order"),
            ]
        )
        self.fit((0.0, reach), _room(along))
        self._taken.setPos(length)
        self._rate.setPos(length, self.top)
        self._rate.setText(rate)
        return f"{name}, ‖Δ‖ = {number(length, 3)}"


class ChangePlot(Plot):
    """What each step of a path changed, and what the models at its beginning said it would."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Change of f, actual and predicted", "step", "change of f", parent=parent)
        self._now = self.add_line(lambda theme: pen(theme.accent))

    def show_changes(
        self, changes: PredictedChanges, run: Run, step: int, logarithmic: bool
    ) -> None:
        """Draw the changes, or on a logarithmic axis the falls, and mark a step.

        Parameters
        ----------
        changes : PredictedChanges
            What the models predicted for each step, and what came of it.
        run : Run
            The path, which gives the colour.
        step : int
            The current step.
        logarithmic : bool
            Whether the axis is.
        """
        self.left.set_log(logarithmic)
        self.set_label("left", "fall of f" if logarithmic else "change of f")
        series = [changes.actual, changes.first, changes.second]
        if logarithmic:
            with np.errstate(all="ignore"):
                series = [np.where(s < 0.0, np.log10(-s), np.nan) for s in series]
        if not any(np.isfinite(s).any() for s in series):
            self.say("Nothing to draw: f never falls, or is not finite.")
            return
        last = len(changes.actual) - 1
        steps = np.arange(last + 1, dtype=float) if last else np.array([-0.3, 0.3])
        pens = (
            pen(path_color(run.method, run.index), 2.0),
            pen(FIRST_COLOR, 2.0, _FIRST),
            pen(SECOND_COLOR, 2.0, _SECOND),
        )
        # A single step is a dash: one point is no line.
        self.show_curves(
            [Curve(steps, np.resize(s, steps.shape), p) for s, p in zip(series, pens, strict=True)]
        )
        room = 0.02 * max(20, last)
        self.fit((-room, last + room), np.concatenate(series))
        self._now.setPos(step)


def mark(order: int) -> str:
    """Return a piece of a model's line, for a legend."""
    color, line = (FIRST_COLOR, "┅┅") if order == 1 else (SECOND_COLOR, "╍╍")
    return f"<span style='color:{color}'>{line}</span>"


def _step(models: StepModels, moment: Moment) -> tuple[np.ndarray, str, str]:
    """Return the step that was taken, or the one that descent would take; its name, and its α."""
    run, k = moment.run, moment.step
    if run is not None and k < run.path.updates:
        step = run.path.theta[k + 1] - run.path.theta[k]
        if run.method.rule != "gd":
            return step, "the step taken", "step"
        # Not the run's α, which a schedule may have changed.
        with np.errstate(all="ignore"):
            rate = float(np.hypot(*step) / np.hypot(*run.path.gradient[k]))
        return step, "the step taken", f"α = {number(rate, 4)}"
    experiment = moment.scene.experiment
    alpha = experiment.alpha_of(run.method) if run else experiment.alpha
    with np.errstate(all="ignore"):
        return -alpha * models.gradient, "−α∇f", f"α = {number(alpha, 4)}"


def _room(along: Cut) -> np.ndarray:
    """Return the values that the axis has room for: f's, and the models' where they are near."""
    f = along.f[np.isfinite(along.f)]
    slack = f.max() - f.min()
    models = np.concatenate([along.tangent, along.parabola])
    models = models[np.isfinite(models)]
    return np.concatenate([f, np.clip(models, f.min() - slack, f.max() + slack)])
