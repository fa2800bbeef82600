"""Basins while something is turned: computed for what they depend on, and for nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene import basins as of_methods
from gdviz.scene.animation import basins_on_map as module
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.basins import MethodBasins, basins_of
from gdviz.scene.scene import build_scene

OWN = on_surface(Experiment(), SURFACES["himmelblau"]).replace(
    steps=40, epsilon=0.5, methods=(Method("analytic"), Method("forward"))
)


def scene_of(**fields):
    return build_scene(OWN.replace(**fields), resolution=24)


@pytest.fixture(autouse=True)
def _few_starts(monkeypatch):
    monkeypatch.setattr(of_methods, "RESOLUTION", 32)


@pytest.fixture
def computed(monkeypatch):
    """Return the rows of the methods whose basins were computed."""
    rows = []
    found = module.refined_basins
    monkeypatch.setattr(
        module,
        "refined_basins",
        lambda own, row, *how: (rows.append(row), found(own, row, *how))[1],
    )
    return rows


def test_they_are_those_of_the_experiment(computed):
    laid = BasinsOnMap((1,))
    (found,) = laid.of(scene_of())
    wanted = basins_of(OWN, 1, 32)
    assert found.row == 1
    np.testing.assert_array_equal(found.basins.label, wanted.label)
    np.testing.assert_array_equal(found.basins.steps, wanted.steps)
    (turned,) = laid.of(scene_of(epsilon=0.01))
    np.testing.assert_array_equal(
        turned.basins.label, basins_of(OWN.replace(epsilon=0.01), 1, 32).label
    )
    assert computed == [1, 1]


def test_what_they_do_not_depend_on_changes_nothing(computed):
    laid = BasinsOnMap((0, 1))
    first = laid.of(scene_of())
    assert laid.of(scene_of(start=(1.0, 1.0), eta=0.3)) is first
    assert computed == [0, 1]
    # The analytic method knows no ε.
    exact, other = laid.of(scene_of(epsilon=0.1))
    assert exact.basins is first[0].basins
    assert other.basins is not first[1].basins
    assert computed == [0, 1, 1]


def test_what_is_known_is_not_computed_again(computed):
    known = (MethodBasins(0, basins_of(OWN, 0, 32)),)
    laid = BasinsOnMap((0,), known, scene_of())
    laid.of(scene_of(alpha=0.02))
    (back,) = laid.of(scene_of())
    assert back.basins is known[0].basins
    assert computed == [0]


def test_what_is_of_some_starts_only_is_not_known(computed):
    coarse = replace(basins_of(OWN, 0, 32), stride=4)
    (found,) = BasinsOnMap((0,), (MethodBasins(0, coarse),), scene_of()).of(scene_of())
    assert found.basins.stride == 1
    assert computed == [0]


def test_of_no_method_there_are_none(computed):
    assert BasinsOnMap().of(scene_of()) == ()
    assert BasinsOnMap().why_none(OWN) == ""
    assert not computed


def test_why_there_are_none_is_said():
    of_a_kink = OWN.replace(methods=(Method("analytic"),))
    assert BasinsOnMap((0,)).why_none(of_a_kink) == of_methods.why_none(of_a_kink, 0) == ""


def test_it_tells_how_far_it_is_and_can_be_cancelled():
    told = []
    BasinsOnMap((0, 1)).of(scene_of(), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    with pytest.raises(Cancelled):
        BasinsOnMap((0,)).of(scene_of(), cancelled=lambda: True)
