"""Rows that are one cell off in turn, as ``random_plane`` of loss-landscapes 3.0.6 leaves them.

It walks its plane to and fro, and ``planar_interpolation`` does as well. A row that is walked
forwards takes its step before each value, one that is walked backwards after it: the cells of even
rows (0, 2, …) lie one cell further along the second index than those of odd rows. The array does
not say so, but its curvature does.

With w = ‖θ‖/(2·distance) row i of n lies at −w + 2wi/n along the first direction, and cell j of an
even row at −w + 2w(j + 1)/n along the second one.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gdviz.base.format import number
from gdviz.base.types import Array
from gdviz.files.landscape_formats.reading import LandscapeError, RangeNeeded, Reading, Wanted

ALL, EVERY_SECOND = "all rows", "every second row"
_LEAST = 6  # rows, to tell anything
#: How much smoother the rows must be when they are put where they belong.
_RATIO = 0.2
_NOTE = (
    "alternate rows are one cell off, as random_plane and planar_interpolation of loss-landscapes "
    "3.0.6 leave them"
)


def read(reader: Callable[[Wanted], Reading], wanted: Wanted) -> Reading:
    """Read a surface, and offer every second row of it where the others are off.

    Parameters
    ----------
    reader : callable
        Reads what is wanted.
    wanted : Wanted
        With a metric that may end with "every second row".

    Raises
    ------
    LandscapeError
    RangeNeeded
        With where it lies, if the rows are off.
    """
    metric, _, rows = wanted.metric.rpartition(", ")
    if wanted.metric in (ALL, EVERY_SECOND):
        metric, rows = "", wanted.metric
    is_half = rows == EVERY_SECOND
    if rows in (ALL, EVERY_SECOND):
        wanted = replace(wanted, metric=metric)
    try:
        reading = reader(wanted)
    except RangeNeeded as error:
        raise RangeNeeded(error.sentence, _hint(reader, wanted)) from None
    if reading.flat or not are_shifted(_rows(reading)):
        return reading
    place = _place(len(_rows(reading)))
    start = f"{reading.metric}, " if reading.metric else ""
    choices = (reading.metric or ALL, f"{start}{EVERY_SECOND}")
    others = [name for name in reading.metrics if name != reading.metric]
    reading.metrics = (*choices, *others)
    reading.metric = choices[is_half]
    if is_half:
        if reading.b_fastest:
            reading.a, reading.values = reading.a[::2], reading.values[:, ::2]
        else:
            reading.b, reading.values = reading.b[::2], reading.values[::2]
        # As many points as are left: these are no longer the file's cells in another order.
        reading.ambiguous = reading.spread = False
        reading.notes.append(f"every second row is read; {place}")
    else:
        reading.notes.append(f"{_NOTE}; {place}")
    return reading


def _rows(reading: Reading) -> Array:
    """Return the losses with the first index that they have in the file."""
    return reading.values.T if reading.b_fastest else reading.values


def _place(rows: int) -> str:
    """Say over which range so many rows and their cells lie, those of every second row."""
    near = number(1.0 - 2.0 / rows, 3)
    return (
        f"of a random plane with the half width w = ‖θ‖/(2·distance) the rows lie from −w to "
        f"{near}·w, and the cells of every second one from −{near}·w to w"
    )


def _hint(reader: Callable[[Wanted], Reading], wanted: Wanted) -> str:
    """Return what is known of where losses without coordinates lie; mostly nothing."""
    try:
        reading = reader(replace(wanted, extent=(0.0, 1.0, 0.0, 1.0)))
    except LandscapeError:  # what else is wrong with it is said once its range is given
        return ""
    if reading.flat or not are_shifted(_rows(reading)):
        return ""
    axis = reading.names[0 if reading.b_fastest else 1]
    return f"{_NOTE}; {_place(len(_rows(reading)))}; the rows are along {axis}"


def are_shifted(cells: Array) -> bool:
    """Tell whether odd rows of a square matrix continue their neighbours one cell further on."""
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or len(cells) < _LEAST:
        return False
    between = 0.5 * (cells[0:-2:2] + cells[2::2])  # where odd rows are expected
    odd = cells[1:-1:2]
    with np.errstate(all="ignore"):
        as_they_are = np.nansum((between - odd) ** 2)
        moved = np.nansum((between[:, :-1] - odd[:, 1:]) ** 2)
    return bool(0 < moved < _RATIO * as_they_are or 0 == moved < as_they_are)
