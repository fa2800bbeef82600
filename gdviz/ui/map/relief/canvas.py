"""What mouse and keys do to the picture in three dimensions."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gdviz.experiment.camera import Camera
from gdviz.scene.relief.moves import orbited, panned, zoomed
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.rays import meeting_point
from gdviz.ui.map.relief.drawing import Point, ReliefDrawing
from gdviz.ui.toolkit.theme import Theme

_REACH = 12.0  #: pixels around the start in which it is taken hold of
_SLACK = 4.0  #: pixels by which a click may move
_TURN = 0.4  #: degrees a pixel
_KEY_TURN, _KEY_ZOOM = 5.0, 1.15
_NOTCH = 1.15  #: a notch of the wheel: things get so many times as large
_MOST_NOTCHES = 4.0  #: of one event
_NUDGE = 0.01  #: of the map's width: what an arrow key moves the start by
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip
_ZOOM_KEYS: dict[int, float] = {
    Qt.Key.Key_Plus: _KEY_ZOOM, Qt.Key.Key_Equal: _KEY_ZOOM, Qt.Key.Key_PageUp: _KEY_ZOOM,
    Qt.Key.Key_Minus: 1.0 / _KEY_ZOOM, Qt.Key.Key_PageDown: 1.0 / _KEY_ZOOM,
}  # fmt: skip


class ReliefCanvas(ReliefDrawing):
    """The picture, and what the person does to it.

    A click sets the start, with Shift it adds another one, and the marker can be dragged. A drag
    goes around the surface, with Shift or the right button it moves the picture, the wheel zooms,
    and a double click resets the camera. Arrow keys move the start as on the map, with Ctrl they
    go around, and + and − zoom.

    Parameters
    ----------
    colors : str
        The map's colours, a name of pyqtgraph's.
    theme : Theme
        The window's.
    parent : QWidget, optional

    Attributes
    ----------
    clicked : Signal(object, bool)
        The person clicked on the surface: the point (a, b), and whether a start is to be added.
    pointed_at : Signal(object)
        (a, b) under the cursor; None where there is no surface.

    Raises
    ------
    OpenGLError
        If there is no OpenGL here.
    """

    clicked = Signal(object, bool)
    pointed_at = Signal(object)

    def __init__(self, colors: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(colors, theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pressed = self._at = QPointF()
        self._drag: Callable[[QPointF, QPointF], None] | None = None
        self._has_moved = False
        self._before_click: Point | None = None

    def _orbit(self, before: QPointF, now: QPointF) -> None:
        move = (now - before) * _TURN
        self.look_from(orbited(self._camera, -move.x(), move.y()))

    def _pan(self, before: QPointF, now: QPointF) -> None:
        fit, move = self.fit(), now - before
        self.look_from(panned(self._camera, fit.part(move.x()), -fit.part(move.y())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120.0
        notches = max(-_MOST_NOTCHES, min(notches, _MOST_NOTCHES))
        if notches:
            self.look_from(zoomed(self._camera, _NOTCH**notches), soon=True)
        event.accept()

    # ---------------------------------------------------------------- the mouse

    def point_under(self, at: QPointF) -> Point | None:
        """Return the point (a, b) of the surface under a point of the widget, or None."""
        if self._scene is None:
            return None
        ray = Projection(self._camera).ray(*self.fit().seen(at.x(), at.y()))
        return meeting_point(self._picture.relief(is_still=False), *ray)

    def _is_at_start(self, at: QPointF) -> bool:
        if self._scene is None:
            return False
        x, y = self.marks().visible(np.array([self._start]))[0].tolist()
        return bool(np.hypot(at.x() - x, at.y() - y) <= _REACH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._at = event.position()
        self._has_moved, self._is_held = False, True
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._is_at_start(self._pressed):
            self._drag = self._drag_start
        elif is_left and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag = self._orbit
        else:
            self._drag = self._pan

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        now = event.position()
        if self._drag is None:
            self._point_at(now)
            return
        if not self._has_moved and (now - self._pressed).manhattanLength() < _SLACK:
            return
        self._has_moved = True
        self._drag(self._at, now)
        self._at = now

    def _point_at(self, at: QPointF) -> None:
        on_start = self._is_at_start(at)
        self.setCursor(Qt.CursorShape.SizeAllCursor if on_start else Qt.CursorShape.ArrowCursor)
        self.pointed_at.emit(self.point_under(at))

    def _drag_start(self, _before: QPointF, now: QPointF) -> None:
        if (point := self.point_under(now)) is not None:
            self._move_start(point)

    def _move_start(self, point: Point) -> None:
        self._start = self._rounded(point)  # keys may come faster than scenes
        self.changed.emit({"start": self._start})

    def _rounded(self, point: Point) -> Point:
        assert self._scene is not None
        return self._scene.landscape.grid.range.rounded(*point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag, self._is_held = None, False
        if self._has_moved:
            self._before_click = None
            self.keep_camera()
            self.draw_anew()
        elif event.button() == Qt.MouseButton.LeftButton:
            point = self.point_under(event.position())
            self._before_click = None if point is None else self._start
            if point is not None:
                adds = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.clicked.emit(self._rounded(point), bool(adds))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        # The first of the two clicks has moved the start, which was not what was meant.
        fields: dict[str, Any] = {"camera": Camera()}
        if self._before_click is not None:
            fields["start"], self._before_click = self._before_click, None
        self._is_own = False
        self._keep.stop()
        self._has_moved, self._drag = True, None  # its release is no click
        self._camera = Camera()
        self.changed.emit(fields)
        self.draw_anew()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed_at.emit(None)
        super().leaveEvent(event)

    # ---------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        arrow = _ARROWS.get(key)
        if key in _ZOOM_KEYS:
            self.look_from(zoomed(self._camera, _ZOOM_KEYS[key]), soon=True)
        elif arrow and modifiers & Qt.KeyboardModifier.ControlModifier:
            right, up = (_KEY_TURN * each for each in arrow)
            self.look_from(orbited(self._camera, right, up), soon=True)
        elif key == Qt.Key.Key_0:
            self.reset_camera()
        elif arrow and self._scene is not None:
            factor = _NUDGE * (0.1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0)
            a_low, a_high, b_low, b_high = self._scene.landscape.grid.range
            self._move_start(
                (
                    self._start[0] + arrow[0] * factor * (a_high - a_low),
                    self._start[1] + arrow[1] * factor * (b_high - b_low),
                )
            )
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
