"""The figure of basins."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.export.figures import scene as figure_module
from gdviz.export.figures.basins import draw_basins
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import open_sheet
from gdviz.scene.animation.frames import Frame
from gdviz.scene.basins import MethodBasins, basins_of
from gdviz.scene.basins_picture import basins_picture
from gdviz.scene.scene import build_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from gdviz.scene.scene import Scene

CHOSEN = on_surface(Experiment(), SURFACES["himmelblau"]).replace(steps=200, epsilon=0.5)


@pytest.fixture(scope="module")
def methods() -> list[MethodBasins]:
    return [MethodBasins(row, basins_of(CHOSEN, row, 32)) for row in (0, 1)]


def with_basins(scene: Scene, drawn: Sequence[MethodBasins]) -> Frame:
    return Frame(scene, basins=tuple(drawn))


def labels(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_basins_have_a_legend_marks_and_shades(
    methods: list[MethodBasins], drawn: Callable[..., Figure]
) -> None:
    figure = drawn(FigureOptions(), draw_basins, CHOSEN, methods[0], None)
    assert labels(figure)[0].startswith("1 minimum (3, 2), f = 0: ")
    assert len(labels(figure)) == 4
    panel, bar = figure.axes
    assert [text.get_text() for text in panel.texts if text.get_text()] == ["1", "2", "3", "4"]
    assert panel.texts[0].xy == pytest.approx((3.0, 2.0))
    assert panel.get_xlim() == (-5.0, 5.0)
    # The outermost starts lie on the edge, so that half of their squares is outside.
    np.testing.assert_allclose(panel.images[0].get_extent(), np.array([-1, 1, -1, 1]) * 5 * 32 / 31)
    assert bar.get_ylabel() == "steps until the end"
    caption = figure._supxlabel.get_text()
    assert "(a² + b − 11)²" in caption
    assert "Analytic · α = 0.01 · at most 200 steps · float64 · 32 × 32 starts" in caption


def test_a_difference_names_both_methods(
    methods: list[MethodBasins], drawn: Callable[..., Figure]
) -> None:
    figure = drawn(FigureOptions(), draw_basins, CHOSEN, *methods)
    assert labels(figure)[0].startswith("Forward difference ends elsewhere")
    assert len(figure.axes) == 1  # no shades
    assert not figure.axes[0].texts
    assert "against Forward difference · α = 0.01 · ε = 0.5" in figure._supxlabel.get_text()


def test_basins_lie_under_the_paths_of_a_scene(
    methods: list[MethodBasins], drawn: Callable[..., Figure]
) -> None:
    scene = build_scene(CHOSEN, resolution=48)
    plain = drawn(FigureOptions(), figure_module.draw_scene, scene, False)
    figure = drawn(
        FigureOptions(), figure_module.draw_scene, with_basins(scene, methods[:1]), False
    )
    panel, bar = figure.axes
    assert bar.get_ylabel() == "steps until the end"
    (image,) = panel.images  # in place of the heat map, whose colours would mix with theirs
    np.testing.assert_array_equal(image.get_array(), basins_picture(methods[0].basins))
    assert panel.get_xlim() == (-5.0, 5.0)
    contours, *paths = sorted(panel.lines, key=lambda line: line.get_zorder())
    assert image.get_zorder() < contours.get_zorder() < paths[0].get_zorder()
    assert len(panel.lines) == len(plain.axes[0].lines)
    assert [text.get_text() for text in panel.texts if text.get_text()] == ["1", "2", "3", "4"]
    assert labels(figure)[: len(labels(plain))] == labels(plain)
    assert labels(figure)[-4].startswith("1 minimum (3, 2), f = 0: ")
    caption = figure._supxlabel.get_text()
    assert caption.startswith(plain._supxlabel.get_text())
    assert "\nBasins: Analytic · α = 0.01 · at most 200 steps" in caption


@pytest.mark.parametrize("equal", [True, False])
def test_units_stay_equal_on_basins(
    methods: list[MethodBasins], drawn: Callable[..., Figure], equal: bool
) -> None:
    scene = build_scene(CHOSEN.replace(equal_units=equal), resolution=48)
    frame = with_basins(scene, methods[:1])
    axes = drawn(FigureOptions(), figure_module.draw_scene, frame, False).axes[0]
    assert axes.get_aspect() == (1.0 if equal else "auto")


def test_a_difference_and_a_coarse_one_say_so(
    methods: list[MethodBasins], drawn: Callable[..., Figure]
) -> None:
    scene = build_scene(CHOSEN, resolution=48)
    coarse = [MethodBasins(each.row, replace(each.basins, stride=4)) for each in methods]
    figure = drawn(FigureOptions(), figure_module.draw_scene, with_basins(scene, coarse), False)
    assert len(figure.axes) == 1
    assert labels(figure)[-2].startswith("Forward difference ends elsewhere")
    caption = figure._supxlabel.get_text()
    assert "against Forward difference · α = 0.01 · ε = 0.5" in caption
    assert caption.endswith("so far 1 start in 16")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(2.5, 2.5), (8.0, 6.0), (14.0, 5.0), (4.0, 8.5)])
@pytest.mark.parametrize("count", [1, 2])
def test_parts_of_a_scene_with_basins_stay_apart(
    methods: list[MethodBasins], check_apart: Callable[..., None], size: Any, count: int
) -> None:
    scene = build_scene(CHOSEN, resolution=48)
    with open_sheet(FigureOptions(size=size, dpi=40)) as sheet:
        figure_module.draw_scene(sheet, with_basins(scene, methods[:count]), size[0] >= 4.0)
        check_apart(sheet)


@pytest.mark.parametrize("fields", [{"size": (2.5, 2.5)}, {"size": (14.0, 5.0), "theme": "dark"}])
def test_parts_stay_apart(
    methods: list[MethodBasins], check_apart: Callable[..., None], fields: dict[str, Any]
) -> None:
    options = FigureOptions(**fields, dpi=40.0)
    with open_sheet(options) as sheet:
        draw_basins(sheet, CHOSEN, methods[0], None)
        check_apart(sheet)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("format_", ["png", "svg", "pdf"])
def test_the_same_makes_the_same_file(
    methods: list[MethodBasins], file_of: Callable[..., bytes], format_: str
) -> None:
    options = FigureOptions(size=(4.0, 3.0), dpi=50.0)
    files = {file_of(options, format_, draw_basins, CHOSEN, methods[0], None) for _ in "12"}
    assert len(files) == 1


def test_a_difference_is_as_large_as_it_was_asked_for(
    methods: list[MethodBasins], file_of: Callable[..., bytes]
) -> None:
    options = FigureOptions(size=(4.0, 3.0), dpi=50.0)
    with Image.open(io.BytesIO(file_of(options, "png", draw_basins, CHOSEN, *methods))) as image:
        assert image.size == (200, 150)
