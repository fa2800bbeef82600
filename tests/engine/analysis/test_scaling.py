"""Cost in N: counts by hand, slopes, and the gradients' agreement; no clock is looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.logistic.gradients import (
    VARIANTS,
    analytic,
    central,
    forward,
    forward_reused,
)
from gdviz.engine.analysis.logistic.problem import Counted, Problem
from gdviz.engine.analysis.reach.directions import Given, drawn
from gdviz.engine.analysis.scaling import QUANTITIES, Measurement, ScalingResult, powers, scale

if TYPE_CHECKING:
    from numpy.typing import NDArray


WAYS = len(VARIANTS)


@pytest.fixture(scope="module")
def result() -> ScalingResult:
    return scale(powers(256))


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


# -- the problem


def test_the_value_is_the_sum_over_the_rows() -> None:
    problem = Problem.made(3, rows=5)
    margins = [sum(x * t for x, t in zip(row, problem.theta, strict=True))
               for row in problem.signed]  # fmt: skip
    expected = sum(math.log(1 + math.exp(t)) for t in margins)
    assert problem.value(problem.theta) == pytest.approx(expected, rel=1e-14)


def test_far_away_nothing_overflows() -> None:
    problem = Problem.made(2, rows=4)
    theta = np.array([1e5, -1e5])
    with np.errstate(over="ignore"):
        assert np.isfinite(problem.value(theta))
        assert np.isfinite(problem.gradient(theta)).all()


def test_data_are_made_alike_and_columns_stay() -> None:
    small, large = Problem.made(3), Problem.made(8)
    np.testing.assert_array_equal(small.signed, large.signed[:, :3])
    np.testing.assert_array_equal(small.signed, Problem.made(3).signed)
    assert (Problem.made(3, seed=1).signed != small.signed).all()
    assert large.signed.flags.f_contiguous
    assert large.signed.shape == (64, 8)


def test_margins_are_of_order_one_for_every_n() -> None:
    for n in (1, 64, 2048):
        problem = Problem.made(n)
        assert 0.1 < np.std(problem.signed @ problem.theta) < 3.0


@pytest.mark.parametrize(("n", "rows"), [(0, 3), (3, 0)])
def test_nothing_is_made_of_nothing(n: int, rows: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        Problem.made(n, rows)


# -- agreement (claim C9)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("rows", [1, 2, 64])
@pytest.mark.parametrize("n", [1, 2, 33, 512])
def test_the_gradients_agree(n: int, rows: int, seed: int) -> None:
    """To 1e-10 where round-off permits: a forward difference cannot, at any one step."""
    problem = Problem.made(n, rows, seed)
    theta = problem.theta
    exact = analytic(Counted(problem), theta)
    assert distance(problem.complex_step_gradient(theta), exact) < 1e-13
    assert distance(central(Counted(problem), theta), exact) < 1e-10
    assert distance(forward(Counted(problem), theta), exact) < 1e-6
    assert distance(forward_reused(Counted(problem), theta), exact) < 1e-6
    # The kept margins make the same difference quotient; with a larger step one can see it.
    large = 1e-3
    assert distance(
        forward_reused(Counted(problem), theta, large), forward(Counted(problem), theta, large)
    ) < 1e-10  # fmt: skip


def test_the_agreement_is_measured(result: ScalingResult) -> None:
    bounds = {
        "analytic": 1e-13, "central": 1e-10, "forward": 1e-6, "forward-reused": 1e-6,
        "forward-mode": 1e-13, "richardson": 1e-9, "adaptive": 1e-8,
    }  # fmt: skip
    for row in result.measurements:
        assert 0.0 <= row.relative_error < bounds.get(row.variant, math.inf)
    # What is right on average is off by as much as the gradient itself, or more.
    assert max(result.curve("spsa", "relative_error")[1]) > 1.0


# -- counts


def test_counts_by_hand() -> None:
    """N = 3, m = 5: v + e = 3 + 5·(3 + 1 + 1) + 1 nodes and 5·(3 + 3 + 1 + 1) edges, 69 in all.

    A shift of one parameter visits it, in each of the rows a product, a sum and softplus with
    their 1 + 2 + 1 + 1 edges, and the total: 1 + 5·8 + 1 = 42.
    """
    problem = Problem.made(3, rows=5)
    counted = {name: Counted(problem) for name in VARIANTS}
    for name, variant in VARIANTS.items():
        variant.function(counted[name], problem.theta)
    expected = {
        "analytic": (3, 2.0, 2 * 15),
        "forward": (4, 4.0, 4 * 15),
        "central": (6, 6.0, 6 * 15),
        "forward-reused": (4, 1.0 + 3 * 42 / 69, 15 + 3 * 5),
        "forward-mode": (3, 3 * 2.0, 3 * 30),
        "forward-gradient": (1, 2.0, 30),
        "richardson": (12, 12.0, 12 * 15),
        "spsa": (2, 2.0, 2 * 15),
        "gaussian": (2, 2.0, 2 * 15),
        "evolution": (10, 10.0, 10 * 15),
        "random-coordinate": (2, 2.0, 2 * 15),
        "mini-batch": (3, 2.0, 30),  # as there are but 5 rows
    }
    for name, (evaluations, passes, multiply_adds) in expected.items():
        assert counted[name].evaluations == evaluations
        assert counted[name].passes == pytest.approx(passes, rel=1e-15)
        assert counted[name].multiply_adds == multiply_adds
    # Of each parameter a third difference of four values for each ε that is tried, and two more.
    tried, left = divmod(counted["adaptive"].evaluations - 3 * 2, 4)
    assert left == 0
    assert 3 <= tried <= 3 * 6
    assert {name for name in VARIANTS if name not in expected} == {"adaptive"}


@pytest.mark.parametrize(
    ("variant", "evaluations", "passes", "multiply_adds"),
    [
        ("analytic", 1, 0, 1), ("forward", 1, 1, 2), ("central", 1, 1, 2),
        ("forward-reused", 1, 0, 1), ("forward-mode", 1, 1, 2), ("forward-gradient", 0, 0, 1),
        ("spsa", 0, 0, 1), ("mini-batch", 1, 0, 1), ("richardson", 1, 1, 2),
        ("gaussian", 0, 0, 1), ("evolution", 0, 0, 1), ("random-coordinate", 0, 0, 1),
    ],
)  # fmt: skip
def test_slopes(
    result: ScalingResult, variant: str, evaluations: int, passes: int, multiply_adds: int
) -> None:
    # N + 1 and the constant parts of kept margins come to their slopes as N grows.
    exactly = 0.02 if variant.startswith("forward") else 1e-12
    assert result.slope(variant, "evaluations") == pytest.approx(evaluations, abs=exactly)
    assert result.slope(variant, "passes") == pytest.approx(passes, abs=exactly)
    assert result.slope(variant, "multiply_adds") == pytest.approx(multiply_adds, abs=exactly)
    assert result.curve(variant, "passes")[1].dtype == np.float64


def test_the_slope_of_what_searches_its_steps(result: ScalingResult) -> None:
    """How often it tries is each parameter's own matter: about as often for any N."""
    for quantity, slope in (("evaluations", 1), ("passes", 1), ("multiply_adds", 2)):
        assert result.slope("adaptive", quantity) == pytest.approx(slope, abs=0.05)


