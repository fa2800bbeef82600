"""What the Step lens's pages have in common: a method at a step, and a place on the map."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from gdviz.experiment.view import View
from gdviz.scene.moment import Moment
from gdviz.scene.scene import Scene
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.throttle import Throttle
from gdviz.ui.toolkit.build import check

#: Milliseconds between two drawings on the map of a page that is closed, made together with a
#: frame of the map: between two of them they would have it painted once more. And between two
#: showings of what is read while a drag goes on, rather than watched.
PAUSE_MS = 50


class StepPage(Page):
    """A page about a moment; what it lays on the map goes with it, unless it is kept.

    A subclass writes :meth:`on_map` as well as what a page does.

    Attributes
    ----------
    on_map_changed : Signal(object)
        What :meth:`on_map` returned, or None where nothing lies on the map any more.
    changed : Signal(dict)
        Fields of the experiment and their new values.
    view_changed : Signal(dict)
        Those of its view.
    """

    on_map_changed = Signal(object)
    changed = Signal(dict)
    view_changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = 1  # of the experiment; at first the forward difference
        self._equal: QCheckBox | None = None
        self._seen = View()
        self._is_on_map = False
        self._laying = Throttle(self._lay, PAUSE_MS, self)

    @property
    def moment(self) -> Moment:
        """What the page is about."""
        return Moment.of(self.scene, self._row, self._step)

    def on_map(self) -> object:
        """Return what lies on the map; called while anything does."""

    def _equal_units(self) -> QCheckBox:
        """Return a box that gives the map equal units, in which circles are circles."""
        tip = (
            "A unit of a as long as a unit of b on the map: circles are circles, and −∇f crosses "
            "contours at right angles (E)"
        )
        self._equal = check("equal units", tip, self._choose_units, self)
        return self._equal

    def _choose_units(self, equal: bool) -> None:
        self.changed.emit({"equal_units": equal})

    def show_scene(self, scene: Scene, step: int) -> None:
        """Take a scene, and the step of it that is current."""
        if self._equal is not None:
            self._equal.setChecked(scene.experiment.equal_units)
        super().show_scene(scene, step)

    def show_method(self, row: int) -> None:
        """Take another method, by its row in the experiment."""
        self._row = row
        self._refresh_if_open()

    def show_view(self, view: View) -> None:
        """Take what is drawn on the map, and whether it stays when the page is closed."""
        self._seen = view
        self._leave_if_closed()

    def showEvent(self, event: QShowEvent) -> None:
        self._is_on_map = True
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._leave_if_closed()

    def _leave_if_closed(self) -> None:
        if self._is_on_map and not (self._seen.drawings or self.isVisible()):
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
