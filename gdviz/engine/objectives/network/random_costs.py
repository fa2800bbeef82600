"""What gradient estimates along random directions cost on a network, and how far one draw is off.

Each takes as many losses whatever N is, and pays for that in variance: see
:mod:`gdviz.engine.descent.estimates.random_directions`, of which these are the estimates in N
parameters.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.base.cancel import no_progress
from gdviz.engine.objectives.network.difference_costs import decades
from gdviz.engine.objectives.network.forward import Leaves
from gdviz.engine.objectives.network.network import Network, why_not
from gdviz.engine.objectives.network.vectors import flat, shaped
from gdviz.engine.objectives.returned import Array

#: How often an estimate is drawn, the seconds after which it is enough, and how often even so.
DRAWS, _ENOUGH, _FEWEST = 8, 6.0, 2
#: The step where nothing tells which is best, and how many directions tell it elsewhere.
_STEP, _TRIED = 1e-3, 3
#: Pairs of losses of the evolution strategy.
PAIRS = 5


@dataclass(frozen=True)
class RandomEstimate:
    """A gradient estimate along random directions.

    Parameters
    ----------
    name : str
        A key of :data:`~gdviz.engine.descent.estimates.gradient_estimates.ESTIMATES`.
    losses : int
        How many losses one takes; none where it takes a pass with tangents.
    operations : float
        The same by operations, as a part of a gradient's 2·O(v + e).
    seconds : float
        The median time of one, its draw among it; nan where there is none.
    epsilon : float
        Its step ε; nan where it has none.
    error : float
        How wrong one draw is, the root of the mean of ‖ĝ − g‖² / ‖g‖²; nan where g is not known.
    theory : float
        The same by theory as ε → 0.
    draws : int
        How many draws it was measured on.
    why_not : str
        Why there is none, in a sentence; empty where there is one.
    """

    name: str
    losses: int
    operations: float
    seconds: float
    epsilon: float
    error: float
    theory: float
    draws: int
    why_not: str


def random_costs(
    network: Network,
    clock: Callable[[], float],
    epsilon: float,
    seed: int = 0,
    progress: Callable[[float], object] = no_progress,
) -> tuple[RandomEstimate, ...]:
    """Take estimates along random directions, and measure their time and their errors.

    Their ε is the one of the decades at which a slope along a direction is least wrong, as the
    gradient tells it: how long a direction is grows with N, so it is not that of a coordinate.

    Parameters
    ----------
    network : Network
        The loss.
    clock : callable
        Returns the time in seconds.
    epsilon : float
        The best step of central differences, for a coordinate; nan where nothing tells.
    seed : int, default 0
        What is drawn by.
    progress : callable, optional
        Takes how much is done, from 0 to 1.

    References
    ----------
    J. C. Spall, IEEE Transactions on Automatic Control 37 (1992) 332–341.
    Y. Nesterov and V. Spokoiny, Foundations of Computational Mathematics 17 (2017) 527–566.
    T. Salimans et al., arXiv:1703.03864, 2017.
    A. G. Baydin et al., arXiv:2202.08587, 2022.
    """
    draw = _Draw(network, np.random.default_rng(seed))
    exact = None if network.no_gradient else flat(network.gradient(network.theta))
    n, best = network.size, draw.best_step(exact)
    step, single = (_STEP if math.isnan(size) else size for size in (best, epsilon))
    ways: Sequence[tuple[str, int, float, float, Callable[[], Array]]] = (
        ("spsa", 2, best, n - 1.0, lambda: draw.along(draw.signs(), step)),
        ("gaussian", 2, best, n + 1.0, lambda: draw.along(draw.normals(), step)),
        ("evolution", 2 * PAIRS, best, (n + 1.0) / PAIRS, lambda: draw.evolution(step)),
        ("random-coordinate", 2, epsilon, n - 1.0, lambda: draw.coordinate(single)),
        ("forward-gradient", 0, math.nan, n + 1.0, draw.tangent),
    )
    found = []
    for k, (name, losses, size, variance, way) in enumerate(ways):
        operations = losses / 2.0 if losses else 1.0  # a pass with tangents is two passes
        try:
            seconds, errors = zip(*_draws(way, clock, exact), strict=True)
        except Exception as error:
            if losses:
                raise
            found.append(
                RandomEstimate(
                    name, losses, operations, math.nan, size, math.nan, math.sqrt(variance), 0,
                    why_not(error, network.arrays),
                )
            )  # fmt: skip
        else:
            off = math.nan if exact is None else math.sqrt(float(np.mean(errors)))
            found.append(
                RandomEstimate(
                    name, losses, operations, float(np.median(seconds)), size, off,
                    math.sqrt(variance), len(seconds), "",
                )
            )  # fmt: skip
        progress((k + 1) / len(ways))
    return tuple(found)


def _draws(
    way: Callable[[], Array], clock: Callable[[], float], exact: Array | None
) -> Iterator[tuple[float, float]]:
    """Yield of each draw the seconds, and ‖ĝ − g‖² / ‖g‖²."""
    size = 0.0 if exact is None else float(exact @ exact)
    way()  # the first takes what the library does once: of forward mode some seconds
    started = clock()
    for k in range(DRAWS):
        if k >= _FEWEST and clock() - started > _ENOUGH:
            return
        began = clock()
        estimate = way()
        taken = clock() - began
        off = math.nan if exact is None or not size else float(np.sum((estimate - exact) ** 2))
        yield taken, off / (size or 1.0)


class _Draw:
    """Estimates of the gradient at θ*, as vectors of N components."""

    def __init__(self, network: Network, random: np.random.Generator) -> None:
        self._network, self._random = network, random

    def signs(self) -> Array:
        """Return Δ, of random signs."""
        return self._random.integers(0, 2, self._network.size) * 2.0 - 1.0

    def normals(self) -> Array:
        """Return u, standard normal."""
        return self._random.standard_normal(self._network.size)

    def along(self, vector: Array, step: float) -> Array:
        """Return (L(θ + εu) − L(θ − εu))/2ε·u."""
        return self._slope(self._leaves(vector), step) * vector

    def best_step(self, exact: Array | None) -> float:
        """Return the decade at which slopes along directions are least wrong; nan if unknown.

        Parameters
        ----------
        exact : ndarray, shape (N,), or None
            The gradient.
        """
        if exact is None:
            return math.nan
        more = math.ceil(math.log10(self._network.size) / 2.0)
        steps = decades(self._network, more)
        off = np.zeros(len(steps))
        for _ in range(_TRIED):
            vector = self.normals()
            slopes = [self._slope(self._leaves(vector), step) for step in steps]
            off += (np.array(slopes) - float(exact @ vector)) ** 2
        return steps[int(np.nanargmin(off))] if np.isfinite(off).any() else math.nan

    def evolution(self, step: float) -> Array:
        """Return the mean of several."""
        total = np.zeros(self._network.size)
        for _ in range(PAIRS):
            total += self.along(self.normals(), step)
        return total / PAIRS

    def coordinate(self, step: float) -> Array:
        """Return a central difference along one axis, N times as long."""
        axis = np.zeros(self._network.size)
        axis[self._random.integers(self._network.size)] = 1.0
        return self.along(axis, step) * self._network.size

    def tangent(self) -> Array:
        """Return (∇L·u)u, by one pass with tangents."""
        vector = self.normals()
        return self._network.slope(self._network.theta, self._leaves(vector)) * vector

    def _slope(self, moves: Leaves, step: float) -> float:
        """Return (L(θ + εu) − L(θ − εu))/2ε."""
        theta, value = self._network.theta, self._network.value
        up = value([x + step * v for x, v in zip(theta, moves, strict=True)])
        down = value([x - step * v for x, v in zip(theta, moves, strict=True)])
        return (up - down) / (2.0 * step)

    def _leaves(self, vector: Array) -> Leaves:
        """Return a vector of N components in arrays as the parameters are."""
        return self._network.like(shaped(vector, self._network.centre))
