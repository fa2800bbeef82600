"""The surface in three dimensions as a figure."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from PIL import Image

from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.export.figures.scene import draw_scene, figure_bytes
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import Sheet, open_sheet
from gdviz.export.style import COLORMAP
from gdviz.scene.basins import MethodBasins, basins_of
from gdviz.scene.basins_picture import outcome_looks
from gdviz.scene.palette import path_color
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.surface import HEIGHT

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
    """Return the polygons that are drawn, and their colours."""
    meshes = [mesh for mesh in figure.axes[0].collections if isinstance(mesh, QuadMesh)]
    places, colors = [], []
    for mesh in meshes[1::2]:  # of each pair the one whose cells leave no seams
        at, faces = mesh.get_coordinates(), mesh.get_facecolors()
        corners = np.stack([at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]], axis=2)
        is_seen = faces[:, 3] > 0.0
        places.append(corners.reshape(-1, 4, 2)[is_seen])
        colors.append(faces[is_seen])
    return np.concatenate(places), np.concatenate(colors)


def relief(drawn: Callable[..., Figure], scene: Scene, basins: Any = ()) -> Figure:
    return drawn(SMALL, draw_scene, scene, False, basins, True)


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
    flat, high = (drawn(SMALL, draw_scene, scene, False, (), each) for each in (False, True))
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
    colors, counts = np.unique([to_hex(face) for face in faces], return_counts=True)
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


def test_holes_are_holes_and_cells_around_them_as_well(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    fields = {"range": (-1.0, 1.0, -1.0, 1.0), "methods": FOUR[:1], "start": (0.5, 0.5)}
    whole, half = (
        surface_of(relief(drawn, scene_of(formula=f"b + {term}", **fields)))[0]
        for term in ("a", "sqrt(a)")
    )
    assert len(whole) == 47 * 47
    assert len(half) == 47 * 23


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
        directions = faces[side, :3] / np.linalg.norm(faces[side, :3], axis=1)[:, None]
        near = [np.linalg.norm(directions - hue / np.linalg.norm(hue), axis=1) for hue in hues[:2]]
        share = np.mean(near[0] < near[1])
        assert share > 0.9 or share < 0.1
    assert {text.get_text() for text in figure.axes[0].texts} >= {"1", "2"}
    assert len(figure.axes) == 1  # no bar of losses, whose colours are not drawn


def _rgb(color: str) -> list[float]:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


@pytest.mark.parametrize("size", [(2.5, 2.5), (14.0, 5.0), (4.0, 9.0)])
def test_parts_stay_apart_and_the_surface_is_as_large_as_there_is_room(
    scene_of: Callable[..., Scene], check_apart: Callable[[Sheet], None], size: tuple[float, float]
) -> None:
    scene = scene_of(methods=FOUR)
    with open_sheet(FigureOptions(size=size, dpi=40, relief=True)) as sheet:
        draw_scene(sheet, scene, size[0] >= 4.0, (), True)
        check_apart(sheet)
        axes = sheet.figure.axes[0]
        box, width, height = axes.get_window_extent(), *np.diff([axes.get_xlim(), axes.get_ylim()])
        assert width[0] / height[0] == pytest.approx(box.width / box.height)
        assert min(width[0] / 1.25, height[0]) == pytest.approx(2.0)


def test_both_themes_have_the_same_surface(unit_scene: Scene) -> None:
    pictures = []
    for theme in ("light", "dark"):
        options = FigureOptions(size=(5.0, 4.0), dpi=40, relief=True, theme=theme)
        data = figure_bytes(unit_scene, "png", options)
        pictures.append(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int))
    light, dark = pictures
    assert (light == dark).all(axis=2).mean() > 0.15
    assert light[0, -1].sum() > 700
    assert dark[0, -1].sum() < 120
