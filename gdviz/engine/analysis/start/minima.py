"""The minima that a function has, as far as a few thousand values and ways down tell.

Lowest points of windows are closed in on; where there are second derivatives, ways down from them
end at the bottom of valleys too narrow for the points of any window; where f has kinks, points on
these are looked at as well.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.grid import sample
from gdviz.engine.analysis.start.on_kinks import lowest_on_kinks
from gdviz.engine.analysis.start.trust_region import level_end, way_down
from gdviz.engine.objectives.objective import Objective

_ZOOMS = 4  # at least; as many more as it takes to know a minimum to within
_CLOSE = 3.0
#: Two values are equal if they differ by less of what f rises by at a distance of 1, or of f.
_EQUAL, _ROUNDING = 1e-6, 1e-12


@dataclass(frozen=True)
class Minimum:
    """A minimum.

    Attributes
    ----------
    a, b : float
        Where it is.
    value : float
        What f is there.
    """

    a: float
    b: float
    value: float

    @property
    def distance(self) -> tuple[float, int]:
        """How far from (0, 0) it is, to six digits; then how many signs it has.

        Where σ and −σ are the same, it is σ that a person looks for.
        """
        return float(f"{math.hypot(self.a, self.b):.6g}"), (self.a < 0.0) + (self.b < 0.0)


def all_minima(
    objective: Objective,
    seen: dict[Range, Array],
    starts: Iterable[Range],
    known: Iterable[tuple[float, float]] = (),
    cancelled: Callable[[], bool] = bool,
) -> list[Minimum]:
    """Return the minima, the lowest first; where they are certain, those at the bottom of valleys.

    The points of a window tell of a narrow valley where they happen to be nearest to its bottom.

    Parameters
    ----------
    objective : Objective
        The function.
    seen : dict of Range to ndarray, shape (n, n)
        Square windows, and f at their points.
    starts : iterable of Range
        Those from whose lowest points one goes down.
    known : iterable of (float, float), optional
        Minima that are known already.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    found = minima_of_windows(objective, seen, cancelled)
    given = [Minimum(*point, objective.value(*point)) for point in known]
    if objective.no_hessian:
        return distinct([*found, *given])
    starts, ends = list(starts), given
    for extent in starts:
        if not objective.is_smooth and (point := lowest_on_kinks(objective, extent, cancelled)):
            ends += [Minimum(*point, objective.value(*point))]
    lowest = [_lowest(extent, seen[extent]) for extent in starts]
    ends += _ends(objective, [*found, *filter(None, lowest)], found, cancelled)
    if not ends:  # a pole is lower than all else, and no way down from it ends
        points = [Minimum(a, b, objective.value(a, b)) for a, b, _ in _points(seen)]
        ends += _ends(objective, distinct(points), [], cancelled)
    return distinct(ends)


def _ends(
    objective: Objective,
    starts: list[Minimum],
    trusted: list[Minimum],
    cancelled: Callable[[], bool],
) -> Iterator[Minimum]:
    """Yield the minima that ways down end at, or what is trusted where they end at none."""
    for one in starts:
        if cancelled():
            raise Cancelled
        end, is_certain = way_down(objective, (one.a, one.b))
        if end and is_certain:
            yield Minimum(*end, objective.value(*end))
        elif one in trusted and (end or not objective.is_smooth):
            yield one


def minima_of_windows(
    objective: Objective, seen: dict[Range, Array], cancelled: Callable[[], bool] = bool
) -> list[Minimum]:
    """Return the minima that the points of some windows tell of, the lowest first.

    Parameters
    ----------
    objective : Objective
        The function.
    seen : dict of Range to ndarray, shape (n, n)
        Windows, and f at their points.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    return distinct(_minima(objective, seen, cancelled))


def valley_from_0(objective: Objective) -> list[Minimum]:
    """Return the point of a level valley that is straight down from (0, 0), if there is one.

    Parameters
    ----------
    objective : Objective
        The function.
    """
    end = None if objective.no_hessian else level_end(objective, (0.0, 0.0))
    return [Minimum(*end, objective.value(*end))] if end else []


def principal(
    objective: Objective, minima: list[Minimum], seen: dict[Range, Array]
) -> Minimum | None:
    """Return the minimum that a map is about: the lowest, of equal ones the nearest to (0, 0).

    Where f falls below all of them elsewhere, the lowest is only the last that was looked for, and
    it is the nearest.

    Parameters
    ----------
    objective : Objective
        The function.
    minima : list of Minimum
        The minima, the lowest first.
    seen : dict of Range to ndarray, shape (n, n)
        Windows, and f at their points.
    """
    if not minima:
        return None
    slack = _slack(objective, minima[0])
    bottom = min((float(np.nanmin(v)) for v in seen.values() if np.isfinite(v).any()), default=0.0)
    if bottom / 2.0 < minima[0].value / 2.0 - slack:
        return min(minima, key=_distance)
    return nearest_of_lowest(minima, slack)


def _slack(objective: Objective, lowest: Minimum) -> float:
    """Return by how much half the values of equal minima differ, with what f rises beside one."""
    angle = np.linspace(0.0, 2.0 * math.pi, 16, endpoint=False)
    around = objective.values(lowest.a + np.cos(angle), lowest.b + np.sin(angle))
    rises = around[np.isfinite(around)] / 2.0 - lowest.value / 2.0
    rise = float(np.median(rises)) if rises.size else 0.0
    return _EQUAL * max(rise, 0.0) + _ROUNDING * abs(lowest.value)


def nearest_of_lowest(minima: list[Minimum], slack: float) -> Minimum:
    """Return the nearest to (0, 0) of the lowest minima.

    Parameters
    ----------
    minima : list of Minimum
        One at least.
    slack : float
        By how much half the values of those that are as low may differ.
    """
    least = min(one.value for one in minima) / 2.0
    return min((one for one in minima if one.value / 2.0 - least <= slack), key=_distance)


def _value(minimum: Minimum) -> float:
    return minimum.value


def _distance(minimum: Minimum) -> tuple[float, int]:
    return minimum.distance


def _minima(
    objective: Objective, seen: dict[Range, Array], cancelled: Callable[[], bool]
) -> Iterator[Minimum]:
    for a, b, cell in _points(seen):
        found = _zoom(objective, a, b, cell, cancelled)
        if found is not None:
            yield found


def _points(seen: dict[Range, Array]) -> Iterator[tuple[float, float, float]]:
    for extent, values in seen.items():
        yield from _grid_minima(extent, values)


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
) -> Minimum | None:
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
    return Minimum(a, b, values[-1])


def _lowest(extent: Range, values: Array) -> Minimum | None:
    if not np.isfinite(values).any():
        return None
    row, column = np.unravel_index(int(np.nanargmin(values)), values.shape)
    cell = (extent.a_high - extent.a_low) / (len(values) - 1)
    a, b = extent.a_low + cell * int(column), extent.b_low + cell * int(row)
    return Minimum(a, b, float(values[row, column]))


def distinct(minima: Iterable[Minimum]) -> list[Minimum]:
    """Leave out what is another view of the same minimum; the lowest come first."""
    kept: list[Minimum] = []
    for one in sorted(minima, key=_value):
        scale = max(1.0, abs(one.a), abs(one.b))
        if all(math.hypot(one.a - other.a, one.b - other.b) > 0.15 * scale for other in kept):
            kept.append(one)
    return kept[:8]
