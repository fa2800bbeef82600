"""Curves and discs in a view box, for pictures that are drawn anew sixty times a second.

pyqtgraph's PlotCurveItem works out its bounds in Python several times a frame, and Qt's time to
draw a thick line goes by its vertices: 0.2 ms for 200 of them, a fifth of it for the dozen that
can be told apart. A line that goes up and down at each of 200 vertices, as that of a random
estimate does, crosses its own outline: as a path it takes 13 ms, and as single segments 0.7.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from shiboken6 import wrapInstance

_TOLERANCE = 0.1  #: pixels that a vertex may stand off the line without it
_PASSES = 4  #: each leaves out every other vertex at most
_FEW = 0.1  #: of the vertices: a pass that leaves out fewer is the last one
_FEWEST = 9  #: vertices below which it is not worth the while
_JAGGED = 25  #: vertices that are left, from which on a thick line is drawn segment by segment
_ROOM = 3.0  #: widths of a pen around what it draws: the view may be zoomed out before new data


class _Outline:
    """What is drawn of a line, by its points: a path, or where it is jagged single segments."""

    def __init__(self, x: np.ndarray, y: np.ndarray, pixel: tuple[float, float]) -> None:
        self.points = x, y
        self._pixel = pixel

    @cached_property
    def vertices(self) -> tuple[np.ndarray, np.ndarray]:
        """The points that the line cannot do without."""
        x, y = self.points
        kept = thinned(x, y, self._pixel)
        return x[kept], y[kept]

    @cached_property
    def path(self) -> QPainterPath:
        path: QPainterPath = pg.arrayToQPath(*self.vertices, "finite")
        return path

    @cached_property
    def pieces(self) -> list[QPolygonF]:
        """Those between the line's gaps."""
        return self.path.toSubpathPolygons()

    @cached_property
    def segments(self) -> np.ndarray | None:
        """The ends (x₁, y₁, x₂, y₂) of each, of a jagged line."""
        x, y = self.vertices
        if len(x) < _JAGGED:
            return None
        ends = np.empty((len(x) - 1, 4))
        ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3] = x[:-1], y[:-1], x[1:], y[1:]
        if not np.isfinite(x.sum() + y.sum()):  # which is asked sooner than each of them
            ends = ends[np.isfinite(ends).all(axis=1)]
        return ends if len(ends) else None

    @cached_property
    def box(self) -> QRectF:
        if self.segments is None:
            return self.path.controlPointRect()
        x, y = self.segments[:, ::2].ravel(), self.segments[:, 1::2].ravel()
        left, top = float(x.min()), float(y.min())
        return QRectF(left, top, float(x.max()) - left, float(y.max()) - top)

    def is_of(self, x: np.ndarray, y: np.ndarray) -> bool:
        """Tell whether it is that of a line through these points."""
        return all(
            old is new or (old.shape == new.shape and old.tobytes() == new.tobytes())
            for old, new in zip(self.points, (x, y), strict=True)
        )


class Curve(NamedTuple):
    """A line that is drawn.

    Attributes
    ----------
    x, y : ndarray of float, shape (n,)
        The points; the line has gaps where y is not finite.
    pen : QPen
        Cosmetic, as pyqtgraph makes them.
    """

    x: np.ndarray
    y: np.ndarray
    pen: QPen


