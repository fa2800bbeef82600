"""What was measured on networks, made up: the numbers of the words that are asked for."""

import math

from gdviz.engine.objectives.network.difference_costs import DifferenceCosts, Differences
from gdviz.engine.objectives.network.network_costs import NetworkCosts, PeakMemory
from gdviz.engine.objectives.network.random_costs import RandomEstimate

COSTS = NetworkCosts(
    DifferenceCosts(
        61_706, "float32", 0.012 / 2.9, 0.012, "PyTorch's autograd", "", 64, 0.042, 768,
        (
            Differences("forward", 61_707, 250.0, 1e-3, 0.013),
            Differences("central", 123_412, 500.0, 1e-2, 0.0002),
        ),
    ),
    (
        RandomEstimate("spsa", 2, 1.0, 0.009, 1e-5, 251.0, math.sqrt(61_705), 8, ""),
        RandomEstimate("evolution", 10, 5.0, 0.045, 1e-5, 110.0, math.sqrt(61_707 / 5), 8, ""),
        RandomEstimate(
            "forward-gradient", 0, 1.0, 0.015, math.nan, 240.0, math.sqrt(61_707), 8, "",
        ),
    ),
    PeakMemory(1.77e6, 2.37e6, 2.02e6, 246_824, "counted by hand", ""),
)  # fmt: skip
#: Without a gradient, tangents, or what measures memory.
ALONE = NetworkCosts(
    DifferenceCosts(
        33, "float64", 2e-5, math.nan, "", "it defines no gradient(parameters)", 33, 0.0, 66,
        (
            Differences("forward", 34, 0.9e-3, math.nan, math.nan),
            Differences("central", 66, 1.0e-3, math.nan, math.nan),
        ),
    ),
    (
        RandomEstimate("spsa", 2, 1.0, 5e-5, math.nan, math.nan, math.sqrt(32), 8, ""),
        RandomEstimate(
            "forward-gradient", 0, 1.0, math.nan, math.nan, math.nan, math.sqrt(34), 0,
            "NumPy carries no tangents",
        ),
    ),
    PeakMemory(math.nan, math.nan, math.nan, 264, "counted by hand", "nobody knows how"),
)  # fmt: skip
