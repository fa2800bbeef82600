"""The panels of a figure: evaluations, gradient error and loss, by step."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gdviz.base.format import log_label
from gdviz.base.types import Array
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.objective import Objective
from gdviz.export.sheet import frame_panel, say
from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.scene.step_cloud import deviation_along

#: Losses, all positive, are drawn on a log scale where they span more than this factor.
LOG_SPAN = 1e3
#: The part of an axis that is kept free at its ends, and for a note at its foot.
_MARGIN, _NOTE = 0.06, 0.2
_TICKS = 6  #: of a log axis, about
#: What is larger is drawn as this, lest an axis be longer than a float.
_HUGE = 1e300
#: Points of a curve below which they are marked: a line of one point is none.
_FEW = 3

#: A quantity of a run, a value a step.
_Quantity = Callable[[Run], Array]


@dataclass(frozen=True, eq=False)
class Curves:
    """A panel's curves, which show any scene of the same methods at any step.

    Attributes
    ----------
    lines : mapping of int to Line2D
        By the run's place among the scene's.
    quantity : callable
        What is drawn of a run.
    log : bool
        Whether its logarithm is drawn.
    """

    lines: dict[int, Line2D]
    quantity: _Quantity
    log: bool

    @property
    def artists(self) -> list[Line2D]:
        """What is drawn."""
        return list(self.lines.values())

    def show(self, scene: Scene, step: int | None) -> None:
        """Move to a scene; its curves are drawn up to a step, or whole where that is None."""
        for rank, line in self.lines.items():
            values = _drawn(self.quantity(scene.runs[rank]), self.log)
            values = values if step is None else values[: step + 1]
            line.set_data(np.arange(len(values)), values)
            line.set_marker(
                "o" if len(_finite(values)) < _FEW and line.get_linestyle() != "--" else ""
            )


@dataclass(frozen=True, eq=False)
class _Panel:
    """Where a panel is drawn, and of what.

    Attributes
    ----------
    axes : Axes
        Where.
    runs : sequence of Run
        Those that are drawn.
    others : sequence of sequence of Run
        Those of the other scenes that the axis has room for.
    scale : float
        Of lines and marks.
    objective : Objective
        What they descend on.
    """

    axes: Axes
    runs: Sequence[Run]
    others: Sequence[Sequence[Run]]
    scale: float
    objective: Objective

    @property
    def all(self) -> list[Run]:
        """The runs of all scenes."""
        return [run for runs in (self.runs, *self.others) for run in runs]


def _draw_evaluations(panel: _Panel) -> list[Curves]:
    if not any(run.path.gradients_taken for run in panel.all):
        _say(panel.axes, "no gradient was taken")
        return []
    # Up to and with the gradient at each point, as in the table; none after the last of them.
    curves = _draw_curves(
        panel, lambda run: run.path.evaluations[: run.path.gradients_taken].cumsum()
    )
    panel.axes.set_ylim(bottom=0)
    return [curves]


def _draw_error(panel: _Panel) -> list[Curves]:
    # A log scale has no zero. What is exact is named in place of being left out in silence.
    exact = [run for run in panel.runs if _is_exact(run.path)]
    names = method_title(exact[0].method) if len(exact) == 1 else f"{len(exact)} methods"
    note = f"{names}: exactly 0" if exact else ""
    drawn = [
        rank
        for rank, versions in enumerate(zip(panel.runs, *panel.others, strict=True))
        if any((_finite(run.path.error) > 0.0).any() for run in versions)
    ]
    if not drawn:
        runs = panel.runs
        unknown = runs and all(np.isnan(run.path.exact_gradient).all() for run in runs)
        missing = "no exact gradient to compare with" if unknown else "no finite error"
        _say(panel.axes, note or missing)
        return []
    curves = _draw_curves(panel, lambda run: run.path.error, drawn, log=True, note=bool(note))
    panel.axes.text(0.5, 0.03, note, transform=panel.axes.transAxes, ha="center", size="small")
    return [curves, _draw_expected(panel, drawn)]


def _draw_expected(panel: _Panel, ranks: Sequence[int]) -> Curves:
    """Draw in dashes the standard deviation in theory of the runs whose estimates draw."""

    def expected(run: Run) -> Array:
        along = deviation_along(panel.objective, run, relative=False)
        return np.empty(0) if along is None else along

    lines = {}
    for rank in ranks:
        run = panel.runs[rank]
        if run.settings.estimate.is_random:
            (lines[rank],) = panel.axes.plot(
                [], [], "--", color=path_color(run.method, run.index), linewidth=0.8 * panel.scale,
            )  # fmt: skip
    return Curves(lines, expected, log=True)


def _is_exact(path: Path) -> bool:
    taken = path.error[: path.gradients_taken]
    return bool(len(taken)) and not taken.any()


def _finite(values: Array) -> Array:
    finite: Array = values[np.isfinite(values)]
    return finite


def _draw_loss(panel: _Panel) -> list[Curves]:
    losses = _finite(np.concatenate([run.path.loss for run in panel.all]))
    if not len(losses):
        _say(panel.axes, "no finite loss")
        return []
    log = 0.0 < losses.min() < losses.max() / LOG_SPAN
    return [_draw_curves(panel, lambda run: run.path.loss, log=bool(log))]


#: The panels in order: title, and what draws it.
PANELS: Sequence[tuple[str, Callable[[_Panel], list[Curves]]]] = (
    ("Total evaluations", _draw_evaluations),
    ("Gradient error ‖ĝ − ∇f‖", _draw_error),
    ("Loss f", _draw_loss),
)


def draw_panels(
    panels: Sequence[Axes],
    scene: Scene,
    scale: float,
    step: int | None = None,
    others: Sequence[Scene] = (),
) -> list[Curves]:
    """Draw the panels of a scene.

    Parameters
    ----------
    panels : sequence of Axes
        As many as :data:`PANELS`.
    scene : Scene
        What.
    scale : float
        Of lines and marks.
    step : int, optional
        Up to which the curves are drawn, on the axes of the whole ones; None draws them whole.
    others : sequence of Scene, optional
        Scenes of the same methods that are shown later: the axes have room for them.

    Returns
    -------
    list of Curves
        Those of each panel in which something is drawn.
    """
    scenes = (scene, *others)
    longest = max((run.path.updates for each in scenes for run in each.runs), default=0) or 1
    found: list[Curves] = []
    for axes, (title, draw) in zip(panels, PANELS, strict=True):
        frame_panel(axes, title)
        axes.set_xlabel("step")
        # One width for all, so that a step stands at the same place in each.
        axes.set_xlim(-0.03 * longest, 1.03 * longest)
        axes.xaxis.set_major_locator(
            MaxNLocator(5, steps=(1, 2, 5, 10), integer=True, min_n_ticks=1)
        )
        if scene.runs:
            later = [each.runs for each in others]
            found += draw(_Panel(axes, scene.runs, later, scale, scene.objective))
        else:
            _say(axes, "no method is shown")
    for curves in found:
        curves.show(scene, step)
    return found


def _say(axes: Axes, text: str) -> None:
    """Fill a panel in which there is nothing to draw."""
    axes.set(xticks=[], yticks=[])
    say(axes, text)


def _draw_curves(
    panel: _Panel,
    quantity: _Quantity,
    ranks: Sequence[int] | None = None,
    *,
    log: bool = False,
    note: bool = False,
) -> Curves:
    """Draw a quantity of each run by step, or of some, on an axis with room for all scenes."""
    ranks = range(len(panel.runs)) if ranks is None else ranks
    lines = {}
    for k, rank in enumerate(ranks):
        run = panel.runs[rank]
        (lines[rank],) = panel.axes.plot(
            _drawn(quantity(run), log),
            color=path_color(run.method, run.index),
            # What lies beneath an equal curve shows as its rim. By their order, and not by what
            # lies on them as paths: they often cross, and a panel is too low for wide ones.
            linewidth=panel.scale * (1.2 + 0.5 * min(len(ranks) - 1 - k, 3)),
            markersize=3 * panel.scale,
        )
    ranges = [
        _finite(_drawn(quantity(runs[rank]), log))
        for runs in (panel.runs, *panel.others)
        for rank in ranks
    ]
    values = np.concatenate(ranges)
    if log:
        _set_log_axis(panel.axes, values, _NOTE if note else _MARGIN)
    elif len(values):
        panel.axes.update_datalim([(0.0, values.min()), (0.0, values.max())], updatex=False)
        panel.axes.autoscale_view(scalex=False)
    return Curves(lines, quantity, log)


def _drawn(values: Array, log: bool) -> Array:
    """Return values as they are drawn, with gaps where they are no number or have no logarithm."""
    drawn = np.array(values, float).clip(-_HUGE, _HUGE)
    if log:
        # The logarithm on a linear axis: matplotlib's own overflows near the largest floats,
        # and labels its ticks in mathtext.
        with np.errstate(all="ignore"):
            drawn = np.log10(drawn)
        drawn[~np.isfinite(drawn)] = np.nan
    return drawn


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
