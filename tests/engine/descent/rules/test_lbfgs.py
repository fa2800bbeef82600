"""L-BFGS-B with any gradient: C13 on Rosenbrock, counts, and how it ends."""

import numpy as np
import pytest
from scipy.optimize import minimize, rosen, rosen_der

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

ROSENBROCK = FormulaObjective.from_text(SURFACES["rosenbrock"].formula)


def path_of(estimate="analytic", objective=ROSENBROCK, **changes):
    options = {
        "start": (-1.2, 1.0), "alpha": 1.0, "epsilon": 1e-2, "steps": 200,
        "bounds": Range(-2.0, 2.0, -1.0, 3.0),
    } | changes  # fmt: skip
    return run_method(objective, estimate, "l-bfgs", **options)


def test_an_exact_gradient_reaches_the_minimum_in_about_forty_evaluations():
    path = path_of()
    reference = minimize(rosen, (-1.2, 1.0), jac=rosen_der, method="L-BFGS-B")
    assert path.theta[-1] == pytest.approx((1.0, 1.0), abs=1e-4)
    assert path.gradients.sum() == path.values.sum() == reference.nfev
    assert 35 <= reference.nfev <= 50
    assert path.updates == reference.nit
    assert path.status is Status.STOPPED
    assert "gradient exceeds 1e-5" in path.sentence or "lowered f by less" in path.sentence


def test_a_coarse_difference_gives_up_near_4_1():
    path = path_of("forward")
    assert path.loss[-1] == pytest.approx(4.13, abs=0.03)
    assert path.sentence.endswith("its line search found no lower point")


@pytest.mark.parametrize(
    ("formula", "start", "words"),
    [
        ("b*sigmoid(a)", (-6.0, 5.0), "no component of its gradient exceeds 1e-5"),  # a plateau
        ("(a - b)^4 + a*b*0", (1.0, 0.5), "exceeds 1e-5"),
    ],
)
def test_it_never_says_that_it_converged_where_there_may_be_no_minimum(formula, start, words):
    path = path_of(
        objective=FormulaObjective.from_text(formula), start=start,
        bounds=Range(-20.0, 20.0, -20.0, 20.0),
    )  # fmt: skip
    assert words in path.sentence
    assert "converge" not in path.sentence.lower()


def test_a_fine_difference_does_as_well_as_the_gradient():
    assert path_of("forward", epsilon=1e-8).loss[-1] < 1e-8


def test_the_searches_are_charged_to_the_method():
    path = path_of("forward")
    # At each point asked: one value for the search, N + 1 = 3 for the difference.
    assert path.values.sum() % 4 == 0
    assert path.values.sum() > 4 * len(path)
    assert path.evaluations.sum() == path.values.sum()
    assert path.gradients.sum() == 0


def test_the_gradients_are_those_at_the_points():
    path = path_of("central")
    for k in range(path.gradients_taken):
        a, b = path.theta[k]
        by_hand = [
            (ROSENBROCK.value(a + 1e-2, b) - ROSENBROCK.value(a - 1e-2, b)) / 2e-2,
            (ROSENBROCK.value(a, b + 1e-2) - ROSENBROCK.value(a, b - 1e-2)) / 2e-2,
        ]
        assert path.gradient[k] == pytest.approx(by_hand, rel=1e-9, abs=1e-9)


def test_the_learning_rate_plays_no_part():
    np.testing.assert_array_equal(path_of(alpha=1.0).theta, path_of(alpha=1e-3).theta)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"steps": 5}, Status.STEP_LIMIT),
        ({"objective": FormulaObjective.from_text("a - b"), "steps": 50}, Status.LEFT_MAP),
        ({"objective": FormulaObjective.from_text("log(a) + b^2"), "start": (-1.0, 1.0)},
         Status.UNDEFINED),
        ({"start": (1.0, 1.0)}, Status.STOPPED),
    ],
)  # fmt: skip
def test_endings(changes, status):
    path = path_of(**changes)
    assert path.status is status
    assert len(path.theta) == len(path.loss) == len(path.evaluations)
    if status is Status.STEP_LIMIT:
        assert path.updates == 5


def test_float32_is_handed_float32():
    objective = FormulaObjective.from_text("(a - 1)^2 + (b + 2)^2")
    path = path_of(objective=objective, precision="float32")
    assert path.theta[-1] == pytest.approx((1.0, -2.0), abs=1e-3)


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        path_of(cancelled=lambda: True)


def test_it_says_what_it_stopped_at():
    minimum = path_of(objective=FormulaObjective.from_text("a^2 + b^2"), start=(1.0, 0.5))
    assert "at a minimum with f = " in minimum.sentence
    saddle = path_of(objective=FormulaObjective.from_text("a^2 - b^2"), start=(1.0, 0.0))
    assert saddle.theta[-1] == pytest.approx((0.0, 0.0), abs=1e-6)
    assert "at a saddle point with f = " in saddle.sentence


def test_in_a_valley_of_minima_it_says_so():
    objective = FormulaObjective.from_text("(a*b - 1)^2")
    path = path_of(objective=objective, start=(2.0, 1.0))
    assert path.sentence.startswith(f"stopped at step {path.updates} in a valley of minima with f")
