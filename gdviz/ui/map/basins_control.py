"""Basins on the map: connects what is chosen, what is computed, and where it is shown."""

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.scene.basins import shown_rows
from gdviz.ui.map.map_view import MapView
from gdviz.ui.map.strip import MapStrip
from gdviz.ui.tasks.basins_task import BasinsTask, Rows
from gdviz.ui.toolkit.widgets.message_label import as_sentence


class BasinsControl(QObject):
    """Whose basins lie on the map: chosen here, kept by the experiment, computed by the task.

    Parameters
    ----------
    experiment : Experiment
        The first one.
    objective_of : callable
        Returns an experiment's function, with what runs it where it is code.
    map_view : MapView
        Where they are drawn.
    map_strip : MapStrip
        Where they are chosen, and where the start under the cursor is spoken of.
    parent : QObject, optional

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values: the person chose others.
    shown : Signal(bool)
        Basins are chosen, or no longer are.
    drawn : Signal(BasinsTask)
        There is another picture of them, or none.
    failed : Signal(object)
        An exception that should not have happened.
    """

    changed = Signal(dict)
    shown = Signal(bool)
    drawn = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        experiment: Experiment,
        objective_of: Callable[[Experiment], Objective],
        map_view: MapView,
        map_strip: MapStrip,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._map_view, self._map_strip = map_view, map_strip
        self._experiment = experiment
        self._last: Rows = ()
        self._is_busy = False
        self.task = BasinsTask(experiment, objective_of, self.failed, self)
        self.task.chosen.connect(self._show_rows)
        self.task.changed.connect(self._show_drawing)
        self.task.busy_changed.connect(self._show_busy)
        self.task.progressed.connect(self._show_part)
        map_strip.basins.rows_chosen.connect(self.choose)

    def show_experiment(self, experiment: Experiment) -> None:
        """Follow another experiment."""
        self._experiment = experiment
        self._map_strip.basins.show_experiment(experiment)
        self.task.show_experiment(experiment)

    def choose(self, rows: Rows) -> None:
        """Let the basins of a method lie on the map, the difference of two, or none."""
        if rows != self.task.rows:
            self.changed.emit({"view": replace(self._experiment.view, basins=rows)})

    def set_shown(self, shown: bool) -> None:
        """Show the basins that were shown last, at first those of the first method; or none."""
        if shown == bool(self.task.rows):
            return
        count = len(self._experiment.methods)
        last = self._last if max(self._last, default=count) < count else ()
        self.choose((last or shown_rows(self._experiment)[:1]) if shown else ())
        self.shown.emit(bool(self.task.rows))  # false where there is no method to show

    def cancel(self) -> bool:
        """Give up the computation; return whether there was one."""
        return self.task.cancel()

    def _show_rows(self) -> None:
        self._last = self.task.rows or self._last
        self._map_strip.basins.show_rows(self.task.rows)
        self._map_strip.show_basins(self.task.drawing)  # it says whose they are
        self.shown.emit(bool(self.task.rows))

    def _show_drawing(self) -> None:
        self._map_view.show_basins(self.task)
        self.drawn.emit(self.task)
        self._map_strip.show_basins(None if self.task.is_stale else self.task.drawing)
        if remark := self.task.remark:
            self._map_strip.say(as_sentence(remark))

    def _show_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._map_strip.set_busy(busy, "basins", self.task.part_done)

    def _show_part(self, part: float) -> None:
        if self._is_busy:
            self._map_strip.set_busy(True, "basins", part)
