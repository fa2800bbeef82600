"""What is painted over a picture in three dimensions: numbers at the axes, starts, minima, ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QPainter, QPen, QTransform

from gdviz.base.types import Array
from gdviz.scene.captions import axis_names, point_name
from gdviz.scene.palette import path_color
from gdviz.scene.relief.frame import NUMBERS, axes_of
from gdviz.scene.relief.lines import lift
from gdviz.scene.relief.projection import Projection, unit
from gdviz.scene.relief.rays import is_hidden
from gdviz.scene.relief.surface import Relief
from gdviz.scene.scene import Run, Scene
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.theme import Theme

_INK, _PAPER, _ACCENT = "#1d2329", "#ffffff", "#2f6bd8"  # as on the map
#: How large marks are, in pixels.
_STAR, _CROSS, _STEP, _OTHER, _END, _DISC = 15.0, 18.0, 11.0, 7.0, 5.5, 16.0


@dataclass(frozen=True)
class Place:
    """Where the projection's picture is in a widget.

    Parameters
    ----------
    width, height : float
        The widget's, in pixels.
    """

    width: float
    height: float

    @property
    def _half(self) -> float:
        return unit(self.width, self.height)

    def pixels(self, seen: Array) -> Array:
        """Return points of the picture in pixels of the widget, shape (..., 2)."""
        middle = np.array([self.width, self.height]) / 2.0
        at: Array = middle + self._half * seen * (1.0, -1.0)
        return at

    def seen(self, at: QPointF) -> tuple[float, float]:
        """Return a point of the widget as one of the picture: the inverse of `pixels`."""
        half = self._half
        return (at.x() - self.width / 2.0) / half, (self.height / 2.0 - at.y()) / half

    def part(self, pixels: float) -> float:
        """Return a length in the projection's units."""
        return pixels / self._half


