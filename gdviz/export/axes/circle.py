"""The circle of steps of a length, with the best of them and that along −∇f."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from gdviz.base.types import Array
from gdviz.engine.analysis.best_direction import Circle
from gdviz.export.axes.ground import Ground
from gdviz.export.axes.layers import MARKS
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.palette import BEST_COLOR

_ROUND = np.linspace(0.0, math.tau, 361)
_LINE, _HALO, _DISC = 1.6, 1.1, 6.5  #: points at scale 1: a line, its halo on each side, an end
_NOWHERE = np.empty((0, 2))


class CircleDrawing:
    """Artists that show the circle of any length around any point.

    Parameters
    ----------
    axes : Axes
        Where.
    ground : Ground
        Where points of the map are in the axes.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    """

    def __init__(self, axes: Axes, ground: Ground, scale: float) -> None:
        self._ground = ground
        width, halo = scale * _LINE, scale * (_LINE + 2 * _HALO)
        under = [axes.plot([], [], color=LIGHT, linewidth=halo, zorder=MARKS)[0] for _ in range(3)]
        over = [
            axes.plot([], [], color=color, linewidth=width, zorder=MARKS)[0]
            for color in (DARK, DARK, BEST_COLOR)
        ]
        self._lines = list(zip(under, over, strict=True))
        self._ends = [
            axes.plot(
                [], [], "o", color=color, mec=LIGHT, mew=_HALO * scale, ms=_DISC * scale,
                zorder=MARKS,
            )[0]
            for color in (DARK, BEST_COLOR)
        ]  # fmt: skip

        # The legend's ground may be dark.
        around = [withStroke(linewidth=halo, foreground=LIGHT)]
        #: The two directions, which a legend has rows for.
        self.handles = [
            Line2D([], [], color=color, linewidth=width, label=label, path_effects=around)
            for color, label in ((DARK, "−∇f"), (BEST_COLOR, "Best direction"))
        ]

    @property
    def artists(self) -> list[Line2D]:
        """What is drawn."""
        return [*(line for pair in self._lines for line in pair), *self._ends]

    def show(self, circle: Circle) -> None:
        """Move to a circle; a direction that there is none of is not drawn."""
        a, b = circle.at
        around = np.column_stack([a + circle.eta * np.cos(_ROUND), b + circle.eta * np.sin(_ROUND)])
        ends = [
            np.array([point]) if math.isfinite(loss) else _NOWHERE
            for point, loss in (
                (circle.steepest_point, circle.steepest_loss),
                (circle.best_point, circle.best_loss),
            )
        ]
        rays: list[Array] = [
            np.vstack([[circle.at], end]) if len(end) else _NOWHERE for end in ends
        ]
        for pair, points in zip(self._lines, (around, *rays), strict=True):
            for line in pair:
                line.set_data(*(self._ground.line(points) if len(points) else points).T)
        for mark, end in zip(self._ends, ends, strict=True):
            mark.set_data(*(self._ground.points(end) if len(end) else end).T)
