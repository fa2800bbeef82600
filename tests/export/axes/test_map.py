"""The trajectory of a loss landscape, and its holes, in a figure."""

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.change_function import on_grid
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.view import View
from gdviz.export.axes.layers import PATHS
from gdviz.export.axes.map import draw_map
from gdviz.export.figures.scene import figure_bytes
from gdviz.export.options import FigureOptions
from gdviz.export.style import DARK
from gdviz.scene.scene import Scene, build_scene

X = np.linspace(-1, 1, 11)
POINTS = ((0.9, 0.9), (0.5, 0.2), (0.0, 0.1), (3.0, 0.0))


@pytest.fixture(scope="module")
def grid() -> LossGrid:
    losses = X**2 + 2 * X[:, None] ** 2
    losses[2, 2] = np.nan
    return LossGrid.from_arrays(X, X, losses, source="l.npz", trajectory=POINTS)


def scene_of(grid: LossGrid) -> Scene:
    return build_scene(on_grid(Experiment(), grid), resolution=96)


def test_it_is_drawn_dashed_with_dots_and_has_a_row_of_the_legend(grid: LossGrid) -> None:
    axes = Figure().add_subplot()
    handles = draw_map(axes, scene_of(replace(grid, names=("PC 1", "b"))), 1.0)[2].handles
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a (PC 1)", "b")
    assert handles[-1].get_label() == "Trajectory"
    dashed = [
        line for line in axes.lines
        if line.get_linestyle() == "--" and to_hex(line.get_color()) == to_hex(DARK)
    ]  # fmt: skip
    assert len(dashed) == 1
    np.testing.assert_allclose(dashed[0].get_xydata()[:3], POINTS[:3])
    assert np.nanmax(dashed[0].get_xdata()) == 1.0  # it ends at the map's edge
    dots = [line for line in axes.lines if len(line.get_xdata()) == 3 and line.get_marker() == "o"]
    assert any(np.array_equal(line.get_xydata(), POINTS[:3]) for line in dots)


def test_without_one_there_is_none(grid: LossGrid) -> None:
    axes = Figure().add_subplot()
    handles = draw_map(axes, scene_of(replace(grid, trajectory=())), 1.0)[2].handles
    assert "Trajectory" not in [handle.get_label() for handle in handles]


def test_one_that_the_view_hides_is_not_drawn(grid: LossGrid) -> None:
    scene = build_scene(on_grid(Experiment(view=View(trajectory=False)), grid), resolution=96)
    assert scene.experiment.function.trajectory
    axes = Figure().add_subplot()
    handles = draw_map(axes, scene, 1.0)[2].handles
    assert "Trajectory" not in [handle.get_label() for handle in handles]
    assert not [line for line in axes.lines if line.get_linestyle() == "--"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("format_", ["png", "svg", "pdf"])
def test_figures_of_a_landscape(grid: LossGrid, format_: str) -> None:
    options = FigureOptions(size=(5.0, 5.0), dpi=40, panels=True)
    data = figure_bytes(scene_of(grid), format_, options)  # type: ignore[arg-type]
    assert len(data) > 2000
    if format_ == "png":
        assert Image.open(io.BytesIO(data)).size == (200, 200)


def test_paths_are_as_wide_as_the_view_has_them_and_their_dots_as_large() -> None:
    def sizes(view: View) -> tuple[list[float], list[float]]:
        axes = Figure().add_subplot()
        scene = build_scene(Experiment(view=view), resolution=96)
        draw_map(axes, scene, 1.0)
        lines = [line for line in axes.lines if line.get_zorder() == PATHS]
        return (
            [line.get_linewidth() for line in lines if line.get_marker() != "o"],
            [line.get_markersize() for line in lines if line.get_marker() == "o"],
        )

    widths, dots = sizes(View())
    assert len(widths) == len(dots) == 3
    assert sizes(View(path_width=2.0, step_dots=3.0)) == (
        pytest.approx([2.0 * width for width in widths]), pytest.approx([3.0 * d for d in dots]),
    )  # fmt: skip
