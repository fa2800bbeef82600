"""What a map does not show is said: the start, the paths, and f itself."""

from dataclasses import replace
from typing import get_args

import msgspec
import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.change_function import on_formula, on_grid
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.absences import Place, missing_on_map, no_runs, off_map, remarks
from gdviz.scene.scene import Scene, build_scene


def scene(experiment: Experiment) -> Scene:
    return build_scene(experiment, resolution=8)


def hidden(experiment: Experiment) -> Experiment:
    methods = tuple(msgspec.structs.replace(m, shown=False) for m in experiment.methods)
    return experiment.replace(methods=methods)


def test_of_what_is_there_nothing_is_said() -> None:
    made = scene(Experiment())
    assert (missing_on_map(made), no_runs(made), remarks(made)) == ((), "", ())


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (
            "window",
            "The start, (30, 2), is off this map: a click sets another, a double click shows this "
            "one.",
        ),
        ("terminal", "The start, (30, 2), is off this map: --start A,B sets another."),
        ("picture", "The start, (30, 2), is off this map."),
    ],
)
def test_a_start_off_the_map(place: Place, sentence: str) -> None:
    made = scene(Experiment(start=(30.0, 2.0)))
    assert missing_on_map(made, place) == off_map(made.experiment, place) == (sentence,)


def test_a_map_without_a_value() -> None:
    made = scene(on_formula(Experiment(), "log(a - 100) + b", home=None))
    (said,) = missing_on_map(made)
    assert said.startswith("f has no value anywhere on this map: zoom out")
    assert missing_on_map(made, "picture") == ("f has no value anywhere on this map.",)
    assert made.landscape.scale.ticks() == []


#: A function that is defined where a and b are even alone, on a map of 8 × 8 whole numbers.
EVEN = "sqrt(1e-20 - sin(pi*a/2)^2 - sin(pi*b/2)^2) + a + b"
#: One that is defined on a line.
ON_A_LINE = "sqrt(1e-20 - (a - 3)^2) + b"


@pytest.mark.parametrize("formula", [EVEN, ON_A_LINE])
def test_single_points_and_lines_are_no_surface(formula: str) -> None:
    made = scene(on_formula(Experiment(), formula, home=Range(0.0, 7.0, 0.0, 7.0)))
    made = replace(made, experiment=made.experiment.replace(start=(1.0, 1.0)))
    assert np.isfinite(made.landscape.grid.values).any()
    assert missing_on_map(made) == ()
    what = "f has values at single points or along lines of this map only, which make no surface"
    assert [missing_on_map(made, place, relief=True) for place in get_args(Place)] == [
        (f"{what}: the map (3) shows them.",),
        (f"{what}: without --3d they are seen.",),
        (f"{what}.",),
    ]


def test_of_a_surface_nothing_is_missing_in_three_dimensions() -> None:
    for formula in ("log(a)*b", "sqrt(0.5 - (a - 3)^2 - (b - 3)^2)"):
        made = scene(on_formula(Experiment(), formula, home=Range(0.0, 7.0, 0.0, 7.0)))
        assert missing_on_map(made, relief=True) == ()


def test_methods_that_are_hidden_and_methods_that_are_computing() -> None:
    made = scene(hidden(Experiment()))
    assert no_runs(made) == "No method is shown: tick one on the left."
    assert missing_on_map(made) == (no_runs(made),)
    assert no_runs(replace(made, uncomputed=2)) == "No path yet: 2 methods still to be computed."
    assert no_runs(replace(made, uncomputed=1)) == "No path yet: 1 method still to be computed."


def test_a_path_below_the_losses_of_the_cells_around_it() -> None:
    """Of a² + b² on −2, −1.2, …, 2 the cells around (0, 0) have 0.4² + 0.4²."""
    axis = np.linspace(-2.0, 2.0, 6)
    grid = LossGrid.from_arrays(axis, axis, np.add.outer(axis**2, axis**2))
    made = scene(
        on_grid(Experiment(), grid).replace(alpha=0.1, steps=60, more_starts=((1.0, 1.0),))
    )
    (said,) = remarks(made)
    assert said == (
        "analytic, forward, central at the end: this f is interpolated and below the cells around, "
        "of which the lowest is 0.32"
    )
    for run in made.runs:
        assert run.path.remark == said.partition(": ")[2]
        assert run.path.remark in run.path.sentence  # which the results say in the window


def test_where_a_path_broke_off_and_what_was_drawn_there() -> None:
    experiment = on_formula(Experiment(), "log(a) + b", home=None).replace(
        methods=(Method("gaussian"), Method("central")), start=(0.5, 0.0), epsilon=10.0, seed=3
    )
    made = scene(experiment)
    gaussian, central = (run.path.sentence for run in made.runs)
    assert remarks(made) == (f"gaussian: {gaussian}", f"central: {central}")
    assert gaussian.startswith("the gradient is not a number at step 0: f has no value at (")
    assert gaussian.endswith(", which was drawn")


def test_further_paths_that_broke_off_are_counted() -> None:
    experiment = on_formula(Experiment(), "log(a) + b", home=None).replace(
        methods=(Method("gaussian"),), start=(0.5, 0.0), epsilon=0.4, alpha=1e-3, steps=4,
        samples=30, seed=3,
    )  # fmt: skip
    made = scene(experiment)
    broken = [run.path for run in made.samples if run.path.status is Status.NOT_A_NUMBER]
    assert 0 < len(broken) < 30
    said = remarks(made)[-1]
    assert said.startswith(f"gaussian: {len(broken)} of 30 further paths broke off; of the first, ")
    assert said.endswith(broken[0].sentence)
    assert not any("further" in text for text in remarks(scene(experiment.replace(samples=0))))
