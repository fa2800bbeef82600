"""Draws as steps: mean and covariance against closed forms, and the ellipse around them."""

import numpy as np
import pytest

from gdviz.engine.analysis.estimate_spread import Spread, draw
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import CallableFunction, FormulaFunction
from gdviz.scene.scene import build_scene
from gdviz.scene.step_cloud import cloud_caption, ellipse, spread_at, step_cloud
from gdviz.scene.step_text import step_report

AT, ALPHA = (0.5, -1.0), 0.1
G = np.array([3.0, -2.0])
LINEAR = FormulaFunction("3*a - 2*b").objective()


def settings(name, rule="gd"):
    return RunSettings(ESTIMATES[name], RULES[rule], alpha=ALPHA, epsilon=1e-3, seed=3)


def cloud_of(name, count=4000):
    return step_cloud(draw(LINEAR, settings(name), AT, 0, count), AT, ALPHA)


@pytest.mark.parametrize("name", ["gaussian", "forward-gradient"])
def test_mean_and_covariance_of_steps_are_the_closed_forms(name):
    """E ĝ = g and Cov ĝ = ‖g‖²I + ggᵀ where f is linear, whatever ε is."""
    cloud = cloud_of(name)
    covariance = ALPHA**2 * (G @ G * np.eye(2) + np.outer(G, G))
    error = np.sqrt(np.trace(covariance) / cloud.count)
    np.testing.assert_allclose(cloud.exact, AT - ALPHA * G)
    np.testing.assert_allclose(cloud.theory, covariance)
    np.testing.assert_allclose(cloud.mean, cloud.exact, atol=4 * error)
    np.testing.assert_allclose(cloud.covariance, covariance, atol=0.1 * np.trace(covariance))
    assert not cloud.is_flat


@pytest.mark.parametrize(
    ("name", "estimates"),
    [("spsa", [(1.0, 1.0), (5.0, -5.0)]), ("random-coordinate", [(6.0, 0.0), (0.0, -4.0)])],
)
def test_signs_and_axes_lead_to_two_places_on_a_line(name, estimates):
    cloud = cloud_of(name, 50)
    places = np.unique(np.round(cloud.ends, 8), axis=0)
    expected = np.array(AT) - ALPHA * np.array(estimates)
    np.testing.assert_allclose(sorted(places.tolist()), sorted(expected.tolist()))
    assert cloud.is_flat
    assert "(line; dashed" in cloud_caption(cloud, settings(name))


def test_an_ellipse_is_one_standard_deviation_off():
    covariance = np.array([[4.0, 1.5], [1.5, 1.0]])
    off = ellipse(np.array([7.0, -2.0]), covariance) - np.array([[7.0], [-2.0]])
    np.testing.assert_allclose(np.sum(off * np.linalg.solve(covariance, off), axis=0), 1.0)
    assert np.abs(off[0]).max() == pytest.approx(2.0, rel=1e-3)  # the standard deviation of a
    flat = ellipse(np.zeros(2), np.outer([3.0, 4.0], [3.0, 4.0]))
    assert np.hypot(*flat).max() == pytest.approx(5.0)
    np.testing.assert_allclose(4.0 * flat[0], 3.0 * flat[1], atol=1e-6)


def test_a_draw_that_is_no_number_leaves_no_cloud():
    spread = Spread(np.array([[1.0, 2.0], [np.nan, 0.0]]), G, None)
    assert step_cloud(spread, AT, ALPHA) is None


def test_the_caption_says_what_is_drawn():
    cloud = cloud_of("gaussian", 1000)
    said = (
        "On the map: 200 of them as steps −α·ĝ (dots), their mean (ring), the exact step −α∇f "
        "(arrow), one standard deviation (ellipse; dashed: in theory as ε → 0)."
    )
    assert cloud_caption(cloud, settings("gaussian")) == said
    by_adam = cloud_caption(cloud, settings("gaussian", "adam"))
    assert by_adam == f"{said} So gradient descent would step; Adam makes its own of each ĝ."
    bare = step_cloud(Spread(np.eye(2), np.full(2, np.nan), None), AT, ALPHA)
    assert cloud_caption(bare, settings("gaussian")) == (
        "On the map: all as steps −α·ĝ (dots), their mean (ring), one standard deviation (line)."
    )


def test_a_batch_has_no_epsilon_in_its_theory():
    logistic = FormulaObjective.of(SURFACES["logistic-regression"])
    spread = draw(logistic, settings("mini-batch"), AT, 0, 20)
    caption = cloud_caption(step_cloud(spread, AT, ALPHA), settings("mini-batch"))
    assert caption.endswith("(ellipse; dashed: in theory).")


def test_quick_code_is_drawn_from_but_not_where_a_frame_waits(monkeypatch):
    code = Objective.from_callable(lambda a, b: 3.0 * a - 2.0 * b)
    experiment = Experiment(
        function=CallableFunction(code),
        methods=(Method("gaussian"), Method("central")),
        alpha=ALPHA,
    )
    scene = build_scene(experiment, resolution=2)
    run, other = scene.runs
    assert spread_at(scene.objective, run, 0) is None
    monkeypatch.setattr("gdviz.scene.step_cloud._PATIENCE", np.inf)  # on however busy a machine
    found = spread_at(scene.objective, run, 0, of_code=True)
    assert len(found.estimates) == 50
    assert np.linalg.norm(found.mean - G) < 4 * found.standard_error
    report = step_report(scene.objective, run, 0)
    assert report.spread.startswith("50 draws here: standard deviation ")
    assert len(report.cloud.ends) == 50
    assert step_report(scene.objective, other, 0).cloud is None
    monkeypatch.setattr("gdviz.scene.step_cloud._PATIENCE", 0.0)  # slower than there is time for
    assert spread_at(scene.objective, run, 0, of_code=True) is None
