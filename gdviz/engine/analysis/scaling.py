"""What a gradient costs in N, counted and timed, for N up to thousands.

Each way to the gradient of logistic regression (:mod:`gdviz.engine.analysis.logistic.problem`) is
run for each N, and its result compared with the exact gradient: agreement is measured, not assumed.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.logistic.problem import ROWS, Counted, Problem

LARGEST = 4096
#: A gradient is timed again until so many seconds or repeats are spent; the best one counts.
_SECONDS, _REPEATS = 0.05, 50
#: Slopes are fitted to N from the largest down to this part of it, where constant parts of the
#: cost no longer count.
_FITTED = 1 / 16


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one gradient with N parameters cost, and how far it is from the exact one.

    Attributes
    ----------
    n : int
        The number of parameters N.
    variant : str
        A key of :data:`~gdviz.engine.analysis.logistic.gradients.VARIANTS`.
    evaluations, passes, multiply_adds : float, float, int
        As :class:`Counted` counts them.
    seconds : float
        The best time.
    relative_error : float
        ‖ĝ − ∇f‖/‖∇f‖, where ∇f is the analytic gradient, or for itself that of complex steps.
    """

    n: int
    variant: str
    evaluations: float
    passes: float
    multiply_adds: int
    seconds: float
    relative_error: float


#: What a measurement counts or times, by field: title.
QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "evaluations": "Evaluations",
        "passes": "Passes over the graph",
        "multiply_adds": "Multiply-adds",
        "seconds": "Time in seconds",
    }
)


@dataclass(frozen=True)
class ScalingResult:
    """The measurements so far, by N and in each by variant.

    Attributes
    ----------
    rows : int
        The number of data points m.
    measurements : tuple of Measurement
        As many as there are variants for each N.
    """

    rows: int
    measurements: tuple[Measurement, ...] = ()

    def curve(self, variant: str, quantity: str) -> tuple[Array, Array]:
        """Return the N and what a variant cost, or its relative error, at each.

        Parameters
        ----------
        variant : str
            A key of :data:`~gdviz.engine.analysis.logistic.gradients.VARIANTS`.
        quantity : str
            A key of :data:`QUANTITIES`, or ``"relative_error"``.
        """
        chosen = [row for row in self.measurements if row.variant == variant]
        n, values = [row.n for row in chosen], [getattr(row, quantity) for row in chosen]
        return np.array(n, np.float64), np.array(values, np.float64)

    def slope(self, variant: str, quantity: str) -> float:
        """Return p where the cost grows like Nᵖ, fitted to the larger N on log–log axes.

        Returns
        -------
        float
            nan where there are fewer than two N yet.
        """
        n, cost = self.curve(variant, quantity)
        if len(n) < 2:
            return math.nan
        fitted = n >= min(_FITTED * n.max(), np.sort(n)[-2])
        return float(np.polyfit(np.log(n[fitted]), np.log(cost[fitted]), 1)[0])


def powers(largest: int = LARGEST) -> tuple[int, ...]:
    """Return the powers of two from 1 to `largest`."""
    return tuple(2**k for k in range(largest.bit_length()))


def scale(
    ns: Sequence[int] = powers(),
    *,
    rows: int = ROWS,
    seed: int = 0,
    progress: Callable[[ScalingResult], None] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> ScalingResult:
    """Count and time the gradient's variants for each N.

    Parameters
    ----------
    ns : sequence of int, default 1, 2, 4 … 4096
        The numbers of parameters N.
    rows, seed : int
        Of the made data; see :meth:`~gdviz.engine.analysis.logistic.problem.Problem.made`.
    progress : callable, optional
        Is handed the result so far after each N.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Returns
    -------
    ScalingResult

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    result = ScalingResult(rows)
    for n in ns:
        problem = Problem.made(n, rows, seed)
        measured = tuple(_measurements(problem, cancelled))
        result = ScalingResult(rows, (*result.measurements, *measured))
        if progress is not None:
            progress(result)
    return result


def _measurements(problem: Problem, cancelled: Callable[[], bool]) -> Iterator[Measurement]:
    theta = problem.theta
    exact = problem.gradient(theta)
    for variant in VARIANTS.values():
        times: list[float] = []
        if variant.is_random:
            variant.function(Counted(problem, cancelled), theta)  # drawing is not what is timed
        while not times or (sum(times) < _SECONDS and len(times) < _REPEATS):
            counted = Counted(problem, cancelled)
            begin = time.perf_counter()
            gradient = variant.function(counted, theta)
            times.append(time.perf_counter() - begin)
        reference = problem.complex_step_gradient(theta) if variant.name == "analytic" else exact
        yield Measurement(
            n=len(theta),
            variant=variant.name,
            evaluations=counted.evaluations,
            passes=counted.passes,
            multiply_adds=counted.multiply_adds,
            seconds=min(times),
            relative_error=float(np.linalg.norm(gradient - reference) / np.linalg.norm(reference)),
        )
