"""Where an optimizer went on a landscape that was computed elsewhere."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsItem

from gdviz.scene.scene import Scene
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import CurveItem
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem

_INK, _LIGHT = "#1d2329", "#ffffff"  #: on the map, which is the same in both themes
_LINE, _HALO, _DOT = 1.4, 3.0, 4.5  #: in pixels
_MOST_DOTS = 400  #: of more points the line alone is drawn


class TrajectoryLayer:
    """Draws a scene's trajectory into a view box: a thin dashed line with small dots.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._points: tuple = ()
        self._group = pg.ItemGroup()
        self._group.setZValue(9)  # over the contours, under what begins at the start
        self._halo, self._line = CurveItem(), CurveItem()
        self._dots = ScatterItem(pxMode=True, size=_DOT)
        for z, item in enumerate((self._halo, self._line, self._dots)):
            item.setZValue(z)
            item.setParentItem(self._group)
        for line in (self._halo, self._line):  # drawn anew for each frame, dashes take their time
            line.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        view_box.addItem(self._group, ignoreBounds=True)
        self._is_wanted = True
        self._group.hide()

    def set_visible(self, visible: bool) -> None:
        """Show or hide it."""
        self._is_wanted = visible
        self._group.setVisible(visible and bool(self._points))

    def show_scene(self, scene: Scene) -> None:
        """Draw a scene's trajectory, if it is another one, or none."""
        points = tuple(scene.experiment.function.trajectory)
        if points is self._points or points == self._points:
            return
        self._points = points
        self._group.setVisible(self._is_wanted and bool(points))
        if not points:
            return
        a, b = np.array(points, np.float64).T
        self._line.set_data(a, b, pen(_INK, _LINE, Qt.PenStyle.DashLine))
        self._halo.set_like(self._line, [pen(_LIGHT + "b0", _HALO)])
        dots = len(points) <= _MOST_DOTS
        self._dots.setVisible(dots)
        if dots:
            self._dots.setData(a, b, brush=brush(_INK), pen=pen(_LIGHT, 0.8))

    def html(self) -> str:
        """Return its row of the legend; empty where there is none."""
        return trajectory_html(len(self._points) if self._is_wanted else 0)


def trajectory_html(points: int) -> str:
    """Return the row of a legend for a trajectory of so many points; empty where there is none."""
    return f"&nbsp;╌•╌&nbsp; trajectory, {points:,} points" if points else ""
