"""What it costs in N to reach a loss: the same at N = 1, and never less than the exact gradient."""

import math

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.logistic.problem import Problem
from gdviz.engine.analysis.reach.reach import COMPARED, Reached, ReachResult, reach


def by_way(result: ReachResult, n: int) -> dict[str, Reached]:
    return {row.variant: row for row in result.found if row.n == n}


def test_with_one_parameter_two_values_are_the_gradient() -> None:
    """Δ = ±1 divides out: SPSA is a central difference, and takes the same steps."""
    result = reach((1,))
    found = by_way(result, 1)
    assert list(found) == list(COMPARED)
    assert found["spsa"].steps == found["analytic"].steps
    assert found["spsa"].alpha == found["analytic"].alpha
    assert found["spsa"].evaluations == 2 * found["spsa"].steps


def test_what_is_right_on_average_takes_more_steps_with_a_smaller_rate() -> None:
    found = by_way(reach((16,), 0.35), 16)
    exact = found["analytic"]
    for name in ("forward-gradient", "spsa", "mini-batch"):
        assert found[name].steps > exact.steps
        assert found[name].alpha < exact.alpha


def test_what_each_step_is_charged() -> None:
    found = by_way(reach((16,), 0.35), 16)
    charged = {  # evaluations, passes, multiply-adds over 64·16
        "analytic": (16, 2, 2), "forward": (17, 17, 17), "forward-mode": (16, 32, 32),
        "forward-gradient": (1, 2, 2), "spsa": (2, 2, 2), "mini-batch": (2, 0.25, 0.25),
    }  # fmt: skip
    for name, (evaluations, passes, products) in charged.items():
        row = found[name]
        assert row.evaluations == pytest.approx(evaluations * row.steps)
        assert row.passes == pytest.approx(passes * row.steps)
        assert row.multiply_adds == pytest.approx(64 * 16 * products * row.steps)
        assert row.seconds > 0.0


def test_ways_to_the_gradient_itself_take_its_steps() -> None:
    found = by_way(reach((8,), 0.41), 8)
    for name in ("forward", "forward-mode"):
        assert found[name].steps == found["analytic"].steps > 1
        assert found[name].alpha == found["analytic"].alpha


def test_a_path_of_the_best_rate_is_at_the_loss() -> None:
    exact = by_way(reach((4,), 0.436), 4)["analytic"]
    problem = Problem.made(4)
    theta = 0.0 * problem.theta
    for _ in range(int(exact.steps)):
        assert problem.value(theta) > 0.436 * 64
        theta = theta - exact.alpha * problem.gradient(theta)
    assert problem.value(theta) <= 0.436 * 64


def test_a_loss_that_is_never_reached() -> None:
    found = reach((1,), 0.46).found
    assert all(row.least == pytest.approx(0.464515, rel=1e-5) for row in found)
    assert all(math.isnan(row.steps) and math.isnan(row.alpha) for row in found)


def test_slopes_are_fitted_up_to_the_rows_and_beyond() -> None:
    found = tuple(
        Reached(n, "spsa", 0.1, 0.1, min(n, 64) * 3.0, n) for n in (1, 4, 16, 64, 256, 1024)
    )
    result = ReachResult(0.4, 64, 0, found)
    assert result.slope("spsa", "steps") == pytest.approx(1.0)
    assert result.slope("spsa", "steps", beyond=True) == pytest.approx(0.0, abs=1e-12)
    assert result.slope("spsa", "evaluations", beyond=True) == pytest.approx(1.0)
    assert math.isnan(result.slope("analytic", "steps"))
    assert math.isnan(ReachResult(0.4, 64, 0, found[:1]).slope("spsa", "steps"))


def test_what_did_not_reach_the_loss_is_left_out_of_a_curve() -> None:
    result = ReachResult(0.4, 64, 0, (Reached(1, "spsa", 0.46), Reached(2, "spsa", 0.3, 0.1, 7)))
    n, steps = result.curve("spsa", "steps")
    assert (n.tolist(), steps.tolist()) == ([2.0], [7.0])


def test_the_steps_of_two_values_grow_with_n_below_the_rows() -> None:
    """By the median of five paths; of the exact gradient they do not grow."""
    result = reach((2, 8, 32), 0.5, rows=64)
    assert result.slope("spsa", "steps") == pytest.approx(0.8, abs=0.3)
    assert result.slope("analytic", "steps") == pytest.approx(0.0, abs=0.1)


def test_the_result_so_far_is_told_after_each_way() -> None:
    told: list[ReachResult] = []
    result = reach((1, 2), progress=told.append)
    assert [len(each.found) for each in told] == list(range(1, 2 * len(COMPARED) + 1))
    assert told[-1] == result


def test_cancelled() -> None:
    with pytest.raises(Cancelled):
        reach((4,), cancelled=lambda: True)


def test_it_is_the_seed_s() -> None:
    one, same, other = (reach((8,), 0.41, seed=seed).found for seed in (3, 3, 4))
    assert [(row.alpha, row.steps) for row in one] == [(row.alpha, row.steps) for row in same]
    assert not np.isclose(one[0].least, other[0].least)
