"""The shipped guided experiments: readable, true to what they say, and with nothing missing."""

import numpy as np
import pytest

from gdviz.engine.directions import best_direction
from gdviz.engine.path import Status
from gdviz.engine.step_models import predicted_changes
from gdviz.guides import guides
from gdviz.rates import sweep_experiment
from gdviz.scene import build_scene

TITLES = (
    "Two against three",
    "ε too large",
    "ε too small",
    "The mistaken shortcut",
    "What can be reused",
    "L-BFGS wants exact gradients",
    "What it costs in N",
    "Too large a rate",
    "The best direction is not the gradient",
    "What the models promise",
)


def runs(title):
    guide = next(guide for guide in guides() if guide.title == title)
    return {run.label: run.path for run in build_scene(guide.experiment, resolution=2).runs}


def test_all_are_there_in_order():
    assert tuple(guide.title for guide in guides()) == TITLES


@pytest.mark.parametrize("guide", guides(), ids=lambda g: g.title)
def test_what_to_look_at_is_two_sentences(guide):
    assert guide.look.endswith(".")
    ends = [
        i for i, c in enumerate(guide.look) if c in ".:" and guide.look[i + 1 : i + 2] in ("", " ")
    ]
    assert 2 <= len([i for i in ends if guide.look[i] == "."]) <= 2
    assert 0 <= guide.method < len(guide.experiment.methods)


def test_two_against_three():
    paths = runs("Two against three")
    assert [paths[name].evaluations[0] for name in ("analytic", "forward", "central")] == [2, 3, 4]
    ends = [path.theta[-1] for path in paths.values()]
    assert np.ptp(ends, axis=0).max() < 1e-3


def test_too_large():
    paths = runs("ε too large")
    assert np.hypot(*(paths["forward"].theta[-1] - paths["analytic"].theta[-1])) > 3
    ratio = paths["forward"].error[0] / paths["forward (ε=0.1)"].error[0]
    assert 5 < ratio < 15


def test_too_small():
    paths = runs("ε too small")
    assert paths["forward"].error[0] < 1e-7 < 1e-2 < paths["forward (ε=1e-15)"].error[0]
    assert "exactly zero" in paths["forward (ε=3e-16)"].sentence
    assert paths["complex-step (ε=1e-20)"].error[0] < 1e-15


def test_the_mistaken_shortcut():
    assert runs("The mistaken shortcut")["mistaken"].error[0] > 4


def test_l_bfgs():
    exact, coarse = runs("L-BFGS wants exact gradients").values()
    assert exact.gradients.sum() == 44
    assert exact.loss[-1] < 1e-10
    assert coarse.loss[-1] == pytest.approx(4.13, abs=0.03)
    assert "ABNORMAL" in coarse.sentence


def test_too_large_a_rate():
    creeping, leaping = runs("Too large a rate").values()
    assert creeping.loss[-1] < 0.002 < 1e5 < leaping.loss[-1]
    assert leaping.updates == 6
    assert leaping.status is Status.DIVERGED
    guide = next(guide for guide in guides() if guide.title == "Too large a rate")
    limit = sweep_experiment(guide.experiment).largest_rate
    assert guide.experiment.alpha < limit < guide.experiment.methods[1].alpha
    assert f"{limit:.5g}" in guide.look


def test_the_best_direction():
    guide = next(g for g in guides() if g.title == "The best direction is not the gradient")
    experiment = guide.experiment
    circle = best_direction(experiment.objective(), experiment.start, experiment.eta)
    here = experiment.objective().value(*experiment.start)
    for said in (here, circle.steepest_loss, circle.best_loss, circle.angle_between):
        assert f" {said:.1f}" in guide.look
    assert f"{circle.evaluations} evaluations" in guide.look
    assert best_direction(experiment.objective(), experiment.start, 1e-4).angle_between < 0.1


def test_what_the_models_promise():
    guide = next(g for g in guides() if g.title == "What the models promise")
    (path,) = runs(guide.title).values()
    changes = predicted_changes(guide.experiment.objective(), path)
    for change in (changes.first, changes.second, changes.actual):
        assert f" {-change[guide.step]:.1f}" in guide.look
    assert changes.second[5] == pytest.approx(changes.actual[5], rel=0.05)
    assert changes.first[5] != pytest.approx(changes.actual[5], rel=0.5)
