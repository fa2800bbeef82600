"""The sheet that every figure is drawn on: its size, its legend, its caption, and its file."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Text

from gdviz.base.files import write_file
from gdviz.base.geometry import Range
from gdviz.export.linear_axes import spell_ticks
from gdviz.export.options import FigureOptions, Format, format_of
from gdviz.export.style import FONT_SIZE, LOOKS, applied
from gdviz.scene.captions import wrapped

#: A character's mean width, of the font's size.
_EM = 0.57
_LINE = 1.5  #: a caption's line spacing
#: What a file says of its making: no date, so that the same scene makes the same file.
_METADATA: dict[Format, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "eps": {"Creator": "gdviz"},
}
#: What PostScript says of it in spite of that.
_DATED = re.compile(rb"^%%(?:CreationDate|Title): .*\n", re.MULTILINE)


THIN = 0.9  #: points, at scale 1: a line that is not a curve


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
    font_size : float
        Of words, in points.
    """

    figure: Figure
    inches: tuple[float, float]
    scale: float
    muted: str
    font_size: float

    @property
    def aspect(self) -> float:
        """How many times as wide as high it is."""
        width, height = self.inches
        return width / height

    @property
    def characters(self) -> int:
        """How many characters of a caption fit side by side."""
        return int(self.inches[0] * 72 / (self.font_size * _EM))

    @property
    def lines(self) -> float:
        """How many lines of a caption fit one below the other."""
        # 1.2: matplotlib's single spacing
        return self.inches[1] / (self.font_size * _LINE * 1.2 / 72)

    def sample(self, label: str, color: str, width: float = 1.6, **style: Any) -> Line2D:
        """Return a line for the legend; its width is in points at scale 1.

        Parameters
        ----------
        label : str
            What is written beside it.
        color : str
            Its colour, as matplotlib takes it.
        width : float, default 1.6
            In points, on a sheet of scale 1.
        **style
            Other properties of matplotlib's Line2D.
        """
        return Line2D([], [], color=color, linewidth=width * self.scale, label=label, **style)

    def mark(self, axes: Axes, x: float, **style: Any) -> None:
        """Mark a value of the horizontal axis by a thin line behind the curves."""
        axes.axvline(x, color=self.muted, linewidth=THIN * self.scale, zorder=1.5, **style)

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

    def caption_text(self, paragraphs: Iterable[str], lines: int = 0) -> str:
        """Return a caption as it is drawn.

        Parameters
        ----------
        paragraphs : iterable of str
            They are broken into lines that fit.
        lines : int, default 0
            How many lines it has at least.
        """
        found = [line for text in paragraphs for line in wrapped(text, self.characters)]
        return "\n".join(found + [" "] * (lines - len(found)))

    def add_caption(self, paragraphs: Iterable[str], lines: int = 0) -> Text:
        """Put a caption below everything.

        Parameters
        ----------
        paragraphs : iterable of str
            They are broken into lines that fit.
        lines : int, default 0
            For how many lines there is room at least.
        """
        return self.figure.supxlabel(
            self.caption_text(paragraphs, lines), x=0.01, ha="left",
            fontsize=self.font_size, color=self.muted, linespacing=_LINE,
        )  # fmt: skip


@contextmanager
def styled(options: FigureOptions) -> Iterator[None]:
    """Have matplotlib's settings be ours, for a figure with these options.

    One thread at a time gets in.
    """
    look, scale = LOOKS[options.theme], _scale(options)
    with applied(look, scale, options.font_size, options.transparent):
        yield


def empty_sheet(options: FigureOptions) -> Sheet:
    """Lay out an empty sheet; within :func:`styled`, as all that is done with it.

    Parameters
    ----------
    options : FigureOptions
        Size, resolution and theme.
    """
    figure = Figure(options.inches, options.dpi, layout="constrained")
    FigureCanvasAgg(figure)
    scale = _scale(options)
    font_size = options.font_size or FONT_SIZE * scale
    return Sheet(figure, options.inches, scale, LOOKS[options.theme].muted, font_size)


def _scale(options: FigureOptions) -> float:
    """Return the scale of words and lines: small in a small figure, and never shouting."""
    width, height = options.inches
    return min(max(min(width / 8.0, height / 5.5), 0.58), 1.25)


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
    with styled(options):
        yield empty_sheet(options)


