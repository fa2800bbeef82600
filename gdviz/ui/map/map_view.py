"""The map: the surface seen from above, the start, and what the cursor is over."""

import operator

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.best_direction import Circle
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import axis_names
from gdviz.scene.map.gradient_error import ErrorDrawing
from gdviz.scene.map.shape import map_ratio
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.scene import Scene
from gdviz.scene.step_cloud import StepCloud
from gdviz.ui.map.basins_overlay import BasinsOverlay, legend_html
from gdviz.ui.map.color_bar import ColorBar
from gdviz.ui.map.error_overlay import ErrorOverlay
from gdviz.ui.map.ground import COLORS, GroundLayer
from gdviz.ui.map.hovered_point import HoveredPoint
from gdviz.ui.map.legend import MapLegend, in_pixels
from gdviz.ui.map.other_paths import OtherPathsLayer
from gdviz.ui.map.paths import PathLayer
from gdviz.ui.map.step_overlays import StepOverlays
from gdviz.ui.map.trajectory import TrajectoryLayer
from gdviz.ui.map.view_box import MapViewBox
from gdviz.ui.tasks.basins_task import BasinsTask
from gdviz.ui.toolkit.plots.axes import ValueAxis, leave_idle_parts, paint_axes
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem
from gdviz.ui.toolkit.sizes import Sizes
from gdviz.ui.toolkit.theme import Theme

