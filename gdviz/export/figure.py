"""A Scene as a figure, drawn with matplotlib: PNG, SVG and PDF, with no display at all.

Figures are made with matplotlib's objects and never with pyplot, so that a worker thread of the
window may draw one while the person goes on.
"""

import io
import os
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.legend import Legend

from gdviz.export.map_axes import draw_map
from gdviz.export.options import FigureOptions, Format, format_of
from gdviz.export.panel_axes import PANELS, draw_panels
from gdviz.export.style import FONT_SIZE, LOOKS, applied
from gdviz.files import write_file
from gdviz.scene import Scene
from gdviz.words import caption, typographic

_DEFAULT = FigureOptions()
#: Panels go to the right of the map where the figure is this many times as wide as high.
_WIDE = 1.4
#: A character's mean width, of the font's size.
_EM = 0.57
#: What a file says of its making: no date, so that the same scene makes the same file.
_METADATA: dict[Format, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}


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
    out = io.BytesIO()
    with applied(LOOKS[options.theme], _scale(options)):
        figure = _compose(scene, options)
        figure.savefig(out, format=format, dpi=options.dpi, metadata=_METADATA[format])
    return out.getvalue()


def _scale(options: FigureOptions) -> float:
    """Return the scale of words and lines: small in a small figure, and never shouting."""
    width, height = options.inches
    return min(max(min(width / 8.0, height / 5.5), 0.58), 1.25)


def _compose(scene: Scene, options: FigureOptions) -> Figure:
    """Make the figure: legend above, map with its colour bar, panels, caption below."""
    figure = Figure(options.inches, options.dpi, layout="constrained")
    FigureCanvasAgg(figure)
    map_cell, panel_cells = _cells(figure, options)

    scale, look = _scale(options), LOOKS[options.theme]
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

    _add_legend(figure, handles)
    size = FONT_SIZE * scale
    figure.supxlabel(
        caption(scene.experiment, width=int(options.inches[0] * 72 / (size * _EM))),
        x=0.01, ha="left", fontsize=size, color=look.muted, linespacing=1.5,
    )  # fmt: skip
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


def _add_legend(figure: Figure, handles: list[Any]) -> Legend | None:
    """Put a legend above the map, where it covers nothing, in as few lines as fit."""
    if not handles:
        return None
    for columns in range(len(handles), 0, -1):
        legend = figure.legend(
            handles=handles, loc="outside upper left", ncols=columns, frameon=False,
            columnspacing=1.6, handlelength=1.6, borderaxespad=0.2,
        )  # fmt: skip
        if columns == 1 or legend.get_window_extent().width <= 0.97 * figure.bbox.width:
            return legend
        legend.remove()
    return None
