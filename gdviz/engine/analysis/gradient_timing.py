"""How long one step's gradient takes, for each way of taking it that the ledgers compare."""

import math
import timeit
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from gdviz.engine.analysis.gradient_programs import (
    USUAL,
    VARIANTS,
    Options,
    gradient_programs,
)
from gdviz.engine.language.backends import MATH, NUMPY
from gdviz.engine.objectives.formula_objective import FormulaObjective


def seconds(
    objective: FormulaObjective,
    a: float,
    b: float,
    epsilon: float,
    *,
    names: tuple[str, ...] = USUAL,
    options: Options = (),
    shortest: float = 2e-3,
    repeats: int = 5,
    cancelled: Callable[[], bool] = bool,
) -> Mapping[str, float]:
    """Measure what one step takes, on the numbers of a descent, by the name of the variant.

    Each of :func:`gdviz.engine.analysis.gradient_programs.gradient_programs` is compiled and
    called again and again, the variants in turn; the fastest round counts, for nothing but the
    machine's other work makes one slower.

    Parameters
    ----------
    objective : FormulaObjective
        The function.
    a, b : float
        The point.
    epsilon : float
        The difference step ε.
    names, options
        Which variants, and with what options: as of
        :func:`~gdviz.engine.analysis.operation_counts.costs`.
    shortest : float, default 2e-3
        Seconds that one measurement takes at least.
    repeats : int, default 5
        How many rounds, each of which measures every variant once.
    cancelled : callable, optional
        Asked before each round; when it returns True the result is that of the rounds so far.

    Returns
    -------
    mapping of str to float
        Seconds. nan where f or its gradient is undefined or infinite: floats raise there.
    """
    formula = objective.formula
    # A formula over data runs on arrays; the others run on floats, as a descent does.
    backend, real = (NUMPY, np.float64) if formula.over_data else (MATH, float)
    arguments = zip(formula.arguments, objective.arguments(real), strict=True)
    point = dict(zip(formula.parameters, (real(a), real(b)), strict=True)) | dict(arguments)
    measured: dict[str, float] = {}
    rounds: dict[str, tuple[timeit.Timer, int]] = {}
    for name, program in gradient_programs(formula, names, options).items():
        some = VARIANTS[name].rows(objective.rows, options)
        taken = {n: x[:some] if n in formula.data else x for n, x in point.items()}
        timer = timeit.Timer(partial(program.compile(backend), *program.arguments(taken, epsilon)))
        try:
            calls, measured[name] = _calls(timer, shortest)
            rounds[name] = timer, calls
        except (ArithmeticError, ValueError):
            measured[name] = math.nan
    for _ in range(repeats):
        if cancelled():
            break
        for name, (timer, calls) in rounds.items():
            measured[name] = min(measured[name], timer.timeit(calls) / calls)
    return measured


def _calls(timer: timeit.Timer, shortest: float) -> tuple[int, float]:
    """Return how many calls take at least as long as `shortest`, and the seconds of one."""
    calls = 1
    while (taken := timer.timeit(calls)) < shortest:
        calls *= max(2, min(100, math.ceil(shortest / max(taken, 1e-9))))
    return calls, taken / calls
