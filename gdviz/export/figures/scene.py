"""A Scene as a figure, drawn with matplotlib: PNG, SVG and PDF, with no display at all.

Figures are made with matplotlib's objects and never with pyplot, so that a worker thread of the
window may draw one while the person goes on.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.gridspec import GridSpec
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.export.axes.basins import (
    add_shades,
    basins_caption,
    basins_handles,
    draw_marks,
    draw_pixels,
    pixels_of,
)
from gdviz.export.axes.circle import CircleDrawing
from gdviz.export.axes.cloud import CloudDrawing
from gdviz.export.axes.gradient_error import draw_error, error_colors
from gdviz.export.axes.ground import FlatGround, Ground
from gdviz.export.axes.layers import BASINS, MARKS
from gdviz.export.axes.map import Notice, OnGround, draw_map
from gdviz.export.axes.panels import PANELS, Curves, draw_panels
from gdviz.export.axes.paths import Moving
from gdviz.export.axes.relief import ReliefAxes, draw_relief
from gdviz.export.axes.taylor import draw_taylor
from gdviz.export.options import AS_USUAL, FigureOptions, Format
from gdviz.export.sheet import Sheet, file_bytes, save_sheet
from gdviz.scene.animation.frames import Frame
from gdviz.scene.basins import MethodBasins
from gdviz.scene.captions import caption, point_name
from gdviz.scene.scene import Scene

#: Panels go to the right of the map where the figure is this many times as wide as high.
_WIDE = 1.4
#: Of the map's width: a colour bar's within its axes.
_BAR = 0.035


def save_figure(
    scene: Scene | Frame,
    path: str | os.PathLike[str],
    options: FigureOptions = AS_USUAL,
) -> list[str]:
    """Draw a scene into a file.

    Parameters
    ----------
    scene : Scene or Frame
        What; a frame may draw the paths up to a step, and have more on the map.
    path : path-like
        The file; its ending, .png, .svg, .pdf, .eps or .pgf, decides the format.
    options : FigureOptions, optional
        How: size, resolution, panels, theme.

    Returns
    -------
    list of str
        The names of files beside it that it includes: a .pgf has its heat map in one.

    Raises
    ------
    FigureOptionsError
        If the ending is another one, or LaTeX, which a .pgf needs, is absent or fails.
    OSError
        If the file cannot be written; if there was one, it is then as it was.
    """
    return save_sheet(_drawing(scene, options), Path(path), options)


def figure_bytes(
    scene: Scene | Frame,
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions = AS_USUAL,
) -> bytes:
    """Draw a scene in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    scene : Scene or Frame
        What; a frame may draw the paths up to a step, and have more on the map.
    format : {"png", "svg", "pdf", "eps"}
        The format. In SVG and PDF everything but the heat map, or the surface in three dimensions,
        is made of lines.
    options : FigureOptions, optional
        How: size, resolution, panels, theme.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(_drawing(scene, options), format, options)


