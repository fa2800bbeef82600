"""The surface in three dimensions as a figure."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex
from PIL import Image

from gdviz.base.geometry import Range
from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.export.axes import ground
from gdviz.export.axes.relief import SurfaceArtist
from gdviz.export.figures.scene import draw_scene, figure_bytes
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import Sheet, open_sheet
from gdviz.export.style import COLORMAP
from gdviz.scene.animation.frames import Frame
from gdviz.scene.basins import MethodBasins, basins_of
from gdviz.scene.basins_picture import outcome_looks
from gdviz.scene.palette import path_color
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import HEIGHT, Relief

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from gdviz.scene.scene import Scene

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40, relief=True)
FROM_ABOVE = Camera(azimuth=-90.0, elevation=90.0)
FOUR = tuple(map(Method, ("analytic", "forward", "central")))

ODD: dict[str, dict[str, Any]] = {
    "holes": {"formula": "log(a) + b^2", "alpha": 0.1, "epsilon": 0.1},
    "undefined start": {"formula": "log(a)", "start": (-1.0, 1.0)},
    "undefined everywhere": {"formula": "log(-1 - a^2)"},
    "constant": {"formula": "3"},
    "diverges": {"formula": "exp(a^2) + b^4", "alpha": 1e6},
    "largest": {"formula": "1e304*a^2*b"},
    "far away": {"formula": "a^2 + b^2", "range": (1e6 - 0.01, 1e6, 0.0, 1.0)},
    "no methods": {"methods": (Method("analytic", shown=False),)},
    "other starts": {"formula": "exp(a^2) + b^4", "alpha": 1e6,
                     "more_starts": ((2.0, 2.0), (-90.0, 1.0))},
    "from within": {"camera": Camera(distance=0.5)},
    "from below": {"camera": Camera(elevation=-40.0)},
    "looking away": {"camera": Camera(center=(10.0, 10.0, 10.0))},
}  # fmt: skip


def surface_of(figure: Figure) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the triangles that are drawn, shape (t, 3, 2), and the colours of their corners."""
    (surface,) = (each for each in figure.axes[0].artists if isinstance(each, SurfaceArtist))
    return surface.corners, surface.colors


def relief(drawn: Callable[..., Figure], scene: Scene, basins: Any = ()) -> Figure:
    return drawn(SMALL, draw_scene, Frame(scene, basins=tuple(basins)), False, True)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("case", ODD)
def test_nothing_breaks_the_picture(scene_of: Callable[..., Scene], case: str) -> None:
    with np.errstate(all="ignore"):
        scene = scene_of(**{"methods": FOUR, **ODD[case]})
    svg = figure_bytes(scene, "svg", SMALL).decode()
    paths = re.findall(r'<path[^>]* d="([^"]*)"', svg)
    numbers = [abs(float(word)) for path in paths for word in re.findall(r"-?\d[\d.e+-]*", path)]
    assert max(numbers) < 20_000
    assert "nan" not in " ".join(paths)
    assert ("has no value anywhere" in svg) == (case == "undefined everywhere")


def test_only_the_surface_is_a_bitmap(unit_scene: Scene) -> None:
    svg = figure_bytes(unit_scene, "svg", SMALL).decode()
    assert svg.count("<image") == 1
    for run in unit_scene.runs:
        assert path_color(run.method, run.index).lower() in svg
    pdf = figure_bytes(unit_scene, "pdf", SMALL)
    assert len(re.findall(rb"/Subtype /Image[^M]", pdf)) <= 2  # its colours, and what is clear
    assert figure_bytes(unit_scene, "pdf", SMALL) == pdf


