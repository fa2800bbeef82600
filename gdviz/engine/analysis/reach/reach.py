"""What it costs in N to reach a loss, by gradients that cost the same whatever N is and others.

Gradient descent on logistic regression (:mod:`gdviz.engine.analysis.logistic.problem`) from θ = 0,
each way at the best α that a sweep finds (:mod:`gdviz.engine.analysis.reach.race`). The path with
that α is then taken for real: what it asks for is counted, and its gradients are timed.

Two evaluations a step are not two evaluations to the end: what is right on average needs an α that
is smaller by its variance, about N times, and so more steps, as long as N is below the rows of the
data. From there on f bends in no more directions than there are rows, and the steps grow no
more [1]_.

References
----------
.. [1] S. Malladi et al., "Fine-tuning language models with just forward passes", NeurIPS 2023,
   section 4 (the rate depends on the Hessian's effective rank).
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.types import Array
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.logistic.problem import ROWS, Counted, Problem
from gdviz.engine.analysis.reach.directions import Given, drawn
from gdviz.engine.analysis.reach.race import Winner, race
from gdviz.engine.analysis.scaling import powers

#: The ways that are compared: the gradient, what two of those cost that give it at N times its
#: price, and all that is right on average alone, for which each needs an α of its own.
COMPARED = (
    "analytic", "forward", "forward-mode", "forward-gradient", "spsa", "gaussian", "evolution",
    "random-coordinate", "mini-batch",
)  # fmt: skip
#: Why the others are not.
LEFT_OUT = (
    "Central, Richardson and adaptive differences and kept margins give ∇f to many digits: they "
    "take the gradient's steps, each at what one gradient costs."
)
#: The loss a row, of the log 2 at θ = 0: just above the least there is with one parameter.
LOSS = 0.47
#: The most steps of one path: the budget.
STEPS = 5_000
#: Calls of a path that is taken for real. What takes more for ∇f at every step, and always the
#: same, is asked for as many steps as that allows, and multiplied.
_CALLS = 20_000
_MANY_CALLS = ("forward", "forward-mode")
#: The most rows: all α and paths of a race are held as arrays as long as the rows.
MOST_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Reached:
    """What one way took to reach the loss.

    Attributes
    ----------
    n : int
        The number of parameters N.
    variant : str
        A key of :data:`~gdviz.engine.analysis.logistic.gradients.VARIANTS`.
    least : float
        The least loss a row that there is, about.
    alpha : float
        The best learning rate; nan where none reached the loss, as in all that follows.
    steps, evaluations, passes, multiply_adds : float
        What the path took, as :class:`~gdviz.engine.analysis.logistic.problem.Counted` counts.
    seconds : float
        What its gradients took, without drawing: the median of the steps, for each of them.
    """

    n: int
    variant: str
    least: float
    alpha: float = math.nan
    steps: float = math.nan
    evaluations: float = math.nan
    passes: float = math.nan
    multiply_adds: float = math.nan
    seconds: float = math.nan


#: What is counted or timed, by field: title.
QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "steps": "Steps",
        "evaluations": "Evaluations",
        "passes": "Passes over the graph",
        "seconds": "Time in seconds",
    }
)


@dataclass(frozen=True)
class ReachResult:
    """What each way took so far, by N.

    Attributes
    ----------
    loss : float
        The loss a row that was to be reached.
    rows, seed : int
        Of the data, and of what was drawn.
    found : tuple of Reached
        As many as there are ways for each N, but for the last.
    """

    loss: float
    rows: int = ROWS
    seed: int = 0
    found: tuple[Reached, ...] = ()

    def curve(self, variant: str, quantity: str) -> tuple[Array, Array]:
        """Return the N where a way reached the loss, and what it took there.

        Parameters
        ----------
        variant : str
            Which way.
        quantity : str
            A key of :data:`QUANTITIES`.
        """
        some = [row for row in self.found if row.variant == variant and row.steps >= 0]
        n, took = [row.n for row in some], [getattr(row, quantity) for row in some]
        return np.array(n, np.float64), np.array(took, np.float64)

    def slope(self, variant: str, quantity: str, *, beyond: bool = False) -> float:
        """Return p where what it takes grows like Nᵖ, on log–log axes.

        Parameters
        ----------
        variant : str
            Which way.
        quantity : str
            A key of :data:`QUANTITIES`.
        beyond : bool, default False
            Fit it from as many parameters on as there are rows, and not up to there.

        Returns
        -------
        float
            nan where fewer than two N reached the loss.
        """
        n, took = self.curve(variant, quantity)
        fitted = (n >= self.rows if beyond else n <= self.rows) & (took > 0.0)
        if fitted.sum() < 2:
            return math.nan
        return float(np.polyfit(np.log(n[fitted]), np.log(took[fitted]), 1)[0])


def reach(
    ns: Sequence[int] = powers(),
    loss: float = LOSS,
    *,
    rows: int = ROWS,
    seed: int = 0,
    progress: Callable[[ReachResult], None] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> ReachResult:
    """Find what each way takes to reach a loss, for each N.

    Parameters
    ----------
    ns : sequence of int, default 1, 2, 4 … 4096
        The numbers of parameters N.
    loss : float, default 0.47
        The loss a row, below log 2, which it is at θ = 0.
    rows : int, default 64
        Of the made data, up to :data:`MOST_ROWS`.
    seed : int, default 0
        Of the data and of what is drawn.
    progress : callable, optional
        Is handed the result so far after each way.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    result = ReachResult(loss, rows, seed)
    for n in ns:
        for reached in _each(Problem.made(n, rows, seed), loss, seed, cancelled):
            result = replace(result, found=(*result.found, reached))
            if progress is not None:
                progress(result)
    return result


