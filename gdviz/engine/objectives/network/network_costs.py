"""What a gradient costs on a network by each way to it: time, losses, memory and error."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gdviz.base.cancel import no_progress
from gdviz.engine.objectives.network.difference_costs import DifferenceCosts, difference_costs
from gdviz.engine.objectives.network.forward import Leaves
from gdviz.engine.objectives.network.network import Network
from gdviz.engine.objectives.network.peak_memory import NotMeasured
from gdviz.engine.objectives.network.random_costs import RandomEstimate, random_costs
from gdviz.engine.objectives.network.vectors import bytes_of

#: Which parts of the work are done after the differences, and after the random estimates.
_DIFFERENCES, _RANDOM = 0.65, 0.95
#: How many differences the memory of all is measured on: each holds what the one before held.
_FEW = 3
#: By how much a coordinate is displaced for that.
_STEP = 1e-3


@dataclass(frozen=True)
class PeakMemory:
    """The most bytes that is held at once above the parameters, the data and all else before.

    Parameters
    ----------
    loss, gradient, differences : float
        Of one loss, of one gradient, and of forward differences, which are a loss at a time and
        what they are to be, N slopes; nan where it was not measured.
    parameters : int
        Bytes of the parameters.
    how : str
        How it was measured, in words.
    why_not : str
        Why it was not, in a sentence; empty where it was.
    """

    loss: float
    gradient: float
    differences: float
    parameters: int
    how: str
    why_not: str


@dataclass(frozen=True)
class NetworkCosts:
    """What a gradient costs on a network.

    Parameters
    ----------
    differences : DifferenceCosts
        The loss, the gradient, and differences.
    estimates : tuple of RandomEstimate
        Estimates along random directions.
    memory : PeakMemory
        The most memory that is held at once.
    """

    differences: DifferenceCosts
    estimates: tuple[RandomEstimate, ...]
    memory: PeakMemory

    def ratio(self, estimate: RandomEstimate) -> float:
        """Return how many times longer an estimate takes than the gradient; nan if unknown."""
        by = self.differences.gradient_seconds
        return estimate.seconds / by if by else math.nan


def network_costs(
    network: Network,
    clock: Callable[[], float],
    seed: int = 0,
    progress: Callable[[float], object] = no_progress,
) -> NetworkCosts:
    """Measure what a gradient costs by each way to it.

    Parameters
    ----------
    network : Network
        The loss.
    clock : callable
        Returns the time in seconds.
    seed : int, default 0
        What coordinates and directions are drawn by.
    progress : callable, optional
        Takes how much is done, from 0 to 1.

    Raises
    ------
    StochasticError
        If the loss is another number each time. What the code itself raises is not caught.
    """
    most = 0.0

    def tell(done: float) -> None:
        nonlocal most
        most = max(most, done)  # more coordinates may turn out to be needed
        progress(most)

    found = difference_costs(network, clock, seed, lambda done: tell(_DIFFERENCES * done))
    estimates = random_costs(
        network, clock, found.differences[1].epsilon, seed,
        lambda done: tell(_DIFFERENCES + (_RANDOM - _DIFFERENCES) * done),
    )  # fmt: skip
    memory = peak_memory(network)
    tell(1.0)
    return NetworkCosts(found, estimates, memory)


def peak_memory(network: Network) -> PeakMemory:
    """Measure the most memory that a loss, a gradient and forward differences hold at once.

    Parameters
    ----------
    network : Network
        The loss.
    """
    meter = network.arrays.meter
    size = bytes_of(network.forward.centre)
    theta = network.theta
    displaced = [network.displaced(k, _STEP) for k in range(min(_FEW, network.size))]
    calls: Sequence[Callable[[], object]] = (
        lambda: network.value(theta),
        lambda: None if network.no_gradient else network.gradient(theta),
        lambda: _differences(network, theta, displaced),
    )
    try:
        if meter.peak is None:
            loss, gradient = network.arrays.planned(network.forward, theta)
            differences = loss + size
        else:
            loss, gradient, differences = map(meter.peak, calls)
    except NotMeasured as why:
        return PeakMemory(math.nan, math.nan, math.nan, size, meter.said, str(why))
    if network.no_gradient or (meter.peak is None and not network.autodiff):
        gradient = math.nan
    return PeakMemory(loss, gradient, differences, size, meter.said, "")


def _differences(network: Network, theta: Leaves, displaced: Sequence[Leaves]) -> object:
    """Take the first of N forward differences, beside arrays that have room for all."""
    slopes = [leaf * 0 for leaf in theta]
    middle = network.value(theta)
    return slopes, [network.value(leaves) - middle for leaves in displaced]
