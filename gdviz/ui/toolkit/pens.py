"""Pens and brushes, each made once.

pyqtgraph's scatter plots draw a symbol once for each pen and brush *object*: one made anew for
every frame would draw all symbols anew, and keep up to a thousand of them (and PySide loses a few
references to None with each).
"""

from functools import lru_cache

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPen


@lru_cache(maxsize=256)
def pen(color: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return the pen of a colour.

    Parameters
    ----------
    color : str
        As ``#rrggbb``.
    width : float, default 1
        In pixels.
    style : Qt.PenStyle, default SolidLine
        Whether it is dashed, or dotted.
    """
    made: QPen = pg.mkPen(color, width=width, style=style)
    return made


@lru_cache(maxsize=256)
def brush(color: str) -> QBrush:
    """Return the brush of a colour, ``#rrggbb``."""
    made: QBrush = pg.mkBrush(color)
    return made
