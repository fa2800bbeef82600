"""The draws of one step's estimate as steps on the map: a cloud, its mean and its ellipses."""

import math
from dataclasses import dataclass

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.estimate_spread import Spread
from gdviz.engine.descent.run_settings import RunSettings

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
    """

    at: Array
    ends: Array
    count: int
    mean: Array
    exact: Array
    covariance: Array
    theory: Array | None

    @property
    def is_flat(self) -> bool:
        """Whether the draws lie on a line, as signs and axes do with two parameters."""
        shorter, longer = np.linalg.eigvalsh(self.covariance)
        return bool(shorter <= _FLAT**2 * longer)


def step_cloud(spread: Spread, at: tuple[float, float], alpha: float) -> StepCloud | None:
    """Return the steps by the draws of an estimate, or None where not all are numbers.

    Parameters
    ----------
    spread : Spread
        The draws.
    at : (float, float)
        The point they were drawn at.
    alpha : float
        The learning rate α of the step.
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
