"""Frames are the pictures of their scenes and steps, whatever was drawn before them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.view import View
from gdviz.export.animation.drawer import FrameDrawer
from gdviz.export.animation.pixels import Pixels, as_bytes
from gdviz.export.figures.scene import Layout, draw_scene
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import Sheet, file_bytes
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.animation.frames import Plan, plan_frames
from gdviz.scene.basins import refined_basins

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.scene.scene import Scene

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40)
BOTH = (Method("analytic"), Method("forward"))


def picture(
    plan: Plan, k: int, options: FigureOptions, layout: Layout | None = None
) -> np.ndarray[Any, Any]:
    """Return the figure of a frame, by itself, or with its parts where a layout has them."""
    frame = plan.frame(k)

    def draw(sheet: Sheet) -> None:
        drawing = draw_scene(sheet, frame, options.panels, options.relief)
        if layout is not None:
            drawing.place(layout)

    return np.asarray(Image.open(io.BytesIO(file_bytes(draw, "png", options))).convert("RGB"))


def rgb(pixels: Pixels) -> np.ndarray[Any, Any]:
    return as_bytes(pixels)[:, :, :3]


# What moves on the map, and what lies below and above it.
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "minima": {"surface": "sphere", "start": (3.0, 1.0), "alpha": 0.1},
    "other starts": {"more_starts": ((-3.0, 2.0), (4.0, 1.0), (100.0, 0.0))},
    "hidden": {
        "surface": "sphere",
        "start": (3.0, 1.0),
        "alpha": 0.1,
        "more_starts": ((-3.0, 2.0),),
        "view": View(contours=False, minima=False, others=False, legend=False),
    },
    "draws": {"methods": (Method("spsa"), Method("analytic")), "samples": 3},
    "too long to be marked": {"steps": 90, "alpha": 0.05},
    "holes": {"formula": "log(a) + b^2", "alpha": 0.1, "epsilon": 0.1},
    "leaves the map": {"formula": "exp(a^2) + b^4", "alpha": 1e6},
    "a long caption": {"formula": " + ".join(f"{k}*a^2*b^2" for k in range(30)), "alpha": 1e-6},
}
LOOKS = {
    "light": SMALL,
    "dark with panels": FigureOptions(size=(5.0, 5.0), dpi=40, panels=True, theme="dark"),
    "three dimensions": FigureOptions(size=(5.0, 4.0), dpi=40, relief=True),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("case", CASES)
def test_a_step_is_the_figure_of_that_step_pixel_by_pixel(
    scene_of: Callable[..., Scene], case: str, look: str
) -> None:
    with np.errstate(all="ignore"):
        plan = plan_frames(scene_of(**{"methods": BOTH, "steps": 12, **CASES[case]}))
        drawer = FrameDrawer(plan, LOOKS[look])
        for k in (len(plan) - 1, 0, len(plan) // 2):  # in any order
            np.testing.assert_array_equal(
                rgb(drawer.draw(plan.frame(k))), picture(plan, k, LOOKS[look])
            )


@pytest.mark.sampled(2)
@pytest.mark.parametrize("look", ["light", "three dimensions"])
@pytest.mark.parametrize(
    ("over", "ends"),
    [("alpha", ()), ("epsilon", (1e-3, 3.0)), ("start", ((1.5, 4.0), (-3.0, 1.0)))],
)
def test_what_is_turned_is_drawn_as_the_figure_of_that_experiment(
    scene_of: Callable[..., Scene], over: Any, ends: Any, look: str
) -> None:
    plan = plan_frames(scene_of(methods=BOTH, steps=12), over, *ends, frames=3)
    drawer = FrameDrawer(plan, LOOKS[look])
    for k in (2, 0):
        np.testing.assert_array_equal(
            rgb(drawer.draw(plan.frame(k))), picture(plan, k, LOOKS[look])
        )


def test_a_path_is_as_wide_as_by_what_lies_on_it_in_each_frame(
    scene_of: Callable[..., Scene],
) -> None:
    """With a small ε two paths are one, with a large one they part; the legend stays as it is."""
    plan = plan_frames(scene_of(methods=BOTH, steps=12), "epsilon", 1e-3, 3.0, frames=4)
    assert [plan.frame(k).scene.rims for k in (0, 3)] == [(1, 0), (0, 0)]
    drawer = FrameDrawer(plan, SMALL)
    for k in (0, 3, 0):
        np.testing.assert_array_equal(rgb(drawer.draw(plan.frame(k))), picture(plan, k, SMALL))


@pytest.fixture
def _few_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdviz.scene.basins.RESOLUTION", 24)


@pytest.mark.sampled(2)
@pytest.mark.usefixtures("_few_starts")
@pytest.mark.parametrize("rows", [(0,), (0, 1)])
@pytest.mark.parametrize(
    ("over", "look"),
    [("steps", "dark with panels"), *((over, look) for look in ("light", "three dimensions")
      for over in ("steps", "epsilon", "alpha", "eta", "start"))],
)  # fmt: skip
def test_basins_lie_on_the_map_as_in_the_figure(
    scene_of: Callable[..., Scene], over: Any, rows: tuple[int, ...], look: str
) -> None:
    scene = scene_of(surface="himmelblau", methods=BOTH, steps=8, alpha=0.01, epsilon=0.5)
    ends = ((-2.0, 3.0), (3.0, -3.0)) if over == "start" else ()
    plan = plan_frames(scene, over, *ends, frames=3, basins=BasinsOnMap(rows))
    drawer = FrameDrawer(plan, LOOKS[look])
    for k in (0, 2, 1):
        frame = plan.frame(k)
        assert [each.row for each in frame.basins] == [*rows]
        drawn = rgb(drawer.draw(frame))
        np.testing.assert_array_equal(drawn, picture(plan, k, LOOKS[look], drawer.layout))
    without = plan_frames(scene, over, *ends, frames=3)
    bare = rgb(FrameDrawer(without, LOOKS[look]).draw(without.frame(k)))
    assert (drawn != bare).any(axis=2).mean() > 0.2


@pytest.mark.sampled(1)
@pytest.mark.usefixtures("_few_starts")
@pytest.mark.parametrize("rows", [(0,), (0, 1)])
@pytest.mark.parametrize("look", ["light", "three dimensions"])
def test_the_map_stays_where_it_is_while_ends_of_basins_come_and_go(
    scene_of: Callable[..., Scene], rows: tuple[int, ...], look: str
) -> None:
    """With a large α paths diverge: another row in the legend, and at last no shades."""
    scene = scene_of(surface="himmelblau", methods=BOTH, steps=8, alpha=0.01, epsilon=0.5)
    plan = plan_frames(scene, "alpha", 1e-4, 10.0, 5, basins=BasinsOnMap(rows))
    drawer = FrameDrawer(plan, LOOKS[look])
    places, legends = [], []
    for k in (3, 0, 1, 2, 4):
        drawer.draw(plan.frame(k))
        places.append(drawer.place.box)
        legends.append(drawer.rows)
    assert len(set(places)) == 1
    assert len(set(map(tuple, legends))) > 2


@pytest.mark.usefixtures("_few_starts")
def test_words_of_no_frame_reach_the_map(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(surface="himmelblau", methods=BOTH, steps=8, alpha=0.01, epsilon=0.5)
    plan = plan_frames(scene, "alpha", 1e-4, 10.0, 5, basins=BasinsOnMap((0,)))
    drawer = FrameDrawer(plan, SMALL)
    for k in range(5):
        frame = rgb(drawer.draw(plan.frame(k)))
        left, top, right, _ = map(round, drawer.place.box)
        assert (frame[top - 2, left:right] == 255).all()
        assert (frame[:, -1] == 255).all()


@pytest.mark.usefixtures("_few_starts")
def test_basins_that_are_looked_at_before_are_computed_once(
    scene_of: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def counted(experiment: Experiment, *others: Any) -> Any:
        asked.append(experiment.alpha)
        return refined_basins(experiment, *others)

    monkeypatch.setattr("gdviz.scene.animation.basins_on_map.refined_basins", counted)
    scene = scene_of(surface="himmelblau", methods=BOTH, steps=8, alpha=0.01, epsilon=0.5)
    plan = plan_frames(scene, "alpha", 1e-3, 1e-2, 4, basins=BasinsOnMap((0,)))
    drawer = FrameDrawer(plan, SMALL)
    for k in range(4):
        drawer.draw(plan.frame(k))
    assert sorted(asked) == plan.values.tolist()


@pytest.mark.usefixtures("_few_starts")
def test_a_camera_goes_around_basins(scene_of: Callable[..., Scene]) -> None:
    options = LOOKS["three dimensions"]
    scene = scene_of(surface="himmelblau", methods=BOTH, steps=8, alpha=0.01)
    plan = plan_frames(scene, orbit=90.0, frames=3, basins=BasinsOnMap((0,)))
    drawer = FrameDrawer(plan, options)
    for k in (2, 0):
        np.testing.assert_array_equal(rgb(drawer.draw(plan.frame(k))), picture(plan, k, options))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("look", ["light", "three dimensions"])
def test_where_points_of_the_map_are(scene_of: Callable[..., Scene], look: str) -> None:
    """The white star of the minimum is where the place says that (0, 0) is, and back again."""
    hidden = (Method("analytic", shown=False),)
    scene = scene_of(surface="sphere", methods=hidden, start=(3.0, 2.0))
    plan = plan_frames(scene, "eta", 1e-3, 1e-2, 2)
    drawer = FrameDrawer(plan, replace(LOOKS[look], dpi=80.0))
    frame = rgb(drawer.draw(plan.frame(0))).astype(int)
    x, y = drawer.place.seen((0.0, 0.0)) or (0.0, 0.0)
    assert frame[int(y), int(x)].min() > 240
    assert drawer.place.point_at(x, y) == pytest.approx((0.0, 0.0), abs=0.02)
    assert drawer.place.seen((100.0, 0.0)) is None
    line = drawer.place.line((0.0, 0.0), (-3.0, 2.0))
    assert line[0] == pytest.approx((x, y))
    left, top, right, bottom = drawer.place.box
    assert 0 < left < x < right < frame.shape[1]
    assert 0 < top < y < bottom < frame.shape[0]


def test_a_start_that_leaves_the_map_leaves_the_legend(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(methods=BOTH, steps=5)
    plan = plan_frames(scene, "start", (1.5, 4.0), (1.5, 40.0), 3)
    drawer = FrameDrawer(plan, SMALL)
    for k in (0, 2, 0):
        drawn = rgb(drawer.draw(plan.frame(k)))
        np.testing.assert_array_equal(drawn, picture(plan, k, SMALL, drawer.layout))
        assert ("Start" in drawer.rows) == (k == 0)
    # There is room for the legend that has it.
    alone = FrameDrawer(plan_frames(scene, "start", (1.5, 4.0), (1.0, 4.0), 2), SMALL)
    alone.draw(plan.frame(0))
    assert alone.place.box == drawer.place.box


def test_a_start_that_a_hill_hides_stays_in_the_legend(scene_of: Callable[..., Scene]) -> None:
    """Behind a hill at (0, 0) the start is seen from one side only."""
    scene = scene_of(formula="exp(-a^2 - b^2)", start=(2.0, 0.0), range=(-3.0, 3.0, -3.0, 3.0),
                     methods=BOTH, steps=4, camera=Camera(azimuth=0.0, elevation=5.0))  # fmt: skip
    plan = plan_frames(scene, "start", (2.0, 0.0), (-2.0, 0.0), 3)
    drawer = FrameDrawer(plan, LOOKS["three dimensions"])
    boxes = set()
    for k, is_seen in ((0, True), (2, False)):
        drawer.draw(plan.frame(k))
        assert (drawer.place.seen(tuple(plan.values[k])) is not None) == is_seen
        assert "Start" in drawer.rows
        boxes.add(drawer.place.box)
    assert len(boxes) == 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize("look", ["light", "three dimensions"])
def test_a_cloud_of_each_step_goes_along(scene_of: Callable[..., Scene], look: str) -> None:
    methods = (Method("spsa"), Method("analytic"), Method("gaussian"))
    plan = plan_frames(scene_of(surface="himmelblau", methods=methods, alpha=0.002, steps=4),
                       clouds=True)  # fmt: skip
    bare = plan_frames(plan.scene)
    drawer = FrameDrawer(plan, LOOKS[look])
    for k in (0, 4, 3):
        frame = plan.frame(k)
        assert [cloud is None for cloud in frame.clouds] == [k == 4] * 2
        drawn = rgb(drawer.draw(frame))
        np.testing.assert_array_equal(drawn, picture(plan, k, LOOKS[look], drawer.layout))
        rows = [row for row in drawer.rows if "by other draws" in row]
        assert rows == ([] if k == 4 else [f"200 steps −αĝ by other draws: {name}"
                                           for name in ("SPSA", "Gaussian")])  # fmt: skip
    others = rgb(FrameDrawer(bare, LOOKS[look]).draw(bare.frame(k)))
    assert (drawn != others).any()


def test_a_camera_that_goes_around_sees_what_the_figure_shows(
    scene_of: Callable[..., Scene],
) -> None:
    options = LOOKS["three dimensions"]
    plan = plan_frames(scene_of(methods=BOTH, steps=4), orbit=120.0)
    drawer = FrameDrawer(plan, options)
    drawn = [rgb(drawer.draw(plan.frame(k))) for k in range(3)]
    for k in (0, 2):
        np.testing.assert_array_equal(drawn[k], picture(plan, k, options))
    assert (drawn[0] != drawn[2]).any(axis=2).mean() > 0.05


def test_the_axes_of_panels_have_room_for_all_frames(scene_of: Callable[..., Scene]) -> None:
    """With α = 1 the error of the loss a² + b² is the largest at the end: so high is the axis."""
    options = FigureOptions(size=(5.0, 5.0), dpi=40, panels=True)
    scene = scene_of(formula="a^2 + b^2", methods=BOTH, steps=8, start=(1.0, 1.0))
    plan = plan_frames(scene, "alpha", 1e-3, 1.2, 6)
    drawer = FrameDrawer(plan, options)
    frames = [rgb(drawer.draw(plan.frame(k))) for k in range(6)]
    top = slice(0, 10)
    for frame in frames[1:]:
        np.testing.assert_array_equal(frame[top], frames[0][top])
        assert (frame != frames[0]).any()
    # The labels at the panels' axes stay where they are; the caption below them does not.
    left = np.s_[120:170, :14]
    for frame in frames[1:]:
        np.testing.assert_array_equal(frame[left], frames[0][left])


def test_the_circle_of_steps_grows_and_is_in_the_legend(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(methods=(Method("analytic", shown=False),), start=(0.0, 0.0))
    plan = plan_frames(scene, "eta", 0.5, 3.0, 3)
    drawer = FrameDrawer(plan, FigureOptions(size=(8.0, 6.0), dpi=50))
    dark = [np.argwhere((rgb(drawer.draw(plan.frame(k)))[30:250, 30:350] < 40).all(axis=2))
            for k in (0, 1, 2)]  # fmt: skip
    widths = [np.ptp(where[:, 1]) for where in dark]
    assert widths[0] < widths[1] < widths[2]
    # Of the map's ten units of a, which are some 330 pixels, the circle takes two radii.
    assert widths[2] / widths[0] == pytest.approx(6.0, rel=0.35)


def test_pixels_are_the_callers_own(scene_of: Callable[..., Scene]) -> None:
    plan = plan_frames(scene_of(methods=BOTH, steps=4))
    drawer = FrameDrawer(plan, SMALL)
    first = drawer.draw(plan.frame(0))
    kept = first.copy()
    drawer.draw(plan.frame(4))
    np.testing.assert_array_equal(first, kept)
