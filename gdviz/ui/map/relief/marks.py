"""What is painted over a picture in three dimensions: numbers at the axes, starts, minima, ends."""

import math
from collections.abc import Sequence

import numpy as np
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetrics, QPainter, QPen, QTransform

from gdviz.base.types import Array
from gdviz.scene.captions import axis_names, point_name
from gdviz.scene.palette import path_color
from gdviz.scene.relief.frame import axes_of
from gdviz.scene.relief.lines import lift
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.rays import is_hidden
from gdviz.scene.relief.surface import Relief
from gdviz.scene.relief.words import Word, have_room, middles_of, words_of
from gdviz.scene.scene import Run, Scene
from gdviz.ui.map.paths import DOT, LARGER, MARKER, WIDER
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.theme import Theme

_INK, _PAPER, _ACCENT = "#1d2329", "#ffffff", "#2f6bd8"  # as on the map
#: How large marks are, in pixels.
_STAR, _CROSS, _OTHER, _END, _DISC = 15.0, 18.0, 7.0, 5.5, 16.0
_EDGE = 1.5  #: pixels: around marks of paths
_SOME = 30  #: points of the surface along an axis that say where it is


def words_at(scene: Scene, projection: Projection) -> list[Word]:
    """Return what is written at a scene's axes."""
    landscape = scene.landscape
    names = *axis_names(scene.experiment), f"f{point_name(scene.experiment)}"
    return words_of(axes_of(landscape.grid.range, landscape.scale, projection), names)


def sizes_of(words: Sequence[Word], metrics: QFontMetrics) -> Array:
    """Return the widths and heights of words in pixels, shape (n, 2)."""
    rooms = [metrics.boundingRect(word.text) for word in words]
    return np.array([(room.width(), room.height()) for room in rooms], float).reshape(-1, 2)


def _fill(run: Run) -> QBrush:
    return brush(path_color(run.method, run.index))


class ReliefMarks:
    """Paints marks of a size in pixels where they are seen, and nothing of those that are hidden.

    Parameters
    ----------
    fit : Fit
        Where the picture is in the widget.
    relief : Relief
        The surface.
    projection : Projection
        How it is seen.
    """

    def __init__(self, fit: Fit, relief: Relief, projection: Projection) -> None:
        self._fit, self._relief, self._projection = fit, relief, projection

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
        return self._fit.pixels(seen)

    def covered(self, scene: Scene) -> Array:
        """Return pixels that the surface and its axes' words are at, shape (n, 2)."""
        relief, words = self._relief, words_at(scene, self._projection)
        some = slice(None, None, max(1, len(relief.x) // _SOME))
        x, y = np.meshgrid(relief.x[some], relief.y[some])
        surface = np.column_stack([x.ravel(), y.ravel(), relief.heights[some, some].ravel()])
        at = self._projection.project(np.vstack([surface, [word.at for word in words]]))
        return self._fit.pixels(at[np.isfinite(at[:, 0])])

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
        words = words_at(scene, self._projection)
        sizes = sizes_of(words, painter.fontMetrics())
        middles = middles_of(words, sizes, self._projection, self._fit)
        stand = have_room(middles, sizes, self._fit.width, self._fit.height)
        centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        for word, size, middle, stands in zip(words, sizes, middles.tolist(), stand, strict=True):
            if stands:
                room = QRectF(0.0, 0.0, *size.tolist())
                room.moveCenter(QPointF(*middle))
                painter.setPen(pen(theme.text if word.is_name else theme.muted))
                painter.drawText(room, centred, word.text)

    def paint_minima(self, painter: QPainter, scene: Scene) -> None:
        """Paint a star at each known minimum."""
        points = np.array([(point.a, point.b) for point in scene.minima])
        self._paint(painter, points, "star", _STAR, pen(_INK), brush(_PAPER))

    def paint_others(self, painter: QPainter, scene: Scene) -> None:
        """Paint a circle at each other start, and a dot at the end of each thin path."""
        if scene.others:
            starts = np.array(scene.experiment.more_starts)
            self._paint(painter, starts, "o", _OTHER, pen(_PAPER, 1.4), QBrush())
        ends = np.array([run.path.theta[-1] for run in scene.thin]).reshape(-1, 2)
        for run, place in zip(scene.thin, self.visible(ends).tolist(), strict=True):
            self._stamp(painter, place, "o", _END, pen(_INK, 0.6), _fill(run))

    def paint_points(self, painter: QPainter, scene: Scene) -> None:
        """Paint a dot at each point of paths that have few, as figures do."""
        self._paint_discs(
            painter,
            [
                (run, run.path.theta, DOT + WIDER * wider)
                for run, wider in zip(scene.runs, scene.rims, strict=True)
                if run.is_marked
            ],
        )

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
        self._paint_discs(
            painter,
            [
                (run, run.path.theta[min(step, len(run.path) - 1), None], MARKER + LARGER * wider)
                for run, wider in zip(scene.runs, scene.rims, strict=True)
            ],
        )

    def _paint_discs(self, painter: QPainter, discs: Sequence[tuple[Run, Array, float]]) -> None:
        """Paint discs of runs, of a size each, at points of the map."""
        seen = [(run, self.visible(points).tolist(), size) for run, points, size in discs]
        painter.setPen(Qt.PenStyle.NoPen)
        # All rims lie under all discs, so that of one upon another the colour is seen as well.
        for is_rim in (True, False):
            for run, places, size in seen:
                painter.setBrush(brush(_PAPER) if is_rim else _fill(run))
                radius = (size + _EDGE if is_rim else size - _EDGE) / 2
                for x, y in places:
                    if math.isfinite(x):
                        painter.drawEllipse(QPointF(x, y), radius, radius)

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
