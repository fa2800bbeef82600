"""A range in which there is something to see: guessed from what a function is like.

Square windows of several sizes are tried, around 0, around the lowest minimum, and around where
the function is finite. A good one has the minima that were found inside, with a margin; is finite
everywhere, or has all of the disc or square where the function is; is not filled by one flat value
with a spike in a corner; and, everything else being equal, is a few units wide, as what people
write down by hand mostly is.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.grid import sample
from gdviz.engine.analysis.start.trust_region import descended
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE

_HALF_WIDTHS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_LOOKED_AT = (*_HALF_WIDTHS, 500.0)  # in search of minima, and of where f is finite
_FAR = (2e3, 1e4, 1e5)  # looked at if there is no minimum nearer
_USUAL = 4.0  # the half-width that most functions out of books are shown with
_POINTS, _FEW_POINTS = 24, 12  # along an axis; even, so that 1/a is not asked for at 0
_MANY_ROWS = 100
_MARGIN = 0.7  # of the half-width: a minimum beyond this lies at the edge
_DESCENDED = (1.0, 5.0, 50.0)  # the half-widths of windows from whose lowest points one goes down
_ZOOMS = 4  # at least; as many more as it takes to know a minimum to within
_CLOSE = 3.0
_CLOSER_LOOKS = 3  # at where the domain ends
_WHOLE = 1.6  # what it is worth to have all of a bounded domain: more than an even picture
_BANDS = 50  # of the values: more than half of the window in one of them is a plain


@dataclass(frozen=True)
class _Minimum:
    a: float
    b: float
    value: float


def guess_range(objective: Objective, cancelled: Callable[[], bool] = bool) -> Range:
    """Guess a range for the map of a function.

    Parameters
    ----------
    objective : Objective
        The function; some 5,000 values of it are computed, half as many more where no minimum is
        near, and fewer over many rows of data.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

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
    minima = _all_minima(objective, seen, cancelled)
    if not minima:
        far = {extent: look(extent) for extent in (_square(0.0, 0.0, h) for h in _FAR)}
        minima = _distinct(_minima(objective, far, cancelled)) or _in_a_valley(objective)
    domain = _whole_domain(seen, look)
    candidates = [extent for extent, h in squares.items() if h in _HALF_WIDTHS]
    candidates += [box for extent, values in seen.items() if (box := _finite_box(extent, values))]
    candidates += [domain] if domain else []
    if minima:
        lowest, nearest = minima[0], min(minima, key=_distance)
        for minimum in dict.fromkeys((lowest, nearest)):
            if max(abs(minimum.a), abs(minimum.b)) > 2:  # else a window around 0 does as well
                candidates += [_around(minimum, h) for h in _HALF_WIDTHS]
    best, best_score = DEFAULT_RANGE, -math.inf
    for extent in dict.fromkeys(candidates):
        values = seen.get(extent)
        score = _score(extent, look(extent) if values is None else values, minima)
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


def _value(minimum: _Minimum) -> float:
    return minimum.value


def _distance(minimum: _Minimum) -> float:
    return math.hypot(minimum.a, minimum.b)


def _square(a: float, b: float, half: float) -> Range:
    return Range(*(float(f"{x:.6g}") for x in (a - half, a + half, b - half, b + half)))


def _around(minimum: _Minimum, half: float) -> Range:
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


# ---------------------------------------------------------------- minima


def _minima(
    objective: Objective, seen: dict[Range, Array], cancelled: Callable[[], bool]
) -> Iterator[_Minimum]:
    for extent, values in seen.items():
        for a, b, cell in _grid_minima(extent, values):
            found = _zoom(objective, a, b, cell, cancelled)
            if found is not None:
                yield found


def _grid_minima(extent: Range, values: Array) -> Iterator[tuple[float, float, float]]:
    """Yield the lowest two points of a window that are lower than all eight around them."""
    # At the edge of the window, and of where f is finite, nothing is known of what is beyond.
    padded = np.pad(np.where(np.isfinite(values), values, -np.inf), 1, constant_values=-np.inf)
    n = len(values)
    around = [
        padded[1 + j : n + 1 + j, 1 + i : n + 1 + i]
        for j in (-1, 0, 1)
        for i in (-1, 0, 1)
        if i or j
    ]
    # A plain has no lowest point.
    lower = np.isfinite(values) & (values <= np.min(around, axis=0))
    lower &= values < np.max(around, axis=0)
    rows, columns = np.nonzero(lower)
    cell = (extent.a_high - extent.a_low) / (n - 1)
    for k in np.argsort(values[rows, columns], kind="stable")[:2]:
        yield extent.a_low + cell * columns[k], extent.b_low + cell * rows[k], cell


