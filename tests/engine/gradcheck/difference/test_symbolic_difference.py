"""The forms in which SymPy writes the difference of two derivatives."""

from __future__ import annotations

import pytest

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.difference.symbolic_difference import difference_forms
from gdviz.engine.language.latex import latex
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES


def shortest(surface: str, in_a: str, in_b: str) -> list[str]:
    """Return what remains of each component, as short as SymPy can write it."""
    it = CandidateGradient.parse(FormulaObjective.of(SURFACES[surface]), (in_a, in_b))
    pairs = [(it.nodes[1 + i], it.nodes[3 + i]) for i in range(2)]
    return [min(difference_forms(it.graph, *pair), key=len) for pair in pairs]


def test_what_remains_over_data_is_one_sum() -> None:
    in_a, in_b = shortest("linear-regression", "sum(x*(a*x + b - y))", "2*mean(a*x + b - y)")
    assert in_a.count("sum") == 1
    assert r"\sum_{i}" in latex(in_a, (), ("x", "y"))
    assert in_b == "0"


def test_the_sum_of_a_parameter_over_the_rows_is_a_product() -> None:
    _, in_b = shortest("linear-regression", "1", "2*(a*sum(x)/n + b) - 2*mean(y) + 3*a")
    assert in_b == "-3*a"


@pytest.mark.parametrize(
    ("in_a", "in_b"),
    [("b*x*sigmoid(a*x)/(1 + exp(a*x))", "1/(1 + exp(-a*x))"),
     ("b*x/(2 + exp(a*x) + exp(-a*x))", "(1 + tanh(a*x/2))/2")],
)  # fmt: skip
def test_nothing_remains_of_another_form_of_the_same(in_a: str, in_b: str) -> None:
    assert shortest("sigmoid-unit", in_a, in_b) == ["0", "0"]
