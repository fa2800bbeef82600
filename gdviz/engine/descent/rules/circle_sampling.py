"""Samples of a loss all around a circle, doubled until no dip can hide between them.

The loss on a circle is periodic. Where the Fourier series of its samples has decayed, their
trigonometric interpolant is the loss itself, and what is narrower than the space between two
samples would have left a trace in all of them.

There are two ways of not having decayed. The amplitudes of kinks, jumps and edges fall as a power
of the order, without end: more samples tell little more. Waves that are shorter than the samples
are apart fold back over the whole spectrum, whose tail is then as high as what precedes it: only
more samples tell of them. The longer the circle, the more waves are on it.

Where rounding is most of what f varies by, as beside a minimum in float32, the spectrum of f never
decays either; the differences of a few values close together tell how much of it is round-off.

References
----------
.. [1] L. N. Trefethen, *Spectral Methods in MATLAB*, SIAM 2000, chapters 3 and 4 (decay of the
   Fourier coefficients, and trigonometric interpolation).
.. [2] J. J. Moré and S. M. Wild, "Estimating computational noise", SIAM Journal on Scientific
   Computing 33 (2011) 1292–1314 (round-off from a table of differences).
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array

#: Samples of a circle at the most, a power of two. Waves as long as a hundredth of the map are
#: resolved on circles of a radius of some ten maps.
MOST = 2**16
#: Samples resolve the circle when the upper half of their spectrum is below this part of what the
#: loss varies by.
_RESOLVED = 1e-8
#: From octave to octave, a kink's amplitudes fall to 1/4 and a jump's to 1/2 (0.29 and 0.54 with
#: their aliases); those of a smooth f fall faster, and of waves between the samples not at all.
_SMOOTH, _FALLING = 0.2, 0.6
EPS = float(np.finfo(np.float64).eps)
#: Values that the round-off is told from, the order of their differences, and how many times
#: they are taken further apart.
_CLOSE, _ORDER, _SPACINGS = 9, 6, 8
#: What such a difference makes of round-off of size 1.
_GAIN = math.sqrt(math.comb(2 * _ORDER, _ORDER))
#: Values of f that telling round-off and noise takes at the most, in float64.
MOST_CLOSE = _CLOSE * (_SPACINGS + 16)
#: What there is to say of a circle whose spectrum does not fall, after the circle and a verb.
TOO_LONG = (
    "too long to be searched completely, given how finely f varies on it: there may be a lower "
    "direction"
)

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
    is_enough : bool
        Whether more samples would tell little more, as with kinks and noise.
    is_falling : bool
        Whether it decays, but for noise; where it does not, there are waves between the samples.
    is_noise : bool
        Whether what is not resolved is round-off or other noise.
    """

    angles: Array
    losses: Array
    tail: float
    is_resolved: bool
    is_enough: bool
    is_falling: bool
    is_noise: bool = False

    @property
    def spacing(self) -> float:
        """The angle between two samples."""
        return 2 * np.pi / len(self.angles)


def sampled(
    values: Values,
    fewest: int,
    enough: int,
    eps: float = EPS,
    most: int = MOST,
) -> Samples:
    """Double the samples until they resolve the circle, or more of them would tell little more.

    Parameters
    ----------
    values : callable
        The losses by angle.
    fewest, enough : int
        Samples at first, and those that are enough for kinks: powers of two.
    eps : float, default 2⁻⁵²
        The precision of the losses: eight of these, of the largest, are round-off. Where the
        fewest samples do not resolve the circle, values close together tell of more.
    most : int, default 65536
        Samples at the most.

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
    if not samples.is_resolved and np.isfinite(samples.losses).any():
        floor = _round_off(values, samples, eps)
        samples = _examined(*samples[:2], eps, floor)
    while not samples.is_resolved and len(samples.angles) < enough:
        samples = _doubled(values, samples, eps, floor)
    if samples.is_enough:
        return samples
    if _is_noise(values, samples, eps):
        return samples._replace(is_enough=True, is_falling=True, is_noise=True)
    while not samples.is_enough and len(samples.angles) < most:
        samples = _doubled(values, samples, eps, floor)
    return samples


def _around(count: int) -> Array:
    return np.linspace(-np.pi, np.pi, count, endpoint=False)


def _doubled(values: Values, samples: Samples, eps: float, floor: float) -> Samples:
    """Return twice as many samples."""
    finer = _around(2 * len(samples.angles))
    losses = np.column_stack([samples.losses, values(finer[1::2])]).ravel()
    return _examined(finer, losses, eps, floor)


def _round_off(values: Values, samples: Samples, eps: float) -> float:
    """Return what of a loss is round-off, from high differences of values close together.

    They are taken so close that six differences leave nothing of the curve, on a circle of many
    waves as well. Where f changes by less than it is rounded to they are the same, and tell
    nothing: then further apart. Beside the lowest sample, and not at it: a kink may lie there.
    """
    lowest = float(samples.angles[np.argmin(samples.losses)])
    noise = 0.0
    for k in range(_SPACINGS):
        space = eps ** (0.8 - 0.09 * k)
        if space > 0.1 * samples.spacing:
            break
        losses = values(lowest + 0.3 * samples.spacing + space * np.arange(_CLOSE))
        noise = max(noise, float(np.abs(np.diff(losses, _ORDER)).max()) / _GAIN)
        if np.diff(losses).all():
            break
    # So few values may tell too little.
    return 4.0 * noise if math.isfinite(noise) else 0.0


def _is_noise(values: Values, samples: Samples, eps: float) -> bool:
    """Tell whether values are irregular where f is steepest, however close they are."""
    losses = np.where(np.isfinite(samples.losses), samples.losses, np.nan)
    rises = np.nan_to_num(np.abs(np.roll(losses, -1) - losses))
    steepest = float(samples.angles[np.argmax(rises)])
    space = samples.spacing / _CLOSE
    while space > eps**0.8:
        close = values(steepest + space * np.arange(_CLOSE, dtype=np.float64))
        irregular = float(np.abs(np.diff(close, _ORDER)).max()) / _GAIN
        if np.diff(close).all() and irregular < 0.05 * float(np.ptp(close)):
            return False
        space /= 4.0
    return True


def _examined(angles: Array, losses: Array, eps: float, floor: float) -> Samples:
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return Samples(angles, losses, np.inf, False, True, True)  # there is nothing to look for
    count = len(losses)
    spectrum = np.abs(np.fft.rfft(np.minimum(losses, finite.max()) - finite.min())) * 2 / count
    earlier, before = (spectrum[count // k : 2 * count // k].max() for k in (16, 8))
    tail = float(spectrum[count // 4 :].max())
    least = max(_RESOLVED * np.ptp(finite), 8 * eps * np.abs(finite).max(), floor)
    is_small = bool(tail <= least)
    is_falling = is_small or bool(before <= _FALLING * earlier and tail <= _FALLING * before)
    is_enough = is_small or (is_falling and bool(tail >= _SMOOTH * before))
    is_resolved = is_small and len(finite) == count
    return Samples(angles, losses, tail, is_resolved, is_enough, is_falling)


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
