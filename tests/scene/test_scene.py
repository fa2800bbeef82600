"""A Scene is a function of its Experiment; what did not change is taken over."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.grid import COARSE, FINE
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.scene.scene import Scene, build_scene

BASE = Experiment(
    function=SurfaceFunction("sigmoid-unit"),
    start=(-2.5, 3.5),
    alpha=1.0,
    epsilon=0.5,
    steps=30,
    methods=(
        Method("analytic"),
        Method("forward"),
        Method("central"),
        Method("forward", epsilon=2.0),
    ),
)
RESOLUTION = 40


def build(experiment: Experiment, previous: Scene | None = None, **options: Any) -> Scene:
    return build_scene(experiment, previous, **{"resolution": RESOLUTION, **options})


def assert_same_path(one: Path, two: Path) -> None:
    for field in fields(Path):
        left, right = getattr(one, field.name), getattr(two, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
        else:
            assert left == right


def assert_same_scene(one: Scene, two: Scene) -> None:
    assert one.experiment == two.experiment
    assert one.objective == two.objective
    assert one.minima == two.minima
    assert one.landscape.scale == two.landscape.scale
    assert one.landscape.grid.range == two.landscape.grid.range
    np.testing.assert_array_equal(one.landscape.grid.values, two.landscape.grid.values)
    for name in ("a", "b", "connect"):
        np.testing.assert_array_equal(
            getattr(one.landscape.contours, name), getattr(two.landscape.contours, name)
        )
    assert len(one.runs) == len(two.runs)
    for left, right in zip(one.runs, two.runs, strict=True):
        assert (left.index, left.method, left.label, left.settings) == (
            right.index, right.method, right.label, right.settings)  # fmt: skip
        assert_same_path(left.path, right.path)


CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "start": {"start": (1.0, -1.0)},
    "alpha": {"alpha": 0.5},
    "epsilon": {"epsilon": 1e-3},
    "steps": {"steps": 12},
    "precision": {"precision": "float32"},
    "representable": {"representable_step": True},
    "constant": {"constants": {"x": -2.0}},
    "zoom in": {"range": (-3, 0, 1, 4)},
    "zoom out": {"range": (-60, 60, -40, 50)},
    "scale": {"color_scale": "sqrt"},
    "surface": {"function": SurfaceFunction("himmelblau"), "start": (0.0, 0.0), "alpha": 0.01},
    "formula": {"function": FormulaFunction("a^2 + b^4")},
    "fewer methods": {"methods": BASE.methods[1:]},
    "more methods": {"methods": (*BASE.methods, Method("backward"), Method("complex-step"))},
    "reordered": {"methods": BASE.methods[::-1]},
    "hidden": {"methods": (BASE.methods[0], Method("forward", shown=False), *BASE.methods[2:])},
    "recoloured": {"methods": (Method("analytic", color="#123456"), *BASE.methods[1:])},
    "own alpha": {"methods": (Method("analytic", alpha=0.25), *BASE.methods[1:])},
    "own epsilon": {"methods": (BASE.methods[0], Method("forward", epsilon=0.1))},
}


# -- a pure function


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_with_and_without_a_previous_scene(change: str) -> None:
    """Taking over parts must not be seen in the numbers, in either direction."""
    before, after = BASE, BASE.replace(**CHANGES[change])
    for one, two in ((before, after), (after, before)):
        fresh = build(two)
        assert_same_scene(build(two), fresh)
        assert_same_scene(build(two, build(one)), fresh)
        # … and from a long way round.
        detour = build(one, build(SURFACE, build(one)))
        assert_same_scene(build(two, detour), fresh)


SURFACE = Experiment(
    function=SurfaceFunction("rosenbrock"), start=(-1.2, 1.0), alpha=1e-3, epsilon=1e-2
)


def test_what_a_scene_holds() -> None:
    scene = build(BASE)
    assert scene.experiment is BASE
    assert [run.index for run in scene.runs] == [0, 1, 2, 3]
    assert [run.label for run in scene.runs] == list(BASE.labels())
    assert [run.settings.epsilon for run in scene.runs] == [0.0, 0.5, 0.5, 2.0]
    assert {run.settings.alpha for run in scene.runs} == {1.0}
    assert [run.method for run in scene.runs] == list(BASE.methods)
    assert scene.landscape.grid.range == BASE.function.home_range
    assert scene.landscape.grid.resolution == RESOLUTION
    assert scene.objective == BASE.objective()
    for run in scene.runs:
        assert run.path.theta[0].tolist() == [-2.5, 3.5]
        assert run.path.sentence.endswith("f = b·σ(ax) has no minimum")


def test_the_default_resolution() -> None:
    assert build_scene(BASE).landscape.grid.resolution == FINE == 512
    assert COARSE < FINE


def test_the_first_start_teaches() -> None:
    """At the default ε the exact path and the forward one visibly part."""
    scene = build(Experiment())
    paths = {run.method.estimate: run.path for run in scene.runs}
    n = min(len(paths["analytic"]), len(paths["forward"]))
    apart = np.hypot(*(paths["analytic"].theta[:n] - paths["forward"].theta[:n]).T)
    home = Experiment().function.home_range
    assert apart.max() > 0.03 * (home.a_high - home.a_low)
    assert home.contains(*Experiment().start)


def test_every_surface_makes_a_scene() -> None:
    for name, surface in SURFACES.items():
        scene = build(
            Experiment(function=SurfaceFunction(name), start=surface.start, alpha=surface.alpha)
        )
        assert np.isfinite(scene.landscape.grid.values).all()
        assert len(scene.landscape.contours.a) > 0
        assert scene.landscape.scale.kind == surface.color_scale
        assert len(scene.runs) == 3  # the mistaken shortcut is not shown
        assert all(run.path.updates > 0 for run in scene.runs)


@pytest.mark.parametrize("text", ["log(a)*0 + log(-1 - a^2)", "5", "1/(a - a)", "exp(1e3*a^2)*b"])
def test_odd_formulas_make_a_scene(text: str) -> None:
    scene = build(Experiment(function=FormulaFunction(text), start=(1.0, 1.0)))
    assert len(scene.runs) == 3
    assert all(run.path.sentence for run in scene.runs)


# -- what is taken over: the very objects


def test_nothing_changed() -> None:
    one = build(BASE)
    two = build(BASE, one)
    assert two.landscape is one.landscape
    assert [run.path for run in two.runs] == [run.path for run in one.runs]


@pytest.mark.parametrize(
    "change",
    ["start", "alpha", "epsilon", "steps", "precision", "representable", "fewer methods",
     "more methods", "hidden", "recoloured", "own alpha"],
)  # fmt: skip
def test_the_ground_stays(change: str) -> None:
    """Moving the start must not compute the grid again."""
    one = build(BASE)
    two = build(BASE.replace(**CHANGES[change]), one)
    assert two.landscape is one.landscape


@pytest.mark.parametrize("change", ["constant", "zoom in", "zoom out", "surface", "formula"])
def test_the_ground_goes(change: str) -> None:
    one = build(BASE)
    two = build(BASE.replace(**CHANGES[change]), one)
    assert two.landscape.grid is not one.landscape.grid


def test_another_colour_scale_keeps_the_grid() -> None:
    one = build(BASE)
    two = build(BASE.replace(color_scale="log"), one)
    assert two.landscape is not one.landscape
    assert two.landscape.grid is one.landscape.grid
    assert two.landscape.scale.kind == "log"
    assert [run.path for run in two.runs] == [run.path for run in one.runs]
    # "auto" names the same scale here as the surface suggests.
    assert build(BASE.replace(color_scale="linear"), one).landscape is one.landscape


def test_changing_epsilon_keeps_what_does_not_use_it() -> None:
    one = build(BASE)
    two = build(BASE.replace(epsilon=1e-3), one)
    kept = [two.runs[i].path is one.runs[i].path for i in range(4)]
    assert kept == [True, False, False, True]  # analytic, and forward with an ε of its own
    assert two.runs[0].settings == one.runs[0].settings


def test_an_own_alpha_changes_one_path() -> None:
    one = build(BASE)
    two = build(BASE.replace(**CHANGES["own alpha"]), one)
    assert [two.runs[i].path is one.runs[i].path for i in range(4)] == [False, True, True, True]


@pytest.mark.parametrize("change", ["hidden", "fewer methods", "more methods", "reordered",
                                    "recoloured"])  # fmt: skip
def test_other_methods_keep_their_paths(change: str) -> None:
    one = build(BASE)
    two = build(BASE.replace(**CHANGES[change]), one)
    paths = {id(run.path) for run in one.runs}
    known = [run for run in two.runs if run.method.estimate in ("analytic", "forward", "central")]
    assert all(id(run.path) in paths for run in known)
    assert len(known) >= 3
    assert [run.label for run in two.runs] == [
        label for method, label in zip(two.experiment.methods, two.experiment.labels(), strict=True)
        if method.shown
    ]  # fmt: skip


@pytest.mark.parametrize("change", ["start", "steps", "precision", "representable", "constant"])
def test_paths_go(change: str) -> None:
    one = build(BASE)
    two = build(BASE.replace(**CHANGES[change]), one)
    old = {id(run.path) for run in one.runs}
    assert not any(id(run.path) in old for run in two.runs)


def test_a_rule_without_a_learning_rate_keeps_its_path_when_alpha_turns() -> None:
    one = build(BASE.replace(methods=(Method("analytic", "l-bfgs"), Method("analytic"))))
    two = build(one.experiment.replace(alpha=0.123), one)
    assert [a.path is b.path for a, b in zip(one.runs, two.runs, strict=True)] == [True, False]


def test_a_default_that_is_chosen_keeps_the_path() -> None:
    one = build(BASE.replace(methods=(Method("analytic", "adam"),)))
    two = build(BASE.replace(methods=(Method("analytic", "adam", {"beta1": 0.9}),)), one)
    assert two.runs[0].path is one.runs[0].path


def test_the_remark_is_said_once_of_every_path() -> None:
    """Whether it is new, or taken over from a scene before."""
    one = build(BASE.replace(more_starts=((0.0, 1.0),)))
    two = build(one.experiment.replace(color_scale="log"), one)
    for run in (*one.runs, *one.others, *two.runs, *two.others):
        assert run.path.sentence.endswith("; f = b·σ(ax) has no minimum")
        assert run.path.sentence.count("has no minimum") == 1


def test_a_formula_spelt_like_a_surface_has_no_remark() -> None:
    """The sentence differs, and so the paths are not the surface's."""
    wide = BASE.replace(range=(-10, 10, -10, 10), constants={"x": 1.0})
    one = build(wide)
    two = build(
        wide.replace(function=FormulaFunction(BASE.function.text, constants={"x": 1.0})), one
    )
    assert two.landscape is one.landscape
    assert all("no minimum" in run.path.sentence for run in one.runs)
    assert not any("no minimum" in run.path.sentence for run in two.runs)


