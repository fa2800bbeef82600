"""Pictures: the options that all commands have that draw one."""

import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gdviz.cli.arguments import Parser, UsageError, a_number
from gdviz.cli.commands.writing import write
from gdviz.export.options import FigureOptions, FigureOptionsError, format_of

if TYPE_CHECKING:
    from gdviz.export.sheet import Sheet


def add_picture_options(parser: Parser) -> None:
    """Add size and resolution."""
    parser.add_argument(
        "--size", metavar="WxH", type=_size,
        help="a picture's width and height in inches (default 8x6)",
    )  # fmt: skip
    parser.add_argument(
        "--dpi", metavar="N", type=a_number,
        help="a picture's pixels per inch; in .svg and .pdf, only the heat map's (default 150)",
    )  # fmt: skip


def picture_options(arguments: Namespace) -> FigureOptions:
    """Return what the options say.

    Raises
    ------
    UsageError
        If a number is out of bounds.
    """
    given = {k: v for k, v in vars(arguments).items() if k in ("size", "dpi", "panels")}
    try:
        return FigureOptions(**given)
    except FigureOptionsError as error:
        raise UsageError(f"--{error.field}: {error.message}") from error


def write_picture(path: Path, draw: "Callable[[Sheet], None]", options: FigureOptions) -> None:
    """Draw a figure and write it, in the format that the file's name ends in.

    Parameters
    ----------
    path : Path
        The file.
    draw : callable
        Draws the figure on an empty sheet.
    options : FigureOptions
        How.

    Raises
    ------
    UsageError
        If the file cannot be written; what was there before is still there.
    """
    from gdviz.export.sheet import file_bytes  # imports matplotlib, which takes its time

    write(path, file_bytes(draw, format_of(path), options))


def _size(text: str) -> tuple[float, float]:
    width, times, height = re.sub("[×X]", "x", text).partition("x")
    if not times:
        raise ArgumentTypeError(f"{text[:40]!r} is not of the form WIDTHxHEIGHT, in inches")
    return a_number(width), a_number(height)
