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
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.engine.descent.gradient_estimates import Estimate, Gradient
from gdviz.engine.descent.loop import Terms, Walk
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.objective import CountedObjective

_Point = tuple[float, float]
#: What SciPy says at the end, by a part of it. "Convergence" is not among the words: it is told
#: of functions without a minimum as well.
_MESSAGES = {
    "NORM OF PROJECTED GRADIENT": "no component of its gradient exceeds 1e-5",
    "RELATIVE REDUCTION OF F": "its last step lowered f by less than 2.2e-9 of |f|",
    "ABNORMAL": "its line search found no lower point",
    "EVALUATIONS EXCEEDS LIMIT": "it has used all the evaluations it may take",
}


def walk(f: CountedObjective, estimate: Estimate, terms: Terms) -> Walk:
    """Minimise with SciPy's defaults (memory 10, ftol 2.2e-9, gtol 1e-5), from `terms.start`.

    `terms.alpha` plays no part: the line search chooses the length of a step. L-BFGS-B works in
    float64; in a float32 walk it is handed float32 values and gradients.
    """
    # Costs 0.3 s: not on the way to the first frame, and only where it is asked for.
    from scipy.optimize import minimize

    real = f.real
    gradient_at = estimate.bind(f, real(terms.epsilon), terms.representable)
    a_low, a_high, b_low, b_high = terms.limits
    points: list[_Point] = [terms.start]
    seen: dict[_Point, Gradient] = {}
    tallies = [0]
    status = Status.STOPPED

    def both(theta: Any) -> tuple[float, Any]:
        if terms.cancelled():
            raise Cancelled
        a, b = real(theta[0]), real(theta[1])
        loss = float(f.value(a, b))
        try:
            gradient = gradient_at(a, b)
        except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
            gradient = math.nan, math.nan
        seen[float(theta[0]), float(theta[1])] = gradient
        return loss, np.array(gradient, np.float64)

    def accept(intermediate_result: Any) -> None:
        nonlocal status
        a, b = map(float, intermediate_result.x)
        points.append((a, b))
        tallies.append(f.tally[0])
        if not (a_low <= a <= a_high and b_low <= b <= b_high):
            status = Status.LEFT_MAP
            raise StopIteration

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of infinities on the way, which the ending reports
        result = minimize(
            both,
            np.array(terms.start),
            jac=True,
            method="L-BFGS-B",
            callback=accept,
            options={"maxiter": terms.steps, "maxfun": 20 * terms.steps + 100},
        )
    after = f.tally[0]
    if status is Status.LEFT_MAP:
        return _walk(points, points[:-1], seen, tallies, status)
    if len(points) > terms.steps:
        status = Status.STEP_LIMIT
    elif not all(map(math.isfinite, seen.get(points[-1], (0.0, 0.0)))):
        status = Status.NOT_A_NUMBER
    # A search that found no better point, or what was asked at the last one.
    tallies.append(after)
    return _walk(points, points, seen, tallies, status, _message(result.message))


def _walk(
    points: Sequence[_Point],
    taken: Sequence[_Point],
    seen: Mapping[_Point, Gradient],
    tallies: list[int],
    status: Status,
    message: str = "",
) -> Walk:
    """Return the walk over `points`, with the gradients that were taken at the first of them."""
    a, b = map(list, zip(*points, strict=True))
    g_a, g_b = map(list, zip(*(seen[point] for point in taken), strict=True))
    return Walk(a, b, g_a, g_b, tallies, status=status, message=message)


def _message(message: str | bytes) -> str:
    """Return in plain words why SciPy ended; what is not known stays as it is."""
    text = message.decode() if isinstance(message, bytes) else message
    plain = (words for begin, words in _MESSAGES.items() if begin in text)
    return next(plain, " ".join(text.split()).rstrip(".: "))
