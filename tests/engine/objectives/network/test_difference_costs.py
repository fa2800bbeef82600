"""What differences would cost: counts by hand, errors in closed form, on a clock of the tests."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from gdviz.engine.objectives.code_ref import StochasticError
from gdviz.engine.objectives.network.difference_costs import DifferenceCosts, difference_costs
from gdviz.engine.objectives.network.forward import Forward
from gdviz.engine.objectives.network.network import Network
from gdviz.engine.objectives.returned import Array


class _Clock:
    """Time that passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _network(
    loss: Callable[[Array], float],
    theta: Array,
    gradient: Callable[[Array], Array] | None = None,
) -> Network:
    own = None if gradient is None else lambda leaves: [gradient(leaves[0])]
    return Network(Forward(("w",), [theta], lambda leaves: loss(leaves[0]), list), own)


def _quadratic(
    curvatures: Array, clock: _Clock, loss_takes: float = 0.25, gradient_takes: float = 0.75
) -> Network:
    """L = Σ θᵢ + ½ Σ Hᵢᵢ (θᵢ − 1)² at θ = 1, where ∂L/∂θᵢ = 1."""

    def loss(w: Array) -> float:
        clock.now += loss_takes
        return float(np.sum(w) + 0.5 * np.sum(curvatures * (w - 1.0) ** 2))

    def gradient(w: Array) -> Array:
        clock.now += gradient_takes
        slopes: Array = 1.0 + curvatures * (w - 1.0)
        return slopes

    return _network(loss, np.ones(len(curvatures)), gradient)


def test_times_and_counts_by_hand() -> None:
    """Losses of 1/4 s and a gradient of 3/4 s: three losses; N + 1 and 2N losses are the rest."""
    clock = _Clock()
    network = _quadratic(np.full(40, 2.0), clock, 2.0**-8, 3 * 2.0**-8)
    before = network.passes["losses"]
    costs = difference_costs(network, clock)
    assert (costs.size, costs.precision) == (40, "float64")
    assert (costs.loss_seconds, costs.gradient_seconds) == (2.0**-8, 3 * 2.0**-8)
    forward, central = costs.differences
    assert (forward.losses, central.losses) == (41, 80)
    assert (forward.seconds, central.seconds) == (41 * 2.0**-8, 80 * 2.0**-8)
    assert (costs.ratio(forward), costs.ratio(central)) == (41 / 3, 80 / 3)
    assert (costs.theory(forward), costs.theory(central)) == (20.5, 40.0)
    # All take the same time, so the first 16 coordinates are enough: ε from 1 to 10⁻⁹, both sides.
    assert (costs.coordinates, costs.spread) == (16, 0.0)
    assert costs.computed == 16 * 2 * 10
    assert network.passes["losses"] - before == 15 + 1 + costs.computed


def test_forward_differences_are_wrong_by_half_of_epsilon_times_the_curvature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """(L(θ + ε eᵢ) − L(θ)) / ε − ∂ᵢL = ε Hᵢᵢ / 2, and central differences are exact.

    All N = 4 coordinates are taken, so ‖d − g‖ / ‖g‖ = ε/2 ‖diag H‖ / √N.
    """
    curvatures, epsilon = np.array([8.0, -2.0, 4.0, 0.0]), 0.01
    steps = "gdviz.engine.objectives.network.difference_costs.decades"
    monkeypatch.setattr(steps, lambda _: [epsilon])
    forward, central = difference_costs(_quadratic(curvatures, _Clock()), _Clock()).differences
    expected = epsilon / 2 * math.sqrt(64 + 4 + 16) / math.sqrt(4)
    assert forward.error == pytest.approx(expected, rel=1e-9)
    assert forward.epsilon == epsilon
    assert central.error < 1e-12


def test_the_best_epsilon_of_a_line_is_the_largest() -> None:
    """There differences are exact but for rounding, which is ε's smaller the larger ε is."""
    forward, central = difference_costs(_quadratic(np.zeros(5), _Clock()), _Clock()).differences
    assert forward.epsilon == central.epsilon == 1.0
    assert forward.error == central.error == 0.0


def test_float32_is_displaced_in_float32() -> None:
    """1 + 10⁻⁹ is 1 there: steps go down to 10⁻⁵, and the best is above that, where they cancel."""
    seen = set()

    def loss(w: Array) -> np.float32:
        seen.add(str(w.dtype))
        return np.float32(np.sum(w * w))

    network = _network(loss, np.ones(3, np.float32), lambda w: 2 * w)  # type: ignore[arg-type]
    costs = difference_costs(network, _Clock())
    assert seen == {costs.precision} == {"float32"}
    assert costs.computed == 3 * 2 * 6  # ε from 1 to 10⁻⁵
    assert 1e-5 < costs.differences[0].epsilon < 1.0
    assert 1e-5 < costs.differences[0].error < 0.1


