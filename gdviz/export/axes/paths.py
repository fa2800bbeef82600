"""The paths on the map as artists: made once, and moved when another scene or step is shown."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patheffects import withStroke

from gdviz.base.types import Array
from gdviz.experiment.view import View
from gdviz.export.axes.ground import Ground
from gdviz.export.axes.layers import END_HALOS, ENDS, HALOS, MEANS, OTHERS, PATHS, START
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene

# Sizes are in points at scale 1.
_HALO = 1.0  # on each side of a line
_THINNEST, _DOT, _END = 1.9, 3.7, 5.9  # the topmost path's line, its marks, and that of its end
_WIDER, _LARGER = 1.7, 3.4  # by how much the line below each is wider with its marks, and its end
_NOWHERE = np.empty((0, 2))


class Moving(Protocol):
    """Artists that show any scene of the same methods, at any step."""

    @property
    def artists(self) -> Sequence[Artist]:
        """What is drawn."""

    def show(self, scene: Scene, step: int | None) -> None:
        """Move to a scene; its paths are drawn up to a step, or whole where that is None."""


class Others:
    """The paths from other starts, thin and translucent, and the means of those that draw.

    A line with gaps for each method: a hundred starts are a hundred paths of each.

    Parameters
    ----------
    axes : Axes
        Where.
    scene : Scene
        The first that is shown.
    ground : Ground
        Where points of the map are in the axes.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    """

    def __init__(self, axes: Axes, scene: Scene, ground: Ground, scale: float) -> None:
        self._ground = ground
        self._thin: dict[int, tuple[Line2D, Line2D]] = {}
        for row, runs in _by_row(scene).items():
            color = path_color(runs[0].method, runs[0].index)
            (line,) = axes.plot(
                [], [], color=color, alpha=0.75, linewidth=1.0 * scale, solid_joinstyle="round",
                zorder=OTHERS,
            )  # fmt: skip
            (ends,) = axes.plot(
                [], [], "o", color=color, mec=DARK, mew=0.4 * scale, ms=3.4 * scale, zorder=OTHERS
            )
            self._thin[row] = line, ends
        self._means: list[Line2D] = []
        for run, _ in scene.means():
            self._means += axes.plot(
                [], [], "--", color=path_color(run.method, run.index), linewidth=1.8 * scale,
                zorder=MEANS,
            )  # fmt: skip
        self._starts: list[Line2D] = []
        starts = ground.points(np.array(scene.experiment.more_starts).reshape(-1, 2))
        if scene.others and len(starts):
            self._starts = axes.plot(
                *starts.T, "o", mfc="none", mec=LIGHT, mew=1.0 * scale, ms=4.4 * scale,
                label="Other start" + "s" * (len(starts) > 1), zorder=OTHERS,
                path_effects=[withStroke(linewidth=1.8 * scale, foreground=DARK)],
            )  # fmt: skip

    @property
    def artists(self) -> list[Line2D]:
        """What is drawn."""
        return [*(line for pair in self._thin.values() for line in pair), *self._means]

    @property
    def handles(self) -> list[Line2D]:
        """The other starts, which a legend has a row for."""
        return self._starts

    def show(self, scene: Scene, step: int | None) -> None:
        """Move to a scene and step."""
        gap = np.full((1, 2), np.nan)
        for row, runs in _by_row(scene).items():
            line, ends = self._thin[row]
            paths = [until(run.path.theta, step) for run in runs]
            pieces = [self._ground.line(path) for path in paths]
            _move(line, np.vstack([part for piece in pieces for part in (piece, gap)]))
            _move(ends, self._ground.points(np.array([path[-1] for path in paths])))
        for line, (_, points) in zip(self._means, scene.means(), strict=True):
            _move(line, self._ground.line(until(points, step)))


class OnePath:
    """A method's path: its halo, its line, a mark a step, and its end.

    All halos lie under all paths, and a path on top of which another one runs is wider: a rim of
    it is seen.

    Parameters
    ----------
    axes : Axes
        Where.
    scene : Scene
        The first that is shown.
    rank : int
        Which of the scene's runs it is.
    ground : Ground
        Where points of the map are in the axes.
    scale : float
        Of lines and marks; 1 for a figure of eight by six inches.
    """

    def __init__(self, axes: Axes, scene: Scene, rank: int, ground: Ground, scale: float) -> None:
        self._rank, self._ground, self._scale = rank, ground, scale
        run = scene.runs[rank]
        color = path_color(run.method, run.index)
        of_a_halo: dict[str, Any] = {"color": LIGHT, "zorder": HALOS}
        round_ends: dict[str, Any] = {"solid_capstyle": "round", "solid_joinstyle": "round"}
        self.artists = [
            *axes.plot([], [], **of_a_halo, **round_ends),
            *axes.plot([], [], color=color, zorder=PATHS, **round_ends),
            *axes.plot([], [], "o", mew=0, **of_a_halo),
            *axes.plot([], [], "o", color=color, mew=0, zorder=PATHS),
            *axes.plot([], [], "o", color=LIGHT, mew=0, zorder=END_HALOS),
            *axes.plot([], [], "o", color=color, mew=0, zorder=ENDS),
        ]
        # As wide in every scene: an animation's legend is that of its first frame.
        self.handles = [
            Line2D(
                [], [], color=color, linewidth=_THINNEST * scale, label=method_title(run.method),
                **round_ends,
            )
        ]  # fmt: skip

    def _set_widths(self, rims: int, view: View) -> None:
        """Make all as wide as a path of so many rims is."""
        line = view.path_width * (_THINNEST + _WIDER * rims)
        mark = view.step_dots * (_DOT + _WIDER * rims)
        end = view.step_dots * (_END + _LARGER * rims)
        sizes = (line + 2 * _HALO, line, mark + 2 * _HALO, mark, end + 2 * _HALO, end)
        for artist, size in zip(self.artists, sizes, strict=True):
            artist.set(linewidth=size * self._scale, markersize=size * self._scale)

    def show(self, scene: Scene, step: int | None) -> None:
        """Move to a scene and step."""
        run: Run = scene.runs[self._rank]
        self._set_widths(scene.rims[self._rank], scene.experiment.view)
        theta = until(run.path.theta, step)
        line = self._ground.line(theta)
        # Whether steps are marked does not change while the path grows.
        marks = self._ground.points(theta) if run.is_marked else _NOWHERE
        end = self._ground.points(theta[-1:])
        for artist, points in zip(self.artists, (line, line, marks, marks, end, end), strict=True):
            _move(artist, points)


class Start:
    """The start, white with a dark edge.

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
        self._is_there = False
        # Projecting, so that the edge goes around the ends of the arms as well.
        plus = MarkerStyle("+", capstyle="projecting")
        self.artists = axes.plot(
            [], [], linestyle="", marker=plus, mec=LIGHT, mew=2.0 * scale,
            markersize=10.0 * scale, label="Start", zorder=START,
            path_effects=[withStroke(linewidth=4.2 * scale, foreground=DARK)],
        )  # fmt: skip

    @property
    def handles(self) -> list[Line2D]:
        """The start, unless it is not on the map; as a view goes around, it may be hidden."""
        return list(self.artists) if self._is_there else []

    def show(self, scene: Scene, step: int | None) -> None:  # noqa: ARG002 - as all that move
        """Move to a scene."""
        start = scene.experiment.start
        self._is_there = self._ground.has(start)
        _move(self.artists[0], self._ground.points(np.array([start])))


def until(points: Array, step: int | None) -> Array:
    """Return the points of a path up to a step, all where that is None."""
    return points if step is None else points[: step + 1]


def _by_row(scene: Scene) -> dict[int, list[Run]]:
    rows: dict[int, list[Run]] = {}
    for run in scene.thin:
        rows.setdefault(run.index, []).append(run)
    return rows


def _move(line: Line2D, points: Array) -> None:
    line.set_data(*points.T)
