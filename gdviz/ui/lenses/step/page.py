"""What the Step lens's pages have in common: the moment they are about, and a place on the map."""

import math
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gdviz.scene.scene import Run, Scene
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.throttle import Paced

#: Milliseconds between two drawings on the map of a page that is closed, made together with a
#: frame of the map: between two of them they would have it painted once more. And between two
#: showings of what is read while a drag goes on, rather than watched.
PAUSE_MS = 50


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
        """Return the moment of a row of the experiment, or of the first that is shown."""
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
        known = self.run is not None and at == self.at
        return float(self.run.path.loss[self.step]) if known else math.nan

    @property
    def is_finite(self) -> bool:
        """Whether the path is still among the numbers."""
        return all(map(math.isfinite, self.at))


class StepPage(Page):
    """A page about a moment; what it lays on the map goes with it, unless it is kept.

    A subclass writes :meth:`on_map` as well as what a page does.

    Attributes
    ----------
    on_map_changed : Signal(object)
        What :meth:`on_map` returned, or None where nothing lies on the map any more.
    """

    on_map_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = 1  # of the experiment; at first the forward difference
        self._is_kept = False
        self._is_on_map = False
        self._laying = Paced(self._lay, PAUSE_MS, self)

    @property
    def moment(self) -> Moment:
        """What the page is about."""
        return Moment.of(self._scene, self._row, self._step)

    def on_map(self) -> object:
        """Return what lies on the map; called while anything does."""

    def show_method(self, row: int) -> None:
        """Take another method, by its row in the experiment."""
        self._row = row
        self._refresh_if_open()

    def set_kept(self, kept: bool) -> None:
        """Say whether what lies on the map stays there when the page is closed."""
        self._is_kept = kept
        self._leave_if_closed()

    def showEvent(self, event: QShowEvent) -> None:
        self._is_on_map = True
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._leave_if_closed()

    def _leave_if_closed(self) -> None:
        if self._is_on_map and not (self._is_kept or self.isVisible()):
            self._is_on_map = False
            self._laying.stop()
            self.on_map_changed.emit(None)

    def _refresh_if_open(self) -> None:
        super()._refresh_if_open()
        if self._is_on_map and self._scene is not None:
            if self.isVisible():
                self._laying.call()
            else:
                self._laying.ask()

    def _lay(self) -> None:
        if self._is_on_map:
            self.on_map_changed.emit(self.on_map())
