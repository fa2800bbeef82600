"""Basins against single descents from some of the same starts, and against a quarter of them.

Two threads were tried and left: NumPy's operations on a block take 4 to 8 µs each, no longer than
to pass the interpreter's lock from one thread to the other, and together they took 1.2 times as
long as one. The gradient and the update alone are half of the time, and each of their operations
runs as fast as the cache gives the numbers.
"""

from functools import partial

import numpy as np

from gdviz.engine.analysis.basins import Basins, map_basins
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.benchmarks.harness import Result, in_turn
from tests.engine.descent.run_method import run_method

RESOLUTION, SAMPLE, ROUNDS = 256, 16, 7
EPSILON, STEPS = 1e-3, 200
CASES = (
    ("himmelblau", "analytic", "gd"),
    ("sigmoid-unit", "analytic", "gd"),
    ("sigmoid-unit", "forward", "gd"),
    ("three-hump-camel", "analytic", "gd"),
    ("rosenbrock", "analytic", "adam"),
    ("rosenbrock", "analytic", "newton"),
)


def basins() -> list[Result]:
    """(j) A start of 256² × 200 steps, and how the time grows with the starts."""
    results = []
    for surface, estimate, rule in CASES:
        ours = partial(_together, surface, estimate, rule, RESOLUTION)
        mine, peers = in_turn(ours, partial(_one_by_one, surface, estimate, rule), ROUNDS, 1e6)
        results.append(
            Result(f"(j) basins, {surface}, {estimate}, {rule}, a start", "descend in a loop",
                   _each(mine, RESOLUTION**2), _each(peers, SAMPLE**2), "µs", 30, faster=True)
        )  # fmt: skip
    for surface, estimate, rule in CASES[:2]:
        whole, quarter = in_turn(
            partial(_together, surface, estimate, rule, RESOLUTION),
            partial(_together, surface, estimate, rule, RESOLUTION // 2), 2 * ROUNDS,
        )  # fmt: skip
        results.append(
            Result(f"(j) basins, {surface}, 256²", "the same, 128²", whole, quarter, "ms", 4.8,
                   faster=False)
        )  # fmt: skip
    return results


def _each(times: tuple[float, float, float], starts: int) -> tuple[float, float, float]:
    low, middle, high = (time / starts for time in times)
    return low, middle, high


def _together(name: str, estimate: str, rule: str, resolution: int) -> Basins:
    surface = SURFACES[name]
    *_, basins = map_basins(
        FormulaObjective.from_text(surface.formula, surface.defaults),
        RunSettings(
            ESTIMATES[estimate], RULES[rule], alpha=surface.alpha, epsilon=EPSILON, steps=STEPS,
            bounds=surface.home,
        ),
        surface.home, resolution=resolution,
    )  # fmt: skip
    return basins


def _one_by_one(name: str, estimate: str, rule: str) -> None:
    surface = SURFACES[name]
    objective = FormulaObjective.from_text(surface.formula, surface.defaults)
    for a in np.linspace(surface.home.a_low, surface.home.a_high, SAMPLE).tolist():
        for b in np.linspace(surface.home.b_low, surface.home.b_high, SAMPLE).tolist():
            run_method(
                objective, estimate, rule, start=(a, b), alpha=surface.alpha,
                epsilon=EPSILON, steps=STEPS, bounds=surface.home,
            )  # fmt: skip
