"""``gdviz costs``: the three ledgers of an experiment's formula."""

from argparse import Namespace
from collections.abc import Mapping

from gdviz.base.format import number, pair
from gdviz.cli.arguments import Parser, UsageError
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet, aligned
from gdviz.cli.without_effect import A_PATH, OF_THE_MAP, Unused
from gdviz.engine.analysis.gradient_timing import seconds
from gdviz.engine.analysis.graph_values import graph_view
from gdviz.engine.analysis.operation_counts import KIND_SIGNS, LEDGERS, Cost, costs, reusable
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.experiment.experiment import Experiment
from gdviz.export.options import FORMATS
from gdviz.export.tables.text import json_text
from gdviz.scene.compared_costs import compared


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--json", action="store_true",
        help="as JSON: evaluations, passes and operations, by variant, by kind and total",
    )  # fmt: skip
    parser.add_argument(
        "--time", action="store_true", help="also measure how long a step takes at the start"
    )


def _run(arguments: Namespace, output: Output) -> None:
    if output.path is not None and {"json", "time"} & vars(arguments).keys():
        raise UsageError("-o writes a picture and cannot be combined with --json or --time")
    experiment, _ = experiment_from(arguments)
    if why := experiment.function.no_formula:
        code = experiment.function.code
        remedy = "so write the loss as --formula F in place of the file"
        if code is not None and code.slice is not None:
            remedy = f"and gdviz scaling {code.name} measures what a gradient of the network costs"
        raise UsageError(
            f"{why}: operations are counted of a formula, {remedy}; the calls that each path takes "
            "are in gdviz table"
        )
    objective = experiment.function.formula_objective()
    names, options = compared(experiment)

    def text() -> str:
        by_variant = costs(objective.formula, objective.rows, names, options)
        measured = (
            seconds(objective, *experiment.start, experiment.epsilon, names=names, options=options)
            if "time" in arguments
            else {}
        )
        if "json" in arguments:
            return json_text(_object(by_variant, measured))
        return _text(experiment, objective, by_variant, measured)

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.costs import draw_costs

        draw_costs(sheet, objective, experiment.function.plain_text, names, options)

    output.write(text, draw=draw)


def _object(
    by_variant: Mapping[str, Cost], measured: Mapping[str, float]
) -> dict[str, dict[str, object]]:
    """Return the ledgers as JSON has them: of the ways to take a gradient."""
    made: dict[str, dict[str, object]] = {
        ledger: {
            name: {**cost.ledger(ledger), "total": cost.total(ledger)}
            for name, cost in by_variant.items()
            if name != "value"
        }
        for ledger in LEDGERS
    }
    if measured:
        made["seconds"] = {name: value for name, value in measured.items() if name != "value"}
    return made


def _text(
    experiment: Experiment,
    objective: FormulaObjective,
    by_variant: Mapping[str, Cost],
    measured: Mapping[str, float],
) -> str:
    """Return the ledgers as a table, a column a variant, and what there is to say beside it."""
    rows = [("one step", *by_variant)]
    for ledger in LEDGERS:
        tallies = [cost.ledger(ledger) for cost in by_variant.values()]
        rows.append((ledger, *(f"{cost.total(ledger):.10g}" for cost in by_variant.values())))
        rows += [
            (f"  {KIND_SIGNS.get(kind, kind)}", *(f"{tally[kind]:.10g}" for tally in tallies))
            for kind in tallies[0]
            if any(tally[kind] for tally in tallies)
        ]
    if measured:
        rows.append(("time in µs", *(number(1e6 * value, 3) for value in measured.values())))
    reuse = " and ".join(
        f"{number(100 * share, 3)} % when {name} shifts"
        for name, share in reusable(objective.formula, objective.rows).items()
    )
    view = graph_view(objective, *experiment.start)
    lines = [
        "",
        f"Reusable share of f's operations: {reuse}.",
        f"f as a graph: v = {view.v} nodes, e = {view.e} edges.",
    ]
    if view.failure:
        lines.append(f"At the start {pair(experiment.start, 6)}: {view.failure}.")
    text = experiment.function.plain_text
    return f"f = {text}\n\n{aligned(rows, right=True)}" + "\n".join(lines) + "\n"


COMMAND = Command(
    name="costs",
    usage="[FILE] [options] [--json] [--time] [-o FILE.png|svg|pdf|eps|pgf]",
    about="count what a gradient costs, in three ledgers",
    description="Count what the gradient of one step costs: evaluations (a component of the "
    "analytic gradient is one, a value of f is one), passes over the computation graph (a value "
    "is one forward, a gradient one forward and one backward, a slope by a tangent one forward "
    "with the tangents beside it), and elementary operations by kind (shared subexpressions once). "
    "This is done for the analytic gradient with its value, and for forward and central "
    "differences, both plainly and reusing everything that does not depend on the shifted "
    "parameter; and for the other estimates among the methods.",
    work=_run,
    add_options=_add_options,
    output="a picture of the ledgers: .png, .svg, .pdf, .eps or .pgf",
    endings=FORMATS,
    unused=Unused((*A_PATH, "seed", "precision", "representable_step", "range", *OF_THE_MAP)),
)
