"""What all figures share: the file, the scale of words and lines, the legend, the caption."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gdviz.export.options import FigureOptions, Format
from gdviz.export.style import FONT_SIZE, LOOKS, applied

#: A character's mean width, of the font's size.
_EM = 0.57
_LINE = 1.5  #: a caption's line spacing
#: What a file says of its making: no date, so that the same scene makes the same file.
_METADATA: dict[Format, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}


def file_bytes(
    compose: Callable[[], Figure],
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions,
) -> bytes:
    """Draw a figure in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    compose : callable
        Makes the figure, with :func:`new_figure`.
    format : {"png", "svg", "pdf"}
        The format.
    options : FigureOptions
        How.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    out = io.BytesIO()
    with applied(LOOKS[options.theme], scale_of(options)):
        figure = compose()
        figure.savefig(out, format=format, dpi=options.dpi, metadata=_METADATA[format])
    return out.getvalue()


def scale_of(options: FigureOptions) -> float:
    """Return the scale of words and lines: small in a small figure, and never shouting."""
    width, height = options.inches
    return min(max(min(width / 8.0, height / 5.5), 0.58), 1.25)


def new_figure(options: FigureOptions) -> Figure:
    """Return an empty figure whose parts make room for each other."""
    figure = Figure(options.inches, options.dpi, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def add_legend(figure: Figure, handles: Sequence[Any]) -> None:
    """Put a legend above everything, where it covers nothing, in as few lines as fit."""
    for columns in range(len(handles), 0, -1):
        legend = figure.legend(
            handles=handles, loc="outside upper left", ncols=columns, frameon=False,
            columnspacing=1.6, handlelength=1.6, borderaxespad=0.2,
        )  # fmt: skip
        if columns == 1 or legend.get_window_extent().width <= 0.97 * figure.bbox.width:
            return
        legend.remove()


def characters(options: FigureOptions) -> int:
    """Return how many characters of a caption fit side by side."""
    return int(options.inches[0] * 72 / (FONT_SIZE * scale_of(options) * _EM))


def line_inches(options: FigureOptions) -> float:
    """Return the height of a caption's line."""
    return FONT_SIZE * scale_of(options) * _LINE * 1.2 / 72  # 1.2: matplotlib's single spacing


def add_caption(figure: Figure, text: str, options: FigureOptions) -> None:
    """Put a caption, lines of text, below everything."""
    figure.supxlabel(
        text, x=0.01, ha="left", fontsize=FONT_SIZE * scale_of(options),
        color=LOOKS[options.theme].muted, linespacing=_LINE,
    )  # fmt: skip
