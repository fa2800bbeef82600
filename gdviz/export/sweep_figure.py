"""The ε sweep as a figure: gradient error against ε, a panel for each precision."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gdviz.engine.epsilon_sweep import Curve, Sweep
from gdviz.engine.gradients import ESTIMATES
from gdviz.experiment import Experiment
from gdviz.export.log_axes import decades, set_log_axis
from gdviz.export.options import FigureOptions, Format
from gdviz.export.sheet import (
    add_caption,
    add_legend,
    characters,
    file_bytes,
    line_inches,
    new_figure,
    scale_of,
)
from gdviz.export.style import LOOKS
from gdviz.palette import ESTIMATE_COLORS
from gdviz.words import number, pair, subject, wrapped

_DEFAULT = FigureOptions()
_TRUNCATION, _ROUND_OFF = (0, (5, 2.5)), (0, (1, 1.8))
#: Panels stand side by side where the figure is this many times as wide as high.
_WIDE = 0.8
#: The caption takes this part of the height at most; what is less needed goes.
_CAPTION = 0.27


def sweep_bytes(
    sweep: Sweep,
    experiment: Experiment,
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions = _DEFAULT,
) -> bytes:
    """Draw a sweep in memory, in any thread.

    Parameters
    ----------
    sweep : Sweep
        What.
    experiment : Experiment
        Its function is named in the caption, and its ε marked.
    format : {"png", "svg", "pdf"}
        The format.
    options : FigureOptions, optional
        How.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(lambda: _compose(sweep, experiment, options), format, options)


def _compose(sweep: Sweep, experiment: Experiment, options: FigureOptions) -> Figure:
    figure = new_figure(options)
    scale, muted = scale_of(options), LOOKS[options.theme].muted
    precisions = list(dict.fromkeys(curve.precision for curve in sweep.curves))
    width, height = options.inches
    columns = len(precisions) if width > _WIDE * height else 1
    panels = figure.subplots(
        -(-len(precisions) // columns), columns, sharex=True, sharey=True, squeeze=False
    )
    low, high = _ends(sweep)
    for axes, precision in zip(panels.flat, precisions, strict=True):
        set_log_axis(axes, "x", sweep.epsilon[0], sweep.epsilon[-1])
        set_log_axis(axes, "y", low, high)
        axes.set_title(precision)
        axes.grid(visible=True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.axvline(experiment.epsilon, color=muted, linewidth=0.9 * scale, zorder=1.5)
        curves = [curve for curve in sweep.curves if curve.precision == precision]
        _draw_curves(axes, sweep, curves, scale)
    for axes in panels[-1]:
        axes.set_xlabel("ε")
    for axes in panels[:, 0]:
        axes.set_ylabel("gradient error ‖ĝ − ∇f‖")
    add_legend(figure, _handles(sweep, experiment, muted, scale))
    add_caption(figure, "\n".join(_caption(sweep, experiment, options)), options)
    return figure


def _ends(sweep: Sweep) -> tuple[float, float]:
    """Return the ends of the error's axis; what converges to nothing may leave it."""
    errors = [curve.error for curve in sweep.curves if not ESTIMATES[curve.estimate].only_on]
    return decades(np.concatenate(errors or [curve.error for curve in sweep.curves]), room=4.0)


def _draw_curves(axes: Axes, sweep: Sweep, curves: Sequence[Curve], scale: float) -> None:
    low, high = axes.get_ylim()
    epsilon = sweep.epsilon
    for rank, curve in enumerate(curves):
        color = ESTIMATE_COLORS[curve.estimate]
        for asymptote, dashes in ((curve.truncation, _TRUNCATION), (curve.round_off, _ROUND_OFF)):
            # What lies beyond the frame is left out: viewers of vector files choke on 1e300.
            seen = np.where((asymptote > low / 100) & (asymptote < high * 100), asymptote, np.nan)
            axes.plot(epsilon, seen, color=color, linewidth=0.9 * scale, linestyle=dashes)
        # A logarithmic axis has no zero; it lies on the lower edge.
        error = np.where(curve.error == 0.0, low, curve.error).clip(low / 100, high * 100)
        # What lies beneath an equal curve shows as its rim.
        wide = scale * (1.1 + 0.45 * min(len(curves) - 1 - rank, 3))
        axes.plot(epsilon, error, color=color, linewidth=wide, zorder=2.0 + 0.01 * rank)
        best = _best(sweep, curve)
        if best is not None:
            axes.plot(
                epsilon[best], error[best].clip(low, high), "o", color=color,
                markersize=5.5 * scale, markeredgecolor=axes.get_facecolor(),
                markeredgewidth=scale, zorder=3, clip_on=False,
            )  # fmt: skip
    if not any(np.isfinite(curve.error).any() for curve in curves):
        axes.text(
            0.5, 0.5, "no error that is a number", transform=axes.transAxes, ha="center",
            va="center", size="small",
        )  # fmt: skip


def _best(sweep: Sweep, curve: Curve) -> int | None:
    """Return the index of the best ε; what converges to nothing, or at a kink, has none."""
    return None if sweep.sentence or ESTIMATES[curve.estimate].only_on else curve.best


def _handles(sweep: Sweep, experiment: Experiment, muted: str, scale: float) -> list[Line2D]:
    estimates = dict.fromkeys(curve.estimate for curve in sweep.curves)
    lines = [
        Line2D([], [], color=ESTIMATE_COLORS[name], linewidth=1.6 * scale,
               label=ESTIMATES[name].title)
        for name in estimates
    ]  # fmt: skip
    thin: dict[str, Any] = {"color": muted, "linewidth": 0.9 * scale}
    asymptotes = [
        Line2D([], [], **thin, linestyle=_TRUNCATION, label="truncation"),
        Line2D([], [], **thin, linestyle=_ROUND_OFF, label="round-off"),
    ]
    best = Line2D(
        [], [], color=muted, linestyle="", marker="o", markersize=4.5 * scale, label="best ε"
    )
    current = Line2D([], [], **thin, label=f"ε = {number(experiment.epsilon)}")
    return [*lines, *asymptotes, *([] if sweep.sentence else [best]), current]


def _caption(sweep: Sweep, experiment: Experiment, options: FigureOptions) -> list[str]:
    paragraphs = [f"{subject(experiment)}, at {pair(sweep.at, 6)}"]
    if sweep.sentence:
        paragraphs.append(f"Note: {sweep.sentence}")
    needed = len(paragraphs)
    for precision in dict.fromkeys(curve.precision for curve in sweep.curves):
        bests = [
            f"{curve.estimate} {number(sweep.epsilon[best], 2)}"
            for curve in sweep.curves
            if curve.precision == precision and (best := _best(sweep, curve)) is not None
        ]
        if bests:
            paragraphs.append(f"Best ε in {precision}: {', '.join(bests)}")
    if any((curve.error == 0.0).any() for curve in sweep.curves):
        paragraphs.append("Errors of exactly 0 lie on the lower edge")
    room = _CAPTION * options.inches[1] / line_inches(options)
    lines: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        more = wrapped(paragraph, characters(options))
        if index < needed or len(lines) + len(more) <= room:
            lines += more
    return lines
