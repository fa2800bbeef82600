"""``gdviz rates``: final loss and status against α."""

from argparse import Namespace
from functools import partial

from gdviz.cli.arguments import UsageError
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet
from gdviz.cli.terminal import say
from gdviz.cli.without_effect import OF_THE_MAP, Unused
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import rates_csv
from gdviz.scene.alpha_sweep import (
    about_losses,
    left_out,
    sweep_experiment,
    swept_rows,
    with_own_alpha,
)


def _run(arguments: Namespace, output: Output) -> None:
    experiment, runner = experiment_from(arguments)
    without = left_out(experiment)
    if not swept_rows(experiment):
        raise UsageError(f"there is nothing to sweep: {without or 'no method is shown'}")
    result = sweep_experiment(experiment, experiment.objective(runner))

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.alpha_sweep import draw_rates

        draw_rates(sheet, result, experiment)

    csv = partial(rates_csv, result)
    output.write(csv, {"csv": csv}, draw)
    told = result.bound.sentence, without, with_own_alpha(experiment), about_losses(result)
    for sentence in filter(None, told):
        say(sentence)


COMMAND = Command(
    name="rates",
    usage="[FILE] [options] [-o FILE.csv|png|svg|pdf|eps|pgf]",
    about="final loss and status against α",
    description="Run each method with learning rates α from 10⁻⁶ to 10, and report how far it got "
    "within its steps and how it ended: too small an α does not arrive, too large a one diverges. "
    "2/λmax at the minimum that small steps from the start lead to, if they do, is written to "
    "standard error and marked in the picture: above it, gradient descent moves away.",
    work=_run,
    output=".csv, or a picture: .png, .svg, .pdf, .eps or .pgf (default: CSV on standard output)",
    endings=("csv", *FORMATS),
    unused=Unused(("more_starts", "samples", *OF_THE_MAP), ("alpha",)),
)
