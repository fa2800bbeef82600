"""The engine against loops by hand, SciPy's differences, bare NumPy and pyqtgraph's isocurve."""

import math
from functools import partial

import numpy as np
import pyqtgraph as pg
from scipy.optimize import approx_fprime

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.engine.analysis.grid import contours, sample
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.benchmarks.harness import Result, in_turn
from tests.engine.descent.run_method import run_method

START, ALPHA, EPSILON = (1.5, 4.0), 0.001, 1e-6
UNIT = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})


def descent() -> list[Result]:
    """(b) A step of analytic and of forward descent, all diagnostics on."""
    results = []
    for name, by_hand in (("analytic", _analytic_by_hand), ("forward", _forward_by_hand)):
        for steps in (200, 1000):
            for peer, loop, rounds, aim in (
                ("float loop by hand", by_hand, 60_000 // steps, 3),
                ("loop on approx_fprime", _scipy_loop, 6_000 // steps, 15),
            ):
                mine, theirs = in_turn(
                    partial(_descend, name, steps), partial(loop, steps), rounds, 1e6 / steps
                )
                results.append(
                    Result(f"(b) {name}, a step of {steps}", peer, mine, theirs, "µs", aim,
                           faster=aim == 15)
                )  # fmt: skip
    return results


def _descend(name: str, steps: int) -> Path:
    return run_method(
        UNIT, name, "gd", start=START, alpha=ALPHA, epsilon=EPSILON,
        steps=steps, bounds=SURFACES["sigmoid-unit"].home,
    )  # fmt: skip


def _gradient(a: float, b: float, x: float) -> tuple[float, float]:
    s = 1.0 / (1.0 + math.exp(-a * x))
    return b * x * s * (1.0 - s), s


def _analytic_by_hand(steps: int) -> list[tuple[float, float]]:
    a, b, x = *START, 1.0
    points = [(a, b)]
    for _ in range(steps):
        g_a, g_b = _gradient(a, b, x)
        a, b = a - ALPHA * g_a, b - ALPHA * g_b
        points.append((a, b))
    return points


def _f(a: float, b: float, x: float) -> float:
    return b / (1.0 + math.exp(-a * x))


def _forward_by_hand(steps: int) -> list[tuple[float, float]]:
    a, b, x = *START, 1.0
    points = [(a, b)]
    for _ in range(steps):
        here = _f(a, b, x)
        g_a = (_f(a + EPSILON, b, x) - here) / EPSILON
        g_b = (_f(a, b + EPSILON, x) - here) / EPSILON
        a, b = a - ALPHA * g_a, b - ALPHA * g_b
        points.append((a, b))
    return points


def _scipy_loop(steps: int) -> np.ndarray:
    theta = np.array(START)
    for _ in range(steps):
        theta = theta - ALPHA * approx_fprime(theta, lambda t: _f(t[0], t[1], 1.0), EPSILON)
    return theta


def grid() -> list[Result]:
    """(c) The 512² grid."""
    a, b = np.meshgrid(np.linspace(-6, 6, 512), np.linspace(-4, 5, 512))
    bare = {
        "sigmoid-unit": (lambda: b / (1 + np.exp(-a * 1.0)), Range(-6, 6, -4, 5)),
        "rosenbrock": (lambda: (1 - a) ** 2 + 100 * (b - a**2) ** 2, Range(-6, 6, -4, 5)),
        "himmelblau": (
            lambda: (a**2 + b - 11) ** 2 + (a + b**2 - 7) ** 2, Range(-6, 6, -4, 5),
        ),
    }  # fmt: skip
    results = []
    for name, (expression, extent) in bare.items():
        surface = SURFACES[name]
        objective = FormulaObjective.of(surface)
        mine, theirs = in_turn(
            lambda objective=objective, extent=extent: sample(objective, extent, 512),
            expression, 60,
        )  # fmt: skip
        results.append(
            Result(f"(c) 512² grid, {name}", "bare NumPy expression", mine, theirs, "ms", 1.3,
                   faster=False)
        )  # fmt: skip
    return results


def contour_lines() -> list[Result]:
    """(d) Twenty contour levels."""
    surface = SURFACES["himmelblau"]
    landscape = sample(FormulaObjective.from_text(surface.formula), surface.home, 512)
    levels = ColorScale.fit(landscape.values, "sqrt").levels(20)
    data = np.ascontiguousarray(landscape.values)

    def theirs() -> None:
        for level in levels:
            pg.isocurve(data, level, connected=True)

    mine, peers = in_turn(lambda: contours(landscape, levels), theirs, 3)
    return [
        Result("(d) 20 contour levels", "pyqtgraph.isocurve", mine, peers, "ms", 30, faster=True)
    ]