def test_the_legend_and_the_colour_bar_are_the_maps(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    scene = scene_of(surface="sphere", start=(1.0, 1.0), methods=FOUR)
    flat, high = (drawn(SMALL, draw_scene, scene, False, each) for each in (False, True))
    words = [[text.get_text() for text in each.legends[0].get_texts()] for each in (flat, high)]
    assert words[0] == words[1]
    bars = [[tick.get_text() for tick in each.axes[1].get_yticklabels()] for each in (flat, high)]
    assert bars[0] == bars[1]
    assert flat.axes[1].get_ylabel() == high.axes[1].get_ylabel() == "f(a, b)"


def test_colours_are_the_maps_where_the_surface_is_level(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    """A step: below it the lowest colour of the map, above it the highest."""
    scene = scene_of(formula="step(a)", range=(-1.0, 1.0, -1.0, 1.0), methods=FOUR)
    _, faces = surface_of(relief(drawn, scene))
    colors, counts = np.unique(
        [to_hex(face) for face in faces[::7].reshape(-1, 4)], return_counts=True
    )
    frequent = set(colors[np.argsort(counts)[-2:]])
    assert frequent == {to_hex(colormaps[COLORMAP](end)) for end in (0.0, 1.0)}


def test_from_above_everything_is_where_the_map_has_it(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    scene = scene_of(
        formula="a^2 + b^2", start=(1.0, -2.0), range=(-4.0, 4.0, -4.0, 4.0), camera=FROM_ABOVE,
        methods=FOUR[:1],
    )  # fmt: skip
    axes = relief(drawn, scene).axes[0]
    (start,) = (line for line in axes.lines if line.get_label() == "Start")
    f, most = 5.0, 32.0
    expected = Projection(FROM_ABOVE).project(np.array([0.25, -0.5, HEIGHT * f / most]))
    # f is a quadratic with kinks at the grid's points: 48 along each axis.
    np.testing.assert_allclose([*start.get_xdata(), *start.get_ydata()], expected, atol=2e-3)


def test_what_is_behind_a_hill_is_not_drawn(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    fields = {
        "formula": "exp(-4*(a^2 + b^2))", "range": (-2.0, 2.0, -2.0, 2.0), "methods": FOUR[:1],
        "start": (0.0, 0.9), "alpha": 1e-9,
    }  # fmt: skip
    seen = []
    for azimuth in (-90.0, 90.0):
        scene = scene_of(**fields, camera=Camera(azimuth=azimuth, elevation=10.0))
        axes = relief(drawn, scene).axes[0]
        (start,) = (line for line in axes.lines if line.get_label() == "Start")
        seen.append(len(start.get_xdata()))
    assert seen == [0, 1]


def test_undefined_regions_are_open_up_to_their_rim(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    """From above: a half of the map is drawn, and its edge is a line and no row of teeth."""
    fields = {
        "range": (-1.0, 1.0, -1.0, 1.0), "methods": FOUR[:1], "start": (0.5, 0.5),
        "camera": FROM_ABOVE,
    }  # fmt: skip
    whole, half = (
        surface_of(relief(drawn, scene_of(formula=f"b + 1e-9*{term}", **fields)))[0]
        for term in ("a", "log(a - b/3)")
    )
    assert len(whole) == 2 * 47 * 47
    assert 0.48 < len(half) / len(whole) < 0.56
    left = Projection(FROM_ABOVE).project(np.array([-1.0, -1.0, 0.0]))
    corners = half.reshape(-1, 2)
    assert corners[:, 0].min() > left[0] * 0.5


def test_farther_cells_are_drawn_first(unit_scene: Scene, drawn: Callable[..., Figure]) -> None:
    """From the front, cells of the largest b come first, and their row is the highest."""
    scene = unit_scene
    polygons, _ = surface_of(relief(drawn, scene))
    first, last = polygons[:40].mean(axis=(0, 1)), polygons[-40:].mean(axis=(0, 1))
    assert first[1] > last[1]


def test_basins_are_the_surfaces_colours(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    experiment = Experiment(
        function=FormulaFunction("(a^2 - 1)^2 + b^2"), start=(1.5, 1.0), alpha=0.05, steps=200,
        range=(-2.0, 2.0, -2.0, 2.0), camera=FROM_ABOVE,
    )  # fmt: skip
    basins = MethodBasins(0, basins_of(experiment, 0, 32))
    scene = scene_of(
        formula="(a^2 - 1)^2 + b^2", start=(1.5, 1.0), alpha=0.05, steps=200,
        range=(-2.0, 2.0, -2.0, 2.0), camera=FROM_ABOVE,
    )  # fmt: skip
    figure = relief(drawn, scene, [basins])
    polygons, faces = surface_of(figure)
    hues = [np.array(_rgb(look.color)) for look in outcome_looks(basins.basins)]
    right = polygons[:, :, 0].mean(axis=1) > 0.05
    left = polygons[:, :, 0].mean(axis=1) < -0.05
    # Shaded and tinted, but nearer to the own basin's hue than to the other's.
    for side in (left, right):
        colors = faces[side].mean(axis=1)[:, :3]
        directions = colors / np.linalg.norm(colors, axis=1)[:, None]
        near = [np.linalg.norm(directions - hue / np.linalg.norm(hue), axis=1) for hue in hues[:2]]
        share = np.mean(near[0] < near[1])
        assert share > 0.9 or share < 0.1
    assert {text.get_text() for text in figure.axes[0].texts} >= {"1", "2"}
    assert len(figure.axes) == 1  # no bar of losses, whose colours are not drawn


def _rgb(color: str) -> list[float]:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", [(2.5, 2.5), (14.0, 5.0), (4.0, 9.0)])
def test_parts_stay_apart_and_the_surface_is_as_large_as_there_is_room(
    scene_of: Callable[..., Scene], check_apart: Callable[[Sheet], None], size: tuple[float, float]
) -> None:
    scene = scene_of(methods=FOUR)
    with open_sheet(FigureOptions(size=size, dpi=40, relief=True)) as sheet:
        draw_scene(sheet, scene, size[0] >= 4.0, relief=True)
        check_apart(sheet)
        axes = sheet.figure.axes[0]
        box, width, height = axes.get_window_extent(), *np.diff([axes.get_xlim(), axes.get_ylim()])
        assert width[0] / height[0] == pytest.approx(box.width / box.height)
        corners = np.array([[x, y, -0.35] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
        across = np.ptp(Projection(Camera()).project(corners)[:, 0])
        assert across > 0.7 * width[0] or height[0] < 2.1


@pytest.mark.sampled(4)
@pytest.mark.parametrize("scale", ["linear", "sqrt", "log"])
@pytest.mark.parametrize("size", [(2.5, 2.5), (4.0, 2.5), (8.0, 6.0)])
def test_words_at_axes_cover_no_other_and_are_wholly_seen(
    scene_of: Callable[..., Scene], size: tuple[float, float], scale: str
) -> None:
    scene = scene_of(
        formula="1e4*a^2 + b^2", range=(-1000.0, 1000.0, -0.125, 0.125), color_scale=scale,
        methods=FOUR,
    )  # fmt: skip
    with open_sheet(FigureOptions(size=size, dpi=60, relief=True)) as sheet:
        draw_scene(sheet, scene, False, True)
        sheet.figure.canvas.draw()
        axes = sheet.figure.axes[0]
        boxes = [word.get_window_extent() for _, word in axes.words if word.get_visible()]
        whole = axes.get_window_extent()
        assert len(boxes) >= 4
        for k, box in enumerate(boxes):
            assert whole.x0 - 0.5 <= box.x0 and box.x1 <= whole.x1 + 0.5  # noqa: PT018
            assert not any(box.overlaps(other) for other in boxes[:k])
        if size[0] > 4.0:  # there is room for all of them
            assert all(word.get_visible() for _, word in axes.words)


def test_both_themes_have_the_same_surface(unit_scene: Scene) -> None:
    pictures = []
    for theme in ("light", "dark"):
        options = FigureOptions(size=(5.0, 4.0), dpi=40, relief=True, theme=theme)
        data = figure_bytes(unit_scene, "png", options)
        pictures.append(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int))
    light, dark = pictures
    assert (light == dark).all(axis=2).mean() > 0.12
    assert light[0, -1].sum() > 700
    assert dark[0, -1].sum() < 120


def test_of_a_million_points_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A surface that is undefined in hundreds of places has as many contour lines in each part."""
    axis, asked = np.linspace(-1.0, 1.0, 21), []

    def hidden(_relief: object, points: np.ndarray[Any, Any], _eye: object) -> Any:
        asked.append(len(points))
        return points[:, 0] > 0.0

    monkeypatch.setattr(ground, "is_hidden", hidden)
    flat = Relief(Range(-1.0, 1.0, -1.0, 1.0), axis, axis, np.zeros((21, 21)))
    seen_by = ground.ReliefGround(flat, Projection(Camera()))
    for count in (0, 10, 100_001):
        x = np.linspace(-1.0, 1.0, count)
        seen = seen_by.seen(np.column_stack([x, 0.0 * x, 0.0 * x]))
        there = np.isfinite(seen[:, 0])
        assert len(seen) == count
        assert (there == (x <= 0.0)).mean() > 0.9999 if count else True
    assert asked == [0, 10, 33_334]
