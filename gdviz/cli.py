"""The command line: the window, and without it a picture, a table and the list of surfaces.

Nothing here imports Qt or matplotlib before it is needed: a table needs neither, a picture no
display.
"""

import json
import os
import re
import sys
from argparse import ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gdviz import __version__
from gdviz.arguments import Parser, UsageError, a_number, experiment_from, overrides
from gdviz.display import why_no_window
from gdviz.engine.surfaces import SURFACES, Surface
from gdviz.experiment import ExperimentError
from gdviz.export.options import FORMATS, FigureOptions, FigureOptionsError, format_of
from gdviz.export.table import to_csv, to_json
from gdviz.files import reason, write_file
from gdviz.scene import Scene, build_scene

#: What main() returns.
OK, REFUSED, INTERRUPTED = 0, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; None takes the process's.

    Returns
    -------
    int
        The exit code: 0, 2 if something was refused (then one sentence is on standard error and
        nothing was written), 130 after Ctrl-C.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    command = COMMANDS.get(words[0], _WINDOW) if words else _WINDOW
    try:
        return command.run(command.parser().read(words if command is _WINDOW else words[1:]))
    except (UsageError, ExperimentError) as error:
        # A word of the person's may hold line ends, or what a terminal takes for a command.
        sentence = "".join(
            c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(error)
        )
        sys.stderr.write(f"gdviz: {sentence}\n")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as done:  # --help and --version
        return int(done.code or OK)


# -- the window


def _window_parser() -> Parser:
    parser = Parser(
        prog="gdviz",
        usage="gdviz [EXPERIMENT.json] [options]\n" + "".join(
            f"       gdviz {name} {command.usage}\n" for name, command in COMMANDS.items()
        ),
        description="See gradient descent, what the gradient costs, and what an approximation of "
        "it does.\n\nWithout a command, open the window. The commands need no display:\n\n"
        + "\n".join(f"  {name:10}{command.about}" for name, command in COMMANDS.items()),
        formatter_class=RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"gdviz {__version__}")
    parser.add_experiment()
    return parser


def _open_window(arguments: Namespace) -> int:
    file: str | None = arguments.file
    changed = bool(overrides(arguments))
    experiment = experiment_from(arguments) if changed or file is not None else None
    if sentence := why_no_window():
        raise UsageError(sentence)
    try:
        from gdviz.ui.app import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("PySide6", "shiboken6"):
            raise
        raise UsageError(f"Qt, which draws the window, cannot be loaded: {error}") from error
    # With options on top it is no longer the file's experiment, which Save would overwrite.
    return run(experiment, None if changed or file is None else Path(file))


# -- render


def _render_parser() -> Parser:
    parser = _command_parser("render", "Draw a picture of an experiment, with no display.")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the picture: .png, .svg or .pdf (needed)"
    )
    parser.add_argument(
        "--size", metavar="WxH", type=_size, help="width and height in inches (default 8x6)"
    )
    parser.add_argument(
        "--dpi", metavar="N", type=a_number,
        help="pixels an inch; in .svg and .pdf, of the heat map alone (default 150)",
    )  # fmt: skip
    parser.add_argument(
        "--panels", action="store_true", help="draw evaluations, gradient error and loss as well"
    )
    parser.add_experiment()
    return parser


def _size(text: str) -> tuple[float, float]:
    width, times, height = re.sub("[×X]", "x", text).partition("x")
    if not times:
        raise ArgumentTypeError(f"{text[:40]!r} is not of the form WIDTHxHEIGHT, in inches")
    return a_number(width), a_number(height)


def _render(arguments: Namespace) -> int:
    given = vars(arguments)
    if "output" not in given:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"gdviz render needs -o FILE, a picture's name that ends in {endings}")
    path = Path(arguments.output)
    try:
        format_of(path)
        options = FigureOptions(
            **{name: given[name] for name in ("size", "dpi", "panels") if name in given}
        )
    except FigureOptionsError as error:
        option = {"format": "-o"}.get(error.field, f"--{error.field}")
        raise UsageError(f"{option}: {error.message}") from error
    _check_folder(path)
    experiment = experiment_from(arguments)
    from gdviz.export.figure import figure_bytes

    _write(path, figure_bytes(build_scene(experiment), format_of(path), options))
    return OK


# -- table

_TABLES = {".csv": to_csv, ".json": to_json}


