"""``gdviz rates``: final loss and status against α."""

import sys
from argparse import Namespace

from gdviz.cli.arguments import Parser, UsageError, experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.picture import add_picture_options, picture_options, write_picture
from gdviz.cli.commands.writing import output_path, write, write_out
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import rates_csv
from gdviz.scene.alpha_sweep import left_out, sweep_experiment, swept_rows


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "-o", "--output", metavar="FILE",
        help=".csv, or a picture: .png, .svg or .pdf (default: CSV on standard output)",
    )  # fmt: skip
    add_picture_options(parser)
    parser.add_experiment()


def _run(arguments: Namespace) -> None:
    path = output_path(arguments, "csv", *FORMATS)
    options = picture_options(arguments)
    experiment = experiment_from(arguments)
    without = left_out(experiment)
    if not swept_rows(experiment):
        raise UsageError(f"there is nothing to sweep: {without or 'no method is shown'}")
    result = sweep_experiment(experiment)
    if path is None:
        write_out(rates_csv(result))
    elif path.suffix.lower() == ".csv":
        write(path, rates_csv(result).encode())
    else:
        from gdviz.export.figures.alpha_sweep import draw_rates

        write_picture(path, lambda sheet: draw_rates(sheet, result, experiment), options)
    for sentence in filter(None, (result.bound.sentence, without)):
        sys.stderr.write(f"gdviz: {sentence}\n")


COMMAND = Command(
    name="rates",
    usage="[FILE] [options] [-o FILE.csv|png|svg|pdf]",
    about="final loss and status against α",
    description="Run each method with learning rates α from 1e-6 to 10, and report how far it got "
    "within its steps and how it ended: too small an α does not arrive, too large a one diverges. "
    "2/λmax at the minimum that small steps from the start lead to, if they do, is written to "
    "standard error and marked in the picture: above it, gradient descent moves away.",
    add_options=_add_options,
    run=_run,
)
