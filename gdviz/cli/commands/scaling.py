"""``gdviz scaling``: what a gradient costs in N, counted and timed."""

from argparse import Namespace

from gdviz.cli.arguments import Parser, UsageError, a_whole_number
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.picture import add_picture_options, picture_options, write_picture
from gdviz.cli.commands.writing import aligned, output_path, write, write_out
from gdviz.engine.analysis.logistic_problem import VARIANTS
from gdviz.engine.analysis.scaling import LARGEST, QUANTITIES, ScalingResult, powers, scale
from gdviz.export.options import FORMATS
from gdviz.export.tables.analyses import scaling_csv, scaling_json

_TEXTS = {".csv": scaling_csv, ".json": scaling_json}


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--max", metavar="N", type=a_whole_number,
        help=f"the largest number of parameters, from 1 to {LARGEST}; the powers of two up to it "
        f"are measured (default {LARGEST})",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="FILE",
        help=".csv, .json, or a picture: .png, .svg or .pdf (default: a table on standard output)",
    )  # fmt: skip
    add_picture_options(parser)


def _run(arguments: Namespace) -> None:
    path = output_path(arguments, "csv", "json", *FORMATS)
    options = picture_options(arguments)
    largest: int = getattr(arguments, "max", LARGEST)
    if not 1 <= largest <= LARGEST:
        raise UsageError(f"--max: must be between 1 and {LARGEST}, not {largest}")
    result = scale(powers(largest))
    if path is None:
        write_out(_table(result))
    elif to_text := _TEXTS.get(path.suffix.lower()):
        write(path, to_text(result).encode())
    else:
        from gdviz.export.figures.scaling import draw_scaling

        write_picture(path, lambda sheet: draw_scaling(sheet, result), options)


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
    add_options=_add_options,
    run=_run,
)
