"""Schedules: how the learning rate changes along a path.

A schedule is a factor of α at step k of n, 1 at step 0.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gdviz.engine.descent.hyperparameters import Configurable, Option


def inverse(k: int, _n: int, decay: float) -> float:
    """Return 1/(1 + dk): Σα_k diverges while Σα_k² does not.

    References
    ----------
    H. Robbins and S. Monro, "A stochastic approximation method", Annals of Mathematical
    Statistics 22 (1951) 400–407. Keras calls it InverseTimeDecay.
    """
    return 1.0 / (1.0 + decay * k)


def exponential(k: int, _n: int, gamma: float) -> float:
    """Return γᵏ, PyTorch's ExponentialLR."""
    return gamma**k


def cosine(k: int, n: int, floor: float) -> float:
    """Return φ + (1 − φ)(1 + cos(πk/n))/2, PyTorch's CosineAnnealingLR with T_max = n.

    PyTorch gives the least α itself; here φ is its part of α.

    Parameters
    ----------
    k : int
        The update, from 0 on.
    n : int
        The most updates.
    floor : float
        φ, from 0 to 1.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: Stochastic gradient descent with warm restarts",
    ICLR 2017, equation (5), without restarts.
    """
    return floor + (1.0 - floor) * (1.0 + math.cos(math.pi * k / n)) / 2.0


@dataclass(frozen=True, slots=True)
class Schedule(Configurable):
    """A way to change the learning rate along a path.

    Parameters
    ----------
    name, title, about, options
        As of every :class:`~gdviz.engine.descent.hyperparameters.Configurable`; `about` is α at
        step k of n.
    factor : callable or None
        ``(k, n, **options) -> float``; None where α stays as it is.
    """

    factor: Callable[..., float] | None = None


#: The schedules by name, in menu order: another one is a row here and its factor.
SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {
        schedule.name: schedule
        for schedule in (
            Schedule("constant", "Constant", "α"),
            Schedule(
                "inverse",
                "1/t",
                "α/(1 + dk)",
                (Option("decay", "d", 0.05, 1e-6, 1e3, "What a step adds to 1/α, relative to it",
                        logarithmic=True),),
                definition="Keras's InverseTimeDecay with decay_steps = 1; PyTorch has none",
                factor=inverse,
            ),
            Schedule(
                "exponential",
                "Exponential",
                "αγᵏ",
                (Option("gamma", "γ", 0.98, 0.01, 1.0, "Factor applied to α at each step"),),
                definition="PyTorch's ExponentialLR; Keras and Optax can spread γ over several",
                factor=exponential,
            ),
            Schedule(
                "cosine",
                "Cosine",
                "α(φ + (1 − φ)(1 + cos(πk/n))/2)",
                (Option("floor", "φ", 0.0, 0.0, 1.0, "Fraction of α left at the end"),),
                definition="PyTorch's CosineAnnealingLR with T_max = n and eta_min = φα; Keras "
                "and Optax call φ alpha",
                factor=cosine,
            ),
        )
    }
)  # fmt: skip
