"""Plans of frames: what each of them shows, and what is refused."""

import numpy as np
import pytest

from gdviz.engine.descent.descend import descend
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.frames import (
    MOST_FRAMES,
    frame_at,
    plan_frames,
    usual_ends,
)
from gdviz.scene.scene import build_scene

BOTH = (Method("analytic"), Method("forward"))


def scene_of(**fields):
    return build_scene(Experiment(**{"methods": BOTH, "steps": 12, **fields}), resolution=24)


@pytest.fixture(scope="module")
def scene():
    return scene_of()


def test_steps_are_all_of_the_longest_path_if_nobody_says(scene):
    plan = plan_frames(scene)
    assert [plan.frame(k).step for k in range(len(plan))] == list(range(13))
    assert {id(plan.frame(k).scene) for k in range(13)} == {id(scene)}


def test_fewer_frames_than_steps_are_evenly_spaced_with_both_ends(scene):
    plan = plan_frames(scene, "steps", 2, 10, 5)
    assert [plan.frame(k).step for k in range(5)] == [2, 4, 6, 8, 10]
    assert len(plan_frames(scene_of(steps=1000, alpha=1e-4))) == 120


def test_a_number_is_turned_by_the_same_factor(scene):
    plan = plan_frames(scene, "epsilon", 1e-4, 1.0, 5)
    found = [plan.frame(k).scene for k in range(5)]
    assert [each.experiment.epsilon for each in found] == pytest.approx([1e-4, 1e-3, 1e-2, 0.1, 1])
    assert found[-1].experiment.epsilon == 1.0
    assert all(each.landscape is scene.landscape for each in found)
    assert [each.runs[0].path.theta.tolist() for each in found] == 5 * [
        scene.runs[0].path.theta.tolist()  # which knows no ε
    ]
    for each in found:
        run = each.runs[1]
        again = descend(scene.objective, run.settings, run.start)
        np.testing.assert_array_equal(run.path.theta, again.theta)
        assert run.settings.epsilon == each.experiment.epsilon


def test_a_start_moves_along_a_line(scene):
    plan = plan_frames(scene, "start", (0.0, 0.0), (1.0, 3.0), 4)
    starts = [plan.frame(k).scene.experiment.start for k in range(4)]
    np.testing.assert_allclose(starts, [(0, 0), (0.333, 1), (0.667, 2), (1, 3)], rtol=1e-15)
    assert plan_frames(scene, "start", last=(0.0, 0.0)).frame(0).scene.experiment.start == (1.5, 4)


def test_a_length_of_a_step_comes_with_its_circle():
    """Of a² + 4b² at (1, 1), −∇f = (−2, −8): the best step of length η → 0 goes there, too."""
    function = FormulaFunction("a^2 + 4*b^2")
    scene = scene_of(function=function, start=(1.0, 1.0))
    circle = plan_frames(scene, "eta", 1e-4, 1.0, 3).frame(0).circle
    assert circle.eta == 1e-4
    assert circle.steepest_angle == pytest.approx(np.arctan2(-8, -2))
    assert circle.angle_between == pytest.approx(0.0, abs=0.02)


def test_numbers_have_no_more_digits_than_tell_frames_apart(scene):
    few, many = (plan_frames(scene, "alpha", 1 / 3, 1.0, count).values for count in (60, 20_000))
    assert few[0] == 1 / 3
    assert {len(f"{value:.12g}") for value in few[1:-1]} <= {3, 4, 5, 6}
    assert len(set(few)) == 60
    assert len(set(many)) == 20_000


def test_the_camera_goes_around_the_surface_meanwhile(scene):
    plan = plan_frames(scene, orbit=360.0, frames=5)
    azimuths = [plan.frame(k).scene.experiment.camera.azimuth for k in range(5)]
    assert azimuths == pytest.approx([-60, 30, 120, -150, -60])
    assert [plan.frame(k).step for k in range(5)] == [0, 3, 6, 9, 12]
    assert plan.frame(2).scene.runs is scene.runs
    assert plan.frame(-1).step == 12


def test_a_scene_at_a_step(scene):
    assert frame_at(scene, None).step is None
    assert frame_at(scene, 12).step == 12
    with pytest.raises(AnimationError, match="from 0 to 12, where the longest path ends, not 13"):
        frame_at(scene, 13)


def test_usual_ends_are_around_the_experiments_own_number(scene):
    assert usual_ends(scene, "alpha") == pytest.approx((0.04, 1.2))
    assert usual_ends(scene, "steps") == (0, 12)
    assert usual_ends(scene_of(epsilon=100.0), "epsilon") == pytest.approx((1.0, 300.0))


HIDDEN = (Method("analytic", shown=False),)


@pytest.mark.parametrize(
    ("fields", "arguments", "field", "said"),
    [
        ({}, {"first": 0, "last": 13}, "to", "must be a step from 0 to 12"),
        ({}, {"first": 1.5}, "from", "not 1.5"),
        ({}, {"first": float("nan")}, "from", "must be a step"),
        ({}, {"first": 3, "last": 3}, "to", "nothing moves from 3 to 3"),
        ({}, {"orbit": 1e9}, "orbit", "3600 degrees, not 1"),
        ({}, {"frames": 1}, "frames", "must be between 2 and 1,000,000, not 1"),
        ({}, {"frames": MOST_FRAMES + 1}, "frames", "not 1,000,001"),
        ({}, {"over": "beta"}, "over", "must be one of steps"),
        ({}, {"over": "start"}, "to", "needs a point"),
        ({}, {"over": "start", "last": 3.0}, "to", "a point, as A,B"),
        ({}, {"over": "alpha", "last": (1.0, 2.0)}, "to", "must be a number"),
        ({}, {"over": "alpha", "first": 0.0}, "from", "must be between 1e-60"),
        ({}, {"over": "start", "last": (1e99, 0.0)}, "to", "must be between"),
        ({"methods": HIDDEN}, {}, "over", "no method is shown"),
        ({"methods": HIDDEN}, {"over": "alpha"}, "over", "no method is shown"),
        ({"methods": BOTH[:1]}, {"over": "epsilon"}, "over", "takes the experiment's ε"),
        (
            {"methods": (Method("forward", epsilon=0.1),)},
            {"over": "epsilon"}, "over", "takes the experiment's ε",
        ),
        ({"function": FormulaFunction("log(-1 - a^2)")}, {}, "over", "no value anywhere"),
        (
            {"function": FormulaFunction("log(a)"), "start": (-1.0, 1.0)},
            {}, "over", "no path makes a step: ",
        ),
    ],
)  # fmt: skip
def test_what_cannot_move_is_refused_in_a_sentence(fields, arguments, field, said):
    with np.errstate(all="ignore"):
        scene = scene_of(**fields)
    with pytest.raises(AnimationError, match=said) as caught:
        plan_frames(scene, **arguments)
    assert caught.value.field == field
