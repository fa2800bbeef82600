"""What is quadratic, by hand."""

import pytest

from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.analysis.start.quadratic import quadratic
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.analysis.start.raw_lines import a_line


def test_a_quadratic_is_known_from_its_derivatives() -> None:
    known = quadratic(FormulaObjective.from_text("(a - 7)^2 + 1e6*(b - a/2)^2"))
    assert known is not None
    assert known.minimum == pytest.approx((7.0, 3.5), rel=1e-12)
    assert known.hessian == pytest.approx((2 + 0.5e6, -1e6, 2e6))
    assert known.condition == pytest.approx(1.5625e6, rel=1e-4)
    line, best = a_line(3)
    known = quadratic(line)
    assert known is not None
    assert known.minimum == pytest.approx(tuple(best), rel=1e-9)


@pytest.mark.parametrize(
    "text",
    ["a^4 + b^2", "a^2", "a*b", "abs(a)^2 + b^2", "(a + b)^2", "3",
     "relu(1 - a) + relu(1 - b) + 0.01*(a^2 + b^2)", "a^2 + b^2 + step(a)"],
)  # fmt: skip
def test_what_is_no_paraboloid_with_a_minimum_is_none(text: str) -> None:
    assert quadratic(FormulaObjective.from_text(text)) is None


def test_a_valley_of_minima_is_no_quadratic_with_one() -> None:
    data = Data({"x": (0.0, 1.0, 2.0), "y": (0.0, 1.0, 2.0)})
    assert quadratic(FormulaObjective.from_text("mean((a*x + b*x - y)^2)", None, data)) is None
    assert first_view(FormulaObjective.from_text("mean((a*x + b*x - y)^2)", None, data)).alpha > 0
