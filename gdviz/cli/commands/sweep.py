"""``gdviz sweep``: gradient error against ε."""

from argparse import Namespace
from functools import partial

from gdviz.base.format import pair
from gdviz.cli.arguments import UsageError
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet
from gdviz.cli.experiment_options import add_point
from gdviz.cli.terminal import say
from gdviz.cli.without_effect import A_PATH, OF_METHODS, OF_THE_MAP, Unused
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import sweep_csv
from gdviz.scene.epsilon_sweep import (
    best_sentence,
    left_out,
    remark,
    sweep_experiment,
    used_estimates,
)


def _run(arguments: Namespace, output: Output) -> None:
    experiment, runner = experiment_from(arguments)
    # What is asked for; else all, whatever methods the experiment has.
    asked = used_estimates(experiment) if "methods" in arguments else None
    if asked == ():
        offered = ", ".join(experiment.function.estimates_with_epsilon)
        why = left_out(experiment) or "no estimate of --method uses ε."
        raise UsageError(f"there is nothing to sweep: {why} These can be swept: {offered}")
    result = sweep_experiment(
        experiment, _asked_within(arguments, experiment, runner), experiment.start, estimates=asked
    )
    if result.is_empty:
        no_difference = f"f has no value beside {pair(experiment.start)} for a difference"
        raise UsageError(f"there is nothing to sweep: {result.sentence or no_difference}")

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.epsilon_sweep import draw_sweep

        draw_sweep(sheet, result, experiment)

    csv = partial(sweep_csv, result)
    output.write(csv, {"csv": csv}, draw)
    told = remark(result), left_out(experiment)
    for sentence in (*told, *(best_sentence(result, c) for c in result.curves)):
        if sentence:
            say(sentence)


def _asked_within(
    arguments: Namespace, experiment: Experiment, runner: CodeRunner | None
) -> Objective:
    """Return the objective; code is asked within the range that ``--range`` chooses alone.

    Raises
    ------
    UsageError
        If the point is not there.
    """
    objective = experiment.objective(runner)
    if not isinstance(objective, CodeObjective) or "range" not in arguments:
        return objective
    if not experiment.map_range.contains(*experiment.start):
        raise UsageError(f"there is nothing to sweep: {pair(experiment.start)} is off the range")
    return objective.within(experiment.map_range)


COMMAND = Command(
    name="sweep",
    usage="[FILE] [options] [--at A,B] [-o FILE.csv|png|svg|pdf|eps|pgf]",
    about="gradient error against ε",
    description="Sweep the difference step ε from 10⁻¹⁶ to 10 at a point, in float64 and float32, "
    "and measure the error of the estimates of --method, by default of all that use ε: truncation "
    "grows with ε, round-off as ε shrinks. The best ε of each, the error to expect there, and the "
    "best ε in theory are written to standard error. The experiment's own ε is marked in the "
    "picture.",
    work=_run,
    add_options=add_point,
    output=".csv, or a picture: .png, .svg, .pdf, .eps or .pgf (default: CSV on standard output)",
    endings=("csv", *FORMATS),
    unused=Unused(
        (*A_PATH, *OF_METHODS, *OF_THE_MAP), ("epsilon",), has_own_methods=True, is_at_a_point=True
    ),
)
