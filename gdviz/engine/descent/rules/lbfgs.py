"""L-BFGS-B, through SciPy, as an update rule: any gradient estimate can be given to it.

Its line search asks for f as well as for the gradient. All of these calls are the method's own
and are counted; those of a search stand with the point that the search began at.

References
----------
C. Zhu, R. H. Byrd, P. Lu and J. Nocedal, "Algorithm 778: L-BFGS-B", ACM Transactions on
Mathematical Software 23 (1997) 550–560.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.engine.descent.estimates.gradient_estimates import Gradient
from gdviz.engine.descent.path import Status, Trajectory
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective

#: What SciPy says at the end, by a part of it. "Convergence" is not among the words: it is told
#: of functions without a minimum as well.
_MESSAGES = {
    "NORM OF PROJECTED GRADIENT": "no component of its gradient exceeds 1e-5",
    "RELATIVE REDUCTION OF F": "its last step lowered f by less than 2.2e-9 of |f|",
    "ABNORMAL": "its line search found no lower point",
    "EVALUATIONS EXCEEDS LIMIT": "it has used all the evaluations it may take",
}


def minimise(
    f: CountedObjective,
    settings: RunSettings,
    start: tuple[float, float],
    cancelled: Callable[[], bool],
) -> Trajectory:
    """Minimise with SciPy's defaults: memory 10, ftol 2.2e-9, gtol 1e-5.

    The learning rate plays no part: the line search chooses the length of a step. L-BFGS-B works
    in float64; with float32 settings it is handed float32 values and gradients.

    Parameters
    ----------
    f : CountedObjective
        What is minimised, and counts.
    settings : RunSettings
        What the method runs with.
    start : (float, float)
        The point at step 0.
    cancelled : callable
        Asked at each evaluation; when it returns True the run ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    # Costs 0.3 s: not on the way to the first frame, and only where it is asked for.
    from scipy.optimize import minimize

    real, gradient_at = f.real, settings.gradient(f)
    a_low, a_high, b_low, b_high = settings.limits(start)
    gradients: dict[tuple[float, float], Gradient] = {}
    path = Trajectory([start[0]], [start[1]], status=Status.STOPPED)

    def evaluate(theta: Any) -> tuple[float, Any]:
        if cancelled():
            raise Cancelled
        a, b = real(theta[0]), real(theta[1])
        loss = float(f.value(a, b))
        try:
            gradient = gradient_at(a, b)
        except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
            gradient = math.nan, math.nan
        gradients[float(theta[0]), float(theta[1])] = gradient
        return loss, np.array(gradient, np.float64)

    def accept(intermediate_result: Any) -> None:
        a, b = map(float, intermediate_result.x)
        path.a.append(a)
        path.b.append(b)
        path.tallies.append(f.tally[0])
        if not (a_low <= a <= a_high and b_low <= b <= b_high):
            path.status = Status.LEFT_MAP
            raise StopIteration

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of infinities on the way, which the sentence reports
        result = minimize(
            evaluate,
            np.array(start),
            jac=True,
            method="L-BFGS-B",
            callback=accept,
            options={"maxiter": settings.steps, "maxfun": 20 * settings.steps + 100},
        )
    points = list(zip(path.a, path.b, strict=True))
    if path.status is Status.LEFT_MAP:
        points.pop()
    else:
        # A search that found no better point, or what was asked at the last one.
        path.tallies.append(f.tally[0])
        path.message = _message(result.message)
        if len(points) > settings.steps:
            path.status = Status.STEP_LIMIT
        elif not all(map(math.isfinite, gradients[points[-1]])):
            path.status = Status.NOT_A_NUMBER
    path.g_a, path.g_b = map(list, zip(*(gradients[point] for point in points), strict=True))
    return path


def _message(message: str | bytes) -> str:
    """Return in plain words why SciPy ended; what is not known stays as it is."""
    text = message.decode() if isinstance(message, bytes) else message
    plain = (words for begin, words in _MESSAGES.items() if begin in text)
    return next(plain, " ".join(text.split()).rstrip(".: "))


RULE = Rule(
    "l-bfgs",
    "L-BFGS",
    "SciPy's L-BFGS-B: a quasi-Newton direction and a line search, whose evaluations are counted "
    "as its own; α is not used",
    definition=(
        "SciPy's minimize with L-BFGS-B. PyTorch's LBFGS does not search along the line unless it "
        "is told to"
    ),
    formula="θ ← θ + the search's step",
    latex=r"\theta \leftarrow \theta + \mathrm{the\ search's\ step}",
    method=minimise,
    is_elementwise=False,
    values_beside=1,
)
