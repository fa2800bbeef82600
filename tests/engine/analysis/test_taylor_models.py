"""Taylor models: orders of their errors, the numbers of claim D3, and where there are none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.taylor_models import StepModels, cut, predicted_changes, step_models
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES, Surface
from tests.engine.descent.run_method import run_method

ALL = [pytest.param(surface, id=name) for name, surface in SURFACES.items()]
ROSENBROCK = FormulaObjective.of(SURFACES["rosenbrock"])
HOME = Range(-5.0, 5.0, -5.0, 5.0)


def path_of(
    objective: FormulaObjective, start: Any, alpha: float, steps: int = 20, bounds: Range = HOME
) -> Path:
    return run_method(
        objective, "analytic", "gd", start=start, alpha=alpha, epsilon=1e-6,
        steps=steps, bounds=bounds,
    )  # fmt: skip


def has_none(models: StepModels) -> bool:
    """Tell whether all is missing that follows from the derivatives."""
    return bool(
        np.isnan(models.gradient).all()
        and np.isnan(models.hessian).all()
        and np.isnan(models.eigenvalues).all()
        and np.isnan(models.eigenvectors).all()
        and math.isnan(models.condition_number)
        and models.newton_step is None
        and models.largest_rate is None
    )


# -- the models


@pytest.mark.parametrize("surface", ALL)
def test_the_errors_shrink_with_the_second_and_third_power(surface: Surface) -> None:
    objective = FormulaObjective.of(surface)
    at = surface.start[0] + 0.0123, surface.start[1] - 0.0371
    models = step_models(objective, at)
    # Where a remainder's leading term nearly vanishes its order shows at smaller lengths only.
    lengths = np.geomspace(1e-3, 1e-2, 9)
    angles = np.linspace(0.1, 6.0, 24)[:, None]
    a, b = at[0] + lengths * np.cos(angles), at[1] + lengths * np.sin(angles)
    f = objective.values(a, b)
    for model, order in ((models.first, 2), (models.second, 3)):
        error = np.sqrt(np.mean((f - model(a, b)) ** 2, axis=0))
        if error.max() < 1e-12 * abs(f).max():
            continue  # exact, and what is left is round-off
        slope = np.polyfit(np.log(lengths), np.log(error), 1)[0]
        assert slope == pytest.approx(order, abs=0.1), order


@pytest.mark.parametrize("name", ["sphere", "quadratic", "booth", "matyas", "saddle"])
def test_the_second_model_of_a_quadratic_is_exact(name: str) -> None:
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    models = step_models(objective, surface.start)
    a, b = np.linspace(-9.0, 8.0, 30), np.linspace(-7.0, 9.0, 31)[:, None]
    f = objective.values(a, b)
    assert models.second(a, b).shape == (31, 30)
    np.testing.assert_allclose(models.second(a, b), f, rtol=1e-12, atol=1e-11)
    assert models.newton_step is not None
    point = surface.points[0]
    np.testing.assert_allclose(
        np.array(surface.start) + models.newton_step, (point.a, point.b), atol=1e-12
    )
    saddle = point.kind == "saddle"
    assert models.newton_remark == (
        "the Newton step leads to a saddle point of the 2nd-order model" if saddle else ""
    )
    assert models.sentence == ""


def test_claim_d3_at_rosenbrocks_minimum() -> None:
    models = step_models(ROSENBROCK, (1.0, 1.0))
    np.testing.assert_array_equal(models.hessian, [[802.0, -400.0], [-400.0, 200.0]])
    assert models.eigenvalues[1] == pytest.approx(1001.6, abs=0.01)
    assert models.largest_rate == pytest.approx(0.0019968, abs=5e-8)
    assert models.condition_number == pytest.approx(2508.0, abs=0.1)
    assert models.newton_step is not None
    np.testing.assert_array_equal(models.newton_step, 0.0)
    rebuilt = models.eigenvectors @ np.diag(models.eigenvalues) @ models.eigenvectors.T
    np.testing.assert_allclose(rebuilt, models.hessian)


def test_the_slip_of_claim_d4_is_not_made() -> None:
    """½ ΔᵀHΔ, neither without the ½ nor with one Δ less."""
    models = step_models(FormulaObjective.from_text("a^2 + 3*a*b"), (0.0, 0.0))
    assert models.second(2.0, 1.0) == pytest.approx(10.0)
    assert models.first(2.0, 1.0) == 0.0


def test_the_largest_rate_needs_curvature_upwards() -> None:
    models = step_models(ROSENBROCK, (1.0, 1.0))
    assert replace(models, eigenvalues=np.array([-1.0, 4.0])).largest_rate == 0.5
    for eigenvalues in ([-2.0, -1.0], [0.0, 0.0], [np.nan, np.nan], [0.0, 1e-320]):
        assert replace(models, eigenvalues=np.array(eigenvalues)).largest_rate is None


# -- where something is missing


def test_at_the_monkey_saddle_the_hessian_is_zero() -> None:
    models = step_models(FormulaObjective.of(SURFACES["monkey-saddle"]), (0.0, 0.0))
    np.testing.assert_array_equal(models.hessian, 0.0)
    np.testing.assert_array_equal(models.eigenvalues, 0.0)
    assert models.condition_number == math.inf
    assert models.newton_step is None
    assert "the Hessian is singular" in models.newton_remark
    assert models.largest_rate is None
    assert models.second(1.0, 2.0) == 0.0


def test_a_singular_hessian_with_rounded_entries() -> None:
    models = step_models(FormulaObjective.from_text("(0.1*a + 0.7*b)^2"), (0.3, 0.2))
    assert models.condition_number == math.inf
    assert models.newton_step is None
    assert models.largest_rate == pytest.approx(2.0)  # 2·(0.01 + 0.49) = 1 is the one eigenvalue


def test_the_newton_step_at_a_maximum() -> None:
    models = step_models(FormulaObjective.from_text("-a^2 - 2*b^2"), (1.0, 1.0))
    assert models.newton_remark == "the Newton step leads to a maximum of the 2nd-order model"
    assert models.largest_rate is None


@pytest.mark.parametrize(
    ("text", "at", "sentence", "value"),
    [
        ("log(a)", (-1.0, 0.0), "f is undefined at (−1, 0)", math.nan),
        ("1/a", (0.0, 0.0), "f is infinite at (0, 0)", math.inf),
        ("sqrt(a^2 + b^2)", (0.0, 0.0), "the gradient jumps at (0, 0)", 0.0),
        ("abs(a) + 2", (0.0, 1.0), "the gradient jumps at (0, 1)", 2.0),
        ("step(a) + b", (0.0, 1.0), "f jumps at (0, 1)", None),
    ],
)
def test_without_a_gradient_there_are_no_models(
    text: str, at: tuple[float, float], sentence: str, value: float | None
) -> None:
    models = step_models(FormulaObjective.from_text(text), at)
    assert sentence in models.sentence
    assert models.newton_remark == models.sentence
    assert has_none(models)
    assert value is None or models.value == pytest.approx(value, nan_ok=True)
    assert np.isnan(models.first([1.0, 2.0], 3.0)).all()
    assert np.isnan(models.second([1.0, 2.0], 3.0)).all()


def test_where_only_the_hessian_is_infinite() -> None:
    models = step_models(FormulaObjective.from_text("abs(a)^1.5 + b"), (0.0, 1.0))
    assert models.sentence == "the second derivatives are not finite at (0, 1)"
    assert models.first(0.0, 3.0) == 3.0
    assert np.isnan(models.eigenvalues).all()
    assert models.newton_step is None
    assert models.largest_rate is None


# -- the cut


def test_the_cut_along_a_step() -> None:
    at, step = (-1.2, 1.0), np.array([0.3, -0.4])
    models = step_models(ROSENBROCK, at)
    along = cut(ROSENBROCK, models, step, np.linspace(0.0, 1.0, 11))
    a, b = at[0] + 0.6 * along.lengths, at[1] - 0.8 * along.lengths
    np.testing.assert_allclose(along.f, ROSENBROCK.values(a, b))
    np.testing.assert_allclose(along.tangent, models.first(a, b))
    np.testing.assert_allclose(along.parabola, models.second(a, b))
    assert along.f[0] == along.tangent[0] == along.parabola[0] == models.value


@pytest.mark.parametrize("step", [(0.0, 0.0), (math.nan, 1.0), (math.inf, 1.0)])
def test_a_step_without_a_direction(step: tuple[float, float]) -> None:
    along = cut(ROSENBROCK, step_models(ROSENBROCK, (0.0, 0.0)), step, [0.0, 1.0])
    assert np.isnan([along.f, along.tangent, along.parabola]).all()


def test_the_cut_where_f_ends() -> None:
    objective = FormulaObjective.from_text("log(a) + b")
    along = cut(objective, step_models(objective, (1.0, 0.0)), (-1.0, 0.0), [0.0, 0.5, 1.5])
    np.testing.assert_array_equal(np.isnan(along.f), [False, False, True])
    np.testing.assert_allclose(along.tangent, [0.0, -0.5, -1.5])
    np.testing.assert_allclose(along.parabola, [0.0, -0.625, -2.625])


# -- along a path


def test_predictions_of_a_quadratic_are_exact_at_second_order() -> None:
    objective = FormulaObjective.from_text("(a^2 + 9*b^2)/2")
    path = path_of(objective, (4.0, 1.0), 0.15)
    changes = predicted_changes(objective, path)
    assert changes.actual.shape == changes.first.shape == changes.second.shape == (path.updates,)
    np.testing.assert_allclose(changes.second, changes.actual, rtol=1e-9)
    # With Δ = −α∇f the first order is −α‖∇f‖², twice too much for α = 1/λ and more beyond.
    np.testing.assert_allclose(changes.first, -0.15 * np.sum(path.gradient[:-1] ** 2, axis=1))
    assert (changes.first < changes.actual).all()


def test_predictions_are_those_of_the_models_at_each_point() -> None:
    surface = SURFACES["himmelblau"]
    objective = FormulaObjective.of(surface)
    path = path_of(objective, surface.start, 0.01, steps=6)
    changes = predicted_changes(objective, path)
    for k in range(path.updates):
        models = step_models(objective, tuple(path.theta[k]))
        after = path.theta[k + 1]
        assert changes.actual[k] == path.loss[k + 1] - path.loss[k]
        assert changes.first[k] == pytest.approx(models.first(*after) - models.value)
        assert changes.second[k] == pytest.approx(models.second(*after) - models.value)


def test_a_path_without_steps_and_one_out_of_the_domain() -> None:
    without = path_of(ROSENBROCK, (1.0, 1.0), 0.001)
    assert predicted_changes(ROSENBROCK, without).actual.shape == (0,)
    objective = FormulaObjective.from_text("log(a) + b^2")
    path = path_of(objective, (1.0, 1.0), 1.5)
    changes = predicted_changes(objective, path)
    assert math.isnan(changes.actual[-1])
    assert changes.first[0] == pytest.approx(-1.5 * (1.0 + 4.0))