class ReliefMarks:
    """Paints marks of a size in pixels where they are seen, and nothing of those that are hidden.

    Parameters
    ----------
    place : Place
        Where the picture is.
    relief : Relief
        The surface.
    projection : Projection
        How it is seen.
    """

    def __init__(self, place: Place, relief: Relief, projection: Projection) -> None:
        self._place, self._relief, self._projection = place, relief, projection

    def visible(self, points: Array) -> Array:
        """Return where points of the map are seen, in pixels; nan for those that are not.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            (a, b).
        """
        with np.errstate(all="ignore"):  # a path that diverged
            in_box = np.clip(self._relief.in_box(points.reshape(-1, 2)), -1e6, 1e6)
        places = lift(self._relief, in_box)
        seen = self._projection.project(places)
        seen[is_hidden(self._relief, places, self._projection.eye)] = np.nan
        return self._place.pixels(seen)

    def paint_axes(self, painter: QPainter, scene: Scene, theme: Theme) -> None:
        """Write numbers beside the axes, and their names.

        Parameters
        ----------
        painter : QPainter
            On the widget.
        scene : Scene
            What is drawn.
        theme : Theme
            The words' colours.
        """
        landscape = scene.landscape
        names = *axis_names(scene.experiment), f"f{point_name(scene.experiment)}"
        axes = axes_of(landscape.grid.range, landscape.scale, self._projection)
        for axis, name in zip(axes, names, strict=True):
            painter.setPen(pen(theme.muted))
            written: list[QRectF] = []
            for at, text in axis.ticks:
                beside = np.array(at) + NUMBERS * np.array(axis.outwards)
                written.append(self._write(painter, beside, text, written))
            painter.setPen(pen(theme.text))
            self._write(painter, np.array(axis.name_at), name)

    def _write(
        self, painter: QPainter, at: Array, text: str, written: Sequence[QRectF] = ()
    ) -> QRectF:
        """Write around a place in the box, and return where; nowhere over what is there already."""
        x, y = self._place.pixels(self._projection.project(at)).tolist()
        room = QRectF(painter.fontMetrics().boundingRect(text))
        room.moveCenter(QPointF(x, y))
        if not np.isfinite(x) or any(room.intersects(other) for other in written):
            return QRectF()
        centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        painter.drawText(room, centred, text)
        return room

    def paint_minima(self, painter: QPainter, scene: Scene) -> None:
        """Paint a star at each known minimum."""
        points = np.array([(point.a, point.b) for point in scene.minima])
        self._paint(painter, points, "star", _STAR, pen(_INK), brush(_PAPER))

    def paint_others(self, painter: QPainter, scene: Scene) -> None:
        """Paint a circle at each other start, and a dot at the end of each thin path."""
        if scene.others:
            starts = np.array(scene.experiment.more_starts)
            self._paint(painter, starts, "o", _OTHER, pen(_PAPER, 1.4), QBrush())
        self._paint_runs(painter, scene.thin, -1, _END, pen(_INK, 0.6))

    def paint_steps(self, painter: QPainter, scene: Scene, step: int) -> None:
        """Paint a disc where each path is at a step; one that has ended, at its end.

        Parameters
        ----------
        painter : QPainter
            On the widget.
        scene : Scene
            Whose paths.
        step : int
            The step.
        """
        self._paint_runs(painter, scene.runs, step, _STEP, pen(_PAPER, 1.5))

    def _paint_runs(
        self, painter: QPainter, runs: Sequence[Run], step: int, size: float, edge: QPen
    ) -> None:
        """Paint a disc where each of some paths is at a step, or −1 for its end."""
        if not runs:
            return
        at = np.array([run.path.theta[min(step, len(run.path.theta) - 1)] for run in runs])
        for run, place in zip(runs, self.visible(at).tolist(), strict=True):
            fill = brush(path_color(run.method, run.index))
            self._stamp(painter, place, "o", size, edge, fill)

    def paint_start(self, painter: QPainter, start: tuple[float, float], has_focus: bool) -> None:
        """Paint a cross at the start.

        Parameters
        ----------
        painter : QPainter
            On the widget.
        start : (float, float)
            The start.
        has_focus : bool
            Whether arrow keys move it, which its colour says.
        """
        look = pen(_ACCENT, 2.5) if has_focus else pen(_INK, 1.2)
        self._paint(painter, np.array([start]), "+", _CROSS, look, brush(_PAPER))

    def paint_words(
        self, painter: QPainter, points: Array, words: Sequence[str], font: QFont
    ) -> None:
        """Paint short words in discs, each beside its point.

        Parameters
        ----------
        painter : QPainter
            On the widget.
        points : ndarray, shape (n, 2)
            (a, b).
        words : sequence of str
            As many.
        font : QFont
            Theirs.
        """
        painter.setFont(font)
        for (x, y), word in zip(self.visible(points).tolist(), words, strict=True):
            if np.isfinite(x):
                middle = QPointF(x + 11.0, y - 11.0)
                painter.setPen(pen(_PAPER))
                painter.setBrush(brush(_INK))
                painter.drawEllipse(middle, _DISC / 2, _DISC / 2)
                room = QRectF(middle.x() - _DISC, middle.y() - _DISC, 2 * _DISC, 2 * _DISC)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, word)

    def _paint(
        self, painter: QPainter, points: Array, symbol: str, size: float, edge: QPen, fill: QBrush
    ) -> None:
        if not len(points):
            return
        for place in self.visible(points).tolist():
            self._stamp(painter, place, symbol, size, edge, fill)

    def _stamp(
        self, painter: QPainter, place: Sequence[float], symbol: str, size: float, edge: QPen,
        fill: QBrush,
    ) -> None:  # fmt: skip
        x, y = place
        if np.isfinite(x):
            painter.setPen(edge)
            painter.setBrush(fill)
            shape = QTransform.fromTranslate(x, y).scale(size, size).map(Symbols[symbol])
            painter.drawPath(shape)
