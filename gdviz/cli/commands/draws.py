"""``gdviz draws``: random estimates drawn many times at a point, beside what theory says."""

from argparse import Namespace
from functools import partial

import numpy as np

from gdviz.base.format import number, pair
from gdviz.cli.arguments import Parser, UsageError, a_whole_number_between
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, aligned
from gdviz.cli.experiment_options import add_point
from gdviz.cli.without_effect import A_PATH, OF_THE_MAP, Unused
from gdviz.engine.analysis.estimate_spread import Spread, draw
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.method_settings import shown_settings
from gdviz.export.tables.text import Cell, csv_text
from gdviz.scene.captions import method_title

_DRAWS, _MOST = 10_000, 1_000_000
_COLUMNS = (
    "estimate", "draws", "bias", "standard_error", "standard_deviation",
    "standard_deviation_in_theory", "mean_square", "mean_square_in_theory",
)  # fmt: skip


def _add_options(parser: Parser) -> None:
    add_point(parser)
    parser.add_argument(
        "--draws", metavar="K", type=a_whole_number_between(2, _MOST),
        help=f"how often each is drawn, from 2 to {_MOST} (default {_DRAWS})",
    )  # fmt: skip


def _run(arguments: Namespace, output: Output) -> None:
    experiment, runner = experiment_from(arguments)
    count = vars(arguments).get("draws", _DRAWS)
    drawing = {
        row: settings
        for row, settings in shown_settings(experiment).items()
        if settings.estimate.is_random and settings.rule.uses_gradient
    }
    if not drawing:
        raise UsageError(
            "no method that is shown draws its gradients: choose one that does, such as "
            "--method spsa"
        )
    objective = experiment.objective(runner)
    found = {
        row: draw(objective, settings, experiment.start, 0, count)
        for row, settings in drawing.items()
    }
    for row, spread in found.items():
        if not np.isfinite(spread.estimates).all():
            title = method_title(experiment.methods[row])
            at = pair(experiment.start)
            raise UsageError(f"of {count:,} draws of {title} at {at} not all are numbers")
    csv = partial(_csv, experiment, found)
    output.write(partial(_table, experiment, found), {"csv": csv})


def _cells(spread: Spread) -> list[float]:
    return [
        spread.bias, spread.standard_error, spread.deviation, spread.deviation_in_theory,
        spread.mean_square, spread.mean_square_in_theory,
    ]  # fmt: skip


def _csv(experiment: Experiment, found: dict[int, Spread]) -> str:
    rows: list[list[Cell]] = [
        [experiment.methods[row].estimate, len(spread.estimates), *_cells(spread)]
        for row, spread in found.items()
    ]
    return csv_text(_COLUMNS, rows)


def _table(experiment: Experiment, found: dict[int, Spread]) -> str:
    rows = [["", "bias", "±", "deviation", "in theory", "E‖ĝ‖²/‖∇f‖²", "in theory"]]
    for row, spread in found.items():
        cells = (number(x, 4) if np.isfinite(x) else "–" for x in _cells(spread))
        rows.append([method_title(experiment.methods[row]), *cells])
    count = len(next(iter(found.values())).estimates)
    return (
        f"{count:,} draws each at {pair(experiment.start, 6)}, seed {experiment.seed}; theory is "
        f"as ε → 0.\n\n{aligned(rows, right=True)}"
    )


COMMAND = Command(
    name="draws",
    usage="[FILE] [options] [--at A,B] [--draws K] [-o FILE.csv]",
    about="bias and spread of random estimates at a point",
    description="Draw the gradient of each method that draws many times at a point: how far the "
    "mean is from ∇f, give or take what so many draws leave to chance; the root of the summed "
    "variances; and E‖ĝ‖² over ‖∇f‖², which is N + 2 along a normal direction, and N along random "
    "signs; each beside theory.",
    work=_run,
    add_options=_add_options,
    output=".csv (default: a table on standard output)",
    endings=("csv",),
    unused=Unused((*A_PATH, "rule_options", *OF_THE_MAP), is_at_a_point=True),
)
