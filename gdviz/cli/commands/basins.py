"""``gdviz basins``: which end each start on the map reaches."""

import io
import math
from argparse import Namespace
from dataclasses import astuple
from functools import partial

import numpy as np

from gdviz.base.format import number
from gdviz.cli.arguments import Parser, a_whole_number_between
from gdviz.cli.basins_options import first_pair, first_row
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet, aligned
from gdviz.cli.commands.progress import Progress
from gdviz.cli.terminal import say_notes
from gdviz.cli.without_effect import OF_THE_MAP, Unused
from gdviz.engine.analysis.basins import Basins, difference
from gdviz.experiment.experiment import Experiment
from gdviz.export.options import FORMATS
from gdviz.scene.basins import (
    FEWER,
    RESOLUTION,
    MethodBasins,
    basins_of,
    heading,
    outcome_title,
    place,
    resolution_of,
    rounded,
    share,
    unseen_kinks,
)
from gdviz.scene.captions import method_title, parameter_names, point_name, subject

_LEAST, _MOST = 8, 1024
#: An outcome in a NumPy array.
_END = [("kind", "U16"), ("a", "f8"), ("b", "f8"), ("loss", "f8"), ("cells", "i8"),
        ("arrived", "i8")]  # fmt: skip


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--grid", metavar="N", type=a_whole_number_between(_LEAST, _MOST), default=None,
        help=f"starts along each axis of the map, from {_LEAST} to {_MOST} (default {RESOLUTION}, "
        f"or {FEWER} for rules that search, whose paths are walked one at a time; of Python code "
        "no more than take a minute or two)",
    )  # fmt: skip
    parser.add_argument(
        "--difference", action="store_true",
        help="compare the first analytic method that is shown (or, without one, the first method) "
        "with the next one: the starts from which the two end differently",
    )  # fmt: skip


def _run(arguments: Namespace, output: Output) -> None:
    experiment, runner = experiment_from(arguments)
    objective = experiment.objective(runner)
    rows = first_pair(experiment) if "difference" in arguments else first_row(experiment)
    grid = arguments.grid or resolution_of(experiment, rows, objective)
    with Progress() as progress:
        results = [
            basins_of(experiment, row, grid, progress.part(k, len(rows)), objective)
            for k, row in enumerate(rows)
        ]

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.basins import draw_basins

        draw_basins(sheet, experiment, *map(MethodBasins, rows, results))

    made = experiment, rows, results
    output.write(partial(_table, *made), {"npz": partial(_arrays, *made)}, draw)
    ends = dict.fromkeys(
        (outcome_title(end), objective.remark_at(end.a, end.b))
        for basins in results for end in basins.outcomes if not math.isnan(end.a)
    )  # fmt: skip
    say_notes(f"{title}: {remark}" for title, remark in ends if remark)
    say_notes(filter(None, {unseen_kinks(objective, basins) for basins in results}))


def _table(experiment: Experiment, rows: tuple[int, ...], results: list[Basins]) -> str:
    """Return the ends of each method, and how many starts end somewhere else."""
    parts = [f"{subject(experiment)}\n"]
    for row, basins in zip(rows, results, strict=True):
        text = heading(experiment, row, len(basins.a))
        parts.append(
            f"{text}\n\n{aligned(_ends_table(basins, point_name(experiment)), right=True)}"
        )
    if len(results) == 2:
        different = difference(*results)
        parts.append(
            f"{method_title(experiment.methods[rows[1]])} ends somewhere other than "
            f"{method_title(experiment.methods[rows[0]])} from "
            f"{share(int(different.sum()), different.size)} of the starts.\n"
        )
    return "\n".join(parts)


def _ends_table(basins: Basins, name: str) -> list[tuple[str, ...]]:
    total = basins.label.size
    rows: list[tuple[str, ...]] = [("end", name, "f", "starts", "arrived", "steps, median")]
    for index, outcome in enumerate(basins.outcomes):
        somewhere = outcome.a == outcome.a  # nan for ends in many places
        rows.append(
            (
                outcome.name,
                place(outcome, 5) if somewhere else "",
                number(rounded(outcome.loss), 4) if somewhere else "",
                share(outcome.cells, total),
                share(outcome.arrived, total) if outcome.kind == "minimum" else "",
                number(float(np.median(basins.steps[basins.label == index])), 4),
            )
        )
    return rows


def _arrays(experiment: Experiment, rows: tuple[int, ...], results: list[Basins]) -> bytes:
    """Return NumPy's archive: methods, parameters, a, b, label, steps and ends.

    Of two methods it has the second's with ``other_`` before, and ``different``. For programs, a
    and b are called so whatever the person calls them, which is in ``parameters``.
    """
    first = results[0]
    names = [heading(experiment, row, len(first.a)) for row in rows]
    arrays = {
        "methods": np.array(names), "parameters": np.array(parameter_names(experiment)),
        "a": first.a, "b": first.b, **_arrays_of(first),
    }  # fmt: skip
    if len(results) == 2:
        other = {f"other_{name}": array for name, array in _arrays_of(results[1]).items()}
        arrays |= {**other, "different": difference(*results)}
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _arrays_of(basins: Basins) -> dict[str, np.ndarray]:
    ends = list(map(astuple, basins.outcomes))
    return {"label": basins.label, "steps": basins.steps, "ends": np.array(ends, dtype=_END)}


COMMAND = Command(
    name="basins",
    usage="[FILE] [options] [--grid N] [--difference] [-o FILE.png|svg|pdf|eps|pgf|npz]",
    about="which minimum, or other end, each start on the map reaches",
    description="Run the first method that is shown from every start of a grid over the map, and "
    "say which minimum each path reaches, or how else it ends. A minimum is a point where the "
    "Hessian is positive definite; a path that ran out of steps on its way has reached none. In "
    "the picture, the more steps a start takes, the darker it is.",
    work=_run,
    add_options=_add_options,
    output="a picture (.png, .svg, .pdf, .eps or .pgf), or NumPy arrays (.npz) (default: a table "
    "of the ends on standard output)",
    endings=(*FORMATS, "npz"),
    unused=Unused(("start", "more_starts", "samples"), OF_THE_MAP),
)