def test_random_ways_are_right_on_average() -> None:
    """The mean of 4000 draws at N = 5 is ∇f within four standard errors in each component."""
    problem = Problem.made(5, rows=12)
    exact, count = problem.gradient(problem.theta), 4_000
    for name, way in VARIANTS.items():
        if way.is_random:
            draws = (row for block in drawn(name, 5, 12, 7, 0) for row in block)
            found = np.array(
                [way.function(Counted(problem), problem.theta, Given(next(draws)))
                 for _ in range(count)]
            )  # fmt: skip
            error = found.std(axis=0) / math.sqrt(count)
            assert (np.abs(found.mean(axis=0) - exact) < 4.2 * error + 1e-7).all(), name


def test_a_slope_is_that_of_the_largest() -> None:
    def made(n: int, seconds: float) -> Measurement:
        return Measurement(n, "analytic", n, 2.0, n, seconds, 0.0)

    rows = [made(n, max(1.0, n**2 / 64)) for n in (1, 2, 4, 8, 64, 256, 1024)]
    assert ScalingResult(1, tuple(rows)).slope("analytic", "seconds") == pytest.approx(2.0)
    assert ScalingResult(1, (made(1, 1.0), made(100, 10.0))).slope(
        "analytic", "seconds"
    ) == pytest.approx(0.5)  # fmt: skip
    for few in ((), rows[:1]):
        assert math.isnan(ScalingResult(1, tuple(few)).slope("analytic", "seconds"))


# -- running it


def test_powers_of_two() -> None:
    assert powers(1) == (1,)
    assert powers(9) == powers(8) == (1, 2, 4, 8)
    assert len(powers()) == 13


def test_results_come_a_row_at_a_time() -> None:
    seen: list[ScalingResult] = []
    result = scale((1, 2, 4), rows=3, progress=seen.append)
    assert [[row.n for row in partial.measurements] for partial in seen] == [
        [1] * WAYS, [1] * WAYS + [2] * WAYS, [1] * WAYS + [2] * WAYS + [4] * WAYS
    ]  # fmt: skip
    assert seen[-1] == result
    assert [row.variant for row in seen[0].measurements] == list(VARIANTS)
    assert all(row.seconds > 0.0 for row in result.measurements)
    assert set(QUANTITIES) < set(Measurement.__dataclass_fields__)


@pytest.mark.parametrize(("n", "rows"), [(1, 1), (4, 1), (1, 64)])
def test_one_row_and_one_parameter(n: int, rows: int) -> None:
    result = scale((n,), rows=rows)
    assert len(result.measurements) == WAYS
    exact = [row for row in result.measurements if not VARIANTS[row.variant].is_random]
    assert max(row.relative_error for row in exact) < 1e-6


def test_cancelling_stops_at_once_and_within_a_gradient() -> None:
    with pytest.raises(Cancelled):
        scale((1,), cancelled=lambda: True)

    asked = []

    def after_three() -> bool:
        asked.append(1)
        return len(asked) > 3

    problem = Problem.made(512, rows=2)
    counted = Counted(problem, after_three)
    with pytest.raises(Cancelled):
        forward(counted, problem.theta)
    assert counted.evaluations == 3 * 64


def test_partial_results_outlive_cancelling() -> None:
    seen: list[ScalingResult] = []
    with pytest.raises(Cancelled):
        scale((1, 2, 4), rows=2, progress=seen.append, cancelled=lambda: len(seen) == 2)
    assert len(seen[-1].measurements) == 2 * WAYS
