"""Minima at kinks: found exactly, from near, and told from everything that is none."""

import math

import numpy as np
import pytest

from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth_minima import is_around, kink_minima
from gdviz.engine.objectives.surfaces import SURFACES


def found(text: str, point: complex, reach: float = 0.5) -> complex:
    objective = FormulaObjective.from_text(text)
    return complex(kink_minima(objective, np.array([point]), reach, 10.0)[0])


@pytest.mark.sampled(7)
@pytest.mark.parametrize(
    ("text", "minimum"),
    [
        ("abs(a) + abs(b)", 0.0),
        ("7*abs(a - 1) + abs(b + 2)", 1.0 - 2.0j),
        ("abs(2*a + b) + abs(a - 3*b)", 0.0),
        ("max(a, -a, b, -2*b)", 0.0),
        ("(max(2*a, -a) + 1)*(1 + b^2)", 0.0),
        ("abs(a) + b^2", 0.0),
        # On the circle f = |r² − 1| + a, whose lowest point is (−1, 0).
        ("3*abs(a^2 + b^2 - 1) + a", -1.0),
        ("relu(a) - 2*min(a, 0) + cosh(b - 1)", 1.0j),
        ("abs(exp(a) - 2) + abs(b^3 + b - 2)", math.log(2.0) + 1.0j),
        ("1000 + 1e-3*(abs(a) + abs(b))", 0.0),
        # The tips of cones, sharper and blunter ones, and edges that are written without abs.
        (SURFACES["ackley"].formula, 0.0),
        ("sqrt(a^2 + b^2) + a/2", 0.0),
        ("sqrt((a - 1)^2 + 4*(b + 2)^2)", 1.0 - 2.0j),
        ("(a^2 + b^2)^0.25", 0.0),
        ("(a^2 + b^2)^0.75", 0.0),
        ("abs(a)^1.5 + b^2", 0.0),
        ("sqrt(abs(a)) + (b - 1)^2", 1.0j),
        ("sqrt(abs(a)) + sqrt(abs(b))", 0.0),
        ("sqrt((a - b)^2) + (a - 1)^2", 1.0 + 1.0j),
        ("sqrt(abs(a^2 + b^2 - 1)) + a", -1.0),
    ],
)
def test_it_is_found_exactly_from_all_around(text: str, minimum: complex) -> None:
    for turn in np.exp(2j * np.pi * np.arange(7) / 7):
        assert found(text, minimum + 0.1 * turn) == pytest.approx(minimum, abs=1e-9)
    assert found(text, minimum) == pytest.approx(minimum, abs=1e-9)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "text",
    [
        "a^2 + b^2",  # smooth
        "abs(a)^2 + abs(b)^3",
        "-abs(a) - abs(b)",
        "abs(a) - abs(b)",
        "abs(a) - b^2",
        "min(a, -a) + b^2",
        "relu(a) + relu(b)",  # the edge of a plateau
        "relu(a)",
        "100*abs(a - b) + 0.01*a",  # the floor of a valley that slopes
        "10*abs(a - 2*b) + abs(b) - 2*b",  # a corner that falls in one narrow direction
        "sign(a)^2 + b^2",  # a jump
        "log(abs(a)) + b^2",
        "abs(a)/abs(a)",
        "sqrt(a^2 + b^2 + 1)",  # the root of what does not touch zero
        "sqrt(a^2 + b^2)^2",
        "(a^2 + b^2)^1.25",
        "-sqrt(a^2 + b^2)",
        "sqrt(a^2 + b^2) - 2*a",
        "1/sqrt(a^2 + b^2)",
        "sqrt(a) + b^2",  # the edge of the domain
        "a^2 + b^2 + sqrt(a + 1)^2",
    ],
)
def test_what_is_none(text: str) -> None:
    for point in (0.0, 0.1 + 0.03j, -0.2 + 0.1j, 0.001 - 0.2j):
        assert math.isnan(found(text, point).real)


def test_the_nearest_point_of_a_line_of_minima() -> None:
    assert found("abs(a - b)", 0.3 + 0.1j) == pytest.approx(0.2 + 0.2j)
    assert found("abs(a)", 0.3 + 0.1j) == pytest.approx(0.1j)


def test_a_blunt_tip_that_newtons_method_creeps_to() -> None:
    """Each step on the gradient of a⁴ + b⁴ gains a third of the way."""
    assert found("(a^4 + b^4)^0.25", 0.2 + 0.1j) == pytest.approx(0.0, abs=1e-7)


def test_every_point_has_a_reach_of_its_own() -> None:
    objective = FormulaObjective.from_text("abs(a) + abs(b)")
    minima = kink_minima(objective, np.array([0.3, 0.3, 3j]), np.array([0.2, 0.4, 3.1]), 10.0)
    assert np.isnan(minima).tolist() == [True, False, False]


def test_a_box_lies_around_what_is_in_it_or_close_beside_it() -> None:
    low, high = np.full(6, -1.0 - 0.5j), np.full(6, 1.0 + 0.5j)
    points = np.array([0.0, 0.9 + 0.7j, 1.2, 1.3, 0.8j, math.nan])  # its diagonal is 2.236
    assert is_around(low, high, points).tolist() == [True, True, True, False, False, False]
    assert not is_around(np.array([1.0]), np.array([1.0]), np.array([1.0 + 1e-9j])).any()


def test_it_must_be_within_reach_and_downhill_all_the_way() -> None:
    assert found("abs(a) + abs(b)", 0.3) == pytest.approx(0.0)
    assert math.isnan(found("abs(a) + abs(b)", 0.3, reach=0.29).real)
    # Two wells, at 0 and 0.4, with a ridge at 0.2.
    text = "min(abs(a), abs(a - 0.4)) + abs(b)"
    assert found(text, 0.19 + 0.1j) == pytest.approx(0.0)
    assert found(text, 0.21 + 0.1j) == pytest.approx(0.4)


def test_kinks_within_a_sum_over_the_rows_are_not_known() -> None:
    data = Data({"x": (1.0, 2.0), "y": (1.0, 3.0)})
    objective = FormulaObjective.from_text("sum(abs(a*x + b - y)) + abs(a)", data=data)
    (kink,) = objective.kinks(2.0, 3.0)
    assert [float(part) for part in kink] == [2.0, 1.0, 0.0]


def test_of_a_root_the_argument_s_slopes_are_the_curves() -> None:
    objective = FormulaObjective.from_text("sqrt(a^2 + 3*b^2) + (a^2 + 3*b^2)^k", {"k": 0.3})
    kinks = [[float(part) for part in kink] for kink in objective.kinks(5.0, 7.0)]
    assert kinks == [[10.0, 2.0, 0.0], [42.0, 0.0, 6.0]]
    assert not objective.is_smooth
    for text in ("a^2 + b^-3", "sqrt(2)*a + 2^0.5"):
        assert FormulaObjective.from_text(text).is_smooth
        assert FormulaObjective.from_text(text).kinks(5.0, 7.0) == []


def test_each_curve_is_known_once() -> None:
    text = "abs(a - b) + max(a, b) + relu(a - b) + k*abs(a)"
    objective = FormulaObjective.from_text(text, {"k": 2.0})
    kinks = [[float(part) for part in kink] for kink in objective.kinks(3.0, 1.0)]
    assert sorted(kinks) == [[2.0, 1.0, -1.0], [3.0, 1.0, 0.0]]
