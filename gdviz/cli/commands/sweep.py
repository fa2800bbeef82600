"""``gdviz sweep``: gradient error against ε."""

import sys
from argparse import Namespace

from gdviz.cli.arguments import Parser, UsageError, add_point, at_point, experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.picture import add_picture_options, picture_options, write_picture
from gdviz.cli.commands.writing import output_path, write, write_out
from gdviz.engine.analysis.epsilon_sweep import Sweep, estimates_on, sweep_epsilon
from gdviz.experiment.model import Experiment
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import sweep_csv


def _add_options(parser: Parser) -> None:
    add_point(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE",
        help=".csv, or a picture: .png, .svg or .pdf (default: CSV on standard output)",
    )  # fmt: skip
    add_picture_options(parser)
    parser.add_experiment()


def _run(arguments: Namespace) -> None:
    path = output_path(arguments, "csv", *FORMATS)
    options = picture_options(arguments)
    experiment = at_point(experiment_from(arguments), arguments)
    result = _swept(experiment)
    if path is None:
        write_out(sweep_csv(result))
    elif path.suffix.lower() == ".csv":
        write(path, sweep_csv(result).encode())
    else:
        from gdviz.export.figures.epsilon_sweep import draw_sweep

        write_picture(path, lambda sheet: draw_sweep(sheet, result, experiment), options)
    if result.sentence:
        sys.stderr.write(f"gdviz: {result.sentence}\n")


def _swept(experiment: Experiment) -> Sweep:
    objective = experiment.objective()
    result = sweep_epsilon(
        objective,
        experiment.start,
        estimates=filter(experiment.offers, estimates_on(experiment.surface)),
        representable_step=experiment.representable_step,
    )
    if result.is_empty:
        raise UsageError(f"there is nothing to sweep: {result.sentence}")
    return result


COMMAND = Command(
    name="sweep",
    usage="[FILE] [options] [--at A,B] [-o FILE.csv|png|svg|pdf]",
    about="gradient error against ε",
    description="Sweep the difference step ε from 1e-16 to 10 at a point, in float64 and float32, "
    "and measure the error of every difference estimate: truncation grows with ε, round-off as ε "
    "shrinks. The experiment's own ε is marked in the picture.",
    add_options=_add_options,
    run=_run,
)
