"""Where a function stops to be defined, against circles and lines that are known."""

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.domain_rim import rim_of
from gdviz.engine.analysis.grid import sample
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective

EXTENT = Range(-3.0, 3.0, -4.0, 4.0)


def rim(text: str, n: int = 61, extent: Range = EXTENT):
    objective = FormulaObjective.from_text(text)
    grid = sample(objective, extent, n)
    return rim_of(objective, grid), grid


def test_the_rim_of_a_disc_is_its_circle() -> None:
    found, grid = rim("sqrt(4 - a^2 - b^2)", 241)
    a, b = found.along_a.at, grid.b[found.along_a.line]
    np.testing.assert_allclose(np.hypot(a, b), 2.0, atol=1e-5)
    a, b = grid.a[found.along_b.line], found.along_b.at
    np.testing.assert_allclose(np.hypot(a, b), 2.0, atol=1e-5)
    # Each line through the disc crosses its circle twice; two touch it.
    assert len(found.along_a.at) == 2 * (np.abs(grid.b) < 2.0 + 1e-9).sum()
    assert np.isfinite([*found.along_a.values, *found.along_b.values]).all()
    assert np.abs(found.along_a.values).max() < 0.01  # f is 0 on the circle


def test_a_crossing_is_the_last_point_there_that_has_a_loss() -> None:
    """log(a) ends at 0, which lies on the grid, and has no loss itself."""
    found, grid = rim("log(a) + b", 61)
    assert grid.a[30] == 0.0
    assert (found.along_a.first == 30).all()
    assert (found.along_a.line == np.arange(61)).all()
    assert (found.along_a.at > 0.0).all()
    assert found.along_a.at.max() < 1e-5
    np.testing.assert_allclose(found.along_a.values, np.log(found.along_a.at) + grid.b, rtol=1e-9)
    assert not len(found.along_b.at)


def test_where_f_is_defined_everywhere_or_nowhere_there_is_none() -> None:
    for text in ("a + b", "log(-1 - a^2)"):
        found, _ = rim(text)
        assert not len(found.along_a.at)
        assert not len(found.along_b.at)


def test_a_function_undefined_at_every_other_point_takes_no_longer_than_its_map() -> None:
    asked = 0

    def f(a, b):
        nonlocal asked
        asked += np.size(np.broadcast(a, b))
        return np.where(np.floor(20.0 * a) % 2 == 0, a + b, np.nan)

    objective = Objective.from_callable(f, vectorized=True)
    grid = sample(objective, Range(0.0, 6.0, 0.0, 1.0), 121)
    of_grid, asked = asked, 0
    found = rim_of(objective, grid)
    assert len(found.along_a.at) > 60 * 121
    assert asked <= of_grid / 2


def test_it_can_be_cancelled() -> None:
    objective = FormulaObjective.from_text("log(a)")
    grid = sample(objective, EXTENT, 11)
    with pytest.raises(Cancelled):
        rim_of(objective, grid, lambda: True)
