"""Many draws at one point: bias within its standard error, and the spread that theory says."""

import numpy as np
import pytest

from gdviz.engine.analysis.estimate_spread import covariance, deviation_in_theory, draw
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import SURFACES

RANDOM = [name for name, row in ESTIMATES.items() if row.is_random]
LOGISTIC = FormulaObjective.of(SURFACES["logistic-regression"])
AT = (0.7, -1.3)


def settings(name: str, **fields: object) -> RunSettings:
    return RunSettings(ESTIMATES[name], RULES["gd"], alpha=0.1, epsilon=1e-4, **fields)


@pytest.mark.parametrize("name", RANDOM)
def test_draws_scatter_as_theory_says(name: str) -> None:
    found = draw(LOGISTIC, settings(name, seed=3), AT, 0, 2_000)
    assert found.bias < 4 * found.standard_error
    assert found.deviation == pytest.approx(found.deviation_in_theory, rel=0.08)
    assert found.mean == pytest.approx(found.exact, abs=4 * found.standard_error)


def test_lengths_in_theory() -> None:
    """E‖ĝ‖² = (N + 2)‖∇f‖² along a normal direction, N‖∇f‖² along signs or on an axis."""
    square = np.dot(*[LOGISTIC.gradient(*AT)] * 2)
    expected = {"gaussian": 4, "forward-gradient": 4, "spsa": 2, "random-coordinate": 2}
    for name, times in expected.items():
        theory = covariance(LOGISTIC, settings(name), AT)
        assert np.trace(theory) + square == pytest.approx(times * square)
    five = covariance(LOGISTIC, settings("evolution"), AT)
    assert five * 5 == pytest.approx(covariance(LOGISTIC, settings("gaussian"), AT))


def test_a_batch_of_all_rows_does_not_scatter() -> None:
    whole = settings("mini-batch", estimate_options={"rows": 40})
    found = draw(LOGISTIC, whole, AT, 0, 5)
    assert found.deviation == pytest.approx(0.0, abs=1e-12)
    assert found.deviation_in_theory == 0.0
    assert found.bias == pytest.approx(0.0, abs=1e-12)


def test_batches_scatter_as_theory_says_within_the_standard_error() -> None:
    """25,000 batches of 8 of 40 rows: the closed form with its factor for a finite population."""
    found = draw(LOGISTIC, settings("mini-batch", seed=5), AT, 0, 25_000)
    squares = np.sum((found.estimates - found.exact) ** 2, axis=1)
    error = squares.std() / np.sqrt(len(squares))
    variance = found.deviation_in_theory**2
    assert abs(squares.mean() - variance) < 4 * error
    assert error < 0.02 * variance  # with replacement it would be 39/32 of that
    entries = np.array([np.outer(g, g) for g in (found.estimates - found.exact)[:20_000]])
    off = np.abs(entries.mean(axis=0) - found.theory)
    assert (off < 4.5 * entries.std(axis=0) / np.sqrt(len(entries))).all()


def test_along_a_path_it_is_that_of_each_point() -> None:
    points = np.array([[0.7, -1.3], [0.1, 0.2], [-2.0, 1.0]])
    gradients = np.array(LOGISTIC.gradients(*points.T)).T
    for name in RANDOM:
        along = deviation_in_theory(LOGISTIC, settings(name), points, gradients)
        each = [covariance(LOGISTIC, settings(name), tuple(point)) for point in points]
        assert along == pytest.approx(np.sqrt([np.trace(one) for one in each]))
    assert deviation_in_theory(LOGISTIC, settings("mini-batch"), points[:0], points[:0]).size == 0
    assert deviation_in_theory(LOGISTIC, settings("central"), points, gradients) is None


def test_of_much_data_it_is_computed_at_some_points_of_a_path() -> None:
    noise = np.random.default_rng(0)
    x = noise.normal(size=2_000)
    data = Data({"x": tuple(x), "y": tuple(2 * x + noise.normal(size=len(x)))})
    f = FormulaObjective.from_text("mean((y - a*x - b)^2)", {}, data)
    points = np.linspace([0.0, 1.0], [2.0, 0.0], 101)
    along = deviation_in_theory(f, settings("mini-batch"), points, points)
    exact = [np.trace(covariance(f, settings("mini-batch"), tuple(p))) for p in points[[0, 50, 77]]]
    assert along[[0, 50, 77]] == pytest.approx(np.sqrt(exact), rel=0.02)


def test_where_f_is_not_linear_in_its_sums_a_batch_has_no_closed_form() -> None:
    data = Data({"x": (1.0, 2.0, 4.0), "y": (1.0, 0.0, 2.0)})
    f = FormulaObjective.from_text("sqrt(sum((y - a*x - b)^2))", {}, data)
    two = settings("mini-batch", estimate_options={"rows": 2})
    assert covariance(f, two, AT) is None
    assert deviation_in_theory(f, two, np.array([AT]), np.array([AT])) is None


def test_another_step_has_other_draws_and_the_same_has_the_same() -> None:
    one, same, other = (
        draw(LOGISTIC, settings("spsa"), AT, step, 20).estimates.tolist() for step in (3, 3, 4)
    )
    assert one == same
    assert one != other


def test_without_a_gradient_there_is_no_theory() -> None:
    bare = Objective.from_callable(lambda a, b: a * a + b)
    assert covariance(bare, settings("spsa"), AT) is None
    found = draw(bare, settings("spsa"), AT, 0, 10)
    assert np.isnan(found.bias)
    assert np.isnan(found.deviation_in_theory)
    assert found.deviation > 0
