"""A random estimate drawn many times: in a sentence, along a path, and as steps on the map."""

import math
import time
from dataclasses import dataclass
from functools import partial

import numpy as np

from gdviz.base.format import number
from gdviz.base.types import Array
from gdviz.engine.analysis.estimate_spread import Spread, deviation_in_theory, draw
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.captions import method_title
from gdviz.scene.scene import Run, Scene

#: How often an estimate is drawn for its spread: of a formula, and over data, which takes longer.
_DRAWS, _DRAWS_OVER_DATA = 1000, 100
#: Of code, where all of them take so many seconds at most.
_DRAWS_OF_CODE, _PATIENCE = 50, 1.0
#: Draws that are drawn one by one; mean and covariance are of all.
_DOTS = 200
_ROUND = np.linspace(0.0, math.tau, 73)
#: Of the longer axis of an ellipse: a shorter one is what rounding and the difference leave.
_FLAT = 1e-3


@dataclass(frozen=True, eq=False)
class StepCloud:
    """Where steps −α·ĝ from a point would lead, by many draws of ĝ.

    Attributes
    ----------
    at : ndarray, shape (2,)
        The point θ.
    ends : ndarray, shape (n, 2)
        θ − α·ĝ of the first draws.
    count : int
        How many draws mean and covariance are of.
    mean : ndarray, shape (2,)
        The mean of the ends of all draws.
    exact : ndarray, shape (2,)
        θ − α∇f; nan where ∇f is not known.
    covariance : ndarray, shape (2, 2)
        Of the ends of all draws.
    theory : ndarray, shape (2, 2), or None
        The same in theory, as ε → 0; None where it is not known.
    of : str
        Whose step it is; empty where that is said elsewhere.
    step : int or None
        Which one; None where that is said elsewhere.
    """

    at: Array
    ends: Array
    count: int
    mean: Array
    exact: Array
    covariance: Array
    theory: Array | None
    of: str = ""
    step: int | None = None

    @property
    def is_flat(self) -> bool:
        """Whether the draws lie on a line, as signs and axes do with two parameters."""
        shorter, longer = np.linalg.eigvalsh(self.covariance)
        return bool(shorter <= _FLAT**2 * longer)


def step_cloud(
    spread: Spread,
    at: tuple[float, float],
    alpha: float,
    of: str = "",
    step: int | None = None,
) -> StepCloud | None:
    """Return the steps by the draws of an estimate, or None where not all are numbers.

    Parameters
    ----------
    spread : Spread
        The draws.
    at : (float, float)
        The point they were drawn at.
    alpha : float
        The learning rate α of the step.
    of : str, default ""
        Whose step it is.
    step : int, optional
        Which one.
    """
    theta = np.array(at)
    ends = theta - alpha * spread.estimates
    if not np.isfinite(ends).all():
        return None
    return StepCloud(
        theta,
        ends[:_DOTS],
        len(ends),
        theta - alpha * spread.mean,
        theta - alpha * spread.exact,
        alpha**2 * spread.covariance,
        None if spread.theory is None else alpha**2 * spread.theory,
        of,
        step,
    )


def ellipse(center: Array, covariance: Array) -> Array:
    """Return a line around the points one standard deviation off: xᵀΣ⁻¹x = 1.

    Parameters
    ----------
    center : ndarray, shape (2,)
        The mean.
    covariance : ndarray, shape (2, 2)
        Σ; where it is singular the line goes there and back.

    Returns
    -------
    ndarray, shape (2, 73)
    """
    variances, axes = np.linalg.eigh(covariance)
    arms = axes * np.sqrt(np.maximum(variances, 0.0))
    points: Array = center[:, None] + arms @ np.array([np.cos(_ROUND), np.sin(_ROUND)])
    return points


def cloud_caption(cloud: StepCloud, settings: RunSettings) -> str:
    """Say what is drawn of a cloud on the map.

    Parameters
    ----------
    cloud : StepCloud
        What is drawn.
    settings : RunSettings
        What the method runs with.
    """
    shown = len(cloud.ends)
    parts = [f"{f'{shown:,} of them' if shown < cloud.count else 'all'} as steps −α·ĝ (dots)"]
    parts.append("their mean (ring)")
    if np.isfinite(cloud.exact).all():
        parts.append("the exact step −α∇f (arrow)")
    parts.append(f"one standard deviation ({'line' if cloud.is_flat else 'ellipse'}")
    if cloud.theory is not None:
        limit = " as ε → 0" if settings.estimate.uses_epsilon else ""
        parts[-1] += f"; dashed: in theory{limit}"
    drawn = f"On the map: {', '.join(parts)})."
    if settings.rule.name == "gd":
        return drawn
    return f"{drawn} So gradient descent would step; {settings.rule.title} makes its own of each ĝ."