def _drawing(scene: Scene | Frame, options: FigureOptions) -> Callable[[Sheet], object]:
    """Return what draws a scene on an empty sheet."""
    return lambda sheet: draw_scene(sheet, scene, options.panels, options.relief)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the parts of a figure are.

    Attributes
    ----------
    axes : mapping of str to Bbox
        The map, the bar beside it, and the panels, in parts of the figure.
    caption : (float, float)
        The lower left corner of what is written below, likewise.
    """

    axes: Mapping[str, Bbox]
    caption: tuple[float, float]

    @classmethod
    def common(cls, layouts: Sequence["Layout"]) -> "Layout":
        """Return one in which there is room for the words of all: the smallest map's.

        Parameters
        ----------
        layouts : sequence of Layout
            Of figures that differ in their words, or in whether there is a bar.
        """
        narrow = min(layouts, key=lambda each: each.axes["map"].width)
        low = min(layouts, key=lambda each: each.axes["map"].height)
        known: dict[str, Bbox] = {}
        for each in (*layouts, low, narrow):
            known.update(each.axes)
        axes = {
            name: Bbox.from_extents(box.x0, other.y0, box.x1, other.y1)
            for name, box in known.items()
            for other in [low.axes.get(name, box)]
        }
        return cls(axes, layouts[0].caption)


@dataclass(frozen=True, eq=False)
class SceneDrawing:
    """What was drawn of a scene, and how another scene or step is shown in its place.

    Attributes
    ----------
    axes : Axes
        Those of the map, or of the surface in three dimensions.
    ground : Ground
        Where points of the map are in them.
    on_ground : OnGround
        What lies on it.
    notice : Notice
        What is said of what is not there.
    circle : CircleDrawing or None
        The circle of steps around the start.
    clouds : list of CloudDrawing
        Steps by other draws.
    curves : list of Curves
        Those of the panels.
    caption : Text
        What is written below.
    """

    axes: Axes
    ground: Ground
    on_ground: OnGround
    notice: Notice
    circle: CircleDrawing | None
    clouds: Sequence[CloudDrawing]
    curves: Sequence[Curves]
    caption: Text
    _sheet: Sheet
    _axes: Mapping[str, Axes]
    _lines: int
    _basins: Sequence[MethodBasins]
    _fixed: Sequence[Any]

    @property
    def _parts(self) -> list[Moving]:
        return [*self.on_ground.moving, *self.curves, self.notice]

    @property
    def moving(self) -> list[Artist]:
        """The artists that are not always the same, but for the caption."""
        artists = [artist for part in self._parts for artist in part.artists]
        artists += [artist for cloud in self.clouds for artist in cloud.artists]
        return artists + (list(self.circle.artists) if self.circle else [])

    @property
    def rows(self) -> list[str]:
        """What is written in the legend."""
        circle = self.circle.handles if self.circle else []
        drawn = [*self.on_ground.handles, *circle, *_cloud_handles(self.clouds)]
        handles = [*drawn, *self._fixed]
        return [str(handle.get_label()) for handle in handles]

    def lay_out(self) -> Layout:
        """Make room for all words, and return where the parts are then."""
        self._sheet.figure.draw_without_rendering()
        boxes = {
            name: axes.get_position(original=True).frozen() for name, axes in self._axes.items()
        }
        return Layout(boxes, self.caption.get_position())

    def place(self, layout: Layout) -> None:
        """Put the parts where a layout has them, and leave them there whatever words come."""
        self._sheet.figure.set_layout_engine("none")
        for name, axes in self._axes.items():
            if name in layout.axes:
                axes.set_position(layout.axes[name])
        self.caption.set_position(layout.caption)

    def show(self, frame: Frame) -> None:
        """Show another frame.

        Parameters
        ----------
        frame : Frame
            Of the same methods on the same landscape, with the same basins.
        """
        for part in self._parts:
            part.show(frame.scene, frame.step)
        if self.circle and frame.circle:
            self.circle.show(frame.circle)
        for drawing, cloud in zip(self.clouds, frame.clouds, strict=True):
            drawing.show(cloud)
        self.caption.set_text(self.text(frame))

    def text(self, frame: Frame) -> str:
        """Return what the caption of a frame is."""
        lines = _caption(self._sheet, frame, self._basins)
        return self._sheet.caption_text(lines, self._lines)


def draw_scene(
    sheet: Sheet,
    scene: Scene | Frame,
    panels: bool,
    relief: bool = False,
    others: Sequence[Frame] = (),
) -> SceneDrawing:
    """Draw the map, or the surface in three dimensions, with its colour bar, and the panels.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    scene : Scene or Frame
        What; a frame may draw the paths up to a step, and have more on the map.
    panels : bool
        Draw the panels as well.
    relief : bool, default False
        In three dimensions.
    others : sequence of Frame, optional
        What is shown later in its place: there is room for it.
    """
    frame = Frame(scene) if isinstance(scene, Scene) else scene
    scene, step, basins = frame.scene, frame.step, frame.basins
    figure = sheet.figure
    map_cell, panel_cells = _cells(sheet, panels)

    if relief:
        in_relief = figure.add_subplot(map_cell, axes_class=ReliefAxes)
        assert isinstance(in_relief, ReliefAxes)
        axes: Axes = in_relief
        colors, ground, drawn = _draw_relief(sheet, in_relief, frame)
    else:
        axes = figure.add_subplot(map_cell)
        colors, ground, drawn = _draw_map(sheet, axes, frame)
    handles: list[Any] = list(drawn.handles)
    circle = CircleDrawing(axes, ground, sheet.scale) if frame.circle else None
    if circle and frame.circle:
        circle.show(frame.circle)
        handles += circle.handles
    handles += _draw_of_lenses(sheet, axes, frame, ground)
    clouds = [CloudDrawing(axes, ground, sheet.scale, step is None) for _ in frame.clouds]
    for drawing, cloud in zip(clouds, frame.clouds, strict=True):
        drawing.show(cloud)
    handles += _cloud_handles(clouds)
    notice = Notice(axes, scene, sheet.scale, relief)
    all_axes, fixed = {"map": axes}, []
    if basins:
        bar = add_shades(sheet, axes, basins)
        fixed = basins_handles(scene.experiment, basins, brief=True)
    else:
        bar = _add_color_bar(sheet, axes, *_meaning(frame, ground, colors))
    if bar is not None:
        all_axes["bar"] = bar
    curves: list[Curves] = []
    if panel_cells:
        cells = [figure.add_subplot(cell) for cell in panel_cells]
        all_axes.update((f"panel {k}", cell) for k, cell in enumerate(cells))
        later = [each.scene for each in others if each.scene is not scene]
        curves = draw_panels(cells, scene, sheet.scale, step, later)

    if scene.experiment.view.legend:
        sheet.add_legend([*handles, *fixed])
    captions = [_caption(sheet, each, basins) for each in (frame, *others)]
    room = max(sheet.caption_text(lines).count("\n") + 1 for lines in captions)
    text = sheet.add_caption(captions[0], room)
    return SceneDrawing(
        axes,
        ground,
        drawn,
        notice,
        circle,
        clouds,
        curves,
        text,
        sheet,
        all_axes,
        room,
        basins,
        fixed,
    )


def _cloud_handles(clouds: Sequence[CloudDrawing]) -> list[Line2D]:
    """Return what a legend has of clouds: what several have in common once."""
    rows: dict[str, Line2D] = {}
    for row in (row for cloud in clouds for row in cloud.handles):
        rows.setdefault(str(row.get_label()), row)
    return list(rows.values())


def _caption(sheet: Sheet, frame: Frame, basins: Sequence[MethodBasins]) -> list[str]:
    """Return a frame's caption; of the basins it says whose they are and of how many starts."""
    experiment = frame.scene.experiment
    lines = caption(experiment, sheet.characters, frame.step, frame.circle).splitlines()
    if basins:
        first, *more = basins_caption(experiment, basins)
        lines += [f"Basins: {first}", *more]
    return lines