def _uneven(seconds: Callable[[int], float], size: int) -> DifferenceCosts:
    """Return the costs of a loss that takes as long as the coordinate that is displaced says."""
    clock = _Clock()

    def loss(w: Array) -> float:
        (moved,) = np.nonzero(w)
        clock.now += seconds(int(moved[0])) if len(moved) else 0.0
        return float(np.sum(w))

    return difference_costs(_network(loss, np.zeros(size)), clock)


def test_coordinates_are_doubled_until_the_standard_error_is_within_5_percent() -> None:
    """Times of 1 and 3 have a standard deviation of half of their mean: ½/√K ≤ 1/20 for K ≥ 100."""
    costs = _uneven(lambda i: 1e-3 * (1 + 2 * (i % 2)), 2000)
    assert costs.coordinates == 128
    assert costs.spread == pytest.approx(0.5 / math.sqrt(128) * math.sqrt(1 - 128 / 2000), rel=0.05)
    forward, _ = costs.differences
    assert forward.seconds == pytest.approx(2001 * 2e-3, rel=3 * costs.spread)


def test_there_is_a_bound() -> None:
    """One of ten takes all the time: its standard deviation is three means, so K = 3600."""
    costs = _uneven(lambda i: 1e-3 * (i % 10 == 0), 4000)
    assert costs.coordinates == 512
    assert costs.spread > 0.05


def test_all_coordinates_are_no_sample() -> None:
    costs = _uneven(lambda i: 1e-3 * (i + 1) ** 2, 10)
    assert (costs.coordinates, costs.spread) == (10, 0.0)
    assert costs.differences[1].seconds == pytest.approx(2e-3 * 385)  # 1 + 4 + … + 100


def test_slow_losses_are_not_waited_for() -> None:
    """Each takes 20 s and more; two coordinates tell at least how even they are."""
    costs = _uneven(lambda i: 20.0 + i, 100)
    assert costs.coordinates == 2
    assert math.isfinite(costs.spread)


def test_without_a_gradient_there_is_the_cost_alone() -> None:
    costs = _uneven(lambda _: 1e-3, 100)
    assert costs.no_gradient == "it defines no gradient(parameters)"
    assert costs.gradient_by == ""
    assert costs.computed == costs.coordinates * 2
    assert all(math.isnan(row.error) for row in costs.differences)
    assert math.isnan(costs.ratio(costs.differences[0]))


def test_the_parameters_are_left_as_they_were() -> None:
    theta = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    seen = []
    network = _network(lambda w: seen.append(w.copy()) or float(np.sum(w)), theta)
    difference_costs(network, _Clock())
    np.testing.assert_array_equal(theta, np.arange(6.0).reshape(2, 3))
    # Each coordinate, and no two at once, is displaced to both sides.
    moved = [np.flatnonzero(w - theta) for w in seen]
    assert sorted(int(i[0]) for i in moved if len(i)) == sorted([*range(6), *range(6)])
    assert max(map(len, moved)) == 1


def test_the_seed_chooses_the_coordinates() -> None:
    def coordinates(seed: int) -> list[int]:
        found: list[int] = []

        def loss(w: Array) -> float:
            found.extend(np.flatnonzero(w).tolist())
            return float(np.sum(w))

        difference_costs(_network(loss, np.zeros(1000)), _Clock(), seed)
        return found

    assert coordinates(1) == coordinates(1) != coordinates(2)


def test_a_loss_of_noise_is_refused() -> None:
    draw = np.random.default_rng(0)
    network = _network(lambda w: float(np.sum(w)) + draw.random(), np.ones(2))
    with pytest.raises(StochasticError, match=r"another number each time, .* --loss-seed 0 makes"):
        difference_costs(network, _Clock())
    network.forward.evaluation = "model.eval()"  # as a module's is
    with pytest.raises(StochasticError, match=r"noise; model.eval\(\) turns dropout off; --loss-"):
        difference_costs(network, _Clock())


def test_how_much_is_done_grows_up_to_all() -> None:
    told: list[float] = []
    difference_costs(_quadratic(np.ones(40), _Clock()), _Clock(), progress=told.append)
    assert told == [k / 16 for k in range(1, 17)]
