"""SciPy's methods with any gradient: C13 on Rosenbrock, counts, and how it ends."""

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


def path_of(estimate="analytic", objective=ROSENBROCK, rule="l-bfgs", **changes):
    fields = {
        "start": (-1.2, 1.0), "alpha": 1.0, "epsilon": 1e-2, "steps": 200,
        "bounds": Range(-2.0, 2.0, -1.0, 3.0),
    } | changes  # fmt: skip
    return run_method(objective, estimate, rule, **fields)


def test_an_exact_gradient_reaches_the_minimum_in_about_forty_evaluations():
    path = path_of()
    reference = minimize(rosen, (-1.2, 1.0), jac=rosen_der, method="L-BFGS-B")
    assert path.theta[-1] == pytest.approx((1.0, 1.0), abs=1e-4)
    assert path.gradients.sum() == path.values.sum() == reference.nfev
    assert 35 <= reference.nfev <= 50
    assert path.updates == reference.nit
    assert path.status is Status.STOPPED
    assert "gradient exceeds 10⁻⁵" in path.sentence or "lowered f by less" in path.sentence


def test_a_coarse_difference_gives_up_near_4_1():
    path = path_of("forward")
    assert path.loss[-1] == pytest.approx(4.13, abs=0.03)
    assert path.sentence.endswith("its line search found no lower point")


@pytest.mark.parametrize(
    ("formula", "start", "words"),
    [
        ("b*sigmoid(a)", (-6.0, 5.0), "no component of its gradient exceeds 10⁻⁵"),  # a plateau
        ("(a - b)^4 + a*b*0", (1.0, 0.5), "exceeds 10⁻⁵"),
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


# -- the others


@pytest.mark.parametrize(("rule", "method"), [("bfgs", "BFGS"), ("nelder-mead", "Nelder-Mead")])
def test_a_method_asks_for_what_scipy_asks_for(rule, method):
    path = path_of(rule=rule, bounds=Range(-9.0, 9.0, -9.0, 9.0))
    jac = rosen_der if rule == "bfgs" else None
    reference = minimize(rosen, (-1.2, 1.0), jac=jac, method=method)
    assert path.values.sum() == reference.nfev
    assert path.gradients.sum() == (reference.njev if rule == "bfgs" else 0)
    np.testing.assert_allclose(path.theta[-1], reference.x, rtol=1e-6)
    assert path.status is Status.STOPPED


def test_nelder_mead_takes_no_gradient_and_stays_the_same_whatever_the_estimate():
    path, other = (path_of(estimate, rule="nelder-mead") for estimate in ("analytic", "central"))
    np.testing.assert_array_equal(path.theta, other.theta)
    assert np.isnan(path.gradient).all()
    assert np.isfinite(path.exact_gradient).all()
    assert (np.diff(path.loss) <= 0.0).all()  # its best corner
    assert "are smaller than 0.0001" in path.sentence
    limited = path_of(rule="nelder-mead", steps=20)
    assert (limited.updates, limited.status) == (20, Status.STEP_LIMIT)


@pytest.mark.parametrize("fletcher_reeves", [0, 1])
def test_conjugate_directions_are_those_of_the_formula(fletcher_reeves):
    """Each step is along d = −ĝ + βd′, with β by hand."""
    path = path_of(rule="conjugate-gradient", options={"fletcher_reeves": fletcher_reeves})
    g, steps = path.gradient, np.diff(path.theta, axis=0)
    d = -g[0]
    for k in range(1, 8):
        change = g[k] if fletcher_reeves else g[k] - g[k - 1]
        d = max(0.0, g[k] @ change / (g[k - 1] @ g[k - 1])) * d - g[k]
        assert d @ g[k] < 0.0
        cross = d[0] * steps[k, 1] - d[1] * steps[k, 0]
        assert abs(cross) < 1e-9 * np.hypot(*d) * np.hypot(*steps[k])
        # Wolfe's conditions, as SciPy's search is asked for them.
        assert abs(g[k + 1] @ d) <= (0.1 if fletcher_reeves else 0.4) * abs(g[k] @ d)
    assert path.theta[-1] == pytest.approx((1.0, 1.0), abs=1e-4)
    assert "no component of its gradient exceeds 10⁻⁵" in path.sentence


def test_where_no_search_can_succeed_that_is_said():
    for rule in ("conjugate-gradient", "bfgs"):
        f = FormulaObjective.from_text("abs(a) + b^2")  # at a kink the gradient tells of no way
        path = path_of(rule=rule, objective=f, start=(1.0, 1.0))
        assert path.sentence.endswith("its line search found no lower point")


@pytest.mark.parametrize("rule", ["conjugate-gradient", "bfgs", "nelder-mead"])
def test_each_can_be_cancelled_and_leaves_the_map(rule):
    with pytest.raises(Cancelled):
        path_of(rule=rule, cancelled=lambda: True)
    path = path_of(rule=rule, objective=FormulaObjective.from_text("a - b"))
    assert path.status is Status.LEFT_MAP
    assert path.sentence.startswith("left the map")
