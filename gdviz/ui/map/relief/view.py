"""The picture in three dimensions, with the map's colour bar and its legend."""

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gdviz.scene.scene import Landscape, Scene
from gdviz.ui.map.basins_overlay import legend_html
from gdviz.ui.map.color_bar import ColorBar
from gdviz.ui.map.legend import MapLegend
from gdviz.ui.map.relief.canvas import ReliefCanvas
from gdviz.ui.map.trajectory import trajectory_html
from gdviz.ui.tasks.basins_task import BasinsTask
from gdviz.ui.toolkit.theme import Theme

_TOP, _BOTTOM = 8, 40  #: pixels beside the colour bar, as on the map


class ReliefView(QWidget):
    """Draws scenes in three dimensions where the map was.

    Parameters
    ----------
    colors : str
        The map's colours, a name of pyqtgraph's.
    theme : Theme
        The window's.
    parent : QWidget, optional

    Attributes
    ----------
    canvas : ReliefCanvas
        The picture.

    Raises
    ------
    OpenGLError
        If there is no OpenGL here.
    """

    def __init__(self, colors: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._landscape: Landscape | None = None
        self._scene: Scene | None = None
        self._wants_legend = self._shows_trajectory = True
        self.canvas = ReliefCanvas(colors, theme, self)
        self.canvas.rested.connect(self._clear_marks)
        self._bar = ColorBar(colors, self)
        self._legend = MapLegend(self.canvas)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 8, 6, 4)
        layout.setSpacing(8)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._bar)
        self.setFocusProxy(self.canvas)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of everything but the surface."""
        self.canvas.set_theme(theme)
        self._bar.set_theme(theme)

    def show_scene(self, scene: Scene, step: int) -> None:
        """Draw a scene, and mark where each path is at a step."""
        if scene.landscape is not self._landscape:
            self._landscape = scene.landscape
            self._bar.set_scale(scene.landscape.scale)
        self.canvas.show_scene(scene, step)
        self._scene = scene
        self._say_legend()

    def _say_legend(self) -> None:
        if self._scene is not None:
            points = len(self._scene.experiment.function.trajectory)
            row = trajectory_html(points if self._shows_trajectory else 0)
            if self._legend.set_scene(self._scene, row):
                self._place_overlays()

    def show_basins(self, task: BasinsTask) -> None:
        """Draw the basins that there are, or none."""
        self.canvas.show_basins(task.drawing)
        self._bar.set_faded(task.drawing is not None)
        if self._legend.set_basins(legend_html(task.drawing, task.sentence, task.is_stale)):
            self._place_overlays()

    def set_trajectory_visible(self, visible: bool) -> None:
        """Show or hide the trajectory that came with a loss landscape."""
        self._shows_trajectory = visible
        self.canvas.set_trajectory_visible(visible)
        self._say_legend()

    def set_legend_visible(self, visible: bool) -> None:
        """Show or hide the legend."""
        self._wants_legend = visible
        self._place_overlays()

    def _place_overlays(self) -> None:
        area = self.canvas.rect()
        self._bar.set_span(area.top() + _TOP, area.bottom() - _BOTTOM)
        self._legend.go_home(area)
        self._legend.set_wanted(self._wants_legend)
        self._clear_marks()

    def _clear_marks(self) -> None:
        """Let the legend step aside for what it would hide; else it stays."""
        if self._scene is not None:
            canvas = self.canvas
            self._legend.keep_clear(
                canvas.rect(), canvas.marked(), canvas.covered(), lambda: np.empty((0, 2))
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_overlays()
