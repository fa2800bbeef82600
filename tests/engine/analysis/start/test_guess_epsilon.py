"""A first ε, against functions on which it is known where forward differences vanish."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.start.guess_epsilon import guess_epsilon
from gdviz.engine.analysis.start.guess_start import step_for
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_SURFACE, SURFACES
from gdviz.experiment.experiment import Experiment

HOME, NEAR = Range(-5.0, 5.0, -5.0, 5.0), Range(-2.0, 2.0, -1.0, 3.0)


@pytest.mark.parametrize(
    ("text", "extent", "expected"),
    [
        ("a^2 + b^2", HOME, 1.0),  # they vanish at (−½, −½), a twentieth of 10 away
        ("a^2 + b^2", NEAR, 0.2),  # ε/2 may be 0.2, but a quarter of ∇f is exceeded before
        ("1e6*(a^2 + b^2)", HOME, 1.0),
        ("(1e3*a)^2 + b^2", Range(-0.13, 0.13, -130.0, 130.0), 0.02),
        ("(1 - a)^2 + 100*(b - a^2)^2", NEAR, 2e-4),  # 601·ε/2 in a, and 1,203·ε/2 in b, of 4
        ("log(a)^2 + b^2", Range(0.2, 5.0, -5.0, 5.0), 0.2),
        ("-log(a) - log(1 - a) + b^2", Range(0.04, 0.92, -1.0, 1.0), 0.05),
        ("a^4 + b^4", HOME, 0.5),  # the Hessian is zero, and they vanish at −ε/2
        ("3", HOME, 1.0),
        ("a + b", HOME, 1.0),
    ],
)
def test_known_functions(text: str, extent: Range, expected: float) -> None:
    start = (-1.2, 1.0) if extent == NEAR else (0.8 * extent.a_high, 0.6 * extent.b_high)
    assert guess_epsilon(FormulaObjective.from_text(text), extent, start) == expected


def test_the_first_experiments_epsilon_is_its_own() -> None:
    surface, first = SURFACES[DEFAULT_SURFACE], Experiment()
    found = guess_epsilon(FormulaObjective.of(surface), surface.home, first.start)
    assert found == first.epsilon


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "booth", "matyas", "rastrigin"])
def test_one_sees_what_it_does_and_paths_arrive(name: str) -> None:
    """Of forward differences from the built-in start, beside the path of the gradient."""
    surface = SURFACES[name]
    objective, size = FormulaObjective.of(surface), surface.home.a_high - surface.home.a_low
    epsilon = guess_epsilon(objective, surface.home, surface.start)
    ends = []
    for estimate in ("analytic", "forward"):
        settings = RunSettings(
            ESTIMATES[estimate], RULES["gd"], alpha=surface.alpha, epsilon=epsilon, steps=20_000,
            bounds=surface.home,
        )  # fmt: skip
        ends.append(descend(objective, settings, surface.start).theta[-1])
    assert 0.005 * size < np.abs(ends[1] - ends[0]).max() < 0.06 * size


@pytest.mark.parametrize("text", ["sqrt(a - 100)", "log(a)*log(b)", "1/a"])
def test_where_f_is_not_known_there_is_one_too(text: str) -> None:
    epsilon = guess_epsilon(FormulaObjective.from_text(text), HOME, (0.0, 0.0))
    assert 1e-3 <= epsilon <= 1.0


def test_without_second_derivatives_it_is_far_below_the_map() -> None:
    product = Objective.from_callable(lambda a, b: a * b)
    assert guess_epsilon(product, HOME, (1.0, 1.0)) == step_for(HOME)
