"""What it costs in N to reach a loss: the same at N = 1, and never less than the exact gradient."""

import math

import pytest

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.logistic_problem import Problem
from gdviz.engine.analysis.scaling_reach import COMPARED, LOSS, Reached, growth, reach


def test_with_one_parameter_two_values_are_the_gradient() -> None:
    """Δ = ±1 divides out: SPSA is a central difference, and takes the same steps."""
    exact, _, spsa, _ = reach((1,))
    assert [row.variant for row in reach((1,))] == list(COMPARED)
    assert spsa.steps == exact.steps
    assert spsa.alpha == exact.alpha
    assert spsa.evaluations == 2 * spsa.steps


def test_what_is_right_on_average_takes_more_steps_with_a_smaller_rate() -> None:
    exact, forward, spsa, batch = reach((16,))
    for row in (forward, spsa, batch):
        assert row.steps > exact.steps
        assert row.alpha < exact.alpha
    assert forward.evaluations == forward.steps
    assert forward.passes == 2 * forward.steps
    assert batch.evaluations == pytest.approx(16 * 8 / 64 * batch.steps)


def test_a_path_of_the_best_rate_is_at_the_loss() -> None:
    exact, *_ = reach((4,), 0.45)
    problem = Problem.made(4)
    theta = 0.0 * problem.theta
    for _ in range(int(exact.steps)):
        assert problem.value(theta) > 0.45 * 64
        theta = theta - exact.alpha * problem.gradient(theta)
    assert problem.value(theta) <= 0.45 * 64


def test_a_loss_that_is_never_reached() -> None:
    exact, *_ = reach((1,), 0.46, rows=64)  # the least is 0.4645
    assert math.isnan(exact.steps)
    assert math.isnan(exact.alpha)


def test_growth_is_fitted_up_to_the_rows() -> None:
    found = [Reached(n, "spsa", 0.1, min(n, 64) * 3, 0, 0) for n in (1, 4, 16, 64, 256, 1024)]
    assert growth(found, "spsa") == pytest.approx(1.0)
    assert math.isnan(growth(found, "analytic"))
    assert math.isnan(growth(found[:1], "spsa"))


def test_the_default_loss_can_be_reached_for_every_n() -> None:
    assert all(row.steps < 1_000 for row in reach((1, 2, 64), LOSS))


def test_cancelled() -> None:
    with pytest.raises(Cancelled):
        reach((4,), cancelled=lambda: True)
