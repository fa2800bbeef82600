"""The three plots that show why a claimed gradient is right or wrong."""

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.ui.map.color_bar import ColorBar
from gdviz.ui.map.marks import Marks, cells_rect
from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.axes import ValueAxis, paint_axes
from gdviz.ui.toolkit.plots.line_plot import LinePlot
from gdviz.ui.toolkit.theme import Theme

if TYPE_CHECKING:  # it is needed once the page is open
    from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest

_HOLE = (128, 128, 128, 255)  #: where there is nothing to compare
_GUIDE_DECADES = 5.0  #: how far the lines of slope 1 and 2 are drawn
_GUIDE_ROOM = 0.4  #: decades by which they lie above the remainder
_LOWEST = -20.0  #: log10 of what is not worth an axis
_TRUE, _YOURS = 4.0, 1.8  #: widths in pixels: where the two are one, both are seen


@cache
def error_colors() -> np.ndarray:
    """Return the colours of an error, which are not those of the map: (256, 4) RGBA."""
    return pg.colormap.get("inferno").getLookupTable(nPts=256, alpha=True)


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
    pixels = error_colors()[(np.nan_to_num(places) * 255).astype(np.uint8)]
    pixels[holes] = _HOLE
    return pixels, scale


def _between(rows: np.ndarray, parts: int) -> np.ndarray:
    """Return rows with others between them, linearly."""
    at = np.arange((len(rows) - 1) * parts + 1) / parts
    first = np.minimum(at.astype(int), len(rows) - 2)
    share = (at - first)[:, None]
    between: np.ndarray = (1.0 - share) * rows[first] + share * rows[first + 1]
    return between


class ErrorPlot(QWidget):
    """How wrong a claimed gradient is over the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        axes = {"left": ValueAxis(44), "bottom": ValueAxis(0, "bottom")}
        self.plot = pg.PlotWidget(self, enableMenu=False, axisItems=axes)
        self.plot.setAccessibleName("Error of your gradient over the map")
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setLabel("bottom", "a")
        self.plot.setLabel("left", "b")
        self.plot.getPlotItem().layout.setContentsMargins(0, 6, 0, 0)
        self._box = self.plot.getViewBox()
        self._box.setDefaultPadding(0.0)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._box.addItem(self._image, ignoreBounds=True)
        self._worst = Marks(self._box, cross=11.0)
        self._worst.setZValue(10)
        self._bar = ColorBar(error_colors(), self)
        self._bar.setToolTip("The error that a colour stands for")
        self._box.sigResized.connect(self._align_bar)
        self._picture = QWidget(self)
        row = QHBoxLayout(self._picture)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.plot, 1)
        row.addWidget(self._bar)
        self._sentence = QLabel(self)
        self._sentence.setProperty("muted", True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for widget in (self._picture, self._sentence):  # one over the other
            grid.addWidget(widget, 0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ground and axes."""
        paint_axes(self.plot, theme)
        self._bar.set_theme(theme)

    def show_error(
        self,
        extent: Range,
        picture: tuple[np.ndarray, ColorScale],
        worst: tuple[tuple[float, float], ...],
    ) -> None:
        """Show a picture of an error over a part of the plane, and its worst places."""
        pixels, scale = picture
        self._image.setImage(pixels, autoLevels=False, levels=None)
        self._image.setRect(cells_rect(extent, len(pixels)))
        self._box.setRange(xRange=extent[:2], yRange=extent[2:], padding=0)
        self._worst.set_marks([(QPointF(*place), "") for place in worst])
        self._bar.set_scale(scale)
        self._sentence.hide()
        self._picture.show()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the picture."""
        self._picture.hide()
        self._sentence.setText(sentence)
        self._sentence.show()

    def _align_bar(self) -> None:
        area = self._box.sceneBoundingRect()
        self._bar.set_span(round(area.top()), round(area.bottom()))


class _LogPlot(LinePlot):
    """Lines over logarithmic axes; they are handed decimal logarithms."""

    def __init__(self, name: str, x_label: str, y_label: str, parent: QWidget | None) -> None:
        super().__init__(name, x_label, y_label, parent)
        self.left.set_log(True)
        self.bottom.set_log(True)
        self._muted = "#808080"

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._muted = theme.muted


class SweepPlot(_LogPlot):
    """The distance of central differences from the claimed and from the true derivative."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Central differences against your gradient", "ε", "|difference − ∂f|", parent
        )

    def show_test(self, test: "EpsilonTest", yours: str, true: str) -> None:
        """Show a test in the colours of the two derivatives."""
        x, claimed, exact = np.log10(test.epsilon), _logs(test.claimed), _logs(test.true)
        self.show_lines([(x, exact, pen(true, _TRUE)), (x, claimed, pen(yours, _YOURS))])
        self.fit((float(x[0]), float(x[-1])), np.concatenate([claimed, exact]))


class TaylorPlot(_LogPlot):
    """The Taylor remainder with the claimed and with the true derivative."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Taylor remainder of your gradient", "step t", "|f(θ+t) − f(θ) − t·∂f|", parent
        )
        self._labels = {1: pg.TextItem("t", anchor=(1, 1)), 2: pg.TextItem("t²", anchor=(0, 0))}
        for label in self._labels.values():
            self.add(label, 40)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of ground, axes and words."""
        super().set_theme(theme)
        for label in self._labels.values():
            label.setColor(theme.text)

    def show_test(self, test: "TaylorTest", yours: str, true: str) -> None:
        """Show a test in the colours of the two derivatives."""
        x = np.log10(test.t)
        claimed, exact, floor = (_logs(part) for part in (test.claimed, test.true, test.floor))
        lines = [
            (x, floor, pen(self._muted, 1.2, Qt.PenStyle.DotLine)),
            (x, exact, pen(true, _TRUE)),
            (x, claimed, pen(yours, _YOURS)),
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
                lines.append((*ends.T, pen(self._muted, 1.2, Qt.PenStyle.DashLine)))
                label.setPos(*end)
        self.show_lines(lines)
        drawn = np.concatenate([line[1] for line in lines])
        self.fit((float(x[0]), float(x[-1])), drawn[drawn > _LOWEST])

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the lines."""
        super().say(sentence)
        for label in self._labels.values():
            label.hide()


def _logs(values: np.ndarray) -> np.ndarray:
    """Return log10; what is 0 lies half a decade below the rest, what is not finite nowhere."""
    positive = values[(values > 0.0) & np.isfinite(values)]
    floor = float(positive.min()) / math.sqrt(10.0) if positive.size else 1e-18
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(values), np.log10(np.maximum(values, floor)), np.nan)
