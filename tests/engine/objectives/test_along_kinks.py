"""What is a minimum at a kink and what a valley of them, by what f does along the curve."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gdviz.engine.objectives.along_kinks import rises_along_kinks
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth_minima import are_in_valleys, kink_minima
from tests.engine.descent.run_method import run_method


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("abs(a) + b^2", 0.0, "minimum"),
        ("abs(a) + b^4", 0.0, "minimum"),
        ("abs(a) + 1e-9*b^2", 0.0, "minimum"),
        ("abs(a) + abs(b)", 0.0, "minimum"),
        ("abs(a) - 1e-10*cos(b)", 0.0, "minimum"),
        ("abs(a*b)", 3.0j, "valley"),
        ("abs(a)", 3.0j, "valley"),
        ("abs(a - b)", 1.0 + 1.0j, "valley"),
        ("abs(a^2 - b)", 1.0 + 1.0j, "valley"),
        ("abs(a^2 + b^2 - 25)", 3.0 + 4.0j, "valley"),
        # f falls along the line, too slowly for a small circle.
        ("abs(a) - b^4", 0.0, "none"),
        ("abs(a) + b^3", 0.0, "none"),
        ("abs(a) - 1e-9*b^2", 0.0, "none"),
        ("abs(a) + exp(-b)", 40.0j, "none"),
        ("abs(a) + exp(-b^2)", 6.0j, "none"),
        ("abs(a - b) - 1e-8*a^2", 0.0, "none"),
        # So it does along lines in between the directions of a circle.
        ("abs(0.6*a + 0.8*b) - abs(0.6*b - 0.8*a)^3", 0.0, "none"),
        ("(0.8*a - 0.6*b)^5 + abs(0.8*b + 0.6*a)", 0.0, "none"),
        ("abs(0.6*a + 0.8*b)^1.5 - (0.6*b - 0.8*a)^4", 0.0, "none"),
        ("abs(0.8*b + 0.6*a) - log(1 + exp(0.6*b - 0.8*a))", 40.0 - 30.0j, "none"),
        ("abs(0.6*a + 0.8*b) + (0.6*b - 0.8*a)^4", 0.0, "minimum"),
        ("abs(0.6*a + 0.8*b)", 0.0, "valley"),
        ("abs(a) + relu(b)", 0.0, "none"),  # the edge of a valley is not told
        ("abs(a) - step(b - 0.00001)", 0.0, "none"),
    ],
)
def test_a_minimum_is_claimed_where_f_rises_or_stays(text: str, place: complex, kind: str) -> None:
    objective = FormulaObjective.from_text(text)
    found = complex(kink_minima(objective, np.array([place]), 1e-3, 10.0)[0])
    if kind == "none":
        assert math.isnan(found.real)
    else:
        assert found == pytest.approx(place, abs=1e-9)
        assert are_in_valleys(objective, np.array([found]), 10.0) == [kind == "valley"]


def test_each_curve_counts() -> None:
    objective = FormulaObjective.from_text("abs(a) + abs(b) - 2*abs(b)")
    falls = rises_along_kinks(objective, np.array([0.0j]), np.array([1.0]), 10.0)
    assert falls.tolist() == [-1]


def test_a_path_says_which_it_is() -> None:
    def ended(text: str, start: tuple[float, float]) -> str:
        objective = FormulaObjective.from_text(text)
        return run_method(objective, "analytic", "gd", start=start, alpha=0.1).sentence

    assert "at a valley of minima at a kink, (0, 3), f = 0" in ended("abs(a*b)", (0.0, 3.0))
    assert "at a minimum at a kink, (0, 0), f = 0" in ended("abs(a) + b^2", (0.0, 0.0))
    assert "stopped at step 0 at a kink, (0, 0), f = 0" in ended("abs(a) - b^4", (0.0, 0.0))
    jumping = ended("abs(a)", (0.33, 3.0))
    assert "jumping around a valley of minima at a kink, (0, 3)" in jumping
