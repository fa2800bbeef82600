"""A scene as items: the surface, lines on it and on the floor, in the map's colours."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor, QImage

from gdviz.base.types import Array
from gdviz.engine.descent.path import Path
from gdviz.scene.basins_picture import Pixels
from gdviz.scene.palette import path_color
from gdviz.scene.relief.frame import TICK, axes_of, floor
from gdviz.scene.relief.lines import drape, once
from gdviz.scene.relief.mesh import (
    basin_colors,
    ground_triangles,
    surface_colors,
    surface_triangles,
    surface_vertices,
)
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.rays import NEARER
from gdviz.scene.relief.surface import MOVING, STILL, Relief, relief_of
from gdviz.scene.scene import Landscape, Run, Scene
from gdviz.ui.map.color_bar import color_table
from gdviz.ui.map.paths import HALO, LINE, WIDER
from gdviz.ui.map.relief.items import LineItem, SurfaceItem
from gdviz.ui.map.relief.renderer import Renderer
from gdviz.ui.toolkit.theme import Theme

# As on the map: widths in pixels, and how much is seen of what is translucent, of 255.
_THIN, _MEAN, _DASH = 1.3, 2.4, 0.04
_CONTOUR, _ON_FLOOR, _OTHERS = 75, 110, 192
_INK = "#1d2329"
_GAP = np.full((1, 2), np.nan)

#: Paths, with their colours.
_Looks = list[tuple[Path, str]]


@dataclass
class _Surface:
    """The surface with so many points along each axis, and of which landscape it is drawn."""

    points: int
    item: SurfaceItem
    relief: Relief | None = None
    landscape: Landscape | None = None
    pixels: Pixels | None = None
    has_colors: bool = False


class ReliefPicture:
    """Draws scenes in three dimensions.

    Parameters
    ----------
    colors : str
        The map's colours, a name of pyqtgraph's.

    Raises
    ------
    OpenGLError
        If there is no OpenGL here.
    """

    def __init__(self, colors: str) -> None:
        self._renderer = Renderer()
        self._table = color_table(colors)
        self._surfaces = {
            is_still: _Surface(points, SurfaceItem())
            for is_still, points in ((False, MOVING), (True, STILL))
        }
        self._frame = LineItem()
        self._on_floor = QColor()
        self._shows_contours = True
        self._times = 1.0
        self._scene: Scene | None = None
        self._laid: Scene | None = None
        self._laid_on: Relief | None = None
        self._pixels: Pixels | None = None
        self._thin_of: _Looks = []
        self._thin: list[LineItem] = []
        self._paths: list[tuple[LineItem, LineItem]] = []
        self._means: list[LineItem] = []
        self._shows_others = True
        self._trajectory = [LineItem(), LineItem()]
        self._trajectory[0].set_look(QColor("#ffffff"), 2.6)
        self._trajectory[1].set_look(QColor(_INK), 1.2)
        self._arrange()

    def _arrange(self) -> None:
        """Give the items to the renderer, in the order in which they are drawn."""
        halos, lines = ([pair[k] for pair in self._paths] for k in (0, 1))
        self._renderer.items = []
        for item in (
            *(each.item for each in self._surfaces.values()), self._frame, *self._trajectory,
            *self._thin, *halos, *lines, *self._means,
        ):  # fmt: skip
            self._renderer.addItem(item)

    def close(self) -> None:
        """Give back what OpenGL holds."""
        self._renderer.close()

    # ---------------------------------------------------------------- what is drawn

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of the ground, and of what is drawn on it."""
        self._renderer.setBackgroundColor(theme.panel)
        self._frame.set_look(QColor(theme.axis), 1.0)
        self._on_floor = QColor(theme.axis)
        self._on_floor.setAlpha(_ON_FLOOR)
        self._set_contours()

    def set_path_width(self, times: float) -> None:
        """Draw paths so many times as wide as usual."""
        self._times = times
        self._laid = None

    def set_contours_visible(self, visible: bool) -> None:
        """Show or hide contour lines."""
        self._shows_contours = visible
        self._set_contours()

    def _set_contours(self) -> None:
        on_surface = QColor(255, 255, 255, _CONTOUR)
        lines = (on_surface, self._on_floor) if self._shows_contours else None
        for surface in self._surfaces.values():
            surface.item.set_lines(lines)

    def set_others_visible(self, visible: bool) -> None:
        """Show or hide the paths from the other starts."""
        self._shows_others = visible
        for item in (*self._thin, *self._means):
            item.setVisible(visible)

    def set_trajectory_visible(self, visible: bool) -> None:
        """Show or hide the trajectory that came with a loss landscape."""
        for item in self._trajectory:
            item.setVisible(visible)

    def show_scene(self, scene: Scene) -> None:
        """Take a scene; what it has in common with the last one is not drawn anew."""
        self._scene = scene

    def show_basins(self, pixels: Pixels | None) -> None:
        """Draw the surface in the colours of basins, or in those of losses."""
        self._pixels = pixels

    def _lay(self, scene: Scene, relief: Relief) -> None:
        """Lay lines on the surface that is drawn: on a coarser one they would sink into it."""
        if self._laid_on is relief and self._laid is scene:
            return
        is_new, self._laid_on, self._laid = self._laid_on is not relief, relief, scene
        if is_new:
            trajectory = np.array(scene.experiment.function.trajectory or [], float).reshape(-1, 2)
            for item in self._trajectory:
                item.set_points(drape(relief, trajectory))
        self._show_paths(scene, relief)
        self._show_thin(scene, relief, is_new)

    def _show_paths(self, scene: Scene, relief: Relief) -> None:
        while len(self._paths) < len(scene.runs):
            self._paths.append((LineItem(), LineItem()))
            self._arrange()
        for (halo, line), run, wider in zip(self._paths, scene.runs, scene.rims, strict=False):
            points = drape(relief, once(relief, run.path.theta))
            halo.set_points(points)
            line.set_points(points)
            width = (LINE + WIDER * wider) * self._times
            lift = NEARER * (1 + wider)
            halo.set_look(QColor("#ffffff"), width + 2 * HALO, lift)
            line.set_look(_color(run), width, lift)
        for rank, pair in enumerate(self._paths):
            for item in pair:
                item.setVisible(rank < len(scene.runs))

    def _show_thin(self, scene: Scene, relief: Relief, is_new: bool) -> None:
        """Draw what is drawn thinly, unless it is: a drag of the start changes none of it."""
        looks = [(run.path, path_color(run.method, run.index)) for run in scene.thin]
        if not is_new and _are_same(looks, self._thin_of):
            return
        self._thin_of = looks
        rows: dict[int, list[Run]] = {}
        for run in scene.thin:
            rows.setdefault(run.index, []).append(run)
        means = scene.means()
        _have(self._thin, len(rows))
        _have(self._means, len(means))
        self._arrange()
        for item, runs in zip(self._thin, rows.values(), strict=False):
            points = [part for run in runs for part in (once(relief, run.path.theta), _GAP)]
            item.set_points(drape(relief, np.vstack(points)))
            color = _color(runs[0])
            color.setAlpha(_OTHERS)
            item.set_look(color, _THIN)
        for item, (run, mean) in zip(self._means, means, strict=False):
            item.set_points(_dashed(drape(relief, mean)))
            item.set_look(_color(run), _MEAN)
        self.set_others_visible(self._shows_others)

    # ---------------------------------------------------------------- pictures

    def relief(self, is_still: bool) -> Relief:
        """Return the surface as it is drawn while it moves, or while it stays."""
        surface = self._surfaces[is_still]
        scene = self._scene
        assert scene is not None
        if surface.relief is None or surface.landscape is not scene.landscape:
            surface.landscape = scene.landscape
            surface.relief = relief = relief_of(scene.landscape, surface.points)
            triangles = surface_triangles(relief)[0]
            # What is moved a lot is drawn faster: lines on the floor take as long as the surface.
            ground = triangles if is_still else ground_triangles(relief)
            surface.item.set_shape(surface_vertices(relief), triangles, ground)
            surface.has_colors = False
        return surface.relief

    def image(
        self, fit: Fit, projection: Projection, pixel: float, is_still: bool
    ) -> QImage | None:
        """Draw the scene; return None where there is none, or no surface in it.

        Parameters
        ----------
        fit : Fit
            How large the picture is, and where in it the projection's is.
        projection : Projection
            How it is seen.
        pixel : float
            Pixels of the picture that are one of the screen's.
        is_still : bool
            Whether it stays for a while: then it is finer.
        """
        scene = self._scene
        if scene is None or (relief := self.relief(is_still)).is_empty():
            return None
        self._lay(scene, relief)
        self._color(self._surfaces[is_still])
        for each, surface in self._surfaces.items():
            surface.item.setVisible(each is is_still)
        self._frame.set_points(_frame_lines(scene, projection))
        return self._renderer.picture(fit, projection, pixel, is_still)

    def _color(self, surface: _Surface) -> None:
        assert surface.relief is not None
        if surface.has_colors and surface.pixels is self._pixels:
            return
        surface.has_colors, surface.pixels = True, self._pixels
        surface.item.set_colors(
            surface_colors(surface.relief, self._table)
            if self._pixels is None
            else basin_colors(surface.relief, self._pixels)
        )


