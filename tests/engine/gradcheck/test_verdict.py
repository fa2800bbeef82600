"""What is said of a component: the slip by its name, and for which constants it is right."""

from __future__ import annotations

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.check import check_gradient
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.gradcheck.gradient_candidates import check, verdicts

WIDE = Range(-5.0, 5.0, -5.0, 5.0)


def test_the_sign_of_a_slip_is_named() -> None:
    made = check("a^2*b + b^3", "-2*a*b", "2*(a^2 + 3*b^2)")
    assert "its sign is reversed" in made.verdicts[0].sentence
    assert "2 times the true one" in made.verdicts[1].sentence
    made = check("a^2*b + b^3", "a^2 + 3*b^2", "2*a*b")
    assert "(it is ∂f/∂b)" in made.verdicts[0].sentence
    assert "(it is ∂f/∂a)" in made.verdicts[1].sentence


def test_a_rounded_number_is_wrong_by_very_little() -> None:
    made = check("a^3/3 + pi*b", "a^2", "3.14159265358979")
    assert verdicts(made) == (True, True)  # all digits that a person copies
    made = check("a^3/3 + pi*b^2", "a^2*0.9999999", "6.283185*b")
    assert verdicts(made) == (False, False)
    assert all("rounded" in verdict.sentence for verdict in made.verdicts)


@pytest.mark.parametrize(
    ("claimed", "given", "true"),
    [
        ("2*a + 1e-12", "0.562000000001", "0.562"),  # 0.281 and its double have no last digit
        ("2*a + 1.5e-4", "0.56215", "0.562"),
        ("2*a*(1 + 1e-7)", "0.5620000562", "0.562"),
        ("2*a + 3*step(a - 0.28)", "3.562", "0.562"),
    ],
)
def test_no_digit_is_told_that_rounding_made(claimed: str, given: str, true: str) -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    here = Range(-0.1, 0.281, 0.2, 0.3)
    made = check_gradient(objective, (claimed, "2*b"), here, at=(0.281, 0.3), seconds=0.0)
    assert f"it gives {given} instead of {true}, off by" in made.verdicts[0].sentence


def test_what_is_right_for_one_value_of_a_constant_is_wrong() -> None:
    made = check("b*sigmoid(a*x)", "b*sigmoid(a*x)*(1 - sigmoid(a*x))", "sigmoid(a*x)", x=1.0)
    assert verdicts(made) == (False, True)
    assert made.verdicts[0].only_for == {"x": 1.0}
    assert "right only for x = 1: with x = " in made.verdicts[0].sentence
    made = check("k*a + t*b", "3*k/3", "t + (k - 2)*(t - 1)", k=2.0, t=1.0)
    assert verdicts(made) == (True, False)
    assert made.verdicts[1].only_for == {"k": 2.0, "t": 1.0}


def test_a_constant_that_is_zero_is_moved_as_well() -> None:
    assert verdicts(check("x*a + b", "0", "1", x=0.0)) == (False, True)


def test_where_nothing_is_defined_nothing_is_decided() -> None:
    made = check("log(-1 - a^2) + b", "2*a/(1 + a^2)", "1")
    assert verdicts(made) == (None, None)
    assert made.right is None
    assert "cannot be checked" in made.verdicts[0].sentence
    assert made.verdicts[0].worst is None


# -- what a verdict covers


FAR_OFF = "2*a + 5*relu(a - 10)"  # of a² + b², right for a ≤ 10


@pytest.mark.parametrize("how", ["at", "points"])
def test_every_point_that_the_person_names_enters(how: str) -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    named = {"at": (25.0, 0.0)} if how == "at" else {"points": ((1.0, 1.0), (25.0, 0.0))}
    made = check_gradient(objective, (FAR_OFF, "2*b"), WIDE, seconds=0.0, **named)
    assert verdicts(made) == (False, True)
    assert made.verdicts[0].sentence == (
        "∂f/∂a is wrong, though not on −5 ≤ a ≤ 5, −5 ≤ b ≤ 5: at (25, 0) it gives 125 instead of "
        "50, off by 75 (150 %)"
    )


