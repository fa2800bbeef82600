"""``gdviz scaling``: what a gradient costs in N, counted and timed."""

import math
from argparse import Namespace
from collections.abc import Sequence
from functools import partial

from gdviz.cli.arguments import Parser, UsageError, a_number, a_whole_number_between
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.network_scaling import costs_json, costs_text, measured
from gdviz.cli.commands.output import Output, Sheet, aligned
from gdviz.cli.commands.progress import Progress
from gdviz.cli.network_options import LOSS_SEED, add_loss_seed
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.logistic.problem import ROWS
from gdviz.engine.analysis.reach.race import SAMPLES
from gdviz.engine.analysis.reach.reach import (
    COMPARED,
    LEFT_OUT,
    LOSS,
    MOST_ROWS,
    ReachResult,
    reach,
)
from gdviz.engine.analysis.scaling import LARGEST, QUANTITIES, ScalingResult, powers, scale
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import reach_csv, reach_json, scaling_csv, scaling_json
from gdviz.scene.reach_text import what_came_out

_MOST_SEED = 2**32 - 1


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "file", nargs="?", default=None, metavar="FILE",
        help="Python code with a network of your own (.py), which will be run",
    )  # fmt: skip
    parser.add_argument(
        "--max", metavar="N", type=a_whole_number_between(1, LARGEST),
        help=f"the largest number of parameters, from 1 to {LARGEST}; the powers of two up to it "
        f"are measured (default {LARGEST})",
    )  # fmt: skip

    parser.add_argument(
        "--reach", metavar="LOSS", type=a_number,
        help="find instead what gradient descent takes to reach a loss a row, from log 2 at θ = 0, "
        f"each way at its best α; {LOSS} can be reached for every N, in less than a minute",
    )  # fmt: skip
    parser.add_argument(
        "--rows", metavar="M", type=a_whole_number_between(8, MOST_ROWS),
        help=f"rows of the data for --reach, from 8 to {MOST_ROWS} (default {ROWS})",
    )  # fmt: skip

    parser.add_argument(
        "--json", action="store_true", help="print the table as JSON, with what it was made of",
    )  # fmt: skip
    parser.add_argument(
        "--seed", metavar="N", type=a_whole_number_between(0, _MOST_SEED),
        help="what the sampled coordinates of a network are drawn by (default 0)",
    )  # fmt: skip
    add_loss_seed(parser)


def _run(arguments: Namespace, output: Output) -> None:
    if output.path is not None and "json" in arguments:
        raise UsageError("-o writes a file and cannot be combined with --json")
    if vars(arguments)["file"] is not None:
        _own_network(arguments, output)
        return
    if "seed" in arguments:
        raise UsageError("--seed draws the coordinates of a network: gdviz scaling model.py …")
    if "loss_seed" in arguments:
        raise UsageError(f"{LOSS_SEED} needs a network of your own: gdviz scaling model.py …")
    sizes = powers(vars(arguments).get("max", LARGEST))
    if "reach" in arguments:
        rows = vars(arguments).get("rows", ROWS)
        _reach(sizes, arguments.reach, rows, "json" in arguments, output)
        return
    if "rows" in arguments:
        raise UsageError(
            f"--rows is of --reach: what one gradient costs is measured on {ROWS} rows"
        )
    with Progress() as progress:
        count = len(sizes) * len(VARIANTS)
        result = scale(
            sizes, progress=lambda so_far: progress.tell(len(so_far.measurements) / count)
        )

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.scaling import draw_scaling

        draw_scaling(sheet, result)

    files = {"csv": partial(scaling_csv, result), "json": partial(scaling_json, result)}
    output.write(files["json"] if "json" in arguments else partial(_table, result), files, draw)


def _own_network(arguments: Namespace, output: Output) -> None:
    """Say what differences would cost on a person's own network."""
    for name in ("max", "reach", "rows"):
        if name in arguments:
            raise UsageError(f"--{name} is of the logistic regression: leave out the file, or it")
    if output.path is not None and output.path.suffix.lower() != ".json":
        raise UsageError("-o: what is measured on a network of your own is written as .json only")
    given = vars(arguments)
    costs = measured(arguments.file, given.get("seed", 0), given.get("loss_seed"))
    as_json = partial(costs_json, costs)
    text = as_json if "json" in arguments else partial(costs_text, costs)
    output.write(text, {"json": as_json})


