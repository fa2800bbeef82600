"""The Taylor models at a point, as the window draws them on the map."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from gdviz.export.axes.ground import Ground
from gdviz.export.axes.layers import MARKS, MODELS
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.palette import SECOND_COLOR
from gdviz.scene.scene import Landscape

_THIN, _LINE, _HALO, _DISC = 1.3, 1.6, 1.1, 6.5  #: points at scale 1
_ORDERS = {1: "First-order model", 2: "Second-order model"}


def draw_taylor(
    axes: Axes, ground: Ground, landscape: Landscape, overlay: TaylorOverlay, scale: float
) -> list[Line2D]:
    """Draw a model's contours, Newton's step and the Hessian's axes, as far as they are wanted.

    Parameters
    ----------
    axes : Axes
        Where.
    ground : Ground
        Where points of the map are in the axes.
    landscape : Landscape
        The map, at whose levels the contours are.
    overlay : TaylorOverlay
        What is drawn.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.

    Returns
    -------
    list of Line2D
        What a legend has rows for, labelled.
    """
    around = [withStroke(linewidth=scale * (_LINE + 2 * _HALO), foreground=LIGHT)]
    handles: list[Line2D] = []
    if overlay.has_contours:
        # Between the dashes light as well: on a ground of the same colour they would be lost.
        lines = ground.line(overlay.contours(landscape)).T
        axes.plot(*lines, color=LIGHT, linewidth=0.7 * scale, zorder=MODELS)
        handles += axes.plot(
            *lines, "--", color=overlay.color, linewidth=_THIN * scale, zorder=MODELS,
            label=_ORDERS[overlay.order],
        )  # fmt: skip
    arms = overlay.arms(landscape.grid.range)
    for ends, is_falling in arms:
        axes.plot(
            *ground.line(ends).T, ":" if is_falling else "-", color=DARK, linewidth=_LINE * scale,
            zorder=MARKS, path_effects=around,
        )  # fmt: skip
    if arms:
        handles.append(
            Line2D([], [], color=DARK, linewidth=_LINE * scale, path_effects=around,
                   label="Axes of the Hessian")
        )  # fmt: skip
    end = overlay.newton_end()
    if end is not None:
        handles += axes.plot(
            *ground.line(np.array([overlay.models.at, end])).T, color=SECOND_COLOR,
            linewidth=_LINE * scale, zorder=MARKS, path_effects=around, label="Newton's step",
        )  # fmt: skip
        axes.plot(
            *ground.points(end[None]).T, "o", color=SECOND_COLOR, mec=LIGHT, mew=_HALO * scale,
            ms=_DISC * scale, zorder=MARKS,
        )  # fmt: skip
    return handles
