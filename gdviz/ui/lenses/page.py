"""What pages have in common: they know what is shown, and compute nothing while closed."""

from collections.abc import Collection

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.scene.scene import Scene
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.theme import LIGHT, Theme


class Page(QWidget):
    """A part of a lens that is seen by itself.

    A subclass writes :meth:`refresh`, and what else of this it has need of.

    Attributes
    ----------
    title : str
        On its tab, where it is a whole lens.
    theme : Theme
        The colours.
    """

    title = ""
    _needs_no_scene = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._step = 0
        self.theme = LIGHT
        self._drawn_in: Theme | None = None

    def refresh(self) -> None:
        """Show the scene at the step; called while the page is open, and there is a scene."""

    def recolor(self, theme: Theme) -> None:
        """Take colours that come neither from the palette nor with a plot, if there are any."""

    def cancel(self) -> None:
        """Give up what the person began, and need not wait for."""

    def fit_font(self) -> None:
        """Give what has a size of its own the room that it needs in another font."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_font()

    def choose_view(self, name: str) -> None:
        """Open one of its views, by its name, where it has several."""

    def view(self) -> str:
        """Return the name of the view that is open, where it has several."""
        return ""

    def views(self) -> Collection[str]:
        """Return the names of its views, where it has several."""
        return ()

    def stop(self) -> None:
        """Take no more input: the window closes, and stops tasks and timers."""

    @property
    def scene(self) -> Scene:
        """What is shown; only what happens once there is a scene may ask for it."""
        if self._scene is None:
            raise RuntimeError("there is no scene yet")
        return self._scene

    def set_theme(self, theme: Theme) -> None:
        """Take a theme; a page that is closed draws with it once it is opened."""
        self.theme = theme
        self._refresh_if_open()

    def show_scene(self, scene: Scene, step: int) -> None:
        """Take a scene, and the step of it that is current."""
        self._scene, self._step = scene, step
        self._refresh_if_open()

    def show_step(self, step: int) -> None:
        """Take another current step of the same scene."""
        self._step = step
        self._refresh_if_open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_if_open()

    def _refresh_if_open(self) -> None:
        if not self.isVisible():
            return
        if self.theme is not self._drawn_in:
            self._drawn_in = self.theme
            self._take_colors()
        if self._needs_no_scene or self._scene is not None:
            self.refresh()

    def _take_colors(self) -> None:
        for plot in self.findChildren(Plot):
            plot.set_theme(self.theme)
        self.recolor(self.theme)


class ExperimentPage(Page):
    """A page where the person writes, about an experiment of which there may be no scene yet."""

    _needs_no_scene = True

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose."""

    def begin(self) -> None:
        """Let the person begin anew."""
