"""The shipped guided experiments: readable, true to what they say, and with nothing missing."""

import numpy as np
import pytest

from gdviz.guides import guides
from gdviz.scene import build_scene

TITLES = (
    "Two against three",
    "ε too large",
    "ε too small",
    "The mistaken shortcut",
    "What can be reused",
    "L-BFGS wants exact gradients",
    "What it costs in N",
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
