"""Whether two classes can be separated, so that logistic regression has no minimum."""

import numpy as np

from gdviz.base.types import Array

#: How far from π an angle may be to count as π.
_TOLERANCE = 1e-12


def is_separable(features: Array, labels: Array) -> bool:
    """Tell whether a line through the origin has no point of either class on its wrong side.

    Then the loss Σ log(1 + exp(−y·x·θ)) falls without end along that line's normal, and has no
    minimum: of the points yᵢxᵢ none lies behind the line, and at least one in front of it.

    Parameters
    ----------
    features : ndarray, shape (n, 2)
        The points x.
    labels : ndarray, shape (n,)
        The labels y, −1 or 1.

    References
    ----------
    A. Albert and J. A. Anderson, "On the existence of maximum likelihood estimates in logistic
    regression models", Biometrika 71 (1984) 1–10.
    """
    points = features * labels[:, None]
    points = points[points.any(axis=1)]
    if not len(points):
        return False
    angles = np.sort(np.arctan2(points[:, 1], points[:, 0]))
    gaps = np.append(np.diff(angles), angles[0] + 2 * np.pi - angles[-1])
    if gaps.max() > np.pi + _TOLERANCE:
        return True
    # A gap of exactly π: points on the line itself, and perhaps some in front of it.
    return bool(gaps.max() >= np.pi - _TOLERANCE and np.count_nonzero(gaps > _TOLERANCE) > 2)