# -- zooming


def test_zooming_in_keeps_the_paths() -> None:
    one = build(BASE)
    two = build(BASE.replace(range=(-3, 0, 1, 4)), one)
    assert [run.path for run in two.runs] == [run.path for run in one.runs]
    assert two.landscape.grid.range == Range(-3, 0, 1, 4)
    assert two.landscape.grid.a[0] == -3
    assert two.landscape.grid.b[-1] == 4


def test_zooming_out_lets_paths_walk_further() -> None:
    downhill = BASE.replace(start=(3.0, -1.0), steps=200, methods=(Method("analytic"),))
    one = build(downhill).runs[0].path
    two = build(downhill.replace(range=(-60, 60, -400, 50)), build(downhill)).runs[0].path
    assert one.status is Status.LEFT_MAP
    assert two.updates > one.updates
    np.testing.assert_array_equal(two.theta[: len(one)], one.theta)


# -- coarse first, fine when ready


def test_a_finer_grid_is_kept() -> None:
    fine = build(BASE, resolution=64)
    coarse = build(BASE.replace(start=(0.0, 1.0)), fine, resolution=16)
    assert coarse.landscape is fine.landscape


def test_a_coarser_grid_is_not() -> None:
    coarse = build(BASE, resolution=16)
    fine = build(BASE, coarse, resolution=64)
    assert fine.landscape.grid.resolution == 64
    assert [run.path for run in fine.runs] == [run.path for run in coarse.runs]
    zoomed = build(BASE.replace(range=(-1, 1, -1, 1)), fine, resolution=16)
    assert zoomed.landscape.grid.resolution == 16


