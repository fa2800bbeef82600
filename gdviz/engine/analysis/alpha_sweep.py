"""The α sweep: where methods get in so many steps, for every learning rate.

Too small a rate does not arrive, too large a one diverges. Beside a minimum the border is known:
gradient descent needs α < 2/λmax of the Hessian there.

References
----------
.. [1] Y. Nesterov, *Introductory Lectures on Convex Optimization*, Kluwer 2004, section 1.2.3
   (the rates at which gradient descent converges).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.stability_bound import NO_BOUND, StabilityBound
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective

#: The learning rates.
SMALLEST, LARGEST, COUNT = 1e-6, 1e1, 60


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
    remarks : tuple of str, default ()
        What has to be known about f at the last point of each; may be empty.
    """

    label: str
    loss: Array
    statuses: tuple[Status, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RateSweep:
    """The curves so far.

    Attributes
    ----------
    alpha : ndarray, shape (n,)
        The learning rates, in the order in which they were run.
    curves : tuple of RateCurve
        By method.
    bound : StabilityBound
        2/λmax, above which gradient descent with exact gradients moves away from the minimum; with
        an empty sentence until all have run.
    """

    alpha: Array
    curves: tuple[RateCurve, ...]
    bound: StabilityBound = NO_BOUND


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
    return result


def _result(alpha: Array, methods: Iterable[str], paths: Sequence[Sequence[Path]]) -> RateSweep:
    curves = tuple(
        RateCurve(
            label,
            np.array([path.loss[-1] for path in run], np.float64),
            tuple(path.status for path in run),
            tuple(path.remark for path in run),
        )
        for label, run in zip(methods, paths, strict=True)
    )
    return RateSweep(alpha, curves)
