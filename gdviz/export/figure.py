"""A Scene as a figure, drawn with matplotlib: PNG, SVG and PDF, with no display at all.

Figures are made with matplotlib's objects and never with pyplot, so that a worker thread of the
window may draw one while the person goes on.
"""

import os
from typing import Any

from matplotlib.gridspec import GridSpec

from gdviz.export.map_axes import draw_map
from gdviz.export.options import FigureOptions, Format, format_of
from gdviz.export.panel_axes import PANELS, draw_panels
from gdviz.export.sheet import Sheet, file_bytes
from gdviz.files import write_file
from gdviz.scene import Scene
from gdviz.words import caption, typographic

#: Panels go to the right of the map where the figure is this many times as wide as high.
_WIDE = 1.4


def render(scene: Scene, path: str | os.PathLike[str], options: FigureOptions) -> None:
    """Draw a scene into a file.

    Parameters
    ----------
    scene : Scene
        What.
    path : path-like
        The file; its ending, .png, .svg or .pdf, decides the format.
    options : FigureOptions
        How.

    Raises
    ------
    FigureOptionsError
        If the ending is another one.
    OSError
        If the file cannot be written; if there was one, it is then as it was.
    """
    write_file(path, figure_bytes(scene, format_of(path), options))


def figure_bytes(scene: Scene, format: Format, options: FigureOptions) -> bytes:  # noqa: A002 - matplotlib's and Pillow's word
    """Draw a scene in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    scene : Scene
        What.
    format : {"png", "svg", "pdf"}
        The format. In SVG and PDF everything but the heat map is made of lines.
    options : FigureOptions
        How.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(lambda sheet: _draw(sheet, scene, options.panels), format, options)


def _draw(sheet: Sheet, scene: Scene, panels: bool) -> None:
    """Draw the map with its colour bar, and the panels."""
    figure = sheet.figure
    map_cell, panel_cells = _cells(sheet, panels)

    axes = figure.add_subplot(map_cell)
    image, handles = draw_map(axes, scene, sheet.scale)
    bar = figure.colorbar(image, ax=axes, pad=0.015, aspect=30, label="f(a, b)")
    ticks = scene.landscape.scale.ticks()
    bar.set_ticks([place for place, _ in ticks], labels=[typographic(text) for _, text in ticks])
    bar.outline.set_visible(False)
    if bar.solids:
        bar.solids.set_rasterized(False)  # so that the heat map is the only bitmap of the figure
        bar.solids.set(edgecolor="face", linewidth=0.8)  # no seams in viewers of vector files
    if panel_cells:
        draw_panels([figure.add_subplot(cell) for cell in panel_cells], scene, sheet.scale)

    sheet.add_legend(handles)
    sheet.add_caption(caption(scene.experiment, sheet.characters))


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