# -- known minima


def test_the_minima_within_the_map() -> None:
    himmelblau = Experiment(function=SurfaceFunction("himmelblau"), start=(0.0, 0.0), alpha=0.01)
    assert len(build(himmelblau).minima) == 4
    right = build(himmelblau.replace(range=(0, 5, -5, 5))).minima
    assert {(round(point.a, 2), round(point.b, 2)) for point in right} == {(3, 2), (3.58, -1.85)}
    assert not build(himmelblau.replace(range=(0, 1, 0, 1))).minima
    assert not build(BASE).minima
    assert all(point.kind == "minimum" for point in build(SURFACE).minima)
    assert not build(Experiment(function=FormulaFunction("a^2 + b^2"))).minima


# -- cancelling


def test_cancelled() -> None:
    with pytest.raises(Cancelled):
        build(BASE, cancelled=lambda: True)
    one = build(BASE)
    # Nothing to do: nothing to cancel.
    assert build(BASE, one, cancelled=lambda: True).landscape is one.landscape
    with pytest.raises(Cancelled):
        build(BASE.replace(start=(0.0, 0.0)), one, cancelled=lambda: True)


# -- more starts


STARTS = ((1.0, 1.0), (-2.0, 3.0))


def test_all_methods_start_from_every_start() -> None:
    scene = build_scene(Experiment(more_starts=STARTS), resolution=16)
    shown = [run.label for run in scene.runs]
    assert [(run.start, run.label) for run in scene.others] == [
        (start, label) for start in STARTS for label in shown
    ]
    for run in scene.others:
        alone = build_scene(Experiment(start=run.start), resolution=16)
        (same,) = [other for other in alone.runs if other.label == run.label]
        assert (run.path.theta == same.path.theta).all()


