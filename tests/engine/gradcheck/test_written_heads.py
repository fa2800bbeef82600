"""A component of a gradient may be written as an equation, and is what stands on its right."""

from __future__ import annotations

import pytest

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.objectives.formula_objective import FormulaObjective


def claimed(first: str, second: str, text: str, parameters: tuple[str, str]) -> list[str]:
    objective = FormulaObjective.from_text(text, parameters=parameters)
    return [part.formula.text for part in CandidateGradient.parse(objective, (first, second)).parts]


@pytest.mark.parametrize(
    "head",
    [
        "∂f/∂{} =", "∂f/∂{}=", " ∂f / ∂{} = ", "∂J(x, y)/∂{} =", "∂f(x, y)/∂{} :=", "∂/∂{} f =",
        "df/d{} =", "dL/d{} =", "d/d{} (f) =", "∂_{} f =", "D_{} f =", "∇_{} f(x, y) =",
        "f_{} =", "f_{{{}}}(x, y) =", "f'_{} =", r"\partial f/\partial {} =", r"\partial_{} f =",
        r"\frac{{\partial f}}{{\partial {}}} =", r"\dfrac{{\partial}}{{\partial {}}} f =",
    ],
)  # fmt: skip
def test_what_stands_before_a_component_is_left_out(head: str) -> None:
    texts = f"{head.format('x')} 2x", f"{head.format('y')} 6*y"
    assert claimed(*texts, "x^2 + 3y^2", ("x", "y")) == ["2x", "6*y"]
    with pytest.raises(FormulaError, match=r"^∂f/∂x: what stands before it says ∂f/∂y"):
        claimed(*reversed(texts), "x^2 + 3y^2", ("x", "y"))


@pytest.mark.parametrize("written", ["θ₁", "θ_1", "theta_1", r"\theta_1", r"\theta_{1}", "θ[1]"])
def test_the_name_may_be_written_otherwise(written: str) -> None:
    first = f"∂f/∂{written} = 2θ₁"
    assert claimed(first, "2θ₂", "θ₁^2 + θ₂^2", ("θ₁", "θ₂")) == ["2θ₁", "2θ₂"]


@pytest.mark.parametrize("text", ["∂f/∂z = 2x", "∂f/∂x == 2x", "2x = ∂f/∂x", "∂f/∂x 2x"])
def test_what_is_no_such_equation_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match=r"^∂f/∂x: unexpected"):
        claimed(text, "6*y", "x^2 + 3y^2", ("x", "y"))
