"""How noisy values of f are, told from a table of differences of a few that lie close together.

What is smooth in f all but vanishes in differences of a high order; noise does not. The k-th
difference of independent noise of variance σ² has the variance (2k)!/(k!)²·σ² [1]_.

References
----------
.. [1] J. J. Moré and S. M. Wild, "Estimating computational noise", SIAM Journal on Scientific
   Computing 33 (2011) 1292–1314, algorithm ECnoise.
.. [2] J. J. Moré and S. M. Wild, "Estimating derivatives of noisy simulations", ACM Transactions
   on Mathematical Software 38 (2012) 19.
"""

import math
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from gdviz.base.types import Array

#: Values that a table is made of, the first space between them, and what that is multiplied or
#: divided by where it is too short or too long, so many times at most.
VALUES = 8
_SPACE, _TIMES, _TRIES = 1e-6, 100.0, 4
#: Values that differ by more than this part of the largest are too far apart.
_SPREAD = 0.1
#: Estimates of so many orders in a row that agree within this factor are of noise.
_ORDERS, _AGREE = 3, 4.0


class Verdict(Enum):
    """What a table of differences tells."""

    FOUND = "a level of noise"
    TOO_CLOSE = "half of the values are equal"
    TOO_FAR = "the values differ by what is smooth in f"


class Noise(NamedTuple):
    """A level of noise.

    Attributes
    ----------
    level : float
        The standard deviation of a value; 0 where none was found.
    verdict : Verdict
        Whether one was found.
    """

    level: float
    verdict: Verdict


def noise_level(values: Sequence[float]) -> Noise:
    """Estimate the noise in values at equally spaced points.

    Parameters
    ----------
    values : sequence of float
        Six or more, in their order; eight are usual.
    """
    differences = np.array(values, np.float64)
    count, largest = len(differences), float(np.abs(differences).max())
    if not np.isfinite(differences).all() or np.ptp(differences) > _SPREAD * largest:
        return Noise(0.0, Verdict.TOO_FAR)
    levels, turns, gamma = [], [], 1.0
    for order in range(1, count):
        differences = np.diff(differences)
        if order == 1 and 2 * np.count_nonzero(differences == 0.0) >= count:
            return Noise(0.0, Verdict.TOO_CLOSE)
        gamma *= 0.5 * order / (2 * order - 1)  # (k!)²/(2k)!
        levels.append(float(np.sqrt(gamma * np.mean(np.square(differences)))))
        turns.append(bool(differences.min() * differences.max() < 0.0))
    for k in range(count - _ORDERS):
        some = levels[k : k + _ORDERS]
        if turns[k] and max(some) <= _AGREE * min(some):
            return Noise(levels[k], Verdict.FOUND)
    return Noise(0.0, Verdict.TOO_FAR)


def greatest_noise(values: Array) -> Array:
    """Return what noise there is in values at equally spaced points at the most.

    Where these are not so close that f is smooth over them, it is more; half of them being equal
    is no matter.

    Parameters
    ----------
    values : ndarray, shape (count, ...)
        Of tables, in their order; seven or more are usual.

    Returns
    -------
    ndarray, shape (...)
        The standard deviation of a value, by the differences of the highest orders.
    """
    levels, count = [], len(values)
    for order in range(count // 2 + 1, count):
        gamma = 1.0 / math.comb(2 * order, order)  # (k!)²/(2k)!
        squares = np.square(np.diff(values, order, axis=0))
        levels.append(np.sqrt(gamma * np.mean(squares, axis=0)))
    greatest: Array = np.max(levels, axis=0)
    return greatest


def noise_along(value: Callable[[float], Any], size: float) -> float:
    """Estimate the noise of a function of one number around 0.

    Parameters
    ----------
    value : callable
        The function.
    size : float
        What is about one unit of the number.

    Returns
    -------
    float
        The standard deviation of a value; 0 where no space between the points tells it.
    """
    space, before = _SPACE * size, None
    for _ in range(_TRIES):
        offsets = (space * (k - VALUES // 2) for k in range(VALUES))
        level, verdict = noise_level([float(value(offset)) for offset in offsets])
        if verdict is Verdict.FOUND or verdict is not before is not None:
            return level
        space *= _TIMES if verdict is Verdict.TOO_CLOSE else 1.0 / _TIMES
        before = verdict
    return 0.0
