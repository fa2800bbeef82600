"""The surface in three dimensions as a matplotlib Axes.

matplotlib's own three-dimensional axes draw lines either before a surface or behind it as a whole.
Here the surface is drawn triangle by triangle, the farthest first, in plain axes, and of what lies
on it only what is seen; how it is seen is computed where the window has it from.
"""

from typing import Any

import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gdviz.base.types import Array
from gdviz.experiment.camera import Camera
from gdviz.export.axes.ground import ReliefGround
from gdviz.export.axes.layers import CONTOURS, IMAGE
from gdviz.export.axes.map import CONTOUR, OnGround, draw_on_ground
from gdviz.export.sheet import THIN, Sheet
from gdviz.export.style import COLORMAP, color_table
from gdviz.scene.basins_picture import Pixels
from gdviz.scene.captions import axis_names, point_name
from gdviz.scene.relief.contours import contours_on
from gdviz.scene.relief.frame import TICK, axes_of, floor
from gdviz.scene.relief.mesh import (
    Colors,
    basin_colors,
    surface_colors,
    surface_triangles,
    towards_viewer,
)
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.surface import FLOOR, Relief, relief_of
from gdviz.scene.relief.words import Word, fitted, have_room, middles_of, words_of
from gdviz.scene.scene import Scene

_POINTS = 240  #: of the surface along each axis
_FLOOR = IMAGE - 0.5


class ReliefAxes(Axes):
    """Axes without a frame, in the projection's units.

    Attributes
    ----------
    camera : Camera
        Who looks.
    words : list of (Word, Text)
        What is written in them; of words that would cover each other the first one stands.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.camera = Camera()
        self.words: list[tuple[Word, Text]] = []
        self._fit = Fit(1.0, 1.0, 1.0)
        super().__init__(*args, **options)
        self.set_axis_off()
        self.set_autoscale_on(False)

    def apply_aspect(self, position: Bbox | None = None) -> None:
        """Take the place that the layout gives, and have the box fit into it."""
        super().apply_aspect(position)
        width, height = np.maximum(self.get_window_extent().size, 1.0).tolist()
        words, sizes = [word for word, _ in self.words], self._sizes()
        fit = self._fit = fitted(self.camera, width, height, words, sizes)
        (left, low), (right, top) = fit.seen(0.0, height), fit.seen(width, 0.0)
        self.set_xlim(left, right)
        self.set_ylim(low, top)

    def draw(self, renderer: RendererBase) -> None:
        """Draw what has room."""
        self.apply_aspect()
        if self.words:
            self._write()
        super().draw(renderer)

    def _sizes(self) -> Array:
        """Return the widths and heights of the words in pixels, shape (n, 2)."""
        sizes = np.empty((len(self.words), 2))
        for k, (_, text) in enumerate(self.words):
            is_shown = text.get_visible()
            text.set_visible(True)  # else it has no size
            sizes[k] = text.get_window_extent().size
            text.set_visible(is_shown)
        return sizes

    def _write(self) -> None:
        """Put each word at its place, if it has room there."""
        fit, sizes = self._fit, self._sizes()
        words = [word for word, _ in self.words]
        middles = middles_of(words, sizes, Projection(self.camera), fit)
        stand = have_room(middles, sizes, fit.width, fit.height)
        for (_, text), middle, stands in zip(self.words, middles.tolist(), stand, strict=True):
            text.set_visible(stands)
            if stands:
                text.set_position(fit.seen(*middle))


def draw_relief(
    sheet: Sheet,
    axes: ReliefAxes,
    scene: Scene,
    pixels: Pixels | None = None,
    step: int | None = None,
) -> tuple[ScalarMappable, ReliefGround, OnGround]:
    """Draw a scene's surface with what lies on it, as the experiment's camera sees it.

    Parameters
    ----------
    sheet : Sheet
        The figure.
    axes : ReliefAxes
        Where.
    scene : Scene
        What.
    pixels : ndarray of uint8, shape (m, m, 4), optional
        Colours to draw the surface in instead of those of the losses, the lowest b first.
    step : int, optional
        Up to which the paths are drawn; None draws them whole.

    Returns
    -------
    colors : ScalarMappable
        What the colours mean, for a colour bar.
    ground : ReliefGround
        Where points of the map are.
    on_ground : OnGround
        What lies on it.
    """
    relief = relief_of(scene.landscape, _POINTS)
    axes.camera = scene.experiment.camera
    projection = Projection(axes.camera)
    ground = ReliefGround(relief, projection)
    colors = ScalarMappable(Normalize(0.0, 1.0), COLORMAP)
    if not relief.is_empty():  # else there is no surface, which the map's notice says
        _draw_frame(sheet, axes, scene, projection)
        axes.add_artist(SurfaceArtist(relief, projection, _vertex_colors(relief, pixels)))
        if scene.experiment.view.contours:
            _draw_contours(sheet, axes, ground)
    return colors, ground, draw_on_ground(axes, scene, ground, sheet.scale, step)


class SurfaceArtist(Artist):
    """The surface as triangles with a colour at each corner, the farthest first.

    Parameters
    ----------
    relief : Relief
        The surface.
    projection : Projection
        How it is seen.
    colors : ndarray of uint8, shape (m, 4)
        Of its vertices.
    """

    def __init__(self, relief: Relief, projection: Projection, colors: Colors) -> None:
        super().__init__()
        triangles, cells = surface_triangles(relief)
        seen = projection.project(relief.vertices())
        order = towards_viewer(relief, cells, projection.eye)
        kept = triangles[order][np.isfinite(seen[..., 0])[triangles[order]].all(axis=1)]
        self.corners, self.colors = seen[kept], colors[kept] / 255.0
        self.set_rasterized(True)
        self.set_zorder(IMAGE)

    @allow_rasterization  # type: ignore[untyped-decorator]
    def draw(self, renderer: RendererBase) -> None:
        """Draw it."""
        context = renderer.new_gc()
        self._set_gc_clip(context)  # type: ignore[attr-defined]
        transform: Any = self.get_transform().frozen()
        renderer.draw_gouraud_triangles(context, self.corners, self.colors, transform)
        context.restore()


def _vertex_colors(relief: Relief, pixels: Pixels | None) -> Colors:
    """Return the colours of the surface's vertices, shape (m, 4), from 0 to 255."""
    if pixels is not None:
        return basin_colors(relief, pixels)
    return surface_colors(relief, color_table())