def test_moving_the_start_leaves_the_other_paths_alone() -> None:
    before = build_scene(Experiment(more_starts=STARTS), resolution=16)
    after = build_scene(before.experiment.replace(start=(0.0, 0.0)), before, resolution=16)
    assert all(
        one.path is other.path for one, other in zip(after.others, before.others, strict=True)
    )
    assert not any(
        one.path is other.path for one, other in zip(after.runs, before.runs, strict=True)
    )
    # What was another start becomes the start: its paths are there already.
    swapped = build_scene(
        before.experiment.replace(start=STARTS[0], more_starts=()), before, resolution=16
    )
    assert all(run.path is before.others[i].path for i, run in enumerate(swapped.runs))


@pytest.mark.parametrize(
    "change", [{"schedule": "cosine"}, {"schedule": "inverse", "schedule_options": {"decay": 1.0}}]
)
def test_a_schedule_makes_other_paths(change: dict[str, Any]) -> None:
    before = build_scene(Experiment(), resolution=16)
    after = build_scene(before.experiment.replace(**change), before, resolution=16)
    fresh = build_scene(after.experiment, resolution=16)
    for run, same, old in zip(after.runs, fresh.runs, before.runs, strict=True):
        assert (run.path.theta == same.path.theta).all()
        assert not np.array_equal(run.path.theta, old.path.theta)


def test_a_rules_option_makes_another_path() -> None:
    momentum = Method("analytic", "momentum")
    light = Method("analytic", "momentum", options={"momentum": 0.1})
    scene = build_scene(Experiment(methods=(momentum, light, momentum)), resolution=16)
    one, other, same = (run.path for run in scene.runs)
    assert not np.array_equal(one.theta, other.theta)
    assert np.array_equal(one.theta, same.theta)
    assert [run.label for run in scene.runs] == [
        "analytic:momentum", "analytic:momentum (μ=0.1)", "analytic:momentum #2",
    ]  # fmt: skip


def test_a_listed_minimum_that_constants_have_moved_is_not_drawn() -> None:
    surface = on_surface(Experiment(), SURFACES["quadratic"])
    assert len(build_scene(surface, resolution=2).minima) == 1
    for kappa, minima in ((50.0, 1), (0.0, 1), (-1.0, 0)):  # at 0 it is a valley, at −1 a saddle
        turned = surface.replace(constants={"kappa": kappa})
        assert len(build_scene(turned, resolution=2).minima) == minima


def test_a_zoomed_map_is_left_when_it_is_left_and_the_path_stays() -> None:
    """On f = −a the path goes right by 0.5 a step: past 6 at step 13, past 1 at step 3."""
    function = FormulaFunction("-a + 0*b", home=(-6.0, 6.0, -5.0, 5.0))
    method = (Method("analytic"),)
    home = Experiment(function=function, start=(0.0, 0.0), alpha=0.5, methods=method)
    zoomed = home.replace(range=(-1.0, 1.0, -1.0, 1.0))
    away = home.replace(range=(-5.0, -4.0, -1.0, 1.0))
    first = build_scene(home)
    scenes = [first, build_scene(zoomed, first), build_scene(zoomed), build_scene(away, first)]
    said = [scene.runs[0].path.sentence for scene in scenes]
    assert said == [
        f"{words}, followed to step 37, f = −18.5 and falling"
        for words in (
            "left the map at step 13", "left the map at step 3", "left the map at step 3",
            "off the map from step 0",
        )
    ]  # fmt: skip
    for scene in scenes:
        np.testing.assert_array_equal(scene.runs[0].path.theta, first.runs[0].path.theta)
    assert build_scene(home, scenes[1]).runs[0].path.sentence == said[0]