@pytest.mark.parametrize(("claimed", "expected"), [("1", True), ("step(a) + step(-a)", False)])
def test_on_kinks_that_cancel_the_named_point_counts(claimed: str, expected: bool) -> None:
    """f = a, as relu(a) − relu(−a): the claim 0 at (0, 0) is wrong, though written as f is."""
    objective = FormulaObjective.from_text("relu(a) - relu(-a) + b")
    made = check_gradient(objective, (claimed, "1"), WIDE, at=(0.0, 0.0), seconds=0.0)
    assert verdicts(made) == (expected, True)
    if not expected:
        assert "at (0, 0) it gives 0 instead of 1" in made.verdicts[0].sentence
    made = check_gradient(
        FormulaObjective.from_text("abs(a) + b"), ("sign(a)", "1"), WIDE, at=(0.0, 0.0), seconds=0.0
    )
    assert verdicts(made) == (True, True)  # there is no gradient at all


def test_the_sentence_names_the_range() -> None:
    made = check("a^2 + b^2", FAR_OFF, "2*b", extent=Range(-5.0, 5.0, -1e-3, 7e5))
    assert made.verdicts[0].sentence.startswith(
        "∂f/∂a is right on −5 ≤ a ≤ 5, −0.001 ≤ b ≤ 700000: it equals the true one at 6,2"
    )


def test_a_named_point_beyond_the_range_is_named_where_it_is_right() -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    made = check_gradient(objective, ("a + a", "2*b"), WIDE, at=(25.0, 0.0), seconds=0.0)
    assert "is right on −5 ≤ a ≤ 5, −5 ≤ b ≤ 5 and at (25, 0): " in made.verdicts[0].sentence


@pytest.mark.usefixtures("sympy_here")
def test_what_holds_symbolically_holds_for_all_a_and_b() -> None:
    made = check("a^2 + b^2", "a + a", "2*b", seconds=60.0)
    assert [verdict.sentence for verdict in made.verdicts] == [
        "∂f/∂a is right for all a, b: its difference from the true one simplifies to 0",
        "∂f/∂b is right for all a, b: it is identical to the program's own derivative",
    ]


@pytest.mark.usefixtures("sympy_here")
def test_remainders_have_the_digits_that_were_written() -> None:
    made = check("a^2 + b^2", "2.000000000001*a", "2*b + 1.234567e-9*a*0.3", seconds=60.0)
    texts = [verdict.remainder.text for verdict in made.verdicts if verdict.remainder]
    assert texts == ["-1e-12*a", "-3.703701e-10*a"]


# -- constants of both signs


@pytest.mark.parametrize(
    ("formula", "claimed", "constants", "holds_if"),
    [
        ("abs(k)*a", "k", {"k": 2.0}, "k > 0"),
        ("abs(k)*a", "-k", {"k": -0.5}, "k < 0"),
        ("sqrt(k^2)*a", "k", {"k": 2.0}, "k > 0"),
        ("relu(k)*a", "k", {"k": 3.0}, "k > 0"),
        ("relu(k)*a", "k", {"k": 0.0}, "k ≥ 0"),
        ("a*k*c", "k*c*(abs(k) + abs(c))/(k + c)", {"k": 2.0, "c": 1.0}, "c > 0"),
        ("a^2*abs(k*c)", "2*a*k*c", {"k": 2.0, "c": 1.0}, "c > 0"),
        ("k*a", "k + relu(1e-9 - abs(k))", {"k": 2.0}, "k ≠ 0"),
        ("b*sigmoid(a*x)", "b*sigmoid(a*x)*(1 - sigmoid(a*x))", {"x": 1.0}, "x = 1"),
    ],
)
def test_constants_are_moved_through_zero_and_both_signs(
    formula: str, claimed: str, constants: dict[str, float], holds_if: str
) -> None:
    verdict = check(formula, claimed, "0", **constants).verdicts[0]
    assert verdict.right is False
    assert verdict.only_if == holds_if
    assert verdict.only_for.items() <= constants.items()
    assert f"is right only for {holds_if}: with " in verdict.sentence


@pytest.mark.parametrize(
    ("formula", "claimed", "constants"),
    [
        ("abs(k)*a", "abs(-k)", {"k": 2.0}),
        ("a^k", "k*a^k/a", {"k": 3.0}),
        ("exp(-a^2/(2*s^2))", "-a/s^2*exp(-a^2/(2*s^2))", {"s": 2.0}),
        ("log(k)*a", "log(k)", {"k": 2.0}),
        ("sin(k*a)/k", "cos(k*a)", {"k": 2.0}),
        ("sqrt(k + a^2)", "a/sqrt(k + a^2)", {"k": 0.1}),
    ],
)
def test_what_is_right_for_both_signs_stays_right(
    formula: str, claimed: str, constants: dict[str, float]
) -> None:
    assert check(formula, claimed, "0", **constants).verdicts[0].right