def _draw_contours(sheet: Sheet, axes: Axes, ground: ReliefGround) -> None:
    above = contours_on(ground.relief)
    below = above * (1.0, 1.0, np.nan)
    below[np.isfinite(above[:, 2]), 2] = FLOOR
    width = 0.6 * sheet.scale
    on_floor = ground.projection.project(below)
    axes.plot(*on_floor.T, color=sheet.muted, alpha=0.5, linewidth=width, zorder=_FLOOR)
    axes.plot(*ground.seen(above).T, **CONTOUR, linewidth=width, zorder=CONTOURS)


def _draw_frame(sheet: Sheet, axes: ReliefAxes, scene: Scene, projection: Projection) -> None:
    thin: dict[str, Any] = {
        "color": sheet.muted, "linewidth": THIN * sheet.scale, "zorder": _FLOOR,
        "solid_capstyle": "round",
    }  # fmt: skip
    axes.plot(*projection.project(floor()).T, **{**thin, "alpha": 0.6})
    landscape = scene.landscape
    edges = axes_of(landscape.grid.range, landscape.scale, projection)
    for axis in edges:
        axes.plot(*projection.project(np.array([axis.start, axis.end])).T, **thin)
        for at, _ in axis.ticks:
            end = np.array(at) + TICK * np.array(axis.outwards)
            axes.plot(*projection.project(np.array([at, end])).T, **thin)
    names = *axis_names(scene.experiment), f"f{point_name(scene.experiment)}"
    for word in words_of(edges, names):
        size = "medium" if word.is_name else "small"
        text = axes.text(0.0, 0.0, word.text, ha="center", va="center", clip_on=True, fontsize=size)
        axes.words.append((word, text))
