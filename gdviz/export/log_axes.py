"""Logarithmic axes whose numbers are written without mathtext."""

import math
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from gdviz.base.format import log_label
from gdviz.base.types import Array

#: Ticks with numbers on an axis, about.
_TICKS = 7
#: A shorter axis has numbers between powers of ten as well.
_SHORT = 10.0**2.5
#: Between these one may multiply and divide without a thought of overflow.
_SMALLEST, _LARGEST = 1e-290, 1e290


def set_log_axis(axes: Axes, which: Literal["x", "y"], low: float, high: float) -> None:
    """Make an axis logarithmic.

    Parameters
    ----------
    axes : Axes
        Where.
    which : {"x", "y"}
        The axis.
    low, high : float
        Its ends, positive.
    """
    ends: dict[str, Any] = {f"{which}scale": "log", f"{which}lim": (low, high)}
    axes.set(**ends)
    axis = axes.xaxis if which == "x" else axes.yaxis
    multiples = (1.0, 2.0, 5.0) if high < low * _SHORT else (1.0,)
    axis.set_major_locator(LogLocator(10.0, multiples, numticks=_TICKS))
    farthest = max(abs(math.log10(low)), abs(math.log10(high)))
    axis.set_major_formatter(FuncFormatter(lambda x, _rank: log_label(math.log10(x), farthest)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def decades(values: Array, room: float = 1.3) -> tuple[float, float]:
    """Return the ends of an axis on which all positive numbers among some find room.

    Parameters
    ----------
    values : ndarray
        Numbers; what is not positive and finite is passed over.
    room : float, default 1.3
        The factor by which the ends lie beyond the outermost numbers.

    Returns
    -------
    (float, float)
        At least a decade apart.
    """
    shown = values[np.isfinite(values) & (values > 0.0)].clip(_SMALLEST, _LARGEST)
    low, high = (shown.min() / room, shown.max() * room) if len(shown) else (1.0, 10.0)
    lacking = max(0.0, 1.0 - np.log10(high / low)) / 2
    return float(low * 10**-lacking), float(high * 10**lacking)