_TOP = 8  #: pixels above the map
_NUDGE = 0.01  #: of the map's width: what an arrow key moves the start by
#: The outline of the start; the accent is the light theme's in both, as the map is.
_CROSS = {"color": "#1d2329", "width": 1.2}
_FOCUSED_CROSS = {"color": "#2f6bd8", "width": 2.5}
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MapView(QWidget):
    """Draws a scene's landscape and paths, and says what the person points at.

    Click sets the start, with Shift it adds another one, and the marker can be dragged; the wheel
    zooms, a drag pans, a double click shows all paths; the arrow keys move the start by a hundredth
    of the map.

    Attributes
    ----------
    changed : Signal(dict)
        The person set the start, zoomed or panned: fields of the experiment and their new values.
    start_added : Signal(float, float)
        The person wants all methods to start there as well.
    pointed_at : Signal(object)
        (a, b) under the cursor, or None where it left the map.
    picked : Signal(float, float)
        The person clicked while a point was to be picked; the start stays.
    fit_asked : Signal()
        The person wants to see all paths.
    plot : pyqtgraph.PlotWidget
        The axes and what lies between them,
    box : MapViewBox
        where a and b are pixels.
    ground : GroundLayer
        What lies below the paths.
    hovered : HoveredPoint
        The point of a path that the cursor is on.
    legend : MapLegend
        What is drawn by which colour.
    """

    changed = Signal(dict)
    start_added = Signal(float, float)
    pointed_at = Signal(object)
    picked = Signal(float, float)
    fit_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._is_preview = False  # whether paths are drawn that stand for those to come
        self.circle: Circle | None = None
        self.cloud: StepCloud | None = None
        self.models: TaylorOverlay | None = None
        self.error: ErrorDrawing | None = None
        self._range: Range | None = None
        self._framed: tuple[object, ...] = ()  # what names, ratio and range are of
        self._ratio: float | None = None  # of the map's width and height, with equal units
        self._legend_wanted = True
        self._is_picking = False
        self._before_click = (0.0, 0.0)  # where the start was

        # A fixed width at the left: tick labels must not move the map.
        axes = {"left": ValueAxis(54, name="b"), "bottom": ValueAxis(0, "bottom", name="a")}
        self.box = MapViewBox()
        self.moved_under = self.box.moved_under
        self.plot = pg.PlotWidget(self, viewBox=self.box, enableMenu=False, axisItems=axes)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.plot)
        self.plot.setObjectName("map")
        self.plot.setAccessibleName("Map of the loss")
        self._fit_box()
        leave_idle_parts(self.plot)

        self._bar = ColorBar(COLORS, self)
        self.ground = GroundLayer(self.box, self._bar)
        white, ink = pg.mkBrush("#ffffff"), pg.mkPen("#1d2329")
        self._pick = ScatterItem(pxMode=True, symbol="x", size=14, pen=ink, brush=white)
        self._pick.setZValue(45)
        self.box.addItem(self._pick, ignoreBounds=True)
        self._others = OtherPathsLayer(self.box, self)
        self._trajectory = TrajectoryLayer(self.box)
        self._paths = PathLayer(self.box)
        self._overlays = StepOverlays(self.box)
        self._basins = BasinsOverlay(self.box)
        self._error = ErrorOverlay(self.box)
        self._start = pg.TargetItem(
            size=18,
            symbol="+",
            pen=pg.mkPen(**_CROSS),
            brush=pg.mkBrush("#ffffff"),
            hoverPen=pg.mkPen("#1d2329", width=2),
            hoverBrush=pg.mkBrush("#ffffff"),
        )
        self._start.setZValue(50)
        self.box.addItem(self._start, ignoreBounds=True)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 8, 6, 4)
        layout.setSpacing(8)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._bar)
        self.legend = MapLegend(self.plot)
        self.hovered = HoveredPoint(self.plot, self.box)

        # Many range changes (a wheel, a drag) become one experiment a frame.
        self._range_timer = QTimer(self, singleShot=True, interval=15)
        self._range_timer.timeout.connect(self._send_range)
        self.box.sigRangeChangedManually.connect(self._range_timer_start)
        self.box.sigResized.connect(self._place_overlays)
        self._start.sigPositionChanged.connect(self._send_start)
        self.plot.sceneObj.sigMouseClicked.connect(self._click)
        self.plot.sceneObj.sigMouseMoved.connect(self._move)
        self.plot.installEventFilter(self)
        self.plot.viewport().installEventFilter(self)

    # ---------------------------------------------------------------- showing

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of grounds, axes and halos."""
        paint_axes(self.plot, theme)
        self.box.set_theme(theme)
        self._bar.set_theme(theme)
        self._paths.set_theme(theme)
        self._overlays.set_theme(theme)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take how wide paths are, and how large their dots."""
        self._paths.set_sizes(sizes)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.hovered.hide()  # all has another place now
            for side in ("left", "bottom"):
                self.plot.getAxis(side).fit_font()
            self._fit_box()
            self._place_overlays()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show an experiment's start and range, which the picture may take a while to follow."""
        self._start.blockSignals(True)
        self._start.setPos(*experiment.start)
        self._start.blockSignals(False)
        framed = experiment.function, experiment.range, experiment.equal_units
        if self._range is not None and all(map(operator.is_, framed, self._framed)):
            return  # as in a drag of the start
        self._framed = framed
        for side, name in zip(("bottom", "left"), axis_names(experiment), strict=True):
            self.plot.getAxis(side).set_name(name)
        if map_ratio(experiment) != self._ratio:
            self._ratio = map_ratio(experiment)
            self._fit_box()
        if experiment.map_range != self._range:
            self._range = experiment.map_range
            self.box.setRange(xRange=self._range[:2], yRange=self._range[2:], padding=0)

    def show_scene(self, scene: Scene, step: int) -> None:
        """Draw a scene, and mark where each path is at a step."""
        self.ground.show_scene(scene)
        self._scene, self._is_preview = scene, False
        self._others.show_scene(scene)
        self._trajectory.show_scene(scene)
        self._paths.show_scene(scene, step)
        self.hovered.hide()
        if self.legend.set_scene(scene, self._trajectory.html()):
            self._place_overlays()
        else:
            self._clear_marks()

    def show_preview(self, preview: Scene | None, step: int) -> None:
        """Draw the paths of a scene that stand for those to come, or the last scene's again.

        The map as well, if that is another one.
        """
        self._is_preview = preview is not None
        if shown := preview or self._scene:
            if shown.landscape is not self.ground.landscape:
                self.ground.show_scene(shown)
                self._others.show_scene(shown)
                self._trajectory.show_scene(shown)
            self.hovered.hide()
            self._paths.show_scene(shown, step)

    def show_step(self, step: int) -> None:
        """Mark where each path is at a step."""
        self._paths.show_step(step)

    def show_circle(self, circle: Circle | None) -> None:
        """Draw the circle of a step of finite length, or none."""
        self.circle = circle
        self._overlays.show_circle(circle, self.ground.landscape)

    def show_models(self, overlay: TaylorOverlay | None) -> None:
        """Draw the Taylor models at a point, or none."""
        self.models = None if overlay is None or overlay.is_empty else overlay
        self._overlays.show_models(overlay, self.ground.landscape)

    def show_cloud(self, cloud: StepCloud | None) -> None:
        """Draw the steps by many draws of an estimate, or none."""
        self.cloud = cloud
        self._overlays.show_cloud(cloud, self.ground.landscape)

    def show_basins(self, task: BasinsTask) -> None:
        """Draw the basins that there are, or none."""
        self._basins.show_drawing(task.drawing, task.is_stale)
        self._fade_bar()
        if self.legend.set_basins(legend_html(task.drawing, task.sentence, task.is_stale)):
            self._place_overlays()
        else:
            self._clear_marks()

    def show_error(self, drawing: ErrorDrawing | None) -> None:
        """Draw how wrong a candidate gradient is, or nothing of it."""
        self.error = drawing
        self._error.show_drawing(drawing)
        self._fade_bar()
        self._clear_marks()

    def _fade_bar(self) -> None:
        """Let the colour bar step back where its colours are not those of the map."""
        self._bar.set_faded(self._basins.covers_map() or self._error.covers_map())

    def show_pick(self, point: tuple[float, float] | None) -> None:
        """Mark the point that was picked, or none."""
        self._pick.setData(pos=np.array([point] if point else []).reshape(-1, 2))

    def set_picking(self, picking: bool) -> None:
        """Let clicks pick a point, in place of setting the start, or no longer."""
        self._is_picking = picking
        if picking:
            self.plot.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.plot.viewport().unsetCursor()

    def set_contours_visible(self, visible: bool) -> None:
        """Show or hide the contour lines."""
        self.ground.contours.setVisible(visible)

    def set_minima_visible(self, visible: bool) -> None:
        """Show or hide the marks of known minima."""
        self.ground.minima.setVisible(visible)
        self._clear_marks()

    def set_others_visible(self, visible: bool) -> None:
        """Show or hide the paths from the other starts."""
        self._others.set_visible(visible)
        self._clear_marks()

    def set_trajectory_visible(self, visible: bool) -> None:
        """Show or hide the trajectory that came with a loss landscape."""
        self._trajectory.set_visible(visible)
        if self._scene is not None and self.legend.set_scene(self._scene, self._trajectory.html()):
            self._place_overlays()

    def set_legend_visible(self, visible: bool) -> None:
        """Show or hide the legend."""
        self._legend_wanted = visible
        self._place_overlays()

    def _fit_box(self) -> None:
        """Give the map all the room there is, or with equal units the part of it that it needs."""
        plot = self.plot.getPlotItem()
        left, top, right, bottom = 0.0, float(_TOP), 0.0, 0.0
        if self._ratio is not None:
            room = self.plot.viewport().rect()
            width = room.width() - plot.getAxis("left").width()
            height = room.height() - _TOP - plot.getAxis("bottom").height()
            across = max(0.0, (width - self._ratio * height) / 2)
            up = max(0.0, (height - width / self._ratio) / 2)
            left, right, top, bottom = across, across, top + up, up
        plot.layout.setContentsMargins(left, top, right, bottom)
        plot.layout.activate()

    def _place_overlays(self) -> None:
        self._paths.fit()
        area = self.box.sceneBoundingRect()
        self._bar.set_span(round(area.top()), round(area.bottom()))
        self.legend.go_home(area.toRect())
        self.legend.set_wanted(self._legend_wanted)
        self._clear_marks()

    def _clear_marks(self) -> None:
        """Let the legend step aside for what it would hide; else it stays."""
        scene = self._scene
        if scene is None:
            return
        area, shown = self.box.sceneBoundingRect(), self.box.viewRange()
        marks = [
            scene.experiment.start, *self._paths.ends(), *self.ground.marked(),
            *self._basins.marked(), *self._error.marked(),
        ]  # fmt: skip
        others = self._others.marked()

        def lying() -> Array:
            paths = [run.path.theta for run in scene.runs]
            some = np.vstack([np.empty((0, 2)), *(p[:: 1 + len(p) // 400] for p in paths)])
            return in_pixels(some, area, shown)

        self.legend.keep_clear(
            area.toRect(), in_pixels(marks, area, shown), in_pixels(others, area, shown), lying
        )

    # ---------------------------------------------------------------- what the person does

    def _range_timer_start(self) -> None:
        if not self._range_timer.isActive():
            self._range_timer.start()

    def _send_range(self) -> None:
        (a_low, a_high), (b_low, b_high) = self.box.viewRange()
        self._range = None  # whatever becomes of it, the view has left what was shown
        self.changed.emit({"range": (a_low, a_high, b_low, b_high)})

    def _send_start(self) -> None:
        self._choose_start(self._start.pos())

    def _choose_start(self, point: QPointF) -> None:
        self.changed.emit({"start": self._rounded(point)})

    def _rounded(self, point: QPointF) -> tuple[float, float]:
        (a_low, a_high), (b_low, b_high) = self.box.viewRange()
        return Range(a_low, a_high, b_low, b_high).rounded(point.x(), point.y())

    def _click(self, event: MouseClickEvent) -> None:
        inside = self.box.sceneBoundingRect().contains(event.scenePos())
        if event.button() == Qt.MouseButton.LeftButton and inside and not event.double():
            at = self._rounded(self.box.mapSceneToView(event.scenePos()))
            before = self._start.pos()
            self._before_click = before.x(), before.y()
            self.click_at(at, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            event.accept()
        elif event.button() == Qt.MouseButton.LeftButton and inside and not self._is_picking:
            self.changed.emit({"start": self._before_click})  # the first click has moved it
            self.fit_asked.emit()
            event.accept()

    def click_at(self, point: tuple[float, float], adds: bool) -> None:
        """Do what a click on (a, b) means: pick it, add a start if it `adds`, or set the start."""
        if self._is_picking:
            self.picked.emit(*point)
        elif adds:
            self.start_added.emit(*point)
        else:
            self.changed.emit({"start": point})

    def _move(self, scene_position: QPointF) -> None:
        if self._scene is None or not self.box.sceneBoundingRect().contains(scene_position):
            self._leave()
            return
        self.box.pointer = scene_position
        point = self.box.mapSceneToView(scene_position)
        self.pointed_at.emit((point.x(), point.y()))
        if self._start.moving or self._is_preview:  # whose numbers are not those of f
            self.hovered.hide()
        else:
            self.hovered.show_nearest(self._scene, point)

    def _leave(self) -> None:
        self.box.pointer = None
        self.hovered.hide()
        self.pointed_at.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _ARROWS.get(event.key())
        if direction is None or self._scene is None:
            super().keyPressEvent(event)
            return
        (a_low, a_high), (b_low, b_high) = self.box.viewRange()
        factor = _NUDGE * (0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        at = self._start.pos()  # not the scene's start: keys may come faster than scenes
        self._choose_start(
            QPointF(
                at.x() + direction[0] * factor * (a_high - a_low),
                at.y() + direction[1] * factor * (b_high - b_low),
            )
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._leave()
        if watched is self.plot and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            # Arrow keys move the cross then, and nothing else would show that.
            self._start.setPen(pg.mkPen(**(_FOCUSED_CROSS if self.plot.hasFocus() else _CROSS)))
        is_press = event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in _ARROWS:
            self.keyPressEvent(event)  # the graphics view would scroll
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_box()
        self._place_overlays()
