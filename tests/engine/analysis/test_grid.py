"""The grid's orientation and blocks, and contour lines on known curves."""

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis import grid as module
from gdviz.engine.analysis.grid import FINE, Grid, affordable_resolution, contours, sample
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective

LOPSIDED = Range(-1.0, 3.0, 10.0, 12.0)


def grid_of(text: str, resolution: int, extent: Range = LOPSIDED) -> Grid:
    return sample(FormulaObjective.from_text(text), extent, resolution)


def test_rows_are_b_and_columns_are_a() -> None:
    grid = grid_of("a + 100*b", 5)
    assert grid.a.tolist() == [-1.0, 0.0, 1.0, 2.0, 3.0]
    assert grid.b.tolist() == [10.0, 10.5, 11.0, 11.5, 12.0]
    for j, b in enumerate(grid.b):
        for i, a in enumerate(grid.a):
            assert grid.values[j, i] == a + 100 * b
    assert grid.resolution == 5
    assert grid.range == LOPSIDED


@pytest.mark.parametrize(
    ("block", "resolution"),
    [*((block, n) for block in (1, 1000, 32_768) for n in (2, 7, 96)), (1000, 181), (32_768, 513)],
)
def test_blocks_leave_no_seam(resolution: int, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", block)
    grid = grid_of("sin(a)*b - a^3", resolution)
    a, b = np.meshgrid(grid.a, grid.b)
    assert grid.values.shape == (resolution, resolution)
    np.testing.assert_allclose(grid.values, np.sin(a) * b - a**3, rtol=1e-13, atol=1e-13)


#: With a minimum, without one, with a valley of them, and one at which next to nothing is left.
QUADRATIC = [
    *("mean((a*x + b - y)^2)", "mean(y*(a - b*x))", "mean((a - b - x)^2)"),
    "mean((a - 0*x)^2) + b^2",
]


@pytest.mark.parametrize("text", QUADRATIC)
def test_a_quadratic_loss_over_many_rows_is_known_from_one_point(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = np.random.default_rng(3)
    data = Data.of_arrays({"x": noise.normal(size=400), "y": noise.normal(3.0, 2.0, size=400)})
    f = FormulaObjective.from_text(text, {}, data)
    summed = sample(f, LOPSIDED, 40).values
    monkeypatch.setattr(module, "MANY_ROWS", 399)
    asked: list[int] = []
    values = FormulaObjective.values
    monkeypatch.setattr(
        FormulaObjective, "values", lambda f, a, b: asked.append(np.size(a)) or values(f, a, b)
    )
    expanded = sample(f, LOPSIDED, 40).values
    assert sum(asked) < 20  # of 1,600
    np.testing.assert_allclose(expanded, summed, rtol=1e-12, atol=1e-13)
    assert affordable_resolution(f) == FINE


@pytest.mark.parametrize(
    "text",
    ["mean(abs(a*x + b - y))",
     "mean(relu(1 - y*(a*x + b))) + 0.01*(a^2 + b^2)",
     "mean((a*x + b - y)^2) + 0.1*abs(a)",
     "mean(max(0.9*(y - a*x - b), 0.1*(a*x + b - y)))"],
)  # fmt: skip
def test_a_loss_with_kinks_over_many_rows_is_no_paraboloid(text: str) -> None:
    """Its second derivatives hold no parameter either, where it has any."""
    x = np.linspace(-1.0, 1.0, 3_000)
    f = FormulaObjective.from_text(text, {}, Data.of_arrays({"x": x, "y": np.sign(x)}))
    grid = sample(f, LOPSIDED, 9)
    summed = [[f.value(a, b) for a in grid.a] for b in grid.b]
    np.testing.assert_allclose(grid.values, summed, rtol=1e-12)


@pytest.mark.parametrize(
    "text", ["mean((a*abs(x) + b - y)^2)", "mean((a*relu(x) + b*sqrt(x^2) - y)^2)"]
)
def test_kinks_of_the_data_alone_are_none_of_the_loss(text: str) -> None:
    x = np.linspace(-1.0, 1.0, 30)
    data = Data.of_arrays({"x": x, "y": np.sign(x)})
    assert FormulaObjective.from_text(text, {}, data).is_quadratic


def test_a_loss_over_many_rows_gets_as_fine_a_map_as_can_be_waited_for() -> None:
    def resolution(rows: int) -> int:
        x = np.linspace(-1.0, 1.0, rows)
        data = Data.of_arrays({"x": x, "y": np.sign(x)})
        f = FormulaObjective.from_text("mean(log(1 + exp(-y*(a*x + b))))", {}, data)
        return affordable_resolution(f)

    found = [resolution(rows) for rows in (2_000, 100_000, 1_000_000)]
    assert found == sorted(found, reverse=True)
    assert found[0] == FINE
    assert found[1] in (96, 48)
    assert found[2] in (24, 12)


@pytest.mark.parametrize(
    ("text", "same_along"), [("a", [0]), ("a^2", [0]), ("b", [1]), ("exp(b)", [1]), ("5", [0, 1])]
)
def test_a_formula_without_one_parameter_fills_the_grid(text: str, same_along: list[int]) -> None:
    grid = grid_of(text, 9)
    assert grid.values.shape == (9, 9)
    assert [axis for axis in (0, 1) if not np.ptp(grid.values, axis).any()] == same_along


def test_holes() -> None:
    grid = grid_of("log(a) + 1/(b - 11)", 5)
    assert np.isnan(grid.values[:, 0]).all()  # a = −1
    assert np.isinf(grid.values[2, 2:]).all()  # b = 11
    assert np.isneginf(grid.values[1, 1])  # a = 0
    assert np.isfinite(grid.values[[0, 0, 4], [2, 4, 3]]).all()


def test_cancelled() -> None:
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        sample(FormulaObjective.from_text("a"), LOPSIDED, 512, lambda: next(answers))


# -- contours


DISC = Range(-2.0, 2.0, -3.0, 1.0)


def test_contours_of_a_cone_are_circles() -> None:
    """Around (0, −1): levels 0.5 and 1.5 of the distance, to the grid's accuracy h²/8r."""
    grid = grid_of("sqrt(a^2 + (b + 1)^2)", 201, DISC)
    drawn = contours(grid, [0.5, 1.5])
    radius = np.hypot(drawn.a, drawn.b + 1)
    near = np.abs(radius[:, None] - [0.5, 1.5]).min(axis=1)
    assert near.max() < 0.02**2 / 8 / 0.5 * 2
    assert {0.5, 1.5} == set(np.round(radius, 2))
    # Each is closed: its length is 2πr, with no stroke from one to the other.
    step = np.hypot(np.diff(drawn.a), np.diff(drawn.b))[drawn.connect[:-1]]
    assert step.max() < 0.03
    assert step.sum() == pytest.approx(2 * np.pi * 2.0, rel=1e-3)


def test_lines_of_one_level_are_not_joined() -> None:
    grid = grid_of("min((a - 1)^2 + (b + 1)^2, (a + 1)^2 + (b + 1)^2)", 101, DISC)
    drawn = contours(grid, [0.25])
    parts = np.split(np.column_stack([drawn.a, drawn.b]), np.flatnonzero(~drawn.connect[:-1]) + 1)
    assert len(parts) == 2
    centres = sorted(part.mean(axis=0)[0] for part in parts)
    assert centres == pytest.approx([-1.0, 1.0], abs=0.02)


def test_levels_are_not_joined_to_each_other() -> None:
    grid = grid_of("a", 11, DISC)
    drawn = contours(grid, [-1.0, 0.0, 1.0])
    jumps = np.abs(np.diff(drawn.a))
    assert not drawn.connect[:-1][jumps > 0.5].any()
    assert drawn.connect[:-1][jumps < 0.5].all()
    assert set(np.round(drawn.a, 12)) == {-1.0, 0.0, 1.0}


def test_no_contours() -> None:
    drawn = contours(grid_of("a", 5), [77.0])
    assert len(drawn.a) == len(drawn.b) == len(drawn.connect) == 0
    assert drawn.connect.dtype == bool
    assert len(contours(grid_of("a", 5), []).a) == 0


def test_contours_keep_out_of_holes() -> None:
    grid = grid_of("b + 1e-9*log(a)", 101, DISC)
    assert np.isnan(grid.values[:, 0]).all()
    drawn = contours(grid, [-2.5, -1.0, 0.5])
    first = grid.a[np.isfinite(grid.values).all(axis=0)][0]
    assert drawn.a.min() == pytest.approx(first)
    assert set(np.round(drawn.b, 6)) == {-2.5, -1.0, 0.5}
    everywhere = contours(grid_of("log(a)", 5, Range(-3.0, -1.0, 0.0, 1.0)), [0.0])
    assert len(everywhere.a) == 0


def test_contours_run_along_the_right_axis() -> None:
    drawn = contours(grid_of("a", 21), [0.5])
    np.testing.assert_allclose(drawn.a, 0.5)
    assert drawn.b.min() == 10.0
    assert drawn.b.max() == 12.0
