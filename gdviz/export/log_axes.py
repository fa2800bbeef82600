"""Logarithmic axes whose numbers are written without mathtext."""

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from gdviz.engine.objective import Array
from gdviz.words import number, superscript

#: Ticks with numbers on an axis, about.
_TICKS = 7
#: Powers of ten that are written out.
_PLAIN = range(-2, 4)
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
    if which == "x":
        axes.set_xscale("log")
        axes.set_xlim(low, high)
    else:
        axes.set_yscale("log")
        axes.set_ylim(low, high)
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(LogLocator(10.0, numticks=_TICKS))
    axis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def power_of_ten(value: float) -> str:
    """Return a power of ten as an axis has it: 0.01, 10⁻⁷."""
    exponent = round(np.log10(value)) if value > 0.0 else 0
    return number(value) if exponent in _PLAIN else f"10{superscript(exponent)}"


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
