"""The map's place: the map, or the surface in three dimensions, or why that is not to be had.

OpenGL is imported, and asked for, when the view is first opened, and then in another process first.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.scene.scene import Scene
from gdviz.ui.map.ground import COLORS
from gdviz.ui.map.map_view import MapView
from gdviz.ui.map.relief.failure import reason
from gdviz.ui.map.relief.probe import platform_without, why_not
from gdviz.ui.tasks.basins_task import BasinsTask
from gdviz.ui.tasks.task import Task
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.sizes import Sizes
from gdviz.ui.toolkit.text import PlainLabel
from gdviz.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from gdviz.ui.map.relief.view import ReliefView

logger = logging.getLogger(__name__)

_TRYING = "Trying whether OpenGL draws here…"


def no_opengl(why: str) -> str:
    """Say that there is nothing to be seen in three dimensions in the window, and what helps."""
    return (
        f"Three dimensions need OpenGL, which is not to be had here: {why.rstrip('.')}. The map "
        "(3) shows the same surface, and File ▸ Export Picture draws it in three dimensions "
        "without OpenGL."
    )


class MapPlace(QStackedWidget):
    """Holds the map, and the surface in three dimensions from when it is first asked for.

    Parameters
    ----------
    parent : QWidget, optional

    Attributes
    ----------
    map_view : MapView
        The map.
    changed : Signal(dict)
        The person moved the start or the camera: fields of the experiment and their new values.
    pointed_at : Signal(object)
        (a, b) of the surface under the cursor, or None.
    """

    changed = Signal(dict)
    pointed_at = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map_view = MapView(self)
        self._view: ReliefView | None = None
        self._page = QWidget(self)
        self._sentence = PlainLabel(self._page)
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column(None, self._sentence, None, inside=self._page, margins=(60, 20, 60, 20))
        self.addWidget(self.map_view)
        self.addWidget(self._page)
        self._trying = Task(why_not, self._take_answer, self._fail, parent=self)
        self._has_failed = False
        self._sizes = Sizes()
        self._theme: Theme | None = None
        self._experiment: Experiment | None = None
        self._scene: tuple[Scene, int] | None = None
        self._basins: BasinsTask | None = None
        self._visible: dict[str, bool] = {}

    # ---------------------------------------------------------------- which of them

    @property
    def view(self) -> "ReliefView | None":
        """The surface in three dimensions; None where it was not opened, or cannot be."""
        return self._view

    @property
    def shows_relief(self) -> bool:
        """Whether three dimensions are asked for in place of the map."""
        return self.currentWidget() is not self.map_view

    @property
    def draws_relief(self) -> bool:
        """Whether there are three dimensions, and not a sentence in their place."""
        return self._seen() is not None

    def sentence(self) -> str:
        """Return what stands in the view's place; empty where there is the view, or the map."""
        return self._sentence.text() if self.currentWidget() is self._page else ""

    def set_relief_shown(self, shown: bool) -> None:
        """Show the surface in three dimensions, or the map."""
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        if not shown:
            self.setCurrentWidget(self.map_view)
        elif self._view is not None:
            self.setCurrentWidget(self._view)
            self._show_all(self._view)
        else:
            self.setCurrentWidget(self._page)
            if not self._has_failed:
                self._try()
        if had_focus and (page := self.currentWidget()) is not None:
            page.setFocus()

    def _try(self) -> None:
        if why := platform_without(QGuiApplication.platformName()):
            self._say_why(why)
            return
        self._sentence.setText(_TRYING)
        self._trying.request()

    def _take_answer(self, why: str) -> None:
        if why:
            self._say_why(why)
        else:
            self._open()

    def _open(self) -> None:
        """Make the view, as OpenGL draws in another process."""
        assert self._theme is not None
        try:
            from gdviz.ui.map.relief.view import ReliefView

            view = ReliefView(COLORS, self._theme, self)
        except Exception as error:
            self._fail(error)
            return
        self._view = view
        view.canvas.set_path_width(self._sizes.lines)
        view.canvas.changed.connect(self.changed)
        view.canvas.clicked.connect(self.map_view.click_at)
        view.canvas.pointed_at.connect(self.pointed_at)
        view.canvas.failed.connect(self._give_up, Qt.ConnectionType.QueuedConnection)
        self.addWidget(view)
        for name, visible in self._visible.items():
            self._set_visible(name, visible)
        if self.shows_relief:
            self.set_relief_shown(True)

    def _fail(self, error: Exception) -> None:
        logger.warning("no OpenGL", exc_info=error)
        self._say_why(reason(error))

    def _give_up(self, why: str) -> None:
        """Say why there are no more pictures, in place of the view."""
        if self._view is None:
            return
        is_shown, view = self.shows_relief, self._view
        self._view = None
        self._say_why(why)
        if is_shown:
            self.setCurrentWidget(self._page)
        view.canvas.close_picture()
        self.removeWidget(view)
        view.deleteLater()

    def _say_why(self, why: str) -> None:
        self._has_failed = True
        self._sentence.setText(no_opengl(why))

    def stop(self) -> None:
        """Draw no more."""
        self._trying.stop()
        if self._view is not None:
            self._view.canvas.keep_camera()
            self._view.canvas.close_picture()

    # ---------------------------------------------------------------- showing

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of everything but the surface."""
        self._theme = theme
        if self._view is not None:
            self._view.set_theme(theme)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take how wide paths are."""
        self._sizes = sizes
        if self._view is not None:
            self._view.canvas.set_path_width(sizes.lines)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show an experiment's start and camera."""
        self._experiment = experiment
        if (view := self._seen()) is not None:
            view.canvas.show_experiment(experiment)

    def show_scene(self, scene: Scene, step: int) -> None:
        """Draw a scene, and mark where each path is at a step."""
        self._scene = scene, step
        if (view := self._seen()) is not None:
            view.show_scene(scene, step)

    def show_step(self, step: int) -> None:
        """Mark where each path is at a step."""
        if self._scene is not None:
            self._scene = self._scene[0], step
        if (view := self._seen()) is not None:
            view.canvas.show_step(step)

    def show_basins(self, task: BasinsTask) -> None:
        """Draw the basins that there are, or none."""
        self._basins = task
        if (view := self._seen()) is not None:
            view.show_basins(task)

    def set_visible(self, part: str, visible: bool) -> None:
        """Show or hide contours, minima, others, trajectory or legend, on the map and in 3-D."""
        setters: dict[str, Callable[[bool], None]] = {
            "contours": self.map_view.set_contours_visible,
            "minima": self.map_view.set_minima_visible,
            "others": self.map_view.set_others_visible,
            "trajectory": self.map_view.set_trajectory_visible,
            "legend": self.map_view.set_legend_visible,
        }
        setters[part](visible)
        self._set_visible(part, visible)

    def _set_visible(self, name: str, visible: bool) -> None:
        self._visible[name] = visible
        if (view := self._view) is not None:
            setters: dict[str, Any] = {
                "contours": view.canvas.set_contours_visible,
                "minima": view.canvas.set_minima_visible,
                "others": view.canvas.set_others_visible,
                "trajectory": view.set_trajectory_visible,
                "legend": view.set_legend_visible,
            }
            setters[name](visible)

    def _seen(self) -> "ReliefView | None":
        """Return the view where it is in front: behind the map it draws nothing."""
        return self._view if self.currentWidget() is self._view else None

    def _show_all(self, view: "ReliefView") -> None:
        """Have a view catch up with what changed behind the map."""
        if self._experiment is not None:
            view.canvas.show_experiment(self._experiment)
        if self._scene is not None:
            view.show_scene(*self._scene)
        if self._basins is not None:
            view.show_basins(self._basins)
