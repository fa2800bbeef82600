"""Figures as PGF, which LaTeX includes and sets in its own fonts: drawn by matplotlib's writer."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_pgf import FigureCanvasPgf, LatexError, RendererPgf
from matplotlib.figure import Figure

from gdviz.base.files import files_in, write_file
from gdviz.export.options import FigureOptionsError
from gdviz.export.tex import TEX_PACKAGES, as_tex, tex_program

_HEAD = r"""% Made by gdviz with matplotlib. A document that has \input of this file needs
% \usepackage{pgf}, and for Greek letters xelatex or lualatex with, for example,
% \usepackage{fontspec} and \setsansfont{DejaVu Sans}.
"""
_BESIDE = "% It includes files that the document must find: "
#: What is behind an exception of the writer that is LaTeX's.
_TEX_FAILED = (LatexError, OSError)


class _Renderer(RendererPgf):
    """Writes text as it is: matplotlib hands all of it on as LaTeX's own."""

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False,
        mtext: Any = None,
    ) -> None:  # fmt: skip
        super().draw_text(gc, x, y, as_tex(s), prop, angle, ismath, mtext)

    def get_text_width_height_descent(
        self, s: str, prop: Any, ismath: Any
    ) -> tuple[float, float, float]:
        size: tuple[float, float, float] = super().get_text_width_height_descent(
            as_tex(s), prop, ismath
        )
        return size


class _Canvas(FigureCanvasPgf):
    """Lays a figure out by LaTeX's measures."""

    def get_renderer(self) -> RendererPgf:
        return _Renderer(self.figure, None)


def write_pgf(figure: Figure, draw: Callable[[], object], path: Path) -> list[str]:
    """Draw a figure and write it to a file, and its pictures of pixels beside that.

    Matplotlib's settings are then those of PGF: to be called where they are ours.

    Parameters
    ----------
    figure : Figure
        An empty one.
    draw : callable
        Draws it.
    path : Path
        The file.

    Returns
    -------
    list of str
        The names of the files beside it: the heat map, and the colour bar.

    Raises
    ------
    FigureOptionsError
        If LaTeX fails.
    OSError
        If a file cannot be written.
    """
    mpl.rcParams["pgf.texsystem"] = tex_program()
    # The document's font without serifs; one by its name would have to be installed.
    mpl.rcParams["font.family"] = "sans-serif"
    _Canvas(figure)
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", path.stem)  # any other LaTeX may not find
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder, f"{stem}.pgf")
        try:
            draw()
            _write(figure, drawn)
        except (LatexError, RuntimeError, ValueError) as error:
            if not isinstance(error, LatexError) and not isinstance(error.__cause__, _TEX_FAILED):
                raise
            program = mpl.rcParams["pgf.texsystem"]
            raise FigureOptionsError(
                "format",
                f"{program} does not set this picture's words, for which it needs its own fonts "
                "and the packages fontspec and underscore: install them "
                f"(texlive-latex-recommended and {TEX_PACKAGES[program]}), or choose .pdf, which "
                "LaTeX includes as well",
            ) from error
        images = {image.name: image.read_bytes() for image in files_in(folder, ".png")}
        for name, data in images.items():
            write_file(path.with_name(name), data)
        beside = f"{_BESIDE}{', '.join(sorted(images))}.\n" if images else ""
        write_file(path, f"{_HEAD}{beside}".encode() + drawn.read_bytes())
    return sorted(images)


def _write(figure: Figure, path: Path) -> None:
    width, height = figure.get_size_inches()
    with path.open("w", encoding="utf-8") as file:
        file.write("\\begingroup\n\\makeatletter\n\\begin{pgfpicture}%\n")
        file.write(
            f"\\pgfpathrectangle{{\\pgfpointorigin}}{{\\pgfqpoint{{{width:f}in}}{{{height:f}in}}}}%\n"
            "\\pgfusepath{use as bounding box, clip}%\n"
        )
        renderer = _Renderer(figure, file)
        mixed: Any = MixedModeRenderer(figure, width, height, figure.dpi, renderer)
        figure.draw(mixed)
        file.write("\\end{pgfpicture}%\n\\makeatother\n\\endgroup%\n")
