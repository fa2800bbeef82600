"""Where a candidate has no value, in words."""

from __future__ import annotations

import pytest

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
