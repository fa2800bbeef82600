"""Rows of numbers that are a point each: which two columns lie on a grid, whatever they are called.

Whether two columns are coordinates shows in their numbers: every value of one stands beside
(nearly) every value of the other, and no pair stands there twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from gdviz.base.format import brief
from gdviz.base.types import Array
from gdviz.files.landscape_formats.crossings import Crossings, Places, places
from gdviz.files.landscape_formats.names import is_value, known_pair, tells_progress, tells_repeats
from gdviz.files.text_table import Table

#: The least share of a grid's points that has to be there, and that of a grid that two columns are
#: taken for although nothing else speaks for it.
LEAST_SHARE, FULL_SHARE = 0.5, 0.75


@dataclass(frozen=True)
class PointGrid:
    """Rows that are the points of a grid.

    Attributes
    ----------
    columns : (int, int)
        Those of a and b.
    points : Crossings
        The axes, and each row's place on them.
    share : float
        The share of the grid's points that is there.
    repeated : int
        Rows that say again what another one says.
    conflict : (int, int) or None
        Two rows that say something else of the same point.
    """

    columns: tuple[int, int]
    points: Crossings
    share: float
    repeated: int
    conflict: tuple[int, int] | None

    @property
    def shape(self) -> tuple[int, int]:
        """How many points there are along a and b."""
        return len(self.points.a), len(self.points.b)


def find_points(table: Table) -> PointGrid | None:
    """Return the grid whose points a table's rows are; None if they are not those of one.

    Of several pairs of columns one with names that usually belong together is taken, or else the
    first; a is the column that stands first, unless the names say otherwise.
    """
    rows, columns = table.rows.shape
    if rows < 4 or columns < 3 or table.headed:
        return None
    pairs = _pairs(table.names[:20]) if table.names else [(0, 1)]
    lead, order = pairs[0], dict.fromkeys(pairs, 0)
    if table.names:
        order = {pair: known_pair(*(table.names[k] for k in pair)) for pair in pairs}
        pairs = sorted(order, key=lambda pair: not order[pair])
        pairs = [pair if order[pair] >= 0 else (pair[1], pair[0]) for pair in pairs]
    # Beside two values of the other axis three in four points have to be there, beside more half.
    most = rows / (2 * FULL_SHARE)

    @cache
    def on(k: int) -> Places | None:
        return places(_filled(table.rows[:, k]) if k == 0 else table.rows[:, k], most)

    in_conflict = None
    for pair in pairs:
        on_a = on(pair[0])
        on_b = on(pair[1]) if on_a is not None else None
        leads = sorted(pair) == [*lead] or order[min(pair), max(pair)] != 0
        if on_a is None or on_b is None or not _is_grid(on_a, on_b, strictly=not leads):
            continue
        grid = _grid(table.rows, pair, on_a, on_b)
        if grid.conflict is None:
            return grid
        in_conflict = in_conflict or (grid if leads else None)
    return in_conflict


def off_the_grid(table: Table) -> str:
    """Say of a table that by its names may be losses at points that these lie on no grid.

    Parameters
    ----------
    table : Table
        One that is read as data.

    Returns
    -------
    str
        A sentence, as of a random search over lr and wd; empty of other tables.
    """
    scattered = scattered_columns(table)
    if scattered is None:
        return ""
    first, second, value = scattered
    return (
        f"the columns {first} and {second} may be where {value} was computed, but these points lie "
        "on no grid, of which a map could be drawn: the table is read as data"
    )


def scattered_columns(table: Table) -> tuple[str, str, str] | None:
    """Return the names of two columns of points that lie on no grid, and of the loss there.

    Parameters
    ----------
    table : Table
        The table.

    Returns
    -------
    (str, str, str) or None
        As they are shown; None unless the names say so.
    """
    names = table.names
    pairs = _pairs(names[:20]) if len(names) > 2 else []
    pair = next((pair for pair in pairs if known_pair(*(names[k] for k in pair))), None)
    value = next(
        (name for k, name in enumerate(names) if is_value(name) and k not in (pair or ())), ""
    )
    if pair is None or not value or find_points(table) is not None:
        return None
    return brief(names[pair[0]]), brief(names[pair[1]]), brief(value)


def _pairs(names: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of columns that may be coordinates: the first two, and then the others.

    What counts repeats or steps is none of these, unless there is nothing else.
    """
    first = [k for k, name in enumerate(names) if not (tells_repeats(name) or tells_progress(name))]
    first = first if len(first) > 2 else list(range(len(names)))
    free = [k for k in first if not is_value(names[k])]
    return list(dict.fromkeys([(first[0], first[1]), *combinations(free, 2)]))


def _filled(column: Array) -> Array:
    """Return a column whose missing numbers are those above, as where cells were merged."""
    missing = np.isnan(column)
    if not missing.any():
        return column
    above = np.maximum.accumulate(np.where(missing, 0, np.arange(len(column))))
    return column[above]


def _is_grid(on_a: Places, on_b: Places, *, strictly: bool) -> bool:
    """Tell whether enough of a grid's points are there, in a time that grows with the rows alone.

    Of columns that nothing else speaks for, more have to be there, and none twice.
    """
    rows, n, m = len(on_a.of_each), len(on_a.axis), len(on_b.axis)
    least = FULL_SHARE if strictly or min(n, m) < 3 else LEAST_SHARE
    if min(n, m) < 2 or max(n, m) == rows or not n * m * least <= rows:
        return False
    count = np.bincount(on_b.of_each * n + on_a.of_each, minlength=n * m)
    return bool(np.count_nonzero(count) >= least * n * m and not (strictly and count.max() > 1))


def _grid(rows: Array, pair: tuple[int, int], on_a: Places, on_b: Places) -> PointGrid:
    points = Crossings(on_a.axis, on_b.axis, on_a.of_each, on_b.of_each)
    before, after = points.repeats()
    share = (len(rows) - len(before)) / (len(points.a) * len(points.b))
    some, others = rows[before], rows[after]
    equal = ((some == others) | (np.isnan(some) & np.isnan(others))).all(axis=1)
    differ = np.flatnonzero(~equal)
    conflict = (int(before[differ[0]]), int(after[differ[0]])) if len(differ) else None
    return PointGrid(pair, points, share, len(before), conflict)
