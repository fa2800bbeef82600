"""The sheet that every figure is drawn on: its size, its legend, its caption, and its file."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

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


@dataclass(frozen=True)
class Sheet:
    """What a figure is drawn on.

    Parameters
    ----------
    figure : Figure
        Its parts make room for each other.
    inches : (float, float)
        Width and height.
    scale : float
        Of words and lines; 1 for a figure of eight by six inches.
    muted : str
        The colour of what may be read.
    """

    figure: Figure
    inches: tuple[float, float]
    scale: float
    muted: str

    @property
    def aspect(self) -> float:
        """How many times as wide as high it is."""
        width, height = self.inches
        return width / height

    @property
    def characters(self) -> int:
        """How many characters of a caption fit side by side."""
        return int(self.inches[0] * 72 / (FONT_SIZE * self.scale * _EM))

    @property
    def lines(self) -> float:
        """How many lines of a caption fit one below the other."""
        # 1.2: matplotlib's single spacing
        return self.inches[1] / (FONT_SIZE * self.scale * _LINE * 1.2 / 72)

    def sample(self, label: str, color: str, width: float = 1.6, **style: Any) -> Line2D:
        """Return a line for the legend; its width is in points at scale 1."""
        return Line2D([], [], color=color, linewidth=width * self.scale, label=label, **style)

    def add_legend(self, handles: Sequence[Any]) -> None:
        """Put a legend above everything, where it covers nothing, in as few lines as fit."""
        for columns in range(len(handles), 0, -1):
            legend = self.figure.legend(
                handles=handles, loc="outside upper left", ncols=columns, frameon=False,
                columnspacing=1.6, handlelength=1.6, borderaxespad=0.2,
            )  # fmt: skip
            width = legend.get_window_extent().width
            if columns == 1 or width <= 0.97 * self.figure.bbox.width:
                return
            legend.remove()

    def add_caption(self, text: str) -> None:
        """Put a caption, lines of text, below everything."""
        self.figure.supxlabel(
            text, x=0.01, ha="left", fontsize=FONT_SIZE * self.scale, color=self.muted,
            linespacing=_LINE,
        )  # fmt: skip


@contextmanager
def open_sheet(options: FigureOptions) -> Iterator[Sheet]:
    """Lay out an empty sheet; matplotlib's settings are ours as long as it is open.

    One thread at a time gets in.

    Parameters
    ----------
    options : FigureOptions
        Size, resolution and theme.

    Yields
    ------
    Sheet
        To be drawn on, and saved, before it is closed.
    """
    width, height = options.inches
    # Small in a small figure, and never shouting.
    scale = min(max(min(width / 8.0, height / 5.5), 0.58), 1.25)
    look = LOOKS[options.theme]
    with applied(look, scale):
        figure = Figure(options.inches, options.dpi, layout="constrained")
        FigureCanvasAgg(figure)
        yield Sheet(figure, options.inches, scale, look.muted)


def file_bytes(
    draw: Callable[[Sheet], None],
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions,
) -> bytes:
    """Draw a figure in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    draw : callable
        Draws it on an empty sheet.
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
    with open_sheet(options) as sheet:
        draw(sheet)
        sheet.figure.savefig(out, format=format, dpi=options.dpi, metadata=_METADATA[format])
    return out.getvalue()


def frame_panel(axes: Axes, title: str, pad: float | None = None) -> None:
    """Give a panel its title, a grid, and a frame that is open above and at the right.

    Parameters
    ----------
    axes : Axes
        The panel.
    title : str
        Its title.
    pad : float, optional
        The room below the title in points; by default matplotlib's.
    """
    axes.set_title(title, pad=pad)
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)
