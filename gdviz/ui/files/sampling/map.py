"""The map of a landscape while it is sampled."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from gdviz.ui.files.sampling.task import Seen
from gdviz.ui.map.color_bar import ColorBar, color_table
from gdviz.ui.toolkit.plots.plot import PLOT, Plot
from gdviz.ui.toolkit.theme import Theme

_COLORS = "cividis"
_HOLE = (128, 128, 128, 255)  #: where there is no loss


class SampleMap(Plot):
    """The losses that are known so far, cell by cell.

    Parameters
    ----------
    parent : QWidget
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("The losses computed so far", "a", "b", parent=parent)
        self.left.setWidth(44)
        self._image = pg.ImageItem(axisOrder="row-major")
        self.add(self._image, 0)
        self._bar = ColorBar(_COLORS, self)
        self.plot.getPlotItem().layout.setContentsMargins(0, 6, 0, 0)
        self.rows.setHorizontalSpacing(8)
        self.rows.addWidget(self._bar, PLOT, 1)
        self.box.sigResized.connect(self._align_bar)
        self._bar.hide()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._bar.set_theme(theme)

    def empty(self) -> None:
        """Show nothing, until there is something."""
        self._image.clear()
        self._bar.hide()
        self.say("The map appears once the first cells are computed.")

    def show_seen(self, seen: Seen) -> None:
        """Show what there is so far."""
        if seen.colors is None or seen.scale is None:
            return
        (nx, ny), (a_low, a_high, b_low, b_high) = seen.shape, seen.extent
        colors = np.vstack([color_table(_COLORS), np.array([_HOLE], np.uint8)])  # by HOLE
        width, height = (a_high - a_low) / (nx - 1), (b_high - b_low) / (ny - 1)
        # A cell is around its point.
        rect = QRectF(a_low - width / 2, b_low - height / 2, nx * width, ny * height)
        self._image.setImage(colors[seen.colors], autoLevels=False, levels=None)
        self._image.setRect(rect)
        self.set_range((rect.left(), rect.right()), (rect.top(), rect.bottom()))
        self._bar.set_scale(seen.scale)
        self.show_curves(())
        self._bar.show()

    def _align_bar(self) -> None:
        area = self.box.sceneBoundingRect()
        self._bar.set_span(round(area.top()), round(area.bottom()))
