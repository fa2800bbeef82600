"""What ``gdviz scaling model.py`` says: what differences would cost on a person's own network."""

import math
from dataclasses import asdict
from pathlib import Path

from gdviz.base.format import duration, number
from gdviz.cli.arguments import UsageError
from gdviz.cli.commands.output import aligned
from gdviz.cli.commands.progress import Progress
from gdviz.cli.terminal import say_printed
from gdviz.engine.objectives.network.difference_costs import (
    WITHIN,
    DifferenceCosts,
    Differences,
)
from gdviz.export.tables.text import json_text
from gdviz.sampling.cost_process import measure_costs
from gdviz.sampling.subject import SamplingError

#: Below so many seconds a time is not said in whole ones, and a loss is mostly its call.
_SHORT, _CALL = 10.0, 1e-3
_UNITS = ((1.0, "s"), (1e-3, "ms"), (0.0, "µs"))


def measured(file: str, seed: int) -> DifferenceCosts:
    """Run a person's file in a process of its own, and return what was measured.

    Raises
    ------
    UsageError
        In one sentence, if it cannot be.
    """
    path = Path(file)
    if path.suffix.lower() != ".py":
        raise UsageError(f"gdviz scaling takes Python code (.py), not {file!r}")
    try:
        with Progress() as progress:
            found = measure_costs(path, seed, progress.tell)
    except SamplingError as error:
        say_printed(error.printed)
        raise UsageError(str(error)) from error
    say_printed(found.printed)
    return found.costs


def costs_json(costs: DifferenceCosts) -> str:
    """Return it as JSON, with the ratios to the gradient as measured and in theory."""
    rows = [
        asdict(row) | {"measured_ratio": costs.ratio(row), "theoretical_ratio": costs.theory(row)}
        for row in costs.differences
    ]
    return json_text(asdict(costs) | {"differences": rows})


def costs_text(costs: DifferenceCosts) -> str:
    """Return it in words, and the measured ratios beside those of theory."""
    many = "all" if costs.coordinates == costs.size else f"{costs.coordinates:,}"
    lines = [
        f"A network of N = {costs.size:,} parameters in {costs.precision}. One loss: "
        f"{_time(costs.loss_seconds)}.",
        _gradient(costs),
        *(_differences(costs, row) for row in costs.differences),
        "",
    ]
    if not costs.no_gradient:
        rows = [("times the gradient", "measured", "by operations")]
        rows += [
            (f"{row.name} differences", _count(costs.ratio(row)), _count(costs.theory(row)))
            for row in costs.differences
        ]
        lines += [
            aligned(rows, right=True),
            "By operations a loss takes O(v + e), a gradient by backpropagation 2·O(v + e), "
            "forward differences (N + 1)·O(v + e) and central ones 2N·O(v + e), where f's graph "
            "has v nodes and e edges.",
        ]
    lines.append(
        f"Extrapolated from {many} of {costs.size:,} coordinates, of which {costs.computed:,} "
        f"losses were computed: the times of differences are known to ± {_percent(costs.spread)} "
        "(standard error)."
    )
    if not costs.spread <= WITHIN:
        lines.append(
            "No more coordinates were drawn: there are at most so many, or a minute is over."
        )
    if costs.loss_seconds < _CALL:
        lines.append(
            "Of so short a loss or gradient much is what calling it takes, in Python and its "
            "library, not its operations: with larger data the ratios may be others."
        )
    return "\n".join(lines) + "\n"


def _gradient(costs: DifferenceCosts) -> str:
    if costs.no_gradient:
        return f"There is no gradient to compare with: {costs.no_gradient}."
    by = {"gradient(parameters)": "by gradient(parameters)"}.get(
        costs.gradient_by, f"by backpropagation, {costs.gradient_by}"
    )
    return (
        f"One gradient {by}: {_time(costs.gradient_seconds)}, as long as "
        f"{number(costs.gradient_seconds / costs.loss_seconds, 2)} losses."
    )


def _differences(costs: DifferenceCosts, row: Differences) -> str:
    said = [f"By {row.name} differences: {row.losses:,} losses, about {_time(row.seconds)}"]
    if not costs.no_gradient:
        said.append(f"{_count(costs.ratio(row))} times longer")
        said.append(
            "and nothing to tell how wrong, as the sampled components are zero or the differences "
            "are not finite"
            if math.isnan(row.error)
            else f"and {_percent(row.error)} wrong at the best ε = {number(row.epsilon)}"
        )
    return ", ".join(said) + "."


def _time(seconds: float) -> str:
    if seconds >= _SHORT:
        return duration(seconds)
    unit, name = next(row for row in _UNITS if seconds >= 0.995 * row[0])  # as it is rounded
    return f"{number(seconds / (unit or 1e-6), 2)} {name}"


def _count(ratio: float) -> str:
    """Return a ratio with three digits, and no power of ten."""
    if not 1.0 <= abs(ratio) < math.inf:
        return number(ratio, 3)
    places = 2 - math.floor(math.log10(abs(ratio)))
    return f"{round(ratio, places):,.{max(places, 0)}f}"


def _percent(part: float) -> str:
    return f"{number(100.0 * part, 2)} %"
