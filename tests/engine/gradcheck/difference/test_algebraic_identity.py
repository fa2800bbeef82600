"""What algebra alone tells of two derivatives: that they are equal, or nothing."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.difference import difference_process
from gdviz.engine.gradcheck.difference.algebraic_identity import is_algebraic_identity
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.gradcheck.random_gradients import random_candidates


def told(formula: str, in_a: str, in_b: str = "0", **constants: float) -> tuple[bool, bool]:
    """Return of which components it is told that they are right."""
    objective = FormulaObjective.from_text(formula, constants)
    it = CandidateGradient.parse(objective, (in_a, in_b))
    first, second = (is_algebraic_identity(it.graph, *it.pair(i)) for i in range(2))
    return first, second


@pytest.mark.parametrize(
    ("formula", "in_a", "in_b"),
    [
        ("(a - 1)^2 + 3*b^2", "2*a - 2", "b*6"),
        ("(1 - a)^2 + 100*(b - a^2)^2", "-2*(1 - a) - 400*a*(b - a^2)", "200*b - 200*a^2"),
        ("0.1*a^2/3 + b^2/7", "a/15", "0.5*b/1.75"),
        ("k*a^2/(1 + b^2)", "2*a*k/(b*b + 1)", "-2*k*a^2*b/(b^4 + 2*b^2 + 1)"),
        ("exp(-a^2 - b^2)", "-2*a/exp(b^2 + a^2)", "-2*b*exp(-(a^2 + b^2)/2)^2"),
        ("sin(a)*cos(b)", "cos(a)*cos(b)", "sin(-a)*sin(b)"),
        ("tan(a) + sin(2*b)^2", "1/cos(a)^2", "4*sin(2*b)*cos(2*b)"),
        ("sin(a)^3 + b", "3*cos(a) - 3*cos(a)^3", "sin(a)^2 + cos(-a)^2"),
        ("log(1 + a^2 + b^2)", "2*a/(1 + a^2 + b^2)", "b/((1 + a^2 + b^2)/2)"),
        ("sqrt(a^2 + b^2 + 1)", "a*sqrt(a^2 + b^2 + 1)/(1 + a^2 + b^2)", "b*(a^2+b^2+1)^-0.5"),
        ("(a^2 + b^2)^1.5", "3*a*sqrt(a^2 + b^2)", "3*b*(a^2 + b^2)^2/(a^2 + b^2)^1.5"),
        ("sqrt(2)*a + a*b", "b + 2/sqrt(2)", "a*sqrt(2)^2/2"),
        ("sigmoid(a) + softplus(-b)", "exp(a)/(1 + exp(a))^2", "sigmoid(b) - 1"),
        ("tanh(a*b)", "b/cosh(a*b)^2", "a*4/(exp(a*b) + exp(-a*b))^2"),
        ("cosh(a)^2 + log10(b)", "2*sinh(a)*cosh(a)", "1/b/log(10)"),
        ("abs(a)*max(a, b)^2 + pi*b", "sign(a)*max(a,b)^2 + abs(a)*2*max(a,b)*heaviside(a-b)",
         "pi + 2*abs(a)*heaviside(b - a)*max(a, b)"),
    ],
)  # fmt: skip
def test_equal_derivatives_are_told(formula: str, in_a: str, in_b: str) -> None:
    assert told(formula, in_a, in_b, k=0.3) == (True, True)


@pytest.mark.parametrize(
    ("formula", "in_a", "in_b"),
    [
        ("(a - 1)^2 + 3*b^2", "2*a - 1", "6*b + 1e-14"),
        ("exp(-a^2 - b^2)", "2*a/exp(b^2 + a^2)", "-2*b*exp(-(a^2 + b^2))^2"),
        ("sin(a)*cos(b)", "cos(b)*cos(-b)", "sin(a)*sin(b)"),
        ("(a^2 + b^2)^1.5", "3*a*(a^2 + b^2)^0.25", "3*b*(a^2 + b^2)^-0.5"),
        ("tanh(a*b)", "b*tanh(a*b)^2", "a/cosh(a*b)"),
        ("a + b*k", "k/0.3", "0.3"),  # k is not its value
        ("a + b", "1.0000000000000002", "0.9999999999999999"),
        # No value anywhere.
        ("a + b", "1 + (b - b)/(sin(a)^2 + cos(a)^2 - 1)", "1 + (b - b)/(a + b - (b + a))"),
    ],
)
def test_of_others_nothing_is_told(formula: str, in_a: str, in_b: str) -> None:
    assert told(formula, in_a, in_b, k=0.3) == (False, False)


@pytest.mark.parametrize(
    "formula",
    [
        "(a + b)^1000000 + a",
        "((((((2*a)^60)^60)^60)^60)^60)^60 + b*a",
        "(2/3)^(99^9)*a",
        "exp(1000000*a)*b + a",
        "*".join(f"(a - {i}/10 + b/{i + 1})" for i in range(50)),
        "sin(a)^64*cos(b)^64*(1 + sin(b))^64*(a + b + cos(a))^60",
        "1e200*a^2*1e-200",
    ],
)
def test_what_is_too_large_is_left_to_sympy(formula: str) -> None:
    """Nothing grows without bounds, which would end here as it ends a process."""
    assert told(formula, "a + 1", "b - 1") == (False, False)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_is_so(seed: int) -> None:
    """Of candidates of which many are wrong; at points, with the constants moved."""
    points = np.random.default_rng(seed).uniform(-2.0, 2.0, (3, 200))
    for case, component, pair in random_candidates(seed, 8):
        it = CandidateGradient.parse(case.objective, pair)
        nodes = it.pair(component)
        constants = dict.fromkeys(it.constants, points[2])
        true, claimed = it.evaluate(nodes, points[0], points[1], constants)
        is_equal = np.allclose(true, claimed, rtol=1e-6, atol=1e-9)
        assert is_equal or not is_algebraic_identity(it.graph, *nodes), pair


def test_sympy_is_not_asked_where_algebra_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answers(question: str, *_: object) -> tuple[dict[int, object], bool]:
        asked.append(question)
        return {}, True

    monkeypatch.setattr(difference_process, "_asked", answers)
    it = CandidateGradient.parse(FormulaObjective.from_text("(a - 7)^2 + b^3"), ("2*a-14", "b"))
    one, other = difference_process.remainders(it, (0, 1), 1.0)
    assert (one.text, one.latex, one.reason) == ("0", "0", "")
    assert other.reason
    assert len(asked) == 1
    assert '"components": [1]' in asked[0]
