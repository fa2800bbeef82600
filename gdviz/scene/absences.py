"""What is not there to be seen, and why: in words where the eye looks for it."""

import numpy as np

from gdviz.base.format import pair
from gdviz.scene.scene import Scene


def no_runs(scene: Scene) -> str:
    """Say why a scene has no path; empty if it has one."""
    if scene.runs:
        return ""
    if scene.uncomputed:
        methods = f"{scene.uncomputed} method" + "s" * (scene.uncomputed != 1)
        return f"No path yet: {methods} still to be computed."
    return "No method is shown: tick one on the left."


def missing_on_map(scene: Scene) -> str:
    """Say what a map does not show that one would look for on it, and what helps; or nothing."""
    said = []
    start, extent = scene.experiment.start, scene.experiment.map_range
    if not np.isfinite(scene.landscape.grid.values).any():
        said.append("f has no value anywhere on this map: zoom out, or choose another range.")
    if not extent.contains(*start):
        said.append(f"The start, {pair(start)}, is off this map: a click sets another.")
    said.append(no_runs(scene))
    return "\n".join(filter(None, said))
