"""``gdviz render``: a picture of an experiment."""

import re
from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from gdviz.arguments import Parser, UsageError, a_number, experiment_from
from gdviz.commands.command import Command
from gdviz.commands.writing import check_folder, write
from gdviz.export.options import FORMATS, FigureOptions, FigureOptionsError, format_of
from gdviz.scene import build_scene


def _add_options(parser: Parser) -> None:
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


def _size(text: str) -> tuple[float, float]:
    width, times, height = re.sub("[×X]", "x", text).partition("x")
    if not times:
        raise ArgumentTypeError(f"{text[:40]!r} is not of the form WIDTHxHEIGHT, in inches")
    return a_number(width), a_number(height)


def _run(arguments: Namespace) -> None:
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
    check_folder(path)
    experiment = experiment_from(arguments)
    from gdviz.export.figure import figure_bytes

    write(path, figure_bytes(build_scene(experiment), format_of(path), options))


COMMAND = Command(
    name="render",
    usage="[EXPERIMENT.json] [options] -o FILE.png|svg|pdf",
    about="draw a picture",
    description="Draw a picture of an experiment, with no display.",
    add_options=_add_options,
    run=_run,
)