def _table_parser() -> Parser:
    parser = _command_parser("table", "Write the paths as a table, a row a step a method.")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=".csv or .json (default: CSV on standard output)"
    )
    parser.add_experiment()
    return parser


def _table(arguments: Namespace) -> int:
    if "output" not in arguments:
        _write_out(to_csv(_paths(arguments)))
        return OK
    path = Path(arguments.output)
    to_text = _TABLES.get(path.suffix.lower())
    if to_text is None:
        endings = " or ".join(_TABLES)
        raise UsageError(f"-o: a table's name must end in {endings}, not {path.name!r}")
    _check_folder(path)
    _write(path, to_text(_paths(arguments)).encode())
    return OK


def _paths(arguments: Namespace) -> Scene:
    # A table shows nothing of the map: the coarsest will do.
    return build_scene(experiment_from(arguments), resolution=2)


# -- surfaces


def _surfaces_parser() -> Parser:
    parser = _command_parser("surfaces", "List the built-in surfaces.")
    parser.add_argument("--json", action="store_true", help="as JSON, with notes and all minima")
    return parser


def _surfaces(arguments: Namespace) -> int:
    if "json" in arguments:
        objects = [_surface_object(surface) for surface in SURFACES.values()]
        _write_out(json.dumps(objects, ensure_ascii=False, indent=2) + "\n")
        return OK
    rows: list[tuple[str, ...]] = [
        ("NAME", "RANGE OF A", "RANGE OF B", "CONSTANTS", "MINIMA", "FORMULA")
    ]
    rows += [_surface_row(surface) for surface in SURFACES.values()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    _write_out("\n".join(lines) + "\n")
    return OK


def _surface_object(surface: Surface) -> dict[str, object]:
    return {
        "name": surface.name,
        "title": surface.title,
        "formula": surface.formula,
        "constants": surface.defaults,
        "range": surface.home,
        "start": surface.start,
        "minima": [{"a": p.a, "b": p.b, "value": p.value} for p in surface.minima],
        "note": surface.note,
    }


def _surface_row(surface: Surface) -> tuple[str, ...]:
    """Return a surface's cells; the formula is last, for it may be long."""
    a_low, a_high, b_low, b_high = surface.home
    minima = "none" if surface.remark else "none listed"
    if surface.minima:
        lowest = surface.minima[0]
        count = f"{len(surface.minima)}, lowest " if len(surface.minima) > 1 else ""
        minima = f"{count}{lowest.value:.5g} at ({lowest.a:.4g}, {lowest.b:.4g})"
    return (
        surface.name,
        f"{a_low:g} to {a_high:g}",
        f"{b_low:g} to {b_high:g}",
        ", ".join(f"{name}={value:g}" for name, value in surface.defaults.items()) or "-",
        minima,
        surface.formula,
    )


# -- writing


def _check_folder(path: Path) -> None:
    """Refuse at once what would only fail after the work."""
    folder = path.parent
    if not folder.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {folder}")
    if path.is_dir():
        raise UsageError(f"{path} cannot be written: it is a folder")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{path} cannot be written: the folder does not permit it")


def _write(path: Path, data: bytes) -> None:
    try:
        write_file(path, data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {reason(error)}") from error


def _write_out(text: str) -> None:
    """Write to standard output, in UTF-8 on every system."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python flushes once more at its end, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a reader like head has enough, and that is all
            raise UsageError(f"standard output cannot be written: {reason(error)}") from error


# -- the commands


class Command(NamedTuple):
    """A command: what makes its parser, what runs it, and two lines of help."""

    parser: Callable[[], Parser]
    run: Callable[[Namespace], int]
    usage: str = ""
    about: str = ""


def _command_parser(name: str, description: str) -> Parser:
    prog = f"gdviz {name}"
    return Parser(prog=prog, usage=f"{prog} {COMMANDS[name].usage}", description=description)


_WINDOW = Command(_window_parser, _open_window)
#: The commands by the first word.
COMMANDS: Mapping[str, Command] = {
    "render": Command(
        _render_parser,
        _render,
        "[EXPERIMENT.json] [options] -o FILE.png|svg|pdf",
        "draw a picture",
    ),
    "table": Command(
        _table_parser,
        _table,
        "[EXPERIMENT.json] [options] [-o FILE.csv|json]",
        "write every step of every path",
    ),
    "surfaces": Command(_surfaces_parser, _surfaces, "[--json]", "list the built-in surfaces"),
}
