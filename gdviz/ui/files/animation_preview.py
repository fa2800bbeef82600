"""The first frame of an animation, on which the line is drawn along which a start moves."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gdviz.base.geometry import Range
from gdviz.scene.scene import Point
from gdviz.ui.files.animation_task import Seen
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.theme import Theme

_INK, _HALO, _LINE = "#1d2329", "#ffffff", 1.8
_END = 4.5  #: pixels: the radius of the disc where a line ends
_DIGITS = 4  #: of a point on the map, by the map's own size


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

    def _map(self) -> QRectF | None:
        """Return where the map is; None where there is none to draw on."""
        if self._frame is None or self._frame.map_box is None or self._line is None:
            return None
        place, (left, top, right, bottom) = self._place(), self._frame.map_box
        share = place.width() / self._picture.width()
        return QRectF(
            place.left() + share * left, place.top() + share * top,
            share * (right - left), share * (bottom - top),
        )  # fmt: skip

    def place_of(self, point: Point) -> QPointF | None:
        """Return where a point of the map is seen; None where there is no map."""
        area, window = self._map(), self._window
        if area is None:
            return None
        along = (point[0] - window.a_low) / (window.a_high - window.a_low)
        up = (point[1] - window.b_low) / (window.b_high - window.b_low)
        return QPointF(area.left() + along * area.width(), area.bottom() - up * area.height())

    def point_at(self, place: QPointF) -> Point | None:
        """Return the nearest point of the map, with a few digits; None where there is no map."""
        area, window = self._map(), self._window
        if area is None:
            return None
        along = min(max((place.x() - area.left()) / area.width(), 0.0), 1.0)
        up = min(max((area.bottom() - place.y()) / area.height(), 0.0), 1.0)
        return (
            _rounded(window.a_low, window.a_high, along),
            _rounded(window.b_low, window.b_high, up),
        )

    # ---------------------------------------------------------------- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self._map()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and area is not None and area.contains(event.position()):
            self._pressed = self.point_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._draw_to(event.position(), is_over=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._draw_to(event.position(), is_over=True)

    def _draw_to(self, place: QPointF, *, is_over: bool) -> None:
        first, last = self._pressed, self.point_at(place)
        if first is None or last is None:
            return
        if is_over:
            self._pressed = None
        if first != last:
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
        ends = [self.place_of(point) for point in self._line or ()]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            for color, width in ((_HALO, _LINE + 2.4), (_INK, _LINE)):
                painter.setPen(pen(color, width))
                painter.drawLine(ends[0], ends[1])
            painter.setBrush(painter.pen().color())
            painter.setPen(pen(_HALO, 1.5))
            painter.drawEllipse(ends[1], _END, _END)


def _rounded(low: float, high: float, share: float) -> float:
    """Return a number between two, with no more digits than pixels tell apart."""
    digits = _DIGITS - len(f"{high - low:.0f}") if high - low >= 1.0 else _DIGITS
    value = low + share * (high - low)
    return round(value, digits) if high - low >= 1e-3 else value
