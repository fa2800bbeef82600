"""An experiment on a function of the program that runs, on a formula, and on a surface."""

import math
from typing import Any

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.grid import COARSE, FINE
from gdviz.engine.analysis.start.guess_start import guess_start
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, SURFACES
from gdviz.experiment.change_function import (
    experiment_on,
    on_surface,
    reset,
    with_data_of_its_own,
)
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import CallableFunction, SurfaceFunction
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.validation import ExperimentError
from gdviz.scene.captions import subject
from gdviz.scene.scene import build_scene

AT: dict[str, Any] = {"start": (2.0, 1.0), "alpha": 0.1}


def bowl(a: Any, b: Any) -> Any:
    return a**2 + 3 * b**2


def slope(a: Any, b: Any) -> Any:
    return 2 * a, 6 * b


def shown(experiment: Experiment) -> list[str]:
    return [method.estimate for method in experiment.methods if method.shown]


def test_what_is_given_is_kept_and_the_rest_is_guessed() -> None:
    f = Objective.from_callable(bowl)
    experiment = experiment_on(f, **AT)
    assert (experiment.start, experiment.alpha, experiment.epsilon) == ((2.0, 1.0), 0.1, 1e-6)
    assert experiment.objective() is f
    guessed = guess_start(f, DEFAULT_RANGE)
    experiment = experiment_on(f, alpha=0.25)
    assert (experiment.start, experiment.alpha) == (guessed.start, 0.25)
    experiment = experiment_on(bowl, start=(2.0, 1.0), epsilon=0.5)
    assert (experiment.start, experiment.alpha, experiment.epsilon) == (
        (2.0, 1.0), guessed.alpha, 0.5,
    )  # fmt: skip


def test_what_is_given_entirely_costs_no_call() -> None:
    def never(_a: float, _b: float) -> float:
        raise AssertionError

    assert experiment_on(never, **AT).start == (2.0, 1.0)


def test_the_range_is_where_the_map_returns_to() -> None:
    experiment = experiment_on(bowl, range=(-1.0, 1.0, -2.0, 2.0), **AT)
    assert experiment.map_range == experiment.function.home_range == Range(-1.0, 1.0, -2.0, 2.0)
    assert experiment_on(bowl, **AT).map_range == DEFAULT_RANGE
    assert reset(experiment).map_range == experiment.map_range


def test_methods_without_a_meaning_there_are_hidden() -> None:
    assert shown(experiment_on(bowl, **AT)) == ["forward", "central"]
    f = Objective.from_callable(bowl, slope)
    assert shown(experiment_on(f, **AT)) == ["analytic", "forward", "central"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"methods": (Method("analytic"),)},
         "methods[0].estimate: bowl was given without a gradient, so only differences can be "
         "taken"),
        ({"methods": (Method("complex-step"),)},
         "methods[0].estimate: complex-step needs f at complex numbers, but bowl only takes real "
         "numbers"),
        ({"methods": (Method("forward", "newton"),)},
         "methods[0].rule: newton needs second derivatives, but bowl has none"),
        ({"constants": {"k": 1.0}},
         "constants: constants are for a formula, but bowl is a Python function, of which only the "
         "results are visible"),
        ({"range": (1.0, 0.0, 0.0, 1.0)},
         "home: a must run from a lower to a higher number, not 1 to 0"),
        ({"alpha": 0.0}, "alpha: must be between 1e-60 and 1e36, not 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        experiment_on(bowl, **{**AT, **fields})
    assert str(caught.value) == sentence


def test_a_gradient_that_is_another_one_is_told_of() -> None:
    f = Objective.from_callable(bowl, lambda a, b: (2 * a, 3 * b))
    with pytest.warns(UserWarning, match=r"^gradient\(a, b\) of bowl does not match loss\(a, b\)"):
        experiment_on(f, **AT)


def test_no_file_holds_it() -> None:
    experiment = experiment_on(bowl, **AT)
    with pytest.raises(ExperimentError, match="a function of a running program cannot be saved"):
        to_json(experiment)
    text = to_json(Experiment()).replace('"kind": "surface"', '"kind": "callable"')
    with pytest.raises(ExperimentError):
        from_json(text)
    with pytest.raises(ExperimentError, match="must be made by Objective"):
        CallableFunction(Experiment().objective())


def test_its_scene_is_that_of_the_formula() -> None:
    scene = build_scene(experiment_on(bowl, **AT))
    formula = build_scene(
        experiment_on("a^2 + 3*b^2", range=tuple(DEFAULT_RANGE), epsilon=1e-6, **AT)
    )
    assert scene.landscape.grid.values == pytest.approx(formula.landscape.grid.values)
    (_, forward, _), (same, _) = formula.runs, scene.runs
    assert same.path.theta == pytest.approx(forward.path.theta, abs=1e-6)
    assert (same.path.evaluations == forward.path.evaluations).all()
    assert subject(scene.experiment) == "f = bowl(a, b), a Python function"


def test_a_map_is_coarse_where_each_of_its_points_is_a_call() -> None:
    experiment = experiment_on(lambda a, b: math.log(a) + b * b, **AT)
    scene = build_scene(experiment)
    assert scene.landscape.grid.resolution == COARSE
    assert build_scene(experiment_on(bowl, **AT)).landscape.grid.resolution == FINE
    again = build_scene(experiment.replace(alpha=0.2), scene)
    assert again.landscape is scene.landscape
    other = build_scene(experiment_on(lambda a, b: math.log(a) + b * b, **AT), scene)
    assert other.landscape is not scene.landscape


def test_a_surface_and_a_formula() -> None:
    surface = SURFACES["himmelblau"]
    experiment = experiment_on("himmelblau", steps=7)
    assert (experiment.start, experiment.alpha, experiment.steps) == (
        surface.start, surface.alpha, 7,
    )  # fmt: skip
    experiment = experiment_on("a^2 + k*b^2", constants={"k": 3.0}, **AT)
    assert experiment.function.constants == {"k": 3.0}
    assert experiment.start == (2.0, 1.0)
    with pytest.raises(ExperimentError, match=r"^formula: "):
        experiment_on("himmelblauu")


@pytest.mark.parametrize("surface", ["linear-regression", "sigmoid-regression"])
def test_a_mini_batch_takes_all_of_data_that_has_fewer_rows(surface: str) -> None:
    """Another surface, or other data, is taken; what somebody types is refused elsewhere."""
    chosen = Experiment(
        function=SurfaceFunction("logistic-regression"),
        methods=(Method("mini-batch", estimate_options={"rows": 40}), Method("mini-batch")),
    )
    made = on_surface(chosen, SURFACES[surface])
    rows = made.function.data_set.rows
    assert rows < 40
    assert [method.estimate_options for method in made.methods] == [{"rows": rows}, {}]
    few = Data({"x1": (1.0, -1.0, 2.0), "x2": (0.0, 1.0, 1.0), "y": (1.0, -1.0, 1.0)})
    fitted = with_data_of_its_own(chosen, few)
    assert fitted.methods[0].estimate_options == {"rows": 3}
    assert build_scene(fitted, resolution=2).runs[0].path.updates > 0
