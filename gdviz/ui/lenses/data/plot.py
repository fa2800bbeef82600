"""The data's points, and the models among them at the current step."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gdviz.engine.analysis.model_curves import Fit, Fitting, widened
from gdviz.engine.objectives.data import some_rows
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.theme import Theme

_SIZES = 7, 13  #: pixels of a point, and of the ring around one on the wrong side
_SMALL, _MANY = (4, 4), 300  #: the same, where there are more points than so many
_FAR = 1000.0  #: heights of the plot at which a curve is cut: painters count pixels in 32 bits
#: Points that are drawn, at most: more would be a blot, and take longer than a frame.
MOST_POINTS = 2_000
_STICKS = 200  #: residuals up to which each is drawn


class Drawn(NamedTuple):
    """A method's model: its fit and its colour."""

    fit: Fit
    color: str


class DataPlot(Plot):
    """Points that stand still, and curves or boundaries that move with the step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The data and the model at the current step", parent=parent)
        self._fitting: Fitting | None = None
        self._drawn = np.empty(0, np.intp)  # which rows have a point
        self.points = self.add_marks(_SIZES[0], z=5)
        self.wrong = self.add_marks(_SIZES[1], z=6)
        self.wrong.setBrush(None)
        self._marked = np.empty(0, bool)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._draw_points()

    def show_fitting(self, fitting: Fitting) -> None:
        """Show other points, and give them the axes."""
        self._fitting = fitting
        self._drawn = some_rows(fitting.data.rows, MOST_POINTS)
        self._marked = np.empty(0, bool)
        self.wrong.clear()
        across, up = fitting.axes
        self.set_label("bottom", across or "row")
        self.set_label("left", up)
        self.fit(widened(fitting.x), widened(fitting.y))
        # Points stand before the lines; so many that they hide them, behind.
        self.points.setZValue(5 if len(fitting.x) > _MANY else 55)
        self.wrong.setZValue(6 if len(fitting.x) > _MANY else 60)
        self._draw_points()

    def show_models(self, models: Sequence[Drawn], chosen: int) -> None:
        """Draw the models of the methods, the one at index `chosen` above the others."""
        fitting = self._fitting
        if fitting is None:
            return
        low, high = widened(fitting.y)
        far = _FAR * (high - low)
        curves: list[Curve] = []
        if models:
            curves += self._sticks(fitting, models[chosen].fit, far)
        for i, (fit, color) in enumerate(models):
            if i != chosen:
                y = np.clip(fit.y, low - far, high + far)
                curves.append(Curve(fit.x, y, pen(color, 2.0)))
        if models:
            fit, color = models[chosen]
            y = np.clip(fit.y, low - far, high + far)
            # Where two of them run side by side, the chosen one's halo parts them.
            curves += [
                Curve(fit.x, y, pen(self.theme.panel, 4.5)),
                Curve(fit.x, y, pen(color, 3.0)),
            ]
        self.show_curves(curves)
        self._mark(fitting, models[chosen].fit.wrong if models else np.empty(0, bool))

    def _sticks(self, fitting: Fitting, fit: Fit, far: float) -> list[Curve]:
        """Return a line from each point to the model: the residuals."""
        if fitting.is_plane or not fit.x.size or len(fitting.x) > _STICKS:
            return []
        gap = np.full_like(fitting.x, np.nan)
        ends = np.clip(fit.predictions, fitting.y - far, fitting.y + far)
        x = np.column_stack([fitting.x, fitting.x, gap]).ravel()
        y = np.column_stack([fitting.y, ends, gap]).ravel()
        return [Curve(x, y, pen(self.theme.groove, 1.5))]

    def _mark(self, fitting: Fitting, wrong: NDArray[np.bool_]) -> None:
        """Ring the points on the wrong side."""
        wrong = wrong[self._drawn] if wrong.size else wrong
        if np.array_equal(wrong, self._marked):
            return
        self._marked = wrong
        points = self._drawn[wrong] if wrong.size else self._drawn[:0]
        _, size = _sizes(fitting)
        x, y = fitting.x[points], fitting.y[points]
        self.wrong.setData(x, y, size=size, pen=pen(self.theme.error, 1.6))

    def _draw_points(self) -> None:
        if self._fitting is None:
            return
        theme, fitting = self.theme, self._fitting
        full, hollow = brush(theme.text), brush(theme.panel)
        drawn = self._drawn
        filled = fitting.above[drawn] if fitting.is_plane else np.ones(len(drawn), bool)
        self.points.setData(
            fitting.x[drawn],
            fitting.y[drawn],
            size=_sizes(fitting)[0],
            pen=pen(theme.text, 1.4),
            brush=[full if is_filled else hollow for is_filled in filled],
        )
        self._marked = np.empty(0, bool)  # in the theme's colour


def _sizes(fitting: Fitting) -> tuple[int, int]:
    return _SMALL if len(fitting.x) > _MANY else _SIZES
