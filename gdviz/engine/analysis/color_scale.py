"""The colour scale: from a loss to a place between 0 and 1, and back.

A surface may span ten decades and touch zero, or be negative, so that the logarithm of f itself
is no scale. All scales measure from the lowest loss in view, u = f − low:

========  ============================================  ==============================
linear    u/R                                           R = high − low
sqrt      √(u/R)                                        a parabola becomes a cone
log       log(1 + u/δ)/log(1 + R/δ), δ = 10⁻⁵·R         decades, down to five below R
========  ============================================  ==============================
"""

import itertools
import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from gdviz.base.format import log_label, number, typographic, with_power_of_ten
from gdviz.base.types import Array

Kind = Literal["linear", "sqrt", "log"]

LEVELS = 20  #: contour lines drawn
_DECADES = 1e5
#: Poles and outliers: where the full scale is so many times the central 98 %, tails are cut off
#: that take more than this part of it.
_TAIL, _LONG = 30.0, 0.25
#: A cliff: beyond a gap so many times as wide as this side of it even decades would have one colour
#: for all of that, which at least such a part of the losses has to lie on, and so many different
#: ones: near a flat minimum the few lowest of a coarse grid are as far from each other.
_CLIFF, _ON_A_SIDE, _SHAPE = _DECADES, 0.02, 16
_BEYOND = 0.001  #: what part of them lies beyond it; of fewer decades show where they are
#: A wall: a cliff without a gap, as that of an exponential, beside this part of all losses or a
#: smaller one, which decades can show; it is so many times as high, and is cut off where it is so
#: many times as high.
_BESIDE_WALL, _WALL, _FOOT = (0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5), 1e10, 2.0
_LEVEL = 1e-9  #: of its losses: what spreads no more is level, but for rounding
#: What part of a grid's cells, at either end, may be outliers.
_FEW_CELLS = 0.05
#: From the lowest, where the first quarter and the half of all losses lie that ask for a scale.
_IN_DECADES, _IN_A_CONE = 0.02, 0.22
#: Ticks of a linear scale, about; the least distance of two on another, and the widest gap.
_TICKS, _APART, _WIDE = 6, 1 / 12, 0.28
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


def _without_cliff(values: Array) -> tuple[float, float] | None:
    """Return the ends of the losses on the side of a cliff that it would flatten; None without one.

    Steps of a surface that is level on either side are none: there is nothing to be flattened.
    """
    low, near, far, high = _ranked(values, 0.0, _ON_A_SIDE, 1.0 - _ON_A_SIDE, 1.0)
    if not min(near - low, high - far) < (high - low) / _CLIFF:
        return None  # as nearly always, and without sorting
    ranked = np.sort(values, axis=None)
    gaps, count = np.diff(ranked), len(ranked)
    below, above = ranked[:-1], ranked[1:]  # each gap has so many losses below and above it
    many = np.arange(1, count)
    distinct = np.concatenate([[0], np.cumsum(gaps > 0.0)])  # of those below each of them
    found: list[tuple[int, float, float]] = []
    for end, size, spread, shape, is_below in (
        (below, many, below - low, distinct[:-1], True),
        (above, many[::-1], high - above, distinct[-1] - distinct[1:], False),
    ):
        is_rest = (
            (count - size >= _BEYOND * count)
            & (size >= _ON_A_SIDE * count)
            & (spread > _LEVEL * np.abs(end))
        )
        at = np.flatnonzero(is_rest & (shape >= _SHAPE) & (gaps / _CLIFF > spread))
        if len(at):
            k = at[0] if is_below else at[-1]
            ends = (low, float(end[k])) if is_below else (float(end[k]), high)
            found.append((int(size[k]), *ends))
    return max(found)[1:] if found else _without_wall(ranked)


def _without_wall(ranked: Array) -> tuple[float, float] | None:
    """Return the ends of the losses beside a wall that would flatten them; None without one."""
    count = len(ranked)
    for is_high in (True, False):
        heights = ranked - ranked[0] if is_high else ranked[-1] - ranked[::-1]
        near = heights[round(_ON_A_SIDE * (count - 1))]
        for part in _BESIDE_WALL:
            far = heights[round(part * (count - 1))]
            if not (far / _DECADES <= near and heights[-1] / _WALL > far):
                continue
            foot = heights[: np.searchsorted(heights, _FOOT * far, "right")]
            end = foot[-1]
            if len(np.unique(foot)) < _SHAPE or end <= _LEVEL * abs(ranked[0 if is_high else -1]):
                break
            if is_high:
                return float(ranked[0]), float(ranked[0] + end)
            return float(ranked[-1] - end), float(ranked[-1])
    return None