def _zoom(
    objective: Objective, a: float, b: float, cell: float, cancelled: Callable[[], bool]
) -> _Minimum | None:
    """Close in on a minimum; None where there is a hole, a plain or a valley instead."""
    values: list[float] = []
    is_bowl = False
    half = 1.5 * cell
    zooms = max(_ZOOMS, math.ceil(math.log(cell / _CLOSE) / math.log(1 / 0.4)) + 1)
    for _ in range(zooms):
        grid = sample(objective, Range(a - half, a + half, b - half, b + half), 8, cancelled)
        finite = np.where(np.isfinite(grid.values), grid.values, np.inf)
        row, column = np.unravel_index(np.argmin(finite), finite.shape)
        a, b = float(grid.a[column]), float(grid.b[row])
        values.append(float(finite[row, column]))
        halves = finite / 2.0  # of which no difference of two numbers is infinite
        rim = np.concatenate([halves[0], halves[-1], halves[:, 0], halves[:, -1]])
        with np.errstate(invalid="ignore"):  # where f is infinite all over
            is_bowl |= float(rim.min() - halves.min()) > 1e-9 * float(np.ptp(halves))
        half *= 0.4
    if not is_bowl or not all(map(math.isfinite, values)):
        return None
    halves = np.divide(values, 2.0)
    gains = -np.diff(halves)
    if gains[-1] > 2 * max(gains[0], 0.0) + 1e-9 * abs(halves[-1]):
        return None  # it falls the faster the closer one looks
    return _Minimum(a, b, values[-1])


def _all_minima(
    objective: Objective, seen: dict[Range, Array], cancelled: Callable[[], bool]
) -> list[_Minimum]:
    """Return the minima, the lowest first; where they are certain, those at the bottom of valleys.

    The points of a window tell of a narrow valley where they happen to be nearest to its bottom.
    """
    found = _distinct(_minima(objective, seen, cancelled))
    if objective.no_hessian:
        return found
    lowest = [_lowest(extent, seen[extent]) for extent in seen if extent.a_high in _DESCENDED]
    ends: list[_Minimum] = []
    for one in (*found, *filter(None, lowest)):
        if cancelled():
            raise Cancelled
        end = _end(objective, one)
        ends += [end] if end else [one] if one in found else []
    return _distinct(ends)


def _lowest(extent: Range, values: Array) -> _Minimum | None:
    if not np.isfinite(values).any():
        return None
    row, column = np.unravel_index(int(np.nanargmin(values)), values.shape)
    cell = (extent.a_high - extent.a_low) / (len(values) - 1)
    a, b = extent.a_low + cell * int(column), extent.b_low + cell * int(row)
    return _Minimum(a, b, float(values[row, column]))


def _end(objective: Objective, start: _Minimum) -> _Minimum | None:
    end = descended(objective, (start.a, start.b))
    return _Minimum(*end, objective.value(*end)) if end else None


def _in_a_valley(objective: Objective) -> list[_Minimum]:
    """Return the point of a valley of minima that is straight down from 0, if there is one."""
    end = None if objective.no_hessian else descended(objective, (0.0, 0.0), "valley")
    return [_Minimum(*end, objective.value(*end))] if end else []


def _distinct(minima: Iterable[_Minimum]) -> list[_Minimum]:
    """Leave out what is another view of the same minimum; the lowest come first."""
    kept: list[_Minimum] = []
    for one in sorted(minima, key=_value):
        scale = max(1.0, abs(one.a), abs(one.b))
        if all(math.hypot(one.a - other.a, one.b - other.b) > 0.15 * scale for other in kept):
            kept.append(one)
    return kept[:8]


# ---------------------------------------------------------------- how good a window is


def _score(extent: Range, values: Array, minima: list[_Minimum]) -> float:
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
    nearest = min(minima, key=_distance, default=None)
    for rank, minimum in enumerate(minima):  # the lowest first
        off = max(abs(minimum.a - centre_a) / half_a, abs(minimum.b - centre_b) / half_b)
        inside = 1.0 if off <= _MARGIN else 0.3 if off <= 1 else 0.0
        # Where f falls for ever, the lowest minimum is only the last one that was looked for.
        share = 0.8 / len(minima) + 0.3 * (rank == 0) + 2.0 * (minimum is nearest)
        score += inside * share
    return score
