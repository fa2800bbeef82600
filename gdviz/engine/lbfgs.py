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
from typing import Any

import numpy as np

from gdviz.engine.gradients import Estimate, Gradient
from gdviz.engine.objective import CountedObjective
from gdviz.engine.path import Status
from gdviz.engine.walk import Cancelled, Terms, Walk


def walk(f: CountedObjective, estimate: Estimate, terms: Terms) -> Walk:
    """Minimise with SciPy's defaults (memory 10, ftol 2.2e-9, gtol 1e-5), from `terms.start`.

    `terms.alpha` plays no part: the line search chooses the length of a step. L-BFGS-B works in
    float64; in a float32 walk it is handed float32 values and gradients.
    """
    # Costs 0.3 s: not on the way to the first frame, and only where it is asked for.
    from scipy.optimize import minimize

    real = f.real
    epsilon = real(terms.epsilon)
    a_low, a_high, b_low, b_high = terms.limits
    points: list[tuple[float, float]] = [terms.start]
    seen: dict[tuple[float, float], Gradient] = {}
    calls = [(0, 0, 0)]
    status = Status.STOPPED

    def both(theta: Any) -> tuple[float, Any]:
        if terms.cancelled():
            raise Cancelled
        a, b = real(theta[0]), real(theta[1])
        loss = float(f.value(a, b))
        try:
            gradient = estimate.function(f, a, b, epsilon, terms.representable)
        except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
            gradient = math.nan, math.nan
        seen[float(theta[0]), float(theta[1])] = gradient
        return loss, np.array(gradient, np.float64)

    def accept(intermediate_result: Any) -> None:
        nonlocal status
        a, b = map(float, intermediate_result.x)
        points.append((a, b))
        calls.append((f.values, f.gradients, f.hessians))
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
    after = (f.values, f.gradients, f.hessians)
    if status is Status.LEFT_MAP:
        return Walk(points, _at(points[:-1], seen), calls, status)
    if len(points) > terms.steps:
        status = Status.STEP_LIMIT
    elif not all(map(math.isfinite, seen.get(points[-1], (0.0, 0.0)))):
        status = Status.NOT_A_NUMBER
    # A search that found no better point, or what was asked at the last one.
    calls.append(after)
    return Walk(points, _at(points, seen), calls, status, _message(result.message))


def _at(points: list[tuple[float, float]], seen: dict[Any, Gradient]) -> list[Gradient]:
    return [seen[point] for point in points]


def _message(message: str | bytes) -> str:
    """Return SciPy's message as it stands within a sentence."""
    text = message.decode() if isinstance(message, bytes) else message
    return " ".join(text.split()).rstrip(".: ")
