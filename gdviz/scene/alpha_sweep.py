"""The α sweep of an experiment: which of its methods are swept, with what, and on which axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from gdviz.base.format import number
from gdviz.base.types import Array
from gdviz.engine.analysis.alpha_sweep import RateSweep, sweep_rates
from gdviz.engine.analysis.stability_bound import StabilityBound, stability_bound
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.method_settings import path_bounds, shown_settings
from gdviz.scene.captions import method_title

#: What such a path ends with may be any number, and would stretch the axis.
_LOST = frozenset({Status.DIVERGED, Status.NOT_A_NUMBER, Status.UNDEFINED})
#: What is negative by less than this part of the largest loss is a zero, rounded.
_ROUNDED = 1e-9


def swept_rows(experiment: Experiment) -> tuple[int, ...]:
    """Return the rows of the methods that are shown and have a learning rate, in order."""
    return tuple(row for row, s in shown_settings(experiment).items() if s.rule.uses_alpha)


def left_out(experiment: Experiment) -> str:
    """Say which rules of shown methods have no learning rate; empty where all have one."""
    rules = [s.rule.title for s in shown_settings(experiment).values() if not s.rule.uses_alpha]
    return f"α is not used by {', '.join(dict.fromkeys(rules))}" if rules else ""


def swept_title(method: Method) -> str:
    """Return what a swept method is called: its own α is no part of that."""
    return method_title(msgspec.structs.replace(method, alpha=None))


def with_own_alpha(experiment: Experiment) -> str:
    """Say which of the swept methods have an α of their own; empty where none has."""
    methods = (experiment.methods[row] for row in swept_rows(experiment))
    own = [f"{swept_title(m)} has its own, {number(m.alpha)}" for m in methods if m.alpha]
    return f"every method is run with every α: {', '.join(own)}" if own else ""


def about_losses(sweep: RateSweep) -> str:
    """Say with how many α the last f is beyond the losses around; empty where it never is."""
    beyond = [
        (curve, [k for k, remark in enumerate(curve.remarks) if remark]) for curve in sweep.curves
    ]
    parts = [f"{curve.label} with {len(found)} α" for curve, found in beyond if found]
    if not parts:
        return ""
    curve, found = next((curve, found) for curve, found in beyond if found)
    lowest = min(found, key=lambda k: curve.loss[k])
    return (
        f"at the end of {', '.join(parts)}: {curve.remarks[lowest]} "
        f"({curve.label} with α = {number(sweep.alpha[lowest], 3)})"
    )


def computed_from(
    experiment: Experiment, objective: Objective | None = None
) -> tuple[Objective, list[RunSettings], tuple[float, float]]:
    """Return what an α sweep depends on: sweeps of what is equal are equal."""
    shown = shown_settings(experiment).values()
    settings = [replace(settings, alpha=1.0) for settings in shown if settings.rule.uses_alpha]
    return objective or experiment.objective(), settings, experiment.start


def sweep_experiment(
    experiment: Experiment,
    objective: Objective | None = None,
    *,
    alpha: Sequence[float] | Array | None = None,
    progress: Callable[[RateSweep], None] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> RateSweep:
    """Run the experiment's methods with each learning rate.

    Parameters
    ----------
    experiment : Experiment
        What to run; its own learning rates play no part.
    objective : Objective, optional
        The experiment's: code that was opened has to be given.
    alpha, progress, cancelled
        As in :func:`gdviz.engine.analysis.alpha_sweep.sweep_rates`.

    Returns
    -------
    RateSweep
        A curve for each of :func:`swept_rows`, named as the experiment names its methods, and the
        bound on α.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    objective, settings, start = computed_from(experiment, objective)
    f, labels = objective.cancelled_by(cancelled), experiment.labels()
    methods = {labels[row]: s for row, s in zip(swept_rows(experiment), settings, strict=True)}
    result = sweep_rates(f, methods, start, alpha=alpha, progress=progress, cancelled=cancelled)
    return replace(result, bound=bound_of(experiment, f))


def bound_of(experiment: Experiment, objective: Objective | None = None) -> StabilityBound:
    """Return the bound on α at the minimum that small steps from the start lead to."""
    return stability_bound(
        objective or experiment.objective(),
        experiment.start,
        path_bounds(experiment),
        experiment.function.remark,
    )


@dataclass(frozen=True, slots=True)
class LossAxis:
    """The axis of the last points' losses.

    Attributes
    ----------
    is_log : bool
        Whether it is logarithmic: it is unless some loss is negative.
    low, high : float
        Its ends, between which every path that did not diverge finds room.
    """

    is_log: bool
    low: float
    high: float

    def place(self, loss: Array) -> Array:
        """Return losses as they are drawn: those beyond the axis on its edge, nan nowhere."""
        return np.clip(loss, self.low, self.high)


def loss_axis(sweep: RateSweep) -> LossAxis:
    """Return the axis on which a sweep's losses are drawn."""
    losses = np.array(
        [
            loss
            for curve in sweep.curves
            for loss, status in zip(curve.loss.tolist(), curve.statuses, strict=True)
            if status not in _LOST and np.isfinite(loss)
        ]
    )
    if not losses.size:
        return LossAxis(True, 0.1, 10.0)
    low, high = float(losses.min()), float(losses.max())
    if low < -_ROUNDED * max(high, -low):
        pad = 0.08 * (high - low) or 1.0
        return LossAxis(False, low - pad, high + pad)
    positive = losses[losses > 0.0]
    if not positive.size:
        return LossAxis(True, 0.1, 10.0)
    # A zero has no place on the axis: it lies on the lower edge, apart from what is positive.
    room = 2.0 if low > 0.0 else 30.0
    return LossAxis(True, float(positive.min()) / room, high * 2.0)
