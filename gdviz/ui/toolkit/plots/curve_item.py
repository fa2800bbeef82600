"""Curves and discs in a view box, for pictures that are drawn anew sixty times a second.

pyqtgraph's PlotCurveItem works out its bounds in Python several times a frame, and Qt's time to
draw a thick line goes by its vertices: 0.2 ms for 200 of them, a fifth of it for the dozen that
can be told apart. A line that goes up and down at each of 200 vertices, as that of a random
estimate does, crosses its own outline: as a path it takes 13 ms, and as single segments 0.7.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gdviz.ui.toolkit.plots.outlines import Outlines

_ROOM = 3.0  #: widths of a pen around what it draws: the view may be zoomed out before new data


class Curve(NamedTuple):
    """A line that is drawn.

    Attributes
    ----------
    x, y : ndarray of float, shape (n,)
        The points; the line has gaps where y is not finite.
    pen : QPen
        Cosmetic, as pyqtgraph makes them.
    name : str, default ""
        What it is called in a table; nothing for what only guides the eye.
    values : ndarray of float, shape (n,), or None
        What a table has in place of y, which may be a place on an axis that has none for them.
    remarks : sequence of str, default ()
        What a table says of each point.
    """

    x: np.ndarray
    y: np.ndarray
    pen: QPen
    name: str = ""
    values: np.ndarray | None = None
    remarks: Sequence[str] = ()


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
        self._outlines = Outlines((), (1.0, 1.0))
        self._pens: list[QPen] = []
        self._thick: list[QPen | None] = []  # what segments are drawn with, of those that may be
        self._bounds = QRectF()

    @property
    def lines(self) -> list[Curve]:
        """What is shown, all points of it."""
        return [
            Curve(*points, pen)
            for points, pen in zip(self._outlines.points, self._pens, strict=True)
        ]

    def set_lines(self, lines: Sequence[tuple[np.ndarray, np.ndarray, QPen]]) -> None:
        """Show lines, each as a :class:`Curve` has it, in place of those before."""
        pixel = pixel_size(self.sceneTransform())
        points = [(x, y) for x, y, _ in lines]
        outlines = self._outlines
        if pixel != outlines.pixel or not outlines.are_of(points):
            outlines = Outlines(points, pixel)
        self._take(outlines, [pen for *_, pen in lines])

    def set_like(self, other: "LinesItem", pens: list[QPen]) -> None:
        """Show the lines of another item with other pens: what lies under it as halos, say."""
        self._take(other._outlines, pens)  # noqa: SLF001 - one class

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        outlines = self._outlines
        pixel = pixel_size(painter.worldTransform())
        if pixel != outlines.pixel and any(
            not 0.7 < now / then < 1.5 for now, then in zip(pixel, outlines.pixel, strict=True)
        ):
            outlines = self._outlines = Outlines(outlines.points, pixel)
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for rank, pen in enumerate(self._pens):
            self._stroke(painter, outlines, rank, pen)

    def _stroke(self, painter: QPainter, outlines: Outlines, rank: int, pen: QPen) -> None:
        thick = self._thick[rank]
        segments = outlines.segments(rank) if thick is not None else None
        if segments is None or thick is None:
            painter.setPen(_on_device(pen, painter))
            painter.drawPath(outlines.path(rank))
            return
        apart = segments.width / len(segments.ends) / outlines.pixel[0]
        is_band = self._are_graphs and apart < thick.widthF()
        painter.setPen(_on_device(_of_segments(pen, 1.0) if is_band else thick, painter))
        painter.drawLines(segments.first, len(segments.ends))

    def _take(self, outlines: Outlines, pens: list[QPen]) -> None:
        if pens != self._pens:
            self._pens = pens
            self._thick = [
                _of_segments(pen, pen.widthF())
                if pen.widthF() > 1.0 and pen.style() == Qt.PenStyle.SolidLine
                else None
                for pen in pens
            ]
        elif outlines is self._outlines:
            return
        self._outlines = outlines
        self.prepareGeometryChange()
        widest = max((pen.widthF() for pen in pens), default=0.0)
        self._bounds = with_room(outlines.box, _ROOM * widest, outlines.pixel)
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

    def _stroke(self, painter: QPainter, outlines: Outlines, rank: int, pen: QPen) -> None:
        painter.setRenderHint(painter.RenderHint.Antialiasing, False)
        painter.setPen(_on_device(pen, painter))
        for line in outlines.pieces(rank):
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
            self._bounds = with_room(box, _ROOM * size, pixel_size(self.sceneTransform()))
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
        self._bounds = with_room(box, _ROOM * pen.widthF(), pixel_size(self.sceneTransform()))
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
        painter.setPen(_on_device(self._pen, painter))
        # In pixels: where those of a and b differ, round caps would be ovals.
        points = painter.worldTransform().map(self._points)
        painter.resetTransform()
        painter.drawPoints(points)


def _on_device(pen: QPen, painter: QPainter) -> QPen:
    """Return a cosmetic pen as wide where a pixel is several: Qt has it as wide in those."""
    times = painter.deviceTransform().m11() / (painter.worldTransform().m11() or 1.0)
    if times == 1.0:
        return pen
    wider = QPen(pen)
    wider.setWidthF(times * pen.widthF())
    return wider


def _of_segments(pen: QPen, width: float) -> QPen:
    """Return a pen for single segments, with square ends: round ones take Qt ten times as long."""
    pen = QPen(pen)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    pen.setWidthF(width)
    return pen


def pixel_size(transform: QTransform) -> tuple[float, float]:
    """Return the size of a pixel in the coordinates that `transform` takes to pixels."""
    return 1.0 / max(abs(transform.m11()), 1e-300), 1.0 / max(abs(transform.m22()), 1e-300)


def with_room(box: QRectF, pixels: float, pixel: tuple[float, float]) -> QRectF:
    """Return a box that is so many pixels larger on each side.

    Parameters
    ----------
    box : QRectF
        In coordinates of data.
    pixels : float
        How far what is painted stands out.
    pixel : (float, float)
        The size of one, as :func:`pixel_size` returns it.
    """
    room_x, room_y = (pixels * size for size in pixel)
    return box.adjusted(-room_x, -room_y, room_x, room_y)
