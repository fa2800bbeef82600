"""The α sweep as a figure: final loss against α, and above it how each path ended."""

import math
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from gdviz.base.format import capitalized, number, pair
from gdviz.engine.analysis.alpha_sweep import LARGEST, SMALLEST, RateSweep
from gdviz.experiment.experiment import Experiment, Method
from gdviz.export.log_axes import set_log_axis
from gdviz.export.sheet import THIN, Sheet, frame_panel
from gdviz.scene.alpha_sweep import LossAxis, left_out, loss_axis, swept_rows, swept_title
from gdviz.scene.captions import subject
from gdviz.scene.palette import path_color
from gdviz.scene.status_marks import STATUS_MARKS, StatusMark

#: A row of statuses in inches at scale 1, and the part of the height that all of them may take.
_ROW, _SHARE = 0.17, 0.3
#: The part of a row that is filled.
_FILLED = 0.72


def draw_rates(sheet: Sheet, sweep: RateSweep, experiment: Experiment) -> None:
    """Draw a sweep.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    sweep : RateSweep
        What; α ascending.
    experiment : Experiment
        What was swept; its learning rates are marked.
    """
    rows = swept_rows(experiment)
    share = min(len(rows) * _ROW * sheet.scale / sheet.inches[1], _SHARE)
    strip, panel = sheet.figure.subplots(2, 1, sharex=True, height_ratios=(share, 1 - share))
    _draw_strip(strip, sweep, experiment)
    axis = loss_axis(sweep)
    set_log_axis(panel, "x", SMALLEST, LARGEST)
    if axis.is_log:
        set_log_axis(panel, "y", axis.low, axis.high)
    else:
        panel.set_ylim(axis.low, axis.high)
    frame_panel(panel, "")
    panel.set_xlabel("α")
    panel.set_ylabel("f at the last point")
    sheet.mark(panel, experiment.alpha)
    if sweep.bound.alpha is not None:
        sheet.mark(panel, sweep.bound.alpha, linestyle="--")
    for rank, row in enumerate(rows):
        # What lies beneath an equal curve shows as its rim.
        width = sheet.scale * (1.1 + 0.9 * min(len(rows) - 1 - rank, 3))
        _draw_curve(panel, axis, sweep, rank, experiment.methods[row], row, width)
    sheet.add_legend(_handles(sheet, sweep, experiment))
    sheet.add_caption(_caption(sweep, experiment))


def _draw_strip(axes: Axes, sweep: RateSweep, experiment: Experiment) -> None:
    axes.set_axis_off()
    rows = swept_rows(experiment)
    axes.set_ylim(len(rows), 0.0)
    steps = np.sqrt(sweep.alpha[1:] * sweep.alpha[:-1])
    edges = np.concatenate([sweep.alpha[:1], steps, sweep.alpha[-1:]])
    for rank, (row, curve) in enumerate(zip(rows, sweep.curves, strict=True)):
        color = path_color(experiment.methods[row], row)
        for status in dict.fromkeys(curve.statuses):
            ended = np.array([other is status for other in curve.statuses])
            first = np.flatnonzero(ended & ~np.concatenate([[False], ended[:-1]]))
            last = np.flatnonzero(ended & ~np.concatenate([ended[1:], [False]]))
            axes.broken_barh(
                [(edges[i], edges[j + 1] - edges[i]) for i, j in zip(first, last, strict=True)],
                (rank + (1 - _FILLED) / 2, _FILLED),
                linewidth=THIN,
                **_filling(STATUS_MARKS[status], color),
            )


def _filling(mark: StatusMark, color: str) -> dict[str, Any]:
    """Return how matplotlib fills what a status covers."""
    if mark.hatch == "solid":
        return {"facecolor": color, "edgecolor": color}
    return {"facecolor": "none", "edgecolor": color, "hatch": mark.hatch * 2}


def _draw_curve(
    axes: Axes, axis: LossAxis, sweep: RateSweep, rank: int, method: Method, row: int, width: float
) -> None:
    color = path_color(method, row)
    loss = axis.place(sweep.curves[rank].loss)
    axes.plot(sweep.alpha, loss, color=color, linewidth=width, zorder=2.0 + 0.01 * rank)
    if method.alpha is not None and SMALLEST <= method.alpha <= LARGEST:
        heights = np.log(loss) if axis.is_log else loss
        height = float(np.interp(math.log(method.alpha), np.log(sweep.alpha), heights))
        axes.plot(
            method.alpha, math.exp(height) if axis.is_log else height, "D", color=color,
            markersize=3.0 + width, markeredgecolor=axes.get_facecolor(), zorder=3,
        )  # fmt: skip


def _handles(sheet: Sheet, sweep: RateSweep, experiment: Experiment) -> list[Artist]:
    methods = [(row, experiment.methods[row]) for row in swept_rows(experiment)]
    handles: list[Artist] = [
        sheet.sample(
            swept_title(method) + (f" (own α = {number(method.alpha)})" if method.alpha else ""),
            path_color(method, row),
            marker="" if method.alpha is None else "D", markersize=4.0 * sheet.scale,
        )
        for row, method in methods
    ]  # fmt: skip
    handles.append(sheet.sample(f"α = {number(experiment.alpha)}", sheet.muted, THIN))
    if sweep.bound.alpha is not None:
        limit = f"2/λₘₐₓ = {number(sweep.bound.alpha, 4)}"
        handles.append(sheet.sample(limit, sheet.muted, THIN, linestyle="--"))
    present = {status for curve in sweep.curves for status in curve.statuses}
    marks = dict.fromkeys(mark for status, mark in STATUS_MARKS.items() if status in present)
    handles += [
        Patch(label=mark.title, linewidth=THIN, **_filling(mark, sheet.muted)) for mark in marks
    ]
    return handles


def _caption(sweep: RateSweep, experiment: Experiment) -> list[str]:
    steps = f"{experiment.steps} step" + "s" * (experiment.steps != 1)
    return [
        f"{subject(experiment)}, {steps} from {pair(experiment.start, 6)}",
        capitalized(sweep.bound.sentence),
        left_out(experiment),
    ]
