"""The ε sweep against a loop over scalars, and a gradient in N parameters against SciPy's."""

import cmath
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import approx_fprime

from gdviz.engine.analysis.epsilon_sweep import steps, sweep_epsilon
from gdviz.engine.analysis.logistic.gradients import FORWARD_STEP, VARIANTS
from gdviz.engine.analysis.logistic.problem import Counted, Problem
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.benchmarks.harness import Result, in_turn

AT = (1.5, 4.0)
COUNT = 400
N = 1024


def epsilon_sweep() -> list[Result]:
    """(h) Four estimates × two precisions × 400 ε."""
    unit, epsilon = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0}), steps(COUNT)
    ours, theirs = partial(sweep_epsilon, unit, AT, epsilon=epsilon), partial(_by_hand, epsilon)
    for curve, errors in zip(ours().curves, theirs(), strict=True):
        # The same up to a few last digits of f, which a difference divides by ε.
        slack = 8 * np.finfo(curve.precision).eps * AT[1] * (1 + 1 / epsilon)
        assert (np.abs(curve.error - errors) <= slack).all(), (curve.estimate, curve.precision)
    mine, peers = in_turn(ours, theirs, 60)
    return [
        Result(f"(h) ε sweep, 4 × 2 × {COUNT}", "loop by hand on scalars", mine, peers, "ms", 5,
               faster=True, limit=16.7)
    ]  # fmt: skip


def _by_hand(epsilon: np.ndarray) -> list[list[float]]:
    """Return the errors by precision, and in each by estimate."""
    s = 1.0 / (1.0 + math.exp(-AT[0]))
    exact = AT[1] * s * (1.0 - s), s
    errors = []
    for real, exp, complex_exp in ((float, math.exp, cmath.exp), (np.float32, np.exp, np.exp)):
        f, complex_f = _unit(real, exp), _unit(real, complex_exp)
        a, b = map(real, AT)
        grid = [real(step) for step in epsilon]
        for estimate, g in (
            (_forward, f), (_backward, f), (_central, f), (_complex_step, complex_f),
        ):  # fmt: skip
            errors.append([_error(estimate(g, a, b, step), exact) for step in grid])
    return errors


def _unit(real: Callable, exp: Callable) -> Callable:
    x, one = real(1.0), real(1.0)

    def f(a: Any, b: Any) -> Any:
        return b / (one + exp(-a * x))

    return f


def _error(gradient: tuple[Any, Any], exact: tuple[float, float]) -> float:
    return math.hypot(gradient[0] - exact[0], gradient[1] - exact[1])


def _forward(f: Callable, a: Any, b: Any, step: Any) -> tuple[Any, Any]:
    here = f(a, b)
    return (f(a + step, b) - here) / step, (f(a, b + step) - here) / step


def _backward(f: Callable, a: Any, b: Any, step: Any) -> tuple[Any, Any]:
    here = f(a, b)
    return (here - f(a - step, b)) / step, (here - f(a, b - step)) / step


def _central(f: Callable, a: Any, b: Any, step: Any) -> tuple[Any, Any]:
    twice = step + step
    return (f(a + step, b) - f(a - step, b)) / twice, (f(a, b + step) - f(a, b - step)) / twice


def _complex_step(f: Callable, a: Any, b: Any, step: Any) -> tuple[Any, Any]:
    shift = step * 1j
    return f(a + shift, b).imag / step, f(a, b + shift).imag / step


def scaling() -> list[Result]:
    """(i) The gradient of logistic regression with 1024 parameters."""
    problem = Problem.made(N)
    theirs = partial(approx_fprime, problem.theta, problem.value, FORWARD_STEP)
    results = []
    for name, aim, faster in (("forward", 1.2, False), ("analytic", 100, True)):
        mine, peers = in_turn(partial(_gradient, name, problem), theirs, 60)
        results.append(
            Result(f"(i) {name} gradient, N = {N}", "approx_fprime", mine, peers, "ms", aim,
                   faster=faster)
        )  # fmt: skip
    return results


def _gradient(name: str, problem: Problem) -> np.ndarray:
    return VARIANTS[name].function(Counted(problem), problem.theta)
