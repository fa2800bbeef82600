"""An objective made of any Python function: what it is worth, what it costs, what it lacks."""

import math
from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.grid import sample
from gdviz.engine.descent.batch import descend_from_each
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

HOME = Range(-5.0, 5.0, -5.0, 5.0)


def bowl(a: Any, b: Any) -> Any:
    return a**2 + 3 * b**2


def slope(a: Any, b: Any) -> Any:
    return 2 * a, 6 * b


def by_math(a: float, b: float) -> float:
    """A loss that takes numbers only, and is undefined for a ≤ 0."""
    return math.log(a) + b * b


def settings(estimate: str, rule: str = "gd", **changes: Any) -> RunSettings:
    chosen = {"alpha": 0.1, "epsilon": 1e-6, "steps": 20, "bounds": HOME, **changes}
    return RunSettings(ESTIMATES[estimate], RULES[rule], **chosen)


def test_values_and_gradients_on_numbers_and_arrays() -> None:
    f = Objective.from_callable(bowl, slope)
    a, b = np.meshgrid(np.linspace(-1.0, 2.0, 4), np.linspace(0.0, 1.0, 3))
    np.testing.assert_array_equal(f.values(a, b), a**2 + 3 * b**2)
    np.testing.assert_array_equal(f.values(1.0, b[:, 0]), 1.0 + 3 * b[:, 0] ** 2)
    np.testing.assert_array_equal(f.gradients(a[0], 1.0), [2 * a[0], np.full(4, 6.0)])
    assert f.value(2.0, 1.0) == 7.0
    assert f.gradient(2.0, 1.0) == (4.0, 6.0)
    assert f.values(np.empty(0), np.empty(0)).shape == (0,)
    assert np.isnan(f.hessian(2.0, 1.0)).all()
    assert np.isnan(Objective.from_callable(bowl).gradient(2.0, 1.0)).all()


def test_a_map_of_what_takes_numbers_only_has_holes_outside_its_domain() -> None:
    grid = sample(Objective.from_callable(by_math), HOME, 21)
    inside = np.broadcast_to(grid.a > 0, (21, 21))
    np.testing.assert_array_equal(np.isfinite(grid.values), inside)
    expected = np.log(grid.a[grid.a > 0]) + grid.b[:, None] ** 2
    np.testing.assert_allclose(grid.values[inside].reshape(21, -1), expected, rtol=1e-14)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_calls_are_counted_and_keep_their_precision(precision: Any) -> None:
    counted = CountedObjective(Objective.from_callable(bowl, slope), precision)
    value = counted.value(counted.real(0.1), counted.real(0.0))
    assert type(value) is (float if precision == "float64" else np.float32)
    assert value == pytest.approx(0.01)
    assert counted.gradient(counted.real(2.0), counted.real(1.0)) == (4.0, 6.0)
    assert counted.calls == (1, 1, 0)


@pytest.mark.parametrize(
    ("estimate", "evaluations"), [("analytic", 2), ("forward", 3), ("backward", 3), ("central", 4)]
)
def test_a_descent_costs_what_it_costs_on_any_objective(estimate: str, evaluations: int) -> None:
    f = Objective.from_callable(bowl, slope)
    path = descend(f, settings(estimate), (2.0, 1.0))
    assert path.evaluations[:-1].tolist() == [evaluations] * 20
    # θ ← (1 − 2α)a, (1 − 6α)b
    np.testing.assert_allclose(path.theta[:, 0], 2.0 * 0.8 ** np.arange(21), atol=1e-5)
    np.testing.assert_allclose(path.theta[:, 1], 0.4 ** np.arange(21), atol=1e-5)


def test_a_call_that_is_counted_is_a_call() -> None:
    points = []

    def loss(a: float, b: float) -> float:
        points.append((a, b))
        return bowl(a, b)

    f = Objective.from_callable(loss, vectorized=False)
    path = descend(f, settings("forward", steps=3), (2.0, 1.0))
    assert path.values.sum() == 3 * 3
    assert len(points) == 3 * 3 + 4  # the loss along the path goes past the wrapper
    assert points[:2] == [(2.0, 1.0), (2.0 + 1e-6, 1.0)]


@pytest.mark.parametrize(
    ("estimate", "rule", "sentence"),
    [
        ("analytic", "gd", "bowl was given without a gradient, so only differences can be taken"),
        ("complex-step", "gd", "bowl only takes real numbers, so no complex step can be taken"),
        ("forward", "newton", "bowl has no second derivatives, which Newton's method needs"),
    ],
)
@pytest.mark.parametrize(
    "call",
    [
        lambda f, chosen: descend(f, chosen, (2.0, 1.0)),
        lambda f, chosen: descend_from_each(f, chosen, np.ones(3), np.arange(3.0)),
    ],
)
def test_what_it_lacks_is_refused_in_one_sentence(
    estimate: str, rule: str, sentence: str, call: Any
) -> None:
    f, chosen = Objective.from_callable(bowl), settings(estimate, rule)
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        call(f, chosen)


def test_where_it_leads_out_of_its_domain_the_path_ends_and_says_why() -> None:
    def loss(a: float, b: float) -> float:
        if a <= 0:
            raise ValueError("no such\nmodel")
        return a + b

    f = Objective.from_callable(loss, lambda a, b: (1.0, 0.0))
    path = descend(f, settings("analytic", alpha=1.0), (0.5, 0.0))
    assert path.status is Status.UNDEFINED
    assert path.sentence == (
        "step 1 led to (−0.5, 0), outside the domain of loss (ValueError: no such model), where f "
        "is unknown"
    )


def test_many_starts_arrive_where_each_one_does() -> None:
    a, b = np.array([0.5, 2.0, -1.0]), np.array([1.0, -1.0, 0.0])
    for f in (Objective.from_callable(bowl), Objective.from_callable(by_math)):
        chosen = settings("central")
        ends = descend_from_each(f, chosen, a, b)
        for end, start in zip(ends, zip(a.tolist(), b.tolist(), strict=True), strict=True):
            path = descend(f, chosen, start)
            assert end["steps"] == path.updates
            np.testing.assert_allclose(end["at"], complex(*path.theta[-1]), rtol=1e-9)


def test_each_is_another_function() -> None:
    f = Objective.from_callable(bowl)
    assert f == f
    assert f != Objective.from_callable(bowl)  # whose variables may differ
    assert len({f, f}) == 1
