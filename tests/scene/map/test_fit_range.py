"""The range in which all paths are seen."""

import numpy as np
import pytest

from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.map.fit_range import lost_sentence, range_of_paths
from gdviz.scene.scene import Scene, build_scene


def scene(**fields: object) -> Scene:
    return build_scene(Experiment().replace(**fields), resolution=8)


def test_all_paths_and_the_start_are_within_with_room_around_them() -> None:
    made = scene(start=(30.0, -20.0), more_starts=((25.0, 1.0),), steps=10)
    fitted = range_of_paths(made)
    points = np.vstack([run.path.theta for run in (*made.runs, *made.others)])
    low, high = points.min(axis=0), points.max(axis=0)
    span = high - low
    assert (fitted.a_low, fitted.b_low) == pytest.approx((low - 0.08 * span).tolist())
    assert (fitted.a_high, fitted.b_high) == pytest.approx((high + 0.08 * span).tolist())
    assert fitted.contains(*made.experiment.start)


def test_a_path_that_went_to_nowhere_is_cut_off() -> None:
    chosen = on_formula(Experiment(methods=(Method("analytic"),)), "exp(a^2) + b^4", home=None)
    made = build_scene(chosen.replace(start=(1.0, 1.0), alpha=1e6), resolution=8)
    assert np.abs(made.runs[0].path.theta[-1]).max() > 1e5
    fitted = range_of_paths(made)
    assert fitted.contains(1.0, 1.0)
    assert fitted.a_high - fitted.a_low < 1e3


def quadratic(alpha: float, steps: int = 10) -> Scene:
    """θ ← (1 − 2α) θ from (1, 1), on a home range of 2 by 2: lost beyond 40 from the start."""
    chosen = on_formula(
        Experiment(methods=(Method("analytic"),)), "a^2 + b^2", home=(-1.0, 1.0, -1.0, 1.0)
    )
    wide = (-500.0, 500.0, -500.0, 500.0)  # on which it is followed
    fields = {"start": (1.0, 1.0), "alpha": alpha, "steps": steps, "range": wide}
    return build_scene(chosen.replace(**fields), resolution=8)


def test_of_a_path_that_diverges_the_steps_before_are_shown_and_the_rest_is_said() -> None:
    made = quadratic(2.0)  # times −3: 1, −3, 9, −27, 81
    assert made.runs[0].path.theta[:5, 0].tolist() == [1.0, -3.0, 9.0, -27.0, 81.0]
    fitted = range_of_paths(made)
    assert (fitted.a_low, fitted.a_high) == pytest.approx((-27 - 0.08 * 36, 9 + 0.08 * 36))
    assert lost_sentence(made) == "Too far away to be shown: Analytic from step 4 on."


def test_a_path_that_diverges_at_once_is_on_a_map_as_large_as_home() -> None:
    made = quadratic(50.0)  # times −99
    assert range_of_paths(made) == (0.0, 2.0, 0.0, 2.0)
    assert lost_sentence(made) == "Too far away to be shown: Analytic from step 1 on."


def test_paths_that_are_lost_at_one_step_are_said_together() -> None:
    made = quadratic(50.0).experiment
    methods = (*made.methods, Method("central"), Method("analytic", alpha=2.0))
    of_three = build_scene(made.replace(methods=methods), resolution=8)
    assert lost_sentence(of_three) == (
        "Too far away to be shown: Analytic, Central difference from step 1 on; "
        "Analytic, α = 2 from step 4 on."
    )


def test_of_paths_that_are_all_shown_nothing_is_said() -> None:
    made = quadratic(0.25)
    assert lost_sentence(made) == ""
    assert range_of_paths(made).a_high == pytest.approx(1.0 + 0.08, abs=1e-3)


def test_without_paths_it_is_about_the_start_and_no_point() -> None:
    made = scene(start=(7.0, 8.0), methods=(Method("analytic", shown=False),))
    fitted = range_of_paths(made)
    assert (fitted.a_low + fitted.a_high) / 2 == pytest.approx(7.0)
    home = made.experiment.function.home_range
    assert fitted.a_high - fitted.a_low == pytest.approx(0.02 * (home.a_high - home.a_low))
    made.experiment.replace(range=tuple(fitted))  # no range is refused
