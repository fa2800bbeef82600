"""Gradients of whole functions at kinks of their operations, by hand."""

from typing import Any

import numpy as np
import pytest

from gdviz.engine.analysis.epsilon_sweep import sweep_epsilon
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth import undefined
from tests.engine.descent.run_method import run_method

NAN = float("nan")

#: A formula and a point with its derivatives there, from both sides; nan where they differ.
CASES = [
    ("log(1 + exp(-abs(a))) + relu(a) + b^2", (0, 0), (0.5, 0)),
    ("relu(a) - relu(-a)", (0, 1), (1, 0)),
    ("max(a, b) + min(a, b)", (2, 2), (1, 1)),
    ("abs(a - 100) - 2*relu(a - 100) + b", (100, 3), (-1, 1)),
    ("max(a, 0) - relu(a) + 3*a", (0, 0), (3, 0)),
    ("a*abs(a) + b", (0, 0), (0, 1)),
    ("a*sign(a) - abs(a) + a", (0, 0), (1, 0)),
    ("a^2*sign(a) + b", (0, 1), (0, 1)),
    ("abs(a)*abs(b)", (0, 0), (0, 0)),
    ("sqrt(a^4) + b", (0, 1), (0, 1)),
    ("abs(a)^1.5 + relu(b)^2", (0, 0), (0, 0)),
    ("sqrt(relu(a)^4 + relu(b)^4)", (-1, -1), (0, 0)),
    ("relu(relu(a)) + a", (-1, 0), (1, 0)),
    ("abs(a) + b", (0, 0), (NAN, 1)),
    ("abs(a) + abs(b)", (0.5, 0), (1, NAN)),
    ("relu(a)", (0, 0), (NAN, 0)),
    ("a*step(a)", (0, 1), (NAN, 0)),
    ("step(a) + b", (0, 1), (NAN, 1)),
    ("max(a, b)", (2, 2), (NAN, NAN)),
    ("sqrt(a^2 + b^2)", (0, 0), (NAN, NAN)),
    # It is 0 far and wide, or along a.
    ("sqrt(relu(a) - a) + b", (1, 2), (0, 1)),
    ("abs(-a + relu(a))^0.5*b", (2, 1), (0, 0)),
    ("sqrt(abs(b))*a + a", (3, 0), (1, NAN)),
    # It is continuous, and steeper and steeper towards the point.
    ("abs(a)^a + b", (0, 1), (NAN, 1)),
    ("(a^2)^(-a) + b^2", (0, 2), (NAN, 4)),
    ("b + a*log(abs(a) + 0^abs(a))", (0, 2), (NAN, 1)),
    # 0^0 is 1, and 0 beside it.
    ("0^(a*a) + b", (0, 1), (NAN, 1)),
    ("(b - b)^abs(a)", (0, 1), (NAN, 0)),
    # Along a and along b it is constant, and between them it is 2·|a|.
    ("abs(a + b) - abs(a - b)", (0, 0), (NAN, NAN)),
]


@pytest.mark.parametrize(("text", "at", "expected"), CASES)
def test_a_gradient_where_operations_have_kinks(text: str, at: Any, expected: Any) -> None:
    objective = FormulaObjective.from_text(text)
    assert objective.gradient(*at) == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert (undefined(objective, at) != "") == (NAN in expected)
    # Of many points, the others keep theirs.
    many = np.transpose(objective.gradients([at[0], 0.7], [at[1], 0.3]))
    assert many[0] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert many[1] == pytest.approx(objective.gradient(0.7, 0.3), rel=1e-15)
    # What a method takes is the same, and where there is none, the convention.
    taken = np.array(objective.derivatives(*at))
    expected = np.where(np.isnan(expected), taken, expected)
    for precision in ("float64", "float32"):
        for arrays in (False, True):
            counted = CountedObjective(objective, precision, arrays=arrays)
            point = [np.array([counted.real(x)]) if arrays else counted.real(x) for x in at]
            with np.errstate(all="ignore"):
                gradient = counted.gradient(*point)
            assert np.ravel(gradient) == pytest.approx(expected, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(("text", "at", "expected"), CASES)
def test_a_complex_step_is_a_derivative_of_one_side(text: str, at: Any, expected: Any) -> None:
    """Where kinks cancel, all of them look to the same side."""
    if any(part in text for part in ("step", "sqrt", "0^", "(b - b)^")):
        return  # f jumps between the real line and beside it, or has a branch point there
    for arrays in (False, True):
        counted = CountedObjective(FormulaObjective.from_text(text), "float64", arrays=arrays)
        a, b = (np.array([float(x)]) if arrays else float(x) for x in at)
        in_a = counted.complex_value(a + 1e-20j, b + 0j).imag / 1e-20
        in_b = counted.complex_value(a + 0j, b + 1e-20j).imag / 1e-20
        for found, side in zip((in_a, in_b), expected, strict=True):
            assert np.isnan(side) or found == pytest.approx(side, abs=1e-9)


def test_over_data_each_row_may_have_a_kink() -> None:
    data = Data({"x": (1.0, 2.0), "y": (1.0, 4.0)})
    objective = FormulaObjective.from_text("sum(abs(a*x - y)) + b", data=data)
    assert objective.gradient(2.0, 0.0) == pytest.approx((NAN, 1), nan_ok=True)  # 1 + −2 and 1 + 2
    assert objective.gradient(2.5, 0.0) == (3.0, 1.0)
    cancelling = FormulaObjective.from_text("sum(relu(a*x - y) - relu(y - a*x)) + b", data=data)
    assert cancelling.gradient(2.0, 0.0) == pytest.approx((3, 1))
    assert CountedObjective(cancelling, "float64").gradient(2.0, 0.0) == pytest.approx((3, 1))


def test_descent_goes_on_where_kinks_cancel() -> None:
    """From (0, 0) downhill, to where −e^(−t)/(1 + e^(−t)) + 1 is lost in rounding: never uphill."""
    objective = FormulaObjective.from_text("log(1 + exp(-abs(a))) + relu(a) + b^2")
    for estimate in ("analytic", "central", "complex-step"):
        path = run_method(
            objective, estimate, "gd", start=(0.0, 0.0), alpha=0.5, steps=3, epsilon=1e-6
        )
        assert path.theta[1] == pytest.approx((-0.25, 0), abs=1e-9)
        assert np.nanmax(path.error) < 1e-9
    swept = sweep_epsilon(objective, (0.0, 0.0), epsilon=[1e-5])
    assert swept.sentence == ""


@pytest.mark.parametrize("estimate", ["analytic", "forward", "central", "complex-step"])
def test_no_estimate_is_charged_with_an_error_at_a_kink(estimate: str) -> None:
    objective = FormulaObjective.from_text("abs(a) + b^2")
    path = run_method(objective, estimate, "gd", start=(0.0, 1.0), alpha=0.1, steps=2)
    assert np.isnan(path.error[0])
    assert np.isnan(path.exact_gradient[0, 0])
    if estimate != "forward":  # which leaves the kink
        assert path.theta[-1, 0] == 0.0 or estimate == "complex-step"
    if path.theta[-1, 0] == 0.0:
        assert "no gradient there: ∂f/∂a is −1 on one side and 1 on the other" in path.sentence
