"""What lies below the paths on the map: the landscape's colours, its contour lines, its minima."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QGraphicsItem

from gdviz.engine.objectives.surfaces import StationaryPoint
from gdviz.scene.scene import Landscape, Scene
from gdviz.ui.map.color_bar import ColorBar, color_table
from gdviz.ui.map.marks import cells_rect
from gdviz.ui.map.view_box import MapViewBox
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem

COLORS = "cividis"  #: perceptually uniform, also to the colour-blind
_PIXMAPS_KB = 256 * 1024  #: the most that is kept of what is drawn once and shown often
_HOLE = (0, 0, 0, 0)  #: where the loss is not finite: the hatched ground shows


class GroundLayer:
    """Draws a scene's landscape into a view box, and its scale at a colour bar.

    Parameters
    ----------
    view_box : MapViewBox
        The map's.
    bar : ColorBar
        Which loss a colour stands for.

    Attributes
    ----------
    landscape : Landscape or None
        What is drawn.
    """

    def __init__(self, view_box: MapViewBox, bar: ColorBar) -> None:
        self.landscape: Landscape | None = None
        self._view_box, self._bar = view_box, bar
        self._known: tuple[StationaryPoint, ...] = ()
        self.image = pg.ImageItem(axisOrder="row-major")
        self.contours = pg.PlotCurveItem(pen=pg.mkPen(255, 255, 255, 75), antialias=False)
        self.contours.setZValue(5)
        # They change with the range alone: Qt keeps them as pixmaps, if its cache has room for all
        # that are asked for. A map of 1200×900 pixels takes 4 of its 10 MB.
        QPixmapCache.setCacheLimit(_PIXMAPS_KB)
        for ground in (self.image, self.contours):
            ground.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        white, ink = pg.mkBrush("#ffffff"), pg.mkPen("#1d2329")
        self.minima = ScatterItem(pxMode=True, symbol="star", size=15, pen=ink, brush=white)
        self.minima.setZValue(8)
        for item in (self.image, self.contours, self.minima):
            view_box.addItem(item, ignoreBounds=True)

    def show_scene(self, scene: Scene) -> None:
        """Draw a scene's landscape with its minima, as far as these are others."""
        if scene.landscape is not self.landscape:
            self._show_landscape(scene.landscape)
        if scene.minima != self._known:
            self._known = scene.minima
            self.minima.setData(pos=np.array([(p.a, p.b) for p in scene.minima]).reshape(-1, 2))

    def marked(self) -> list[tuple[float, float]]:
        """Return where minima are marked, which nothing should hide."""
        return [(p.a, p.b) for p in self._known] if self.minima.isVisible() else []

    def _show_landscape(self, landscape: Landscape) -> None:
        self.landscape = landscape
        grid, extent = landscape.grid, landscape.grid.range
        places = landscape.scale.place(grid.values)
        holes = ~np.isfinite(grid.values)  # inf as well, which has a place on the scale
        with np.errstate(invalid="ignore"):  # nan to an integer; the holes are painted over
            pixels = color_table(COLORS)[(places * 255).astype(np.uint8)]
        pixels[holes] = _HOLE
        self._view_box.show_ground(bool(holes.any()))
        self.image.setImage(pixels, autoLevels=False, levels=None)
        self.image.setRect(cells_rect(extent, grid.resolution))
        lines = landscape.contours
        self.contours.setData(lines.a, lines.b, connect=lines.connect)
        self._bar.set_scale(landscape.scale)
