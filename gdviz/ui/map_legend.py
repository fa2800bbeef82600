"""The map's legend, which steps aside for the start."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtWidgets import QWidget

from gdviz.palette import path_color
from gdviz.scene import Scene
from gdviz.ui.widgets.card import Card
from gdviz.words import method_title

_MARGIN = 10  #: pixels to the map's edges
_CLEARANCE = 20  #: pixels around the start: its marker, and where the paths begin


class MapLegend(Card):
    """Names the colours of paths and basins in a corner of the map, at first at the top right."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._paths = self._basins = ""

    def set_basins(self, html: str) -> bool:
        """Take what is said of basins; return whether there is another text."""
        self._basins = html
        return self._compose()

    def set_scene(self, scene: Scene, trajectory: str = "") -> bool:
        """Take a scene's methods, and a trajectory's row; return whether there is another text."""
        rows = [
            f"<span style='color:{path_color(run.method, run.index)}'>━●━</span>"
            f"&nbsp; {method_title(run.method)}"
            for run in scene.runs
        ]
        if scene.minima:
            rows.append("&nbsp;☆&nbsp;&nbsp;&nbsp; known minimum")
        if others := len(scene.experiment.more_starts) if scene.others else 0:
            rows.append(f"&nbsp;○&nbsp;&nbsp;&nbsp; {others} other start{'s' * (others != 1)}")
        if trajectory:
            rows.append(trajectory)
        self._paths = "<br>".join(rows)
        return self._compose()

    def _compose(self) -> bool:
        html = "<hr>".join(filter(None, (self._paths, self._basins)))
        if html == self.text():
            return False
        self.setText(html)
        self.adjustSize()
        return True

    def go_home(self, area: QRect) -> None:
        """Move to the top right of an area."""
        self.move(_corners(area, self.size())[0])

    def is_near(self, start: QPointF) -> bool:
        """Tell whether it covers the start, or nearly so."""
        return _reach(self.geometry()).contains(start)

    def step_aside(self, area: QRect, start: QPointF, points: np.ndarray) -> None:
        """Move to the corner that is away from the start and has the fewest points under it.

        Parameters
        ----------
        area : QRect
            The map.
        start : QPointF
            Where the paths begin.
        points : ndarray, shape (n, 2)
            The points of all paths, in pixels as well.
        """

        def cost(corner: QPoint) -> tuple[bool, int]:
            place = QRect(corner, self.size())
            ends = (place.left(), place.top()), (place.right(), place.bottom())
            covered = np.all((points >= ends[0]) & (points <= ends[1]), axis=1)
            return _reach(place).contains(start), int(covered.sum())

        self.move(min(_corners(area, self.size()), key=cost))


def _reach(place: QRect) -> QRectF:
    return QRectF(place).adjusted(-_CLEARANCE, -_CLEARANCE, _CLEARANCE, _CLEARANCE)


def _corners(area: QRect, size: QSize) -> list[QPoint]:
    """Return where its top left may be; of corners that are as good the first is taken."""
    left, top = area.left() + _MARGIN, area.top() + _MARGIN
    right = area.left() + area.width() - size.width() - _MARGIN
    bottom = area.top() + area.height() - size.height() - _MARGIN
    return [QPoint(x, y) for y in (top, bottom) for x in (right, left)]