def _between(
    low: float, high: float, losses: Array, kind: Kind | None, cells: Array | None
) -> tuple[Array, Kind | None, Array | None]:
    """Return what a scale is fitted to, as far as it lies between two losses."""
    if cells is not None:
        cells = cells[(cells >= low) & (cells <= high)]
        cells = cells if cells.size else None
    return losses[(losses >= low) & (losses <= high)], kind, cells


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
    known : {2, 1, 0}, default 2
        How many of the ends are losses: only one of a constant surface, none where there is none.
    """

    kind: Kind
    low: float
    high: float
    least: float | None = None
    greatest: float | None = None
    known: int = 2

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
            return cls(kind or "linear", 0.0, 1.0, known=0)
        if (rest := _without_cliff(finite)) is not None:
            return _beyond(cls.fit(*_between(*rest, finite, kind, cells)), finite)
        low, high = float(finite.min()), float(finite.max())
        near, far = _ranked(finite, 0.01, 0.99)
        if cells is not None:
            # At least one at either end: that of a small grid has many points of the map around it.
            tail = max(_FEW_CELLS, 1.0 / cells.size)
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
            # A constant surface still needs two ends.
            return cls(kind, low, low + max(abs(low) * 1e-6, 1e-6), least, greatest, known=1)
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

    def ticks(self) -> list[tuple[float, str]]:
        """Return places and labels for a colour bar, at round losses, spelled as on an axis.

        A constant surface has its one loss, and one without a loss nothing.
        """
        if self.known < 2:
            return [(0.0, number(self.low, 6))] * self.known
        losses = self._multiples() if self.kind == "linear" else self._decades()
        are_short = all(len(loss.as_tuple().digits) == 1 for loss in losses)
        is_axis = self.kind != "linear" and are_short
        labels = _as_on_a_log_axis(losses) if is_axis else _written_alike(losses)
        return list(zip(self.place(list(map(float, losses))).tolist(), labels, strict=True))

    def _multiples(self) -> list[Decimal]:
        """Return the losses of a linear scale: multiples of 1, 2 or 5 times a power of ten."""
        rough = (self.high - self.low) / _TICKS
        exponent = math.floor(math.log10(rough))
        multiple = next(m for m in (1, 2, 5, 10) if m * 10.0**exponent >= rough)
        if multiple == 10:
            exponent, multiple = exponent + 1, 1
        step = multiple * 10.0**exponent
        # A little slack: 0.3/0.1 is just below 3.
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [Decimal(k * multiple).scaleb(exponent) for k in range(first, last + 1)]

    def _decades(self) -> list[Decimal]:
        """Return zero and powers of ten, and other round losses where those leave wide gaps."""
        found: dict[float, Decimal] = {}  # by place
        span = self.high - self.low
        finest = span / (_DECADES if self.kind == "log" else _DECADES**0.5)
        most, least = _exponent(max(abs(self.low), abs(self.high))), _exponent(finest)
        powers = [Decimal(s).scaleb(k) for k in range(most, least - 1, -1) for s in (1, -1)]
        for loss in (Decimal(0), *powers):
            place = float(self.place(float(loss)))
            if self.low <= loss <= self.high and all(abs(place - p) >= _APART for p in found):
                found[place] = loss
        while True:
            places = [-_APART, *sorted(found), 1.0 + _APART]
            width, start = max((b - a, a) for a, b in itertools.pairwise(places))
            if width - _APART <= _WIDE:
                break
            between = start + np.array([_APART, width / 2, width - _APART])
            filling = _roundest(*self.loss(between).tolist())
            place = start if filling is None else float(self.place(float(filling)))
            if filling is None or not start < place < start + width:
                break  # there is no number between
            found[place] = filling
        return [found[place] for place in sorted(found)]


def _beyond(scale: ColorScale, losses: Array) -> ColorScale:
    """Return the scale of losses of which some are beyond it."""
    least, greatest = float(losses.min()), float(losses.max())
    return replace(
        scale,
        least=least if least < scale.low else scale.least,
        greatest=greatest if greatest > scale.high else scale.greatest,
    )


def _exponent(value: float) -> int:
    return math.floor(math.log10(value))


def _roundest(low: float, middle: float, high: float) -> Decimal | None:
    """Return the number of fewest digits between two, of several the one next to the middle."""
    most = _exponent(max(abs(low), abs(high)))
    for exponent in range(most, most - 17, -1):
        for multiple in (5, 2, 1):
            step = multiple * 10.0**exponent
            between = range(math.ceil(low / step), math.floor(high / step) + 1)
            if between:
                k = min(between, key=lambda k: abs(k * step - middle))
                return Decimal(k * multiple).scaleb(exponent)
    return None


def _as_on_a_log_axis(losses: list[Decimal]) -> list[str]:
    """Return the labels of numbers of one digit; on this axis there are zero and negative ones."""
    logarithms = [math.log10(abs(loss)) if loss else 0.0 for loss in losses]
    farthest = max(map(abs, logarithms))
    labels = [log_label(logarithm, farthest) for logarithm in logarithms]
    signs = ["−" if loss < 0 else "" for loss in losses]
    return [
        f"{s}{label}" if loss else "0" for s, label, loss in zip(signs, labels, losses, strict=True)
    ]


def _written_alike(losses: list[Decimal]) -> list[str]:
    """Return numbers that are all written out, or all with powers of ten."""
    sizes = [abs(loss) for loss in losses if loss]
    finest = min(int(loss.as_tuple().exponent) for loss in losses if loss)
    is_plain = min(sizes) >= Decimal("1e-4") and (max(sizes) < 100_000 or finest <= 0)
    texts = [
        typographic(f"{loss:f}") if is_plain else with_power_of_ten(f"{loss.normalize():e}")
        for loss in losses
    ]
    return [text if loss else "0" for text, loss in zip(texts, losses, strict=True)]
