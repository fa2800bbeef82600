"""A method at a step: what the Step lens and the Data lens are about."""

import math
from dataclasses import dataclass

from gdviz.scene.scene import Run, Scene


@dataclass(frozen=True, eq=False)
class Moment:
    """A method at a step.

    Attributes
    ----------
    scene : Scene
        What it belongs to.
    run : Run or None
        The method's; None where no method is shown.
    step : int
        The current step, or the path's last where that is earlier.
    """

    scene: Scene
    run: Run | None
    step: int

    @classmethod
    def of(cls, scene: Scene, row: int, step: int) -> "Moment":
        """Return the moment of a row of the experiment, or of the first that is shown.

        Parameters
        ----------
        scene : Scene
            What is shown.
        row : int
            The method's place among the experiment's methods.
        step : int
            The current step of the timeline.
        """
        runs = sorted(scene.runs, key=lambda run: run.index != row)
        return cls(scene, runs[0], min(step, runs[0].path.updates)) if runs else cls(scene, None, 0)

    @property
    def at(self) -> tuple[float, float]:
        """The point θ: the path's, or the start where there is none."""
        a, b = self.run.path.theta[self.step] if self.run else self.scene.experiment.start
        return float(a), float(b)

    def loss_at(self, at: tuple[float, float]) -> float:
        """Return f at a point; of code, which is not run here, what the path knows, or nan."""
        if math.isfinite(self.scene.objective.effort("value")):
            return self.scene.objective.value(*at)
        if self.run is None or at != self.at:
            return math.nan
        return float(self.run.path.loss[self.step])

    @property
    def is_finite(self) -> bool:
        """Whether the path is still among the numbers."""
        return all(map(math.isfinite, self.at))
