"""What a map does not show is said: the start, the paths, and f itself."""

from dataclasses import replace

import msgspec

from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.scene.absences import missing_on_map, no_runs
from gdviz.scene.scene import Scene, build_scene


def scene(experiment: Experiment) -> Scene:
    return build_scene(experiment, resolution=8)


def hidden(experiment: Experiment) -> Experiment:
    methods = tuple(msgspec.structs.replace(m, shown=False) for m in experiment.methods)
    return experiment.replace(methods=methods)


def test_of_what_is_there_nothing_is_said() -> None:
    assert missing_on_map(scene(Experiment())) == no_runs(scene(Experiment())) == ""


def test_a_start_off_the_map() -> None:
    made = scene(Experiment(start=(30.0, 2.0)))
    assert missing_on_map(made) == "The start, (30, 2), is off this map: a click sets another."


def test_a_map_without_a_value() -> None:
    made = scene(on_formula(Experiment(), "log(a - 100) + b", home=None))
    assert missing_on_map(made).startswith("f has no value anywhere on this map: zoom out")


def test_methods_that_are_hidden_and_methods_that_are_computing() -> None:
    made = scene(hidden(Experiment()))
    assert missing_on_map(made) == no_runs(made) == "No method is shown: tick one on the left."
    assert no_runs(replace(made, uncomputed=2)) == "No path yet: 2 methods still to be computed."
    assert no_runs(replace(made, uncomputed=1)) == "No path yet: 1 method still to be computed."
