"""Noise that is added to gradients: its size, its seed, and that it is the estimate's of nobody."""

import numpy as np
import pytest

from gdviz.engine.descent.batch import descend_from_each
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.descent.run_method import run_method

PLANE = FormulaObjective.from_text("3*a - b")


def noise_of(path, alpha):
    """Return what was added to the gradient at each step."""
    return -np.diff(path.theta, axis=0) / alpha - path.gradient[: path.updates]


def path_of(steps=4000, f=PLANE, **changes):
    fields = {"start": (0.0, 0.0), "alpha": 0.1, "steps": steps} | changes
    return run_method(f, "analytic", "noisy", **fields)


def test_its_variance_is_that_of_the_paper():
    """σ²/(1 + k)^γ: divided by that, it is standard normal, to four standard errors."""
    path = path_of(options={"deviation": 2.0, "fading": 0.55})
    sigma = 2.0 / (1 + np.arange(path.updates)) ** 0.275
    scaled = (noise_of(path, 0.1) / sigma[:, None]).ravel()
    n = len(scaled)
    assert abs(scaled.mean()) < 4 / np.sqrt(n)
    assert abs(scaled.var() - 1.0) < 4 * np.sqrt(2 / n)
    assert abs((scaled[:-1] * scaled[1:]).mean()) < 4 / np.sqrt(n)


def test_the_same_seed_gives_the_same_path_and_another_another():
    one, same, other = (path_of(50, seed=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.theta, same.theta)
    assert (one.theta[1:] != other.theta[1:]).all()
    np.testing.assert_array_equal(path_of(20, seed=7).theta, one.theta[:21])


def test_its_draws_are_not_those_of_estimates():
    noise, normals = Draws(3).noise(), Draws(3).normals()
    pairs = np.array([[next(noise), next(normals)] for _ in range(2000)])
    assert abs((pairs[:, 0] * pairs[:, 1]).mean()) < 4 / np.sqrt(pairs[:, 0].size)


def test_without_deviation_it_is_gradient_descent():
    f = FormulaObjective.from_text("(a^2 + 25*b^2)/2")
    path = path_of(30, f, start=(3.0, 1.0), alpha=0.05, options={"deviation": 0.0})
    plain = run_method(f, "analytic", "gd", start=(3.0, 1.0), alpha=0.05, steps=30)
    np.testing.assert_allclose(path.theta, plain.theta, rtol=1e-12)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_starts_that_run_at_once_have_the_draws_that_each_has_alone(precision):
    f = FormulaObjective.from_text("(a^2 + b - 11)^2 + (a + b^2 - 7)^2")
    a, b = np.linspace(-3, 3, 9), np.linspace(2, -2, 9)
    settings = RunSettings(
        ESTIMATES["analytic"], RULES["noisy"], alpha=0.01, steps=40, seed=5, precision=precision
    )
    ends = descend_from_each(f, settings, a, b)["at"]
    alone = [
        run_method(f, "analytic", "noisy", start=start, alpha=0.01, steps=40, seed=5,
                   precision=precision).theta[-1]
        for start in zip(a.tolist(), b.tolist(), strict=True)
    ]  # fmt: skip
    np.testing.assert_allclose(np.column_stack((ends.real, ends.imag)), alone, rtol=1e-6)
