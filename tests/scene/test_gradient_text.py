"""∇f at a point, or why there is none."""

import pytest

from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.gradient_text import gradient_text, why_no_gradient

NAN = float("nan")


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("a^2 - b", (1.5, 0.0), "(3, −1)"),
        ("abs(a) + b", (0.0, 1.0), "none: ∂f/∂a is −1 on one side and 1 on the other"),
        ("a + relu(2*b)", (1.0, 0.0), "none: ∂f/∂b is 0 on one side and 2 on the other"),
        ("relu(a) - relu(-a)", (0.0, 1.0), "(1, 0)"),  # kinks that cancel
        ("step(a) + b", (0.0, 1.0), "none: f jumps at (0, 1) from 1 to 2"),
        ("sqrt(a) + b", (-1.0, 1.0), "none"),
    ],
)
def test_a_gradient_in_a_few_words(text: str, at: tuple[float, float], said: str) -> None:
    objective = FormulaObjective.from_text(text)
    gradient = objective.gradient(*at)
    assert gradient_text(objective, at, gradient) == said
    why = why_no_gradient(objective, at, gradient)
    assert (why != "") == said.startswith("none")
    assert said.removeprefix("none").removeprefix(": ") in why or why == ""


def test_code_is_not_run_for_it() -> None:
    called = []
    objective = Objective.from_callable(lambda a, b: called.append(a) or a + b)
    called.clear()
    assert gradient_text(objective, (1.0, 2.0), (NAN, NAN)) == "none"
    assert called == []
