"""The Step lens's page of models: what Taylor's first two orders say of the step, and what came."""

import math

import numpy as np
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number, pair, sentence
from gdviz.engine.analysis.taylor_models import (
    PredictedChanges,
    StepModels,
    predicted_changes,
    step_models,
)
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.view import View
from gdviz.scene.absences import no_runs
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.moment import Moment
from gdviz.scene.palette import SECOND_COLOR, path_color
from gdviz.ui.lenses.step.page import PAUSE_MS, StepPage
from gdviz.ui.lenses.step.taylor_plots import ChangePlot, CutPlot, cut_of, mark
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.task import Job
from gdviz.ui.tasks.throttle import Throttle
from gdviz.ui.toolkit.build import check, column, combo, label, row
from gdviz.ui.toolkit.widgets.fixed_height_label import FixedHeightLabel

_CONTOURS = ("no contours", "1st-order contours", "2nd-order contours")
_SCALES = ("linear", "logarithmic")


class TaylorPage(StepPage):
    """The Taylor models at the point, a cut along the step, and what they predicted at each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = CachedResult(_models_of, self._refresh_if_open, self)
        self._changes = CachedResult(_changes_of, self._refresh_if_open, self)
        self._cuts = CachedResult(cut_of, self._refresh_if_open, self)
        self._reading = Throttle(self._show_readings, PAUSE_MS, self)
        self._build()

    def _build(self) -> None:
        self._numbers = FixedHeightLabel(5, rich=True, parent=self)
        self._note = label(parent=self)
        tip = (
            "Draw a model's contours on the map, at the same levels as f's: where they meet, the "
            "model is right"
        )
        name = "Model whose contours are drawn"
        self.contours = combo(name, tip, self._choose_contours, _CONTOURS, parent=self)
        tip = "−H⁻¹∇f, an arrow to where the 2nd-order model is level"
        self.newton = check("Newton's step", tip, self._choose_newton, self)
        tip = "The Hessian's eigenvectors: longer where f is flatter; dotted: f curves downwards"
        self.axes = check("axes of H", tip, self._choose_axes, self)
        self._tick()
        self._cut_note = FixedHeightLabel(muted=True, parent=self)
        self._cut, self._change = CutPlot(self), ChangePlot(self)
        tip = "A logarithmic axis shows how much f falls, with gaps where it rises"
        self.scale = combo("Scale of the changes", tip, self._choose, _SCALES, parent=self)
        self.scale.setFrame(False)
        self._change_note = FixedHeightLabel(rich=True, parent=self)
        legend = label(
            f"━━ f &nbsp; {mark(1)} tangent, 1st order &nbsp; {mark(2)} parabola, 2nd order",
            wraps=False,
            rich=True,
            parent=self,
        )
        along, changes = (
            label(f"<b>{text}</b>", wraps=False, rich=True, parent=self)
            for text in ("Along the step", "Change of f, step by step")
        )
        column(
            self._numbers, self._note, row((self.contours, 1), self.newton),
            row(self.axes, self._equal_units(), None, spacing=16),
            row(along, (self._cut_note, 1)), legend, (self._cut, 1),
            row((changes, 1), self.scale), self._change_note, (self._change, 1),
            inside=self, spacing=5,
        )  # fmt: skip

    def _choose(self, _choice: int) -> None:
        self._refresh_if_open()

    def _choose_contours(self, order: int) -> None:
        self.view_changed.emit({"model_contours": order})

    def _choose_newton(self, drawn: bool) -> None:
        self.view_changed.emit({"newton": drawn})

    def _choose_axes(self, drawn: bool) -> None:
        self.view_changed.emit({"hessian_axes": drawn})

    def _tick(self) -> None:
        self.contours.setCurrentIndex(self._seen.model_contours)
        self.newton.setChecked(self._seen.newton)
        self.axes.setChecked(self._seen.hessian_axes)

    def show_view(self, view: View) -> None:
        """Take what is drawn on the map of the models."""
        super().show_view(view)
        self._tick()
        self._refresh_if_open()

    # ---------------------------------------------------------------- showing

    def on_map(self) -> TaylorOverlay | None:
        """Return the models with what is drawn of them; None where there are none."""
        models = self._models_at(self.moment)
        if models is None:
            return None
        seen = self._seen
        return TaylorOverlay(models, seen.model_contours, seen.newton, seen.hessian_axes)

    def _models_at(self, moment: Moment) -> StepModels | None:
        if not moment.is_finite or moment.scene.objective.no_hessian:
            return None
        return self._models.of(moment.scene.objective, moment.at)

    def refresh(self) -> None:
        """Show the models at the step: the cut at once, for it is watched while a drag goes on."""
        moment = self.moment
        models = self._models_at(moment)
        if models is None:
            self._cut_note.setText("")
            without = self._without(moment)
            self._cut.say(_WITHOUT if without else "There is no point at which to draw the models.")
        else:
            note = self._cut.show_cut(models, moment, self._cuts)
            if note is not None:
                self._cut_note.setText(note)
        self._reading.ask()

    def _show_readings(self) -> None:
        """Show what is read: the numbers, and the changes along the whole path."""
        if not self.isVisible():
            return
        moment = self.moment
        models = self._models_at(moment)
        if models is None:
            self._numbers.setText("")
            self._note.setText(sentence(self._without(moment)) if moment.is_finite else _LOST)
        else:
            self._numbers.setText(_numbers(models))
            self._note.setText(_note(models))
        self._note.setVisible(bool(self._note.text()))
        self._show_changes(moment)

    def _without(self, moment: Moment) -> str:
        """Return why there are no models, where that is known."""
        return moment.scene.objective.no_hessian or self._models.failure

    def _show_changes(self, moment: Moment) -> None:
        run = moment.run
        self._change_note.setText("")
        if moment.scene.objective.no_hessian:
            self._change.say("Without second derivatives, nothing can be predicted.")
            return
        if run is None or not run.path.updates:
            self._change.say("No step was taken." if run else no_runs(moment.scene))
            return
        changes = self._changes.of(moment.scene.objective, run.path, points=3 * len(run.path))
        if changes is None:
            self._change.say(self._changes.failure or "Computing…")
            return
        self._change.show_changes(changes, run, moment.step, self.scale.currentIndex() == 1)
        if moment.step < len(changes.actual):
            actual, first, second = (
                number(values[moment.step], 3)
                for values in (changes.actual, changes.first, changes.second)
            )
            self._change_note.setText(
                f"<span style='color:{path_color(run.method, run.index)}'>━━</span> {actual}, "
                f"predicted: {mark(1)} {first} &nbsp; {mark(2)} {second}"
            )
        else:
            self._change_note.setText("No step was taken from the last point.")


_WITHOUT = "Without second derivatives there are no models to draw."
_LOST = "The path is no longer finite at this step: choose an earlier one."


def _models_of(_job: Job, objective: Objective, at: tuple[float, float]) -> StepModels:
    return step_models(objective, at)


def _changes_of(_job: Job, objective: Objective, path: Path) -> PredictedChanges:
    return predicted_changes(objective, path)


def _numbers(models: StepModels) -> str:
    """Return eigenvalues, condition number, bound and Newton's step, in as many rows always."""
    if not np.isfinite(models.eigenvalues).all():
        return ""
    low, high = models.eigenvalues.tolist()
    singular = math.isinf(models.condition_number)
    kind = "minimum" if low > 0.0 else "maximum" if high < 0.0 else "saddle point"
    newton, leads = ("none", "H is singular" if singular else models.newton_remark)
    if models.newton_step is not None:
        length = float(np.hypot(*models.newton_step))
        newton = f"Δ = {pair(models.newton_step.tolist())}, ‖Δ‖ = {number(length, 4)}"
        leads = f"to the model's {kind}"  # of the 2nd order: one line, at any width
    bound = models.largest_rate
    rows = (
        # + 0.0: no −0
        ("Hessian", f"λ₁ = {number(low + 0.0, 5)}, λ₂ = {number(high + 0.0, 5)}"),
        ("condition", "∞" if singular else number(models.condition_number, 5)),
        ("2/λₘₐₓ here", number(bound, 4) if bound else "none: no λ is above 0"),
        (f"<span style='color:{SECOND_COLOR}'>➞</span> Newton", newton),
        ("", leads),
    )
    cells = "".join(
        f"<tr><td style='padding-right:12px'>{name}</td><td>{value}</td></tr>"
        for name, value in rows
    )
    return f"<table cellspacing='0' cellpadding='1'>{cells}</table>"


def _note(models: StepModels) -> str:
    """Return what the numbers do not say: why something is missing, or is not what it seems."""
    parts = [models.sentence]
    if not models.hessian.any():
        parts.append("the Hessian is zero: both models are the same")
    if not models.gradient.any():
        parts.append("∇f is zero, so the 1st-order model is level")
    return sentence(*parts)
