"""What a gradient costs on a person's network, in words and as a table."""

import math

from gdviz.base.format import byte_size, number, short_time
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.network.difference_costs import WITHIN, DifferenceCosts, Differences
from gdviz.engine.objectives.network.network_costs import NetworkCosts, PeakMemory
from gdviz.engine.objectives.network.random_costs import DRAWS

#: What the columns of the table hold, its rows' names aside.
HEADINGS = ("losses", "time", "× ∇f", "in theory", "error", "in theory")
#: The same in a sentence each.
ABOUT = (
    "How many losses it takes; a forward gradient takes one pass with tangents beside the values",
    "Of one gradient or estimate: measured, but that of differences is extrapolated",
    "The time as a multiple of the gradient's, as measured",
    "The same multiple by operations: a loss takes O(v + e), a gradient 2·O(v + e)",
    "‖ĝ − g‖ / ‖g‖ as measured, of one draw where it is random",
    "The error by theory as ε → 0",
)
_THEORY = (
    "By operations a loss takes O(v + e), a gradient by backpropagation 2·O(v + e), forward "
    "differences (N + 1)·O(v + e) and central ones 2N·O(v + e), where f's graph has v nodes and e "
    "edges; a pass with tangents takes 2·O(v + e)."
)
#: Seconds below which a loss is mostly its call.
_CALL = 1e-3


def sentences(costs: NetworkCosts) -> list[str]:
    """Return the loss, the gradient, differences and the memory, a sentence or two each."""
    of = costs.differences
    return [
        f"A network of N = {of.size:,} parameters in {of.precision}. One loss: "
        f"{short_time(of.loss_seconds)}.",
        _gradient(of),
        *(_differences(of, row) for row in of.differences),
        _memory(costs.memory),
    ]


def remarks(costs: NetworkCosts) -> list[str]:
    """Return what the table means, and how well it is known."""
    of = costs.differences
    many = "all" if of.coordinates == of.size else f"{of.coordinates:,}"
    said = [_THEORY]
    if not of.no_gradient:
        draws = max((row.draws for row in costs.estimates), default=DRAWS)
        said.append(
            f"Of estimates along random directions the error is that of one draw: the root of the "
            f"mean square of {draws}. It grows with √N, which is what so few losses are paid with."
        )
    said += [
        f"{ESTIMATES[row.name].title}: not measured, {_bare(row.why_not)}."
        for row in costs.estimates
        if row.why_not
    ]
    said.append(
        f"Extrapolated from {many} of {of.size:,} coordinates, of which {of.computed:,} losses "
        f"were computed: the times of differences are known to ± {_percent(of.spread)} "
        "(standard error)."
    )
    if not of.spread <= WITHIN:
        said.append(
            "No more coordinates were drawn: there are at most so many, or a minute is over."
        )
    if of.loss_seconds < _CALL:
        said.append(
            "Of so short a loss or gradient much is what calling it takes, in Python and its "
            "library, not its operations: with larger data the ratios may be others."
        )
    return said


def table(costs: NetworkCosts) -> list[tuple[str, ...]]:
    """Return a row for each way to a gradient: its name, and what :data:`HEADINGS` say."""
    of = costs.differences
    by = of.gradient_seconds
    rows: list[tuple[str, ...]] = [_row("one loss", 1, of.loss_seconds, by, 0.5)]
    if not of.no_gradient:
        rows.append(_row("gradient", 0, by, by, 1.0))
    rows += [
        _row(f"{row.name} differences", row.losses, row.seconds, by, of.theory(row), row.error)
        for row in of.differences
    ]
    rows += [
        _row(
            ESTIMATES[row.name].title, row.losses, row.seconds, by, row.operations, row.error,
            row.theory,
        )
        for row in costs.estimates
        if not row.why_not
    ]  # fmt: skip
    return rows


def _row(
    name: str,
    losses: int,
    seconds: float,
    gradient: float,
    operations: float,
    error: float = math.nan,
    theory: float = math.nan,
) -> tuple[str, ...]:
    known = not math.isnan(gradient)
    return (
        name,
        f"{losses:,}" if losses else "",
        short_time(seconds),
        _count(seconds / gradient) if known and gradient else "",
        _count(operations) if known else "",
        "" if math.isnan(error) else number(error, 2),
        "" if math.isnan(theory) or not known else number(theory, 2),
    )


def _gradient(costs: DifferenceCosts) -> str:
    if costs.no_gradient:
        return f"There is no gradient to compare with: {_bare(costs.no_gradient)}."
    by = {"gradient(parameters)": "by gradient(parameters)"}.get(
        costs.gradient_by, f"by backpropagation, {costs.gradient_by}"
    )
    return (
        f"One gradient {by}: {short_time(costs.gradient_seconds)}, as long as "
        f"{number(costs.gradient_seconds / costs.loss_seconds, 2)} losses."
    )


def _differences(costs: DifferenceCosts, row: Differences) -> str:
    said = [f"By {row.name} differences: {row.losses:,} losses, about {short_time(row.seconds)}"]
    if not costs.no_gradient:
        said.append(f"{_count(costs.ratio(row))} times as long")
        said.append(
            "and nothing to tell how wrong, as the sampled components are zero or the differences "
            "are not finite"
            if math.isnan(row.error)
            else f"and {_percent(row.error)} wrong at the best ε = {number(row.epsilon)}"
        )
    return ", ".join(said) + "."


def _memory(memory: PeakMemory) -> str:
    """Return the most that is held at once, and how that was measured."""
    if memory.why_not:
        return f"The memory was not measured: {memory.why_not}."
    is_known = not math.isnan(memory.gradient)
    gradient = f"the gradient {byte_size(memory.gradient)}, " if is_known else ""
    return (
        f"Peak memory, above the {byte_size(memory.parameters)} of the parameters, the data and "
        f"all else: a loss {byte_size(memory.loss)}, {gradient}forward differences "
        f"{byte_size(memory.differences)}, which are a loss at a time and N slopes. It is "
        f"{memory.how}."
    )


def _bare(reason: str) -> str:
    """Return a reason, which may be a library's, without the full stop of its own."""
    return reason.removesuffix(".")


def _count(ratio: float) -> str:
    """Return a ratio with three digits, and no power of ten."""
    if not 1.0 <= abs(ratio) < math.inf:
        return number(ratio, 3)
    places = 2 - math.floor(math.log10(abs(ratio)))
    return f"{round(ratio, places):,.{max(places, 0)}f}"


def _percent(part: float) -> str:
    return f"{number(100.0 * part, 2)} %"
