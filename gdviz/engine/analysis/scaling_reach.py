"""What it costs in N to reach a loss, by gradients that cost the same whatever N is and others.

Gradient descent on logistic regression (:mod:`gdviz.engine.analysis.logistic_problem`) from θ = 0,
each way at the best α that a sweep finds. Two evaluations a step are not two evaluations to the
end: what is right on average needs an α that is smaller by its variance, about N times, and so more
steps, as long as N is below the rows of the data. From there on f bends in no more directions than
there are rows, and the steps grow no more [1]_.

References
----------
.. [1] S. Malladi et al., "Fine-tuning language models with just forward passes", NeurIPS 2023,
   section 4 (the rate depends on the Hessian's effective rank).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.logistic_problem import ROWS, VARIANTS, Counted, Problem
from gdviz.engine.analysis.scaling import powers
from gdviz.engine.descent.estimates.draws import Draws

#: The ways that are compared. Of those that give ∇f one stands for all: they take the same steps.
COMPARED = ("analytic", "forward-gradient", "spsa", "mini-batch")
#: The loss a row, of the log 2 at θ = 0.
LOSS = 0.47
#: The most steps of one path.
STEPS = 20_000
#: By how much α shrinks from one path of the sweep to the next, and how many there are below an
#: N-th of the largest.
_SMALLER, _BELOW = 2.0, 4


@dataclass(frozen=True, slots=True)
class Reached:
    """What one way took to reach the loss.

    Attributes
    ----------
    n : int
        The number of parameters N.
    variant : str
        A key of :data:`~gdviz.engine.analysis.logistic_problem.VARIANTS`.
    alpha : float
        The best learning rate; nan where none reached the loss.
    steps, evaluations, passes : int, float, float
        What it took with that one; nan where none reached it.
    """

    n: int
    variant: str
    alpha: float
    steps: float
    evaluations: float
    passes: float


def reach(
    ns: Sequence[int] = powers(),
    loss: float = LOSS,
    *,
    rows: int = ROWS,
    seed: int = 0,
    progress: Callable[[tuple[Reached, ...]], None] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> tuple[Reached, ...]:
    """Find what each way takes to reach a loss, for each N.

    Parameters
    ----------
    ns : sequence of int, default 1, 2, 4 … 4096
        The numbers of parameters N.
    loss : float, default 0.47
        The loss a row.
    rows, seed : int
        Of the made data and of what is drawn.
    progress : callable, optional
        Is handed the result so far after each N.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    found: tuple[Reached, ...] = ()
    for n in ns:
        problem = Problem.made(n, rows, seed)
        found = (*found, *(_best(problem, name, loss, seed, cancelled) for name in COMPARED))
        if progress is not None:
            progress(found)
    return found


def growth(found: Sequence[Reached], variant: str, rows: int = ROWS) -> float:
    """Return p where the steps grow like Nᵖ up to the rows of the data, on log–log axes.

    Parameters
    ----------
    found : sequence of Reached
        What was found.
    variant : str
        Of which way.
    rows : int, default 64
        The rows of the data.

    Returns
    -------
    float
        nan where fewer than two N reached the loss.
    """
    some = [row for row in found if row.variant == variant and row.n <= rows and row.steps > 0]
    if len(some) < 2:  # none of nan is more than 0
        return math.nan
    steps = np.log([row.steps for row in some])
    return float(np.polyfit(np.log([row.n for row in some]), steps, 1)[0])


def _best(
    problem: Problem, variant: str, loss: float, seed: int, cancelled: Callable[[], bool]
) -> Reached:
    """Sweep α downwards from the largest at which gradient descent is stable."""
    n = len(problem.theta)
    alpha = 8.0 / float(np.linalg.norm(problem.signed, 2)) ** 2  # 2/L, L = ‖X‖²/4
    best, limit = Reached(n, variant, *[math.nan] * 4), STEPS
    for _ in range(_BELOW + math.ceil(math.log(n, _SMALLER))):
        counted = Counted(problem, cancelled)
        steps = _steps(counted, variant, alpha, loss, limit, seed)
        if steps < limit:
            best = Reached(n, variant, alpha, steps, counted.evaluations, counted.passes)
            limit = steps  # no path has to be longer than the best
        alpha /= _SMALLER
    return best


def _steps(f: Counted, variant: str, alpha: float, loss: float, most: int, seed: int) -> int:
    """Return after how many steps f is at the loss; `most` where it is not before.

    Parameters
    ----------
    f : Counted
        The problem; what is asked of it beside the gradients is not counted.
    variant : str
        How the gradients are taken.
    alpha : float
        The learning rate.
    loss : float
        The loss a row.
    most : int
        The most steps.
    seed : int
        Of what is drawn.
    """
    problem, take = f.problem, VARIANTS[variant]
    theta, goal = np.zeros(f.n), loss * f.rows
    for step in range(most):
        value = problem.value(theta)
        if value <= goal:
            return step
        if not value < 1e3 * f.rows:
            return most
        if take.is_random:
            theta = theta - alpha * take.function(f, theta, Draws(seed, 0, step))
        else:
            theta = theta - alpha * take.function(f, theta)
        if step % 64 == 0 and f.is_cancelled():
            raise Cancelled
    return most
