"""Further paths with draws of their own: theirs alone, taken over, and their mean."""

import numpy as np
import pytest

from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.method_settings import sample_settings
from gdviz.experiment.validation import ExperimentError
from gdviz.scene.scene import build_scene, missing_paths

BOTH = Experiment(methods=(Method("analytic"), Method("spsa")), steps=8, seed=3, samples=5)


def test_only_what_draws_has_samples_and_each_has_its_own():
    scene = build_scene(BOTH, resolution=2)
    assert [run.index for run in scene.samples] == [1] * 5
    paths = [scene.runs[1], *scene.samples]
    assert len({run.path.theta.tobytes() for run in paths}) == 6
    assert [run.settings.sample for run in paths] == list(range(6))
    none = build_scene(BOTH.replace(samples=0), resolution=2)
    assert none.samples == ()
    assert none.runs[1].path.theta.tobytes() == scene.runs[1].path.theta.tobytes()


def test_samples_are_taken_over():
    first = build_scene(BOTH, resolution=2)
    more = build_scene(BOTH.replace(samples=6), first, resolution=2)
    assert all(
        one.path is other.path for one, other in zip(first.samples, more.samples, strict=False)
    )
    missing = missing_paths(BOTH.replace(samples=8), BOTH.objective(), first)
    assert [settings.sample for settings in missing] == [6, 7, 8]


def test_the_mean_is_of_all_paths_and_one_that_ended_stays():
    scene = build_scene(BOTH, resolution=2)
    ((run, mean),) = scene.means()
    assert run is scene.runs[1]
    paths = [run.path, *(one.path for one in scene.samples)]
    assert mean[0] == pytest.approx(BOTH.start)
    assert mean[-1] == pytest.approx(np.mean([path.theta[-1] for path in paths], axis=0))


def test_many_samples_stay_about_the_exact_path():
    """A step by SPSA is right on average: after one, four standard errors at most."""
    one = build_scene(BOTH.replace(steps=1, samples=100, epsilon=1e-4), resolution=2)
    ((_, mean),) = one.means()
    exact = one.runs[0].path
    spread = BOTH.alpha * np.linalg.norm(exact.gradient[0]) / np.sqrt(101)
    assert np.linalg.norm(mean[1] - exact.theta[1]) < 4 * spread


def test_samples_are_kept_in_a_file_and_bounded():
    assert from_json(to_json(BOTH)) == BOTH
    assert '"samples"' not in to_json(BOTH.replace(samples=0))
    assert len(list(sample_settings(BOTH))) == 5
    with pytest.raises(ExperimentError, match="samples: must be between 0 and 100, not 101"):
        BOTH.replace(samples=101)
