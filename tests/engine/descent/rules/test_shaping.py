"""Clipping and noise before any rule; by the named rules they are gradient descent with them."""

import numpy as np
import pytest

from gdviz.engine.descent.batch import descend_from_each
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.shaping import SHAPING
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

HIMMELBLAU = FormulaObjective.of(SURFACES["himmelblau"])
START = (-3.6, 3.0)
SHAPED = [name for name, rule in RULES.items() if {*SHAPING} <= {*rule.options}]


def settings(rule: str, estimate: str = "analytic", **fields: object) -> RunSettings:
    given = {"alpha": 0.01, "steps": 30, "seed": 5, **fields}
    return RunSettings(ESTIMATES[estimate], RULES[rule], **given)


def theta(rule: str, **fields: object) -> np.ndarray:
    return descend(HIMMELBLAU, settings(rule, **fields), START).theta


def test_the_named_rules_are_gradient_descent_with_these_options() -> None:
    clip, noise = {"clip": 2.0}, {"noise": 3.0, "noise_fading": 0.4}
    np.testing.assert_array_equal(
        theta("gd", options=clip), theta("clipped", options={"threshold": 2.0})
    )
    np.testing.assert_array_equal(
        theta("gd", options=noise),
        theta("noisy", options={"deviation": 3.0, "fading": 0.4}),
    )
    both = theta("gd", options={**clip, **noise})
    np.testing.assert_array_equal(
        both, theta("noisy", options={"deviation": 3.0, "fading": 0.4, **clip})
    )


@pytest.mark.parametrize("rule", SHAPED)
def test_they_are_off_by_default_and_a_high_limit_changes_nothing(rule: str) -> None:
    plain = theta(rule)
    np.testing.assert_array_equal(plain, theta(rule, options={"clip": 0, "noise": 0}))
    np.testing.assert_array_equal(plain, theta(rule, options={"clip": 1e9}))
    assert not np.array_equal(plain, theta(rule, options={"noise": 1.0}))


def test_momentum_of_clipped_gradients_by_hand() -> None:
    """v ← 0.9v + min(1, 4/‖g‖)·g, θ ← θ − 0.05v, on the bowl (a² + 9b²)/2."""
    bowl = FormulaObjective.from_text("(a^2 + 9*b^2)/2")
    run = settings("momentum", alpha=0.05, steps=6, options={"clip": 4.0})
    at, v = np.array([2.0, 1.0]), np.zeros(2)
    expected = [at]
    for _ in range(6):
        g = at * (1.0, 9.0)
        v = 0.9 * v + g * min(1.0, 4.0 / np.hypot(*g))
        expected.append(at := at - 0.05 * v)
    path = descend(bowl, run, (2.0, 1.0))
    np.testing.assert_allclose(path.theta, expected, rtol=1e-14)
    # What the path knows of gradients and errors is the estimate's, whatever the rule is given.
    np.testing.assert_allclose(path.gradient[0], (2.0, 9.0))
    assert path.error[0] == 0.0


def test_noise_is_the_seed_s_and_the_sample_s() -> None:
    one, same, seed, sample = (
        theta("adam", options={"noise": 1.0}, **fields)
        for fields in ({}, {}, {"seed": 6}, {"sample": 1})
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, seed)
    assert not np.array_equal(one, sample)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("rule", ["gd", "adam", "rprop", "nesterov-1983", "barzilai-borwein"])
def test_many_starts_at_once_go_where_each_goes(rule: str, precision: str) -> None:
    run = settings(
        rule, alpha=0.01, steps=12, precision=precision, options={"clip": 3.0, "noise": 0.5}
    )
    a, b = np.array([-3.6, 1.0, 0.5]), np.array([3.0, 1.5, -2.0])
    ends = descend_from_each(HIMMELBLAU, run, a, b)["at"]
    for end, start in zip(ends, zip(a, b, strict=True), strict=True):
        last = descend(HIMMELBLAU, run, start).theta[-1]
        np.testing.assert_allclose((end.real, end.imag), last, rtol=1e-4, atol=1e-5)


def test_rules_that_make_more_than_a_step_of_one_gradient_have_none() -> None:
    for name in ("line-search", "newton", "best-direction", "bfgs", "nelder-mead"):
        with pytest.raises(ValueError, match="has no option 'clip'"):
            settings(name, options={"clip": 1.0})
    assert {*SHAPED} == {*RULES} - {
        "line-search", "newton", "best-direction", "conjugate-gradient", "bfgs", "l-bfgs",
        "nelder-mead", "clipped", "noisy",
    }  # fmt: skip


@pytest.mark.parametrize("value", [-1.0, float("nan"), 1e13])
def test_a_limit_out_of_bounds_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="clip of the rule adam must be between 0 and 1"):
        settings("adam", options={"clip": value})