class LinesItem(QGraphicsItem):
    """Lines through points, a later one over those before.

    Twenty items of their own took half a millisecond of a frame longer.

    Parameters
    ----------
    are_graphs : bool, default False
        Whether they are graphs over x. Where such a line goes up and down at vertices that stand
        closer together than it is wide, it is drawn a pixel wide: else it would be a band.
    """

    def __init__(self, are_graphs: bool = False) -> None:
        super().__init__()
        self._are_graphs = are_graphs
        self._pixel = 1.0, 1.0  # that the outlines were thinned for
        self._drawn: list[tuple[_Outline, QPen]] = []
        self._bounds = QRectF()

    @property
    def lines(self) -> list[Curve]:
        """What is shown, all points of it."""
        return [Curve(*outline.points, pen) for outline, pen in self._drawn]

    def set_lines(self, lines: Sequence[tuple[np.ndarray, np.ndarray, QPen]]) -> None:
        """Show lines, each as a :class:`Curve` has it, in place of those before."""
        pixel = _pixel(self.sceneTransform())
        before = [outline for outline, _ in self._drawn] if pixel == self._pixel else []
        self._pixel = pixel
        drawn = []
        for rank, (x, y, pen) in enumerate(lines):
            outline = before[rank] if rank < len(before) else None
            if outline is None or not outline.is_of(x, y):
                outline = _Outline(x, y, pixel)
            drawn.append((outline, pen))
        self._take(drawn)

    def set_like(self, other: "LinesItem", pens: Sequence[QPen]) -> None:
        """Show the lines of another item with other pens: what lies under it as halos, say."""
        self._pixel = other._pixel  # noqa: SLF001 - one class
        outlines = [outline for outline, _ in other._drawn]  # noqa: SLF001
        self._take(list(zip(outlines, pens, strict=True)))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        pixel = _pixel(painter.worldTransform())
        if any(
            not 0.7 < now / then < 1.5 for now, then in zip(pixel, self._pixel, strict=True)
        ):  # fmt: skip
            self._pixel = pixel
            self._drawn = [(_Outline(*outline.points, pixel), pen) for outline, pen in self._drawn]
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for outline, pen in self._drawn:
            self._stroke(painter, outline, pen)

    def _stroke(self, painter: QPainter, outline: _Outline, pen: QPen) -> None:
        width = pen.widthF()
        is_thick = width > 1.0 and pen.style() == Qt.PenStyle.SolidLine
        segments = outline.segments if is_thick else None
        if segments is None:
            painter.setPen(pen)
            painter.drawPath(outline.path)
        else:
            apart = outline.box.width() / len(segments) / self._pixel[0]
            painter.setPen(_of_segments(pen, 1.0 if self._are_graphs and apart < width else width))
            # A line is four numbers in memory, and the painter takes an array of them: that is a
            # twentieth of what a list of lines takes.
            first = wrapInstance(segments.ctypes.data, QLineF)
            painter.drawLines(first, len(segments))  # type: ignore[call-overload]

    def _take(self, drawn: list[tuple[_Outline, QPen]]) -> None:
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.prepareGeometryChange()
        self._bounds = QRectF()
        for outline, pen in drawn:
            if len(outline.points[0]):
                self._bounds |= _with_room(outline.box, pen.widthF(), self._pixel)
        self.update()


