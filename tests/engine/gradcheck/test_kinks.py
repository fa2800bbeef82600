"""Where operations have kinks, f's one-sided derivatives decide: what they are is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.engine.gradcheck.verdict import Verdict
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.gradcheck.gradient_candidates import AROUND, check


def verdict(formula: str, claimed: str, **constants: float) -> Verdict:
    return check(formula, claimed, "b - b", **constants).verdicts[0]


SOFTPLUS = "log(1 + exp(-abs(a))) + relu(a)"


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("formula", "claimed", "where"),
    [
        (SOFTPLUS, "1/(1 + exp(-a))", "a = 0"),
        ("relu(a) - relu(-a)", "1", "a = 0"),
        ("abs(a)^2", "2*a", "a = 0"),
        ("abs(a)*a", "2*abs(a)", "a = 0"),
        ("max(a, -a) - abs(a) + b", "0", "a = 0"),
        ("abs(a) + max(-a, a) - 2*sqrt(a^2)", "0", "a = 0"),  # three kinks
        ("max(a, b) + min(a, b)", "1", "a = b"),
        ("max(a, b) - relu(a - b)", "0", "a = b"),
        ("abs(a - b)*(a - b)", "2*abs(a - b)", "a = b"),
        ("step(a)*a^2", "2*a*step(a)", "a = 0"),
        ("relu(a^2 + b^2 - 1)^2", "4*a*relu(a^2 + b^2 - 1)", "a^2 + b^2 = 1"),  # no float is on it
        ("abs(exp(a) - 2)*(exp(a) - 2)", "2*exp(a)*abs(exp(a) - 2)", "exp(a) = 2"),
        ("relu(a*b)^3", "3*b*relu(a*b)^2", "a*b = 0"),
        ("relu(a - k) - relu(k - a)", "1", "a = k"),
        ("a*sqrt(a)", "1.5*sqrt(a)", "a = 0"),  # at the edge, from its one side
        ("a + b", "heaviside(a) + heaviside(-a)", "a = 0"),  # of the claim alone
    ],
)
def test_kinks_that_cancel_are_no_exception(formula: str, claimed: str, where: str) -> None:
    found = verdict(formula, claimed, k=0.3)
    assert found.right
    assert found.scope.cancelling is not None
    assert found.scope.cancelling.where == where
    assert found.scope.cancelling.without == 0
    assert found.scope.may_lack_derivative is None
    assert "except" not in found.sentence
    points = found.scope.cancelling.points
    assert f"f's one-sided derivatives decide, it equals them at {points} points" in found.sentence


@pytest.mark.parametrize(
    ("formula", "claimed", "where"),
    [
        ("abs(a) + b^2", "sign(a)", "a = 0"),
        ("relu(a - 1)", "step(a - 1)", "a = 1"),
        ("max(a, b)", "heaviside(a - b)", "a = b"),
        ("sqrt(a^2)", "sign(a)", "a = 0"),
        ("sqrt(a)", "1/(2*sqrt(a))", "a = 0"),
        ("sqrt(a^2 + b^2)", "a/sqrt(a^2 + b^2)", "a^2 + b^2 = 0"),
        ("step(a)", "0", "a = 0"),
        ("step(a^2 + b^2 - 1) + a", "1", "a^2 + b^2 = 1"),
        ("relu(a^2 + b^2 - 1)", "2*a*step(a^2 + b^2 - 1)", "a^2 + b^2 = 1"),
        ("sign(a)^2", "0", "a = 0"),  # 1 beside it, and 0 on it
        ("1e-15*abs(a)", "1e-15*sign(a)", "a = 0"),  # in units of its own
    ],
)
def test_where_they_do_not_f_has_no_derivative(formula: str, claimed: str, where: str) -> None:
    found = verdict(formula, claimed)
    assert found.right
    assert found.scope.without_derivative is not None
    assert found.scope.without_derivative.where == where
    assert f"except for {where}, where f has no derivative (by the one-sided" in found.sentence
    assert "may" not in found.sentence.split(":")[0]


@pytest.mark.parametrize(
    ("formula", "claimed", "without"),
    [
        ("abs(a)*b", "sign(a)*b", (10, 11)),  # at (0, 0) it has one
        ("abs(a)*relu(b)", "sign(a)*relu(b)", None),
        ("a*step(b)", "step(b)", None),  # f is 0 for all a on b = 0, and at (0, 0) no gradient
    ],
)
def test_where_they_do_on_part_of_a_curve_it_is_counted(
    formula: str, claimed: str, without: tuple[int, int] | None
) -> None:
    (curve,) = verdict(formula, claimed).scope.partly_without
    assert curve.where == ("b = 0" if "step" in formula else "a = 0")
    assert without is None or (curve.without, curve.points) == without
    assert 0 < curve.without < curve.points


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("formula", "claimed", "gives"),
    [
        (SOFTPLUS, "step(a) - sign(a)*sigmoid(-abs(a))", (0.0, 0.5)),  # the program's own
        (SOFTPLUS, "sign(a)^2/(1 + exp(-a))", (0.0, 0.5)),
        ("relu(a) - relu(-a)", "step(a) + step(-a)", (0.0, 1.0)),
        ("relu(a) - relu(-a)", "sign(a)^2", (0.0, 1.0)),
        ("max(a, b) + min(a, b)", "sign(a - b)^2", (0.0, 1.0)),
        ("a^2", "2*a*sign(a - 0.3)^2", (0.0, 0.6)),
        ("abs(a)*a", "2*abs(a) + 1 - sign(a)^2", (1.0, 0.0)),
        ("abs(a)*b", "sign(a)*b + (1 - sign(a)^2)*(1 - sign(b)^2)", (1.0, 0.0)),  # at (0, 0)
    ],
)
@pytest.mark.parametrize("at", [None, (0.0, 0.0)])
def test_wrong_on_a_curve_alone_is_wrong(
    formula: str, claimed: str, gives: tuple[float, float], at: tuple[float, float] | None
) -> None:
    objective = FormulaObjective.from_text(formula)
    found = check_gradient(objective, (claimed, "0"), AROUND, at=at, seconds=0.0).verdicts[0]
    assert found.right is False
    assert found.worst is not None
    assert (found.worst.claimed, found.worst.true) == pytest.approx(gives, abs=1e-12)
    assert "(by the one-sided derivatives of f)" in found.sentence


def test_along_b_as_along_a() -> None:
    made = check("abs(b)*b + relu(a) - relu(-a)", "1", "2*abs(b)")
    assert made.right
    where = [each.scope.cancelling and each.scope.cancelling.where for each in made.verdicts]
    assert where == ["a = 0", "b = 0"]


def test_where_a_curve_is_not_met_nothing_is_claimed() -> None:
    """a² − a·b is positive where bounds cannot tell, and there is no kink to look at."""
    found = verdict("abs(exp(a)*exp(b) - exp(a + b) + 1) + a", "1 + 0*a")
    assert found.scope.without_derivative is None
    assert found.scope.cancelling is None


def over(data: Data, formula: str, claimed: str) -> GradientCheck:
    objective = FormulaObjective.from_text(formula, {}, data)
    return check_gradient(objective, (claimed, "0"), AROUND, seconds=0.0)


def test_over_data() -> None:
    data = Data({"x": (1.0, -2.0, 0.5)})
    (found, _) = over(data, "mean(abs(a - x))", "mean(sign(a - x))").verdicts
    assert found.scope.without_derivative is not None
    assert found.scope.without_derivative.where == "a = x in some row"
    (found, _) = over(data, "mean(relu(a*x) - relu(-a*x))", "mean(x)").verdicts
    assert found.right
    assert found.scope.cancelling is not None
    assert over(data, "mean(relu(a*x) - relu(-a*x))", "mean(x*sign(a*x)^2)").right is False


def test_over_many_rows_floats_tell() -> None:
    data = Data({"x": tuple(1.0 + i / 2048 for i in range(2048))})
    (found, _) = over(data, "mean(relu(a*x) - relu(-a*x))", "mean(x)").verdicts
    assert found.right
    assert found.scope.cancelling is not None
    assert over(data, "mean(relu(a*x) - relu(-a*x))", "mean(x*sign(a*x)^2)").right is False


def test_the_error_over_the_map_shows_it_on_the_curve() -> None:
    """|claimed − true| on a = 0, where 65 points of the grid lie."""
    error = check(SOFTPLUS, "step(a) - sign(a)*sigmoid(-abs(a))", "0").errors[0]
    assert error[:, 32] == pytest.approx(0.5)
    assert check(SOFTPLUS, "1/(1 + exp(-a))", "0").errors[0].max() < 1e-12
    assert np.isnan(check("abs(a)", "sign(a)", "0").errors[0][:, 32]).all()  # there is none
