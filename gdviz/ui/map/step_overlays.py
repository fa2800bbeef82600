"""What the Step lens lays on the map: draws of a step, a circle of steps, and Taylor models."""

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gdviz.base.geometry import Range
from gdviz.engine.analysis.best_direction import Circle
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.palette import BEST_COLOR, CLOUD_COLOR, SECOND_COLOR
from gdviz.scene.scene import Landscape
from gdviz.scene.step_cloud import StepCloud, ellipse
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import (
    CurveItem,
    CurvesItem,
    DiscsItem,
    PointsItem,
    pixel_size,
    with_room,
)
from gdviz.ui.toolkit.theme import Theme

_INK = "#1d2329"  #: on the map, which is the same in both themes
_LINE, _HALO = 1.8, 4.0  #: widths in pixels
#: Diameters of a draw and of the mean of all, in pixels; round dots of 4 take three times as long.
_DOT, _RING = 3.0, 9.0
_HEAD, _DISC = 9.0, 10.0  #: an arrow's head, and the diameter of a disc, in pixels
_ROUND = np.linspace(0.0, math.tau, 361)
_FAR = 50.0  #: map widths beyond which nothing is drawn: painters count pixels in 32 bits


class StepOverlays:
    """Draws into the map's view box.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._view_box = view_box
        self._halo = "#ffffff"
        self._circle, self._contours = _Haloed(), _Haloed(CurvesItem)
        self._axes = _Haloed(), _Haloed()
        self._steepest, self._best, self._newton = _Arrow(), _Arrow(), _Arrow()
        self._ends = DiscsItem(_DISC)
        self._dots, self._mean, self._exact = PointsItem(), DiscsItem(_RING), _Arrow()
        self._spread, self._theory = _Haloed(), _Haloed()
        for z, item in (
            *((6, item) for item in self._contours.items),  # under the paths
            *((20, item) for haloed in (self._circle, *self._axes) for item in haloed.items),
            *((21, item) for item in (self._steepest, self._best, self._newton)),
            (22, self._ends),
            (19.0, self._dots),
            *((20, item) for haloed in (self._spread, self._theory) for item in haloed.items),
            (21, self._exact),
            (22, self._mean),
        ):
            item.setZValue(z)
            item.hide()
            view_box.addItem(item, ignoreBounds=True)
        for item in self._contours.items:  # which are another's less often than paths are
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_theme(self, theme: Theme) -> None:
        """Take the halo's colour, for what is drawn next."""
        self._halo = theme.halo

    # ---------------------------------------------------------------- the circle

    def show_circle(self, circle: Circle | None, landscape: Landscape | None) -> None:
        """Draw the circle of a step, and the ends of the two directions; or none."""
        items = (*self._circle.items, self._steepest, self._best, self._ends)
        if circle is None or landscape is None:
            for item in items:
                item.hide()
            return
        for item in items:
            item.show()
        extent = landscape.grid.range
        a, b = circle.at
        points = np.array([a + circle.eta * np.cos(_ROUND), b + circle.eta * np.sin(_ROUND)])
        self._circle.draw(_near(points, extent), _INK, self._halo)
        discs = []
        for arrow, point, loss, color in (
            (self._steepest, circle.steepest_point, circle.steepest_loss, _INK),
            (self._best, circle.best_point, circle.best_loss, BEST_COLOR),
        ):
            exists = math.isfinite(loss)
            arrow.setVisible(exists)
            if exists:
                tip = _pulled_back(circle.at, point, extent)
                arrow.draw(circle.at, tip, pen(color, _LINE), pen(self._halo, _HALO), _DISC / 2)
                discs.append((tip, brush(color)))
        self._ends.set_data(
            np.array([tip for tip, _ in discs]).reshape(-1, 2),
            [fill for _, fill in discs],
            pen(self._halo, 1.5),
        )

    # ---------------------------------------------------------------- the draws

    def show_cloud(self, cloud: StepCloud | None, landscape: Landscape | None) -> None:
        """Draw steps by many draws, their mean and ellipses, and the exact step; or none."""
        is_drawn = cloud is not None and landscape is not None
        for item in (*self._spread.items, self._dots, self._mean):
            item.setVisible(is_drawn)
        has_theory = cloud is not None and cloud.theory is not None
        self._theory.set_visible(is_drawn and has_theory)
        is_known = cloud is not None and bool(np.isfinite(cloud.exact).all())
        self._exact.setVisible(is_drawn and is_known)
        if cloud is None or landscape is None:
            return
        extent = landscape.grid.range
        # Over a line, which would hide the few places where they all are; under an ellipse.
        self._dots.setZValue(20.5 if cloud.is_flat else 19)
        ends = _near(cloud.ends.T, extent).T
        self._dots.set_data(ends[np.isfinite(ends).all(axis=1)], pen(CLOUD_COLOR, _DOT))
        around = _near(ellipse(cloud.mean, cloud.covariance), extent)
        self._spread.draw(around, CLOUD_COLOR, self._halo)
        if cloud.theory is not None:
            center = cloud.exact if is_known else cloud.mean
            around = _near(ellipse(center, cloud.theory), extent)
            self._theory.draw(around, _INK, self._halo, style=Qt.PenStyle.DashLine)
        at = float(cloud.at[0]), float(cloud.at[1])
        if is_known:
            tip = _pulled_back(at, cloud.exact, extent)
            self._exact.draw(at, tip, pen(_INK, _LINE), pen(self._halo, _HALO))
        mean = np.array([_pulled_back(at, cloud.mean, extent)])
        self._mean.set_data(mean, [brush("#ffffff")], pen(CLOUD_COLOR, _LINE))

    # ---------------------------------------------------------------- the models

    def show_models(self, overlay: TaylorOverlay | None, landscape: Landscape | None) -> None:
        """Draw a model's contours at the map's levels, Newton's step and the axes; or none."""
        if overlay is None or landscape is None:
            for part in (self._contours, *self._axes):
                part.set_visible(False)
            self._newton.hide()
            return
        arms, end = overlay.arms(landscape.grid.range), overlay.newton_end()
        self._contours.set_visible(overlay.has_contours)
        for axis in self._axes:
            axis.set_visible(bool(arms))
        self._newton.setVisible(end is not None)
        if overlay.has_contours:
            # Between the dashes, not around them: a pen of one pixel is drawn thirty times as fast.
            points = overlay.contours(landscape).T
            self._contours.draw(points, overlay.color, self._halo, 1.8, Qt.PenStyle.DashLine, 1.0)
        for axis, (ends, is_falling) in zip(self._axes, arms, strict=False):
            style = Qt.PenStyle.DotLine if is_falling else Qt.PenStyle.SolidLine
            axis.draw(ends.T, _INK, self._halo, style=style)
        if end is not None:
            at = overlay.models.at
            tip = _pulled_back(at, end, landscape.grid.range)
            self._newton.draw(at, tip, pen(SECOND_COLOR, _LINE + 0.6), pen(self._halo, 4.8))


