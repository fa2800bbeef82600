"""Basins on the map: the picture under contours and paths, and numbers beside the ends."""

import textwrap
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem

from gdviz.engine.analysis.basins import Basins
from gdviz.scene.basins import share
from gdviz.scene.basins_picture import GLYPHS, LegendRow, outcome_looks, step_span
from gdviz.ui.map.marks import Marks, cells_rect
from gdviz.ui.tasks.basins_task import BasinsDrawing

_MOST_MARKS = 12  #: numbers on the map; more would hide it
_STALE = 0.45  #: how much is seen of a picture that is out of date
_WIDEST = 44  #: characters of a sentence in the legend


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
        self._image.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # as the map is
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

    def show_drawing(self, drawing: BasinsDrawing | None, is_stale: bool = False) -> None:
        """Draw basins, or none; faded where they are out of date."""
        self._image.setVisible(drawing is not None)
        self._marks.setVisible(drawing is not None and len(drawing.basins) == 1)
        if drawing is None:
            return
        basins = drawing.basins[0]
        self._image.setOpacity(_STALE if is_stale else 1.0)
        self._image.setImage(drawing.pixels, autoLevels=False, levels=None)
        self._image.setRect(cells_rect(basins.range, len(basins.a)))
        marks = [
            (QPointF(outcome.a, outcome.b), look.mark)
            for look, outcome in zip(outcome_looks(basins), basins.outcomes, strict=True)
            if look.mark
        ]
        self._marks.set_marks(marks[:_MOST_MARKS])


def legend_html(drawing: BasinsDrawing | None, sentence: str, is_stale: bool = False) -> str:
    """Return the lines of the map's legend, five at most; empty where there are no basins.

    Parameters
    ----------
    drawing : BasinsDrawing or None
        What is drawn.
    sentence : str
        Why there is nothing, where there is not.
    is_stale : bool, default False
        Whether it is out of date.
    """
    if drawing is None:
        return "<br>".join(map(escape, textwrap.wrap(sentence, _WIDEST)))
    entries = list(map(_entry, drawing.legend))
    basins = drawing.basins[-1]
    last = f"so far 1 start in {basins.stride**2}" if basins.stride > 1 else ""
    if is_stale:
        last = "<i>… still from before the last change</i>"
    if len(drawing.basins) == 2:
        return "<br>".join(filter(None, (*entries, last)))
    head = f"<b>Basins</b> of {escape(drawing.titles[0])}, in % of the starts{_arrived(basins)}"
    span = step_span(basins)
    shades = f"darker: more steps, {span[0]} … {span[1]}" if span else ""
    return "".join((head, _two_columns(entries), last or shades))


def _arrived(basins: Basins) -> str:
    """Say how many starts have come to the bottom of their bowl, where some have not."""
    minima = [outcome for outcome in basins.outcomes if outcome.kind == "minimum"]
    arrived = sum(outcome.arrived for outcome in minima)
    if arrived == sum(outcome.cells for outcome in minima):
        return ""
    return f", {escape(share(arrived, basins.label.size))} arrived"


def _entry(row: LegendRow) -> str:
    look = row.look
    glyph = f"<span style='color:{look.color}'>{GLYPHS[look.hatch]}</span>&nbsp; "
    mark = f"<b>{look.mark}</b>&nbsp; " if look.mark else ""
    return f"{glyph if look.color else '&nbsp;' * 5}{mark}{escape(row.text)}"


def _two_columns(entries: list[str]) -> str:
    """Return a table that is read by rows; one line stays one."""
    cells = [f"<td style='white-space:pre; padding-right:12px'>{entry}</td>" for entry in entries]
    rows = (f"<tr>{''.join(cells[k : k + 2])}</tr>" for k in range(0, len(cells), 2))
    return f"<table cellspacing=0 cellpadding=0>{''.join(rows)}</table>"
