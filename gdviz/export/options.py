"""How a figure is written: format, size, resolution; light enough for a dialog to import."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from gdviz.export.tex import tex_program

#: What one file holds, and so what can be drawn in memory.
Format = Literal["png", "svg", "pdf", "eps"]
#: What a file can be: a PGF has its heat map in a file beside it.
FileFormat = Literal["png", "svg", "pdf", "eps", "pgf"]
Theme = Literal["light", "dark"]

#: The formats, as a file name ends in them.
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

#: Bounds of a side in inches; below the lower ones the words have no room.
MIN_INCHES, MIN_PANELS_INCHES, MAX_INCHES = 2.5, 4.0, 100.0
MIN_DPI, MAX_DPI = 20.0, 2400.0
#: What a picture may have, along a side and in all. Drawing takes some 35 bytes a pixel.
MAX_SIDE_PX, MAX_PX = 20_000, 50_000_000

MAP_SIZE = (8.0, 6.0)  #: inches
PANELS_SIZE = (8.0, 8.5)  #: the map as large as without panels, and a row of them below
SLIDE_SIZE = (40.0 / 3.0, 7.5)  #: 16:9, as slides have; panels stand at the right
#: Bounds of the size of words in points.
MIN_POINTS, MAX_POINTS = 4.0, 40.0


class FigureOptionsError(ValueError):
    """An option that is refused, in one sentence.

    Parameters
    ----------
    field : {"size", "dpi", "format", "font-size"}
        The option.
    message : str
        The sentence.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True)
class FigureOptions:
    """How a figure is written.

    Parameters
    ----------
    size : (float, float), optional
        Width and height in inches; None is :data:`MAP_SIZE`, or :data:`PANELS_SIZE` with panels.
    dpi : float, default 150
        Pixels an inch: of the whole in PNG, of the heat map in SVG and PDF.
    panels : bool, default False
        Draw evaluations, gradient error and loss as well: below the map, or at its right where
        the figure is wide.
    theme : {"light", "dark"}, default "light"
        The ground and the words. The map has the same colours in both.
    relief : bool, default False
        Draw the surface in three dimensions, as the experiment's camera sees it, in place of the
        map.
    font_size : float, optional
        Of words, in points; None is as large as fits the size.
    transparent : bool, default False
        Leave the ground around the map out, so that what lies under the picture shows; see
        :func:`ground_note`.

    Raises
    ------
    FigureOptionsError
        If a number is out of bounds, or the picture would be too large.
    """

    size: tuple[float, float] | None = None
    dpi: float = 150.0
    panels: bool = False
    theme: Theme = "light"
    relief: bool = False
    font_size: float | None = None
    transparent: bool = False

    def __post_init__(self) -> None:
        if self.font_size is not None and not MIN_POINTS <= self.font_size <= MAX_POINTS:
            raise FigureOptionsError(
                "font-size",
                f"must be between {MIN_POINTS:g} and {MAX_POINTS:g} points, not {self.font_size:g}",
            )
        if not MIN_DPI <= self.dpi <= MAX_DPI:
            raise FigureOptionsError(
                "dpi", f"must be between {MIN_DPI:g} and {MAX_DPI:g}, not {self.dpi:g}"
            )
        least = MIN_PANELS_INCHES if self.panels else MIN_INCHES
        for side in self.inches:
            if not least <= side <= MAX_INCHES:
                where = " with panels" if self.panels else ""
                raise FigureOptionsError(
                    "size",
                    f"a side must be between {least:g} and {MAX_INCHES:g} inches{where}, "
                    f"not {side:g}",
                )
        width, height = self.pixels
        if max(width, height) > MAX_SIDE_PX or width * height > MAX_PX:
            raise FigureOptionsError(
                "size",
                f"{self.inches[0]:g} by {self.inches[1]:g} inches at {self.dpi:g} dpi are "
                f"{width:,} by {height:,} pixels: at most {MAX_SIDE_PX:,} a side and "
                f"{MAX_PX // 1_000_000} million in all are possible",
            )

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height in inches."""
        return self.size or (PANELS_SIZE if self.panels else MAP_SIZE)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the PNG."""
        # Rounded down, as matplotlib's canvas does, but for what binary fractions lack.
        width, height = (math.floor(side * self.dpi + 1e-8) for side in self.inches)
        return width, height


#: The map alone, on white, at 150 dpi.
AS_USUAL = FigureOptions()


def written_size(options: FigureOptions, format: FileFormat) -> str:  # noqa: A002 - the word
    """Say how large a picture is, in the unit that its format has.

    Parameters
    ----------
    options : FigureOptions
        How it is written.
    format : {"png", "svg", "pdf", "eps", "pgf"}
        Pixels are a PNG's; PGF has inches, all others points of 1/72 inch.
    """
    if format == "png":
        width, height = options.pixels
        return f"{width:,} × {height:,} pixels"
    unit, name = (1.0, "inches") if format == "pgf" else (72.0, "points of 1/72 inch")
    across, up = (f"{round(unit * side, 2):,g}" for side in options.inches)
    return f"{across} × {up} {name}"


def ground_note(options: FigureOptions, format: FileFormat) -> str:  # noqa: A002 - the word
    """Say where a picture has a ground although it is to have none; else nothing.

    Parameters
    ----------
    options : FigureOptions
        How it is written.
    format : {"png", "svg", "pdf", "eps", "pgf"}
        EPS alone has no transparency.
    """
    if format == "eps" and options.transparent and options.relief:
        return (
            f"EPS has no transparency: the surface in 3-D stands on a {options.theme} rectangle. "
            "PDF and SVG leave it out."
        )
    return ""


def format_of(path: str | os.PathLike[str]) -> FileFormat:
    """Return the format that a file's ending asks for.

    Raises
    ------
    FigureOptionsError
        If it is none of :data:`FORMATS`, or PGF where there is no LaTeX.
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        *others, last = (f".{name}" for name in FORMATS)
        raise FigureOptionsError(
            "format",
            f"a picture's name must end in {', '.join(others)} or {last}, not {Path(path).name!r}",
        )
    if suffix == "pgf" and not tex_program():
        raise FigureOptionsError(
            "format",
            "LaTeX has to measure the words of a .pgf, and neither xelatex nor lualatex is "
            "installed here: install one (texlive-xetex), or choose .pdf, which LaTeX includes as "
            "well",
        )
    return suffix
