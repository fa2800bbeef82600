"""The map as a matplotlib Axes: heat map, contours, paths, starts and known minima."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from gdviz.base.types import Array
from gdviz.experiment.experiment import Experiment
from gdviz.export.axes.ground import FlatGround, Ground
from gdviz.export.axes.layers import CONTOURS, IMAGE, MARKS, MINIMA, OTHERS
from gdviz.export.axes.paths import Moving, OnePath, Others, Start
from gdviz.export.sheet import draw_grid, frame_map
from gdviz.export.style import COLORMAP, DARK, HOLE, HOLE_HATCH, LIGHT
from gdviz.scene.absences import missing_on_map
from gdviz.scene.captions import axis_names
from gdviz.scene.map.shape import map_ratio
from gdviz.scene.scene import Landscape, Scene

CONTOUR: Mapping[str, Any] = MappingProxyType(
    {"color": LIGHT, "alpha": 0.4, "solid_joinstyle": "round"}
)


@dataclass(frozen=True)
class OnGround:
    """What was drawn on a surface, and how it is moved.

    Attributes
    ----------
    paths, others, start : Moving
        What another scene of the same methods, or another step, moves; others may be hidden.
    minima, trajectory : list of Line2D
        What stays.
    """

    paths: Sequence[OnePath]
    others: Others | None
    start: Start
    minima: Sequence[Line2D]
    trajectory: Sequence[Line2D]

    @property
    def moving(self) -> list[Moving]:
        """What is moved."""
        return [*([self.others] if self.others else []), *self.paths, self.start]

    @property
    def handles(self) -> list[Line2D]:
        """What the legend shows, in order, labelled."""
        lines = [handle for path in self.paths for handle in path.handles]
        others = self.others.handles if self.others else []
        points = [*self.minima, *self.start.handles, *others]
        return [*lines, *points, *self.trajectory]


def draw_map(
    axes: Axes, scene: Scene, scale: float, step: int | None = None
) -> tuple[AxesImage, Ground, OnGround]:
    """Draw the map of a scene.

    Parameters
    ----------
    axes : Axes
        Where; its limits become the map's range.
    scene : Scene
        What.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    step : int, optional
        Up to which the paths are drawn; None draws them whole.

    Returns
    -------
    image : AxesImage
        The heat map, in places of the colour scale, for the colour bar.
    ground : Ground
        Where points of the map are.
    on_ground : OnGround
        What lies on it.
    """
    window = scene.landscape.grid.range
    image = _draw_landscape(axes, scene.landscape)
    if scene.experiment.view.contours:
        draw_contours(axes, scene.landscape, scale)
    frame_map(axes, window, axis_names(scene.experiment))
    share_units(axes, scene.experiment)
    ground = FlatGround(window)
    return image, ground, draw_on_ground(axes, scene, ground, scale, step)


def share_units(axes: Axes, experiment: Experiment) -> None:
    """Let a map have equal units on both axes, if the experiment has."""
    if map_ratio(experiment) is not None:
        axes.set_aspect("equal", adjustable="box")


def draw_on_ground(
    axes: Axes, scene: Scene, ground: Ground, scale: float, step: int | None = None
) -> OnGround:
    """Draw what lies on the surface: paths, starts, known minima, a landscape's trajectory.

    What the experiment's view hides is not drawn.

    Parameters
    ----------
    axes : Axes
        Where.
    scene : Scene
        What.
    ground : Ground
        Where points of the map are in the axes.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    step : int, optional
        Up to which the paths are drawn; None draws them whole.
    """
    others = Others(axes, scene, ground, scale) if scene.experiment.view.others else None
    paths = [OnePath(axes, scene, rank, ground, scale) for rank in range(len(scene.runs))]
    minima = _draw_minima(axes, scene, ground, scale)
    start = Start(axes, ground, scale)
    trajectory = _draw_trajectory(axes, scene, ground, scale)
    drawn = OnGround(paths, others, start, minima, trajectory)
    for part in drawn.moving:
        part.show(scene, step)
    return drawn


class Notice:
    """What is not to be seen on the map, said at its foot, as the window does.

    Parameters
    ----------
    axes : Axes
        Where.
    scene : Scene
        The first that is shown.
    scale : float
        Of the text; 1 for a figure of eight by six inches.
    relief : bool, default False
        Whether the surface is in three dimensions, which leaves more room at the upper edge.
    """

    def __init__(self, axes: Axes, scene: Scene, scale: float, relief: bool = False) -> None:
        self._text = axes.text(
            0.5, 0.97 if relief else 0.04, "", transform=axes.transAxes,
            ha="center", va="top" if relief else "bottom",
            fontsize=9.0 * scale, color=DARK, zorder=MARKS + 1,
            bbox={"boxstyle": "round", "facecolor": LIGHT, "edgecolor": HOLE_HATCH},
        )  # fmt: skip
        self._is_relief = relief
        self.show(scene)

    @property
    def artists(self) -> list[Artist]:
        """What is drawn."""
        return [self._text]

    def show(self, scene: Scene, step: int | None = None) -> None:  # noqa: ARG002 - as all do
        """Say what is missing of a scene; nothing is drawn where nothing is."""
        self._text.set_text("\n".join(missing_on_map(scene, "picture", self._is_relief)))


def _draw_landscape(axes: Axes, landscape: Landscape) -> AxesImage:
    grid = landscape.grid
    holes = ~np.isfinite(grid.values)
    if holes.any():
        axes.patch.set(facecolor=HOLE, hatch="////", edgecolor=HOLE_HATCH, linewidth=0)
    places = landscape.scale.place(grid.values).astype(np.float32)  # matplotlib keeps the type
    return draw_grid(
        axes,
        np.ma.masked_where(holes, places),
        grid.range,
        grid.resolution,
        cmap=COLORMAP,
        vmin=0.0,
        vmax=1.0,
        # Between grid points like the contours, which are linear there as well. In a hole's
        # cells there is nothing to interpolate with, so its edge would grow by a cell.
        interpolation="nearest" if holes.any() else "bilinear",
        zorder=IMAGE,
    )


def draw_contours(axes: Axes, landscape: Landscape, scale: float) -> None:
    """Draw a landscape's contour lines.

    Parameters
    ----------
    axes : Axes
        Where.
    landscape : Landscape
        Whose lines.
    scale : float
        Of lines; 1 for a figure of eight by six inches.
    """
    lines = landscape.contours
    axes.plot(
        *_with_gaps(lines.a, lines.b, lines.connect), **CONTOUR, linewidth=0.6 * scale,
        zorder=CONTOURS,
    )  # fmt: skip


def _with_gaps(a: Array, b: Array, connect: Any) -> tuple[Array, Array]:
    """Put a nan after each vertex that is not joined to the next one."""
    after = np.flatnonzero(~connect) + 1
    return np.insert(a, after, np.nan), np.insert(b, after, np.nan)


def _draw_trajectory(axes: Axes, scene: Scene, ground: Ground, scale: float) -> list[Line2D]:
    """Draw where an optimizer went on a landscape, thin and dashed, and return the artist."""
    trajectory = scene.experiment.function.trajectory
    if not trajectory or not scene.experiment.view.trajectory:
        return []
    points = np.array(trajectory, np.float64)
    halo = withStroke(linewidth=2.2 * scale, foreground=LIGHT)
    axes.plot(
        *ground.line(points).T, color=DARK, linewidth=0.9 * scale, zorder=OTHERS,
        linestyle=(0, (4.0, 2.0)), path_effects=[halo],
    )  # fmt: skip
    axes.plot(
        *ground.points(points).T, "o", color=DARK, mec=LIGHT, mew=0.4 * scale, ms=2.6 * scale,
        zorder=OTHERS,
    )  # fmt: skip
    # Both in one row of the legend; it lies on a light ground, and takes no halo.
    return [
        Line2D(
            [], [], color=DARK, linewidth=0.9 * scale, linestyle=(0, (4.0, 2.0)), marker="o",
            mec=LIGHT, mew=0.4 * scale, ms=2.6 * scale, label="Trajectory",
        )
    ]  # fmt: skip


def _draw_minima(axes: Axes, scene: Scene, ground: Ground, scale: float) -> list[Line2D]:
    """Draw the known minima, white with a dark edge, and return the artists."""
    if not scene.minima or not scene.experiment.view.minima:
        return []
    where = ground.points(np.array([(point.a, point.b) for point in scene.minima]))
    return axes.plot(
        *where.T, "*", mfc=LIGHT, mec=DARK, mew=0.9 * scale, markersize=9.5 * scale,
        label="Known minimum", zorder=MINIMA,
    )  # fmt: skip