def _draw_map(sheet: Sheet, axes: Axes, frame: Frame) -> tuple[ScalarMappable, Ground, OnGround]:
    """Draw the map, with basins under its contours and paths in place of its colours if any."""
    basins = frame.basins
    image, ground, on_ground = draw_map(axes, frame.scene, sheet.scale, frame.step)
    if basins:
        image.remove()  # its colours are not those of the map
        draw_pixels(axes, basins, BASINS)
        _draw_marks(sheet, axes, basins, ground)
    return image, ground, on_ground


def _draw_relief(
    sheet: Sheet, axes: ReliefAxes, frame: Frame
) -> tuple[ScalarMappable, Ground, OnGround]:
    """Draw the surface, in the basins' colours if there are any."""
    basins = frame.basins
    pixels = pixels_of(basins) if basins else None
    colors, ground, on_ground = draw_relief(sheet, axes, frame.scene, pixels, frame.step)
    if basins:
        _draw_marks(sheet, axes, basins, ground)
    return colors, ground, on_ground


def _draw_marks(sheet: Sheet, axes: Axes, basins: Sequence[MethodBasins], ground: Ground) -> None:
    if len(basins) == 1:
        draw_marks(axes, basins[0].basins, sheet.scale, MARKS, 8.0 * sheet.scale, ground)


def _draw_of_lenses(sheet: Sheet, axes: Axes, frame: Frame, ground: Ground) -> list[Line2D]:
    """Draw what lenses lay on the map, of which an error is flat, and return the legend's rows."""
    handles: list[Line2D] = []
    if frame.models:
        handles += draw_taylor(axes, ground, frame.scene.landscape, frame.models, sheet.scale)
    if frame.error and isinstance(ground, FlatGround):
        handles += draw_error(axes, frame.error, sheet.scale)
    return handles


def _meaning(
    frame: Frame, ground: Ground, colors: ScalarMappable
) -> tuple[ScalarMappable, ColorScale, str]:
    """Return the colours that are seen, their scale and what they are of."""
    error = frame.error if isinstance(ground, FlatGround) else None
    if error and error.scale:
        return error_colors(), error.scale, error.about
    return colors, frame.scene.landscape.scale, f"f{point_name(frame.scene.experiment)}"


def _add_color_bar(
    sheet: Sheet, axes: Axes, colors: ScalarMappable, scale: ColorScale, name: str
) -> Axes:
    """Put a bar beside the axes that says what colours mean, and return its own."""
    ends = scale.least is not None, scale.greatest is not None
    place: dict[str, Any] = {"ax": axes, "pad": 0.015, "aspect": 30}
    if axes.get_aspect() != "auto":  # the map takes a part of its room: the bar stands beside that
        place = {"cax": axes.inset_axes((1.02, 0.0, _BAR, 1.0))}
    bar = sheet.figure.colorbar(
        colors, **place, label=name,
        extend={(True, False): "min", (False, True): "max", (True, True): "both"}.get(
            ends, "neither"
        ),
    )  # fmt: skip
    ticks = scale.ticks()
    bar.set_ticks([place for place, _ in ticks], labels=[label for _, label in ticks])
    bar.outline.set_visible(False)
    if bar.solids:
        bar.solids.set_rasterized(False)  # so that the heat map is the only bitmap of the figure
        bar.solids.set(edgecolor="face", linewidth=0.8)  # no seams in viewers of vector files
    return bar.ax


def _cells(sheet: Sheet, panels: bool) -> tuple[Any, list[Any]]:
    """Return the places of the map and of the panels."""
    count = len(PANELS)
    if not panels:
        return GridSpec(1, 1, sheet.figure)[0, 0], []
    if sheet.aspect > _WIDE:
        grid = GridSpec(count, 2, sheet.figure, width_ratios=(2.2, 1))
        return grid[:, 0], [grid[i, 1] for i in range(count)]
    grid = GridSpec(2, count, sheet.figure, height_ratios=(2.4, 1))
    return grid[0, :], [grid[1, i] for i in range(count)]
