"""A range in which there is something to see: guessed from what a function is like.

Square windows of several sizes are tried, around 0, around the lowest minimum, and around where
the function is finite. A good one has the minima that were found inside, that one above all, with a
margin; is finite everywhere, or has all of the disc or square where the function is; is not filled
by one flat value with a spike in a corner; and, everything else being equal, is a few units wide,
as what people write down by hand mostly is.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.grid import sample
from gdviz.engine.analysis.start.minima import (
    Minimum,
    all_minima,
    minima_of_windows,
    principal,
    valley_from_0,
)
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE

_HALF_WIDTHS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_LOOKED_AT = (*_HALF_WIDTHS, 500.0)  # in search of minima, and of where f is finite
_FAR = (2e3, 1e4, 1e5)  # looked at if there is no minimum nearer
_DESCENDED = (1.0, 5.0, 50.0)  # from whose lowest points one goes down
#: So far away windows about (0, 0) have few points, and others about the minimum are looked at.
_COARSE, _NEARER = 50.0, (5.0, 20.0)
_USUAL = 4.0  # the half-width that most functions out of books are shown with
_POINTS, _FEW_POINTS = 24, 12  # along an axis; even, so that 1/a is not asked for at 0
_MANY_ROWS = 100
_MARGIN = 0.75  # of the half-width: a minimum beyond this lies at the edge
_CLOSER_LOOKS = 3  # at where the domain ends
_WHOLE = 1.6  # what it is worth to have all of a bounded domain: more than an even picture
_MAIN = 2.5  # what it is worth to have the minimum that the map is about
_BANDS = 50  # of the values: more than half of the window in one of them is a plain


def guess_range(
    objective: Objective,
    cancelled: Callable[[], bool] = bool,
    known: Iterable[tuple[float, float]] = (),
) -> Range:
    """Guess a range for the map of a function.

    Parameters
    ----------
    objective : Objective
        The function; some 5,000 values of it are computed, half as many more where no minimum is
        near, and fewer over many rows of data.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.
    known : iterable of (float, float), optional
        Minima that are known already.

    Returns
    -------
    Range
        Round numbers; the same for the same function. ``DEFAULT_RANGE`` where the function is
        constant, or finite nowhere.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    points = _POINTS if objective.rows <= _MANY_ROWS else _FEW_POINTS

    def look(extent: Range) -> Array:
        return sample(objective, extent, points, cancelled).values

    squares = {_square(0.0, 0.0, h): h for h in _LOOKED_AT}
    seen = {extent: look(extent) for extent in squares}
    starts = [extent for extent, h in squares.items() if h in _DESCENDED]
    minima = all_minima(objective, seen, starts, known, cancelled)
    if not minima:
        # Of a fit, points of all sizes were looked at.
        is_known = objective.rows > 1 and objective.is_smooth and not objective.no_hessian
        far = [] if is_known else [_square(0.0, 0.0, h) for h in _FAR]
        minima = minima_of_windows(objective, {each: look(each) for each in far}, cancelled)
        minima = minima or valley_from_0(objective)
    main = principal(objective, minima, seen)
    if main is not None and main.distance[0] > _COARSE:
        near = [_around(main, h) for h in _NEARER]
        seen |= {extent: look(extent) for extent in near}
        others = [(each.a, each.b) for each in minima]
        there = {extent: seen[extent] for extent in near}
        minima = all_minima(objective, there, near, others, cancelled)
        main = principal(objective, minima, seen)
    domain = _whole_domain(seen, look)
    candidates = [extent for extent, h in squares.items() if h in _HALF_WIDTHS]
    candidates += [box for extent, values in seen.items() if (box := _finite_box(extent, values))]
    candidates += [domain] if domain else []
    if main is not None and max(abs(main.a), abs(main.b)) > 2:  # else one around 0 does as well
        candidates += [_around(main, h) for h in _HALF_WIDTHS]
    best, best_score = DEFAULT_RANGE, -math.inf
    for extent in dict.fromkeys(candidates):
        values = seen.get(extent)
        score = _score(extent, look(extent) if values is None else values, minima, main)
        if domain and _covers(extent, domain):
            score += _WHOLE
        if score > best_score + 1e-9:
            best, best_score = extent, score
    return best


def start_within(extent: Range, start: tuple[float, float]) -> tuple[float, float]:
    """Return a start if it lies in a range, else one near the range's upper left corner.

    Parameters
    ----------
    extent : Range
        The range.
    start : (float, float)
        The start.
    """
    if extent.contains(*start):
        return start
    a = extent.a_low + 0.2 * (extent.a_high - extent.a_low)
    b = extent.b_low + 0.8 * (extent.b_high - extent.b_low)
    return float(f"{a:.4g}"), float(f"{b:.4g}")


