"""Check my gradient: closed forms by hand, and no false verdict."""

from __future__ import annotations

import math
import random
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck import check as check_module
from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.engine.gradcheck.difference_process import Remainder
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.gradcheck.gradient_candidates import CASES, candidates, is_right

AROUND = Range(-3.0, 3.0, -3.0, 3.0)


WIDE = Range(-5.0, 5.0, -5.0, 5.0)


SIGMOID = SURFACES["sigmoid-unit"]


#: The slip in the question (claim C5): the inner derivative taken for a in place of x.
SLIP = "b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))"


def check(
    formula: str,
    in_a: str,
    in_b: str,
    seconds: float = 0.0,
    extent: Range = AROUND,
    **constants: float,
) -> GradientCheck:
    objective = FormulaObjective.from_text(formula, constants)
    return check_gradient(objective, (in_a, in_b), extent, seconds=seconds)


def verdicts(made: GradientCheck) -> tuple[bool | None, bool | None]:
    return made.verdicts[0].right, made.verdicts[1].right


# -- the question's own slip


@pytest.fixture(scope="module")
def slip() -> GradientCheck:
    objective = FormulaObjective.of(SIGMOID)
    return check_gradient(objective, (SLIP, "sigmoid(a*x)"), SIGMOID.home, seconds=60.0)


def test_the_slip_is_wrong_in_a_and_right_in_b(slip: GradientCheck) -> None:
    assert verdicts(slip) == (False, True)
    assert slip.right is False
    assert slip.verdicts[1].how == "identical"


def test_the_slip_is_worst_in_a_corner(slip: GradientCheck) -> None:
    """True − claimed = b·x·σ(ax)²·(a − 1), which is largest at (6, 5)."""
    worst = slip.verdicts[0].worst
    assert worst is not None
    assert (worst.a, worst.b, worst.constants) == (6.0, 5.0, {"x": 1.0})
    sigma = 1.0 / (1.0 + math.exp(-6.0))
    assert worst.true == pytest.approx(5.0 * sigma * (1.0 - sigma), rel=1e-12)
    assert worst.claimed == pytest.approx(5.0 * sigma * (1.0 - 6.0 * sigma), rel=1e-12)
    assert worst.absolute == pytest.approx(25.0 * sigma**2, rel=1e-12)
    assert worst.relative == pytest.approx(5.0 * sigma / (1.0 - sigma), rel=1e-9)
    assert worst.level < 1e-12
    assert "∂f/∂a is wrong: at (6, 5) it gives -24.8" in slip.verdicts[0].sentence


def test_the_difference_that_remains_is_written_out(slip: GradientCheck) -> None:
    remainder = slip.verdicts[0].remainder
    assert remainder is not None
    assert remainder.text == "b*x*(a - 1)*sigmoid(a*x)^2"
    assert r"\sigma" in remainder.latex
    assert not remainder.reason


def test_the_slip_is_right_where_a_is_1(slip: GradientCheck) -> None:
    a, b = np.meshgrid(slip.a, slip.b)
    sigma = 1.0 / (1.0 + np.exp(-a))
    assert slip.errors[0] == pytest.approx(np.abs(b * sigma**2 * (a - 1.0)), abs=1e-13)
    assert slip.errors[1] == pytest.approx(0.0 * a, abs=1e-15)
    assert slip.error == pytest.approx(slip.errors[0], abs=1e-13)
    made = check_gradient(
        FormulaObjective.of(SIGMOID),
        (SLIP, "sigmoid(a*x)"),
        SIGMOID.home,
        at=(1.0, 2.0),
        seconds=0.0,
    )
    assert made.taylor[0].slope == pytest.approx(2.0, abs=0.01)
    assert made.taylor[0].at == (1.0, 2.0)


def test_the_taylor_remainder_tells_it(slip: GradientCheck) -> None:
    assert slip.taylor[0].slope == pytest.approx(1.0, abs=0.01)
    assert slip.taylor[0].true_slope == pytest.approx(2.0, abs=0.01)
    assert math.isnan(slip.taylor[1].slope)  # f is linear in b: nothing but rounding remains


def test_central_differences_level_off_at_the_error(slip: GradientCheck) -> None:
    worst = slip.verdicts[0].worst
    assert worst is not None
    test = slip.epsilon[0]
    assert test.best is not None
    assert test.true[test.best] < 1e-9
    assert test.claimed[test.best] == pytest.approx(worst.absolute, rel=1e-6)


# -- closed forms


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


def test_a_claim_that_is_undefined_on_part_of_the_map_is_wrong_there() -> None:
    made = check("a*log(a*b)", "log(a) + log(b) + 1", "a/b")
    assert verdicts(made) == (False, True)
    assert "it is undefined at (-" in made.verdicts[0].sentence
    made = check("a^2/2 + b", "a^2/a", "b/b")  # undefined at single points only
    assert verdicts(made) == (True, True)


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


def test_overflow_of_a_claim_is_not_held_against_it() -> None:
    far = Range(-1000.0, 1000.0, -1.0, 1.0)
    made = check("softplus(a) + b", "exp(a)/(1 + exp(a))", "1", extent=far)
    assert verdicts(made) == (True, True)
    assert made.verdicts[0].undefined > 0


def test_where_nothing_is_defined_nothing_is_decided() -> None:
    made = check("log(-1 - a^2) + b", "2*a/(1 + a^2)", "1")
    assert verdicts(made) == (None, None)
    assert made.right is None
    assert "cannot be checked" in made.verdicts[0].sentence
    assert made.verdicts[0].worst is None


