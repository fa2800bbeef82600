"""Tables with several rows for a point of the plane: seeds, epochs, another parameter.

What else tells the rows at a point apart is decided by a column's name and values:

- Repeats (seed, run, fold, …): what is drawn is their mean; each of them can be chosen.
- Progress (epoch, step, …): what is drawn is the last row; each epoch can be chosen.
- Anything else, in numbers or words, that has the same few values at (nearly) each point: another
  parameter. What is drawn is for its first value; each of them can be chosen.

Rows that no column tells apart are repeats if most points have several.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import brief, number
from gdviz.base.types import Array
from gdviz.files.landscape_formats.names import is_value, tells_progress, tells_repeats
from gdviz.files.landscape_formats.point_rows import PointGrid
from gdviz.files.text_table import Table

_Codes = NDArray[np.intp]

#: Values of a column that tells rows apart, and surfaces that are listed.
_MOST_LEVELS, _MOST_SURFACES = 200, 200
#: The least share of the points that has to be there with each value of another parameter, and how
#: many values a point has to have on average.
_LEAST_SHARE, _LEAST_VALUES = 0.5, 1.5


class _Column(NamedTuple):
    """A column's different values, as text, and which of them stands in each row."""

    name: str
    levels: tuple[str, ...]
    of_each: _Codes

    def label(self, place: int) -> str:
        return f"{brief(self.name)} {self.levels[place]}" if self.name else self.levels[place]


@dataclass(frozen=True)
class Layers:
    """A table with several rows for a point, taken apart.

    Attributes
    ----------
    rows : dict of str to ndarray of bool
        Which rows belong to a surface, by what is said of it behind the name of its values. The
        first is drawn if nobody asks for another. At each point it is the mean of its rows.
    used : frozenset of str
        The columns that tell the rows apart.
    notes : tuple of str
        Sentences about that.
    over : str
        What a mean is over, such as "values of seed".
    """

    rows: dict[str, NDArray[np.bool_]]
    used: frozenset[str]
    notes: tuple[str, ...]
    over: str

    def values(self, grid: PointGrid, column: Array, which: str) -> tuple[Array, list[str]]:
        """Return a surface, shape (m, n), and what is to be said of it.

        Parameters
        ----------
        grid : PointGrid
            Where the rows lie.
        column : ndarray
            The values in the rows.
        which : str
            Of which surface.
        """
        n, m = grid.shape
        known = self.rows[which] & ~np.isnan(column)
        place, values = _places(grid)[known], column[known]
        count = np.bincount(place, minlength=n * m)
        with np.errstate(all="ignore"):
            mean = np.bincount(place, values, minlength=n * m) / count
            squares = np.bincount(place, (values - mean[place]) ** 2, minlength=n * m)
            deviations = np.sqrt(squares / (count - 1))[count > 1]
        most = count.max()
        least = count[count > 0].min(initial=most)
        many = f"{most}" if least == most else f"{least} to {most}"
        return mean.reshape(m, n), [*self.notes, *about_mean(deviations, f"{many} {self.over}")]


def about_mean(deviations: Array, over: str) -> list[str]:
    """Return what is to be said of means, whose values have standard deviations."""
    deviations = deviations[np.isfinite(deviations)]
    if not deviations.size:
        return []
    return [
        f"each value is the mean over {over}, whose standard deviation is "
        f"{number(float(np.median(deviations)), 3)} in the median and "
        f"{number(float(deviations.max()), 3)} at most"
    ]


