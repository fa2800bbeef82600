"""``gdviz scaling``: what a gradient costs in N, counted and timed."""

from argparse import Namespace
from functools import partial

from gdviz.cli.arguments import Parser, a_whole_number_between
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet, aligned
from gdviz.engine.analysis.logistic_problem import VARIANTS
from gdviz.engine.analysis.scaling import LARGEST, QUANTITIES, ScalingResult, powers, scale
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import scaling_csv, scaling_json


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--max", metavar="N", type=a_whole_number_between(1, LARGEST), default=LARGEST,
        help=f"the largest number of parameters, from 1 to {LARGEST}; the powers of two up to it "
        f"are measured (default {LARGEST})",
    )  # fmt: skip


def _run(arguments: Namespace, output: Output) -> None:
    result = scale(powers(arguments.max))

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.scaling import draw_scaling

        draw_scaling(sheet, result)

    files = {"csv": partial(scaling_csv, result), "json": partial(scaling_json, result)}
    output.write(partial(_table, result), files, draw)


def _table(result: ScalingResult) -> str:
    """Return what was measured, then the slopes, and what is compared with what."""
    rows = [("N", "gradient", *map(str.lower, QUANTITIES.values()), "relative error")]
    rows += [
        (
            str(row.n), VARIANTS[row.variant].title, str(row.evaluations), f"{row.passes:.4g}",
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
        "A pass visits all nodes and edges of f's graph: a value takes 1, a gradient 2.",
        "Relative errors: the analytic gradient against complex steps, the others against the "
        "analytic gradient.",
    ]
    return "\n".join(lines) + "\n"


COMMAND = Command(
    name="scaling",
    usage="[--max N] [-o FILE.csv|json|png|svg|pdf]",
    about="count and time gradients with up to thousands of parameters",
    description="Count and time the gradient of a logistic regression with N = 1, 2, 4 … "
    "parameters: the analytic one in one pass forward and one back, forward and central "
    "differences, and forward differences that keep the margins x·θ.",
    work=_run,
    add_options=_add_options,
    output=".csv, .json, or a picture: .png, .svg or .pdf (default: a table on standard output)",
    endings=("csv", "json", *FORMATS),
    on_experiment=False,
)
