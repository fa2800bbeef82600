"""The race in margins is gradient descent in θ, with the same draws and the same α."""

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.logistic.problem import Counted, Problem
from gdviz.engine.analysis.reach.directions import BLOCK, Given, drawn
from gdviz.engine.analysis.reach.race import SAMPLES, race, rates

RANDOM = [name for name, way in VARIANTS.items() if way.is_random]
GOAL = 0.42 * 64


def steps_with(problem: Problem, name: str, alpha: float, sample: int, most: int) -> int:
    """Return the steps of a path that is taken in θ, one call after the other."""
    counted, theta = Counted(problem), 0.0 * problem.theta
    draws = (row for block in drawn(name, len(theta), 64, 0, sample) for row in block)
    for step in range(most):
        if problem.value(theta) <= GOAL:
            return step
        theta = theta - alpha * VARIANTS[name].function(counted, theta, Given(next(draws)))
    return most


@pytest.mark.parametrize("name", RANDOM)
def test_the_winner_is_there_as_soon_as_it_says(name: str) -> None:
    problem = Problem.made(8)
    winner = race(problem, name, GOAL, 1000, 0)
    assert winner is not None
    taken = [steps_with(problem, name, winner.alpha, k, 2000) for k in range(SAMPLES)]
    assert taken[winner.sample] == winner.steps
    assert sorted(taken)[SAMPLES // 2] == winner.steps


@pytest.mark.parametrize("name", RANDOM)
def test_no_other_rate_is_there_before(name: str) -> None:
    problem = Problem.made(8)
    winner = race(problem, name, GOAL, 1000, 0)
    for alpha in rates(problem, name):
        with np.errstate(over="ignore"):  # the largest ones diverge
            taken = [steps_with(problem, name, alpha, k, winner.steps) for k in range(SAMPLES)]
        assert sorted(taken)[SAMPLES // 2] >= winner.steps


def test_rates_fall_from_above_the_stable_ones_by_the_root_of_two() -> None:
    problem = Problem.made(32)
    exact, random = rates(problem, "analytic"), rates(problem, "spsa")
    stable = 8.0 / np.linalg.norm(problem.signed, 2) ** 2
    assert exact[0] == random[0] == pytest.approx(16 * stable)
    assert exact[:-1] / exact[1:] == pytest.approx(np.sqrt(2))
    assert exact[-1] == pytest.approx(stable / 8)
    assert random[-1] == pytest.approx(stable / 8 / 32)


def test_within_so_many_steps_nobody_may_be_there() -> None:
    assert race(Problem.made(8), "spsa", GOAL, 2, 0) is None


def test_cancelled() -> None:
    with pytest.raises(Cancelled):
        race(Problem.made(2), "spsa", GOAL, 10, 0, lambda: True)


def test_draws_are_the_seed_s_and_the_sample_s() -> None:
    def first(name: str, seed: int, sample: int) -> list[float]:
        return next(drawn(name, 6, 20, seed, sample)).ravel().tolist()

    for name in RANDOM:
        assert first(name, 1, 2) == first(name, 1, 2)
        assert first(name, 1, 2) != first(name, 1, 3)
        assert first(name, 1, 2) != first(name, 2, 2)


def test_what_is_drawn() -> None:
    signs, normals, rows = (next(drawn(name, 50, 20, 0, 0)) for name in
                            ("spsa", "forward-gradient", "mini-batch"))  # fmt: skip
    assert signs.shape == normals.shape == (BLOCK, 50)
    assert set(signs.ravel()) == {-1.0, 1.0}
    assert abs(signs.mean()) < 4 / np.sqrt(signs.size)
    assert normals.std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * normals.size))
    assert rows.shape == (BLOCK, 8)
    several, axes = (next(drawn(name, 50, 20, 0, 0)) for name in ("evolution", "random-coordinate"))
    assert several.shape == (BLOCK, 5, 50)
    assert axes.shape == (BLOCK,)
    assert 0 <= min(axes) <= max(axes) < 50
    assert all(len(set(batch)) == 8 and 0 <= min(batch) <= max(batch) < 20 for batch in rows)
    assert set(rows.ravel()) == set(range(20))
