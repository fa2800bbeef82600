"""The ε sweep as a figure: gradient error against ε, a panel for each precision."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from gdviz.base.format import number, pair
from gdviz.engine.analysis.epsilon_sweep import Curve, Sweep
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.experiment.experiment import Experiment
from gdviz.export.log_axes import decades, set_log_axis
from gdviz.export.sheet import THIN, Sheet, frame_panel, say
from gdviz.scene.captions import subject, wrapped
from gdviz.scene.epsilon_sweep import best_cells, drawn_errors, remark, short_title, theory
from gdviz.scene.palette import ESTIMATE_COLORS

_TRUNCATION, _ROUND_OFF = (0, (5, 2.5)), (0, (1, 1.8))
#: Panels stand side by side where the figure is this many times as wide as high.
_WIDE = 0.8
#: The caption takes this part of the height at most; what is less needed goes.
_CAPTION = 0.27


def draw_sweep(sheet: Sheet, sweep: Sweep, experiment: Experiment) -> None:
    """Draw a sweep.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    sweep : Sweep
        What.
    experiment : Experiment
        Its function is named in the caption, and its ε marked.
    """
    arithmetics = list(dict.fromkeys(curve.arithmetic for curve in sweep.curves))
    columns = len(arithmetics) if sheet.aspect > _WIDE else 1
    panels = sheet.figure.subplots(
        -(-len(arithmetics) // columns), columns, sharex=True, sharey=True, squeeze=False
    )
    low, high = decades(drawn_errors(sweep), room=4.0)
    for axes, arithmetic in zip(panels.flat, arithmetics, strict=True):
        set_log_axis(axes, "x", sweep.epsilon[0], sweep.epsilon[-1])
        set_log_axis(axes, "y", low, high)
        frame_panel(axes, arithmetic)
        sheet.mark(axes, experiment.epsilon)
        curves = [curve for curve in sweep.curves if curve.arithmetic == arithmetic]
        _draw_curves(axes, sweep, curves, sheet.scale)
    for axes in panels[-1]:
        axes.set_xlabel("ε")
    for axes in panels[:, 0]:
        axes.set_ylabel("gradient error ‖ĝ − ∇f‖")
    sheet.add_legend(_handles(sheet, sweep, experiment))
    sheet.add_caption(_caption(sheet, sweep, experiment))


def _draw_curves(axes: Axes, sweep: Sweep, curves: Sequence[Curve], scale: float) -> None:
    low, high = axes.get_ylim()
    epsilon = sweep.epsilon
    for rank, curve in enumerate(curves):
        color = ESTIMATE_COLORS[curve.estimate]
        for asymptote, dashes in ((curve.truncation, _TRUNCATION), (curve.round_off, _ROUND_OFF)):
            # What lies beyond the frame is left out: viewers of vector files choke on 1e300.
            seen = np.where((asymptote > low / 100) & (asymptote < high * 100), asymptote, np.nan)
            axes.plot(epsilon, seen, color=color, linewidth=THIN * scale, linestyle=dashes)
        # A logarithmic axis has no zero; it lies on the lower edge.
        error = np.where(curve.error == 0.0, low, curve.error).clip(low / 100, high * 100)
        # What lies beneath an equal curve shows as its rim.
        wide = scale * (1.1 + 0.45 * min(len(curves) - 1 - rank, 3))
        axes.plot(epsilon, error, color=color, linewidth=wide, zorder=2.0 + 0.01 * rank)
        if curve.best is not None:
            axes.plot(
                epsilon[curve.best], curve.expected[curve.best].clip(low, high), "o", color=color,
                markersize=5.5 * scale, markeredgecolor=axes.get_facecolor(),
                markeredgewidth=scale, zorder=3, clip_on=False,
            )  # fmt: skip
    if not any(np.isfinite(curve.error).any() for curve in curves):
        say(axes, "no finite error")


def _handles(sheet: Sheet, sweep: Sweep, experiment: Experiment) -> list[Line2D]:
    estimates = dict.fromkeys(curve.estimate for curve in sweep.curves)
    lines = [sheet.sample(ESTIMATES[name].title, ESTIMATE_COLORS[name]) for name in estimates]
    thin = partial(sheet.sample, color=sheet.muted, width=THIN)
    lines += [thin("truncation", linestyle=_TRUNCATION), thin("round-off", linestyle=_ROUND_OFF)]
    if any(curve.best is not None for curve in sweep.curves):
        lines.append(thin("best ε", linestyle="", marker="o", markersize=4.5 * sheet.scale))
    return [*lines, thin(f"ε = {number(experiment.epsilon)}")]


def _caption(sheet: Sheet, sweep: Sweep, experiment: Experiment) -> list[str]:
    paragraphs = [f"{subject(experiment)}, at {pair(sweep.at, 6)}"]
    if said := remark(sweep):
        paragraphs.append(f"Note: {said}")
    needed = len(paragraphs)
    for arithmetic in dict.fromkeys(curve.arithmetic for curve in sweep.curves):
        bests = [
            _best(sweep, curve)
            for curve in sweep.curves
            if curve.arithmetic == arithmetic and curve.best is not None
        ]
        if bests:
            paragraphs.append(f"Best ε in {arithmetic}: {', '.join(bests)}")
    if formulas := theory(sweep):
        paragraphs.append(f"Theory: {formulas}")
    if any((curve.error == 0.0).any() for curve in sweep.curves):
        paragraphs.append("Errors of exactly 0 lie on the lower edge")
    lines: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        more = wrapped(paragraph, sheet.characters - 1)  # digits and capitals are wide
        if index < needed or len(lines) + len(more) <= _CAPTION * sheet.lines:
            lines += more
    return lines


def _best(sweep: Sweep, curve: Curve) -> str:
    epsilon, error, optimum = best_cells(sweep, curve)
    in_theory = f", theory {optimum}" if np.isfinite(curve.optimum) else ""
    return f"{short_title(curve.estimate)} {epsilon} (error {error}{in_theory})"
