"""The range in which all paths are seen, and which of them are cut off as they went to nowhere."""

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.scene.captions import method_title
from gdviz.scene.scene import Scene

_ROOM = 0.08  #: of what the paths span, on each side
_LEAST = 0.02  #: of the home range, that it spans at least
_FAR = 20.0  #: home ranges from the start, beyond which a path is lost


def range_of_paths(scene: Scene) -> Range:
    """Return a range that has the start and all paths that are seen, but for what went to nowhere.

    Of a path that leaves any sensible range it has the steps before that. Where there are none
    but the start, it is as large as the home range: how the surface falls there is seen then.

    Parameters
    ----------
    scene : Scene
        Whose paths; without any it is about the start.
    """
    spans, start = _spans(scene), np.array(scene.experiment.start)
    paths = [run.path.theta for run in (*scene.runs, *scene.thin_shown)]
    kept = [path[: _lost_at(path, spans, start)] for path in paths]
    points = np.vstack([start, *kept])
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    is_lost = any(len(some) < len(path) for some, path in zip(kept, paths, strict=True))
    least = 1.0 if is_lost and (low == high).all() else _LEAST
    half = np.maximum((high - low) * (0.5 + _ROOM), least * spans / 2)
    middle = (low + high) / 2
    (a_low, b_low), (a_high, b_high) = (middle - half).tolist(), (middle + half).tolist()
    return Range(a_low, a_high, b_low, b_high)


def lost_sentence(scene: Scene) -> str:
    """Say from which step on paths are not in :func:`range_of_paths`; empty where all are.

    Parameters
    ----------
    scene : Scene
        Whose paths.
    """
    spans, start = _spans(scene), np.array(scene.experiment.start)
    first: dict[str, int] = {}
    for run in (*scene.runs, *scene.thin_shown):
        step = _lost_at(run.path.theta, spans, start)
        if step < len(run.path.theta):
            title = method_title(run.method)
            first[title] = min(step, first.get(title, step))
    titles: dict[int, list[str]] = {}
    for title, step in first.items():
        titles.setdefault(step, []).append(title)
    told = "; ".join(f"{', '.join(some)} from step {step} on" for step, some in titles.items())
    return f"Too far away to be shown: {told}." if told else ""


def _spans(scene: Scene) -> Array:
    home = scene.experiment.function.home_range
    return np.array([home.a_high - home.a_low, home.b_high - home.b_low])


def _lost_at(path: Array, spans: Array, start: Array) -> int:
    """Return the step at which a path is too far from the start to be shown, or how many it has."""
    with np.errstate(invalid="ignore"):  # nan compares false
        is_far = (np.abs(path - start) > _FAR * spans).any(axis=1)
    return int(is_far.argmax()) if is_far.any() else len(path)