def _near(points: np.ndarray, extent: Range) -> np.ndarray:
    """Return points of shape (2, n), those far from the map as gaps."""
    low, high = np.array(extent).reshape(2, 2).T[:, :, None]
    limit = _FAR * (high - low)
    return np.where(((points > low - limit) & (points < high + limit)).all(axis=0), points, np.nan)


def _pulled_back(at: tuple[float, float], point: ArrayLike, extent: Range) -> tuple[float, float]:
    """Return the end of a step, or where it is far away a point on the way there."""
    limit = _FAR * max(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    step = np.subtract(point, at)
    share = min(1.0, limit / max(float(np.abs(step).max()), 1e-300))
    a, b = np.array(at) + share * step
    return float(a), float(b)


class _Haloed:
    """A line with a halo."""

    def __init__(self, item: type[CurveItem] = CurveItem) -> None:
        self.halo, self.line = item(), item()
        self.items = self.halo, self.line

    def set_visible(self, visible: bool) -> None:
        for item in self.items:
            item.setVisible(visible)

    def draw(
        self,
        points: np.ndarray,
        color: str,
        halo: str,
        width: float = _LINE,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
        halo_width: float = _HALO,
    ) -> None:
        """Draw a line through points of shape (2, n), with gaps where they are nan."""
        self.line.set_data(points[0], points[1], pen(color, width, style))
        self.halo.set_like(self.line, [pen(halo, halo_width)])


class _Arrow(QGraphicsItem):
    """An arrow with a halo, its head of a size in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = QPointF(), QPointF()
        self._gap = 0.0
        self._pens = QPen(), QPen()
        self._bounds = QRectF()

    def draw(
        self,
        tail: tuple[float, float],
        tip: tuple[float, float],
        line: QPen,
        halo: QPen,
        gap: float = 0.0,
    ) -> None:
        """Draw it from `tail` to so many pixels before `tip`."""
        self._ends, self._gap, self._pens = (QPointF(*tail), QPointF(*tip)), gap, (halo, line)
        self.prepareGeometryChange()
        # The head may stand out on all sides; how far that is in data, only the view knows.
        box = QRectF(*self._ends).normalized()
        self._bounds = with_room(box, 2 * _HEAD, pixel_size(self.sceneTransform()))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        tail, tip = map(painter.worldTransform().map, self._ends)
        way = tip - tail
        length = math.hypot(way.x(), way.y()) - self._gap
        if length < _HEAD:
            return  # no room for a head
        along = way / (length + self._gap)
        across = QPointF(-along.y(), along.x())
        tip = tail + along * length
        neck = tip - along * _HEAD
        head = QPolygonF([tip, neck + across * _HEAD * 0.45, neck - across * _HEAD * 0.45])
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for stroke in self._pens:
            painter.setPen(stroke)
            painter.drawLine(tail, neck)
            painter.setPen(QPen(stroke.color(), stroke.widthF() - self._pens[1].widthF() + 1.0))
            painter.setBrush(stroke.color())
            painter.drawPolygon(head)
