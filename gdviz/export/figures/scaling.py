"""Cost in N as a figure: what is counted and what is timed, a panel each, with slopes."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from gdviz.base.format import number
from gdviz.base.types import Array
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.reach import reach as reaching
from gdviz.engine.analysis.reach.reach import LEFT_OUT
from gdviz.engine.analysis.scaling import QUANTITIES, ScalingResult
from gdviz.export.log_axes import decades, set_log_axis
from gdviz.export.sheet import Sheet, add_legend_above, frame_panel, say
from gdviz.scene.captions import wrapped
from gdviz.scene.palette import SCALING_COLORS
from gdviz.scene.reach_text import in_a_sentence, slope_text, what_came_out

#: Numbers on the axis of N, at most.
_TICKS = 5
#: The least height in inches at which a panel has its slopes above it, and how many in a line.
_ROOM, _SLOPES = 1.8, 5
#: The caption takes this part of the height at most; the first sentence is always there.
_CAPTION = 0.27


def draw_scaling(sheet: Sheet, result: ScalingResult) -> None:
    """Draw measurements.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    result : ScalingResult
        What; at least one N.
    """
    ns = result.curve("analytic", "evaluations")[0]
    _draw(sheet, result, QUANTITIES, tuple(VARIANTS), ns)
    _add_caption(sheet, _caption(result))


def draw_reach(sheet: Sheet, result: reaching.ReachResult) -> None:
    """Draw what it takes to reach a loss.

    Parameters
    ----------
    sheet : Sheet
        An empty one.
    result : ReachResult
        What; at least one N.
    """
    ns = np.array(list(dict.fromkeys(row.n for row in result.found)), np.float64)
    _draw(sheet, result, reaching.QUANTITIES, reaching.COMPARED, ns)
    about = (
        f"Gradient descent on logistic regression, {result.rows} rows of data, from θ = 0 to a "
        f"loss of {number(result.loss, 3)} a row, each way at its best α; above each panel: slopes "
        f"on its log–log axes up to N = {result.rows}; dashed: right on average"
    )
    said = (sentence.removesuffix(".") for sentence in (*what_came_out(result), LEFT_OUT))
    _add_caption(sheet, [about, *said])


def _add_caption(sheet: Sheet, paragraphs: Sequence[str]) -> None:
    """Write below what there is room for, a paragraph or nothing of it."""
    lines: list[str] = []
    for text in paragraphs:
        more = wrapped(text, sheet.characters)
        if not lines or len(lines) + len(more) <= _CAPTION * sheet.lines:
            lines += more
    sheet.add_caption(lines)


def _draw(
    sheet: Sheet,
    result: ScalingResult | reaching.ReachResult,
    quantities: Mapping[str, str],
    variants: Sequence[str],
    ns: Array,
) -> None:
    columns = 4 if sheet.aspect > 2.4 else 2 if sheet.aspect > 0.6 else 1
    panels = sheet.figure.subplots(len(quantities) // columns, columns, squeeze=False)
    lines = math.ceil(len(variants) / _SLOPES)
    has_slopes = sheet.figure.get_figheight() / len(panels) > _ROOM
    for axes, (quantity, title) in zip(panels.flat, quantities.items(), strict=True):
        pad = (14 * lines + 2 if has_slopes else 4) * sheet.scale
        frame_panel(axes, title, pad=pad)
        curves = {
            name: (*result.curve(name, quantity), _slope(result.slope(name, quantity)))
            for name in variants
        }
        _draw_panel(axes, curves, ns, sheet.scale, has_slopes)
    for axes in panels[-1]:
        axes.set_xlabel("N parameters")
    sheet.add_legend(
        [
            sheet.sample(VARIANTS[name].title, SCALING_COLORS[name], linestyle=_style(name))
            for name in variants
        ]
    )


def _draw_panel(
    axes: Axes,
    curves: Mapping[str, tuple[Array, Array, str]],
    ns: Array,
    scale: float,
    has_slopes: bool,
) -> None:
    costs = np.concatenate([cost for _, cost, _ in curves.values()])
    low, high = decades(costs, room=1.6)
    set_log_axis(axes, "x", ns.min() / 1.2, max(ns.max(), 2.0) * 1.2)
    set_log_axis(axes, "y", low, high)
    axes.xaxis.set_major_locator(FixedLocator(ns[:: math.ceil(len(ns) / _TICKS)].tolist()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:.0f}"))
    if not len(costs):
        say(axes, "not reached")
        return
    for rank, (name, (n, cost, slope)) in enumerate(curves.items()):
        axes.plot(
            n, cost, marker="o", linestyle=_style(name), color=SCALING_COLORS[name],
            markersize=2.6 * scale,
            linewidth=scale * (1.1 + 0.45 * min(len(curves) - 1 - rank, 3)), label=slope,
        )  # fmt: skip
    if has_slopes and len(ns) > 1:  # the slopes, above the panel where they cover nothing
        add_legend_above(
            axes,
            ncols=_SLOPES,
            handlelength=0.9,
            columnspacing=1.0,
            borderpad=0.1,
            numpoints=1,
        )


def _style(name: str) -> str:
    """Return how the line of a way is drawn: in dashes where it is right on average alone."""
    return "--" if VARIANTS[name].is_random else "-"


def _slope(slope: float) -> str:
    return "–" if math.isnan(slope) else slope_text(slope)


def _caption(result: ScalingResult) -> list[str]:
    largest = max(row.n for row in result.measurements)
    errors = [
        f"{in_a_sentence(row.variant)} {number(row.relative_error, 1)}"
        for row in result.measurements
        if row.n == largest
    ]
    rows = f"{result.rows} row" + "s" * (result.rows != 1)
    slopes = (
        "; above each panel: slopes on its log–log axes at the largest N; dashed: right on average"
    )
    return [
        f"Logistic regression: f(θ) = Σ log(1 + exp(−y·(x·θ))), {rows} of data"
        f"{slopes if largest > min(row.n for row in result.measurements) else ''}",
        f"Relative error of the gradients at N = {largest}: {', '.join(errors)}",
    ]
