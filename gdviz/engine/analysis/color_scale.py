"""The colour scale: from a loss to a place between 0 and 1, and back.

A surface may span ten decades and touch zero, or be negative, so that the logarithm of f itself
is no scale. All scales measure from the lowest loss in view, u = f − low:

========  ============================================  ==============================
linear    u/R                                           R = high − low
sqrt      √(u/R)                                        a parabola becomes a cone
log       log(1 + u/δ)/log(1 + R/δ), δ = 10⁻⁵·R         decades, down to five below R
========  ============================================  ==============================
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gdviz.base.format import number
from gdviz.base.types import Array

Kind = Literal["linear", "sqrt", "log"]

LEVELS = 20  #: contour lines drawn
_DECADES = 1e5
#: Poles and outliers: where the full scale is so many times the central 98 %, tails are cut off
#: that take more than this part of it.
_TAIL, _LONG = 30.0, 0.25
#: From the lowest, where the first quarter and the half of all losses lie that ask for a scale.
_IN_DECADES, _IN_A_CONE = 0.02, 0.22
#: Larger losses count as infinite, so that a difference of two is still a number.
_LARGEST = 1e307


def _ranked(values: Array, *parts: float) -> list[float]:
    """Return the losses that such parts of all are below."""
    # np.percentile imports numpy.ma: a tenth of the time to the window's first frame.
    ranks = np.rint(np.array(parts) * (values.size - 1)).astype(int)
    found: list[float] = np.partition(values, ranks)[ranks].tolist()
    return found


def _suggested(values: Array) -> Kind:
    """Return the scale on which the losses use most of the colours."""
    low, quarter, half, high = _ranked(values, 0.0, 0.25, 0.5, 1.0)
    if not high > low:
        return "linear"
    if quarter - low < _IN_DECADES * (high - low):
        return "log"
    return "sqrt" if half - low < _IN_A_CONE * (high - low) else "linear"


@dataclass(frozen=True)
class ColorScale:
    """A monotone map from losses to [0, 1].

    Parameters
    ----------
    kind : {"linear", "sqrt", "log"}
        Which.
    low, high : float
        The losses at 0 and 1, ``low < high``.
    least, greatest : float or None, default None
        The lowest and the highest loss, where these are beyond the scale: poles and outliers, which
        have the colour of the scale's end.
    """

    kind: Kind
    low: float
    high: float
    least: float | None = None
    greatest: float | None = None

    @classmethod
    def fit(
        cls, values: Array, kind: Kind | None = None, cells: Array | None = None
    ) -> "ColorScale":
        """Choose the limits for a grid of losses, and the scale, if it is not given.

        Parameters
        ----------
        values : ndarray
            The losses, of which some may not be finite.
        kind : {"linear", "sqrt", "log"} or None, default None
            Which; by default the one on which most colours are seen.
        cells : ndarray or None, default None
            What the losses were interpolated from, among which a single one may be an outlier.
        """
        finite = values[np.abs(values) < _LARGEST]
        if not finite.size:
            return cls(kind or "linear", 0.0, 1.0)
        low, high = float(finite.min()), float(finite.max())
        near, far = _ranked(finite, 0.01, 0.99)
        if cells is not None:
            # At least one at either end: that of a small grid has many points of the map around it.
            tail = max(0.02, 1.0 / cells.size)
            near, far = _ranked(cells[np.isfinite(cells)], tail, 1.0 - tail)
        if kind is None:
            is_cut = high - low > _TAIL * (far - near) > 0
            kind = _suggested(np.clip(finite, near, far) if is_cut else finite)
        least = greatest = None
        # A scale of decades shows poles as they are.
        if high > low and (kind == "linear" or cells is not None):
            from_low, from_high = cls(kind, low, high).place([near, far]).tolist()
            if 0.0 < from_high - from_low < 1.0 / _TAIL:
                if from_low > _LONG:
                    least, low = low, near
                if from_high < 1.0 - _LONG:
                    greatest, high = high, far
        if not high - low > 1e-12 * max(abs(low), abs(high), 1e-290):
            high = low + max(abs(low) * 1e-6, 1e-6)  # a constant surface still needs two ends
        return cls(kind, low, high, least, greatest)

    @property
    def note(self) -> str:
        """Which losses are beyond the scale, in a sentence; empty where there are none."""
        parts = []
        if self.greatest is not None:
            parts.append(f"above {number(self.high, 3)}, up to {number(self.greatest, 3)}")
        if self.least is not None:
            parts.append(f"below {number(self.low, 3)}, down to {number(self.least, 3)}")
        if not parts:
            return ""
        return f"Outliers have the colour of the end: losses {' and '.join(parts)}"

    def place(self, losses: Any) -> Array:
        """Return where losses lie, clipped to [0, 1]; nan stays nan."""
        with np.errstate(all="ignore"):
            u = np.clip((np.asarray(losses, float) - self.low) / (self.high - self.low), 0.0, 1.0)
        if self.kind == "sqrt":
            return np.sqrt(u)
        if self.kind == "log":
            return np.log1p(u * _DECADES) / math.log1p(_DECADES)
        return u

    def loss(self, places: Any) -> Array:
        """Return the losses at places in [0, 1]: the inverse of :meth:`place`."""
        t = np.asarray(places, float)
        if self.kind == "sqrt":
            t = t**2
        elif self.kind == "log":
            t = np.expm1(t * math.log1p(_DECADES)) / _DECADES
        return self.low + t * (self.high - self.low)

    def levels(self, count: int = LEVELS) -> Array:
        """Return losses for contour lines, equally spaced on the scale."""
        return self.loss((np.arange(count) + 0.5) / count)

    def ticks(self, count: int = 6) -> list[tuple[float, str]]:
        """Return places and labels for a colour bar, at round losses.

        Parameters
        ----------
        count : int, default 6
            About how many.
        """
        if self.kind == "linear":
            rough = (self.high - self.low) / count
            decade = 10.0 ** math.floor(math.log10(rough))
            step = decade * next(m for m in (1, 2, 5, 10) if m * decade >= rough)
            # A little slack: 0.3/0.1 is just below 3.
            first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
            losses = [step * k for k in range(first, last + 1)]
            # As many digits as tell neighbours apart: 1000000.2, not 1e+06 over and over.
            largest = max(abs(self.low), abs(self.high))
            digits = math.floor(math.log10(largest)) - math.floor(math.log10(step)) + 1
            return [(float(self.place(loss)), f"{loss:.{digits}g}") for loss in losses]
        # Elsewhere equal distances: each label has as few digits as keep it near its target.
        result: dict[str, float] = {}
        for target in np.linspace(0.02, 0.98, count):
            labels = [f"{self.loss(target):.{digits}g}" for digits in range(1, 18)]
            places = self.place([float(label) for label in labels])
            near = np.flatnonzero(np.abs(places - target) < 0.1 / count)
            best = int(near[0]) if len(near) else -1
            result[labels[best]] = float(places[best])
        return [(place, label) for label, place in result.items()]
