"""What differences would cost on a network: losses and gradients timed, coordinates sampled."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.base.cancel import no_progress
from gdviz.base.format import number
from gdviz.engine.objectives.code_ref import StochasticError
from gdviz.engine.objectives.network.network import Network
from gdviz.engine.objectives.network.vectors import flat
from gdviz.engine.objectives.returned import Array

#: How large the standard error of the time of all differences may be, as a part of it.
WITHIN = 0.05
#: How many coordinates are sampled at first, and at most; they are doubled in between.
FEWEST, MOST = 16, 512
#: Seconds after which no further coordinate is begun, and how many there are even so.
LONGEST, AT_LEAST = 60.0, 2
#: How often the loss and the gradient at θ* are timed, and the seconds after which it is enough.
_TIMES, _ENOUGH, _FEWEST_TIMES = 15, 3.0, 3
#: How far two losses at the same parameters may be apart, as a part of them: sums in float32 are.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class Differences:
    """The differences that would be a gradient.

    Parameters
    ----------
    name : {"forward", "central"}
        Which.
    losses : int
        How many losses all N components take.
    seconds : float
        How long that takes, extrapolated from the sampled coordinates.
    epsilon : float
        The best of the steps that were tried; nan where nothing is known to compare with.
    error : float
        How wrong they are there on the sampled coordinates, ‖d − g‖ / ‖g‖; nan likewise.
    """

    name: str
    losses: int
    seconds: float
    epsilon: float
    error: float


@dataclass(frozen=True)
class DifferenceCosts:
    """What differences would cost on a network, beside its gradient.

    Parameters
    ----------
    size : int
        N, the number of parameters.
    precision : str
        The parameters' types.
    loss_seconds, gradient_seconds : float
        The median time of one loss and of one gradient; the latter is nan where there is none.
    gradient_by : str
        What returns the gradient; empty where nothing does.
    no_gradient : str
        Why there is none, in a sentence; empty where there is one.
    coordinates : int
        How many coordinates were sampled.
    spread : float
        The standard error of the differences' time, as a part of it.
    computed : int
        How many losses were computed at displaced parameters.
    differences : tuple of Differences
        Forward and central ones.
    """

    size: int
    precision: str
    loss_seconds: float
    gradient_seconds: float
    gradient_by: str
    no_gradient: str
    coordinates: int
    spread: float
    computed: int
    differences: tuple[Differences, ...]

    def ratio(self, differences: Differences) -> float:
        """Return how many times longer differences take than the gradient."""
        return differences.seconds / self.gradient_seconds if self.gradient_seconds else math.nan

    @staticmethod
    def theory(differences: Differences) -> float:
        """Return the same ratio by operations: losses of O(v + e), a gradient of 2·O(v + e).

        References
        ----------
        A. Griewank, A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, section 4.5.
        """
        return differences.losses / 2.0


def difference_costs(
    network: Network,
    clock: Callable[[], float],
    seed: int = 0,
    progress: Callable[[float], object] = no_progress,
) -> DifferenceCosts:
    """Measure a loss, a gradient, and the differences of coordinates that are drawn at random.

    More and more coordinates are drawn, without replacement, until the standard error of the time
    that all of them would take is within 5 %, or there are as many as is worth waiting for.

    Parameters
    ----------
    network : Network
        The loss.
    clock : callable
        Returns the time in seconds.
    seed : int, default 0
        What the coordinates are drawn by.
    progress : callable, optional
        Takes how much is done, from 0 to 1.

    Raises
    ------
    StochasticError
        If the loss is another number each time. What the code itself raises is not caught.
    """
    began = clock()
    loss_seconds, gradient_seconds = _timed(network, clock)
    steps = decades(network)
    drawn = np.random.default_rng(seed).permutation(network.size)
    most = min(MOST, network.size)
    probe = _Probe(network, steps, clock)
    wanted, spread = min(FEWEST, most), math.inf
    while len(probe.seconds) < wanted:
        probe.take(int(drawn[len(probe.seconds)]))
        count = len(probe.seconds)
        progress(count / _expected(probe.seconds, wanted, most))
        is_late = clock() - began > LONGEST and count >= AT_LEAST
        if count == wanted or is_late:
            spread = _spread(probe.seconds, network.size)
            if is_late or spread <= WITHIN:
                break
            wanted = min(2 * wanted, most)
    exact = None
    if not network.no_gradient:
        exact = flat(network.gradient(network.theta))[drawn[: len(probe.seconds)]]
    each = float(np.mean(probe.seconds))  # of one loss
    found = []
    for name, losses, slopes_of in (
        ("forward", network.size + 1, probe.forward),
        ("central", 2 * network.size, probe.central),
    ):
        best = _best(slopes_of(), steps, exact)
        found.append(Differences(name, losses, losses * each, *best))
    return DifferenceCosts(
        network.size, " and ".join(sorted(network.kinds)), loss_seconds, gradient_seconds,
        "" if network.no_gradient else network.autodiff or "gradient(parameters)",
        network.no_gradient, len(probe.seconds), spread,
        2 * len(steps) * len(probe.seconds), tuple(found),
    )  # fmt: skip


class _Probe:
    """Losses on both sides of θ* along one coordinate after the other, and what they take."""

    def __init__(
        self, network: Network, steps: Sequence[float], clock: Callable[[], float]
    ) -> None:
        self.seconds: list[float] = []  # of one loss, at each coordinate
        self._network, self._steps, self._clock = network, np.asarray(steps), clock
        self._middle = network.value(network.theta)
        self._sides: list[Array] = []  # of each coordinate, by sign and step

    def take(self, coordinate: int) -> None:
        """Compute and time its losses."""
        taken, values = 0.0, np.empty((2, len(self._steps)))
        for row, sign in enumerate((1.0, -1.0)):
            for column, step in enumerate(self._steps):
                leaves = self._network.displaced(coordinate, sign * step)
                began = self._clock()
                values[row, column] = self._network.value(leaves)
                taken += self._clock() - began
        self._sides.append(values)
        self.seconds.append(taken / values.size)

    def forward(self) -> Array:
        """Return forward differences, a row a coordinate and a column a step."""
        plus = np.asarray(self._sides)[:, 0]
        slopes: Array = (plus - self._middle) / self._steps
        return slopes

    def central(self) -> Array:
        """Return central differences likewise."""
        plus, minus = np.moveaxis(np.asarray(self._sides), 1, 0)
        slopes: Array = (plus - minus) / (2.0 * self._steps)
        return slopes


def _timed(network: Network, clock: Callable[[], float]) -> tuple[float, float]:
    """Return the median time of a loss and of a gradient; nan where there is none.

    Raises
    ------
    StochasticError
        If the loss at the same parameters is another one each time.
    """
    losses: list[float] = []
    gradients: list[float] = []
    values: list[float] = []
    started = clock()
    while len(losses) < _TIMES:
        if len(losses) >= _FEWEST_TIMES and clock() - started > _ENOUGH:
            break
        leaves = network.theta
        began = clock()
        values.append(network.value(leaves))
        losses.append(clock() - began)
        if not network.no_gradient:
            leaves = network.theta
            began = clock()
            network.gradient(leaves)
            gradients.append(clock() - began)
    low, high = min(values), max(values)
    if not high - low <= _ROUNDING * max(abs(low), abs(high)):
        raise StochasticError(
            f"the loss is another number each time, from {number(low)} to {number(high)} at the "
            "same parameters, so its differences are noise",
            evaluation=network.forward.evaluation,
        )
    return float(np.median(losses)), float(np.median(gradients)) if gradients else math.nan


def decades(network: Network, more: int = 0) -> list[float]:
    """Return the steps ε that are tried: from 1 to below the root of the rounding.

    Parameters
    ----------
    network : Network
        Its precision is what matters.
    more : int, default 0
        How many decades are added below.
    """
    lowest = math.floor(math.log10(math.sqrt(network.eps))) - more
    if network.no_gradient:  # nothing tells which is best
        return [10.0**lowest]
    return [10.0**-k for k in range(2 - lowest)]


def _spread(seconds: Sequence[float], size: int) -> float:
    """Return the standard error of a total of so many, of which some were drawn, as a part of it.

    References
    ----------
    W. G. Cochran, Sampling Techniques, 3rd ed., Wiley 1977, theorem 2.2: without replacement.
    """
    count, mean = len(seconds), float(np.mean(seconds))
    if count == size or not mean:
        return 0.0
    if count < 2:
        return math.inf
    error = float(np.std(seconds, ddof=1)) * math.sqrt((1.0 - count / size) / count)
    return error / mean


def _expected(seconds: Sequence[float], wanted: int, most: int) -> int:
    """Return how many coordinates it is going to be, as far as can be told."""
    mean = float(np.mean(seconds))
    if len(seconds) < 2 or not mean:
        return wanted
    needed = (float(np.std(seconds, ddof=1)) / (WITHIN * mean)) ** 2
    count = wanted
    while count < min(needed, most):
        count *= 2
    return min(count, most)


def _best(slopes: Array, steps: Sequence[float], exact: Array | None) -> tuple[float, float]:
    """Return the step whose differences are least wrong, and how wrong: nan where none is known."""
    size = 0.0 if exact is None else float(np.linalg.norm(exact))
    if exact is None or not size:
        return math.nan, math.nan
    errors = np.linalg.norm(slopes - exact[:, np.newaxis], axis=0) / size
    if not np.isfinite(errors).any():
        return math.nan, math.nan
    best = int(np.nanargmin(errors))
    return steps[best], float(errors[best])