def _square(a: float, b: float, half: float) -> Range:
    return Range(*(float(f"{x:.6g}") for x in (a - half, a + half, b - half, b + half)))


def _around(minimum: Minimum, half: float) -> Range:
    unit = half / 5
    return _square(round(minimum.a / unit) * unit, round(minimum.b / unit) * unit, half)


def _finite_box(extent: Range, values: Array) -> Range | None:
    """Return the rectangle around the finite part of a window, a little smaller than the window."""
    finite = np.isfinite(values)
    if finite.all() or not finite.any():
        return None
    a_low, a_high, b_low, b_high = _rectangle(extent, finite)
    box = Range(
        max(a_low, extent.a_low), min(a_high, extent.a_high),
        max(b_low, extent.b_low), min(b_high, extent.b_high),
    )  # fmt: skip
    return box if box.a_low < box.a_high and box.b_low < box.b_high else None


def _rectangle(extent: Range, inside: NDArray[np.bool_], beyond: int = 0) -> Range:
    """Return the rectangle around some points of a window, and so many cells more, rounded."""
    sides: list[float] = []
    for axis, low, high in ((0, *extent[:2]), (1, *extent[2:])):
        index = np.flatnonzero(inside.any(axis=axis))
        cell = (high - low) / (inside.shape[1 - axis] - 1)
        unit = 10.0 ** math.floor(math.log10(cell))
        first, last = (low + cell * (index[k] + side * beyond) for k, side in ((0, -1), (-1, 1)))
        ends = math.floor(first / unit + 1e-9) * unit, math.ceil(last / unit - 1e-9) * unit
        sides += [float(f"{end:.6g}") for end in ends]
    return Range(*sides)


def _whole_domain(seen: dict[Range, Array], look: Callable[[Range], Array]) -> Range | None:
    """Return a rectangle around where f is a number, if there is one; small windows come first."""
    domain = next((box for extent in seen if (box := _domain(extent, seen[extent]))), None)
    for _ in range(_CLOSER_LOOKS):
        if domain is not None:
            domain = _domain(domain, look(domain)) or domain
    return domain


def _domain(extent: Range, values: Array) -> Range | None:
    """Return a rectangle around where f is a number, if that ends within a window on all sides."""
    known = ~np.isnan(values)  # where numbers only become too large the function goes on
    if not known.any() or known[[0, -1]].any() or known[:, [0, -1]].any():
        return None
    return _rectangle(extent, known, beyond=1)


def _covers(extent: Range, domain: Range) -> bool:
    """Tell whether a window has all of a domain, whose ends are known to within a percent."""
    slack_a = 0.006 * (domain.a_high - domain.a_low)
    slack_b = 0.006 * (domain.b_high - domain.b_low)
    return (
        extent.a_low <= domain.a_low + slack_a
        and extent.a_high >= domain.a_high - slack_a
        and extent.b_low <= domain.b_low + slack_b
        and extent.b_high >= domain.b_high - slack_b
    )


# ---------------------------------------------------------------- how good a window is


def _score(extent: Range, values: Array, minima: list[Minimum], main: Minimum | None) -> float:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return -math.inf
    halves = finite / 2.0  # of which no difference of two numbers is infinite
    spread = float(np.ptp(halves))
    if not spread > 1e-9 * float(np.abs(halves).max()):
        return -math.inf  # flat
    # What is left of 1 if most of the picture had one colour.
    bands = np.bincount(((halves - halves.min()) / spread * (_BANDS - 1)).astype(int))
    plain = float(bands.max()) / finite.size
    half_a, half_b = (extent.a_high - extent.a_low) / 2, (extent.b_high - extent.b_low) / 2
    half = math.sqrt(half_a * half_b)
    score = -0.45 * abs(math.log2(half / _USUAL)) - 2.0 * max(0.0, plain - 0.4)
    score -= 3.0 * (1 - finite.size / values.size)
    score -= 0.3 * abs(math.log2(half_a / half_b))
    centre_a, centre_b = (extent.a_low + extent.a_high) / 2, (extent.b_low + extent.b_high) / 2
    if (centre_a, centre_b) != (0.0, 0.0):
        score -= 0.5
    for minimum in minima:
        off = max(abs(minimum.a - centre_a) / half_a, abs(minimum.b - centre_b) / half_b)
        inside = 1.0 if off <= _MARGIN else 0.3 if off <= 1 else 0.0
        share = 0.8 / len(minima) + _MAIN * (minimum is main)
        score += inside * share
    return score
