"""The first frame of an animation, on which the line is drawn along which a start moves."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from gdviz.base.geometry import Range
from gdviz.scene.scene import Point
from gdviz.ui.files.animation_task import Seen
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.theme import Theme

_INK, _HALO, _LINE = "#1d2329", "#ffffff", 1.8
_END = 4.5  #: pixels: the radius of the disc where a line ends


class AnimationPreview(QWidget):
    """The picture, as large as it fits; or what is said in its place.

    Parameters
    ----------
    window : Range
        The map's range.
    parent : QWidget

    Attributes
    ----------
    drawn : Signal(object, object)
        From where to where a line was drawn on the map.
    """

    drawn = Signal(object, object)

    def __init__(self, window: Range, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("The first frame")
        self.setMinimumSize(360, 300)
        self._window, self._text = window, ""
        self._frame: Seen | None = None
        self._picture = QPixmap()
        self._line: tuple[Point, Point] | None = None
        self._pressed: Point | None = None
        self._reached: Point | None = None
        self._words = self.palette().text().color().name()

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of what is said."""
        self._words = theme.muted
        self.update()

    def show_seen(self, seen: Seen) -> None:
        """Show a frame."""
        self._frame, self._picture, self._text = seen, QPixmap.fromImage(seen.image), ""
        self.update()

    def say(self, text: str) -> None:
        """Say something in place of a picture."""
        self._frame, self._picture, self._text = None, QPixmap(), text
        self.update()

    def set_line(self, line: tuple[Point, Point] | None) -> None:
        """Show the line along which the start moves; None shows none, and none can be drawn."""
        self._line = line
        self.setCursor(Qt.CursorShape.ArrowCursor if line is None else Qt.CursorShape.CrossCursor)
        self.update()

    # ---------------------------------------------------------------- places

    def _place(self) -> QRectF:
        """Return where the picture is, in the middle and no larger than it is."""
        size = self._picture.size()
        share = min(1.0, self.width() / size.width(), self.height() / size.height())
        width, height = share * size.width(), share * size.height()
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _seen(self) -> Seen | None:
        """Return the frame on which a line can be drawn; None where there is none."""
        return None if self._line is None else self._frame

    def _to_widget(self) -> QTransform:
        """Return what leads from the picture's pixels to the widget's."""
        place = self._place()
        share = place.width() / self._picture.width()
        return QTransform.fromTranslate(place.left(), place.top()).scale(share, share)

    def place_of(self, point: Point) -> QPointF | None:
        """Return where a point of the map is seen; None where it is not."""
        if (frame := self._seen()) is None or (at := frame.place.seen(point)) is None:
            return None
        return self._to_widget().map(QPointF(*at))

    def point_at(self, place: QPointF) -> Point | None:
        """Return the point of the map, with a few digits; None where there is none."""
        if (frame := self._seen()) is None:
            return None
        at = self._to_widget().inverted()[0].map(place)
        point = frame.place.point_at(at.x(), at.y())
        return None if point is None else self._window.rounded(*point)

    def _is_on_map(self, place: QPointF) -> bool:
        if (frame := self._seen()) is None:
            return False
        left, top, right, bottom = frame.place.box
        area = self._to_widget().mapRect(QRectF(left, top, right - left, bottom - top))
        return area.contains(place)

    # ---------------------------------------------------------------- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._is_on_map(event.position()):
            self._pressed = self._reached = self.point_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._draw_to(event.position(), is_over=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._draw_to(event.position(), is_over=True)

    def _draw_to(self, place: QPointF, *, is_over: bool) -> None:
        first = self._pressed
        if first is None:
            return
        last = self.point_at(place) or self._reached  # there is none beside a surface
        self._reached = last
        if is_over:
            self._pressed = None
        if last is not None and first != last:
            self._line = (first, last)
            self.update()
            if is_over:
                self.drawn.emit(first, last)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._frame is None:
            painter.setPen(pen(self._words))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), words, self._text)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place, ratio = self._place(), self.devicePixelRatioF()
        # Qt's own scaling to less than half skips pixels.
        size = (place.size() * ratio).toSize()
        shown = self._picture.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawPixmap(place, shown, QRectF(shown.rect()))
        if self._line is not None:
            self._paint_line(painter, self._frame, *self._line)

    def _paint_line(self, painter: QPainter, frame: Seen, first: Point, last: Point) -> None:
        """Paint the line along which the start moves, as far as it is seen."""
        path, is_down = QPainterPath(), False
        for x, y in frame.place.line(first, last).tolist():
            if math.isnan(x):
                is_down = False
            elif is_down:
                path.lineTo(x, y)
            else:
                path.moveTo(x, y)
                is_down = True
        drawn = self._to_widget().map(path)
        for color, width in ((_HALO, _LINE + 2.4), (_INK, _LINE)):
            painter.strokePath(drawn, pen(color, width))
        if (end := self.place_of(last)) is not None:
            painter.setBrush(QColor(_INK))
            painter.setPen(pen(_HALO, 1.5))
            painter.drawEllipse(end, _END, _END)