def _reach(sizes: Sequence[int], loss: float, rows: int, as_json: bool, output: Output) -> None:
    """Say what each way takes to reach a loss."""
    if not 0.0 < loss < math.log(2.0):
        raise UsageError(f"--reach: must be between 0 and log 2 = 0.693, not {loss:g}")
    count = len(sizes) * len(COMPARED)
    with Progress() as progress:
        found = reach(
            sizes, loss, rows=rows,
            progress=lambda so_far: progress.tell(len(so_far.found) / count),
        )  # fmt: skip

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.scaling import draw_reach

        draw_reach(sheet, found)

    files = {"csv": partial(reach_csv, found), "json": partial(reach_json, found)}
    output.write(files["json"] if as_json else partial(_reached, found), files, draw)


def _reached(result: ReachResult) -> str:
    """Return what each way took, how its steps grow, and what that comes to."""
    rows = [("N", "gradient", "best α", "steps", "evaluations", "passes over the graph", "seconds")]
    rows += [
        (
            str(row.n), VARIANTS[row.variant].title,
            *(("not reached", "", "", "", "") if math.isnan(row.steps) else (
                f"{row.alpha:.2g}", f"{row.steps:g}", f"{row.evaluations:.10g}",
                f"{row.passes:.10g}", f"{row.seconds:.2g}")),
        )
        for row in result.found
    ]  # fmt: skip
    lines = [
        f"Gradient descent on logistic regression, {result.rows} rows of data, from θ = 0 to a "
        f"loss of {result.loss:g} a row; of what is random, the middle one of {SAMPLES} paths.",
        "",
        aligned(rows, right=True),
        *what_came_out(result),
        LEFT_OUT,
    ]
    return "\n".join(lines) + "\n"


def _table(result: ScalingResult) -> str:
    """Return what was measured, then the slopes, and what is compared with what."""
    rows = [("N", "gradient", *map(str.lower, QUANTITIES.values()), "relative error")]
    rows += [
        (
            str(row.n), VARIANTS[row.variant].title, f"{row.evaluations:.10g}", f"{row.passes:.4g}",
            str(row.multiply_adds), f"{row.seconds:.3g}", f"{row.relative_error:.1e}",
        )
        for row in result.measurements
    ]  # fmt: skip
    lines = [
        f"Logistic regression with N parameters on {result.rows} rows of data.",
        "",
        aligned(rows, right=True),
    ]
    if len({row.n for row in result.measurements}) > 1:
        slopes = [("slope on log–log axes", *map(str.lower, QUANTITIES.values()))]
        slopes += [
            (variant.title, *(f"{result.slope(name, q) + 0.0:.2f}" for q in QUANTITIES))
            for name, variant in VARIANTS.items()
        ]
        lines.append(aligned(slopes, right=True))
    lines += [
        "A pass visits all nodes and edges of f's graph: a value takes 1, a gradient 2, a tangent "
        "beside its value 2.",
        "Relative errors: the analytic gradient against complex steps, the others against the "
        "analytic gradient.",
    ]
    return "\n".join(lines) + "\n"


COMMAND = Command(
    name="scaling",
    usage="[FILE.py [--seed N]] [--max N] [--reach LOSS [--rows M]] "
    "[--json | -o FILE.csv|json|png|svg|pdf|eps|pgf]",
    about="what gradients cost with many parameters, or on your own network",
    description="Count and time the gradient of a logistic regression with N = 1, 2, 4 … "
    "parameters: the analytic one in one pass forward and one back, forward and central "
    "differences, extrapolated ones (Richardson) and some whose ε is chosen at each point, forward "
    "differences that keep the margins x·θ, tangents carried forward for each parameter and along "
    "one random direction, SPSA, Gaussian smoothing, an evolution strategy, a random coordinate, "
    f"and a mini-batch. With --reach: what those take to a loss. {LEFT_OUT} Of a Python file "
    "with a network of your own, measure instead one loss, one gradient, and the differences of "
    "sampled coordinates, and say what differences would cost and how wrong they would be.",
    work=_run,
    add_options=_add_options,
    output=".csv, .json, or a picture: .png, .svg, .pdf, .eps or .pgf (default: a table on "
    "standard output)",
    endings=("csv", "json", *FORMATS),
    on_experiment=False,
)
