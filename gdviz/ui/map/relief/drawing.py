"""The picture in three dimensions as a widget: what it shows, and where it is looked from."""

import logging

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from gdviz.base.types import Array
from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment
from gdviz.scene.basins_picture import outcome_looks
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.words import fitted
from gdviz.scene.scene import Scene
from gdviz.ui.map.relief.failure import OpenGLError
from gdviz.ui.map.relief.marks import ReliefMarks, sizes_of, words_at
from gdviz.ui.map.relief.picture import ReliefPicture
from gdviz.ui.tasks.basins_task import BasinsDrawing
from gdviz.ui.toolkit.theme import Theme

logger = logging.getLogger(__name__)

#: Milliseconds after which what does not move is drawn finer, and a camera that was moved by the
#: wheel or by keys is the experiment's.
_REST_MS, _KEEP_MS = 250, 300
_MOST_WORDS = 12  #: numbers beside ends; more would hide the surface

Point = tuple[float, float]


class ReliefDrawing(QWidget):
    """Draws a scene in three dimensions, as a camera sees it.

    Parameters
    ----------
    colors : str
        The map's colours, a name of pyqtgraph's.
    theme : Theme
        The window's.
    parent : QWidget, optional

    Attributes
    ----------
    changed : Signal(dict)
        The person moved the start or the camera: fields of the experiment and their new values.
    failed : Signal(str)
        Why there will be no more pictures.
    rested : Signal()
        What is seen has not moved for a while.

    Raises
    ------
    OpenGLError
        If there is no OpenGL here.
    """

    changed = Signal(dict)
    failed = Signal(str)
    rested = Signal()

    def __init__(self, colors: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("relief")
        self.setAccessibleName("The surface in three dimensions")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._picture = ReliefPicture(colors)
        self._theme = theme
        self._scene: Scene | None = None
        self._start: Point = (0.0, 0.0)
        self._step = 0
        self._camera = Camera()
        self._drawing: BasinsDrawing | None = None
        self._shows_minima = self._shows_others = True
        self._image: QImage | None = None
        self._is_drawn = self._is_fine = self._is_still = False
        self._is_held = False  # it is being dragged
        self._is_own = False  # the camera is not the experiment's yet
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._draw_finer)
        self._keep = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keep.timeout.connect(self.keep_camera)
        self.set_theme(theme)

    # ---------------------------------------------------------------- showing

    @property
    def camera(self) -> Camera:
        """Where it is looked from, also while that is not the experiment's yet."""
        return self._camera

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of the ground, the axes and words."""
        self._theme = theme
        self._picture.set_theme(theme)
        self.draw_anew()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show an experiment's start and camera, which the picture may take a while to follow."""
        self._start = experiment.start
        if not self._is_own:
            self._camera = experiment.camera
        self.draw_anew()

    def show_scene(self, scene: Scene, step: int) -> None:
        """Draw a scene, and mark where each path is at a step."""
        self._scene, self._step = scene, step
        self._picture.show_scene(scene)
        self.draw_anew()

    def show_step(self, step: int) -> None:
        """Mark where each path is at a step."""
        self._step = step
        self.update()

    def show_basins(self, drawing: BasinsDrawing | None) -> None:
        """Draw the surface in the colours of basins, or in its own."""
        self._drawing = drawing
        self._picture.show_basins(None if drawing is None else drawing.pixels)
        self.draw_anew()

    def set_path_width(self, times: float) -> None:
        """Draw paths so many times as wide as usual."""
        self._picture.set_path_width(times)
        self.draw_anew()

    def set_contours_visible(self, visible: bool) -> None:
        """Show or hide contour lines."""
        self._picture.set_contours_visible(visible)
        self.draw_anew()

    def set_minima_visible(self, visible: bool) -> None:
        """Show or hide the known minima."""
        self._shows_minima = visible
        self.update()

    def set_others_visible(self, visible: bool) -> None:
        """Show or hide the paths from the other starts."""
        self._shows_others = visible
        self._picture.set_others_visible(visible)
        self.draw_anew()

    def set_trajectory_visible(self, visible: bool) -> None:
        """Show or hide the trajectory that came with a loss landscape."""
        self._picture.set_trajectory_visible(visible)
        self.draw_anew()

    def draw_anew(self) -> None:
        """Draw another picture when there is time for it: a fast one, and a fine one at rest."""
        self._is_drawn = self._is_still = False
        self._rest.start()
        self.update()

    def _draw_finer(self) -> None:
        if not self._is_held and not self._is_fine:
            self._is_still, self._is_drawn = True, False
            self.update()
            self.rested.emit()

    def close_picture(self) -> None:
        """Draw no more, and give back what OpenGL holds."""
        self._rest.stop()
        self._keep.stop()
        self._picture.close()

    # ---------------------------------------------------------------- painting

    def fit(self) -> Fit:
        """Return where the picture is in the widget."""
        words = [] if self._scene is None else words_at(self._scene, Projection(self._camera))
        sizes = sizes_of(words, self.fontMetrics())
        return fitted(self._camera, max(self.width(), 1), max(self.height(), 1), words, sizes)

    def marks(self) -> ReliefMarks:
        """Return what knows where points of the map are seen."""
        relief = self._picture.relief(self._is_fine)
        return ReliefMarks(self.fit(), relief, Projection(self._camera))

    def marked(self) -> Array:
        """Return where the starts, ends and minima are that are seen, in pixels, shape (n, 2)."""
        if self._scene is None:
            return np.empty((0, 2))
        scene, minima = self._scene, self._scene.minima if self._shows_minima else ()
        points = [self._start, *(run.path.theta[-1] for run in scene.runs)]
        seen = self.marks().visible(np.array([*points, *((each.a, each.b) for each in minima)]))
        marked: Array = seen[np.isfinite(seen[:, 0])]
        return marked

    def covered(self) -> Array:
        """Return pixels that the surface and its axes' words are at, some of them, shape (n, 2)."""
        return np.empty((0, 2)) if self._scene is None else self.marks().covered(self._scene)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._is_drawn:
            self._draw()
        painter = QPainter(self)
        if self._image is None or self._scene is None:
            painter.fillRect(self.rect(), QColor(self._theme.panel))
        else:
            painter.drawImage(self.rect(), self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_marks(painter, self._scene)
        painter.end()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._is_drawn, self._is_fine = True, self._is_still
        if self.size().isEmpty():
            return
        fit, projection = self.fit().times(ratio), Projection(self._camera)
        try:
            self._image = self._picture.image(fit, projection, ratio, self._is_still)
        except OpenGLError as error:
            logger.warning("no picture in three dimensions", exc_info=error)
            self._image = None
            self.failed.emit(str(error))

    def _paint_marks(self, painter: QPainter, scene: Scene) -> None:
        marks = self.marks()
        marks.paint_axes(painter, scene, self._theme)
        if self._shows_minima:
            marks.paint_minima(painter, scene)
        if self._shows_others:
            marks.paint_others(painter, scene)
        marks.paint_points(painter, scene)
        marks.paint_steps(painter, scene, self._step)
        drawing = self._drawing
        if drawing is not None and len(drawing.basins) == 1:
            basins = drawing.basins[0]
            named = [
                ((outcome.a, outcome.b), look.mark)
                for look, outcome in zip(outcome_looks(basins), basins.outcomes, strict=True)
                if look.mark
            ][:_MOST_WORDS]
            font = QFont(self.font())
            font.setPixelSize(11)
            font.setBold(True)
            marks.paint_words(
                painter, np.array([at for at, _ in named]), [word for _, word in named], font
            )
        marks.paint_start(painter, self._start, self.hasFocus())

    # ---------------------------------------------------------------- the camera

    def look_from(self, camera: Camera, soon: bool = False) -> None:
        """Move the camera; soon it is the experiment's, or when the mouse is let go."""
        self._camera, self._is_own = camera, True
        if soon:
            self._keep.start()
        self.draw_anew()

    def keep_camera(self) -> None:
        """Make the camera the experiment's."""
        self._keep.stop()
        if self._is_own:
            self._is_own = False
            self.changed.emit({"camera": self._camera})

    def reset_camera(self) -> None:
        """Look from where one looks at first."""
        self.look_from(Camera())
        self.keep_camera()

    def hideEvent(self, event: QHideEvent) -> None:
        self.keep_camera()
        super().hideEvent(event)
