"""What a grid of losses says of its stationary points and of what lies between its cells."""

import numpy as np

from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.stationary_points import stationary_kind

AXIS = np.linspace(-1, 1, 11)


def test_a_minimum_between_cells_that_resolve_it_is_one_whose_value_is_interpolated() -> None:
    f = 1 + (AXIS - 0.1) ** 2 + (AXIS[:, None] - 0.1) ** 2  # 1.02 at the four cells around
    objective = GridObjective(LossGrid.from_arrays(AXIS, AXIS, f))
    assert stationary_kind(objective, 0.1, 0.1) == "minimum"
    assert objective.remark_at(0.1, 0.1) == (
        "this f is interpolated and below the cells around, of which the lowest is 1.02"
    )
    assert objective.remark_at(0.7, 0.7) == ""


def test_a_cell_that_is_missing_is_none_of_those_around() -> None:
    """The highest of the other corners was said to be nan."""
    f = np.array([[0.0, 1.0, 4.0], [1.0, 2.0, np.nan], [4.0, 5.0, 8.0]])
    objective = GridObjective(LossGrid.from_arrays(range(3), range(3), f))
    for a, b in ((1.5, 0.5), (1.2, 0.1), (1.0, 1.0)):
        assert "nan" not in objective.remark_at(a, b)


def test_what_the_cells_do_not_show_is_no_minimum() -> None:
    """Noise: a stationary point within a cell, where f is that of none of its corners."""
    f = np.random.default_rng(0).normal(size=(13, 13))
    objective = GridObjective(LossGrid.from_arrays(range(13), range(13), f))
    fine = np.linspace(0, 12, 12 * 20 + 1)
    values = objective.values(fine, fine[:, None])
    inner = values[1:-1, 1:-1]
    around = [values[1 + j : 240 + j, 1 + i : 240 + i] for j in (-1, 0, 1) for i in (-1, 0, 1)]
    lowest = np.argwhere(inner <= np.min(around, axis=0)) + 1
    between = [(fine[i], fine[j]) for j, i in lowest if i % 20 or j % 20]
    cells = [(fine[i], fine[j]) for j, i in lowest if not (i % 20 or j % 20)]
    assert len(cells) > 10
    assert len(between) > 0
    for a, b in between:
        assert stationary_kind(objective, a, b) == "flat"
        assert objective.why_doubtful(a, b).startswith("between cells that do not show it")
    for a, b in cells:
        assert objective.why_doubtful(a, b) == ""
