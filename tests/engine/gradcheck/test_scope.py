"""For which points a right gradient is right: where f has a value, and no kink."""

from __future__ import annotations

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.scope import lacks, scope
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.gradcheck.gradient_candidates import check

EVERYWHERE = None


def words(
    formula: str, claimed: str = "0", extent: Range | None = None, data: Data | None = None
) -> tuple[str | None, ...]:
    objective = FormulaObjective.from_text(formula, {"k": 2.0}, data)
    candidate = CandidateGradient.parse(objective, (claimed, "0"))
    found = scope(candidate, lacks(candidate, 0, extent), ())  # with no look at any curve
    return found.has_value, found.at_edge or found.may_lack_derivative, found.without_claim


@pytest.mark.parametrize(
    ("formula", "has_value", "may_lack_derivative"),
    [
        ("log(a) + b^2", "a > 0", EVERYWHERE),
        ("log(a - 3)", "a > 3", EVERYWHERE),
        ("log(2 - a)", "a < 2", EVERYWHERE),
        ("log(-3*a)", "a < 0", EVERYWHERE),
        ("log(a^2)", "a ≠ 0", EVERYWHERE),
        ("log(exp(b)*a)", "a > 0", EVERYWHERE),
        ("1/(a - k)", "a ≠ k", EVERYWHERE),
        ("a^-2", "a ≠ 0", EVERYWHERE),
        ("sqrt(a)", "a ≥ 0", "a = 0"),
        ("a^1.5", "a ≥ 0", EVERYWHERE),
        ("asin(a)", "|a| ≤ 1", "a^2 = 1"),
        ("log(a)*log(b)", "a > 0 and b > 0", EVERYWHERE),
        ("a^b", "", EVERYWHERE),
        ("a^a + sqrt(a)", "", "a ≤ 0"),
        ("sqrt(a) + log(abs(a))", "a > 0", EVERYWHERE),
        ("abs(a)", EVERYWHERE, "a = 0"),
        ("sqrt(a^2)", EVERYWHERE, "a = 0"),
        ("sqrt(a^2 + b^2)", EVERYWHERE, "a^2 + b^2 = 0"),
        ("max(a, b)", EVERYWHERE, "a = b"),
        ("max(b, a)", EVERYWHERE, "b = a"),
        # One curve is one, however it is written.
        ("max(a, -a) + abs(a)", EVERYWHERE, "a = 0"),
        ("max(a - 1, 1 - a) - abs(a - 1)", EVERYWHERE, "a = 1"),
        ("abs(a - 0.1*b)", EVERYWHERE, "a = 0.1*b"),
        ("a^(1/3)", "a ≥ 0", "a = 0"),
        ("relu(a - 1)", EVERYWHERE, "a = 1"),
        ("step(a)", EVERYWHERE, "a = 0"),
        ("a + step(b)", EVERYWHERE, EVERYWHERE),
        ("a + abs(b)", EVERYWHERE, EVERYWHERE),
        # Nothing is excepted where there is nothing to except.
        ("log(1 + exp(a)) + sqrt(1 + a^2)/(2 + sin(a))", EVERYWHERE, EVERYWHERE),
        ("abs(1 + a^2)*asin(sin(b)/2)", EVERYWHERE, EVERYWHERE),
        ("a/k + log(k)*a", EVERYWHERE, EVERYWHERE),
    ],
)
def test_where_there_is_something_to_be_right_about(
    formula: str, has_value: str | None, may_lack_derivative: str | None
) -> None:
    assert words(formula)[:2] == (has_value, may_lack_derivative)


def test_what_lies_beyond_the_range_is_left_out() -> None:
    assert words("log(a) + abs(a - 9)", extent=Range(0.5, 5.0, -1.0, 1.0)) == (None, None, None)


def test_what_the_claimed_one_alone_may_lack() -> None:
    assert words("a^2", "2*a*sign(a - 0.3)^2")[2] == "a = 0.3"
    assert words("abs(a)", "a/abs(a)") == (None, "a = 0", None)
    assert words("log(a)", "a/a^2")[2] is None
    # What follows is not said: where a·b > 0, a is not 0, and where b is not 0, a² + b² is none.
    assert words("log(a*b)", "1/a") == ("a*b > 0", None, None)
    assert words("atan(a/b)", "b/(a^2 + b^2)") == ("b ≠ 0", None, None)
    assert words("atan(a)", "1/(b^2 - 1)")[2] == "b^2 = 1"
    assert words("a^(1/3)", "a^(-2/3)/3") == ("a ≥ 0", "a = 0", None)
    # Both say the same of a line, whichever way round it is written.
    assert words("max(a, b)", "1 - step(b - a)")[2] is None


def test_over_data_each_row_counts() -> None:
    data = Data({"x": (1.0, -2.0), "z": (1.0, 2.0)})
    assert words("mean(log(a*x))", data=data)[0] == "a*x > 0 in each row"
    assert words("mean(abs(a - x))", data=data)[1] == "a = x in some row"
    assert words("mean(log(z)*a)", data=data) == (None, None, None)


@pytest.mark.usefixtures("sympy_here")
@pytest.mark.parametrize(
    ("formula", "claimed", "said"),
    [
        ("exp(2*log(a))", "2*a", "is right wherever f has a value (a > 0): its difference"),
        ("log(a) + b", "1/a", "is right wherever f has a value (a > 0): it is identical"),
        ("abs(a) + b", "sign(a)",
         "is right for all a, b, except for a = 0, where f has no derivative (by the one-sided "
         "ones at 11 points of −3 ≤ a ≤ 3, −3 ≤ b ≤ 3): it is ident"),
        ("sqrt(a^2) + b", "sign(a)", "is right on −3 ≤ a ≤ 3, −3 ≤ b ≤ 3, except for a = 0, where"),
        ("a^2 + log(b)", "2*exp(log(a))",
         "where it is defined (a > 0), undefined for a ≤ 0, wherever f has a value (b > 0)"),
        ("log(1 + a^2) + b", "2*a/(1 + a^2)", "is right for all a, b: "),
        ("sqrt(a^2 - 2) + b", "a/sqrt(a^2 - 2)",
         "wherever f has a value (a^2 ≥ 2), except for a^2 = 2, where the values of f end: "),
        ("sqrt(a - b/3) + b", "1/(2*sqrt(a - b/3))", "has a value (a ≥ b/3), except for a = b/3"),
        ("sqrt(a) + b", "1/(2*sqrt(a))", "except for a = 0, where f has no derivative (by the one"),
        ("abs(a^2 - 2) + b", "2*a*sign(a^2 - 2)", "except for a^2 = 2, where f has no derivative"),
    ],
)  # fmt: skip
def test_the_sentence_says_for_which_points(formula: str, claimed: str, said: str) -> None:
    assert said in check(formula, claimed, "1", seconds=60.0).verdicts[0].sentence


@pytest.mark.usefixtures("sympy_here")
def test_what_the_claimed_one_lacks_beyond_the_range_is_said_of_the_plane() -> None:
    made = check("a^2/2 + b", "exp(log(a))", "1", seconds=60.0, extent=Range(1.0, 5.0, 1.0, 5.0))
    assert made.verdicts[0].how == "symbolic"
    assert "where it is defined (a > 0), undefined for a ≤ 0" in made.verdicts[0].sentence
