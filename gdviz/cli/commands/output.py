"""How commands write: files, whole or not at all, and standard output."""

import os
import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from gdviz.base.files import file_type, is_there, refusal, shown, write_file
from gdviz.cli.arguments import Parser, UsageError, a_number
from gdviz.cli.terminal import write_out
from gdviz.export.animation.formats import ANIMATION_FORMATS
from gdviz.export.options import AS_USUAL, FORMATS, FigureOptions, FigureOptionsError, format_of

if TYPE_CHECKING:
    from gdviz.export.sheet import Sheet as _Sheet

#: What figures are drawn on, for annotations: importing it would import matplotlib.
Sheet: TypeAlias = "_Sheet"


def add_output(
    parser: Parser, endings: Sequence[str], meaning: str, usual: FigureOptions = AS_USUAL
) -> None:
    """Add ``-o``, and where a picture is among what can be written, its size and resolution.

    Parameters
    ----------
    parser : Parser
        To which.
    endings : sequence of str
        What the file's name may end in, without the dot; none adds nothing.
    meaning : str
        The help for ``-o``.
    usual : FigureOptions, optional
        What a picture's size and resolution are if nobody says.
    """
    if endings:
        parser.add_argument("-o", "--output", metavar="FILE", help=meaning)
    if {*FORMATS, *ANIMATION_FORMATS} & {*endings}:
        width, height = usual.inches
        parser.add_argument(
            "--size", metavar="WxH", type=_size,
            help=f"a picture's width and height in inches (default {width:g}x{height:g})",
        )  # fmt: skip
        parser.add_argument(
            "--dpi", metavar="N", type=a_number,
            help="a picture's pixels per inch; in all but .png, only the heat map's, or the "
            f"surface's (default {usual.dpi:g})",
        )  # fmt: skip
    if {*FORMATS} & {*endings}:
        parser.add_argument(
            "--font-size", metavar="P", type=a_number,
            help="a picture's words in points (default: as fits its size)",
        )  # fmt: skip
        parser.add_argument(
            "--transparent", action="store_true",
            help="leave the ground of a picture out, so that what lies under it shows",
        )  # fmt: skip


def _size(text: str) -> tuple[float, float]:
    width, _, height = re.sub("[×X]", "x", text).partition("x")
    if not (width.strip() and height.strip()):
        raise ArgumentTypeError(
            f"{text[:40]!r} is not of the form WIDTHxHEIGHT, in inches, such as 8x6"
        )
    return a_number(width), a_number(height)


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command writes what it makes.

    Parameters
    ----------
    path : Path or None
        The file that ``-o`` names; None is standard output.
    options : FigureOptions
        How a picture is written.
    """

    path: Path | None
    options: FigureOptions

    @classmethod
    def of(
        cls, arguments: Namespace, endings: Sequence[str], usual: FigureOptions = AS_USUAL
    ) -> "Output":
        """Return what the arguments say, before the work.

        Parameters
        ----------
        arguments : Namespace
            With the file as ``output``, if there is one.
        endings : sequence of str
            What its name may end in, without the dot.
        usual : FigureOptions, optional
            What a picture's size and resolution are if nobody says.

        Raises
        ------
        UsageError
            If it ends in something else or cannot be written, or a picture's size is refused.
        """
        path = Path(arguments.output) if "output" in arguments else None
        if path is not None:
            if path.suffix.lower().removeprefix(".") not in endings:
                *others, last = (f".{ending}" for ending in endings)
                wanted = f"{', '.join(others)} or {last}" if others else last
                raise UsageError(f"-o: the file's name must end in {wanted}, not {str(path)!r}")
            if path.suffix.lower().removeprefix(".") in FORMATS:
                _check_format(path)
            _check_folder(path)
        known = ("size", "dpi", "panels", "relief", "font_size", "transparent")
        given = {name: value for name, value in vars(arguments).items() if name in known}
        try:
            return cls(path, replace(usual, **given))
        except FigureOptionsError as error:
            raise UsageError(f"--{error.field}: {error.message}") from error

    def write(
        self,
        text: Callable[[], str] = str,
        files: Mapping[str, Callable[[], str | bytes]] = MappingProxyType({}),
        draw: Callable[[Sheet], object] | None = None,
    ) -> None:
        """Write what the file's name asks for, whole or not at all.

        Parameters
        ----------
        text : callable
            Returns what goes to standard output where no file is named.
        files : mapping of str to callable, optional
            What returns a file's content, by the ending without the dot.
        draw : callable, optional
            Draws the figure on an empty sheet, for all other endings.

        Raises
        ------
        UsageError
            If that fails; what was there before is still there.
        """
        if self.path is None:
            write_out(text())
            return
        to_content = files.get(self.path.suffix.lower().removeprefix("."))
        content = "" if to_content is None else to_content()
        try:
            if to_content is not None:
                write_file(self.path, content.encode() if isinstance(content, str) else content)
            elif draw is not None:
                from gdviz.export.sheet import save_sheet  # imports matplotlib, which takes time

                save_sheet(draw, self.path, self.options)
        except OSError as error:
            raise UsageError(refusal(self.path, error, "written")) from error
        except FigureOptionsError as error:
            raise UsageError(f"-o: {error.message}") from error


def _check_format(path: Path) -> None:
    """Refuse at once a format that cannot be written here."""
    try:
        format_of(path)
    except FigureOptionsError as error:
        raise UsageError(f"-o: {error.message}") from error


def _check_folder(path: Path) -> None:
    """Refuse at once what would only fail after the work."""
    folder = path.parent
    try:
        there = is_there(path)
    except OSError as error:
        raise UsageError(refusal(path, error, "written")) from None
    why = ""
    if file_type(folder) != "folder":
        why = f"there is no folder {shown(folder)}"
    elif there and file_type(path) == "folder":
        why = "it is a folder"
    elif not os.access(folder, os.W_OK):
        why = "the folder is not writable"
    if why:
        raise UsageError(f"{shown(path)} cannot be written: {why}")


def aligned(rows: Sequence[Sequence[str]], right: bool = False) -> str:
    """Return rows of cells as lines of text, in columns two spaces apart.

    Parameters
    ----------
    rows : sequence of sequence of str
        As many cells in each row.
    right : bool, default False
        Set all columns but the first flush right, as numbers are.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if right and i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
