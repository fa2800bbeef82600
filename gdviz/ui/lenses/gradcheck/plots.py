"""The three plots that show why a candidate gradient is right or wrong."""

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.scene.captions import pretty
from gdviz.scene.map.gradient_error import COLORS
from gdviz.ui.map.color_bar import ColorBar, color_table
from gdviz.ui.map.marks import Marks, cells_rect
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import PLOT, Plot, log10
from gdviz.ui.toolkit.theme import Theme

if TYPE_CHECKING:  # it is needed once the page is open
    from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest

_HOLE = (128, 128, 128, 255)  #: where there is nothing to compare
_GUIDE_DECADES = 5.0  #: how far the lines of slope 1 and 2 are drawn
_GUIDE_ROOM = 0.4  #: decades by which they lie above the remainder
_LOWEST = -20.0  #: log10 of what is not worth an axis
_TRUE, _YOURS = 4.0, 1.8  #: widths in pixels: where the two are one, both are seen
_TRUE_NAME, _YOURS_NAME = "true derivative", "your derivative"


def error_picture(error: np.ndarray, finer: int = 1) -> tuple[np.ndarray, ColorScale]:
    """Return an error in colours on a logarithmic scale.

    Parameters
    ----------
    error : ndarray, shape (n, n)
        Not negative; nan where it is not known, but not everywhere.
    finer : int, default 1
        Into how many parts the ways between the grid's points are divided, if all are known.

    Returns
    -------
    (ndarray of uint8, shape (m, m, 4), ColorScale)
        The pixels, and which error a colour stands for.
    """
    # From 0, so that a place on the scale is a power of ten.
    known = error[np.isfinite(error)]
    scale = ColorScale("log", 0.0, float(known.max()) or 1.0)
    places = scale.place(error)
    holes = np.isnan(places)
    if finer > 1 and not holes.any():
        places = _between(_between(places, finer).T, finer).T
        holes = np.zeros(places.shape, bool)
    pixels = color_table(COLORS)[(np.nan_to_num(places) * 255).astype(np.uint8)]
    pixels[holes] = _HOLE
    return pixels, scale


def _between(rows: np.ndarray, parts: int) -> np.ndarray:
    """Return rows with others between them, linearly."""
    at = np.arange((len(rows) - 1) * parts + 1) / parts
    first = np.minimum(at.astype(int), len(rows) - 2)
    share = (at - first)[:, None]
    between: np.ndarray = (1.0 - share) * rows[first] + share * rows[first + 1]
    return between


