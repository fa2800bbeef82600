"""Samples of a loss all around a circle, doubled until no dip can hide between them.

The loss on a circle is periodic. Where the Fourier series of its samples has decayed, their
trigonometric interpolant is the loss itself, and what is narrower than the space between two
samples would have left a trace in all of them.

References
----------
.. [1] L. N. Trefethen, *Spectral Methods in MATLAB*, SIAM 2000, chapters 3 and 4 (decay of the
   Fourier coefficients, and trigonometric interpolation).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.engine.objective import Array

#: Samples resolve the circle when the upper half of their spectrum is below this part of what the
#: loss varies by.
_RESOLVED = 1e-8
_EPS = float(np.finfo(np.float64).eps)

#: Losses by angle, inf where f is not finite.
Values = Callable[[Array], Array]


class Samples(NamedTuple):
    """Losses at equally spaced angles.

    Attributes
    ----------
    angles : ndarray, shape (n,)
        From −π on, π not included.
    losses : ndarray, shape (n,)
        The loss at them; inf where it is not finite.
    tail : float
        The largest amplitude in the upper half of their spectrum; see :func:`sampled`.
    is_resolved : bool
        Whether the spectrum has decayed; never where a loss is not finite.
    """

    angles: Array
    losses: Array
    tail: float
    is_resolved: bool

    @property
    def spacing(self) -> float:
        """The angle between two samples."""
        return 2 * np.pi / len(self.angles)


def sampled(
    values: Values,
    fewest: int,
    most: int,
    eps: float = _EPS,
    noise: Callable[[Samples], float] | None = None,
) -> Samples:
    """Double the samples until they resolve the circle.

    Parameters
    ----------
    values : callable
        The losses by angle.
    fewest, most : int
        Samples at first and at the most: powers of two.
    eps : float, default 2⁻⁵²
        The precision of the losses: eight of these, of the largest, are round-off.
    noise : callable, optional
        Is handed the fewest samples if they do not resolve the circle, and returns what else of
        a loss is round-off, which more samples would resolve no better.

    Returns
    -------
    Samples

    Notes
    -----
    Where the loss is not finite it counts as its largest finite value: that leaves a jump, and a
    tail that decays slowly.
    """
    floor = 0.0
    samples = _examined(angles := _around(fewest), values(angles), eps, floor)
    if noise is not None and not samples.is_resolved:
        floor = noise(samples)
        samples = _examined(*samples[:2], eps, floor)
    while not samples.is_resolved and len(samples.angles) < most:
        finer = _around(2 * len(samples.angles))
        losses = np.column_stack([samples.losses, values(finer[1::2])]).ravel()
        samples = _examined(finer, losses, eps, floor)
    return samples


def _around(count: int) -> Array:
    return np.linspace(-np.pi, np.pi, count, endpoint=False)


def _examined(angles: Array, losses: Array, eps: float, floor: float) -> Samples:
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return Samples(angles, losses, np.inf, False)
    spectrum = np.fft.rfft(np.minimum(losses, finite.max()) - finite.min())
    tail = float(np.abs(spectrum[len(losses) // 4 :]).max()) * 2 / len(losses)
    most = max(_RESOLVED * np.ptp(finite), 8 * eps * np.abs(finite).max(), floor)
    return Samples(angles, losses, tail, len(finite) == len(losses) and bool(tail <= most))


def valleys(losses: Array, margin: float = 0.0) -> NDArray[np.intp]:
    """Return where losses around a circle have a valley that may hold the lowest of all.

    Parameters
    ----------
    losses : ndarray, shape (n,)
        At equally spaced angles.
    margin : float, default 0
        By how much they may be wrong.

    Returns
    -------
    ndarray of int
        Indices of the samples in the middle of these valleys, each no higher than its neighbours.
    """
    before, after = np.roll(losses, 1), np.roll(losses, -1)
    # A parabola dips by an eighth of its second difference between samples at most, and a kink by
    # a half: nothing that could still be the lowest is left out.
    dip = (before - losses) + (after - losses)
    lowest = losses.min() + margin
    return np.flatnonzero(
        (losses <= before) & (losses <= after) & np.isfinite(losses) & (losses - dip <= lowest)
    )
