"""Basins on the map: the picture under contours and paths, and numbers beside the ends."""

import textwrap
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from gdviz.basins_picture import end_looks, step_span
from gdviz.ui.basins_job import BasinsDrawing
from gdviz.ui.map_marks import Marks, cells_rect

_MOST_MARKS = 12  #: numbers on the map; more would hide it
_WIDEST = 44  #: characters of a sentence in the legend
#: Squares filled as the hatches fill them.
_GLYPHS = {"": "■", "/": "▨", "\\": "▧", "x": "▩", "|": "▥", "-": "▤", "+": "▦", ".": "▣"}


class BasinsOverlay:
    """Draws basins into the map's view box.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setZValue(2)
        self._marks = Marks(view_box)
        self._marks.setZValue(32)  # above the paths, which end there
        view_box.addItem(self._image, ignoreBounds=True)
        for item in (self._image, self._marks):
            item.hide()

    def covers_map(self) -> bool:
        """Return whether a picture lies on the map."""
        return self._image.isVisible()

    def marked(self) -> list[tuple[float, float]]:
        """Return the points (a, b) that numbers stand beside."""
        return self._marks.points()

    def show_drawing(self, drawing: BasinsDrawing | None) -> None:
        """Draw basins, or none."""
        self._image.setVisible(drawing is not None)
        self._marks.setVisible(drawing is not None and len(drawing.basins) == 1)
        if drawing is None:
            return
        basins = drawing.basins[0]
        self._image.setImage(drawing.pixels, autoLevels=False, levels=None)
        self._image.setRect(cells_rect(basins.range, len(basins.a)))
        marks = [
            (QPointF(end.a, end.b), look.mark)
            for look, end in zip(end_looks(basins), basins.ends, strict=True)
            if look.mark
        ]
        self._marks.set_marks(marks[:_MOST_MARKS])


def legend_html(drawing: BasinsDrawing | None, sentence: str) -> str:
    """Return the lines of the map's legend; empty where there are no basins.

    Parameters
    ----------
    drawing : BasinsDrawing or None
        What is drawn.
    sentence : str
        Why there is nothing, where there is not.
    """
    if drawing is None:
        return "<br>".join(map(escape, textwrap.wrap(sentence, _WIDEST)))
    rows = []
    for row in drawing.legend:
        look = row.look
        glyph = f"<span style='color:{look.color}'>{_GLYPHS[look.hatch]}</span>&nbsp; "
        mark = f"<b>{look.mark}</b>&nbsp; " if look.mark else ""
        rows.append(f"{glyph if look.color else '&nbsp;' * 5}{mark}{escape(row.text)}")
    basins = drawing.basins[-1]
    if len(drawing.basins) == 1:
        rows.insert(0, f"<b>Basins</b> of {escape(drawing.titles[0])}")
        if span := step_span(basins):
            rows.append(f"the darker, the more steps: {span[0]} … {span[1]}")
    if basins.stride > 1:
        rows.append(f"so far 1 start in {basins.stride**2}")
    return "<br>".join(rows)
