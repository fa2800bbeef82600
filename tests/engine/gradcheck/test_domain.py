"""Where a candidate has no value, in words."""

from __future__ import annotations

import math

import pytest

from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.gradcheck.gradient_candidates import check


@pytest.mark.parametrize(
    ("formula", "claimed", "defined", "undefined"),
    [
        ("a^3/3 + b", "exp(2*log(a))", "a > 0", "a ≤ 0"),
        ("a^3/3 + b", "sqrt(a)^4", "a ≥ 0", "a < 0"),
        ("a^3/3 + b", "a^2.5/a^0.5", "a > 0", "a ≤ 0"),  # 0/0 at 0
        ("a^2/2 + b", "sin(asin(a))", "|a| ≤ 1", "|a| > 1"),
        ("a^2/2 + b", "10^log10(a - b + 1) + b - 1", "a - b > −1", "a - b ≤ −1"),
        ("a^2/2 + b", "a*(b - 1.5)/(b - 1.5)", "b ≠ 1.5", "b = 1.5"),
        ("a*b", "exp(log(a) + log(b))/a", "a > 0 and b > 0", "a ≤ 0 or b ≤ 0"),
    ],
)
def test_right_where_it_is_defined(
    formula: str, claimed: str, defined: str, undefined: str
) -> None:
    verdict = check(formula, claimed, "1" if "b" in formula[-1:] else "0").verdicts[0]
    assert verdict.right
    assert (verdict.defined_for, verdict.undefined_for) == (defined, undefined)
    assert f"right where it is defined ({defined}), undefined for {undefined}" in verdict.sentence


@pytest.mark.parametrize(
    ("formula", "gradient", "has_value", "defined"),
    [
        # 0^b is 0 for b > 0, 1 for b = 0, and nothing for b < 0.
        ("abs(a)^b", ("b*abs(a)^(b-1)*sign(a)", "abs(a)^b*log(abs(a))"), "a ≠ 0 or b ≥ 0",
         ("a ≠ 0 or b ≥ 1", "a ≠ 0")),
        ("(a^2)^b", ("2*a*b*(a^2)^(b-1)", "(a^2)^b*log(a^2)"), "a ≠ 0 or b ≥ 0",
         ("a ≠ 0 or b ≥ 1", "a ≠ 0")),
        ("abs(a)^-b", ("-b*abs(a)^(-b)/a", "-abs(a)^-b*log(abs(a))"), "a ≠ 0 or b ≤ 0",
         ("a ≠ 0", "a ≠ 0")),
        ("exp(a)^b", ("b*exp(a)^b", "a*exp(a)^b"), None, ("", "")),
        ("(1 + a^2)^b", ("2*a*b*(1 + a^2)^(b-1)", "(1 + a^2)^b*log(1 + a^2)"), None, ("", "")),
        ("(exp(a) + b^2)^b", ("b*exp(a)*(exp(a) + b^2)^(b-1)",
         "(exp(a) + b^2)^b*(log(exp(a) + b^2) + 2*b^2/(exp(a) + b^2))"), None, ("", "")),
        ("abs(a)^b + abs(b)^a",
         ("b*abs(a)^(b-1)*sign(a) + abs(b)^a*log(abs(b))",
          "a*abs(b)^(a-1)*sign(b) + abs(a)^b*log(abs(a))"),
         "(a ≠ 0 or b ≥ 0) and (b ≠ 0 or a ≥ 0)", ("b ≠ 0", "a ≠ 0")),
    ],
)  # fmt: skip
def test_no_more_is_said_of_what_is_never_negative_than_that_it_may_be_zero(
    formula: str, gradient: tuple[str, str], has_value: str | None, defined: tuple[str, str]
) -> None:
    verdicts = check(formula, *gradient).verdicts
    assert all(verdict.right for verdict in verdicts)
    assert tuple(verdict.defined_for for verdict in verdicts) == defined
    assert {verdict.scope.has_value for verdict in verdicts} == {has_value}


def test_the_exception_at_zero_is_where_the_value_is_missing() -> None:
    formula, gradient = "abs(a)^b", ("b*abs(a)^(b-1)*sign(a)", "abs(a)^b*log(abs(a))")
    made = check(formula, *gradient)
    assert made.verdicts[0].undefined_for == "a = 0 and b < 1"
    assert made.verdicts[1].undefined_for == "a = 0"
    objective = FormulaObjective.from_text(formula)
    assert (objective.value(0.0, 1.0), objective.value(0.0, 0.0)) == (0.0, 1.0)
    assert not math.isfinite(objective.value(0.0, -1.0))


def test_wrong_where_it_is_defined_is_wrong() -> None:
    assert check("a^3/3", "exp(3*log(a))", "0").verdicts[0].right is False


def test_defined_nowhere_is_wrong() -> None:
    verdict = check("a*b", "log(-1 - a^2)", "a").verdicts[0]
    assert verdict.right is False
    assert "it is undefined at (" in verdict.sentence


def test_a_constant_may_leave_the_domain() -> None:
    made = check("k*a", "exp(log(k))", "0", k=2.0)
    assert made.verdicts[0].undefined_for == "k ≤ 0"
    assert made.verdicts[0].right
