"""The check of a gradient as a figure: a row of evidence for each component."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from gdviz.base.format import number, pair, sentence
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.engine.gradcheck.check import GradientCheck
from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest
from gdviz.engine.gradcheck.verdict import Verdict
from gdviz.experiment.experiment import Experiment
from gdviz.export.log_axes import decades, set_log_axis
from gdviz.export.sheet import Sheet, draw_grid, frame_map, frame_panel
from gdviz.export.style import HOLE
from gdviz.scene.captions import pretty, subject
from gdviz.scene.palette import ESTIMATE_COLORS

_YOURS, _TRUE = ESTIMATE_COLORS["yours"], ESTIMATE_COLORS["analytic"]
_DASHES, _DOTS = (0, (5, 2.5)), (0, (1, 1.8))
_COLORMAP = "inferno"  #: not that of a loss
#: Points, at scale 1: where the two are one, both are seen.
_BELOW, _ABOVE, _THIN = 3.2, 1.4, 0.9
#: How far the lines of slope 1 and 2 reach, and how far above the remainder they begin, in decades.
_GUIDE, _ROOM = 5.0, 0.4
_TICKS = 5


def draw_check(sheet: Sheet, check: GradientCheck, experiment: Experiment) -> None:
    """Draw a check.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    check : GradientCheck
        What.
    experiment : Experiment
        Its function is named in the caption.
    """
    panels = sheet.figure.subplots(2, 3, squeeze=False)
    for i, (row, verdict) in enumerate(zip(panels, check.verdicts, strict=True)):
        _draw_error(sheet, row[0], check, i)
        _draw_sweep(sheet, row[1], check.epsilon[i])
        _draw_taylor(sheet, row[2], check.taylor[i])
        name = {True: "right", False: "wrong", None: "undecided"}[verdict.right]
        row[0].set_title(f"{verdict.name}: {name}", fontweight="bold")
    handles = [
        sheet.sample("claimed", _YOURS, _ABOVE),
        sheet.sample("true", _TRUE, _BELOW),
        *(
            sheet.sample(text, sheet.muted, _THIN, linestyle=style)
            for text, style in (("rounding", _DOTS), ("slopes 1 and 2", _DASHES))
        ),
    ]
    if any(verdict.worst and verdict.right is False for verdict in check.verdicts):
        handles.append(_worst_mark(sheet, [], [], label="worst"))
    sheet.add_legend(handles)
    sheet.add_caption(_caption(check, experiment))


def _worst_mark(sheet: Sheet, a: list[float], b: list[float], label: str = "") -> Line2D:
    return Line2D(
        a, b, linestyle="", marker="X", color="#ffffff", markeredgecolor="#12161c",
        markersize=6.5 * sheet.scale, clip_on=False, label=label,
    )  # fmt: skip


def _draw_error(sheet: Sheet, axes: Axes, check: GradientCheck, component: int) -> None:
    """Draw |claimed − true| over the map, or say that it is rounding."""
    error, verdict = check.errors[component], check.verdicts[component]
    known = error[np.isfinite(error)]
    window = Range(check.a[0], check.a[-1], check.b[0], check.b[-1])
    in_a, in_b = map(pretty, check.candidate.objective.parameters)
    frame_map(axes, window, (in_a, in_b))
    wrong = verdict.right is False and not verdict.only_for
    if not (wrong and known.size and known.max() > 0.0):
        most = float(known.max()) if known.size else np.nan
        said = f"at most {number(most, 2)}:\nrounding" if most else "the same\neverywhere"
        said = said if known.size else "no points"
        axes.text(0.5, 0.5, said, transform=axes.transAxes, ha="center", va="center")
        return
    scale = ColorScale("log", 0.0, float(known.max()))
    axes.patch.set_facecolor(HOLE)
    image = draw_grid(
        axes, np.ma.masked_invalid(scale.place(error)).astype(np.float32), window,
        len(check.a), cmap=_COLORMAP, vmin=0.0, vmax=1.0, interpolation="nearest",
    )  # fmt: skip
    bar = sheet.figure.colorbar(image, ax=axes, pad=0.02, aspect=18)
    places, labels = zip(*scale.ticks(), strict=True)
    bar.set_ticks(places, labels=labels)
    bar.set_label("|claimed − true|")
    if verdict.worst is not None:
        axes.add_line(_worst_mark(sheet, [verdict.worst.a], [verdict.worst.b]))


def _draw_sweep(sheet: Sheet, axes: Axes, test: EpsilonTest) -> None:
    """Draw the distance of central differences from both, against ε."""
    frame_panel(axes, f"ε sweep, {pair(test.at, 3)}")
    set_log_axis(axes, "x", test.epsilon[0], test.epsilon[-1])
    set_log_axis(axes, "y", *decades(np.concatenate([test.claimed, test.true]), room=4.0))
    axes.set(xlabel="ε", ylabel="|central difference − ∂f|")
    axes.xaxis.set_major_locator(LogLocator(numticks=_TICKS))
    _draw_both(sheet, axes, test.epsilon, test.claimed, test.true)


def _draw_taylor(sheet: Sheet, axes: Axes, test: TaylorTest) -> None:
    """Draw the Taylor remainder with both, what rounding makes, and lines of slope 1 and 2."""
    frame_panel(axes, f"Taylor, {pair(test.at, 3)}")
    set_log_axis(axes, "x", test.t[0], test.t[-1])
    values = np.concatenate([test.claimed, test.true, test.floor])
    low, high = decades(values, room=10.0)
    set_log_axis(axes, "y", low, high)
    axes.set(xlabel="t", ylabel="|f(θ + t) − f(θ) − t·∂f|")
    thin = partial(axes.plot, color=sheet.muted, linewidth=_THIN * sheet.scale)
    thin(test.t, test.floor, linestyle=_DOTS)
    tops = np.fmax(test.claimed, test.true)
    known = np.flatnonzero(np.isfinite(tops) & (tops > 0.0))
    # Rounding alone has no slope that lines could be held against.
    if len(known) and np.isfinite([test.slope, test.true_slope]).any():
        x, y = np.log10(test.t[known[-1]]), np.log10(tops[known].max()) + _ROOM
        for slope in (1, 2):
            reach = min(_GUIDE, max(y - np.log10(low), 1.0) / slope)
            ends = np.array([[x - reach, x], [y - slope * reach, y]])
            thin(*10.0**ends, linestyle=_DASHES)
    axes.xaxis.set_major_locator(LogLocator(numticks=_TICKS))
    _draw_both(sheet, axes, test.t, test.claimed, test.true)


def _draw_both(sheet: Sheet, axes: Axes, x: Array, claimed: Array, true: Array) -> None:
    low, high = axes.get_ylim()
    for values, color, width in ((true, _TRUE, _BELOW), (claimed, _YOURS, _ABOVE)):
        # A logarithmic axis has no zero; it lies on the lower edge.
        seen = np.where(values == 0.0, low, values).clip(low / 100, high * 100)
        axes.plot(x, seen, color=color, linewidth=width * sheet.scale)


def _caption(check: GradientCheck, experiment: Experiment) -> list[str]:
    paragraphs = [subject(experiment)]
    for part, verdict in zip(check.candidate.parts, check.verdicts, strict=True):
        claimed = f"{verdict.name} = {pretty(part.formula.text)}, as claimed"
        paragraphs.append(f"{claimed}. {_said(verdict)}")
    return paragraphs


def _said(verdict: Verdict) -> str:
    remainder = verdict.remainder
    text = sentence(verdict.sentence)
    if remainder is not None and remainder.text:
        return f"{text} True − claimed = {pretty(remainder.text)}"
    return text
