"""Points that a person names, where there may be nothing to be right about."""

from __future__ import annotations

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.engine.objectives.formula_objective import FormulaObjective

WIDE = Range(-5.0, 5.0, -5.0, 5.0)


def at(point: tuple[float, float], formula: str, claimed: str, in_b: str = "1") -> GradientCheck:
    objective = FormulaObjective.from_text(formula)
    return check_gradient(objective, (claimed, in_b), WIDE, at=point, seconds=0.0)


@pytest.mark.parametrize(
    ("formula", "claimed", "point", "note"),
    [
        ("log(a) + b", "1/a", (-2.0, 1.0),
         "at (−2, 1) there is nothing to compare, as f has no value there"),
        ("atan(b/a) + b", "-b/(a^2 + b^2)", (0.0, 1.0),  # in floats arctan(1/0) is π/2
         "at (0, 1) there is nothing to compare, as f has no value there"),
        ("1/a + b", "-1/a^2", (0.0, 1.0),
         "at (0, 1) there is nothing to compare, as f is infinite there"),
        ("abs(a) + b", "sign(a)", (0.0, 1.0),
         "at (0, 1) there is no ∂f/∂a, as f has a kink there, with −1 on one side and 1 on"),
        ("sqrt(a^2) + b", "a/sqrt(a^2)", (0.0, 1.0),
         "at (0, 1) there is no ∂f/∂a, as f has a kink there, with −1 on one side and 1 on"),
        ("relu(a) + b", "step(a)", (0.0, 1.0),
         "at (0, 1) there is no ∂f/∂a, as f has a kink there, with 0 on one side and 1 on"),
        ("relu(a) + b", "heaviside(a)", (0.0, 1.0), "at (0, 1) there is no ∂f/∂a, as f has a kink"),
        ("step(a) + b", "0", (0.0, 1.0), "at (0, 1) there is no ∂f/∂a, as f jumps there"),
        ("a*sqrt(a)/a + b", "1/(2*sqrt(a))", (-1.0, 1.0), "as f has no value there"),
        ("sqrt(a) + b", "1/(2*sqrt(a))", (0.0, 1.0),
         "at (0, 1) there is no ∂f/∂a, as f is infinitely steep there"),
        ("sqrt(a^4) + b", "2*a^3/sqrt(a^4)", (0.0, 1.0),
         "at (0, 1) it is undefined, and the true one is 0"),
    ],
)  # fmt: skip
def test_the_sentence_says_that_there_is_none(
    formula: str, claimed: str, point: tuple[float, float], note: str
) -> None:
    verdict = at(point, formula, claimed).verdicts[0]
    assert verdict.right
    assert verdict.sentence.endswith(verdict.notes)
    assert note in verdict.notes


def test_it_is_said_whatever_the_claim_s_value_and_verdict() -> None:
    made = at((0.0, 1.0), "abs(a) + b", "2*sign(a)")
    assert made.right is False
    assert made.verdicts[0].sentence.endswith("with −1 on one side and 1 on the other")
    assert made.verdicts[1].notes == ""  # ∂f/∂b is 1 there


@pytest.mark.parametrize(
    ("formula", "claimed"),
    [("abs(a*b)", "sign(a*b)*b"), ("relu(a) - relu(-a)", "1"), ("a*abs(a)", "2*abs(a)")],
)
def test_where_kinks_cancel_there_is_one(formula: str, claimed: str) -> None:
    verdict = at((0.0, 0.0), formula, claimed, "0").verdicts[0]
    assert verdict.right
    assert verdict.notes == ""


def test_a_point_without_a_gradient_is_not_among_those_where_it_is_right() -> None:
    made = at((-7.0, 1.0), "sqrt(a)^2 + b", "1")
    assert "is right on −5 ≤ a ≤ 5, −5 ≤ b ≤ 5, wherever f has a value (a ≥ 0)" in (
        made.verdicts[0].sentence
    )


@pytest.mark.parametrize(
    ("claimed", "right"), [("sign(a)^2", False), ("step(a) + step(-a)", False),
                           ("heaviside(a) + heaviside(-a)", True)],
)  # fmt: skip
def test_where_the_claimed_one_alone_jumps_its_value_counts(claimed: str, right: bool) -> None:
    verdict = at((1.0, 1.0), "a + b", claimed).verdicts[0]
    assert verdict.right is right
    assert right or "at (0, −5) it gives 0 instead of 1" in verdict.sentence


def test_what_overflows_is_not_undefined() -> None:
    verdict = at((800.0, 2.0), "log(1 + exp(a)) + b", "exp(a)/(1 + exp(a))").verdicts[0]
    assert verdict.right
    assert verdict.notes == ""
