"""A curve that Qt measures and clips itself."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsPathItem


class CurveItem(QGraphicsPathItem):
    """A line through points, in the colours of a cosmetic pen.

    pyqtgraph's PlotCurveItem works out its bounds in Python, several times a frame; a panel is
    painted as a whole anyway, and a dozen lines of these cost it 3 ms. This one leaves that to Qt.
    """

    def set_data(self, x: np.ndarray, y: np.ndarray, pen, connect: str = "finite") -> None:
        """Show a line.

        Parameters
        ----------
        x, y : ndarray, shape (n,)
            The points; the line has gaps where y is not finite.
        pen : QPen
            Cosmetic, as pyqtgraph makes them.
        connect : str
            As in :func:`pyqtgraph.arrayToQPath`.
        """
        self.setPen(pen)
        self.setPath(pg.arrayToQPath(x, y, connect))

    def paint(self, painter, option, widget=None) -> None:
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)
