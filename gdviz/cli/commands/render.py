"""``gdviz render``: a picture of an experiment."""

from argparse import Namespace

from gdviz.cli.arguments import Parser, UsageError, experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.picture import add_picture_options, picture_options
from gdviz.cli.commands.writing import output_path, write
from gdviz.export.options import FORMATS, format_of
from gdviz.scene.scene import build_scene


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the picture: .png, .svg or .pdf (required)"
    )
    add_picture_options(parser)
    parser.add_argument(
        "--panels", action="store_true", help="draw evaluations, gradient error and loss as well"
    )
    parser.add_experiment()


def _run(arguments: Namespace) -> None:
    path = output_path(arguments, *FORMATS)
    if path is None:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"gdviz render needs -o FILE, with a name ending in {endings}")
    options = picture_options(arguments)
    experiment = experiment_from(arguments)
    from gdviz.export.figures.scene import figure_bytes

    write(path, figure_bytes(build_scene(experiment), format_of(path), options))


COMMAND = Command(
    name="render",
    usage="[FILE] [options] -o FILE.png|svg|pdf",
    about="draw a picture",
    description="Draw a picture of an experiment; no display is needed.",
    add_options=_add_options,
    run=_run,
)