def layers_of(table: Table, grid: PointGrid) -> Layers | None:
    """Take apart a table with several rows for a point; None if these contradict each other."""
    columns = list(_columns(table, grid))
    place = _places(grid)
    parameters: list[_Column] = []
    told = place
    for column in columns:
        is_other = not (tells_repeats(column.name) or tells_progress(column.name))
        if is_other and _is_crossed(column, place) and _varies(column, told):
            parameters.append(column)
            told = _joined(told, column.of_each)
    progress = [c for c in columns if tells_progress(c.name) and _varies(c, told)][:1]
    repeats = [c for c in columns if tells_repeats(c.name) and _varies(c, told)]
    which, of_repeat = _combined(parameters, len(place)), _combined(repeats, len(place))
    is_last = np.ones(len(place), bool)
    for column in progress:
        run = _joined(told, of_repeat.of_each)
        last = np.zeros(run.max() + 1, np.intp)
        np.maximum.at(last, run, column.of_each)
        is_last = column.of_each == last[run]
    count = np.unique(told[is_last], return_counts=True)[1]
    is_mean = bool(count.max() > 1)
    if is_mean and not repeats and np.median(count) < 2:
        return None
    over = " and ".join(brief(column.name) for column in repeats)
    how = [f"mean over {over}" if over else "mean"] if is_mean else []
    how += [f"last {brief(column.name)}" for column in progress]
    rows: dict[str, NDArray[np.bool_]] = {}
    for k, label in enumerate(which.levels):
        rows[_joined_words(label, *how)] = (which.of_each == k) & is_last
    for k, label in enumerate(which.levels):
        for r, repeat in enumerate(of_repeat.levels if is_mean and repeats else ()):
            of_it = (which.of_each == k) & (of_repeat.of_each == r)
            rows[_joined_words(label, repeat, *how[1:])] = of_it & is_last
        for p, column in ((p, c) for c in progress for p in range(len(c.levels))):
            of_it = (which.of_each == k) & (column.of_each == p)
            rows[_joined_words(label, *how[:-1], column.label(p))] = of_it
    notes = [
        f"the rows at a point have {len(column.levels)} values of {brief(column.name)}, each of "
        "which has a surface of its own"
        for column in parameters
    ]
    return Layers(
        dict(list(rows.items())[:_MOST_SURFACES]),
        frozenset(column.name for column in (*parameters, *progress, *repeats)),
        tuple(notes), f"values of {over}" if over else "rows",
    )  # fmt: skip


def _places(grid: PointGrid) -> _Codes:
    """Return the number of each row's point."""
    return grid.points.j * len(grid.points.a) + grid.points.i


def _columns(table: Table, grid: PointGrid) -> Iterator[_Column]:
    """Yield the columns that may tell rows apart: few values, and not those of a loss."""
    for k in range(table.rows.shape[1]):
        name = table.names[k] if table.names else f"column {k + 1}"
        if k not in grid.columns and not is_value(name):
            levels, of_each = np.unique(table.rows[:, k], return_inverse=True)
            if 2 <= len(levels) <= _MOST_LEVELS:
                yield _Column(name, tuple(f"{level:.6g}" for level in levels), of_each)
    for name, cells in table.texts.items():
        words = {word: place for place, word in enumerate(dict.fromkeys(cells))}
        if 2 <= len(words) <= _MOST_LEVELS:
            yield _Column(name, tuple(map(brief, words)), np.array([words[w] for w in cells]))


def _joined(one: _Codes, other: _Codes) -> _Codes:
    """Return numbers that are the same where both are the same."""
    joined: _Codes = np.unique(one * (other.max() + 1) + other, return_inverse=True)[1]
    return joined


def _varies(column: _Column, told: _Codes) -> bool:
    """Tell whether a column tells rows apart that others do not."""
    return _different(_joined(told, column.of_each)) > _different(told)


def _different(told: _Codes) -> int:
    return len(np.unique(told))


def _is_crossed(column: _Column, place: _Codes) -> bool:
    """Tell whether a column has (nearly) all of its values at (nearly) each point."""
    points, there = _different(place), _different(_joined(place, column.of_each))
    return there >= max(_LEAST_SHARE * len(column.levels), _LEAST_VALUES) * points


def _combined(columns: Sequence[_Column], rows: int) -> _Column:
    """Return several columns as one, which has their combinations of values."""
    combined = _Column("", ("",), np.zeros(rows, np.intp))
    for column in columns:
        joined = combined.of_each * len(column.levels) + column.of_each
        known, of_each = np.unique(joined, return_inverse=True)
        pairs = (divmod(int(pair), len(column.levels)) for pair in known)
        levels = (_joined_words(combined.label(k), column.label(p)) for k, p in pairs)
        combined = _Column("", tuple(levels), of_each)
    return combined


def _joined_words(*words: str) -> str:
    return ", ".join(filter(None, words))
