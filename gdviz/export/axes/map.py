"""The map as a matplotlib Axes: heat map, contours, paths, starts and known minima."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patheffects import withStroke

from gdviz.base.types import Array
from gdviz.export.axes.ground import FlatGround, Ground
from gdviz.export.sheet import draw_grid
from gdviz.export.style import COLORMAP, DARK, HOLE, HOLE_HATCH, LIGHT
from gdviz.scene.absences import missing_on_map
from gdviz.scene.captions import axis_names, method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Landscape, Run, Scene

#: Updates up to which each point of a path is marked; more would run into a thick line.
MARKED_STEPS = 60

# Sizes are in points at scale 1.
_HALO = 1.0  # on each side of a line
_THINNEST, _RIM, _RIMS = 1.9, 0.6, 3
CONTOUR: Mapping[str, Any] = MappingProxyType(
    {"color": LIGHT, "alpha": 0.4, "solid_joinstyle": "round"}
)
# From the bottom up.
(
    IMAGE, BASINS, CONTOURS, _OTHERS, _HALOS, _PATHS, _MEANS, _MINIMA, _ENDS, _START, MARKS,
) = range(1, 12)  # fmt: skip


def draw_map(axes: Axes, scene: Scene, scale: float) -> tuple[AxesImage, list[Line2D]]:
    """Draw the map of a scene.

    Parameters
    ----------
    axes : Axes
        Where; its limits become the map's range.
    scene : Scene
        What.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.

    Returns
    -------
    image : AxesImage
        The heat map, in places of the colour scale, for the colour bar.
    handles : list of Line2D
        For the legend, in order, labelled.
    """
    window = scene.landscape.grid.range
    image = _draw_landscape(axes, scene.landscape, scale)
    in_a, in_b = axis_names(scene.experiment)
    axes.set(xlim=window[:2], ylim=window[2:], xlabel=in_a, ylabel=in_b)
    return image, draw_on_ground(axes, scene, FlatGround(window), scale)


def draw_on_ground(axes: Axes, scene: Scene, ground: Ground, scale: float) -> list[Line2D]:
    """Draw what lies on the surface: paths, starts, known minima, a landscape's trajectory.

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

    Returns
    -------
    list of Line2D
        For the legend, in order, labelled.
    """
    others = _draw_others(axes, scene, ground, scale)
    handles = [
        _draw_path(axes, run, ground, scale, above=len(scene.runs) - 1 - rank)
        for rank, run in enumerate(scene.runs)
    ]
    points = _draw_points(axes, scene, ground, scale)
    return handles + points + others + _draw_trajectory(axes, scene, ground, scale)


def draw_notice(axes: Axes, scene: Scene, scale: float) -> None:
    """Say at the map's foot what is not to be seen on it, as the window does.

    Parameters
    ----------
    axes : Axes
        Where.
    scene : Scene
        What is drawn there.
    scale : float
        Of the text; 1 for a figure of eight by six inches.
    """
    said = missing_on_map(scene, "picture")
    if said:
        axes.text(
            0.5, 0.04, "\n".join(said), transform=axes.transAxes, ha="center", va="bottom",
            fontsize=9.0 * scale, color=DARK, zorder=MARKS + 1,
            bbox={"boxstyle": "round", "facecolor": LIGHT, "edgecolor": HOLE_HATCH},
        )  # fmt: skip


def _draw_landscape(axes: Axes, landscape: Landscape, scale: float) -> AxesImage:
    grid = landscape.grid
    holes = ~np.isfinite(grid.values)
    if holes.any():
        axes.patch.set(facecolor=HOLE, hatch="////", edgecolor=HOLE_HATCH, linewidth=0)
    places = landscape.scale.place(grid.values).astype(np.float32)  # matplotlib keeps the type
    image = draw_grid(
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
    draw_contours(axes, landscape, scale)
    return image


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


def _draw_path(axes: Axes, run: Run, ground: Ground, scale: float, above: int) -> Line2D:
    """Draw a path and return its line.

    All halos lie under all paths, and the more paths come `above` the wider it is: one that runs
    on top of another leaves a rim of it to be seen.
    """
    color = path_color(run.method, run.index)
    width = scale * (_THINNEST + _RIM * min(above, _RIMS))
    halo = scale * _HALO
    line = ground.line(run.path.theta)
    round_ends: dict[str, Any] = {"solid_capstyle": "round", "solid_joinstyle": "round"}
    axes.plot(*line.T, color=LIGHT, linewidth=width + 2 * halo, zorder=_HALOS, **round_ends)
    (handle,) = axes.plot(
        *line.T, color=color, linewidth=width, zorder=_PATHS,
        label=method_title(run.method), **round_ends,
    )  # fmt: skip
    points = ground.points(run.path.theta)
    if run.path.updates <= MARKED_STEPS:
        size = width + 1.8 * scale
        axes.plot(*points.T, "o", color=LIGHT, ms=size + 2 * halo, mew=0, zorder=_HALOS)
        axes.plot(*points.T, "o", color=color, ms=size, mew=0, zorder=_PATHS)
    end = ground.points(run.path.theta[-1:])
    if len(end):
        axes.plot(
            *end.T, "o", color=color, mec=LIGHT, mew=halo,
            markersize=width + 5.0 * scale, zorder=_ENDS,
        )  # fmt: skip
    return handle


def _draw_others(axes: Axes, scene: Scene, ground: Ground, scale: float) -> list[Line2D]:
    """Draw the paths from the other starts, thin and translucent, and return what a legend needs.

    A line with gaps for each method: a hundred starts are a hundred paths of each.
    """
    rows: dict[int, list[Run]] = {}
    for run in scene.thin:
        rows.setdefault(run.index, []).append(run)
    for runs in rows.values():
        pieces = [ground.line(run.path.theta) for run in runs]
        gap = np.full((1, 2), np.nan)
        line = np.vstack([part for piece in pieces for part in (piece, gap)])
        ends = ground.points(np.array([run.path.theta[-1] for run in runs]))
        color = path_color(runs[0].method, runs[0].index)
        axes.plot(
            *line.T, color=color, alpha=0.75, linewidth=1.0 * scale, solid_joinstyle="round",
            zorder=_OTHERS,
        )  # fmt: skip
        axes.plot(
            *ends.T, "o", color=color, mec=DARK, mew=0.4 * scale, ms=3.4 * scale, zorder=_OTHERS
        )
    for run, points in scene.means():
        axes.plot(
            *ground.line(points).T, "--", color=path_color(run.method, run.index),
            linewidth=1.8 * scale, zorder=_MEANS,
        )  # fmt: skip
    starts = ground.points(np.array(scene.experiment.more_starts).reshape(-1, 2))
    if not scene.others or not len(starts):
        return []
    return axes.plot(
        *starts.T, "o", mfc="none", mec=LIGHT, mew=1.0 * scale, ms=4.4 * scale,
        label="Other start" + "s" * (len(starts) > 1), zorder=_OTHERS,
        path_effects=[withStroke(linewidth=1.8 * scale, foreground=DARK)],
    )  # fmt: skip


def _draw_trajectory(axes: Axes, scene: Scene, ground: Ground, scale: float) -> list[Line2D]:
    """Draw where an optimizer went on a landscape, thin and dashed, and return the artist."""
    trajectory = scene.experiment.function.trajectory
    if not trajectory:
        return []
    points = np.array(trajectory, np.float64)
    halo = withStroke(linewidth=2.2 * scale, foreground=LIGHT)
    axes.plot(
        *ground.line(points).T, color=DARK, linewidth=0.9 * scale, zorder=_OTHERS,
        linestyle=(0, (4.0, 2.0)), path_effects=[halo],
    )  # fmt: skip
    axes.plot(
        *ground.points(points).T, "o", color=DARK, mec=LIGHT, mew=0.4 * scale, ms=2.6 * scale,
        zorder=_OTHERS,
    )  # fmt: skip
    # Both in one row of the legend; it lies on a light ground, and takes no halo.
    return [
        Line2D(
            [], [], color=DARK, linewidth=0.9 * scale, linestyle=(0, (4.0, 2.0)), marker="o",
            mec=LIGHT, mew=0.4 * scale, ms=2.6 * scale, label="Trajectory",
        )
    ]  # fmt: skip


def _draw_points(axes: Axes, scene: Scene, ground: Ground, scale: float) -> list[Line2D]:
    """Draw the known minima and the start, white with a dark edge, and return the artists."""
    handles = []
    if scene.minima:
        where = ground.points(np.array([(point.a, point.b) for point in scene.minima]))
        handles += axes.plot(
            *where.T, "*", mfc=LIGHT, mec=DARK, mew=0.9 * scale, markersize=9.5 * scale,
            label="Known minimum", zorder=_MINIMA,
        )  # fmt: skip
    start = ground.points(np.array([scene.experiment.start]))
    if len(start):
        # Projecting, so that the edge goes around the ends of the arms as well.
        plus = MarkerStyle("+", capstyle="projecting")
        handles += axes.plot(
            *start.T, linestyle="", marker=plus, mec=LIGHT, mew=2.0 * scale,
            markersize=10.0 * scale, label="Start", zorder=_START,
            path_effects=[withStroke(linewidth=4.2 * scale, foreground=DARK)],
        )  # fmt: skip
    return handles
