"""Check my gradient: closed forms by hand, and no false verdict."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck import check as check_module
from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.engine.gradcheck.difference.difference_process import Remainder
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.gradcheck.gradient_candidates import (
    AROUND,
    CASES,
    Case,
    candidates,
    check,
    is_right,
    verdicts,
)
from tests.engine.gradcheck.random_gradients import random_candidates

WIDE = Range(-5.0, 5.0, -5.0, 5.0)


SIGMOID = SURFACES["sigmoid-unit"]


#: The slip in the question (claim C5): the inner derivative taken for a in place of x.
SLIP = "b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))"


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
    assert "∂f/∂a is wrong: at (6, 5) it gives −24.8" in slip.verdicts[0].sentence


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


def test_symbolic_identical_and_numeric(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "remainders", lambda *_: [Remainder("0")])
    made = check("sigmoid(a) + abs(b)", "1/(exp(a) + 2 + exp(-a))", "sign(b)", seconds=60.0)
    assert [verdict.how for verdict in made.verdicts] == ["symbolic", "identical"]
    made = check("abs(a)*b", "b*a/abs(a)", "abs(a)", seconds=0.0)
    assert [verdict.how for verdict in made.verdicts] == ["numeric", "identical"]


def test_a_number_that_is_rounded_right_is_right() -> None:
    """Though log(cos(0.001)) in float64 has ten right digits."""
    f, gradient = "cos(0.001)^a + b", "{}*cos(0.001)^a"
    assert check(f, gradient.format("-5.000000833333555556e-7"), "1").verdicts[0].right
    assert not check(f, gradient.format("-5.00000083325e-7"), "1").verdicts[0].right


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
    "one-feature-logistic": (
        ("mean(x*(sigmoid(a*x + b) - y))", "mean(1/(1 + exp(-a*x - b))) - sum(y)/n"),
        ("mean(sigmoid(a*x + b) - x*y)", "mean(sigmoid(a*x - b) - y)"),
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


def other_is_told(case: Case, made: GradientCheck, component: int, pair: tuple[str, str]) -> bool:
    """Tell of the derivative itself: it is right, but where kinks cancel, if differences say so."""
    verdict = made.verdicts[component]
    return bool(verdict.right) or not is_right(case, component, pair[component], verdict.worst)


@pytest.mark.sampled(6)  # of 88 with the slow ones
@pytest.mark.parametrize("count", [3, pytest.param(None, marks=pytest.mark.slow, id="all")])
@pytest.mark.parametrize("name", CASES)
def test_no_false_verdict(name: str, count: int | None) -> None:
    """Of rewritten and of spoiled derivatives, against differences in sixty digits."""
    case = CASES[name]
    counts = {True: 0, False: 0}
    for component, pair in itertools.islice(candidates(case, random.Random(name)), count):
        made = check_gradient(case.objective, pair, case.extent, seconds=0.0)
        verdict = made.verdicts[component]
        worst = verdict.worst if verdict.right is False else None
        assert verdict.right is is_right(case, component, pair[component], worst), pair[component]
        assert other_is_told(case, made, 1 - component, pair)
        counts[bool(verdict.right)] += 1
    assert counts[False] >= 1


#: 44 blocks of 4 formulas with 8 candidates each: more than 500 rewritten and 500 wrong ones.
@pytest.mark.sampled(1, gate=48)
@pytest.mark.parametrize("seed", range(176))
def test_rewritten_and_wrong_gradients_of_random_formulas(seed: int) -> None:
    """By differences in sixty digits: 0 false verdicts, and no evidence against."""
    counts, false = {"rewritten": 0, "wrong": 0}, []
    for case, component, pair in random_candidates(seed, 8):
        made = check_gradient(case.objective, pair, case.extent, seconds=0.0)
        verdict, taylor = made.verdicts[component], made.taylor[component]
        worst = verdict.worst if verdict.right is False else None
        expected = is_right(case, component, pair[component], worst)
        counts["rewritten" if expected else "wrong"] += 1
        contradicts = expected and taylor.slope < 1.5 and taylor.sides is None
        is_told = verdict.right is expected and other_is_told(case, made, 1 - component, pair)
        if contradicts or not is_told:
            false.append((case.formula, pair, verdict.sentence, taylor.finding))
    assert false == [], counts
    assert seed or min(counts.values()) >= 1  # of other eight, all may be of one kind


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


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_can_be_checked(name: str) -> None:
    surface = SURFACES[name]
    made = check_gradient(FormulaObjective.of(surface), ("a - b", "a*b"), surface.home, seconds=0.0)
    assert made.right is False
