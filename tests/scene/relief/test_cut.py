"""Cells that are cut along the rim: what there is of them, against areas that are known."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.engine.analysis.domain_rim import rim_of
from gdviz.engine.analysis.grid import contours, sample
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.mesh import surface_triangles
from gdviz.scene.relief.projection import Projection
from gdviz.scene.relief.rays import meeting_point
from gdviz.scene.relief.surface import HEIGHT, Relief, relief_of
from gdviz.scene.scene import Landscape

EXTENT = Range(-2.0, 2.0, -2.0, 2.0)


def relief(text: str, n: int = 60, most: int = 320, extent: Range = EXTENT) -> Relief:
    objective = FormulaObjective.from_text(text)
    with np.errstate(all="ignore"):
        grid = sample(objective, extent, n)
    scale = ColorScale.fit(grid.values, "linear")
    lines = contours(grid, scale.levels())
    return relief_of(Landscape(grid, scale, lines, rim_of(objective, grid)), most)


def area(drawn: Relief) -> float:
    """Return the area of the ground plan, in units of the box."""
    corners = drawn.vertices()[surface_triangles(drawn)[0]][..., :2]
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2.0
    assert (areas >= -1e-12).all()  # all are turned to the same side
    return float(areas.sum())


@pytest.mark.parametrize("most", [20, 33, 60])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(1.5^2 - a^2 - b^2)", np.pi * 0.75**2),  # a disc
        ("sqrt(a^2 + b^2 - 1.5^2)", 4.0 - np.pi * 0.75**2),  # a hole
        ("log(a) + b^2", 2.0),
        ("log(a + b)", 2.0),
        ("log(a) + log(b)", 1.0),  # a quarter, with a corner
        ("sqrt(a*b)", 2.0),  # two quarters that touch each other
    ],
)
def test_what_is_drawn_ends_where_the_loss_does(text: str, expected: float, most: int) -> None:
    """Cells in whole would be wrong by a cell along all of the rim."""
    assert area(relief(text, most=most)) == pytest.approx(expected, abs=0.3 / most)


def test_the_rim_of_a_half_sphere_is_its_circle() -> None:
    half = relief("sqrt(1.5^2 - a^2 - b^2)", 512, 60)
    np.testing.assert_allclose(np.hypot(*half.cut.rim[:, :2].T), 0.75, atol=1e-6)
    assert half.cut.rim[:, 2].max() < 0.01  # and its height is that there


def test_a_point_that_has_no_loss_is_a_small_hole_and_no_whole_cell() -> None:
    hole = relief("1/(a^2 + b^2)", 61)
    assert (~np.isfinite(hole.places)).sum() == 1
    assert (~hole.cells()).sum() == 4
    assert area(hole) == pytest.approx(4.0, abs=1e-3)
    assert np.isnan(hole.height_at(np.zeros((1, 2)))).all()


def test_heights_in_cells_that_are_cut() -> None:
    """A plane over a half of the map: up to the line where it ends it is the plane's, then none."""
    plane = relief("a + b + 1e-9*log(a - 0.333)", 60)
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (4000, 2))
    points[:, 0] = np.clip(points[:, 0], 0.1, 0.3)
    heights = plane.height_at(points)
    has_one = points[:, 0] > 0.333 / 2.0 + 1e-6
    low, high = plane.places[:, -1][[0, -1]] * HEIGHT
    assert (np.isfinite(heights) == has_one).all()
    slope = (high - low) / 2.0
    expected = high + slope * (points[:, 0] - 1.0) + slope * (points[:, 1] - 1.0)
    np.testing.assert_allclose(heights[has_one], expected[has_one], atol=1e-6)


def test_a_line_of_sight_meets_what_there_is_of_a_cell() -> None:
    plane = relief("a + b + 1e-9*log(a - 0.333)", 24)
    projection = Projection(Camera(azimuth=-90.0, elevation=70.0))
    for x, expected in ((0.18, True), (0.15, False)):
        at = np.array([[x, 0.02]])
        height = plane.height_at(at) if expected else np.array([0.5])
        ray = projection.ray(*projection.project(np.array([x, 0.02, height[0]])))
        met = meeting_point(plane, *ray)
        if expected:
            assert met == pytest.approx((2.0 * x, 0.04), abs=1e-6)
        else:
            assert met is None or met[0] > 0.333


def test_a_grid_without_a_rim_is_cut_nowhere() -> None:
    assert not len(relief("a + b").cut.cells)
    nothing = relief("log(-1 - a^2)")
    assert nothing.is_empty()
    assert not len(nothing.cut.cells)


@pytest.mark.parametrize("formula", ["sqrt(1e-16 - a^2 - b^2)", "sqrt(1e-16 - a^2) + b"])
def test_a_point_and_a_line_are_none(formula: str) -> None:
    drawn = relief(formula, 61)
    assert np.isfinite(drawn.places).any()
    assert drawn.is_empty()


def test_a_part_of_one_cell_is_a_surface() -> None:
    drawn = relief("sqrt(0.003 - (a - 0.0339)^2 - (b - 0.0339)^2)", 60)
    assert np.isfinite(drawn.places).sum() >= 1
    assert not drawn.cells().any()
    assert not drawn.is_empty()
