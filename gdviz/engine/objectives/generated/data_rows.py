"""Generated functions over the rows of data: an axis more for these, and no more at once than fits.

Each point's sum is taken by itself: how many points are computed at once changes no bit of it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.engine.objectives.quantities import Arithmetic

#: Points, times rows of data, that are computed at once: 8 MB a temporary.
BLOCK = 1_000_000


def is_too_much(rows: int, a: Any, b: Any) -> bool:
    """Tell whether a function over rows is evaluated at a few of the points at a time.

    Parameters
    ----------
    rows : int
        How many there are.
    a, b : array-like
        The points.
    """
    points = max(np.size(a), np.size(b))
    return points > 1 and rows * points > BLOCK


def in_blocks(function: Callable[[Any, Any], Any], rows: int, a: Any, b: Any) -> Any:
    """Return what a function has at points, of which it gets a few at a time.

    Parameters
    ----------
    function : callable
        ``function(a, b)`` on arrays of shape (k,); what it returns is broadcast to them.
    rows : int
        The rows of the data.
    a, b : array-like
        The points; they are broadcast against each other.
    """
    a, b = np.broadcast_arrays(a, b)
    count, points = max(1, BLOCK // rows), (a.ravel(), b.ravel())
    parts: list[Any] = []
    for first in range(0, a.size, count):
        some = [x[first : first + count] for x in points]
        found = function(*some)
        found = found if isinstance(found, tuple) else (found,)
        parts.append([np.broadcast_to(part, len(some[0])) for part in found])
        is_tuple = len(found) > 1
    whole = tuple(np.concatenate(each).reshape(a.shape) for each in zip(*parts, strict=True))
    return whole if is_tuple else whole[0]


def by_rows(
    function: Callable[[Any, Any], Any],
    arithmetic: Arithmetic,
    rows: int,
    cancelled: Callable[[], bool] = bool,
    uncount: Callable[[int], None] = lambda _: None,
) -> Callable[[Any, Any], Any]:
    """Give the coordinates an axis for the rows, and take it from the results.

    Parameters
    ----------
    function : callable
        ``function(a, b)``, which takes and returns arrays with an axis for the rows at the end.
    arithmetic : Arithmetic
        Of the numbers that the result takes and returns.
    rows : int
        How many there are.
    cancelled : callable, optional
        Asked at each call; when it returns True, that raises Cancelled.
    uncount : callable, optional
        Takes back so many calls, of which one would have done.
    """

    def call(a: Any, b: Any) -> Any:
        if arithmetic.arrays and is_too_much(rows, a, b):
            found = in_blocks(at_once, rows, a, b)
            points = max(np.size(a), np.size(b))
            uncount(-(-points // max(1, BLOCK // rows)) - 1)
            return found
        return at_once(a, b)

    def at_once(a: Any, b: Any) -> Any:
        if cancelled():
            raise Cancelled
        result = function(np.asarray(a)[..., None], np.asarray(b)[..., None])
        return tuple(map(number, result)) if isinstance(result, tuple) else number(result)

    def number(result: Any) -> Any:
        if not isinstance(result, np.ndarray):
            return result  # a number of the formula
        result = result[..., 0]
        # A method that runs on Python's numbers gets them: NumPy's are many times slower.
        return result.item() if arithmetic.on_floats else result[()]

    return call