def _each(
    problem: Problem, loss: float, seed: int, cancelled: Callable[[], bool]
) -> Iterator[Reached]:
    """Race, and take the path of the winner; those that give ∇f have one race together."""
    rows, n = problem.signed.shape
    least = _least(problem) / rows
    winners: dict[str, Winner | None] = {}
    for variant in COMPARED:
        raced = variant if VARIANTS[variant].is_random else "analytic"
        if raced not in winners:
            can = loss > least
            winners[raced] = (
                race(problem, raced, loss * rows, STEPS, seed, cancelled) if can else None
            )
        nothing, winner = Reached(n, variant, least), winners[raced]
        if winner is None:
            yield nothing
        else:
            counted = Counted(problem, cancelled)
            times, is_there = _taken(counted, variant, winner, loss, seed)
            steps = len(times) if is_there else winner.steps
            done = len(times) / steps
            yield replace(
                nothing,
                alpha=winner.alpha,
                steps=float(steps),
                evaluations=counted.evaluations / done,
                passes=counted.passes / done,
                multiply_adds=counted.multiply_adds / done,
                seconds=steps * float(np.median(times)),
            )


def _taken(
    f: Counted, variant: str, winner: Winner, loss: float, seed: int
) -> tuple[list[float], bool]:
    """Take the path; return the seconds of each step's gradient, and whether it is there.

    Rounding may make it a step longer or shorter than it was in the race.
    """
    problem, way = f.problem, VARIANTS[variant]
    most = 2 * winner.steps
    if variant in _MANY_CALLS:
        most = min(most, max(1, _CALLS // f.n))
    stream = (
        _one_by_one(drawn(variant, f.n, f.rows, seed, winner.sample)) if way.is_random else None
    )
    theta = np.zeros(f.n)
    times: list[float] = []
    for _ in range(most):
        if problem.value(theta) <= loss * f.rows:
            return times, True
        if f.is_cancelled():
            raise Cancelled
        given = () if stream is None else (Given(next(stream)),)
        begin = time.perf_counter()
        gradient = way.function(f, theta, *given)
        times.append(time.perf_counter() - begin)
        theta = theta - winner.alpha * gradient
    return times, False


def _one_by_one(blocks: Iterator[Array]) -> Iterator[Array]:
    for block in blocks:
        yield from block


def _least(problem: Problem) -> float:
    """Return about the least value of f."""
    from scipy.optimize import minimize  # slow to import, and the window never needs it

    def both(theta: Array) -> tuple[float, Array]:
        return problem.value(theta), problem.gradient(theta)

    return float(minimize(both, np.zeros(len(problem.theta)), jac=True, method="L-BFGS-B").fun)
