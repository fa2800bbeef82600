"""Where a candidate is told from the truth: below rounding, beside overflow, and at kinks."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.check import check_gradient
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.gradcheck.gradient_candidates import AROUND, check, verdicts

WIDE = Range(-5.0, 5.0, -5.0, 5.0)


def test_terms_that_float64_does_not_see_count() -> None:
    made = check("a^2/2 + 1e-20*b^2", "a + 1e-20*b", "2e-20*b")
    assert verdicts(made) == (False, True)
    made = check("a + (a - b)^12", "1 + 12*(a - b)^11", "-12*(a - b)^11 + 1e-13*b")
    assert verdicts(made) == (True, False)


def test_kinks_are_left_out_whatever_their_convention() -> None:
    made = check("abs(a) + relu(b)", "a/abs(a)", "(1 + sign(b))/2")
    assert verdicts(made) == (True, True)
    assert made.verdicts[0].undefined == 65  # 0/0 on the line a = 0
    assert made.verdicts[1].at_kinks == 65
    assert np.isnan(made.errors[1]).sum() == 65


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("formula", "constants", "right", "wrong"),
    [
        ("a^k + b^2", {"k": 2.0}, "k*a^(k-1)", "k*abs(a)^(k-1)"),
        ("a^k + b^2", {"k": 3.0}, "k*a^k/a", "k*sign(a)*a^(k-1)"),
        ("(a-b)^k", {"k": 2.0}, "k*(a-b)^(k-1)", "k*sqrt((a-b)^2)^(k-1)"),
        ("a^(k/2) + b", {"k": 4.0}, "k/2*a^(k/2-1)", "k/2*abs(a)^(k/2-1)"),
        ("a^(k + c) + b", {"k": 2.0, "c": 2.0}, "(k+c)*a^(k+c-1)", "(k+c)*abs(a)^(k+c-1)"),
        ("a^(-k) + b", {"k": 2.0}, "-k*a^(-k-1)", "-k*abs(a)^(-k-1)"),
        ("a^(0.5*k) + b", {"k": 4.0}, "0.5*k*a^(0.5*k-1)", "0.5*k*abs(a)^(0.5*k-1)"),
        ("100*(b - a^2)^k + (1 - a)^2", {"k": 2.0}, "-200*k*a*(b - a^2)^(k-1) - 2*(1 - a)",
         "-200*k*a*abs(b - a^2)^(k-1) - 2*(1 - a)"),
    ],
)  # fmt: skip
def test_powers_of_negative_numbers_are_compared(
    formula: str, constants: dict[str, float], right: str, wrong: str
) -> None:
    """An exponent that is computed from constants is exact, and so is its power's sign."""
    objective = FormulaObjective.from_text(formula, constants)
    for candidate, expected in ((right, True), (wrong, False)):
        verdict = check_gradient(objective, (candidate, "0"), WIDE, seconds=0.0).verdicts[0]
        assert verdict.right is expected, candidate
        assert verdict.points > 6_000


def test_powers_of_negative_numbers_alone() -> None:
    objective = FormulaObjective.from_text("a^k + b^2", {"k": 2.0})
    negative = Range(-3.0, -1.0, -3.0, 3.0)
    for candidate, expected in (("k*a*a^(k-2)", True), ("3*k*a^(k-1)", False)):
        made = check_gradient(objective, (candidate, "2*b"), negative, seconds=0.0)
        assert made.verdicts[0].right is expected


@pytest.mark.parametrize(
    ("smooth", "its_derivative", "hinge", "its_own"),
    [
        ("tanh(100*a) + b", "100/cosh(100*a)^2", "relu(a-4)^2", "2*relu(a-4)"),
        ("b/(1+exp(-100*a))", "100*b*exp(-100*a)/(1+exp(-100*a))^2", "relu(-a-4)^2",
         "-2*relu(-a-4)"),
        ("1/cosh(90*a)", "-90*sinh(90*a)/cosh(90*a)^2", "relu(a-4)^2", "2*relu(a-4)"),
        ("exp(-(50*a)^2)", "-5000*a*exp(-(50*a)^2)", "relu(a-4)^3", "3*relu(a-4)^2"),
    ],
)  # fmt: skip
def test_a_term_is_missed_where_others_overflow(
    smooth: str, its_derivative: str, hinge: str, its_own: str
) -> None:
    objective = FormulaObjective.from_text(f"{smooth} + {hinge}")
    for candidate, expected in ((f"{its_derivative} + {its_own}", True), (its_derivative, False)):
        verdict = check_gradient(objective, (candidate, "0"), WIDE, seconds=0.0).verdicts[0]
        assert verdict.right is expected, candidate


def test_a_candidate_that_is_undefined_on_part_of_the_map_is_right_where_it_is_defined() -> None:
    made = check("a*log(a*b)", "log(a) + log(b) + 1", "a/b")
    assert verdicts(made) == (True, True)
    first = made.verdicts[0]
    assert (first.defined_for, first.undefined_for) == ("a > 0", "a ≤ 0")
    assert "right where it is defined (a > 0), undefined for a ≤ 0" in first.sentence
    made = check("a^2/2 + b", "a^2/a", "b/b")  # undefined at single points only
    assert verdicts(made) == (True, True)
    assert [verdict.undefined_for for verdict in made.verdicts] == ["a = 0", "b = 0"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("hinge", ["1e-12*relu(a - 2)^2", "1e-16*exp(-400*((a - 1.5)^2 + b^2))"])
@pytest.mark.parametrize(
    ("f", "in_a"),
    [
        ("exp(3*a)*cos(b)", "3*exp(3*a)*cos(b)"),
        ("1e6*a^4", "4e6*a^3"),
        ("sqrt(a^2 + b^2 + 0.1)", "a/sqrt(a^2 + b^2 + 0.1)"),
    ],
)
def test_a_term_is_missed_that_is_there_in_one_place_and_smaller_than_rounding(
    f: str, in_a: str, hinge: str
) -> None:
    objective = FormulaObjective.from_text(f"{f} + {hinge}")
    its_own = {"1e-12*relu(a - 2)^2": "2e-12*relu(a - 2)"}.get(hinge, f"-800*(a - 1.5)*{hinge}")
    for candidate, expected in ((f"{its_own} + {in_a}", True), (in_a, False)):
        verdict = check_gradient(objective, (candidate, "0"), AROUND, seconds=0.0).verdicts[0]
        assert verdict.right is expected, candidate


def test_overflow_of_a_candidate_is_not_held_against_it() -> None:
    far = Range(-1000.0, 1000.0, -1.0, 1.0)
    made = check("softplus(a) + b", "exp(a)/(1 + exp(a))", "1", extent=far)
    assert verdicts(made) == (True, True)
    assert made.verdicts[0].undefined > 0
