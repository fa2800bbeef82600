"""Paths from other starts and with other draws: thin and translucent, under the others."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGraphicsItem

from gdviz.base.cancel import Cancelled
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.ui.map.paths import drawable
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import CurveItem
from gdviz.ui.toolkit.plots.outlines import thinned
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem

_LINE, _OPACITY = 1.3, "c0"  #: width in pixels; the last digits of #rrggbbaa
_MEAN, _ABOVE = 2.4, 29.0  #: of a mean of samples: its width, and its place over the paths
_START, _END = 7.0, 5.5  #: sizes of marks in pixels
_AT_ONCE = 100_000  #: points that are thinned within a frame; more of them take a worker
_PASSES = 16  #: of which each halves them at best
_INK, _LIGHT = "#1d2329", "#ffffff"  #: on the map, which is the same in both themes


class _Line(NamedTuple):
    """Points with gaps between the paths, shape (n, 2), and the colour of all of them."""

    points: np.ndarray
    color: str


class OtherPathsLayer:
    """Draws the runs from the other starts into a view box.

    One line with gaps a method and one item for all marks, for there may be a thousand paths.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    parent : QObject
        Of what works in the background.
    """

    def __init__(self, view_box: pg.ViewBox, parent: QObject) -> None:
        self._box = view_box
        self._thinning = Task(
            _thin_lines, self._show_lines, self._fail, newer=Newer.REPLACES, parent=parent
        )
        self._drawn: Scene | None = None
        self._group = pg.ItemGroup()
        self._group.setZValue(7)  # over the contours, under what begins at the start itself
        self._lines: list[CurveItem] = []
        self._means: list[CurveItem] = []
        self._marks = ScatterItem(pxMode=True)
        self._marks.setZValue(1)
        self._marks.setParentItem(self._group)
        self._above = pg.ItemGroup()
        self._above.setZValue(_ABOVE)
        for group in (self._group, self._above):
            view_box.addItem(group, ignoreBounds=True)

    def set_visible(self, visible: bool) -> None:
        """Show or hide all of it."""
        self._group.setVisible(visible)
        self._above.setVisible(visible)

    def marked(self) -> list[tuple[float, float]]:
        """Return the other starts (a, b), as far as they are drawn."""
        scene = self._drawn
        if scene is None or not scene.others or not self._group.isVisible():
            return []
        return list(scene.experiment.more_starts)

    def show_scene(self, scene: Scene) -> None:
        """Draw the runs, unless they are drawn: a drag of the start changes none of them."""
        before, self._drawn = self._drawn, scene  # the one before is not kept
        if before is not None and _look_alike(scene, before):
            return
        if sum(len(run.path) for run in scene.thin) <= _AT_ONCE:
            self._thinning.cancel()
            self._show_lines([_joined(runs, scene) for runs in _rows(scene)])
        else:
            self._show_lines([])
            self._thinning.request(scene, self._box.viewPixelSize())
        self._draw_marks(scene)
        self._draw_means(scene)

    def _draw_means(self, scene: Scene) -> None:
        """Draw the mean of each method's samples: dashes over all paths, as it may lie on one."""
        means = scene.means()
        while len(self._means) < len(means):
            line = CurveItem()
            line.setParentItem(self._above)
            self._means.append(line)
        for line, (run, points) in zip(self._means, means, strict=False):
            look = pen(_color(run), _MEAN, Qt.PenStyle.DashLine)
            line.set_data(points[:, 0], points[:, 1], look)
        for rank, line in enumerate(self._means):
            line.setVisible(rank < len(means))

    def _show_lines(self, rows: list[_Line]) -> None:
        while len(self._lines) < len(rows):
            self._lines.append(self._new_line())
        for line, (points, color) in zip(self._lines, rows, strict=False):
            line.set_data(points[:, 0], points[:, 1], pen(color + _OPACITY, _LINE))
        for rank, line in enumerate(self._lines):
            line.setVisible(rank < len(rows))

    def _fail(self, error: Exception) -> None:
        raise error

    def _new_line(self) -> CurveItem:
        line = CurveItem()
        line.setParentItem(self._group)
        # Unlike the paths over them they stay as they are while the start is dragged: drawn anew
        # for each frame, those from thirty starts would take five milliseconds of it.
        line.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        return line

    def _draw_marks(self, scene: Scene) -> None:
        """Draw an open circle at each start, and a dot at each end."""
        starts = scene.experiment.more_starts if scene.others else ()
        ends = [drawable(run, scene)[-1] for run in scene.thin]
        self._marks.setData(
            pos=np.array([*starts, *ends]).reshape(-1, 2),
            size=[_START] * len(starts) + [_END] * len(ends),
            pen=[pen(_LIGHT, 1.4)] * len(starts) + [pen(_INK, 0.6)] * len(ends),
            brush=[_NO_BRUSH] * len(starts) + [brush(_color(run)) for run in scene.thin],
        )


def _rows(scene: Scene) -> Iterator[list[Run]]:
    """Return the runs that are thin, method by method."""
    rows: dict[int, list[Run]] = {}
    for run in scene.thin:
        rows.setdefault(run.index, []).append(run)
    yield from rows.values()


def _joined(runs: list[Run], scene: Scene) -> _Line:
    parts = [part for run in runs for part in (drawable(run, scene), _GAP)]
    return _Line(np.vstack(parts), _color(runs[0]))


def _thin_lines(job: Job, scene: Scene, pixel: tuple[float, float]) -> list[_Line]:
    """Return the lines without the vertices that cannot be seen."""
    lines = []
    for runs in _rows(scene):
        parts = []
        for run in runs:
            if job.cancelled():
                raise Cancelled
            points = drawable(run, scene)
            parts += [points[thinned(points[:, 0], points[:, 1], pixel, _PASSES)], _GAP]
        lines.append(_Line(np.vstack(parts), _color(runs[0])))
    return lines


_GAP = np.full((1, 2), np.nan)
_NO_BRUSH = pg.mkBrush(None)


def _color(run: Run) -> str:
    return path_color(run.method, run.index)


def _look_alike(one: Scene, other: Scene) -> bool:
    """Tell whether the other starts' paths are drawn alike in two scenes."""
    return (
        len(one.thin) == len(other.thin)
        and one.landscape.grid.range == other.landscape.grid.range
        and all(
            run.path is drawn.path and _color(run) == _color(drawn)
            for run, drawn in zip(one.thin, other.thin, strict=True)
        )
    )