def file_bytes(
    draw: Callable[[Sheet], object],
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions,
) -> bytes:
    """Draw a figure in memory.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    draw : callable
        Draws it on an empty sheet.
    format : {"png", "svg", "pdf", "eps"}
        The format. PostScript has no transparency: what is translucent is in
        the pixels of the heat map, and a surface in three dimensions stands on the theme's ground.
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
        if format == "eps":
            _flatten(sheet.figure, LOOKS[options.theme].ground)
        if format == "png":
            _lay_out(sheet.figure)
        sheet.figure.savefig(out, format=format, dpi=options.dpi, metadata=_METADATA[format])
    data = out.getvalue()
    return _DATED.sub(b"", data) if format == "eps" else data


def save_sheet(draw: Callable[[Sheet], object], path: Path, options: FigureOptions) -> list[str]:
    """Draw a figure into a file.

    May be called in any thread; figures are made one after the other.

    Parameters
    ----------
    draw : callable
        Draws it on an empty sheet.
    path : Path
        The file, whose ending decides the format.
    options : FigureOptions
        How.

    Returns
    -------
    list of str
        The names of the files beside it that it includes: those of a PGF.

    Raises
    ------
    FigureOptionsError
        If the ending is of no format, or LaTeX is needed and fails.
    OSError
        If the file cannot be written; if there was one, it is then as it was.
    """
    format_ = format_of(path)
    if format_ != "pgf":
        write_file(path, file_bytes(draw, format_, options))
        return []
    from gdviz.export import pgf  # which few people need

    with open_sheet(options) as sheet:
        return pgf.write_pgf(sheet.figure, partial(draw, sheet), path)


def _lay_out(figure: Figure) -> None:
    """Have the parts of a figure make room for each other once and for all.

    Where that is left to savefig it draws everything twice. Other formats measure text in dots of
    their own, for which savefig has to do it.
    """
    if engine := figure.get_layout_engine():
        engine.execute(figure)
        figure.set_layout_engine(None)


def _flatten(figure: Figure, ground: str) -> None:
    """Make pixels of what is translucent and of all below it, as PostScript has no transparency.

    Parameters
    ----------
    figure : Figure
        What is drawn.
    ground : str
        The colour on which pixels without a colour stand.
    """
    for axes in figure.axes:
        artists = axes.get_children()
        translucent = [artist for artist in artists if _lets_through(artist)]
        if not translucent:
            continue
        top = max(artist.get_zorder() for artist in translucent)
        axes.set_rasterization_zorder(top)
        for artist in artists:
            if isinstance(artist, (Text, Axis, Spine)):  # words and frames stay lines
                artist.set_zorder(max(artist.get_zorder(), top + 1))
        if not axes.axison:  # else there is a patch, which goes with them
            lowest = min(artist.get_zorder() for artist in artists)
            axes.add_artist(
                Rectangle((0, 0), 1, 1, transform=axes.transAxes, color=ground, zorder=lowest - 1)
            )


def _lets_through(artist: Artist) -> bool:
    """Tell whether what lies below an artist may be seen through it, or beside its pixels."""
    alpha = artist.get_alpha()
    is_translucent = isinstance(alpha, float) and alpha < 1.0
    return is_translucent or isinstance(artist, AxesImage) or bool(artist.get_rasterized())


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
    spell_ticks(axes)
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)


def frame_map(axes: Axes, window: Range, names: tuple[str, str]) -> None:
    """Give a map its range, the names of its coordinates, and ticks.

    Parameters
    ----------
    axes : Axes
        The map.
    window : Range
        Its range.
    names : (str, str)
        What its coordinates are called.
    """
    in_a, in_b = names
    axes.set(xlim=window[:2], ylim=window[2:], xlabel=in_a, ylabel=in_b)
    spell_ticks(axes)


def add_legend_above(axes: Axes, **style: Any) -> None:
    """Put a panel's legend below its title, where it covers nothing."""
    axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False, fontsize="small",
        handletextpad=0.35, borderaxespad=0.0, **style,
    )  # fmt: skip


def say(axes: Axes, text: str) -> None:
    """Write in the middle of a panel in which there is nothing to draw."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", size="small")


def draw_grid(
    axes: Axes, pixels: npt.NDArray[Any], window: Range, count: int, **style: Any
) -> AxesImage:
    """Draw values at the points of a grid as an image; limits and units of the axes stay.

    Parameters
    ----------
    axes : Axes
        Where.
    pixels : ndarray, shape (n, n) or (n, n, 3)
        Values or colours, in rows of ascending b; a point may have several.
    window : Range
        From the first point of the grid to the last. A point is the centre of its square, so that
        the image reaches half a square further.
    count : int
        The points of the grid along each axis.
    **style
        As for matplotlib's imshow.
    """
    limits = axes.axis()
    half_a = (window.a_high - window.a_low) / (count - 1) / 2
    half_b = (window.b_high - window.b_low) / (count - 1) / 2
    image = axes.imshow(
        pixels, origin="lower", aspect=axes.get_aspect(), **style,
        extent=(window.a_low - half_a, window.a_high + half_a,
                window.b_low - half_b, window.b_high + half_b),
    )  # fmt: skip
    axes.axis(limits)
    return image
