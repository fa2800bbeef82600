"""The panels of a figure: evaluations, gradient error and loss, by step."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from gdviz.base.format import log_label
from gdviz.base.types import Array
from gdviz.engine.descent.path import Path
from gdviz.export.sheet import frame_panel, say
from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene

#: Losses, all positive, are drawn on a log scale where they span more than this factor.
_LOG_SPAN = 1e3
#: The part of an axis that is kept free at its ends, and for a note at its foot.
_MARGIN, _NOTE = 0.06, 0.2
_TICKS = 6  #: of a log axis, about
#: What is larger is drawn as this, lest an axis be longer than a float.
_HUGE = 1e300


def _draw_evaluations(axes: Axes, runs: Sequence[Run], scale: float) -> None:
    if not any(run.path.gradients_taken for run in runs):
        _say(axes, "no gradient was taken")
        return
    # Up to and with the gradient at each point, as in the table; none after the last of them.
    _draw_curves(axes, runs, lambda p: p.evaluations[: p.gradients_taken].cumsum(), scale)
    axes.set_ylim(bottom=0)


def _draw_error(axes: Axes, runs: Sequence[Run], scale: float) -> None:
    # A log scale has no zero. What is exact is named in place of being left out in silence.
    exact = [run for run in runs if _is_exact(run.path)]
    names = method_title(exact[0].method) if len(exact) == 1 else f"{len(exact)} methods"
    note = f"{names}: exactly 0" if exact else ""
    drawn = [run for run in runs if (_finite(run.path.error) > 0.0).any()]
    if not drawn:
        unknown = runs and all(np.isnan(run.path.exact_gradient).all() for run in runs)
        missing = "no exact gradient to compare with" if unknown else "no finite error"
        _say(axes, note or missing)
        return
    _draw_curves(axes, drawn, lambda path: path.error, scale, log=True, note=bool(note))
    axes.text(0.5, 0.03, note, transform=axes.transAxes, ha="center", size="small")


def _is_exact(path: Path) -> bool:
    taken = path.error[: path.gradients_taken]
    return bool(len(taken)) and not taken.any()


def _finite(values: Array) -> Array:
    finite: Array = values[np.isfinite(values)]
    return finite


def _draw_loss(axes: Axes, runs: Sequence[Run], scale: float) -> None:
    losses = _finite(np.concatenate([run.path.loss for run in runs]))
    if not len(losses):
        _say(axes, "no finite loss")
        return
    log = 0.0 < losses.min() < losses.max() / _LOG_SPAN
    _draw_curves(axes, runs, lambda path: path.loss, scale, log=bool(log))


#: The panels in order: title, and what draws it.
PANELS: Sequence[tuple[str, Callable[[Axes, Sequence[Run], float], None]]] = (
    ("Total evaluations", _draw_evaluations),
    ("Gradient error ‖ĝ − ∇f‖", _draw_error),
    ("Loss f", _draw_loss),
)


def draw_panels(panels: Sequence[Axes], scene: Scene, scale: float) -> None:
    """Draw the panels of a scene.

    Parameters
    ----------
    panels : sequence of Axes
        As many as :data:`PANELS`.
    scene : Scene
        What.
    scale : float
        Of lines and marks.
    """
    longest = max((run.path.updates for run in scene.runs), default=0) or 1
    for axes, (title, draw) in zip(panels, PANELS, strict=True):
        frame_panel(axes, title)
        axes.set_xlabel("step")
        # One width for all, so that a step stands at the same place in each.
        axes.set_xlim(-0.03 * longest, 1.03 * longest)
        axes.xaxis.set_major_locator(
            MaxNLocator(5, steps=(1, 2, 5, 10), integer=True, min_n_ticks=1)
        )
        if scene.runs:
            draw(axes, scene.runs, scale)
        else:
            _say(axes, "no method is shown")


def _say(axes: Axes, text: str) -> None:
    """Fill a panel in which there is nothing to draw."""
    axes.set(xticks=[], yticks=[])
    say(axes, text)


def _draw_curves(
    axes: Axes,
    runs: Sequence[Run],
    quantity: Callable[[Path], Array],
    scale: float,
    *,
    log: bool = False,
    note: bool = False,
) -> None:
    """Draw a quantity of each run by step, with gaps where it is no number or has no logarithm."""
    drawn = []
    for rank, run in enumerate(runs):
        values = np.array(quantity(run.path), float).clip(-_HUGE, _HUGE)
        if log:
            # The logarithm on a linear axis: matplotlib's own overflows near the largest floats,
            # and labels its ticks in mathtext.
            with np.errstate(all="ignore"):
                values = np.log10(values)
            values[~np.isfinite(values)] = np.nan
        drawn.append(_finite(values))
        axes.plot(
            values,
            color=path_color(run.method, run.index),
            # As on the map, what lies beneath an equal curve shows as its rim.
            linewidth=scale * (1.2 + 0.5 * min(len(runs) - 1 - rank, 3)),
            marker="o" if len(drawn[-1]) < 3 else "",
            markersize=3 * scale,
        )
    if log:
        _set_log_axis(axes, np.concatenate(drawn), _NOTE if note else _MARGIN)


def _set_log_axis(axes: Axes, exponents: Array, foot: float) -> None:
    """Label an axis of logarithms, at least a decade long so that a power of ten is on it."""
    low, high = float(exponents.min()), float(exponents.max())
    lacking = max(0.0, 1.0 - (high - low)) / 2
    length = (high - low + 2 * lacking) / (1.0 - foot - _MARGIN)
    low, high = low - lacking - foot * length, high + lacking + _MARGIN * length
    multiples = (1, 2, 5) if length < 2.0 else (1,)
    step = math.ceil(length / _TICKS)
    ticks = [
        decade + math.log10(multiple)
        for decade in range(math.floor(low), math.ceil(high) + 1)
        for multiple in multiples
        if decade % step == 0
    ]
    farthest = max(abs(low), abs(high))
    axes.set_yticks(ticks, labels=[log_label(tick, farthest) for tick in ticks])
    axes.set_ylim(low, high)
