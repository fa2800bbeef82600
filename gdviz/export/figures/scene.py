"""A Scene as a figure, drawn with matplotlib: PNG, SVG and PDF, with no display at all.

Figures are made with matplotlib's objects and never with pyplot, so that a worker thread of the
window may draw one while the person goes on.
"""

import os
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.gridspec import GridSpec

from gdviz.base.files import write_file
from gdviz.export.axes.basins import (
    add_shades,
    basins_caption,
    basins_handles,
    draw_marks,
    draw_pixels,
    pixels_of,
)
from gdviz.export.axes.ground import Ground
from gdviz.export.axes.map import BASINS, MARKS, draw_map, draw_notice
from gdviz.export.axes.panels import PANELS, draw_panels
from gdviz.export.axes.relief import ReliefAxes, draw_relief
from gdviz.export.options import AS_USUAL, FigureOptions, Format, format_of
from gdviz.export.sheet import Sheet, file_bytes
from gdviz.scene.basins import MethodBasins
from gdviz.scene.captions import caption, point_name
from gdviz.scene.scene import Scene

#: Panels go to the right of the map where the figure is this many times as wide as high.
_WIDE = 1.4


def save_figure(
    scene: Scene,
    path: str | os.PathLike[str],
    options: FigureOptions = AS_USUAL,
    basins: Sequence[MethodBasins] = (),
) -> None:
    """Draw a scene into a file.

    Parameters
    ----------
    scene : Scene
        What.
    path : path-like
        The file; its ending, .png, .svg or .pdf, decides the format.
    options : FigureOptions, optional
        How: size, resolution, panels, theme.
    basins : sequence of MethodBasins, optional
        As in :func:`figure_bytes`.

    Raises
    ------
    FigureOptionsError
        If the ending is another one.
    OSError
        If the file cannot be written; if there was one, it is then as it was.
    """
    write_file(path, figure_bytes(scene, format_of(path), options, basins))


def figure_bytes(
    scene: Scene,
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions = AS_USUAL,
    basins: Sequence[MethodBasins] = (),
) -> bytes:
    """Draw a scene in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    scene : Scene
        What.
    format : {"png", "svg", "pdf"}
        The format. In SVG and PDF everything but the heat map, or the surface in three dimensions,
        is made of lines.
    options : FigureOptions, optional
        How: size, resolution, panels, theme.
    basins : sequence of MethodBasins, optional
        What lies on the map: the basins of one of the scene's methods, or the difference of two.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(
        lambda sheet: draw_scene(sheet, scene, options.panels, basins, options.relief),
        format,
        options,
    )


def draw_scene(
    sheet: Sheet,
    scene: Scene,
    panels: bool,
    basins: Sequence[MethodBasins] = (),
    relief: bool = False,
) -> None:
    """Draw the map, or the surface in three dimensions, with its colour bar, and the panels.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    scene : Scene
        What.
    panels : bool
        Draw the panels as well.
    basins : sequence of MethodBasins, optional
        As in :func:`figure_bytes`.
    relief : bool, default False
        In three dimensions.
    """
    figure = sheet.figure
    map_cell, panel_cells = _cells(sheet, panels)

    if relief:
        axes: Axes = figure.add_subplot(map_cell, axes_class=ReliefAxes)
        colors, handles = _draw_relief(sheet, axes, scene, basins)
    else:
        axes = figure.add_subplot(map_cell)
        colors, handles = _draw_map(sheet, axes, scene, basins)
    draw_notice(axes, scene, sheet.scale)
    lines = caption(scene.experiment, sheet.characters).splitlines()
    if basins:
        add_shades(sheet, axes, basins)
        handles += basins_handles(scene.experiment, basins, brief=True)
        first, *others = basins_caption(scene.experiment, basins)
        lines += [f"Basins: {first}", *others]
    else:
        _add_color_bar(sheet, axes, scene, colors)
    if panel_cells:
        draw_panels([figure.add_subplot(cell) for cell in panel_cells], scene, sheet.scale)

    sheet.add_legend(handles)
    sheet.add_caption(lines)


def _draw_map(
    sheet: Sheet, axes: Axes, scene: Scene, basins: Sequence[MethodBasins]
) -> tuple[ScalarMappable, list[Any]]:
    """Draw the map, with basins under its contours and paths in place of its colours if any."""
    image, handles = draw_map(axes, scene, sheet.scale)
    if basins:
        image.remove()  # its colours are not those of the map
        draw_pixels(axes, basins, BASINS)
        _draw_marks(sheet, axes, basins)
    return image, [*handles]


def _draw_relief(
    sheet: Sheet, axes: Axes, scene: Scene, basins: Sequence[MethodBasins]
) -> tuple[ScalarMappable, list[Any]]:
    """Draw the surface, in the basins' colours if there are any."""
    pixels = pixels_of(basins) if basins else None
    colors, ground, handles = draw_relief(sheet, axes, scene, pixels)
    if basins:
        _draw_marks(sheet, axes, basins, ground)
    return colors, [*handles]


def _draw_marks(
    sheet: Sheet, axes: Axes, basins: Sequence[MethodBasins], ground: Ground | None = None
) -> None:
    if len(basins) == 1:
        draw_marks(axes, basins[0].basins, sheet.scale, MARKS, 8.0 * sheet.scale, ground)


def _add_color_bar(sheet: Sheet, axes: Axes, scene: Scene, colors: ScalarMappable) -> None:
    scale = scene.landscape.scale
    ends = scale.least is not None, scale.greatest is not None
    bar = sheet.figure.colorbar(
        colors, ax=axes, pad=0.015, aspect=30, label=f"f{point_name(scene.experiment)}",
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