class ErrorPlot(Plot):
    """How wrong a candidate gradient is over the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Error of your gradient over the map", "a", "b", parent=parent)
        self.left.setWidth(44)
        self.left.setStyle(maxTickLevel=2)
        self._image = pg.ImageItem(axisOrder="row-major")
        self.add(self._image, 0)
        self._worst = Marks(self.box, cross=11.0)
        self._worst.setZValue(10)
        self._bar = ColorBar(COLORS, self)
        self._bar.setToolTip("The error that a colour stands for")
        self.plot.getPlotItem().layout.setContentsMargins(0, 6, 0, 0)
        self.rows.setHorizontalSpacing(8)
        self.rows.addWidget(self._bar, PLOT, 1)
        self.box.sigResized.connect(self._align_bar)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._bar.set_theme(theme)

    def set_names(self, parameters: tuple[str, str]) -> None:
        """Take what the axes are called."""
        for axis, name in zip((self.bottom, self.left), parameters, strict=True):
            axis.set_name(pretty(name))

    def show_error(
        self,
        extent: Range,
        picture: tuple[np.ndarray, ColorScale],
        worst: tuple[tuple[float, float], ...],
    ) -> None:
        """Show a picture of an error over a part of the plane, and its worst places.

        Parameters
        ----------
        extent : Range
            The part.
        picture : (ndarray, ColorScale)
            Colours, shape (n, n, 4), rows along b, and what they mean.
        worst : tuple of (float, float)
            Points that are marked.
        """
        pixels, scale = picture
        self._image.setImage(pixels, autoLevels=False, levels=None)
        self._image.setRect(cells_rect(extent, len(pixels)))
        self.set_range(extent[:2], extent[2:])
        self._worst.set_marks([(QPointF(*place), "") for place in worst])
        self._bar.set_scale(scale)
        self.show_curves(())
        self._bar.show()

    def say(self, sentence: str, *, keep_axes: bool = False) -> None:
        super().say(sentence, keep_axes=keep_axes)
        self._bar.hide()

    def _align_bar(self) -> None:
        area = self.box.sceneBoundingRect()
        self._bar.set_span(round(area.top()), round(area.bottom()))


class SweepPlot(Plot):
    """The distance of central differences from the candidate and from the true derivative."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Central differences against your gradient", "ε", "|difference − ∂f|",
            log_x=True, log_y=True, parent=parent,
        )  # fmt: skip

    def show_test(self, test: "EpsilonTest", yours: str, true: str) -> None:
        """Show a test in the colours of the two derivatives.

        Parameters
        ----------
        test : EpsilonTest
            Errors against ε.
        yours, true : str
            The colours of the person's derivative and of the true one, as ``#rrggbb``.
        """
        x, claimed, exact = np.log10(test.epsilon), log10(test.claimed), log10(test.true)
        curves = [
            Curve(x, exact, pen(true, _TRUE), _TRUE_NAME, test.true),
            Curve(x, claimed, pen(yours, _YOURS), _YOURS_NAME, test.claimed),
        ]
        self.show_curves(curves)
        self.fit((float(x[0]), float(x[-1])), np.concatenate([claimed, exact]))


class TaylorPlot(Plot):
    """The Taylor remainder with the candidate and with the true derivative."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Taylor remainder of your gradient", "step t", "|f(θ+t) − f(θ) − t·∂f|",
            log_x=True, log_y=True, parent=parent,
        )  # fmt: skip
        self._labels = {1: pg.TextItem("t", anchor=(1, 1)), 2: pg.TextItem("t²", anchor=(0, 0))}
        for label in self._labels.values():
            self.color(label.setColor, lambda theme: theme.text)
            self.add(label, 40)

    def show_test(self, test: "TaylorTest", yours: str, true: str) -> None:
        """Show a test in the colours of the two derivatives.

        Parameters
        ----------
        test : TaylorTest
            Remainders against the step's length.
        yours, true : str
            The colours of the person's derivative and of the true one, as ``#rrggbb``.
        """
        x = np.log10(test.t)
        claimed, exact, floor = (log10(part) for part in (test.claimed, test.true, test.floor))
        curves = [
            Curve(
                x, floor, pen(self.theme.muted, 1.2, Qt.PenStyle.DotLine), "rounding", test.floor
            ),
            Curve(x, exact, pen(true, _TRUE), _TRUE_NAME, test.true),
            Curve(x, claimed, pen(yours, _YOURS), _YOURS_NAME, test.claimed),
        ]
        tops = np.fmax(claimed, exact)
        known = np.flatnonzero(np.isfinite(tops))
        if math.isnan(test.slope) and math.isnan(test.true_slope):
            known = known[:0]  # rounding alone has no slope that lines could be held against
        for slope, label in self._labels.items():
            label.setVisible(bool(len(known)))
            if len(known):
                corner = float(x[known[-1]]), float(tops[known].max()) + _GUIDE_ROOM
                bottom = float(np.nanmin(floor))
                length = min(_GUIDE_DECADES, max(corner[1] - bottom, 1.0) / slope)
                end = corner[0] - length, corner[1] - slope * length
                ends = np.array([end, corner])
                dashed = pen(self.theme.muted, 1.2, Qt.PenStyle.DashLine)
                curves.append(Curve(ends[:, 0], ends[:, 1], dashed))
                label.setPos(*end)
        self.show_curves(curves)
        drawn = np.concatenate([curve.y for curve in curves])
        self.fit((float(x[0]), float(x[-1])), drawn[drawn > _LOWEST])
