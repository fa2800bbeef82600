"""What lies on the map of Taylor models, on quadratics whose second model is exact."""

import numpy as np
import pytest

from gdviz.engine.analysis.taylor_models import step_models
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.scene import Scene, build_scene

AT = (1.0, -0.5)


def quadratic(formula: str) -> Scene:
    function = FormulaFunction(formula)
    experiment = Experiment(function=function, start=AT, range=(-4.0, 4.0, -2.0, 2.0))
    return build_scene(experiment, resolution=48)


def overlay(
    scene: Scene, order: int = 0, newton: bool = False, axes: bool = False
) -> TaylorOverlay:
    return TaylorOverlay(step_models(scene.objective, AT), order, newton, axes)


def test_contours_of_the_second_model_are_those_of_a_quadratic() -> None:
    scene = quadratic("a^2 + 4*b^2")
    lines = overlay(scene, order=2).contours(scene.landscape)
    a, b = lines[np.isfinite(lines[:, 0])].T
    levels = np.array(scene.landscape.scale.levels()[::2])
    away = np.abs((a**2 + 4 * b**2)[:, None] - levels).min(axis=1)
    assert len(a) > 300
    assert away.max() < 0.01


def test_contours_of_the_first_model_are_straight() -> None:
    """Its value is f + ∇f·Δ, which along a contour is level: ∇f = (2, −4)."""
    scene = quadratic("a^2 + 4*b^2")
    lines = overlay(scene, order=1).contours(scene.landscape)
    steps = np.diff(lines, axis=0)
    steps = steps[np.isfinite(steps[:, 0])]
    assert len(steps) > 100
    np.testing.assert_allclose(steps @ (2.0, -4.0), 0.0, atol=1e-9)


def test_newtons_step_leads_to_the_minimum() -> None:
    end = overlay(quadratic("a^2 + 4*b^2"), newton=True).newton_end()
    np.testing.assert_allclose(end, (0.0, 0.0), atol=1e-12)


def test_axes_are_longer_where_the_model_is_flatter() -> None:
    """By the root of the eigenvalues 2 and −8; the shorter side of the map is 4."""
    scene = quadratic("a^2 - 4*b^2")
    arms = overlay(scene, axes=True).arms(scene.landscape.grid.range)
    by_falling = {is_falling: np.abs(ends[1] - ends[0]) / 2 for ends, is_falling in arms}
    np.testing.assert_allclose(by_falling[False], (0.88, 0.0), atol=1e-12)
    np.testing.assert_allclose(by_falling[True], (0.0, 0.44), atol=1e-12)


@pytest.mark.parametrize(
    ("formula", "wanted", "is_empty"),
    [
        ("a^2 + b^2", {}, True),
        ("a^2 + b^2", {"order": 1}, False),
        ("a^2 + b^2", {"axes": True}, False),
        ("a + b", {"newton": True, "axes": True}, True),  # its Hessian is zero
        ("log(-a^2 - 1) + b", {"order": 2, "newton": True, "axes": True}, True),
    ],
)
def test_what_there_is_none_of_is_not_drawn(
    formula: str, wanted: dict[str, int], is_empty: bool
) -> None:
    scene = quadratic(formula)
    drawn = overlay(scene, **wanted)
    assert drawn.is_empty == is_empty
    if is_empty:
        assert not len(drawn.contours(scene.landscape))
        assert drawn.arms(scene.landscape.grid.range) == []
        assert drawn.newton_end() is None
