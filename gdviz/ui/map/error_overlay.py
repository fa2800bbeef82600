"""What the check of a gradient lays on the map: how wrong it is where, and where it is worst."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from gdviz.scene.map.gradient_error import ErrorDrawing
from gdviz.ui.map.marks import Marks, cells_rect

_OPACITY = 0.9  #: of the picture: the contours of f lie above it


class ErrorOverlay:
    """Draws into the map's view box.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setOpacity(_OPACITY)
        self._marks = Marks(view_box, cross=12.0)
        view_box.addItem(self._image, ignoreBounds=True)
        for z, item in ((3, self._image), (32, self._marks)):
            item.setZValue(z)
            item.hide()

    def covers_map(self) -> bool:
        """Return whether a picture lies on the map."""
        return self._image.isVisible()

    def marked(self) -> list[tuple[float, float]]:
        """Return the worst places (a, b) that are marked."""
        return self._marks.points()

    def show_drawing(self, drawing: ErrorDrawing | None) -> None:
        """Draw an error, or none."""
        self._image.setVisible(drawing is not None and drawing.pixels is not None)
        self._marks.setVisible(drawing is not None and bool(drawing.marks))
        if drawing is None:
            return
        if drawing.pixels is not None:
            self._image.setImage(drawing.pixels, autoLevels=False, levels=None)
            self._image.setRect(cells_rect(drawing.range, len(drawing.pixels)))
        if drawing.marks:
            self._marks.set_marks([(QPointF(a, b), text) for a, b, text in drawing.marks])