def test_symbolic_identical_and_numeric(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "remainders", lambda *_: [Remainder("0")])
    made = check("sigmoid(a) + abs(b)", "1/(exp(a) + 2 + exp(-a))", "sign(b)", seconds=60.0)
    assert [verdict.how for verdict in made.verdicts] == ["symbolic", "identical"]
    made = check("abs(a)*b", "b*a/abs(a)", "abs(a)", seconds=0.0)
    assert [verdict.how for verdict in made.verdicts] == ["numeric", "identical"]


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        (("b*", "a"), "∂f/∂a: the formula ends"),
        (("b", "c"), "∂f/∂b: unknown name 'c'"),
        (("b", "sum(x)"), "∂f/∂b: "),
        (("1/0", "a"), "∂f/∂a: "),
        (("", "a"), "∂f/∂a: the formula is empty"),
    ],
)
def test_bad_claims_are_refused(claimed: tuple[str, str], said: str) -> None:
    with pytest.raises(FormulaError, match="^" + said.replace("(", r"\(")):
        check_gradient(FormulaObjective.from_text("a*b"), claimed, AROUND)


# -- over data


DATA = {
    "linear-regression": (("mean(2*x*(a*x + b - y))", "2*a*sum(x)/n + 2*b - 2*mean(y)"),
                          ("mean(x*(a*x + b - y))", "sum(2*(a*x + b - y))")),
    "logistic-regression": (
        ("-sum(x1*y/(1 + exp(y*(a*x1 + b*x2))))", "-sum(y*x2*sigmoid(-y*(b*x2 + a*x1)))"),
        ("sum(x1*y/(1 + exp(y*(a*x1 + b*x2))))", "-sum(x2*sigmoid(-y*(b*x2 + a*x1)))"),
    ),
    "sigmoid-regression": (
        ("2*b*mean(x*sigmoid(a*x)*sigmoid(-a*x)*(b*sigmoid(a*x) - y))",
         "2*b*mean(sigmoid(a*x)^2) - 2*mean(y/(1 + exp(-a*x)))"),
        ("2*b*mean(sigmoid(a*x)*sigmoid(-a*x)*(b*sigmoid(a*x) - y))",
         "2*b*mean(sigmoid(a*x))^2 - 2*mean(y*sigmoid(a*x))"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DATA)
def test_over_data(name: str) -> None:
    surface = SURFACES[name]
    for claimed, expected in zip(DATA[name], (True, False), strict=True):
        made = check_gradient(FormulaObjective.of(surface), claimed, surface.home, seconds=0.0)
        assert verdicts(made) == (expected, expected)
        slope = 2.0 if expected else 1.0
        assert [test.slope for test in made.taylor] == pytest.approx([slope, slope], abs=0.05)


def test_two_thousand_rows() -> None:
    pick = np.random.default_rng(3)
    columns = {name: tuple(pick.normal(size=2_000).tolist()) for name in ("x", "y")}
    objective = FormulaObjective.from_text("mean(log(1 + exp(-y*(a*x + b))))", {}, Data(columns))
    made = check_gradient(
        objective,
        ("-mean(x*y*sigmoid(-y*(a*x + b)))", "mean(y*sigmoid(-y*(a*x + b)))"),
        AROUND,
        seconds=0.0,
    )
    assert verdicts(made) == (True, False)


# -- no false verdict


@pytest.mark.parametrize("count", [3, pytest.param(None, marks=pytest.mark.slow, id="all")])
@pytest.mark.parametrize("name", CASES)
def test_no_false_verdict(name: str, count: int | None) -> None:
    """Of rewritten and of spoiled derivatives, against differences in sixty digits."""
    case = CASES[name]
    counts = {True: 0, False: 0}
    for component, pair in islice(candidates(case, random.Random(name)), count):
        made = check_gradient(case.objective, pair, case.extent, seconds=0.0)
        verdict = made.verdicts[component]
        worst = verdict.worst if verdict.right is False else None
        assert verdict.right is is_right(case, component, pair[component], worst), pair[component]
        assert made.verdicts[1 - component].right, "the other component is the derivative itself"
        counts[bool(verdict.right)] += 1
    assert counts[False] >= 1


COEFFICIENTS = st.lists(st.integers(-9, 9), min_size=6, max_size=6)


POWERS = [(2, 0), (1, 1), (0, 2), (3, 1), (1, 3), (2, 2)]


def _polynomial(terms: list[tuple[int, int, int]]) -> str:
    return " + ".join(f"({c})*a^{i}*b^{j}" for c, i, j in terms) or "0"


@given(COEFFICIENTS, COEFFICIENTS, st.randoms(use_true_random=False))
def test_polynomials(true: list[int], change: list[int], pick: Any) -> None:
    """Differentiated by hand, in another order; then with some coefficients changed."""
    f = _polynomial([(c, i, j) for c, (i, j) in zip(true, POWERS, strict=True)])
    in_a = [(c * i, i - 1, j) for c, (i, j) in zip(true, POWERS, strict=True) if i]
    in_b = [(c * j, i, j - 1) for c, (i, j) in zip(true, POWERS, strict=True) if j]
    pick.shuffle(in_a)
    changed = [(c + d, i, j) for (c, i, j), d in zip(in_b, change, strict=False)]
    made = check(f, _polynomial(in_a), _polynomial(changed))
    assert verdicts(made) == (True, not any(change[: len(in_b)]))


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_can_be_checked(name: str) -> None:
    surface = SURFACES[name]
    made = check_gradient(FormulaObjective.of(surface), ("a - b", "a*b"), surface.home, seconds=0.0)
    assert made.right is False
