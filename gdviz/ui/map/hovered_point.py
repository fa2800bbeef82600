"""The point of a path that is under the cursor: a ring around it, and what happened there."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from gdviz.scene.scene import Scene
from gdviz.ui.map.paths import nearest_point, point_html
from gdviz.ui.map.view_box import MapViewBox
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem
from gdviz.ui.toolkit.widgets.card import Card

_REACH = 10.0  #: pixels within which the cursor is on a point of a path


class HoveredPoint:
    """Marks the point of a path that the cursor is on, or none.

    Parameters
    ----------
    plot : pyqtgraph.PlotWidget
        The map's.
    box : MapViewBox
        Where a and b are pixels.

    Attributes
    ----------
    card : Card
        What happened at the point.
    """

    def __init__(self, plot: pg.PlotWidget, box: MapViewBox) -> None:
        self._plot, self._box = plot, box
        self.card = Card(plot)
        self._ring = ScatterItem(pxMode=True, size=15, pen=pg.mkPen("#ffffff", width=2), brush=None)
        self._ring.setZValue(40)
        box.addItem(self._ring, ignoreBounds=True)

    def hide(self) -> None:
        """Mark none."""
        self._ring.hide()
        self.card.hide()

    def show_nearest(self, scene: Scene, cursor: QPointF) -> None:
        """Mark the point of a scene's paths that is near (a, b) of the cursor, or none."""
        pixel = self._box.viewPixelSize()
        hit = nearest_point(scene, (cursor.x(), cursor.y()), pixel, _REACH)
        if hit is None:
            self.hide()
            return
        run, step = hit
        at = run.path.theta[step]
        self._ring.setData(pos=[at])
        self._ring.show()
        place = self._plot.mapFromScene(self._box.mapViewToScene(QPointF(*at)))
        self.card.show_at(place, point_html(scene, run, step))
