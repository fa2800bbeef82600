"""Rows that are one cell off in turn, as ``random_plane`` of loss-landscapes 3.0.6 leaves them.

It walks its plane to and fro. A row that is walked forwards takes its step before each value, one
that is walked backwards after it: the cells of even rows (0, 2, …) lie one cell further along the
second index than those of odd rows. The array does not say so, but its curvature does.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gdviz.base.types import Array
from gdviz.files.landscape_formats.reading import Reading, Wanted

ALL, EVERY_SECOND = "all rows", "every second row"
_LEAST = 6  # rows, to tell anything
#: How much smoother the rows must be when they are put where they belong.
_RATIO = 0.2
_NOTE = "alternate rows are one cell off, as random_plane of loss-landscapes 3.0.6 leaves them"
_HALF_WIDTH = "; its half width is ‖θ‖/(2·distance) along each direction"


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
    """
    metric, _, rows = wanted.metric.rpartition(", ")
    if wanted.metric in (ALL, EVERY_SECOND):
        metric, rows = "", wanted.metric
    is_half = rows == EVERY_SECOND
    if rows in (ALL, EVERY_SECOND):
        wanted = replace(wanted, metric=metric)
    reading = reader(wanted)
    if reading.flat or not are_shifted(reading.values.T if reading.b_fastest else reading.values):
        return reading
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
        reading.notes.append(f"every second row is read{_HALF_WIDTH}")
    else:
        reading.notes.append(_NOTE + _HALF_WIDTH)
    return reading


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
