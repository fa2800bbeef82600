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

from gdviz.base.types import Array

Kind = Literal["linear", "sqrt", "log"]

LEVELS = 20  #: contour lines drawn
_DECADES = 1e5
#: Poles: where the full range is this many times the central 98 %, the tails are cut off.
_TAIL = 30.0
#: Larger losses count as infinite, so that a difference of two is still a number.
_LARGEST = 1e307


@dataclass(frozen=True)
class ColorScale:
    """A monotone map from losses to [0, 1].

    Parameters
    ----------
    kind : {"linear", "sqrt", "log"}
        Which.
    low, high : float
        The losses at 0 and 1, ``low < high``.
    """

    kind: Kind
    low: float
    high: float

    @classmethod
    def fit(cls, values: Array, kind: Kind) -> "ColorScale":
        """Choose the limits for a grid of losses, of which some may not be finite."""
        finite = values[np.abs(values) < _LARGEST]
        if not finite.size:
            return cls(kind, 0.0, 1.0)
        low, high = float(finite.min()), float(finite.max())
        # np.percentile imports numpy.ma: a tenth of the time to the window's first frame.
        ranks = np.rint(np.array([0.01, 0.99]) * (finite.size - 1)).astype(int)
        near, far = np.partition(finite, ranks)[ranks]
        if kind == "linear" and high - low > _TAIL * (far - near) > 0:
            low, high = float(near), float(far)
        if not high - low > 1e-12 * max(abs(low), abs(high), 1e-290):
            high = low + max(abs(low) * 1e-6, 1e-6)  # a constant surface still needs two ends
        return cls(kind, low, high)

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
