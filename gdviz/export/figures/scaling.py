"""Cost in N as a figure: what is counted and what is timed, a panel each, with slopes."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from gdviz.base.format import number
from gdviz.engine.analysis.logistic_problem import VARIANTS
from gdviz.engine.analysis.scaling import QUANTITIES, ScalingResult
from gdviz.export.log_axes import decades, set_log_axis
from gdviz.export.sheet import Sheet, add_legend_above, frame_panel
from gdviz.scene.palette import ESTIMATE_COLORS

#: Numbers on the axis of N, at most.
_TICKS = 5
#: The least height in inches at which a panel has its slopes above it.
_ROOM = 1.5


def draw_scaling(sheet: Sheet, result: ScalingResult) -> None:
    """Draw measurements.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    result : ScalingResult
        What; at least one N.
    """
    columns = 4 if sheet.aspect > 2.4 else 2 if sheet.aspect > 0.6 else 1
    panels = sheet.figure.subplots(len(QUANTITIES) // columns, columns, squeeze=False)
    has_slopes = sheet.figure.get_figheight() / len(panels) > _ROOM
    for axes, quantity in zip(panels.flat, QUANTITIES, strict=True):
        _draw_panel(axes, result, quantity, sheet.scale, has_slopes)
    for axes in panels[-1]:
        axes.set_xlabel("N parameters")
    sheet.add_legend(
        [sheet.sample(row.title, ESTIMATE_COLORS[name]) for name, row in VARIANTS.items()]
    )
    sheet.add_caption(_caption(result))


def _draw_panel(
    axes: Axes, result: ScalingResult, quantity: str, scale: float, has_slopes: bool
) -> None:
    pad = 30 * scale if has_slopes else 4 * scale  # above two rows of slopes
    frame_panel(axes, QUANTITIES[quantity], pad=pad)
    curves = {name: result.curve(name, quantity) for name in VARIANTS}
    ns = curves["analytic"][0]
    low, high = decades(np.concatenate([cost for _, cost in curves.values()]), room=1.6)
    set_log_axis(axes, "x", ns.min() / 1.2, max(ns.max(), 2.0) * 1.2)
    set_log_axis(axes, "y", low, high)
    axes.xaxis.set_major_locator(FixedLocator(ns[:: math.ceil(len(ns) / _TICKS)].tolist()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:.0f}"))
    for rank, (name, (n, cost)) in enumerate(curves.items()):
        axes.plot(
            n, cost, "o-", color=ESTIMATE_COLORS[name], markersize=2.6 * scale,
            linewidth=scale * (1.1 + 0.45 * (len(curves) - 1 - rank)),
            label=_slope(result.slope(name, quantity)),
        )  # fmt: skip
    if has_slopes and len(ns) > 1:  # the slopes, above the panel where they cover nothing
        add_legend_above(
            axes,
            ncols=min(len(curves), 4),
            handlelength=0.9,
            columnspacing=1.0,
            borderpad=0.1,
            numpoints=1,
        )


def _slope(slope: float) -> str:
    return f"{slope + 0.0:.2f}".replace("-", "−")


def _caption(result: ScalingResult) -> list[str]:
    largest = max(row.n for row in result.measurements)
    errors = [
        f"{VARIANTS[row.variant].title.lower()} {number(row.relative_error, 1)}"
        for row in result.measurements
        if row.n == largest
    ]
    rows = f"{result.rows} row" + "s" * (result.rows != 1)
    slopes = "; above each panel: slopes on its log–log axes at the largest N"
    return [
        f"Logistic regression: f(θ) = Σ log(1 + exp(−y·(x·θ))), {rows} of data"
        f"{slopes if largest > min(row.n for row in result.measurements) else ''}",
        f"Relative error of the gradients at N = {largest}: {', '.join(errors)}",
    ]
