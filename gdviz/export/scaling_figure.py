"""Cost in N as a figure: what is counted and what is timed, a panel each, with slopes."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter

from gdviz.engine.logistic import VARIANTS
from gdviz.engine.scaling import QUANTITIES, ScalingResult
from gdviz.export.log_axes import decades, set_log_axis
from gdviz.export.options import FigureOptions, Format
from gdviz.export.sheet import (
    add_caption,
    add_legend,
    characters,
    file_bytes,
    new_figure,
    scale_of,
)
from gdviz.palette import ESTIMATE_COLORS
from gdviz.words import number, wrapped

_DEFAULT = FigureOptions()
#: Numbers on the axis of N, at most.
_TICKS = 5


def scaling_bytes(
    result: ScalingResult,
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions = _DEFAULT,
) -> bytes:
    """Draw measurements in memory, in any thread.

    Parameters
    ----------
    result : ScalingResult
        What; at least one N.
    format : {"png", "svg", "pdf"}
        The format.
    options : FigureOptions, optional
        How.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(lambda: _compose(result, options), format, options)


def _compose(result: ScalingResult, options: FigureOptions) -> Figure:
    figure = new_figure(options)
    scale = scale_of(options)
    width, height = options.inches
    columns = 4 if width > 2.4 * height else 2 if width > 0.6 * height else 1
    panels = figure.subplots(len(QUANTITIES) // columns, columns, squeeze=False)
    for axes, quantity in zip(panels.flat, QUANTITIES, strict=True):
        _draw(axes, result, quantity, scale)
    for axes in panels[-1]:
        axes.set_xlabel("N parameters")
    add_legend(figure, [
        Line2D([], [], color=ESTIMATE_COLORS[variant.name], linewidth=1.6 * scale,
               label=variant.title)
        for variant in VARIANTS.values()
    ])  # fmt: skip
    lines = [line for text in _caption(result) for line in wrapped(text, characters(options))]
    add_caption(figure, "\n".join(lines), options)
    return figure


def _draw(axes: Axes, result: ScalingResult, quantity: str, scale: float) -> None:
    axes.set_title(QUANTITIES[quantity], pad=18 * scale)
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)
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
    if len(ns) > 1:  # the slopes, above the panel where they cover nothing
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(curves), frameon=False,
            fontsize="small", handlelength=0.9, handletextpad=0.35, columnspacing=1.0,
            borderaxespad=0.0, borderpad=0.1, numpoints=1,
        )  # fmt: skip


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
    slopes = "; above each panel the slopes on its log–log axes, of the largest N"
    return [
        f"Logistic regression: f(θ) = Σ log(1 + exp(−y·(x·θ))), {rows} of data"
        f"{slopes if largest > min(row.n for row in result.measurements) else ''}",
        f"Relative error of the gradients at N = {largest}: {', '.join(errors)}",
    ]
