"""Peak memory by hand, and all that is measured on a network at once."""

import math
import time

import numpy as np
import pytest

from gdviz.engine.objectives.network import network_costs as module
from gdviz.engine.objectives.network.forward import Forward
from gdviz.engine.objectives.network.network import Network
from gdviz.engine.objectives.network.network_costs import network_costs, peak_memory
from gdviz.engine.objectives.network.numpy_arrays import NumpyArrays
from gdviz.engine.objectives.network.peak_memory import TRACED, Meter, NotMeasured
from gdviz.engine.objectives.returned import Array

SIZE = 100_000


def _network(with_gradient: bool = True) -> Network:
    """Return a loss that holds two arrays as large as θ at once, and a gradient that holds four."""

    def loss(w: Array) -> float:
        once = w + 1.0
        return float(np.sum(once * once))

    def gradient(w: Array) -> Array:
        held = [w + 1.0 for _ in range(4)]
        return 2.0 * held[0] if len(held) == 9 else held[0]

    own = (lambda leaves: [gradient(leaves[0])]) if with_gradient else None
    forward = Forward(("w",), [np.ones(SIZE)], lambda leaves: loss(leaves[0]), list)
    return Network(forward, own)


def test_the_memory_by_hand() -> None:
    """A loss 2N numbers, a gradient 4N, and differences a loss beside N slopes: 3N."""
    memory = peak_memory(_network())
    assert memory.parameters == 8 * SIZE
    assert memory.loss == pytest.approx(2 * 8 * SIZE, rel=0.01)
    assert memory.gradient == pytest.approx(4 * 8 * SIZE, rel=0.01)
    assert memory.differences == pytest.approx((2 + 1) * 8 * SIZE, rel=0.01)
    assert (memory.how, memory.why_not) == (TRACED.said, "")


def test_without_a_gradient_it_has_no_memory() -> None:
    memory = peak_memory(_network(with_gradient=False))
    assert math.isnan(memory.gradient)
    assert memory.loss == pytest.approx(2 * 8 * SIZE, rel=0.01)


def test_a_system_that_tells_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_call: object) -> float:
        raise NotMeasured("it has no counter")

    monkeypatch.setattr(NumpyArrays, "meter", Meter("by nobody", refuse))
    memory = peak_memory(_network())
    assert memory.why_not == "it has no counter"
    assert math.isnan(memory.loss)


def test_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEW", 2)
    told: list[float] = []
    costs = network_costs(_network(), time.perf_counter, progress=told.append)
    assert costs.differences.size == SIZE
    assert [row.name for row in costs.estimates][:2] == ["spsa", "gaussian"]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert costs.ratio(costs.estimates[0]) == (
        costs.estimates[0].seconds / costs.differences.gradient_seconds
    )
