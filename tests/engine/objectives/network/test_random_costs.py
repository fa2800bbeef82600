"""Estimates along random directions on a network: times by hand, errors against theory."""

import math

import numpy as np
import pytest

from gdviz.engine.objectives.network.forward import Forward
from gdviz.engine.objectives.network.network import Network
from gdviz.engine.objectives.network.random_costs import DRAWS, RandomEstimate, random_costs
from gdviz.engine.objectives.returned import Array


class _Clock:
    """Time that passes only where a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _line(slopes: Array, clock: _Clock, has_gradient: bool = True) -> Network:
    """L = g·θ at θ = 1, of which a loss takes 1/4 s."""

    def loss(leaves: list[Array]) -> float:
        clock.now += 0.25
        return float(sum(g @ leaf.ravel() for g, leaf in zip(parts, leaves, strict=True)))

    parts = [slopes[:2], slopes[2:]]
    forward = Forward(("v", "w"), [np.ones((1, 2)), np.ones(len(slopes) - 2)], loss, list)
    own = (lambda _: [parts[0].reshape(1, 2), parts[1]]) if has_gradient else None
    return Network(forward, own)


def _by_name(network: Network, clock: _Clock, seed: int = 0) -> dict[str, RandomEstimate]:
    return {row.name: row for row in random_costs(network, clock, 0.5, seed)}


def test_times_losses_and_theory_by_hand() -> None:
    clock = _Clock()
    found = _by_name(_line(np.arange(1.0, 10.0), clock), clock)
    assert {name: (row.losses, row.seconds) for name, row in found.items() if row.losses} == {
        "spsa": (2, 0.5), "gaussian": (2, 0.5), "evolution": (10, 2.5),
        "random-coordinate": (2, 0.5),
    }  # fmt: skip
    assert {name: row.theory**2 for name, row in found.items()} == pytest.approx(
        {"spsa": 8, "gaussian": 10, "evolution": 2, "random-coordinate": 8, "forward-gradient": 10}
    )
    assert {name: row.operations for name, row in found.items()} == {
        "spsa": 1.0, "gaussian": 1.0, "evolution": 5.0, "random-coordinate": 1.0,
        "forward-gradient": 1.0,
    }  # fmt: skip
    assert found["random-coordinate"].epsilon == 0.5
    assert found["spsa"].draws == DRAWS
    assert found["forward-gradient"].why_not == "NumPy carries no tangents"
    assert math.isnan(found["forward-gradient"].seconds)


@pytest.mark.parametrize("size", [3, 4, 400])
def test_one_draw_of_spsa_on_a_line_is_wrong_by_its_length(size: int) -> None:
    """ĝ = (g·Δ)Δ, so ‖ĝ − g‖² = (N − 2)(g·Δ)² + ‖g‖²; with g = e₁, N − 1."""
    slopes = np.zeros(size)
    slopes[0] = 3.0
    clock = _Clock()
    spsa = _by_name(_line(slopes, clock), clock)["spsa"]
    assert spsa.error == pytest.approx(math.sqrt(size - 1.0), rel=1e-6)
    assert spsa.theory == pytest.approx(spsa.error, rel=1e-6)


def test_errors_are_those_of_theory_on_average() -> None:
    """Of a hundred seeds the mean of squares is that of 800 draws: 5 % of a deviation of √2."""
    clock = _Clock()
    network = _line(np.cos(np.arange(30.0)), clock)
    found = [_by_name(network, clock, seed) for seed in range(100)]
    for name in ("spsa", "gaussian", "evolution", "random-coordinate"):
        square = np.mean([each[name].error ** 2 for each in found])
        assert square == pytest.approx(found[0][name].theory ** 2, rel=0.2), name


def test_the_step_is_the_best_of_the_decades() -> None:
    """Of a line it is the largest; of θ⁴ at 1 (4·u + 4ε²u³) it balances truncation and rounding."""
    clock = _Clock()
    assert _by_name(_line(np.ones(4), clock), clock)["gaussian"].epsilon == 1.0
    forward = Forward(("w",), [np.ones(4)], lambda leaves: float(np.sum(leaves[0] ** 4)), list)
    network = Network(forward, lambda leaves: [4.0 * leaves[0] ** 3])
    assert 1e-7 < _by_name(network, clock)["gaussian"].epsilon < 1e-3


def test_without_a_gradient_there_are_the_times_alone() -> None:
    clock = _Clock()
    found = _by_name(_line(np.ones(4), clock, has_gradient=False), clock)
    assert found["gaussian"].seconds == 0.5
    assert math.isnan(found["gaussian"].error)
    assert math.isnan(found["gaussian"].epsilon)


def test_slow_losses_are_not_drawn_many_times() -> None:
    """Two draws of an evolution strategy take 2 × 10/4 s, and a third would end after 7.5 s."""
    clock = _Clock()
    network = _line(np.ones(4), clock)
    assert _by_name(network, clock)["evolution"].draws == 3
    forward = Forward(("w",), [np.ones(4)], network.forward.loss, lambda x: [x[0][:2], x[0][2:]])
    slow = Network(forward)

    def tick() -> None:
        clock.now += 10.0

    slow._tick = tick
    assert {row.draws for row in random_costs(slow, clock, 0.5)} == {0, 2}


def test_how_much_is_done_grows_up_to_all() -> None:
    told: list[float] = []
    random_costs(_line(np.ones(4), _Clock()), _Clock(), 0.5, 0, told.append)
    assert told == [0.2, 0.4, 0.6, 0.8, 1.0]
