"""A formula has no derivatives where it has no value, and those of what cancels are zero."""

from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.loop import trajectory
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective


def gradients(objective: Objective, a: float, b: float) -> list[Any]:
    """Return ∇f at a point by all ways of computing it."""
    counted = CountedObjective(objective, "float64").gradient
    single = CountedObjective(objective, "float32").gradient
    many = CountedObjective(objective, "float64", arrays=True).gradient
    with np.errstate(all="ignore"):
        return [
            objective.gradient(a, b),
            np.ravel(np.transpose(np.broadcast_arrays(*objective.gradients([a, a], [b, b])))[0]),
            counted(a, b),
            single(np.float32(a), np.float32(b)),
            [np.ravel(part)[0] for part in many(np.array([a, a]), np.array([b, b]))],
        ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("log(a) + b", (-1, 2)), ("log10(a) + b", (-1, 2)), ("sqrt(a) + b^2", (-1, 2)),
        ("asin(a) + b", (2, 1)), ("acos(b)*a + a", (1, -3)), ("a^0.5 + b", (-1, 1)),
        ("a^b + b", (-1, 0.5)), ("log(a) - log(a) + b", (-1, 2)), ("a/b + a", (0, 0)),
        ("b/0 + a", (1, 0)), ("max(log(a), b) + b", (-1, 2)), ("abs(b) + log(a - 2)/2", (1, 1)),
        ("sqrt(a*b)*0.5 + sin(b)", (1, -1)),
    ],
)  # fmt: skip
def test_without_a_value_there_is_no_derivative(text: str, at: tuple[float, float]) -> None:
    objective = FormulaObjective.from_text(text)
    assert np.isnan(objective.value(*at))
    assert np.isnan(gradients(objective, *at)).all()
    assert np.isnan(objective.hessian(*at)).all()


def test_over_data_as_well() -> None:
    data = Data({"x": (1.0, 2.0, 3.0)})
    objective = FormulaObjective.from_text("sum(log(a*x)) + b", None, data)
    assert np.isnan(gradients(objective, -1.0, 2.0)).all()
    assert np.array(gradients(objective, 1.5, 2.0)) == pytest.approx(np.array([[2.0, 1.0]] * 5))


def test_a_given_gradient_has_none_either() -> None:
    given = Objective.from_callable(
        lambda a, b: np.log(a) + b, lambda a, b: (1 / a, 1.0 + 0 * b), vectorized=True
    )
    in_a, in_b = given.gradients([-1.0, 2.0], [1.0, 1.0])
    np.testing.assert_array_equal([in_a, in_b], [[np.nan, 0.5], [np.nan, 1.0]])


def test_where_there_is_one_it_stays() -> None:
    """To the last bit, and of an infinite value too: 1/a at 0."""
    assert FormulaObjective.from_text("log(a) + b").gradient(3.0, 1.0) == (1 / 3, 1.0)
    assert FormulaObjective.from_text("1/a + b").gradient(0.0, 1.0) == (-np.inf, 1.0)


def test_a_fused_loop_ends_where_there_is_none() -> None:
    """By hand: b falls by α a step, and a by α/a, until it is negative."""
    objective = FormulaObjective.from_text("log(a) + b")
    settings = RunSettings(
        ESTIMATES["analytic"], RULES["gd"], alpha=0.5, steps=9, bounds=Range(-99, 99, -99, 99)
    )
    for _ in range(3):  # the first time no loop is generated
        run = trajectory(objective, settings, (0.5, 0.0), bool)
        assert (run.a, run.b) == ([0.5, -0.5], [0.0, -0.5])
        assert run.status is Status.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "at"),
    [("acos((-b)*(1/b))", (1, 2)), ("acos((-b)*(1/b))", (1, 49)), ("acos(b^2/b/b)", (1, 0.7)),
     ("asin((a + b)*(1/(b + a)))", (0.1, 0.7)), ("asin(min(b, a)/(-b))", (1.5, 0.75)),
     ("(a/b - 100)^(abs(a) + a)", (-1.5, 1)), ("(-sqrt(a))^(b/max(b, b) - 1)", (0.5, 2))],
)  # fmt: skip
def test_what_cancels_within_has_no_slope(text: str, at: tuple[float, float]) -> None:
    """Each is constant; the derivative of acos is infinite at −1, and 0 times that no number."""
    objective = FormulaObjective.from_text(text)
    assert np.array(gradients(objective, *at)) == pytest.approx(np.zeros((5, 2)))


@pytest.mark.parametrize(
    ("text", "is_finite"),
    [
        ("a^2 + c*b", True), ("b*sigmoid(a)", True), ("exp(100*a)", True), ("log(a + 4)", True),
        ("exp(a^8)", False), ("log(a)", False), ("1/a", False), ("sqrt(b - 1)", False),
        ("a^0.5", False), ("(1e200*a)^2", False), ("1/(1e200*a)^2", False),
    ],
)  # fmt: skip
def test_where_f_is_surely_finite(text: str, is_finite: bool) -> None:
    """On −3 ≤ a ≤ 3, −2 ≤ b ≤ 4: e^300 is a number, and e^(3⁸) is none."""
    objective = FormulaObjective.from_text(text, {"c": 2.0})
    assert objective.is_finite_on(Range(-3.0, 3.0, -2.0, 4.0)) is is_finite
    assert not objective.is_finite_on(Range(-np.inf, np.inf, -np.inf, np.inf))


def test_nothing_is_sure_of_sums_over_data() -> None:
    data = Data({"x": (1.0, 2.0)})
    objective = FormulaObjective.from_text("sum((a*x - b)^2)", data=data)
    assert not objective.is_finite_on(Range(-1.0, 1.0, -1.0, 1.0))