def _color(run: Run) -> QColor:
    return QColor(path_color(run.method, run.index))


def _have(items: list[LineItem], count: int) -> None:
    """Have so many items at least; of others, which keep their buffers, nothing is to be seen."""
    while len(items) < count:
        items.append(LineItem())
    for item in items[count:]:
        item.set_points(np.empty((0, 3)))


def _are_same(looks: _Looks, others: _Looks) -> bool:
    """Tell whether the same paths have the same colours."""
    return len(looks) == len(others) and all(
        one[0] is other[0] and one[1] == other[1] for one, other in zip(looks, others, strict=True)
    )


def _dashed(points: Array) -> Array:
    """Return a line with gaps, whose dashes are as long as they look on a surface that is level."""
    if len(points) < 2:
        return points
    steps = np.linalg.norm(np.nan_to_num(np.diff(points, axis=0)), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    dashed = points.copy()
    dashed[(along // _DASH) % 2 == 1] = np.nan
    return dashed


def _frame_lines(scene: Scene, projection: Projection) -> Array:
    """Return the floor's outline and the axes with their ticks, shape (n, 3)."""
    gap = np.full((1, 3), np.nan)
    landscape = scene.landscape
    parts = [floor(), gap]
    for axis in axes_of(landscape.grid.range, landscape.scale, projection):
        parts += [np.array([axis.start, axis.end]), gap]
        for at, _ in axis.ticks:
            parts += [np.array([at, np.array(at) + TICK * np.array(axis.outwards)]), gap]
    return np.vstack(parts)
