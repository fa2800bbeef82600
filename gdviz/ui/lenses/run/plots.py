"""The three plots of the Run lens against the step: evaluations, gradient error, loss."""

import math
from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number
from gdviz.base.types import Array
from gdviz.scene.absences import no_runs
from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.scene.step_cloud import deviation_along, spread_at, spread_text
from gdviz.ui.toolkit.build import combo, label, row
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import AXIS_WIDTH, HEADER, LARGEST, Plot, apart
from gdviz.ui.toolkit.sizes import Sizes
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel

_WIDTH = 2.0  #: pixels: a curve
#: Kinds of gradient errors, by their place in the choice.
_RELATIVE, _ANGLE = 1, 2


class RunPlot(Plot):
    """A curve a run against the step, with a crosshair that says the values.

    A subclass says what is plotted: it sets `title`, `choices` and `tip`, and gives
    :meth:`series` and :meth:`is_log`.
    """

    title = ""
    tip = ""
    choices: Sequence[str] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.title, "step", padding=0.08, parent=parent)
        self._scene: Scene | None = None
        self._width = _WIDTH
        self.left.setStyle(maxTickLevel=2)
        self.plot.setMinimumHeight(70)
        self.add_grid()
        self._now = self.add_line(lambda theme: pen(theme.accent))  # the current step
        heading = label(self.title, self.tip, wraps=False, parent=self)
        name, tip = f"What the plot {self.title} shows", "What the plot shows"
        self.choice = combo(name, tip, self._choose, self.choices, parent=self)
        self.choice.setFrame(False)
        self.note = ElidedLabel(self)
        self.note.setProperty("muted", True)
        margins = (AXIS_WIDTH, 0, 4, 0)
        head = row(heading, (self.note, 1), self.choice, margins=margins, spacing=8)
        self.rows.addLayout(head, HEADER, 0)

    # ---------------------------------------------------------------- what a subclass says

    @abstractmethod
    def series(self, run: Run) -> Array:
        """Return what is plotted of a run, one value a step."""

    def theory(self, _run: Run) -> Array | None:
        """Return what theory says of a run beside it, one value a step; None where it says none."""
        return None

    def about(self, _run: Run, _step: int) -> str:
        """Return what else there is to say of a run at a step."""
        return ""

    @abstractmethod
    def is_log(self) -> bool:
        """Return whether the vertical axis is logarithmic."""

    def why_empty(self, _scene: Scene) -> str:
        """Say why there is nothing to draw, where that is known."""
        return ""

    def axis_name(self) -> str:
        """Return the name of the vertical axis."""
        return self.choice.currentText()

    # ---------------------------------------------------------------- showing

    def show_scene(self, scene: Scene) -> None:
        """Draw the runs of a scene."""
        self._scene = scene
        series = [self.series(run) for run in scene.runs]
        colors = [path_color(run.method, run.index) for run in scene.runs]
        looks = [pen(color, self._width) for color in colors]
        zero = [  # the methods that a logarithmic axis cannot show for that
            method_title(run.method)
            for run, values in zip(scene.runs, series, strict=True)
            if self.is_log() and not (len(values) and values[0] > 0.0) and is_zero(values)
        ]
        shown = self._scaled(np.concatenate([np.empty(0), *series]))  # in one go
        seen = shown[np.abs(shown) < LARGEST]
        low, high = (float(seen.min()), float(seen.max())) if seen.size else (math.inf, -math.inf)
        for run, color in zip(scene.runs, colors, strict=True):
            if (theory := self.theory(run)) is not None:
                series.append(theory)
                shown = np.concatenate([shown, self._scaled(theory)])
                looks.append(pen(color, 1.0, Qt.PenStyle.DashLine))
        self.left.set_log(self.is_log())
        self.set_label("left", self.axis_name())
        # The names last: they are what can be cut off.
        self.note.setText(f"exactly 0: {'; '.join(zero)}" if zero else "")
        self._now.setVisible(low <= high)
        self.show_crosshair(None)
        if low <= high:
            last = max(1, *(run.path.updates for run in scene.runs))
            # What hardly changes shall look as if it did not.
            least = 0.5 if self.is_log() else 1e-2 * max(abs(high), 1e-9)
            self.fit((-0.02 * last, 1.02 * last), (low, high), least)
            steps = np.arange(float(max(map(len, series))))
            parts = zip(apart(shown, map(len, series)), series, looks, strict=True)
            self.show_curves([
                Curve(steps[: len(y)], y, look, values=values) for y, values, look in parts
            ])  # fmt: skip
        else:
            self.say(self._why_empty(scene), keep_axes=True)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take how wide curves are."""
        self._width = _WIDTH * sizes.lines
        if self._scene is not None:
            self.show_scene(self._scene)

    def curve_names(self) -> list[str]:
        """Return the methods, and of which there is a standard deviation in theory."""
        runs = self._scene.runs if self._scene is not None else ()
        dashed = [run for run in runs if self.theory(run) is not None]
        names = [method_title(run.method) for run in runs]
        return names + [f"{method_title(run.method)}, theory" for run in dashed]

    def show_step(self, step: int) -> None:
        """Mark the current step."""
        self._now.setPos(step)

    def _scaled(self, values: Array) -> Array:
        if not self.is_log():
            return values
        # pyqtgraph's log mode drops values ≤ 0 without a word; here they leave a gap, and the
        # note says so.
        with np.errstate(all="ignore"):
            return np.where(values > 0.0, np.log10(values), np.nan)

    def _why_empty(self, scene: Scene) -> str:
        if sentence := no_runs(scene):
            return sentence
        nothing = "positive, and the axis is logarithmic" if self.is_log() else "finite"
        return self.why_empty(scene) or f"Nothing to draw: no value is {nothing}."

    # ---------------------------------------------------------------- crosshair

    def point_at(self, step: int | None, with_card: bool) -> None:
        """Show the crosshair at a step; with the card of values, if the cursor is here."""
        runs = self._scene.runs if self._scene is not None else ()
        if step is None or not runs:
            self.show_crosshair(None)
            return
        rows = [f"<b>step {step}</b>"]
        for run in runs if with_card else ():
            values = self.series(run)
            value = number(values[step], 4) if step < len(values) else "ended"
            color, title = path_color(run.method, run.index), method_title(run.method)
            value = value.replace("nan", "none")
            rows.append(f"<span style='color:{color}'>●</span> {title}: {value}")
            if said := self.about(run, step):
                rows.append(f"<small>{said}</small>")
        self.show_crosshair(step, "<br>".join(rows) if with_card else "")

    def _choose(self, _index: int) -> None:
        if self._scene is not None:
            self.show_scene(self._scene)


class EvaluationsPlot(RunPlot):
    """What the gradients cost, as counted."""

    title = "Evaluations"
    tip = (
        "Calls as the counting wrapper saw them: a value is 1 evaluation, a gradient N = 2. "
        "What the window evaluates for its own pictures is not counted."
    )
    choices = ("cumulative", "per step")

    def series(self, run: Run) -> Array:
        """Return evaluations at each step, or up to and with it."""
        taken = run.path.evaluations[: run.path.gradients_taken].astype(float)
        return np.cumsum(taken) if self.choice.currentIndex() == 0 else taken

    def is_log(self) -> bool:
        """Return False."""
        return False


class GradientErrorPlot(RunPlot):
    """How wrong the estimates were."""

    title = "Gradient error"
    tip = (
        "The estimate ĝ against the exact gradient ∇f, not rounded to float32, at the same point: "
        "‖ĝ − ∇f‖₂, the same over ‖∇f‖₂, or the angle between the two. Dashed: the standard "
        "deviation in theory of an estimate that draws, to which its error is in the root mean "
        "square, as ε → 0; the values at a step have those of many draws."
    )
    choices = ("‖ĝ − ∇f‖", "‖ĝ − ∇f‖/‖∇f‖", "angle in °")

    def series(self, run: Run) -> Array:
        """Return the error at each point where a gradient was taken."""
        path = run.path
        values = (path.error, path.relative_error, path.angle)[self.choice.currentIndex()]
        return values[: path.gradients_taken]

    def is_log(self) -> bool:
        """Return True."""
        return True

    def theory(self, run: Run) -> Array | None:
        """Return the standard deviation of an estimate that draws."""
        kind = self.choice.currentIndex()
        if self._scene is None or kind == _ANGLE:
            return None
        return deviation_along(self._scene.objective, run, relative=kind == _RELATIVE)

    def about(self, run: Run, step: int) -> str:
        """Return bias and standard deviation of many draws, of an estimate that draws."""
        if self._scene is None or step >= run.path.gradients_taken:
            return ""
        spread = spread_at(self._scene.objective, run, step)
        return spread_text(spread) if spread else ""

    def why_empty(self, scene: Scene) -> str:
        """Say that there is no exact gradient, or that no estimate differs from it."""
        missing = scene.objective.no_gradient
        if missing:
            return f"No exact gradient to compare with: {missing}."
        is_exact = all(is_zero(self.series(run)) for run in scene.runs)
        return "All gradients are exact: there is no error to draw." if is_exact else ""


class LossPlot(RunPlot):
    """The loss along the paths."""

    title = "Loss"
    tip = "f at each point of the path. A logarithmic axis cannot show f ≤ 0."
    choices = ("linear", "logarithmic")

    def series(self, run: Run) -> Array:
        """Return f at each point."""
        return run.path.loss

    def is_log(self) -> bool:
        """Return whether the person chose the logarithmic axis."""
        return self.choice.currentIndex() == 1

    def axis_name(self) -> str:
        """Return f."""
        return "f"


def is_zero(values: Array) -> bool:
    """Tell whether all values that there are, and there are some, are zero."""
    known = values[~np.isnan(values)]
    return bool(known.size) and not known.any()
