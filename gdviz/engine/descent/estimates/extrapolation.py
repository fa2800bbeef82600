"""Richardson's extrapolation of central differences, and how far what comes out may be off.

Differences with ever smaller steps are extrapolated to the step 0; the entry of the tableau whose
neighbours agree best is taken, and how far they differ is how far it may be off (Ridders).

References
----------
C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software
4 (1982) 75–76.
"""

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array

#: The columns of the tableau.
_COLUMNS = 8


def extrapolated(
    slopes: Array, rounding: Array, ratio: float = 2.0, *, all_levels: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return of each tableau the entry that is most surely right, and how far it may be off.

    Parameters
    ----------
    slopes : ndarray, shape (levels, ...)
        Central differences with ever smaller steps.
    rounding : ndarray, shape (levels, ...)
        About how far off rounding, or noise, makes each.
    ratio : float, default 2
        How many times smaller each step is.
    all_levels : bool, default False
        Whether an entry has to be what the smaller steps say as well, but for their rounding: else
        a function that is too fast for the large ones has entries that agree by chance. The
        rounding must be known for that.

    Returns
    -------
    best, off : ndarray of float64, shape (...)
        Infinitely far off, it is the last difference, where too few are finite.
    """
    best = slopes[-1]
    least = np.full(slopes.shape[1:], np.inf)
    column = slopes
    with np.errstate(all="ignore"):
        for order in range(1, min(_COLUMNS, len(slopes))):
            finer, coarser = column[1:], column[:-1]
            entries = finer + (finer - coarser) / (ratio ** (2.0 * order) - 1.0)
            off = np.fmax(np.abs(entries - finer), np.abs(entries - coarser)) + rounding[order:]
            if all_levels:
                off += _contradicted(entries, slopes, rounding)
            off = np.where(np.isfinite(entries) & np.isfinite(off), off, np.inf)
            first = np.argmin(off, axis=0)[None]
            entry, error = (np.take_along_axis(x, first, axis=0)[0] for x in (entries, off))
            best, least = np.where(error < least, entry, best), np.fmin(error, least)
            column = entries
    return best, least


def _contradicted(entries: Array, slopes: Array, rounding: Array) -> Array:
    """Return how far smaller steps are from entries beyond what they may be.

    The smallest step of an entry is as far from it as its truncation is; smaller ones are less.
    """
    skipped = len(slopes) - len(entries)
    beyond = np.zeros_like(entries)
    for k, entry in enumerate(entries):
        own = np.abs(slopes[k + skipped] - entry)
        for j in range(k + skipped + 1, len(slopes)):
            beyond[k] = np.fmax(beyond[k], np.abs(slopes[j] - entry) - rounding[j] - own)
    return beyond
