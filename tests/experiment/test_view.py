"""What is seen of an experiment is kept with it, and is no other experiment."""

import json

import pytest

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.validation import ExperimentError
from gdviz.experiment.view import View


def test_what_is_as_usual_is_not_written() -> None:
    assert "view" not in json.loads(to_json(Experiment()))
    view = View(contours=False, step=3, lens="Sweep")
    written = json.loads(to_json(Experiment(view=view)))
    assert written["view"] == {"contours": False, "step": 3, "lens": "Sweep"}


def test_there_and_back() -> None:
    view = View(
        contours=False, minima=False, others=False, trajectory=False, legend=False,
        drawings=True, model_contours=1, newton=False, hessian_axes=False, path_width=2.0,
        step_dots=1.5, relief=True, lens="Step", page="models", step=17, basins=(0, 2),
    )  # fmt: skip
    assert from_json(to_json(Experiment(view=view))).view == view


@pytest.mark.parametrize(
    ("view", "field"),
    [
        ('{"step": -1}', "view.step"),
        ('{"step": 10001}', "view.step"),
        ('{"step": 1.5}', "view.step"),
        ('{"basins": [12]}', "view.basins"),
        ('{"basins": [0, 1, 2]}', "view.basins"),
        ('{"path_width": 0}', "view.path_width"),
        ('{"step_dots": 5.1}', "view.step_dots"),
        ('{"model_contours": 3}', "model_contours"),
        ('{"contours": "no"}', "contours"),
        ('{"zoom": 1}', "zoom"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(view: str, field: str) -> None:
    with pytest.raises(ExperimentError, match=field.rpartition(".")[2]):
        from_json(f'{{"version": 2, "view": {view}}}')


def test_another_place_is_the_same_work_and_another_map_is_not() -> None:
    here = Experiment(view=View(step=3, lens="Step", page="models"))
    assert here.is_same_work(Experiment())
    assert Experiment().is_same_work(here)
    assert not here.is_same_work(Experiment(view=View(contours=False)))
    assert not here.is_same_work(Experiment(view=View(basins=(1,))))
    assert not here.is_same_work(Experiment(alpha=0.1))
    assert not here.is_same_work(None)


@pytest.mark.parametrize(
    ("basins", "removed", "left"),
    [
        ((), 0, ()), ((2,), 0, (1,)), ((2,), 2, ()), ((2,), 3, (2,)),
        ((0, 2), 1, (0, 1)), ((0, 2), 0, ()), ((0, 2), 2, ()),
    ],
)  # fmt: skip
def test_basins_stay_those_of_their_methods(basins, removed, left) -> None:
    assert View(basins=basins).without_method(removed) == View(basins=left)
