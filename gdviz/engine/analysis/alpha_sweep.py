"""The α sweep: where methods get in so many steps, for every learning rate.

Too small a rate does not arrive, too large a one diverges. Beside a minimum the border is known:
gradient descent needs α < 2/λmax of the Hessian there.

References
----------
.. [1] Y. Nesterov, *Introductory Lectures on Convex Optimization*, Kluwer 2004, section 1.2.3
   (the rates at which gradient descent converges).
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.taylor_models import StepModels, step_models
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.outcome_text import stationary_kind
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective

#: The learning rates.
SMALLEST, LARGEST, COUNT = 1e-6, 1e1, 60

#: The endings at a point that may lie beside a minimum.
_ARRIVED = frozenset({Status.STEP_LIMIT, Status.GRADIENT_VANISHED, Status.STOPPED})
#: So many of the lowest ends are tried.
_TRIED = 20
#: Newton's method from the lowest end to the minimum: its most steps, the most halvings of one,
#: and the length of one, in units of θ (at least 1), at which it has arrived.
_STEPS, _HALVINGS, _SETTLED = 100, 40, 1e-6


@dataclass(frozen=True, eq=False)
class RateCurve:
    """Where one method got, by α.

    Attributes
    ----------
    label : str
        The method's.
    loss : ndarray, shape (n,)
        f at the last point of each path; large, inf or nan where it diverged.
    statuses : tuple of Status
        How each path ended.
    """

    label: str
    loss: Array
    statuses: tuple[Status, ...]


@dataclass(frozen=True, eq=False)
class RateSweep:
    """The curves so far.

    Attributes
    ----------
    alpha : ndarray, shape (n,)
        The learning rates, in the order in which they were run.
    curves : tuple of RateCurve
        By method.
    minimum : (float, float) or None
        The minimum (a, b) below the lowest of all last points; None until all have run, and where
        there is none.
    largest_rate : float or None
        2/λmax at that minimum, above which gradient descent with exact gradients moves away from
        it.
    sentence : str
        The same for a person, or why there is none; empty until all have run.
    """

    alpha: Array
    curves: tuple[RateCurve, ...]
    minimum: tuple[float, float] | None = None
    largest_rate: float | None = None
    sentence: str = ""


def rates(count: int = COUNT) -> Array:
    """Return so many learning rates from 1e-6 to 10, equally spaced on a logarithmic axis."""
    return np.geomspace(SMALLEST, LARGEST, count)


def sweep_rates(
    objective: Objective,
    methods: Mapping[str, RunSettings],
    start: tuple[float, float],
    *,
    alpha: Sequence[float] | Array | None = None,
    progress: Callable[[RateSweep], None] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> RateSweep:
    """Run each method with each learning rate.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    methods : mapping of str to RunSettings
        What is run, by its name in the result; the learning rates in it play no part.
    start : (float, float)
        The point at step 0.
    alpha : array_like, shape (n,), optional
        The learning rates; by default :func:`rates`.
    progress : callable, optional
        Is handed the result so far after each learning rate.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Returns
    -------
    RateSweep

    Raises
    ------
    Cancelled
        If `cancelled` said so.

    Notes
    -----
    The minimum is where Newton's method with shortened steps, each of which lowers f, leads from
    the lowest last point (or the next one, up to twenty, where H is not positive definite on the
    way). That is not counted.
    """
    grid = rates() if alpha is None else np.asarray(alpha, np.float64)
    paths: list[list[Path]] = [[] for _ in methods]
    result = _result(grid, methods, paths)
    for done, rate in enumerate(grid.tolist(), 1):
        for settings, run in zip(methods.values(), paths, strict=True):
            settings = replace(settings, alpha=rate)
            run.append(descend(objective, settings, start, cancelled=cancelled))
        result = _result(grid[:done], methods, paths)
        if progress is not None:
            progress(result)
    found = _minimum(objective, [path for run in paths for path in run])
    if isinstance(found, str):
        return RateSweep(result.alpha, result.curves, sentence=found)
    # Newton's last step was shorter than that: what is smaller is round-off.
    a, b = (round(x / _SETTLED) * _SETTLED for x in found.at)
    sentence = (
        f"at the minimum ({a:.4g}, {b:.4g}) the Hessian's largest eigenvalue "
        f"is {found.eigenvalues[1]:.5g}: gradient descent converges there only with "
        f"α < {found.largest_rate:.5g}"
    )
    return RateSweep(result.alpha, result.curves, found.at, found.largest_rate, sentence)


def _result(alpha: Array, methods: Iterable[str], paths: Sequence[Sequence[Path]]) -> RateSweep:
    curves = tuple(
        RateCurve(
            label,
            np.array([path.loss[-1] for path in run], np.float64),
            tuple(path.status for path in run),
        )
        for label, run in zip(methods, paths, strict=True)
    )
    return RateSweep(alpha, curves)


def _minimum(objective: Objective, paths: Sequence[Path]) -> StepModels | str:
    """Return the models at the minimum below the lowest last point, or why there is none.

    A path that leaps about may end lowest beside a saddle or a maximum: then it is the next one's.
    """
    if objective.no_hessian:
        return f"{objective.no_hessian}: 2/λmax is unknown"
    ends = [path for path in paths if path.status in _ARRIVED and math.isfinite(path.loss[-1])]
    ends.sort(key=lambda path: float(path.loss[-1]))
    for path in ends[:_TRIED]:
        a, b = path.theta[-1].tolist()
        if (models := _descended(objective, (a, b))) is not None:
            return models
    if not ends:
        return "no α gives a path that ends on the map: 2/λmax is unknown"
    a, b = ends[0].theta[-1].tolist()
    return f"there is no minimum at or below ({a:.4g}, {b:.4g}): 2/λmax is unknown"


def _descended(objective: Objective, start: tuple[float, float]) -> StepModels | None:
    """Return the models at the minimum that Newton's method reaches, or None."""
    models = step_models(objective, start)
    for _ in range(_STEPS):
        if _is_settled(models) or (lower := _lower(objective, models)) is None:
            break
        models = lower
    (aa, ab), (_, bb) = models.hessian
    found = _is_settled(models) and stationary_kind((aa, ab, bb)) == "minimum"
    return models if found else None


def _is_settled(models: StepModels) -> bool:
    """Tell whether a Newton step to a minimum would go nowhere from here."""
    if models.newton_step is None or models.newton_remark:
        return False
    return math.hypot(*models.newton_step) <= _SETTLED * max(1.0, math.hypot(*models.at))


def _lower(objective: Objective, models: StepModels) -> StepModels | None:
    """Return the models after a Newton step, shortened until f falls; None if it does not."""
    if models.newton_step is None or models.newton_remark:
        return None
    to_a, to_b = models.newton_step.tolist()
    for _ in range(_HALVINGS):
        after = models.at[0] + to_a, models.at[1] + to_b
        if objective.value(*after) < models.value:
            return step_models(objective, after)
        to_a, to_b = to_a / 2, to_b / 2
    return None
