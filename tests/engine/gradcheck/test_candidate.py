"""Candidate gradients that are no formulas are refused, in a sentence that names the component."""

from __future__ import annotations

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.check import check_gradient
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.objectives.formula_objective import FormulaObjective

AROUND = Range(-3.0, 3.0, -3.0, 3.0)


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        (("b*", "a"), "∂f/∂a: the formula ends"),
        (("b", "c"), "∂f/∂b: unknown name 'c'"),
        (("b", "sum(x)"), "∂f/∂b: "),
        (("1/0", "a"), "∂f/∂a: "),
        (("", "a"), "∂f/∂a: the formula is empty"),
        (("∂f/∂a = ", "a"), "∂f/∂a: the formula is empty"),
        (("∂f/∂a = b + c", "a"), "∂f/∂a: unknown name 'c' at column 13"),
        (("b", "df/da = a"), "∂f/∂b: what stands before it says ∂f/∂a: the components are ∂f/∂a"),
    ],
)
def test_bad_candidates_are_refused(claimed: tuple[str, str], said: str) -> None:
    with pytest.raises(FormulaError, match="^" + said.replace("(", r"\(")):
        check_gradient(FormulaObjective.from_text("a*b"), claimed, AROUND)