class CurveItem(LinesItem):
    """A line through points, in the colours of a cosmetic pen."""

    def __init__(self) -> None:
        super().__init__()
        self.set_data(np.empty(0), np.empty(0), QPen(Qt.PenStyle.NoPen))

    def set_data(self, x: np.ndarray, y: np.ndarray, pen: QPen) -> None:
        """Show a line.

        Parameters
        ----------
        x, y : ndarray of float, shape (n,)
            The points; the line has gaps where y is not finite.
        pen : QPen
            Cosmetic.
        """
        self.set_lines([(x, y, pen)])

    def getData(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all points, as pyqtgraph's items do."""
        return self.lines[0][:2]

    def pen(self) -> QPen:
        """Return the pen."""
        return self.lines[0].pen


class CurvesItem(CurveItem):
    """A line with gaps, as a map's contours are: thin, and all over it.

    Dashed, smoothed and drawn as one path they took 9 ms; one by one and as pixels, half of one.
    """

    def _stroke(self, painter: QPainter, outline: _Outline, pen: QPen) -> None:
        painter.setRenderHint(painter.RenderHint.Antialiasing, False)
        painter.setPen(pen)
        for line in outline.pieces:
            painter.drawPolyline(line)


class DiscsItem(QGraphicsItem):
    """Discs of a size in pixels, each in its colour.

    Parameters
    ----------
    diameter : float
        In pixels, to the middle of the rim.
    """

    def __init__(self, diameter: float) -> None:
        super().__init__()
        self._radius = diameter / 2
        self._radii: list[float] = []
        self._pen = QPen(Qt.PenStyle.NoPen)
        self._discs: list[tuple[QPointF, QBrush]] = []
        self._bounds = QRectF()

    def set_diameters(self, diameters: Sequence[float]) -> None:
        """Take a size for each disc, for what is shown next."""
        self._radii = [diameter / 2 for diameter in diameters]

    def set_data(self, points: np.ndarray, brushes: list[QBrush], pen: QPen) -> None:
        """Show discs.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            Their centres, finite.
        brushes : list of QBrush
            One each.
        pen : QPen
            Of the rims.
        """
        centers = [QPointF(x, y) for x, y in points.tolist()]
        self._pen = pen
        self._discs = list(zip(centers, brushes, strict=True))
        self.prepareGeometryChange()
        self._bounds = QRectF()
        if centers:
            box = QRectF(
                QPointF(*points.min(axis=0).tolist()), QPointF(*points.max(axis=0).tolist())
            )
            size = max((self._radius, *self._radii)) + pen.widthF()
            self._bounds = _with_room(box, size, _pixel(self.sceneTransform()))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        to_pixels = painter.worldTransform()
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radii = self._radii or [self._radius] * len(self._discs)
        half = self._pen.widthF() / 2
        # All rims lie under all discs, so that of one upon another the colour is seen as well.
        for is_rim in (True, False):
            for (center, brush), radius in zip(self._discs, radii, strict=True):
                size = radius + half if is_rim else radius - half
                painter.setBrush(self._pen.color() if is_rim else brush)
                painter.drawEllipse(to_pixels.map(center), size, size)


class PointsItem(QGraphicsItem):
    """Many dots of one colour: 300 of three pixels in 0.4 ms, which as discs take twice as long."""

    def __init__(self) -> None:
        super().__init__()
        self._pen = QPen(Qt.PenStyle.NoPen)
        self._points = QPolygonF()
        self._bounds = QRectF()

    def set_data(self, points: np.ndarray, pen: QPen) -> None:
        """Show dots.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            Their centres, finite.
        pen : QPen
            Cosmetic; its width is their diameter.
        """
        self._pen = QPen(pen)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._points = pg.functions.arrayToQPolygonF(*points.T) if len(points) else QPolygonF()
        self.prepareGeometryChange()
        box = self._points.boundingRect()
        self._bounds = _with_room(box, pen.widthF(), _pixel(self.sceneTransform()))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        # In pixels: where those of a and b differ, round caps would be ovals.
        points = painter.worldTransform().map(self._points)
        painter.resetTransform()
        painter.drawPoints(points)


def thinned(
    x: np.ndarray, y: np.ndarray, pixel: tuple[float, float], passes: int = _PASSES
) -> np.ndarray:
    """Return the indices of the vertices that a line cannot do without, to a tenth of a pixel.

    Every other vertex goes where it stands less than that off the line between its neighbours,
    and so a few times over, until few go. What is beside a gap stays.

    Parameters
    ----------
    x, y : ndarray of float, shape (n,)
        The vertices; a gap is nan.
    pixel : (float, float)
        The size of a pixel in x and y.
    passes : int, default 4
        How often it is gone through, at most: each pass halves what there is.
    """
    z = np.empty(len(x), complex)
    kept = np.arange(len(x))
    with np.errstate(all="ignore"):  # nan compares false
        z.real, z.imag = x / pixel[0], y / pixel[1]
        for _ in range(passes):
            if len(z) < _FEWEST:
                break
            end = (len(z) - 1) // 2 * 2
            before = z[:end:2]
            chord = z[2 : end + 1 : 2] - before
            arm = (z[1:end:2] - before) / (chord + 1e-9)  # its real part is how far along it is
            arm.real -= np.minimum(np.maximum(arm.real, 0.0), 1.0)
            keep = np.ones(len(z), bool)
            keep[1:end:2] = ~(np.abs(arm * chord) <= _TOLERANCE)
            before_it = len(z)
            z, kept = z[keep], kept[keep]
            if before_it - len(z) <= _FEW * before_it:
                break
    return kept


def _of_segments(pen: QPen, width: float) -> QPen:
    """Return a pen for single segments, with square ends: round ones take Qt ten times as long."""
    pen = QPen(pen)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    pen.setWidthF(width)
    return pen


def _pixel(transform: QTransform) -> tuple[float, float]:
    """Return the size of a pixel in the coordinates that `transform` takes to pixels."""
    return 1.0 / max(abs(transform.m11()), 1e-300), 1.0 / max(abs(transform.m22()), 1e-300)


def _with_room(box: QRectF, width: float, pixel: tuple[float, float]) -> QRectF:
    room_x, room_y = (_ROOM * width * size for size in pixel)
    return box.adjusted(-room_x, -room_y, room_x, room_y)
