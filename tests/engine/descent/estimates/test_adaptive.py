"""The ε that is chosen: near the best one there is, at least the calls that it says, and no nan."""

import math

import numpy as np
import pytest

from gdviz.engine.analysis.epsilon_sweep import sweep_epsilon
from gdviz.engine.descent.estimates.adaptive import best_steps
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES


def counted(text: str, precision: str = "float64") -> CountedObjective:
    return CountedObjective(FormulaObjective.from_text(text), precision)


@pytest.mark.parametrize(
    ("text", "a", "best"),
    [
        ("exp(a) + b", 1.0, (3 * 2.2e-16) ** (1 / 3)),  # f = f‴ but for b, which is 0
        ("sin(a) + 2 + b", 0.0, (3 * 2.2e-16 * 2) ** (1 / 3)),
        ("exp(100*a) + b", 0.01, (3 * 2.2e-16) ** (1 / 3) / 100),
        ("1e6*exp(a/1000) + b", 0.0, (3 * 2.2e-16) ** (1 / 3) * 1000),
    ],
)
def test_the_step_is_what_theory_says(text: str, a: float, best: float) -> None:
    """∛(3·eps·|f|/|f‴|), within the factor that a third difference with a tenth of noise leaves."""
    step, _ = best_steps(counted(text), a, 0.0)
    assert best / 1.5 < step < best * 1.5


def test_in_float32_it_is_longer() -> None:
    step, _ = best_steps(counted("exp(a) + b", "float32"), np.float32(1.0), np.float32(0.0))
    best = (3 * 1.2e-7) ** (1 / 3)
    assert isinstance(step, np.float32)
    assert best / 1.5 < step < best * 1.5


def test_where_there_is_no_third_derivative_the_step_is_long() -> None:
    steps = best_steps(counted("a^2 - 3*b"), 1.0, 0.0)
    assert steps == (1.0, 0.5)  # half of 1 + |x|
    flat = best_steps(counted("0*a + 7"), 0.0, 0.0)
    assert all(math.isfinite(step) and step > 0 for step in flat)


@pytest.mark.parametrize("surface", ["sigmoid-unit", "rosenbrock", "mccormick", "peaks", "ackley"])
def test_it_is_as_good_as_the_best_of_a_sweep(surface: str) -> None:
    objective = FormulaObjective.of(SURFACES[surface])
    at = (0.7, 0.45)
    f = CountedObjective(objective, "float64")
    g = ESTIMATES["adaptive"].bind(f, 0.0, False)(*at)
    sweep = sweep_epsilon(objective, at, estimates=("central",), precisions=("float64",))
    (curve,) = sweep.curves
    assert math.dist(g, objective.gradient(*at)) < 10 * curve.expected[curve.best]


def test_its_calls_are_counted() -> None:
    """Four values for a third difference and two for the central one, each way, or more."""
    f = counted("exp(a) + exp(b)")
    ESTIMATES["adaptive"].bind(f, 0.0, False)(0.3, 0.2)
    assert f.calls == (12, 0, 0)
    f = counted("exp(a) - 3*b")  # five are tried where f is a line
    ESTIMATES["adaptive"].bind(f, 0.0, False)(0.3, 0.2)
    assert f.calls[0] > 12


def test_beside_the_edge_of_the_domain_shorter_steps_are_tried() -> None:
    f = counted("log(a) + b")
    with np.errstate(all="ignore"):
        g = ESTIMATES["adaptive"].bind(f, 0.0, False)(1e-5, 0.0)
    assert g[0] == pytest.approx(1e5, rel=1e-6)
