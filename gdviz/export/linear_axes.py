"""Linear axes whose ticks are spelled as the window's: 8·10⁶ and 2.50001, without an offset."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.ticker import AutoLocator, Formatter, MaxNLocator

from gdviz.base.format import tick_label
from gdviz.base.types import Array

#: A digit's width, and the least gap between two labels, of the font's size.
_DIGIT, _GAP = 0.64, 0.8
_STEPS = (1, 2, 2.5, 5, 10)  #: as matplotlib's own


def spell_ticks(axes: Axes) -> None:
    """Have the linear ones of two axes spell their ticks as the window does.

    Parameters
    ----------
    axes : Axes
        Where. What is logarithmic, or has no ticks that matplotlib chooses, stays as it is.
    """
    lines: tuple[Axis, Axis] = (axes.xaxis, axes.yaxis)
    for axis in lines:
        if isinstance(axis.get_major_locator(), AutoLocator):
            axis.set_major_formatter(_Spelled())
            if isinstance(axis, XAxis):
                axis.set_major_locator(_WithRoom())


class _Spelled(Formatter):
    """Writes ticks in as many digits as they need to differ."""

    def __call__(self, x: float, pos: int | None = None) -> str:  # noqa: ARG002 - matplotlib's
        """Return a number that is no tick."""
        return tick_label(x, 0.0)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the labels at ticks."""
        spacing = _spacing(values)
        return [tick_label(value, spacing) for value in values]


class _WithRoom(AutoLocator):
    """Takes fewer ticks side by side where their labels would cover each other."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return where ticks are between two numbers."""
        ticks = np.asarray(super().tick_values(vmin, vmax))
        for bins in range(len(ticks) - 1, 0, -1):
            if self._have_room(ticks, vmin, vmax):
                break
            ticks = np.asarray(MaxNLocator(bins, steps=_STEPS).tick_values(vmin, vmax))
        return ticks

    def _have_room(self, ticks: Array, low: float, high: float) -> bool:
        axis = self.axis
        assert isinstance(axis, Axis)
        figure = axis.get_figure(root=True)
        assert figure is not None
        points = axis.axes.get_window_extent().width * 72 / figure.dpi
        size = float(axis.get_major_ticks(1)[0].label1.get_fontsize())
        spacing = _spacing(ticks)
        longest = max((len(tick_label(tick, spacing)) for tick in ticks), default=0)
        return (_DIGIT * longest + _GAP) * size <= points * spacing / abs(high - low)


def _spacing(ticks: Sequence[float] | Array) -> float:
    """Return how far apart ticks are; on average, lest it be rounding. 0 for a single one."""
    return float(np.ptp(ticks)) / (len(ticks) - 1) if len(ticks) > 1 else 0.0
