"""Line searches, Barzilai and Borwein's steps and Polyak's: conditions, closed forms, counts."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import yours
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.step_lengths import MOST_TRIALS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

ROSENBROCK = FormulaObjective.from_text(SURFACES["rosenbrock"].formula)
BOWL = FormulaObjective.from_text("(a^2 + 25*b^2)/2")
EVERYWHERE = Range(-1e9, 1e9, -1e9, 1e9)


def path_of(rule, objective=ROSENBROCK, estimate="analytic", **changes):
    fields = {"start": (-1.2, 1.0), "alpha": 0.1, "epsilon": 1e-6, "steps": 60,
              "bounds": EVERYWHERE} | changes  # fmt: skip
    return run_method(objective, estimate, rule, **fields)


# -- line searches


@pytest.mark.parametrize("wolfe", [0, 1])
def test_each_step_of_a_line_search_meets_its_conditions(wolfe):
    options = {"decrease": 0.1, "curvature": 0.6, "wolfe": wolfe}
    path = path_of("line-search", options=options, alpha=1e-4 if wolfe else 0.1)
    g, steps = path.gradient[:-1], np.diff(path.theta, axis=0)
    square = (g**2).sum(axis=1)
    t = -(steps * g).sum(axis=1) / square
    np.testing.assert_allclose(steps, -t[:, None] * g, atol=1e-12)
    assert (path.loss[1:] <= path.loss[:-1] - 0.1 * t * square + 1e-12).all()
    halvings = np.log2(t / 0.1)
    if wolfe:
        left = (path.exact_gradient[1:] * g).sum(axis=1)
        assert (left <= 0.6 * square * (1 + 1e-9)).all()
        assert (t > 1e-4).any()  # doubled
    else:
        np.testing.assert_allclose(halvings, np.round(halvings), atol=1e-6)
        assert halvings.max() <= 0


def test_every_trial_is_counted_and_none_twice():
    """On a²/2 from 1 with α = 4: t = 4 and 2 do not lower f, t = 1 reaches the minimum."""
    f = FormulaObjective.from_text("a^2/2 + 0*b")
    path = path_of("line-search", f, start=(1.0, 0.0), alpha=4.0)
    assert path.theta.tolist() == [[1.0, 0.0], [0.0, 0.0]]
    assert path.values.tolist() == [1 + 3, 0]  # f at the start, and at each trial
    assert path.gradients.tolist() == [1, 1]
    assert path.status is Status.ESTIMATE_VANISHED
    # With Wolfe's condition the gradient at the last trial is the next point's.
    path = path_of("line-search", f, start=(1.0, 0.0), alpha=4.0, options={"wolfe": 1})
    assert path.gradients.tolist() == [2, 0]
    # A forward difference: three values for a gradient.
    path = path_of("line-search", f, "forward", start=(1.0, 0.0), alpha=4.0, steps=1)
    assert path.values.tolist() == [3 + 1 + 3, 0]


def test_a_wolfe_search_doubles_steps_that_are_too_short():
    """On a²/2 the slope left at θ − tĝ is 1 − t of it: c₂ = 0.6 needs t ≥ 0.4, by doubling 0.64."""
    f = FormulaObjective.from_text("a^2/2 + 0*b")
    path = path_of("line-search", f, start=(1.0, 0.0), alpha=0.01, steps=1,
                   options={"wolfe": 1, "curvature": 0.6})  # fmt: skip
    assert path.theta[1, 0] == pytest.approx(1 - 0.64)
    assert path.values.sum() == 1 + 7  # 0.01, 0.02, … 0.64
    assert path.gradients.sum() == 1 + 7


def test_a_search_that_finds_nothing_ends_the_path_and_says_so():
    """A gradient with the wrong sign leads uphill, however short the step is."""
    wrong = yours(tuple(FormulaObjective.from_text(text) for text in ("-a + 0*b", "-b + 0*a")))
    f = FormulaObjective.from_text("(a^2 + b^2)/2")
    path = path_of("line-search", f, wrong, start=(2.0, -3.0))
    assert path.updates == 0
    assert path.status is Status.STOPPED
    assert path.sentence.endswith("its line search found no step that meets its conditions")
    assert path.values.tolist() == [1 + MOST_TRIALS]


def test_a_wolfe_search_where_f_falls_without_end_says_so():
    path = path_of("line-search", FormulaObjective.from_text("a - b"), options={"wolfe": 1})
    assert path.updates == 0
    assert path.sentence.endswith("f falls on along its line search, as far as that looks")


def test_a_line_search_does_not_leave_the_domain():
    path = path_of("line-search", FormulaObjective.from_text("a - log(a) + b^2"),
                   start=(3.0, 1.0), alpha=50.0)  # fmt: skip
    assert (path.theta[:, 0] > 0.0).all()
    assert path.theta[-1] == pytest.approx((1.0, 0.0), abs=1e-3)


# -- Barzilai and Borwein


@pytest.mark.parametrize("short", [0, 1])
def test_the_steps_of_barzilai_and_borwein_by_hand(short):
    path = path_of("barzilai-borwein", BOWL, start=(3.0, 1.0), steps=6, options={"short": short})
    theta, g = path.theta, path.gradient
    np.testing.assert_allclose(theta[1], theta[0] - 0.1 * g[0])
    for k in range(1, 6):
        s, y = theta[k] - theta[k - 1], g[k] - g[k - 1]
        t = s @ y / (y @ y) if short else s @ s / (s @ y)
        assert 1 / 25 <= t <= 1.0  # a Rayleigh quotient of the Hessian, whose eigenvalues are 1, 25
        np.testing.assert_allclose(theta[k + 1], theta[k] - t * g[k], rtol=1e-9, atol=1e-12)


def test_barzilai_and_borwein_converge_faster_than_linearly_in_two_dimensions():
    path = path_of("barzilai-borwein", BOWL, start=(3.0, 1.0))
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.updates <= 15
    best = path_of("gd", BOWL, start=(3.0, 1.0), alpha=2 / 26, steps=path.updates)
    assert path.loss[-1] < 1e-10 * best.loss[-1]


def test_where_f_is_concave_a_step_takes_alpha():
    path = path_of("barzilai-borwein", FormulaObjective.from_text("-a^2 - b^2"),
                   start=(1.0, 0.5), steps=5)  # fmt: skip
    np.testing.assert_allclose(path.theta, np.outer(1.2 ** np.arange(6), (1.0, 0.5)))


# -- Polyak


def test_polyaks_step_by_hand():
    """On ‖θ‖²/2 with f* = 0 each step halves θ; a higher f* stops at its contour."""
    f = FormulaObjective.from_text("(a^2 + b^2)/2")
    path = path_of("polyak", f, start=(3.0, -1.0), steps=10)
    np.testing.assert_allclose(path.theta, np.outer(0.5 ** np.arange(11), (3.0, -1.0)))
    assert path.values.tolist() == [1] * 10 + [0]
    path = path_of("polyak", f, start=(3.0, -1.0), options={"minimum": 2.0})
    assert path.loss[-1] == pytest.approx(2.0)
    path = path_of("polyak", f, start=(1.0, 1.0), options={"minimum": 2.0}, steps=3)
    np.testing.assert_array_equal(path.theta, np.ones((4, 2)))


def test_polyaks_step_never_leads_away_from_the_minimum_of_a_convex_function():
    for text in ("(a^2 + 25*b^2)/2", "abs(a) + 3*abs(b)", "log(cosh(a)) + b^4"):
        path = path_of("polyak", FormulaObjective.from_text(text), start=(2.0, 1.5), steps=40)
        distance = np.hypot(*path.theta.T)
        assert (np.diff(distance) <= 1e-12).all()
        assert distance[-1] < 0.7 * distance[0]
