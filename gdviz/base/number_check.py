"""Whether something is a number that may be, said in one way wherever numbers are refused."""

import math
from numbers import Integral, Real
from reprlib import repr as shortened
from typing import Any

from gdviz.base.format import format_bound, format_number


def why_no_number(value: Any, low: float, high: float, *, whole: bool = False) -> str:
    """Say what something must be that is no number within bounds; empty for one that is.

    Parameters
    ----------
    value
        Anything: neither True nor text is a number.
    low, high : float
        The bounds, both allowed.
    whole : bool, default False
        Whether it has to be an integer; 1.0 is none, which cannot be told from 1.0000000000000001.

    Returns
    -------
    str
        Such as "must be between 0 and 1, not 2": what is refused comes before it.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or (whole and not isinstance(value, Integral)):
        given = float(value) if is_number else value  # NumPy's have a name before the number
        return f"must be a {'whole ' if whole else ''}number, not {shortened(given)}"
    if low <= value <= high:  # nan is not
        return ""
    # A file may hold an integer that is too long to be formatted.
    is_huge = 1e300 < abs(value) < math.inf
    shown = "a number of that size" if is_huge else format_number(float(value), 10)
    return f"must be between {format_bound(low)} and {format_bound(high)}, not {shown}"
