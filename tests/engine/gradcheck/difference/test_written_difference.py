"""What algebra alone writes of a difference: short, and equal to it."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.difference import difference_process
from gdviz.engine.gradcheck.difference.algebraic_identity import is_algebraic_identity
from gdviz.engine.gradcheck.difference.symbolic_difference import difference_forms
from gdviz.engine.gradcheck.difference.written_difference import written_difference
from gdviz.engine.language.latex import latex
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.gradcheck.random_gradients import random_candidates


def candidate(formula: str, in_a: str, **constants: float) -> CandidateGradient:
    objective = FormulaObjective.from_text(formula, constants)
    return CandidateGradient.parse(objective, (in_a, "0"))


def written(it: CandidateGradient) -> str:
    return written_difference(it.graph, *it.pair(0))


#: Formulas, wrong derivatives by a, and what is missing.
MISTAKES = [
    ("a^2 + b^2", "a", "a"),  # a factor
    ("a^2 + b^2", "-2*a", "4*a"),  # the sign
    ("a^3*b", "3*a*b", "3*a*b*(a - 1)"),  # the power
    ("a*b + a", "b", "1"),  # a term
    ("0.3*a^2", "0.5*a", "0.1*a"),
    ("a^2/3", "a", "-a/3"),
    ("(1 - a)^2 + 100*(b - a^2)^2", "2*(1 - a) - 400*a*(b - a^2)", "4*(a - 1)"),
    ("sin(2*a)", "cos(2*a)", "cos(2*a)"),  # the chain rule
    ("sin(a)^2", "2*sin(a)", "2*(cos(a) - 1)*sin(a)"),
    ("cos(a*b)", "b*sin(a*b)", "-2*b*sin(a*b)"),
    ("exp(-a^2/2)", "exp(-a^2/2)", "-(a + 1)*exp(-a^2/2)"),
    ("exp(-(a - b)^2)", "2*(a - b)*exp(-(a - b)^2)", "4*(b - a)*exp(-(b - a)^2)"),
    ("log(1 + a^2)", "1/(1 + a^2)", "(2*a - 1)/(a^2 + 1)"),
    ("sqrt(1 + a^2)", "1/(2*sqrt(1 + a^2))", "(a - 1/2)/sqrt(a^2 + 1)"),
    ("tanh(a*b)", "1 - tanh(a*b)^2", "(b - 1)*(1 - tanh(a*b)^2)"),
    ("sigmoid(a*b)", "sigmoid(a*b)*(1 - sigmoid(a*b))", "(b - 1)*(1 - s(a*b))*s(a*b)"),
    ("softplus(a)", "sigmoid(-a)", "sigmoid(a) - sigmoid(-a)"),
    ("a/b", "b", "1/b - b"),
    ("abs(a)*b", "b", "b*(sign(a) - 1)"),
    ("a^b", "a^(b - 1)", "b*a^(b - 1) - a^(b - 1)"),
]


@pytest.mark.parametrize(("formula", "in_a", "missing"), MISTAKES)
def test_common_mistakes_are_as_short_as_sympy_writes_them(
    formula: str, in_a: str, missing: str
) -> None:
    it = candidate(formula, in_a)
    text = written(it)
    assert text
    assert len(text) <= len(missing.replace("s(", "sigmoid(")) + 2, text
    sympy = min(difference_forms(it.graph, *it.pair(0)), key=len)
    assert len(text) <= len(sympy) + 8, (text, sympy)
    is_the_difference(it, 0, text)


def is_the_difference(it: CandidateGradient, component: int, text: str, seed: int = 0) -> None:
    """Compare the text, parsed again, with true − claimed at points, with the constants moved."""
    a, b, k = np.random.default_rng(seed).uniform(0.1, 2.0, (3, 200))
    nodes = (*it.pair(component), it.node(text))
    true, claimed, found = it.evaluate(nodes, a, b, dict.fromkeys(it.constants, k))
    known = np.isfinite(true) & np.isfinite(claimed) & np.isfinite(found)
    level = 1e-9 * (1.0 + np.abs(true) + np.abs(claimed))
    assert known.sum() >= 0.9 * (np.isfinite(true) & np.isfinite(claimed)).sum()
    assert (np.abs(true - claimed - found) <= level)[known].mean() > 0.99, text


@pytest.mark.parametrize("seed", range(20))
def test_what_is_written_is_the_difference(seed: int) -> None:
    count = 0
    for case, component, pair in random_candidates(seed, 6):
        it = CandidateGradient.parse(case.objective, pair)
        if is_algebraic_identity(it.graph, *it.pair(component)):
            continue
        text = written_difference(it.graph, *it.pair(component))
        if text and len(text) <= 200:
            is_the_difference(it, component, text, seed)
            count += 1
    assert count or seed  # of the first ones, some are written


@pytest.mark.parametrize(
    ("formula", "in_a", "text"),
    [
        ("a^2 + b^2", "a + b", "a - b"),
        ("a*b", "-b", "2*b"),
        ("a^3/3 + a*b", "a^2", "b"),
        ("a*exp(b)", "0", "exp(b)"),
        ("a*exp(-b/2)", "0", "exp(-b/2)"),
        ("a*b^(3/2)", "0", "b*sqrt(b)"),
        ("a*b^(-1/3)", "0", "b^(2/3)/b"),
        ("-a*(b + 1)", "0", "-b - 1"),
        ("a*0.25", "0", "0.25"),
        ("a*abs(-2*b)", "0", "2*abs(b)"),
        ("a*sign(-b/3)", "0", "-sign(b)"),
    ],
)
def test_known_answers(formula: str, in_a: str, text: str) -> None:
    assert written(candidate(formula, in_a)) == text


@pytest.mark.parametrize(
    ("formula", "in_a"),
    [("a*b", "pi*b"), ("(a + b)^60", "(a - b)^50"), ("a*1e30", "a")],
)
def test_sympy_is_left_what_is_rounded_or_large(formula: str, in_a: str) -> None:
    assert not written(candidate(formula, in_a))


def test_sympy_is_left_what_is_summed_over_rows() -> None:
    objective = FormulaObjective.of(SURFACES["linear-regression"])
    it = CandidateGradient.parse(objective, ("sum(x)", "1"))
    assert not written(it)


def test_the_window_and_the_command_line_are_given_the_same_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(difference_process, "_asked")  # SymPy's process is not needed
    it = candidate("a^2*sigmoid(b)", "a*sigmoid(b)")
    for typeset in (True, False):
        (found,) = difference_process.remainders(it, [0], 1.0, bool, [0], typeset)
        assert found.text == "a*sigmoid(b)"
        assert found.latex == (latex(found.text) if typeset else "")
