"""The cloud of one step by many draws of an estimate, as the window draws it on the map."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from gdviz.base.types import Array
from gdviz.export.axes.ground import Ground
from gdviz.export.axes.layers import MARKS
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.palette import CLOUD_COLOR
from gdviz.scene.step_cloud import StepCloud, ellipse

_DOT, _RING, _LINE, _HALO = 1.6, 5.5, 1.3, 1.0  #: points at scale 1
_NOWHERE = np.empty((0, 2))


class CloudDrawing:
    """Artists that show steps by many draws, their mean, and the ellipses, at any step.

    Parameters
    ----------
    axes : Axes
        Where.
    ground : Ground
        Where points of the map are in the axes.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    names_step : bool
        Whether the legend says which step it is.
    """

    def __init__(self, axes: Axes, ground: Ground, scale: float, names_step: bool) -> None:
        self._ground, self._names_step = ground, names_step
        self._rows: list[Line2D] = []
        halo = [withStroke(linewidth=scale * (_LINE + 2 * _HALO), foreground=LIGHT)]
        (self._dots,) = axes.plot(
            [], [], "o", color=CLOUD_COLOR, mec="none", ms=_DOT * scale, zorder=MARKS
        )
        self._drawn, self._theory = (
            axes.plot(
                [], [], style, color=color, linewidth=_LINE * scale, zorder=MARKS, label=label,
                path_effects=halo if style == "-" else None,  # over the other, which it may equal
            )[0]
            for color, style, label in (
                (CLOUD_COLOR, "-", "One standard deviation"), (DARK, "--", "The same in theory"),
            )
        )  # fmt: skip
        (self._exact,) = axes.plot(
            [], [], color=DARK, linewidth=_LINE * scale, path_effects=halo, zorder=MARKS
        )
        (self._mean,) = axes.plot(
            [], [], "o", mfc=LIGHT, mec=CLOUD_COLOR, mew=_LINE * scale, ms=_RING * scale,
            zorder=MARKS,
        )  # fmt: skip

    @property
    def artists(self) -> list[Line2D]:
        """What is drawn."""
        return [self._dots, self._drawn, self._theory, self._exact, self._mean]

    @property
    def handles(self) -> list[Line2D]:
        """What a legend has rows for: what there is."""
        return self._rows

    def show(self, cloud: StepCloud | None) -> None:
        """Move to a cloud; None where there is none."""
        ground, shown = self._ground, dict.fromkeys(self.artists, _NOWHERE)
        self._rows = []
        if cloud is not None:
            step = f"step {cloud.step}" if self._names_step and cloud.step is not None else ""
            whose = ", ".join(filter(None, (cloud.of, step)))
            drawn = f"{len(cloud.ends)} steps −αĝ by other draws"
            self._dots.set_label(": ".join(filter(None, (drawn, whose))))
            shown[self._dots] = ground.points(cloud.ends)
            shown[self._drawn] = _around(ground, cloud.mean, cloud.covariance)
            shown[self._mean] = ground.points(cloud.mean[None])
            self._rows = [self._dots, self._drawn]
            is_known = bool(np.isfinite(cloud.exact).all())
            if cloud.theory is not None:
                center = cloud.exact if is_known else cloud.mean
                shown[self._theory] = _around(ground, center, cloud.theory)
                self._rows.append(self._theory)
            if is_known:
                shown[self._exact] = ground.line(np.array([cloud.at, cloud.exact]))
        for artist, points in shown.items():
            artist.set_data(*points.T)


def _around(ground: Ground, center: Array, covariance: Array) -> Array:
    return ground.line(ellipse(center, covariance).T)