def spread_at(objective: Objective, run: Run, step: int, *, of_code: bool = False) -> Spread | None:
    """Draw a run's random estimate at a step; None of others.

    Parameters
    ----------
    objective : Objective
        The function.
    run : Run
        The method and its path.
    step : int
        A step of the path.
    of_code : bool, default False
        Whether code is drawn from as well, if it is quick: fewer times, and not where anybody
        waits for the frame.
    """
    if not run.settings.estimate.is_random:
        return None
    a, b = run.path.theta[step].tolist()
    drawn = partial(draw, objective, run.settings, (a, b), step)
    if math.isfinite(objective.effort("value")):
        return drawn(_DRAWS if objective.rows == 1 else _DRAWS_OVER_DATA)
    if not of_code:
        return None
    begin = time.perf_counter()
    drawn(2)
    is_quick = (time.perf_counter() - begin) / 2 * _DRAWS_OF_CODE < _PATIENCE
    return drawn(_DRAWS_OF_CODE) if is_quick else None


def cloud_of(run: Run, step: int, spread: Spread) -> StepCloud | None:
    """Return the draws of a run's estimate at a step as steps, or None where not all are numbers.

    Parameters
    ----------
    run : Run
        The method and its path.
    step : int
        A step of the path.
    spread : Spread
        The draws there.
    """
    a, b = run.path.theta[step].tolist()
    return step_cloud(spread, (a, b), run.settings.alpha_at(step), method_title(run.method), step)


def clouds_at(scene: Scene, step: int) -> tuple[StepCloud | None, ...]:
    """Return a cloud for each run of a scene whose estimate draws.

    Parameters
    ----------
    scene : Scene
        Whose runs.
    step : int
        Of which step.

    Returns
    -------
    tuple of (StepCloud or None)
        None where the run takes no gradient at that step, or not all draws are numbers, or code
        takes too long.
    """
    found: list[StepCloud | None] = []
    for run in drawing_runs(scene):
        is_taken = step < run.path.gradients_taken
        spread = spread_at(scene.objective, run, step, of_code=True) if is_taken else None
        found.append(None if spread is None else cloud_of(run, step, spread))
    return tuple(found)


def drawing_runs(scene: Scene) -> list[Run]:
    """Return the runs of a scene whose estimate draws, and is used."""
    return [
        run
        for run in scene.runs
        if run.settings.estimate.is_random and run.settings.rule.uses_gradient
    ]


def spread_text(found: Spread) -> str:
    """Say how far draws are off on average and one by one."""
    count = len(found.estimates)
    if not math.isfinite(found.deviation):
        return f"Of {count:,} draws here not all are numbers."
    said = [f"standard deviation {number(found.deviation, 3)}"]
    if math.isfinite(found.bias):
        said.insert(0, f"bias {number(found.bias, 2)} ± {number(found.standard_error, 2)}")
    if math.isfinite(found.deviation_in_theory):
        said[-1] += f" ({number(found.deviation_in_theory, 3)} in theory)"
    return f"{count:,} draws here: {', '.join(said)}."


def deviation_along(objective: Objective, run: Run, *, relative: bool) -> Array | None:
    """Return a random estimate's standard deviation in theory at each point of its path.

    Parameters
    ----------
    objective : Objective
        The function.
    run : Run
        The method and its path.
    relative : bool
        Over ‖∇f‖.

    Returns
    -------
    ndarray, shape (n,), or None
        As ε → 0, at the points where a gradient was taken; None where it is not known.
    """
    taken = run.path.gradients_taken
    exact = run.path.exact_gradient[:taken]
    along = deviation_in_theory(objective, run.settings, run.path.theta[:taken], exact)
    if along is None or not relative:
        return along
    with np.errstate(all="ignore"):
        over: Array = along / np.hypot(*exact.T)
    return over
