"""The surface in three dimensions as a matplotlib Axes.

matplotlib's own three-dimensional axes draw lines either before a surface or behind it as a whole.
Here the surface is drawn cell by cell, the farthest first, in plain axes, and of what lies on it
only what is seen; how it is seen is computed where the window has it from.
"""

from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.export.axes.ground import ReliefGround
from gdviz.export.axes.layers import CONTOURS, IMAGE
from gdviz.export.axes.map import CONTOUR, OnGround, draw_on_ground
from gdviz.export.sheet import THIN, Sheet
from gdviz.export.style import COLORMAP
from gdviz.scene.basins_picture import Pixels
from gdviz.scene.captions import axis_names, point_name
from gdviz.scene.relief.frame import NUMBERS, TICK, axes_of, floor
from gdviz.scene.relief.lines import contours_on
from gdviz.scene.relief.projection import Projection, unit
from gdviz.scene.relief.surface import Relief, relief_of
from gdviz.scene.scene import Scene

#: Points of the surface along each axis.
_POINTS = 240
_FLOOR = IMAGE - 0.5


class ReliefAxes(Axes):
    """Axes without a frame, in the projection's units."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.set_axis_off()
        self.set_autoscale_on(False)

    def apply_aspect(self, position: Bbox | None = None) -> None:
        """Take the place that the layout gives; what is seen is as wide and as high as that is."""
        super().apply_aspect(position)
        width, height = self.get_window_extent().size
        whole = 2.0 * max(unit(width, height), 1.0)
        self.set_xlim(-width / whole, width / whole)
        self.set_ylim(-height / whole, height / whole)


def draw_relief(
    sheet: Sheet,
    axes: Axes,
    scene: Scene,
    pixels: Pixels | None = None,
    step: int | None = None,
) -> tuple[ScalarMappable, ReliefGround, OnGround]:
    """Draw a scene's surface with what lies on it, as the experiment's camera sees it.

    Parameters
    ----------
    sheet : Sheet
        The figure.
    axes : Axes
        Where: :class:`ReliefAxes`.
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
    projection = Projection(scene.experiment.camera)
    ground = ReliefGround(relief_of(scene.landscape), projection)
    colors = ScalarMappable(Normalize(0.0, 1.0), COLORMAP)
    if not relief.is_empty():  # else there is no surface, which the map's notice says
        _draw_frame(sheet, axes, scene, projection)
        _draw_surface(axes, relief, projection, _cell_colors(relief, pixels))
        _draw_contours(sheet, axes, scene, ground)
    return colors, ground, draw_on_ground(axes, scene, ground, sheet.scale, step)


def _cell_colors(relief: Relief, pixels: Pixels | None) -> Array:
    """Return the colour of each cell, shape (n − 1, n − 1, 3), from 0 to 1."""
    if pixels is None:
        colors: Array = colormaps[COLORMAP](_of_cells(relief.places))[..., :3]
    else:
        middles = (relief.x[:-1] + relief.x[1:]) / 2.0
        nearest = np.minimum(((middles + 1.0) / 2.0 * len(pixels)).astype(int), len(pixels) - 1)
        colors = pixels[np.ix_(nearest, nearest)][..., :3] / 255.0
    return np.clip(colors * _of_cells(relief.shades())[..., None], 0.0, 1.0)


def _of_cells(values: Array) -> Array:
    """Return the mean at each cell's corners."""
    return (values[1:, 1:] + values[1:, :-1] + values[:-1, 1:] + values[:-1, :-1]) / 4.0


def _draw_surface(axes: Axes, relief: Relief, projection: Projection, colors: Array) -> None:
    x, y = np.meshgrid(relief.x, relief.y)
    seen = projection.project(np.stack([x, y, relief.heights], axis=-1))
    is_there = np.isfinite(seen[..., 0])
    kept = is_there[1:, 1:] & is_there[1:, :-1] & is_there[:-1, 1:] & is_there[:-1, :-1]
    seen[~is_there] = 0.0
    faces = np.dstack([colors, kept])  # what is not there is clear
    # A cell can only be covered by those between it and the viewer on the ground plan, along each
    # of its axes: drawn towards the viewer, row by row, the nearer ones come later.
    eye = projection.eye
    for rows in _towards(relief.y, eye[1]):
        for columns in _towards(relief.x, eye[0]):
            corners = seen[np.ix_(rows, columns)]
            cells = faces[np.ix_(_cells_between(rows), _cells_between(columns))]
            # Smooth edges first, and then cells that leave no seams between them.
            for is_smooth in (True, False):
                mesh = QuadMesh(
                    corners, antialiased=is_smooth, edgecolors="none", linewidth=0.0,
                    rasterized=True, zorder=IMAGE,
                )  # fmt: skip
                colored: Any = cells.reshape(-1, 4)
                mesh.set_facecolor(colored)
                axes.add_collection(mesh, autolim=False)


def _towards(axis: Array, eye: float) -> list[NDArray[np.intp]]:
    """Return the points of an axis in pieces, each in order towards the viewer."""
    last = len(axis) - 1
    middle = int(np.clip(np.searchsorted(axis, eye) - 1, 0, last))
    below, above = np.arange(0, middle + 1), np.arange(last, middle - 1, -1)
    return [piece for piece in (below, above) if len(piece) > 1]


def _cells_between(points: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the cells between points of an axis that stand in order, up or down."""
    return np.minimum(points[:-1], points[1:])


def _draw_contours(sheet: Sheet, axes: Axes, scene: Scene, ground: ReliefGround) -> None:
    above, below = contours_on(ground.relief, scene.landscape.contours)
    width = 0.6 * sheet.scale
    on_floor = ground.projection.project(below)
    axes.plot(*on_floor.T, color=sheet.muted, alpha=0.5, linewidth=width, zorder=_FLOOR)
    axes.plot(*ground.seen(above).T, **CONTOUR, linewidth=width, zorder=CONTOURS)


def _draw_frame(sheet: Sheet, axes: Axes, scene: Scene, projection: Projection) -> None:
    thin: dict[str, Any] = {
        "color": sheet.muted, "linewidth": THIN * sheet.scale, "zorder": _FLOOR,
        "solid_capstyle": "round",
    }  # fmt: skip
    axes.plot(*projection.project(floor()).T, **{**thin, "alpha": 0.6})
    landscape = scene.landscape
    names = *axis_names(scene.experiment), f"f{point_name(scene.experiment)}"
    edges = axes_of(landscape.grid.range, landscape.scale, projection)
    for axis, name in zip(edges, names, strict=True):
        axes.plot(*projection.project(np.array([axis.start, axis.end])).T, **thin)
        for at, text in axis.ticks:
            end = np.array(at) + TICK * np.array(axis.outwards)
            axes.plot(*projection.project(np.array([at, end])).T, **thin)
            place = np.array(at) + NUMBERS * np.array(axis.outwards)
            _write(axes, projection, place, text, fontsize="small")
        _write(axes, projection, np.array(axis.name_at), name)


def _write(axes: Axes, projection: Projection, at: Array, text: str, **style: Any) -> None:
    place = projection.project(at)
    if np.isfinite(place).all():
        axes.text(
            float(place[0]), float(place[1]), text, ha="center", va="center", clip_on=True, **style
        )
