"""A Scene as a figure, drawn with matplotlib: PNG, SVG and PDF, with no display at all.

Figures are made with matplotlib's objects and never with pyplot, so that a worker thread of the
window may draw one while the person goes on.
"""

import os
from typing import Any

from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from gdviz.export.map_axes import draw_map
from gdviz.export.options import FigureOptions, Format, format_of
from gdviz.export.panel_axes import PANELS, draw_panels
from gdviz.export.sheet import (
    add_caption,
    add_legend,
    characters,
    file_bytes,
    new_figure,
    scale_of,
)
from gdviz.files import write_file
from gdviz.scene import Scene
from gdviz.words import caption, typographic

_DEFAULT = FigureOptions()
#: Panels go to the right of the map where the figure is this many times as wide as high.
_WIDE = 1.4


def render(scene: Scene, path: str | os.PathLike[str], options: FigureOptions = _DEFAULT) -> None:
    """Draw a scene into a file.

    Parameters
    ----------
    scene : Scene
        What.
    path : path-like
        The file; its ending, .png, .svg or .pdf, decides the format.
    options : FigureOptions, optional
        How.

    Raises
    ------
    FigureOptionsError
        If the ending is another one.
    OSError
        If the file cannot be written; if there was one, it is then as it was.
    """
    write_file(path, figure_bytes(scene, format_of(path), options))


def figure_bytes(scene: Scene, format: Format, options: FigureOptions = _DEFAULT) -> bytes:  # noqa: A002 - matplotlib's and Pillow's word
    """Draw a scene in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    scene : Scene
        What.
    format : {"png", "svg", "pdf"}
        The format. In SVG and PDF everything but the heat map is made of lines.
    options : FigureOptions, optional
        How.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(lambda: _compose(scene, options), format, options)


def _compose(scene: Scene, options: FigureOptions) -> Figure:
    """Make the figure: legend above, map with its colour bar, panels, caption below."""
    figure = new_figure(options)
    map_cell, panel_cells = _cells(figure, options)

    scale = scale_of(options)
    axes = figure.add_subplot(map_cell)
    image, handles = draw_map(axes, scene, scale)
    bar = figure.colorbar(image, ax=axes, pad=0.015, aspect=30, label="f(a, b)")
    ticks = scene.landscape.scale.ticks()
    bar.set_ticks([place for place, _ in ticks], labels=[typographic(text) for _, text in ticks])
    bar.outline.set_visible(False)
    if bar.solids:
        bar.solids.set_rasterized(False)  # so that the heat map is the only bitmap of the figure
        bar.solids.set(edgecolor="face", linewidth=0.8)  # no seams in viewers of vector files
    if panel_cells:
        draw_panels([figure.add_subplot(cell) for cell in panel_cells], scene, scale)

    add_legend(figure, handles)
    add_caption(figure, caption(scene.experiment, characters(options)), options)
    return figure


def _cells(figure: Figure, options: FigureOptions) -> tuple[Any, list[Any]]:
    """Return the places of the map and of the panels."""
    width, height = options.inches
    count = len(PANELS)
    if not options.panels:
        return GridSpec(1, 1, figure)[0, 0], []
    if width > _WIDE * height:
        grid = GridSpec(count, 2, figure, width_ratios=(2.2, 1))
        return grid[:, 0], [grid[i, 1] for i in range(count)]
    grid = GridSpec(2, count, figure, height_ratios=(2.4, 1))
    return grid[0, :], [grid[1, i] for i in range(count)]
