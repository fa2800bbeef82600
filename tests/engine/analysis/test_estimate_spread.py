"""Many draws at one point: bias within its standard error, and the spread that theory says."""

import numpy as np
import pytest

from gdviz.engine.analysis.estimate_spread import covariance, draw
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
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
