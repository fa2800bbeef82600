"""The range in which all paths are seen."""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.scene.scene import Scene

_ROOM = 0.08  #: of what the paths span, on each side
_LEAST = 0.02  #: of the home range, that it spans at least
_FAR = 20.0  #: home ranges from the start, beyond which a path is lost


def range_of_paths(scene: Scene) -> Range:
    """Return a range that has the start and all paths that are seen, but for what went to nowhere.

    Parameters
    ----------
    scene : Scene
        Whose paths; without any it is about the start.
    """
    home = scene.experiment.function.home_range
    spans = np.array([home.a_high - home.a_low, home.b_high - home.b_low])
    start = np.array(scene.experiment.start)
    paths = [run.path.theta for run in (*scene.runs, *scene.thin_shown)]
    points = np.vstack([start, *paths])
    with np.errstate(invalid="ignore"):  # nan compares false
        points = points[(np.abs(points - start) <= _FAR * spans).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    half = np.maximum((high - low) * (0.5 + _ROOM), _LEAST * spans / 2)
    middle = (low + high) / 2
    (a_low, b_low), (a_high, b_high) = (middle - half).tolist(), (middle + half).tolist()
    return Range(a_low, a_high, b_low, b_high)
