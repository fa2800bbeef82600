"""What estimates are compared with: ∇f, or an extrapolated difference and how far it may be off."""

import math

import numpy as np
import pytest

from gdviz.engine.descent.estimates.reference_gradient import reference_gradient
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective


def blind(formula: str) -> tuple[Objective, FormulaObjective]:
    """Return a formula's function without its gradient, and with it."""
    known = FormulaObjective.from_text(formula)
    return Objective.from_callable(known.values, vectorized=True), known


def test_a_known_gradient_is_taken_as_it_is() -> None:
    found = reference_gradient(FormulaObjective.from_text("a^2*b"), (3.0, 2.0), (1.0, 1.0))
    assert (found.gradient, found.uncertainty, found.kink) == ((12.0, 9.0), 0.0, "")


@pytest.mark.parametrize(
    ("formula", "point", "reach"),
    [
        ("exp(a)*sin(b)", (0.7, 1.3), 3.0),
        ("(1-a)^2+100*(b-a^2)^2", (-1.2, 1.0), 4.0),
        ("log(a)+b", (1e-3, 2.0), 10.0),
        ("b*sigmoid(1e10*a)", (1e-10, 2.0), 3e-10),
        ("1e6+a+b^2", (1.0, 1.0), 10.0),
        ("3+0*a", (1.0, 1.0), 10.0),
    ],
)
def test_an_extrapolated_one_is_right_within_its_uncertainty(
    formula: str, point: tuple[float, float], reach: float
) -> None:
    unknown, known = blind(formula)
    found = reference_gradient(unknown, point, (reach, reach))
    exact = known.gradient(*point)
    off = math.hypot(*(x - y for x, y in zip(found.gradient, exact, strict=True)))
    rounding = 1e-15 * abs(known.value(*point)) / reach
    assert off <= 3 * found.uncertainty + 1e-15 * math.hypot(*exact)
    assert found.uncertainty < 1e-8 * math.hypot(*exact) + 100 * rounding
    assert found.kink == ""


@pytest.mark.parametrize(
    ("formula", "point", "kink"),
    [
        ("abs(a)+b", (0.0, 1.0), "along a are −1 on one side and 1 on the other at (0, 1)"),
        ("relu(b)*a", (2.0, 0.0), "along b are 0 on one side and 2 on the other"),
        ("abs(a)^3+b", (0.0, 1.0), ""),
        ("abs(a-0.01)+b^2", (0.0, 1.0), ""),
    ],
)
def test_a_kink_is_told_by_differences_that_stay_apart(
    formula: str, point: tuple[float, float], kink: str
) -> None:
    found = reference_gradient(blind(formula)[0], point, (10.0, 10.0)).kink
    assert kink in found
    assert bool(found) == bool(kink)


def test_where_there_is_nothing_to_extrapolate() -> None:
    found = reference_gradient(blind("log(a)")[0], (-1.0, 0.0), (0.5, 0.5))
    assert np.isnan(found.gradient[0])
