"""The Taylor remainder as evidence."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.evidence import TaylorTest, taylor_test
from gdviz.engine.objectives.formula_objective import FormulaObjective


def test_the_taylor_test_stops_at_a_kink() -> None:
    candidate = CandidateGradient.parse(
        FormulaObjective.from_text("abs(a) + a^2 + b"), ("sign(a) + 2*a", "1")
    )
    test = taylor_test(candidate, 0, (-0.1, 0.0), 1.0)
    assert np.isnan(test.true[test.t > 0.1]).all()
    assert np.isfinite(test.true[test.t < 0.0999]).all()
    assert test.slope == pytest.approx(2.0, abs=0.01)


def taylor_at(formula: str, claimed: str, at: tuple[float, float] = (0.0, 0.0)) -> TaylorTest:
    candidate = CandidateGradient.parse(FormulaObjective.from_text(formula), (claimed, "0"))
    return taylor_test(candidate, 0, at, 1.0)


@pytest.mark.parametrize(
    ("formula", "claimed", "sides"),
    [
        ("abs(a)/2 + b", "sign(a)/2", "−0.5 on one side and 0.5 on the other"),
        ("max(a, 0)*3", "3*heaviside(a)", "0 on one side and 3 on the other"),
        ("abs(a - b) + a^2", "sign(a - b) + 2*a", "−1 on one side and 1 on the other"),
    ],
)
def test_a_kink_is_said(formula: str, claimed: str, sides: str) -> None:
    """There the remainder is t, whatever is claimed, and not lost in rounding."""
    test = taylor_at(formula, claimed)
    assert test.finding == f"says nothing at (0, 0): f has a kink there, its derivative is {sides}"
    assert test.slope == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(test.true).all()  # f has no derivative there


def test_a_kink_of_an_operation_that_is_none_of_f() -> None:
    """relu(a)² has the derivative 0 at 0."""
    assert taylor_at("relu(a)^2 + b", "2*relu(a)").finding.startswith("falls like t^2.00 at (0, 0)")
    assert taylor_at("abs(b) + a^2", "2*a").finding.startswith("falls like t^2.00 at (0, 0)")


def test_kinks_that_cancel_are_none() -> None:
    softplus = "log(1 + exp(-abs(a))) + relu(a) + b"
    assert taylor_at(softplus, "sigmoid(a)").finding.startswith("falls like t^2.00 at (0, 0)")
    assert "f is straight there" in taylor_at("relu(a) - relu(-a)", "1").finding


def test_an_error_too_small_to_be_seen_is_said() -> None:
    test = taylor_at("exp(a)", "exp(a) + 1e-9", (1.0, 1.0))
    assert test.error == pytest.approx(1e-9, rel=1e-6)
    assert test.is_blind
    assert "cannot see an error as small as 10⁻⁹ at (1, 1), only from " in test.finding
    assert "t^" not in test.finding
    seen = taylor_at("exp(a)", "exp(a) + 1e-3", (1.0, 1.0))
    assert not seen.is_blind
    assert seen.finding.startswith("falls like t^1.0")


@pytest.mark.parametrize("error", [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12])
@pytest.mark.parametrize("formula", ["exp(a)", "a^3", "sin(a)*a", "1/(1 + a^2)"])
def test_no_power_of_a_right_one_is_told_of_a_wrong_one(formula: str, error: float) -> None:
    candidate = CandidateGradient.parse(FormulaObjective.from_text(formula), ("0", "0"))
    at = (0.7, 0.2)
    true = candidate.objective.gradient(*at)[0]
    test = taylor_at(formula, f"{true!r} + {error}", at)
    assert test.is_blind or test.slope < 1.3


def test_a_power_that_the_true_derivative_has_as_well_is_no_evidence_against_the_claimed() -> None:
    finding = taylor_at("abs(a)^1.5", "1.5*sign(a)*sqrt(abs(a))", (0.0, 0.0)).finding
    assert finding == "falls like t^1.50 at (0, 0), as it does with the true derivative"


def test_without_a_value_it_says_nothing() -> None:
    assert taylor_at("a^3/3", "exp(2*log(a))", (-1.0, 0.0)).finding == (
        "says nothing at (−1, 0): the claimed derivative has no value there"
    )
    assert "f has no value there" in taylor_at("log(a)", "1/a", (-1.0, 0.0)).finding
    beside = taylor_at("asin(a)", "1/sqrt(1 - a^2)", (1.0, 0.0)).finding
    assert beside.endswith("f has no value there, or none just beyond")
    assert "f jumps there" in taylor_at("step(a)", "0").finding
