"""The cloud of one step by many draws of an estimate, as the window draws it on the map."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from gdviz.export.axes.ground import Ground
from gdviz.export.axes.layers import MARKS
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.palette import CLOUD_COLOR
from gdviz.scene.step_cloud import StepCloud, ellipse

_DOT, _RING, _LINE, _HALO = 1.6, 5.5, 1.3, 1.0  #: points at scale 1


def draw_cloud(axes: Axes, ground: Ground, cloud: StepCloud, scale: float) -> list[Line2D]:
    """Draw steps by many draws, their mean, and the ellipses; return what the legend shows.

    Parameters
    ----------
    axes : Axes
        Where.
    ground : Ground
        Where points of the map are in the axes.
    cloud : StepCloud
        What.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    """
    halo = [withStroke(linewidth=scale * (_LINE + 2 * _HALO), foreground=LIGHT)]
    drawn = f"{len(cloud.ends)} steps −αĝ by other draws"
    (dots,) = axes.plot(
        *ground.points(cloud.ends).T, "o", color=CLOUD_COLOR, mec="none", ms=_DOT * scale,
        zorder=MARKS, label=": ".join(filter(None, (drawn, cloud.of))),
    )  # fmt: skip
    handles = [dots]
    is_known = bool(np.isfinite(cloud.exact).all())
    outlines = [(cloud.mean, cloud.covariance, CLOUD_COLOR, "-", "One standard deviation")]
    if cloud.theory is not None:
        center = cloud.exact if is_known else cloud.mean
        outlines.append((center, cloud.theory, DARK, "--", "The same in theory"))
    for center, covariance, color, style, label in outlines:
        handles += axes.plot(
            *ground.line(ellipse(center, covariance).T).T, style, color=color,
            linewidth=_LINE * scale, zorder=MARKS, label=label,
            path_effects=halo if style == "-" else None,  # over the other, which it may equal
        )  # fmt: skip
    if is_known:
        axes.plot(
            *ground.line(np.array([cloud.at, cloud.exact])).T, color=DARK, linewidth=_LINE * scale,
            path_effects=halo, zorder=MARKS,
        )  # fmt: skip
    axes.plot(
        *ground.points(cloud.mean[None]).T, "o", mfc=LIGHT, mec=CLOUD_COLOR, mew=_LINE * scale,
        ms=_RING * scale, zorder=MARKS,
    )  # fmt: skip
    return handles
