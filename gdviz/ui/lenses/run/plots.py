"""The three plots of the Run lens: evaluations, gradient error, loss."""

import numpy as np

from gdviz.scene.scene import Run, Scene
from gdviz.ui.toolkit.plots.step_plot import StepPlot, is_zero


class EvaluationsPlot(StepPlot):
    """What the gradients cost, as counted."""

    title = "Evaluations"
    tip = (
        "Calls as the counting wrapper saw them: a value is 1 evaluation, a gradient N = 2. "
        "What the window evaluates for its own pictures is not counted."
    )
    choices = ("cumulative", "per step")

    def series(self, run: Run) -> np.ndarray:
        """Return evaluations at each step, or up to and with it."""
        taken = run.path.evaluations[: run.path.gradients_taken]
        return np.cumsum(taken) if self.choice.currentIndex() == 0 else taken

    def is_log(self) -> bool:
        """Return False."""
        return False


class GradientErrorPlot(StepPlot):
    """How wrong the estimates were."""

    title = "Gradient error"
    tip = (
        "The estimate ĝ against the formula's exact gradient ∇f in float64 at the same point: "
        "‖ĝ − ∇f‖₂, the same over ‖∇f‖₂, or the angle between the two."
    )
    choices = ("‖ĝ − ∇f‖", "‖ĝ − ∇f‖/‖∇f‖", "angle in °")
    _fields = ("error", "relative_error", "angle")

    def series(self, run: Run) -> np.ndarray:
        """Return the error at each point where a gradient was taken."""
        values = getattr(run.path, self._fields[self.choice.currentIndex()])
        return values[: run.path.gradients_taken]

    def is_log(self) -> bool:
        """Return True."""
        return True

    def why_empty(self, scene: Scene) -> str:
        """Say that there is no exact gradient, or that no estimate differs from it."""
        missing = scene.objective.no_gradient
        if missing:
            return f"No exact gradient to compare with: {missing}."
        is_exact = all(is_zero(self.series(run)) for run in scene.runs)
        return "All gradients are exact: there is no error to draw." if is_exact else ""


class LossPlot(StepPlot):
    """The loss along the paths."""

    title = "Loss"
    tip = "f at each point of the path, in float64. A logarithmic axis cannot show f ≤ 0."
    choices = ("linear", "logarithmic")

    def series(self, run: Run) -> np.ndarray:
        """Return f at each point."""
        return run.path.loss

    def is_log(self) -> bool:
        """Return whether the person chose the logarithmic axis."""
        return self.choice.currentIndex() == 1

    def axis_name(self) -> str:
        """Return f."""
        return "f"
