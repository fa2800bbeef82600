"""The three ledgers as a figure: a panel each, a bar for each way to take a gradient."""

from collections.abc import Mapping

from matplotlib.axes import Axes

from gdviz.base.format import amount
from gdviz.engine.analysis.gradient_programs import USUAL, VARIANTS, Options
from gdviz.engine.analysis.operation_counts import KIND_SIGNS, LEDGERS, Cost, costs, reusable
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.export.sheet import Sheet, add_legend_above, frame_panel
from gdviz.export.style import DARK
from gdviz.scene.palette import PATH_COLORS

#: Kinds of one ledger that get a colour of their own; the rarest share a grey one.
_KINDS = len(PATH_COLORS) - 5
_REST = "#8a939c"


def draw_costs(
    sheet: Sheet,
    objective: FormulaObjective,
    text: str,
    names: tuple[str, ...] = USUAL,
    options: Options = (),
) -> None:
    """Draw the ledgers of one step.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    objective : FormulaObjective
        The function.
    text : str
        Its formula, for the caption.
    names, options
        Which variants, and with what options: as of
        :func:`~gdviz.engine.analysis.operation_counts.costs`.
    """
    by_variant = costs(objective.formula, objective.rows, names, options)
    wide = sheet.aspect > 1.0
    if wide:
        panels = sheet.figure.subplots(1, len(LEDGERS), sharey=True, width_ratios=(1, 1, 2))
    else:
        panels = sheet.figure.subplots(len(LEDGERS), 1)
    for axes, ledger in zip(panels, LEDGERS, strict=True):
        _draw_ledger(axes, ledger, by_variant, sheet.scale)
    for axes in panels[:1] if wide else panels:
        axes.set_yticks(range(len(by_variant)), [VARIANTS[name].title for name in by_variant])
        axes.set_ylim(len(by_variant) - 0.4, -0.6)  # the first on top
    share = reusable(objective.formula, objective.rows)
    sheet.add_caption((
        f"f = {text}",
        "One step's gradient at N = 2"
        + (f", on {objective.rows} rows of data" if objective.formula.over_data else "")
        + ". Of f's operations "
        + " and ".join(f"{100 * part:.3g} % are reused when {name} shifts"
                       for name, part in share.items()),
    ))  # fmt: skip


def _draw_ledger(axes: Axes, ledger: str, by_variant: Mapping[str, Cost], scale: float) -> None:
    frame_panel(axes, ledger.capitalize(), pad=18 * scale)
    axes.grid(visible=False, axis="y")
    tallies = [cost.ledger(ledger) for cost in by_variant.values()]
    kinds = [kind for kind in tallies[0] if any(tally[kind] for tally in tallies)]
    common = sorted(kinds, key=lambda kind: -max(tally[kind] for tally in tallies))[:_KINDS]
    totals = [cost.total(ledger) for cost in by_variant.values()]
    longest = max(*totals, 1)
    room = 0.03 * longest  # a digit's
    ends = [0.0] * len(tallies)
    for kind in kinds:
        named = kind in common
        widths = [tally[kind] for tally in tallies]
        bars = axes.barh(
            range(len(tallies)), widths, left=ends, height=0.62, edgecolor="none",
            color=PATH_COLORS[common.index(kind)] if named else _REST,
            label=KIND_SIGNS.get(kind, kind) if named else _rest_label(axes),
        )  # fmt: skip
        # A number where there is room for it, and where it is not the bar's own.
        inside = [
            amount(width) if room * len(amount(width)) < width < total else ""
            for width, total in zip(widths, totals, strict=True)
        ]
        axes.bar_label(bars, inside, label_type="center", color=DARK, fontsize="small")
        ends = [end + width for end, width in zip(ends, widths, strict=True)]
    for row, total in enumerate(totals):
        axes.annotate(
            amount(total),
            (total, row),
            xytext=(3 * scale, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_xlim(0, 1.15 * longest)
    if kinds:
        columns = 4 if ledger != "operations" else 8
        add_legend_above(axes, ncols=columns, handlelength=0.8, columnspacing=0.9, borderpad=0.2)


def _rest_label(axes: Axes) -> str:
    """Return the label of a rare kind: the first speaks for all; "_" keeps out of the legend."""
    return "_" if "others" in axes.get_legend_handles_labels()[1] else "others"
