"""The minimum of a fit, whose parameters may be of any size.

Points whose coordinates are of all sizes and signs tell from where to go down: a window of equal
steps has no point near (500, 0.08), and none near (5, 5000).
"""

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.analysis.start.minima import Minimum, nearest_of_lowest
from gdviz.engine.analysis.start.trust_region import settled
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.objective import Objective

#: Where to go down from first. Where x is large, a model of (0.5, 0.5) may be saturated.
_STARTS = ((0.5, 0.5), (0.0, 0.0))
#: Powers of ten of the sizes, so many for each, and for each over many rows.
_POWERS, _SIZES, _FEWER, _MANY_ROWS = (-4, 6), 2, 1, 100
#: A window of usual numbers, among which those of all sizes have few, as of a frequency.
_USUAL = np.linspace(-5.0, 5.0, 41)
#: Columns whose numbers are tried, too, parts of their rows, and of their widths.
_COLUMNS, _PARTS, _WIDTHS = 3, (0.0, 0.25, 0.5, 0.75, 1.0), (0.1, 0.03)
#: Ways down from the lowest of either.
_WAYS, _USUAL_WAYS = 4, 3
#: Minima whose values differ by less of the loss without a model are equal.
_EQUAL = 1e-9


def minimum_of_fit(objective: Objective, data: Data | None) -> tuple[float, float] | None:
    """Return the lowest minimum that ways down from points of all sizes end at.

    Parameters
    ----------
    objective : Objective
        The loss over data, with second derivatives.
    data : Data or None
        The data, if it is known: a peak lies somewhere among its numbers.

    Returns
    -------
    (float, float) or None
        The nearest to (0, 0) of those that are equal; None if no way ends at a minimum.
    """
    ways = [*_STARTS, *_lowest_points(objective, _axis(objective, data))[:_WAYS]]
    ways += _lowest_points(objective, _USUAL)[:_USUAL_WAYS]
    ends = [end for start in ways if (end := settled(objective, start, _units(start)))]
    if not ends:
        return None
    found = [Minimum(*end, objective.value(*end)) for end in ends]
    slack = _EQUAL * abs(objective.value(0.0, 0.0))
    best = nearest_of_lowest(found, slack if math.isfinite(slack) else 0.0)
    return best.a, best.b


def _units(start: tuple[float, float]) -> tuple[float, float]:
    a, b = (abs(x) or 1.0 for x in start)
    return a, b


def _axis(objective: Objective, data: Data | None) -> Array:
    """Return numbers of all sizes and both signs, in order."""
    each = _SIZES if objective.rows <= _MANY_ROWS else _FEWER
    low, high = _POWERS
    sizes = [10.0 ** (k / each) for k in range(low * each, high * each + 1)]
    numbers = {0.0, *sizes, *(-size for size in sizes)}
    columns = list(data.arrays.values())[:_COLUMNS] if data else []
    for column in columns:
        numbers |= {float(x) for x in np.quantile(column, _PARTS)}
        numbers |= {float(part * np.ptp(column)) for part in _WIDTHS}
        for other in columns:  # a peak, where what is fitted is largest
            numbers |= {float(column[np.argmax(other)]), float(column[np.argmin(other)])}
    return np.array(sorted(numbers))


def _lowest_points(objective: Objective, axis: Array) -> list[tuple[float, float]]:
    """Return the lowest of the points that are not above those beside them."""
    with np.errstate(all="ignore"):
        values = objective.values(axis[None, :], axis[:, None])
    values = np.where(np.isfinite(values), values, math.inf)
    rows, columns = np.nonzero(_not_above(values) & (values < math.inf))
    order = np.argsort(values[rows, columns], kind="stable")
    return [(float(axis[columns[k]]), float(axis[rows[k]])) for k in order]


def _not_above(values: Array) -> NDArray[np.bool_]:
    padded = np.pad(values, 1, constant_values=math.inf)
    n = len(values)
    lower = np.ones(values.shape, bool)
    for j, i in itertools.product(range(3), repeat=2):
        lower &= values <= padded[j : n + j, i : n + i]
    return lower
